"""How well formal recommendations are found, against those read by hand from real reports.

Statements are compared by their letters and digits alone: the gold's offsets are in another
extraction of the same pages.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path

from pydantic import TypeAdapter

from eval.inquiries import ReadDocument, read, sources
from ingest.model import (
    Kind,
    Link,
    Passage,
    Recommendation,
    Relation,
    Span,
)
from ingest.recommendations.extraction import recommendations
from ingest.recommendations.links import links
from ingest.recommendations.restatements import letters

SAME_SPAN = 0.9
"""Intersection over union of letters from which a span counts as right."""

_GOLD = Path("gold") / "structure" / "recommendations.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldRecommendation:
    """A recommendation or conclusion as a person read it."""

    document: str
    number: str
    kind: str
    title: str | None
    text: str
    addressee: tuple[str, ...] | None
    deadline: str | None
    evidence_paragraphs: tuple[str, ...]
    body_pdf_page: int
    sub_parts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One recommendation of the gold, and which of its fields came out right."""

    document: str
    number: str
    kind: str
    found: bool
    """Number, kind and span right."""
    overlap: float
    """Intersection over union of the statement's letters, 0 where the number is missing."""
    title: bool
    sub_parts: bool
    addressee: bool
    """Somebody of the gold's is named, or nobody in both."""
    deadline: bool
    """The gold's words hold one of ours, or none is stated in either."""
    cited: bool
    """The paragraph numbers printed beside it are the gold's."""
    resolved: bool
    """Each cited number is linked to a passage of that paragraph on the page where it stands."""
    body: bool
    """An occurrence stands on the page where the body states it."""
    reason: str
    """What is wrong, in words; empty where nothing is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationScores:
    """All documents together, and the rows that the counts are made of."""

    rows: tuple[Judged, ...]
    invented: tuple[str, ...]
    """Ids of what was given that the gold does not have."""
    given: int

    @property
    def found(self) -> int:
        return sum(row.found for row in self.rows)

    @property
    def missed(self) -> tuple[Judged, ...]:
        return tuple(row for row in self.rows if not row.found)

    @property
    def recall(self) -> float:
        return self.found / len(self.rows) if self.rows else 0.0

    @property
    def precision(self) -> float:
        """Share of those given whose number, kind and span are right; 0 where none is given."""
        return self.found / self.given if self.given else 0.0

    def of(self, document: str) -> tuple[Judged, ...]:
        return tuple(row for row in self.rows if row.document == document)


def measure(real_documents: Path) -> RecommendationScores:
    """Every document of the corpus that has a text layer is read; responses should give nothing.

    No document's kind is told beforehand: a response has to be recognised.
    """
    gold = _gold(real_documents / _GOLD)
    rows: list[Judged] = []
    invented: list[str] = []
    given = 0
    for source in sources(real_documents):
        outcome = _Outcome(read(real_documents, source))
        wanted = [each for each in gold if each.document == source.file]
        given += len(outcome.recommendations)
        rows += [outcome.judged(each) for each in wanted]
        invented += outcome.invented(wanted)
    return RecommendationScores(rows=tuple(rows), invented=tuple(invented), given=given)


def _gold(path: Path) -> list[GoldRecommendation]:
    adapter = TypeAdapter(GoldRecommendation)
    with path.open(encoding="utf-8") as lines:
        return [adapter.validate_python(json.loads(line)) for line in lines]


class _Outcome:
    """What one document gave, to be held against the gold."""

    def __init__(self, taken: ReadDocument) -> None:
        self._reading = taken.reading
        document = replace(taken.document, title=taken.reading.title or "", kind=Kind.OTHER)
        self.recommendations: tuple[Recommendation, ...] = recommendations(document, self._reading)
        self._passages: Mapping[str, Passage] = {each.id: each for each in taken.passages}
        self._links: Sequence[Link] = links(self.recommendations, taken.passages, self._reading)

    def judged(self, gold: GoldRecommendation) -> Judged:
        same = [each for each in self.recommendations if _is_same(each, gold)]
        if not same:
            return _missing(gold)
        ours = max(same, key=lambda each: self._overlap(each, gold))
        overlap = self._overlap(ours, gold)
        right = {
            "span": overlap >= SAME_SPAN,
            "title": letters(ours.title or "") == letters(gold.title or ""),
            "sub_parts": len(ours.sub_parts) == gold.sub_parts,
            "addressee": _same_addressee(ours.addressee, gold.addressee or ()),
            "deadline": _same_deadline(ours.deadline, gold.deadline),
            "cited": ours.cited_paragraphs == gold.evidence_paragraphs,
            "resolved": self._is_resolved(ours, gold),
            "body": gold.body_pdf_page in self._pages(ours.occurrences),
        }
        return Judged(
            document=gold.document,
            number=gold.number,
            kind=gold.kind,
            found=right["span"],
            overlap=overlap,
            title=right["title"],
            sub_parts=right["sub_parts"],
            addressee=right["addressee"],
            deadline=right["deadline"],
            cited=right["cited"],
            resolved=right["resolved"],
            body=right["body"],
            reason=", ".join(name for name, is_right in right.items() if not is_right),
        )

    def invented(self, wanted: Sequence[GoldRecommendation]) -> list[str]:
        return [
            each.id
            for each in self.recommendations
            if not any(_is_same(each, gold) for gold in wanted)
        ]

    def _overlap(self, ours: Recommendation, gold: GoldRecommendation) -> float:
        return overlap_of_letters(ours.span.of(self._reading.text), gold.text)

    def _is_resolved(self, ours: Recommendation, gold: GoldRecommendation) -> bool:
        """Whether links lead to each cited paragraph, as printed where the body has it."""
        linked = [
            self._passages[link.passage]
            for link in self._links
            if link.recommendation == ours.id and link.relation is Relation.CROSS_REFERENCE
        ]
        return all(
            any(
                number in passage.paragraphs and gold.body_pdf_page in self._pages([passage.span])
                for passage in linked
            )
            for number in gold.evidence_paragraphs
        )

    def _pages(self, spans: Iterable[Span]) -> set[int]:
        return {
            line.page for span in spans for line in self._reading.lines if line.span.overlap(span)
        }


def _is_same(ours: Recommendation, gold: GoldRecommendation) -> bool:
    return (ours.number, ours.kind) == (gold.number, gold.kind.casefold())


def _missing(gold: GoldRecommendation) -> Judged:
    return Judged(
        document=gold.document,
        number=gold.number,
        kind=gold.kind,
        found=False,
        overlap=0.0,
        title=False,
        sub_parts=False,
        addressee=False,
        deadline=False,
        cited=False,
        resolved=False,
        body=False,
        reason="no such number",
    )


def overlap_of_letters(words: str, others: str) -> float:
    """Letters common to both, in order, over letters of either; 0 to 1."""
    first, second = letters(words), letters(others)
    if first == second:
        return 1.0
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    common = sum(block.size for block in blocks)
    return common / max(len(first) + len(second) - common, 1)


def _same_addressee(ours: Sequence[str], gold: Sequence[str]) -> bool:
    if not gold or not ours:
        return not gold and not ours
    return bool(_name_words(ours) & _name_words(gold))


def _name_words(names: Iterable[str]) -> set[str]:
    """The telling words of names, in the singular."""
    words = (word.strip("(),").casefold() for name in names for word in name.split())
    return {word.rstrip("s") for word in words} - {"the", "of", "and", "in", "with", "uk"}


def _same_deadline(ours: str | None, gold: str | None) -> bool:
    if not ours or not gold:
        return not ours and not gold
    return any(letters(part) in letters(gold) for part in ours.split("; ")) or (
        letters(gold) in letters(ours)
    )
