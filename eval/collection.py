"""A collection: queries, and the places in documents that answer them.

    queries.jsonl     {"id", "query"} and, where known, "type", "also_type", "inquiry", "slice" and
                      "answerable"; of the type `unanswerable`, or not answerable: nothing answers
    judgments.jsonl   {"query_id", "document", "pdf_page", "start", "end", "grade"} and, where
                      known, "span" and "anchor"; lines of a query that share `span` are one place
    inspected.jsonl   the same without grades: text that was looked at and found not relevant

A document is named by its file. Offsets count in the plain text of the page, as
`eval.plaintext.plain_pages` gives it, and in the canonical text where there is no page; a line
with neither judges the whole document.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

import corpora
from index.durable import write_durably
from ingest.errors import CorpusError
from ingest.model import Span

QUERIES, JUDGMENTS, INSPECTED = "queries.jsonl", "judgments.jsonl", "inspected.jsonl"
RELEVANT = 2
"""The least grade of what counts as relevant; 1 is marginal, unless a collection says other."""
HIGHEST = 10
"""The gain doubles with every grade, so that one of 30 would drown all others."""
_UNANSWERABLE = "unanswerable"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A query of a collection."""

    id: str
    text: str
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    """What it can be sliced by: type, inquiry and so on."""
    answerable: bool | None = None
    """None where nobody said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Characters of a PDF page counted from 1, or of the canonical text where `page` is None."""

    page: int | None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A stretch of a document and how far it answers a query: 3 fully, 1 marginally, 0 not."""

    query: str
    document: str
    """File name, or an id of a document or passage."""
    grade: int
    places: tuple[Place, ...] = ()
    """One on each page it stands on; none where all of it is meant."""
    anchor: str | None = None
    """Its first words."""


@dataclass(frozen=True, kw_only=True)
class Collection:
    """Queries with their judgements, in the order of the files."""

    name: str
    topics: tuple[Topic, ...]
    judgements: tuple[Judgement, ...]
    relevant: int = RELEVANT
    """The least grade of what counts as relevant."""
    left_out: int = 0
    """Queries in the files that are not known to belong to what was judged, and are not asked."""

    @cached_property
    def by_query(self) -> Mapping[str, tuple[Judgement, ...]]:
        """The judgements of every query, also of those that have none."""
        found: defaultdict[str, list[Judgement]] = defaultdict(list)
        for judgement in self.judgements:
            found[judgement.query].append(judgement)
        return {topic.id: tuple(found[topic.id]) for topic in self.topics}

    @cached_property
    def judged(self) -> tuple[Topic, ...]:
        """The denominator of every mean: queries with something relevant, found or not."""
        return tuple(
            topic for topic in self.topics if any(j.grade for j in self.by_query[topic.id])
        )

    @cached_property
    def unanswerable(self) -> tuple[Topic, ...]:
        """Queries that nothing is said to answer; one that is merely unjudged is not among them."""
        return tuple(
            topic for topic in self.topics if topic.answerable is False and topic not in self.judged
        )


@dataclass(frozen=True, slots=True)
class _QueryLine:
    id: str
    query: str
    type: str | None = None
    also_type: str | None = None
    inquiry: str | None = None
    slice: str | None = None
    answerable: bool | None = None


@dataclass(frozen=True, slots=True)
class _JudgmentLine:
    query_id: str
    document: str
    grade: int = 0
    pdf_page: int | None = None
    start: int | None = None
    end: int | None = None
    span: int | str | None = None
    anchor: str | None = None


def is_collection(folder: Path) -> bool:
    """Whether the folder has both files that a collection needs."""
    return (folder / QUERIES).is_file() and (folder / JUDGMENTS).is_file()


def bundled(name: str) -> Path:
    """Where the collection of a corpus that comes with the program is, if it has one."""
    return Path(corpora.__file__).parent / name


def read(folder: Path) -> Collection:
    """The collection in a folder; raises CorpusError where a file is missing or a line is wrong."""
    judged = list(lines(folder / JUDGMENTS, _JudgmentLine))
    seen = folder / INSPECTED
    inspected = lines(seen, _JudgmentLine) if seen.exists() else ()
    return checked(
        Collection(
            name=folder.resolve().name,
            topics=topics(folder / QUERIES),
            judgements=(*_judgements(judged), *_judgements(inspected)),
        )
    )


def topics(path: Path) -> tuple[Topic, ...]:
    """The queries in a file; raises CorpusError where it is missing or a line is wrong."""
    return tuple(_topic(line) for line in lines(path, _QueryLine))


def checked(collection: Collection) -> Collection:
    """The collection; raises CorpusError where a query comes twice, is empty, or is judged and not
    asked, and where a grade is none."""
    ids = Counter(topic.id for topic in collection.topics)
    if repeated := sorted(each for each, count in ids.items() if count > 1):
        raise CorpusError(
            f"{collection.name} has {', '.join(repeated)} twice.", remedy="Give each an id."
        )
    if unasked := sorted({each.query for each in collection.judgements}.difference(ids)):
        raise CorpusError(
            f"{collection.name} judges {', '.join(unasked[:5])}, which it does not ask.",
            remedy="Add the queries, or take their judgements out.",
        )
    if empty := [topic.id for topic in collection.topics if not topic.text.strip()]:
        raise CorpusError(
            f"{collection.name} asks nothing with {', '.join(empty[:5])}.",
            remedy="Give the query its words, or take it out.",
        )
    for each in collection.judgements:
        if not 0 <= each.grade <= HIGHEST:
            raise CorpusError(
                f"{collection.name} grades {each.document} {each.grade} for {each.query}.",
                remedy=f"Grade from 0, which is not relevant, to {HIGHEST} at most.",
            )
    return collection


def write(collection: Collection, folder: Path) -> None:
    """The files that `read` reads."""
    graded = [judgement for judgement in collection.judgements if judgement.grade]
    others = [judgement for judgement in collection.judgements if not judgement.grade]
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / QUERIES, map(_query_line, collection.topics), _QueryLine)
    _write(folder / JUDGMENTS, _judgment_lines(graded), _JudgmentLine)
    if others:
        _write(folder / INSPECTED, _judgment_lines(others), _JudgmentLine)


def lines(path: Path, kind: type[_T]) -> Iterator[_T]:
    """One object a line, blank lines aside; raises CorpusError naming the line."""
    row = TypeAdapter(kind)
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        if line.strip():
            try:
                yield row.validate_json(line)
            except ValidationError as error:
                wrong = error.errors(include_url=False)[0]
                where = ".".join(str(part) for part in wrong["loc"])
                raise CorpusError(
                    f"{path.name}, line {number}: {where} {wrong['msg'].lower()}.",
                    remedy="Correct the line.",
                ) from None


def text_of(path: Path) -> str:
    """What is in a file, without the mark of its encoding; raises CorpusError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(
            f"{path} cannot be read.", remedy="Name a file that is there, in UTF-8."
        ) from error


