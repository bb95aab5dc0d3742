"""How well recommendations are parted into what a reply can be held to, against a reader's parting.

The reader's parts are places in the letters and digits of the recommendation's statement, since
another extraction of the page may space its words otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from eval.inquiries import ReadDocument, read, sources
from ingest.model import Recommendation, Span, words_hash
from ingest.recommendations.duties import duties
from ingest.recommendations.extraction import recommendations
from ingest.recommendations.restatements import letters

GOLD = Path(__file__).parent / "gold" / "duties.jsonl"
SAME_SPAN = 0.9
"""Intersection over union of letters from which a part is the reader's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldDuties:
    """The parts of one recommendation, as half-open ranges of its letters and digits."""

    document: str
    number: str
    letters: int
    sha256: str
    """Of the statement's letters and digits."""
    duties: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedDuties:
    """One recommendation of the gold."""

    gold: GoldDuties
    found: int
    """The reader's parts that were given."""
    given: int
    same_words: bool
    """Whether the statement's letters are those that the reader parted."""

    def __str__(self) -> str:
        return f"{self.gold.document} {self.gold.number}"

    @property
    def wanted(self) -> int:
        return len(self.gold.duties)

    @property
    def whole(self) -> bool:
        """Whether exactly the reader's parts were given."""
        return self.found == self.wanted == self.given


def measure(real_documents: Path) -> tuple[JudgedDuties, ...]:
    """Every recommendation of the gold, from its document read anew."""
    rows = gold()
    named = {row.document for row in rows}
    taken = [read(real_documents, each) for each in sources(real_documents) if each.file in named]
    return tuple(judged for each in taken for judged in _judged(each, rows))


def gold() -> tuple[GoldDuties, ...]:
    """What the reader gave."""
    adapter = TypeAdapter(GoldDuties)
    return tuple(adapter.validate_json(line) for line in GOLD.read_text("utf-8").splitlines())


def _judged(taken: ReadDocument, rows: Sequence[GoldDuties]) -> list[JudgedDuties]:
    text = taken.reading.text
    found = {
        each.number: each
        for each in recommendations(taken.document, taken.reading)
        if each.kind == "recommendation"
    }
    return [
        _compared(row, found[row.number], text)
        if row.number in found
        else JudgedDuties(gold=row, found=0, given=0, same_words=False)
        for row in rows
        if row.document == taken.path.name
    ]


def _compared(row: GoldDuties, recommendation: Recommendation, text: str) -> JudgedDuties:
    start = recommendation.span.start
    ours = [
        Span(len(letters(text[start : duty.span.start])), len(letters(text[start : duty.span.end])))
        for duty in duties(recommendation, text)
    ]
    wanted = [Span(*each) for each in row.duties]
    statement = letters(recommendation.span.of(text))
    return JudgedDuties(
        gold=row,
        found=sum(any(_is_same(one, other) for other in ours) for one in wanted),
        given=len(ours),
        same_words=words_hash(statement) == row.sha256,
    )


def _is_same(one: Span, other: Span) -> bool:
    union = max(one.end, other.end) - min(one.start, other.start)
    return one.overlap(other) >= SAME_SPAN * union
