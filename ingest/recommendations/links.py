"""Passages tied to recommendations by the document's own words, with the place that says so.

A passage `states` a recommendation where it holds its words, and is tied by `cross_reference`
where the document refers from one to the other: "(Recommendation, Paragraph 17)" after an item of
the list, or "Recommendation 7" in the text. Number 7 of somebody else's report is not ours.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, takewhile

from ingest.model import (
    Basis,
    Link,
    Paragraph,
    ParagraphKind,
    Passage,
    Reading,
    Recommendation,
    Relation,
    Span,
)
from ingest.recommendations.crossreferences import reference_after, referred_numbers
from ingest.recommendations.openings import is_lone_label
from ingest.sentences import sentences


def links(
    recommendations: Sequence[Recommendation], passages: Sequence[Passage], reading: Reading
) -> tuple[Link, ...]:
    """Links on basis `cited`, each recommendation's together; one for each passage and relation.

    `words` of a link is where the document says so: the statement, or the reference.
    """
    shelf = _Shelf(passages)
    citations = _Citations(recommendations, reading)
    mentions = defaultdict[str, list[Span]](list)
    for recommendation, words in _Mentions(recommendations, reading).found():
        mentions[recommendation].append(words)
    return tuple(
        link
        for recommendation in recommendations
        for link in _unrepeated(
            [
                *_stating(recommendation, shelf),
                *_cited(recommendation, citations, shelf),
                *_mentioning(recommendation, mentions[recommendation.id], shelf),
            ]
        )
    )


class _Shelf:
    """Passages by place."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._passages = sorted(passages, key=lambda passage: passage.span.start)
        self._starts = [passage.span.start for passage in self._passages]

    def on(self, span: Span) -> Iterator[Passage]:
        """The passages that hold some of the span."""
        first = max(0, bisect_right(self._starts, span.start) - 1)
        last = bisect_left(self._starts, span.end)
        for passage in self._passages[first:last]:
            if passage.span.overlap(span):
                yield passage


def _places(recommendation: Recommendation) -> tuple[Span, ...]:
    return (recommendation.span, *recommendation.occurrences)


def _link(
    recommendation: Recommendation, passage: Passage, relation: Relation, words: Span
) -> Link:
    return Link(
        recommendation=recommendation.id,
        passage=passage.id,
        relation=relation,
        basis=Basis.CITED,
        score=1.0,
        words=words,
    )


def _unrepeated(found: Iterable[Link]) -> Iterator[Link]:
    seen: set[tuple[str, Relation]] = set()
    for link in found:
        if (link.passage, link.relation) not in seen:
            seen.add((link.passage, link.relation))
            yield link


def _stating(recommendation: Recommendation, shelf: _Shelf) -> Iterator[Link]:
    for place in _places(recommendation):
        for passage in shelf.on(place):
            yield _link(recommendation, passage, Relation.STATES, place)


def _cited(
    recommendation: Recommendation, citations: "_Citations", shelf: _Shelf
) -> Iterator[Link]:
    for reference, extent in citations.of(recommendation):
        for passage in shelf.on(extent):
            yield _link(recommendation, passage, Relation.CROSS_REFERENCE, reference)


def _mentioning(
    recommendation: Recommendation, mentions: Iterable[Span], shelf: _Shelf
) -> Iterator[Link]:
    places = _places(recommendation)
    for words in mentions:
        for passage in shelf.on(words):
            if not any(passage.span.overlap(place) for place in places):
                yield _link(recommendation, passage, Relation.CROSS_REFERENCE, words)


class _Citations:
    """The numbered paragraphs that stand behind the references printed after statements."""

    def __init__(self, recommendations: Iterable[Recommendation], reading: Reading) -> None:
        self._text = reading.text
        self._paragraphs = [p for p in reading.paragraphs if p.kind is not ParagraphKind.NOTE]
        self._items = set(_items(recommendations, self._paragraphs))
        self._numbered = defaultdict[str, list[int]](list)
        for index, paragraph in enumerate(self._paragraphs):
            if paragraph.number and _opens_with(self._text, paragraph, paragraph.number):
                self._numbered[paragraph.number].append(index)

    def of(self, recommendation: Recommendation) -> Iterator[tuple[Span, Span]]:
        """Each reference with the extent of each paragraph that it refers to."""
        for place in _places(recommendation):
            reference = reference_after(self._text, place.end)
            if reference is None:
                continue
            for number in referred_numbers(reference.of(self._text)):
                for index in self._referred(number, reference):
                    yield reference, self._extent(index)

    def _referred(self, number: str, reference: Span) -> list[int]:
        """The paragraphs of that number in the body, not the items of the list with theirs."""
        elsewhere = [
            index
            for index in self._numbered[number]
            if not self._paragraphs[index].span.holds(reference)
        ]
        return [index for index in elsewhere if index not in self._items] or elsewhere

    def _extent(self, index: int) -> Span:
        """The paragraph with what follows under its number."""
        number, start = self._paragraphs[index].number, self._paragraphs[index].span.start
        end = self._paragraphs[index].span.end
        # A label above a box ("17. Conclusion") is nobody's evidence where the box follows.
        labelled = is_lone_label(Span(start, end).of(self._text))
        for paragraph in self._paragraphs[index + 1 :]:
            opens = paragraph.number is not None and paragraph.number != number
            if opens or paragraph.kind is ParagraphKind.HEADING:
                break
            start, labelled = (paragraph.span.start if labelled else start), False
            end = paragraph.span.end
        return Span(start, end)


