"""Labelled sentences that the tagger learns from: invented, and never to be quoted as fact.

Each file of `corpora/findings` is one writer's, which is how agreement between writers, rather
than within one, can be asked for when something is chosen.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from ingest.errors import CorpusError
from ingest.findings.taxonomy import bundled_taxonomy
from ingest.model import Span, Stance, Voice

FOLDER = "findings"
_STRICT = ConfigDict(extra="forbid")


class Sort(StrEnum):
    """What an example is an example of."""

    PLAIN = "plain"
    """A theme stated directly."""
    IMPLICIT = "implicit"
    """A theme shown by its facts, without its usual words."""
    NEGATION = "negation"
    """A denial or clearance."""
    MULTI = "multi"
    """Several themes."""
    LEXICAL_TRAP = "lexical_trap"
    """A theme's words in another sense; no tag."""
    OUT_OF_DOMAIN = "out_of_domain"
    """Another inquiry's subject; no tag."""
    NEUTRAL = "neutral"
    """A report's ordinary prose; no tag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The words of an example that carry a tag; half-open."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    tag: str
    start: Annotated[int, Field(ge=0)]
    end: int

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One to three sentences with what is to be found in them."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    id: str
    text: Annotated[str, Field(min_length=1)]
    spans: tuple[Evidence, ...]
    """None where the text is evidence of nothing."""
    stance: Stance
    """Of the evidence; of the text where there is none."""
    voice: Voice
    kind: Sort
    writer: str = ""
    """The file that it came from."""

    @property
    def tags(self) -> frozenset[str]:
        return frozenset(evidence.tag for evidence in self.spans)


_example = TypeAdapter(Example)


@cache
def bundled_examples() -> tuple[Example, ...]:
    """Those that the project ships, writer by writer."""
    folder = files("corpora") / FOLDER
    found = tuple(each for file in _files(folder) for each in read(file))
    _refuse_doubles(found)
    return found


@cache
def examples_hash() -> str:
    """SHA-256 of their files, for stamps; it costs less than reading what is in them."""
    digest = sha256()
    for file in _files(files("corpora") / FOLDER):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def read(file: Traversable) -> Iterator[Example]:
    """The examples in a file of JSON Lines; raises CorpusError naming the line at fault."""
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        place = f"{FOLDER}/{file.name}, line {number}"
        example = replace(_parsed(line, place=place), writer=file.name.removesuffix(".jsonl"))
        _check(example, place=place)
        yield example


def _files(folder: Traversable) -> Sequence[Traversable]:
    return sorted(
        (file for file in folder.iterdir() if file.name.endswith(".jsonl")), key=lambda f: f.name
    )


def _parsed(line: str, *, place: str) -> Example:
    try:
        return _example.validate_python(json.loads(line))
    except json.JSONDecodeError as error:
        raise _wrong(place, f"not JSON: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise _wrong(place, f"{field}: {first['msg']}, got {first['input']!r:.80}") from error


def _check(example: Example, *, place: str) -> None:
    known = {tag.id for tag in bundled_taxonomy().tags}
    for evidence in example.spans:
        if evidence.tag not in known:
            raise _wrong(place, f"{evidence.tag!r} is no tag of the taxonomy")
        if not evidence.start < evidence.end <= len(example.text):
            raise _wrong(
                place,
                f"{evidence.start} to {evidence.end} is no part of the {len(example.text)} "
                "characters of the text",
            )


def _refuse_doubles(found: Sequence[Example]) -> None:
    for what, names in (
        ("id", [example.id for example in found]),
        ("text", [" ".join(example.text.lower().split()) for example in found]),
    ):
        (name, count), *_ = Counter(names).most_common(1) or [("", 1)]
        if count > 1:
            raise CorpusError(
                f"{FOLDER}: {count} examples have the {what} {name!r:.80}.",
                remedy="Keep one of them.",
            )


def _wrong(place: str, problem: str) -> CorpusError:
    return CorpusError(
        f"{place}: {problem}.",
        remedy="Correct that line; ingest/findings/examples.py says what is in one.",
    )
