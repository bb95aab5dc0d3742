"""Whether passages hold the document's words and nothing else, by another library's extraction.

What a passage holds of one paragraph on one page must stand in that page's extraction letter for
letter with nothing in between: a word made up, lost, altered or moved breaks it. White space,
punctuation and the numbers of notes are left out on both sides. A table or figure has no order of
its own to compare, so each of its lines must stand there, in whatever order.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from eval.extraction import (
    ExtractedPage,
    body_size,
    letters,
    note_rows,
    page_numbers,
    plain,
    running_heads,
)
from ingest.model import Line, Paragraph, ParagraphKind, Passage, Reading, Span

UNORDERED = frozenset({ParagraphKind.TABLE, ParagraphKind.FIGURE})
SHOWN = 60
"""Characters of an exception that are shown."""
DISPUTED = 4
"""Words shown of a passage that is not as printed: enough to find them by."""
SHORTEST_NOTE = 8
"""Letters of a row of notes that is told from words of the body by its letters alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What a passage holds of one paragraph on one page, or of one line where order is free."""

    page: int
    words: str
    ordered: bool


class Paper:
    """A reading's lines and paragraphs, found by place."""

    def __init__(self, reading: Reading) -> None:
        self._text = reading.text
        self._lines = sorted(reading.lines, key=lambda line: line.span.start)
        self._line_ends = [line.span.end for line in self._lines]
        self._line_starts = [line.span.start for line in self._lines]
        self._paragraphs = sorted(reading.paragraphs, key=lambda each: each.span.start)
        self._ends = [paragraph.span.end for paragraph in self._paragraphs]
        self._starts = [paragraph.span.start for paragraph in self._paragraphs]

    def paragraphs(self, span: Span) -> Sequence[Paragraph]:
        """Those that share words with the span."""
        first, last = bisect_right(self._ends, span.start), bisect_left(self._starts, span.end)
        return self._paragraphs[first:last]

    def lines(self, span: Span) -> Sequence[Line]:
        """Those that share words with the span."""
        first = bisect_right(self._line_ends, span.start)
        return self._lines[first : bisect_left(self._line_starts, span.end)]

    def page(self, place: int) -> int | None:
        """The PDF page that the character stands on."""
        return next((line.page for line in self.lines(Span(place, place + 1))), None)

    def stretches(self, passage: Passage) -> Iterator[Stretch]:
        """What the passage holds, in its order."""
        for paragraph in self.paragraphs(passage.span):
            shared = _shared(paragraph.span, passage.span)
            lines = [
                (line.page, _shared(line.span, shared).of(self._text))
                for line in self.lines(shared)
            ]
            if paragraph.kind in UNORDERED:
                yield from (Stretch(page=page, words=w, ordered=False) for page, w in lines)
                continue
            for page in dict.fromkeys(page for page, _ in lines):
                words = " ".join(words for at, words in lines if at == page)
                yield Stretch(page=page, words=words, ordered=True)


def _shared(one: Span, other: Span) -> Span:
    return Span(max(one.start, other.start), min(one.end, other.end))


def unfaithful(
    reading: Reading, passages: Sequence[Passage], extracted: Sequence[ExtractedPage]
) -> Iterator[str]:
    """A reason for every passage whose words the extraction has otherwise, or in another order."""
    paper = Paper(reading)
    pages = {page.number: letters(page.text) for page in extracted}
    for passage in passages:
        stretches = list(paper.stretches(passage))
        placed = letters("".join(stretch.words for stretch in stretches))
        if placed != letters(passage.span.of(reading.text)):
            yield f"{passage.id}: words with no place on paper"
        elif reason := _unlike(stretches, pages):
            yield f"{passage.id}: {reason}"


def _unlike(stretches: Sequence[Stretch], pages: Mapping[int, str]) -> str | None:
    """Why the stretches are not what the pages hold; None where they are."""
    reached: dict[int, int] = {}
    for stretch in stretches:
        wanted, given = letters(stretch.words), pages.get(stretch.page, "")
        start = given.find(wanted, reached.get(stretch.page, 0) if stretch.ordered else 0)
        if start < 0:
            fault = "set elsewhere on" if wanted in given else "not so on"
            return f"{fault} page {stretch.page}: {_disputed(stretch.words, given)}"
        if stretch.ordered:
            reached[stretch.page] = start + len(wanted)
    return None


def _disputed(words: str, given: str) -> str:
    """The words from where the extraction stops agreeing with them."""
    each = words.split()
    low, high = 0, len(each)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (
            (middle, high) if letters(" ".join(each[:middle])) in given else (low, middle - 1)
        )
    return " ".join(each[max(0, low - 2) :][:DISPUTED])


def furnished(
    reading: Reading, passages: Sequence[Passage], extracted: Sequence[ExtractedPage]
) -> Iterator[str]:
    """A reason for every passage with a running head, page number, note or note's number in it."""
    paper = Paper(reading)
    heads, size = running_heads(extracted), body_size(extracted)
    heights = {page.number: page.height for page in reading.pages}
    margins = {page.number: _Margin(page, heads, size, heights[page.number]) for page in extracted}
    for passage in passages:
        lines = paper.lines(passage.span)
        found = (margins[line.page].furniture(line, reading.text) for line in lines)
        words = passage.span.of(reading.text)
        glued = (margins[page].marker_left(words) for page in {line.page for line in lines})
        reason = next((each for each in (*found, *glued) if each is not None), None)
        if reason is not None:
            yield f"{passage.id}: {reason}"


class _Margin:
    """What of a page is no body text."""

    def __init__(
        self, page: ExtractedPage, heads: frozenset[str], size: float, height: float
    ) -> None:
        self._heads = heads
        self._numbers = page_numbers(page)
        self._notes = {row for row in note_rows(page, size=size) if len(row) >= SHORTEST_NOTE}
        self._height = height
        self._page = page

    def furniture(self, line: Line, text: str) -> str | None:
        """Why the line does not belong in a passage."""
        words = line.span.of(text)
        run = letters(words)
        at_edge = not 0.1 * self._height < line.box.bottom < 0.92 * self._height
        if len(plain(words)) >= 4 and plain(words) in self._heads:
            return f"running head on page {line.page}: {words[:SHOWN]}"
        if at_edge and run in self._numbers:
            return f"page number on page {line.page}: {words[:SHOWN]}"
        if run in self._notes or re.sub(r"^\d+", "", run) in self._notes:
            return f"note on page {line.page}: {words[:SHOWN]}"
        return None

    def marker_left(self, words: str) -> str | None:
        """A note's number that is still glued to the word it follows."""
        for before, mark in self._page.marked:
            word = before.words.split()[-1]
            glued = rf"{re.escape(word)}\s?{re.escape(mark.words.strip())}(?!\w)"
            if len(word) > 1 and mark.words.strip().isdigit() and re.search(glued, words):
                return f"note number on page {self._page.number}: {word}{mark.words.strip()}"
        return None
