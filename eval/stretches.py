"""What could be quoted from documents: one to three sentences on end, and what they run across."""

import random
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from index.shelf import Volume
from ingest.errors import CorpusError
from ingest.model import Paragraph, ParagraphKind, Reading, Span
from ingest.sentences import sentences

FEWEST, MOST = 8, 70
"""Words of a stretch."""
LONGEST = 3
"""Sentences of one."""
_QUOTABLE = frozenset(
    (ParagraphKind.BODY, ParagraphKind.LIST_ITEM, ParagraphKind.QUOTATION, ParagraphKind.BOX)
)


class Break(StrEnum):
    """What a stretch may run across."""

    PAGE = "page"
    NOTE = "note"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Words of a document that somebody could quote."""

    document: str
    span: Span
    text: str
    breaks: frozenset[Break]
    labels: tuple[Span, ...]
    """Paragraph numbers and list markers within it, counted from its start."""
    notes: tuple[tuple[int, str], ...]
    """Where notes are called within it, counted from its start, with their markers."""


def letters(words: str) -> str:
    """Letters and digits alone, in lower case: what no typography changes."""
    return re.sub(r"[\W_]+", "", words).lower()


class Stretches:
    """Those of several documents, drawn at random and none twice."""

    def __init__(self, volumes: Sequence[Volume], chance: random.Random) -> None:
        found = [stretch for volume in volumes for stretch in stretches(volume)]
        chance.shuffle(found)
        self._plain = iter([stretch for stretch in found if not stretch.breaks])
        self._broken = iter([stretch for stretch in found if stretch.breaks])
        self._everything = "\n".join(letters(volume.text) for volume in volumes)

    def draw(self, *, broken: bool) -> Stretch:
        """One whose words stand at a single place; `broken` where it must run across something.

        Raises CorpusError where none is left.
        """
        for stretch in self._broken if broken else self._plain:
            if self.count(stretch.text) == 1:
                return stretch
        raise CorpusError(
            "The documents have too few sentences to make quotations of.",
            remedy="Measure on more of them.",
        )

    def count(self, words: str) -> int:
        """How often these letters stand one after another."""
        return self._everything.count(letters(words))


def stretches(volume: Volume) -> Iterator[Stretch]:
    """Every stretch, of one sentence and more, in reading order."""
    marked = _Marked(volume.document.id, volume.stored.reading)
    places = list(_sentences(marked.reading))
    for first, (begun, start) in enumerate(places):
        for last, (ended, end) in enumerate(places[first : first + LONGEST]):
            # Paragraphs that are no neighbours are not quoted as one.
            if ended - begun > last:
                break
            span = Span(start.start, end.end)
            if FEWEST <= len(span.of(marked.reading.text).split()) <= MOST:
                yield marked.stretch(span)


def _sentences(reading: Reading) -> Iterator[tuple[int, Span]]:
    """The sentences of what can be quoted, each with its paragraph's place."""
    for place, paragraph in enumerate(reading.paragraphs):
        if paragraph.kind in _QUOTABLE:
            start = paragraph.span.start + len(_label(paragraph, reading.text))
            for found in sentences(reading.text[start : paragraph.span.end]):
                yield place, Span(start + found.start, start + found.end)


def _label(paragraph: Paragraph, text: str) -> str:
    """What stands before a paragraph's first word: its number, its list marker, or nothing."""
    words = paragraph.span.of(text)
    labels = [label for label in (paragraph.number, paragraph.marker) if label]
    pattern = "|".join(map(re.escape, labels))
    found = re.match(rf"\W{{0,2}}(?:{pattern})\W*", words) if labels else None
    return found.group() if found else ""


class _Marked:
    """A reading with what a quotation could run across, in order."""

    def __init__(self, document: str, reading: Reading) -> None:
        self.document = document
        self.reading = reading

    def stretch(self, span: Span) -> Stretch:
        notes = tuple(self._within(self._notes, span))
        labels = tuple(label.within(span) for label in self._labels if span.holds(label))
        broken = {
            Break.PAGE: self._pages(span) > 1,
            Break.NOTE: bool(notes),
            Break.PARAGRAPH: "\n\n" in span.of(self.reading.text),
        }
        return Stretch(
            document=self.document,
            span=span,
            text=span.of(self.reading.text),
            breaks=frozenset(each for each, is_there in broken.items() if is_there),
            labels=labels,
            notes=notes,
        )

    @cached_property
    def _notes(self) -> list[tuple[int, str]]:
        return sorted((n.anchor, n.marker) for n in self.reading.notes if n.anchor is not None)

    @cached_property
    def _labels(self) -> list[Span]:
        found: list[Span] = []
        for paragraph in self.reading.paragraphs:
            label = _label(paragraph, self.reading.text)
            if label:
                start = paragraph.span.start
                found.append(Span(start, start + len(label)))
        return found

    @cached_property
    def _line_starts(self) -> list[int]:
        return [line.span.start for line in self.reading.lines]

    def _pages(self, span: Span) -> int:
        """How many pages it stands on."""
        first = max(0, bisect_right(self._line_starts, span.start) - 1)
        last = bisect_left(self._line_starts, span.end)
        return len({line.page for line in self.reading.lines[first:last]})

    @staticmethod
    def _within(notes: Sequence[tuple[int, str]], span: Span) -> Iterator[tuple[int, str]]:
        for at in range(bisect_right(notes, (span.start + 1, "")), len(notes)):
            offset, marker = notes[at]
            if offset >= span.end - 1:
                return
            yield offset - span.start, marker
