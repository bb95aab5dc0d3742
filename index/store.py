"""Where vectors are kept and asked: what an engine must do, whichever it is.

A point is numbered by its row in the generation's array of vectors. The payload is small: what
is filtered on, and enough to find and check the words, which themselves stay with the document.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.embedder import Vector
from index.lexical import SparseVector
from ingest.model import Document, Finding, Passage

DENSE = "dense"
LEXICAL = "lexical"
"""Names of the two vectors of a point, and of the two lanes of a search."""

_T = TypeVar("_T")
Scalar = str | int
Payload = dict[str, Scalar | Sequence[Scalar] | Sequence[Mapping[str, str]]]


class Field(StrEnum):
    """What can be counted by value; the value is its path in the payload."""

    DOCUMENT = "document"
    TAG = "findings[].tag"
    VOICE = "findings[].voice"
    STANCE = "findings[].stance"
    RECOMMENDATION = "recommendations"
    EDITION = "edition"


KEYWORDS = tuple(field.value for field in Field)
PAGES = "pages"
DATE = "date"
FINDINGS = "findings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a passage must have: one of the values of each field that names any.

    Tags, voices and stances are asked of one and the same finding: a passage in which a witness
    alleges one thing and the inquiry finds another does not pass for the inquiry's allegation.
    """

    documents: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    stances: tuple[str, ...] = ()
    recommendations: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()
    """PDF pages, counted from 1."""
    date_from: date | None = None
    """First and last day of publication, both included; the undated are left out."""
    date_to: date | None = None

    def of_passage(self) -> dict[str, tuple[Scalar, ...]]:
        """Values by path in the payload, where any are named."""
        asked: dict[str, tuple[Scalar, ...]] = {
            Field.DOCUMENT: self.documents,
            Field.RECOMMENDATION: self.recommendations,
            Field.EDITION: self.editions,
            PAGES: self.pages,
        }
        return {path: values for path, values in asked.items() if values}

    def of_finding(self) -> dict[str, tuple[str, ...]]:
        """Values by path within one finding, where any are named."""
        asked = {"tag": self.tags, "voice": self.voices, "stance": self.stances}
        return {path: values for path, values in asked.items() if values}

    def admits_document(self, document: Document) -> bool:
        """Whether the document passes; as an engine decides it."""
        if self.date_from or self.date_to:
            day = document.date
            if day is None or not (self.date_from or day) <= day <= (self.date_to or day):
                return False
        return _admits(self.documents, document.id) and _admits(self.editions, document.edition)

    def admits_finding(self, finding: Finding) -> bool:
        """Whether the finding has a tag, voice and stance asked for."""
        return (
            _admits(self.tags, finding.tag)
            and _admits(self.voices, finding.voice)
            and _admits(self.stances, finding.stance)
        )

    def admits_passage(self, passage: Passage, recommendations: Collection[str]) -> bool:
        """Whether the passage stands on a page, and bears on a recommendation, asked for."""
        return (not self.pages or any(page in self.pages for page in _pages(passage))) and (
            not self.recommendations or any(r in self.recommendations for r in recommendations)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A passage as an engine keeps it."""

    row: int
    passage: Passage
    document: Document
    findings: tuple[Finding, ...]
    recommendations: tuple[str, ...]
    dense: Vector
    lexical: SparseVector

    def payload(self) -> Payload:
        document, passage = self.document, self.passage
        payload: Payload = {
            "passage": passage.id,
            "start": passage.span.start,
            "end": passage.span.end,
            "quote_sha256": passage.quote_sha256,
            "document": document.id,
            "edition": document.edition.value,
            "recommendations": list(self.recommendations),
            "pages": list(_pages(passage)),
            "findings": _marks(self.findings),
        }
        if document.date is not None:
            payload["date"] = document.date.isoformat()
        return payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Rows that one lane found, best first, with their scores."""

    rows: NDArray[np.int64]
    scores: NDArray[np.float32]


class Store(Protocol):
    """The points of one generation."""

    def upsert(self, points: Iterable[Point]) -> None: ...

    def flush(self) -> None:
        """Returns once everything upserted would survive a loss of power."""
        ...

    def nearest(self, vector: Vector, *, filters: Filters, limit: int) -> Lane:
        """Rows by cosine."""
        ...

    def lexical(self, vector: SparseVector, *, filters: Filters, limit: int) -> Lane:
        """Rows that share a word with the vector, by BM25."""
        ...

    def facets(self, field: Field, filters: Filters) -> Mapping[str, int]:
        """How many passages have each value, most first, ties by value."""
        ...

    def count(self, filters: Filters) -> int: ...

    def close(self) -> None: ...


class Engine(Protocol):
    """Makes and opens the stores of generations, which it is told by name and by folder."""

    @property
    def name(self) -> str: ...

    def create(self, generation: str, folder: Path, *, dimension: int) -> Store:
        """A new, empty store, in place of whatever a killed build left under that name."""
        ...

    def open(self, generation: str, folder: Path) -> Store:
        """A store for reading."""
        ...

    def publish(self, generation: str) -> None:
        """Points outsiders to this generation; raises ServiceError."""
        ...

    def remove(self, generation: str) -> None:
        """Frees what the generation holds outside its folder."""
        ...


def batches(values: Iterable[_T], size: int) -> Iterator[list[_T]]:
    remaining = iter(values)
    while batch := list(islice(remaining, size)):
        yield batch


def lane(rows: Sequence[int], scores: Sequence[float]) -> Lane:
    """Rows with their scores as a lane, ties by row: engines leave their order open."""
    numbers, values = np.array(rows, dtype=np.int64), np.array(scores, dtype=np.float32)
    order = np.lexsort((numbers, -values))
    return Lane(rows=numbers[order], scores=values[order])


def counted(values: Iterable[tuple[object, int]]) -> dict[str, int]:
    """Counts by value, most first, ties by value; none that are nought."""
    kept = [(str(value), count) for value, count in values if count]
    return dict(sorted(kept, key=lambda pair: (-pair[1], pair[0])))


def _admits(asked: tuple[str, ...], value: str) -> bool:
    return not asked or value in asked


def _pages(passage: Passage) -> range:
    if passage.page_start is None:
        return range(0)
    return range(passage.page_start, (passage.page_end or passage.page_start) + 1)


def _marks(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """The distinct combinations of tag, voice and stance."""
    marks = {(finding.tag, finding.voice.value, finding.stance.value) for finding in findings}
    return [{"tag": tag, "voice": voice, "stance": stance} for tag, voice, stance in sorted(marks)]