def _topic(line: _QueryLine) -> Topic:
    named = {
        "type": line.type,
        "also_type": line.also_type,
        "inquiry": line.inquiry,
        "slice": line.slice,
    }
    return Topic(
        id=line.id,
        text=line.query,
        labels={name: value for name, value in named.items() if value},
        answerable=False if line.type == _UNANSWERABLE else line.answerable,
    )


def _judgements(written: Iterable[_JudgmentLine]) -> Iterator[Judgement]:
    """Lines that share a span as one judgement, under the highest of their grades."""
    together: defaultdict[tuple[str, str, str], list[_JudgmentLine]] = defaultdict(list)
    for number, line in enumerate(written):
        span = f"line {number}" if line.span is None else f"span {line.span}"
        together[line.query_id, line.document, span].append(line)
    for (query, document, _), shared in together.items():
        yield Judgement(
            query=query,
            document=document,
            grade=max(line.grade for line in shared),
            places=tuple(chain.from_iterable(map(_places, shared))),
            anchor=shared[0].anchor,
        )


def _places(line: _JudgmentLine) -> Iterator[Place]:
    if line.start is not None and line.end is not None:
        try:
            yield Place(page=line.pdf_page, span=Span(line.start, line.end))
        except ValueError as error:
            raise CorpusError(
                f"A judgement of {line.query_id} in {line.document} is {error}.",
                remedy="Count from `start` up to, and without, `end`.",
            ) from None


def _query_line(topic: Topic) -> _QueryLine:
    return _QueryLine(topic.id, topic.text, answerable=topic.answerable, **topic.labels)


def _judgment_lines(judgements: Iterable[Judgement]) -> Iterator[_JudgmentLine]:
    for number, judgement in enumerate(judgements, start=1):
        for place in judgement.places or (None,):
            yield _JudgmentLine(
                query_id=judgement.query,
                document=judgement.document,
                grade=judgement.grade,
                pdf_page=place.page if place else None,
                start=place.span.start if place else None,
                end=place.span.end if place else None,
                span=number,
                anchor=judgement.anchor,
            )


def _write(path: Path, rows: Iterable[_T], kind: type[_T]) -> None:
    adapter = TypeAdapter(kind)
    written = (adapter.dump_json(row, exclude_none=True) for row in rows)
    write_durably(path, b"".join(line + b"\n" for line in written))
