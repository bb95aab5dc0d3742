"""A `corpus.toml`: the documents of a corpus, what they share, and what is none of them.

A document may have a `file` (its own words, in the corpus's folder), a `digest` (an account of it
in our words, there too), both, or neither: then it is listed, and read once it was fetched.
"""

import datetime
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Annotated, ClassVar, TypeVar

from pydantic import ConfigDict, Field, ValidationError

from ingest.errors import CorpusError
from ingest.model import Bearing, Edition, Kind, NotPart, Standing
from ingest.schema import schema
from ingest.sources.tomlfile import table

MANIFEST = "corpus.toml"

_T = TypeVar("_T")
_STRICT = ConfigDict(extra="forbid")
# So short that `-digest` can follow it.
_Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,72}$")]
_Words = Annotated[str, Field(min_length=1)]
_Address = Annotated[str, Field(pattern=r"^https?://\S+$")]
_Host = Annotated[str, Field(pattern=r"^[a-z0-9-]+(?:\.[a-z0-9-]+)+$")]
_Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One document of a manifest, as written there."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    id: _Slug | None = None
    file: _Words | None = None
    digest: _Words | None = None
    title: _Words | None = None
    author: _Words | None = None
    publisher: _Words | None = None
    date: datetime.date | None = None
    dated: _Words | None = None
    kind: Kind | None = None
    paper_number: _Words | None = None
    pages: Annotated[int, Field(ge=1)] | None = None
    edition: Edition | None = None
    url: _Address | None = None
    landing_page: _Address | None = None
    file_url: _Address | None = None
    sha256: _Sha256 | None = None
    licence: _Words | None = None
    attribution: _Words | None = None
    relation: Bearing | None = None
    standing: Standing | None = None
    note: _Words | None = None
    responds_to: _Slug | None = None
    inquiry: _Slug | None = None

    @property
    def name(self) -> str:
        """What an error calls it."""
        return self.id or self.file or self.title or "without a name"


@dataclass(frozen=True, slots=True, kw_only=True)
class _NotPart:
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    name: _Words
    words: Annotated[tuple[_Words, ...], Field(min_length=1)]
    why: _Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Everything that a manifest says outside its lists."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    name: _Words | None = None
    inquiry: _Slug | None = None
    content_note: _Words | None = None
    corrections: _Words | None = None
    hosts: tuple[_Host, ...] = ()
    only_listed: bool = False
    """Whether other files of the folder are left alone."""
    author: _Words | None = None
    publisher: _Words | None = None
    edition: Edition | None = None
    licence: _Words | None = None
    attribution: _Words | None = None
    digest_licence: _Words | None = None
    digest_attribution: _Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A manifest, validated; its files are not looked for yet."""

    path: Path
    shared: Shared
    entries: tuple[Entry, ...]
    not_part: tuple[NotPart, ...]


def manifest(path: Path) -> Manifest:
    """What the file says; raises CorpusError, which names file, document and field."""
    written = table(path)
    documents, others = (_tables(written, name, path) for name in ("document", "not_part"))
    return Manifest(
        path=path,
        shared=_parsed(written, Shared, str(path)),
        entries=tuple(_entry(path, number, each) for number, each in enumerate(documents, 1)),
        not_part=tuple(_excluded(path, number, each) for number, each in enumerate(others, 1)),
    )


def _tables(written: dict[str, object], name: str, path: Path) -> list[dict[str, object]]:
    """Takes one list of tables out of the table."""
    return _parsed(written.pop(name, []), list[dict[str, object]], f"{path}: {name}")


def _entry(path: Path, number: int, table: dict[str, object]) -> Entry:
    name = table.get("id") or table.get("file") or table.get("digest") or number
    place = f"{path}: document {name}"
    entry = _parsed(table, Entry, place)
    if not (entry.file or (entry.title and (entry.id or entry.paper_number))):
        raise CorpusError(
            f"{place}: file: a document without one has no id and title.",
            remedy="Give it both, or name its file.",
        )
    if entry.date and entry.dated:
        raise CorpusError(f"{place}: dated: it has a date.", remedy="Keep one of the two.")
    return entry


def _excluded(path: Path, number: int, table: dict[str, object]) -> NotPart:
    written = _parsed(table, _NotPart, f"{path}: not_part {table.get('name', number)}")
    return NotPart(name=written.name, words=written.words, why=written.why)


def _parsed(table: object, kind: type[_T], place: str) -> _T:
    try:
        return schema(kind).validate_python(table)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        known = fields(kind) if is_dataclass(kind) else ()
        raise CorpusError(
            f"{place}: {field}: {first['msg']}.",
            remedy=f"It may have: {', '.join(each.name for each in known)}."
            if known
            else "Mend the file.",
        ) from error