def _items(
    recommendations: Iterable[Recommendation], paragraphs: Sequence[Paragraph]
) -> Iterator[int]:
    """Paragraphs whose printed number is that of the recommendation they state."""
    starts = [paragraph.span.start for paragraph in paragraphs]
    for recommendation in recommendations:
        for place in _places(recommendation):
            index = bisect_right(starts, place.start) - 1
            if index >= 0 and paragraphs[index].number == recommendation.number:
                yield index


def _opens_with(text: str, paragraph: Paragraph, number: str) -> bool:
    return re.match(rf"\(?{re.escape(number)}(?![\w]|\.\d)", paragraph.span.of(text)) is not None


# --- "Recommendation 7" in the text -----------------------------------------------------------

_MENTION = re.compile(
    r"\b(?P<kind>recommendation|conclusion)s?\s+(?P<numbers>"
    r"\d{1,3}(?:\.\d{1,3})?(?:\s*(?:,|and|&|to|–|-|or)\s*\d{1,3}(?:\.\d{1,3})?)*)"
    r"(?![\w.]*\d)",
    re.I,
)
_FOREIGN = re.compile(
    r"\b(?:that|their|its|his|her|those|earlier|previous|interim|first|second|other|\w+[’']s?)\s+"
    r"(?:\w+\s+)?(?:report|review|inquiry|recommendations?)\b|"
    r"\b(?:interim\s+report|progress\s+update)\b|"
    r"\b(?:committee|commission|board|inspectorate|coroner|hmic\w*|iopc|ombudsman)(?:[’']s)?\b"
    r"[^.]{0,40}\brecommend|\bit\s+recommended\b|\brecommended\s+\(|\bpara(?:graph)?s?\s+\d.*,\s*$",
    re.I,
)
_OWN = re.compile(
    r"\b(?:my|our|this\s+(?:report|inquiry|review)[’']s|the\s+(?:inquiry|panel|review)[’']s)\s+"
    r"(?:\w+\s+)?$|\b(?:see|I\s+recommend|we\s+recommend|recommends)\s*[(:,]?\s*$",
    re.I,
)


class _Mentions:
    """Where the text names its own recommendations by number."""

    def __init__(self, recommendations: Sequence[Recommendation], reading: Reading) -> None:
        self._reading = reading
        self._ids = {(each.kind, each.number): each.id for each in recommendations}
        self._places = sorted(
            (place for each in recommendations for place in _places(each)),
            key=lambda place: place.start,
        )
        self._depth = _shared_depth(reading.paragraphs) + 1
        self._own_chapters = {
            paragraph.section[: self._depth]
            for paragraph in reading.paragraphs
            if paragraph.section and any(paragraph.span.overlap(place) for place in self._places)
        }

    def found(self) -> Iterator[tuple[str, Span]]:
        """The id of each recommendation named, and the words that name it."""
        for paragraph in self._reading.paragraphs:
            if paragraph.kind in _NOT_PROSE:
                continue
            words = paragraph.span.of(self._reading.text)
            if "ecommendation" not in words and "onclusion" not in words.casefold():
                continue
            for start, sentence in _with_sentence_before(words):
                yield from self._in_sentence(paragraph, start, sentence)

    def _in_sentence(
        self, paragraph: Paragraph, start: int, sentence: Span
    ) -> Iterator[tuple[str, Span]]:
        at, text = paragraph.span.start, self._reading.text
        for found in _MENTION.finditer(text, at + sentence.start, at + sentence.end):
            words = Span(*found.span())
            context = text[at + start : at + sentence.end]
            if not self._is_own(paragraph, words, context, text[at + start : words.start]):
                continue
            for number in referred_numbers(found["numbers"]):
                identifier = self._ids.get((found["kind"].casefold(), number))
                if identifier:
                    yield identifier, words

    def _is_own(self, paragraph: Paragraph, words: Span, context: str, before: str) -> bool:
        """Whether the number is of this document's series, by where it stands and what it says."""
        if any(place.holds(words) for place in self._places):
            return True
        if _FOREIGN.search(context):
            return False
        chapter = paragraph.section[: self._depth]
        return chapter in self._own_chapters or _OWN.search(before) is not None


_NOT_PROSE = {
    ParagraphKind.NOTE,
    ParagraphKind.CONTENTS,
    ParagraphKind.QUOTATION,
    ParagraphKind.HEADING,
}


def _with_sentence_before(words: str) -> Iterator[tuple[int, Span]]:
    """Each sentence, and where the one before it begins."""
    found = sentences(words)
    if found:
        yield found[0].start, found[0]
    for before, sentence in pairwise(found):
        yield before.start, sentence


def _shared_depth(paragraphs: Iterable[Paragraph]) -> int:
    """How many of the outermost headings all paragraphs have in common, as a title's."""
    sections = {paragraph.section for paragraph in paragraphs if paragraph.section}
    if len(sections) < 2:
        return 0
    alike = (len(set(headings)) == 1 for headings in zip(*sections, strict=False))
    return sum(1 for _ in takewhile(bool, alike))
