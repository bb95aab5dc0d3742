"""`glossary.toml` beside a manifest: what things are called, and what else they are called."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from ingest.errors import CorpusError
from ingest.model import Term
from ingest.sources.tomlfile import entries

GLOSSARY = "glossary.toml"

_Words = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Term:
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    name: _Words
    kind: Literal["unit", "body", "term", "case"]
    same: tuple[_Words, ...]
    note: _Words | None = None


def glossary(folder: Path) -> tuple[Term, ...]:
    """The terms, in the order written; none where there is no file.

    Raises CorpusError for a fault, and for a name that two terms claim.
    """
    path = folder / GLOSSARY
    terms = tuple(
        Term(name=each.name, kind=each.kind, same=each.same, note=each.note)
        for each in entries(path, "term", _Term)
    )
    owners: dict[str, str] = {}
    for term in terms:
        for form in (term.name, *term.same):
            if form.casefold() in owners:
                raise CorpusError(
                    f"{path}: {form!r} is said of {owners[form.casefold()]!r} and {term.name!r}.",
                    remedy="A name can lead to one term only: take it out of the other.",
                )
            owners[form.casefold()] = term.name
    return terms
