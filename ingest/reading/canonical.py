"""The canonical text: printed paragraphs written out as one string, with the map back to paper.

Every change to the words happens here and once: words cut at line ends are made whole, note
markers leave the text and become anchors. Nothing is added but spaces and line breaks.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingest.model import (
    Box,
    HiddenText,
    Line,
    Note,
    Paragraph,
    ParagraphKind,
    Span,
)
from ingest.reading.blocks import Block
from ingest.reading.footnotes import PrintedNote
from ingest.reading.layout import PrintedLine

HYPHENS = "-\u2010"
WORD = re.compile(r"[^\W\d_]+(?:[-\u2010\u2011'’][^\W\d_]+)*")
OPEN_URL = re.compile(r"(?:https?://|www\.)\S*[/\-_.=?&%]$")
ROWS_APART = frozenset({ParagraphKind.CONTENTS, ParagraphKind.FIGURE})

Place = Callable[[PrintedLine], Box]
"""Gives a line's box as its page is seen."""


class Vocabulary:
    """Which words the document uses whole, and which with a hyphen, away from line ends."""

    def __init__(self, lines: Iterable[PrintedLine]) -> None:
        self.words: Counter[str] = Counter()
        for line in lines:
            found = [match.group().casefold() for match in WORD.finditer(line.text)]
            if line.text.rstrip()[-1:] in HYPHENS and found:
                found.pop()
            self.words.update(found)
            self.words.update(part for word in found if "-" in word for part in _parts(word))

    def keeps_hyphen(self, stem: str, rest: str) -> bool:
        """Whether `stem-` at a line's end and `rest` after it are a hyphenated word."""
        stem, rest = stem.casefold(), rest.casefold()
        whole = self.words[stem.rsplit("-", 1)[-1] + rest]
        hyphened = self.words[f"{stem}-{rest}"]
        if whole or hyphened:
            return hyphened > whole
        return min(len(stem), len(rest)) >= 2 and bool(self.words[stem] and self.words[rest])


def _parts(word: str) -> Iterator[str]:
    """Of `out-of-hours`: `out`, `out-of`, `of`, `of-hours`, `hours`."""
    parts = word.split("-")
    for start in range(len(parts)):
        for end in range(start + 1, len(parts) + 1):
            if end - start < len(parts):
                yield "-".join(parts[start:end])


@dataclass(slots=True)
class _Writer:
    """The text as it grows, and what stands where in it."""

    vocabulary: Vocabulary
    place: Place
    markers: Mapping[int, frozenset[str]]
    """Note markers that may be raised on each page."""
    text: list[str] = field(default_factory=list[str])
    length: int = 0
    lines: list[Line] = field(default_factory=list[Line])
    hidden: list[HiddenText] = field(default_factory=list[HiddenText])
    anchors: dict[tuple[int, str], int] = field(default_factory=dict[tuple[int, str], int])

    def write(self, text: str) -> None:
        self.text.append(text)
        self.length += len(text)

    def unwrite(self, count: int) -> None:
        """Takes back the last characters, which are never more than the last line's."""
        self.text[-1] = self.text[-1][:-count]
        self.length -= count
        last = self.lines[-1]
        if last.span.end > self.length:
            self.lines[-1] = Line(
                span=Span(last.span.start, self.length), page=last.page, box=last.box
            )

    def paragraph(self, lines: Sequence[PrintedLine], kind: ParagraphKind) -> Span | None:
        """Writes one paragraph after a blank line; None where nothing is left to write."""
        start: int | None = None
        last: PrintedLine | None = None
        for line in lines:
            kept, anchors = _without_markers(line, self.markers.get(line.page, frozenset()))
            if not kept.text.strip():
                self._anchor(line.page, anchors, self.length)
                continue
            if start is None:
                self.write("\n\n" if self.length else "")
                start = self.length
            elif last is not None:
                self._join(last, kept, kind)
            self._line(kept, anchors)
            last = kept
        return Span(start, self.length) if start is not None else None

    def _line(self, line: PrintedLine, anchors: Sequence[tuple[int, str]]) -> None:
        text = line.text.rstrip()
        at = self.length
        lead = len(text) - len(text.lstrip())
        self.write(text.lstrip())
        if self.length == at:
            return
        self.lines.append(Line(span=Span(at, self.length), page=line.page, box=self.place(line)))
        for start, end, reason in line.hidden:
            low, high = max(at, at + start - lead), min(self.length, at + end - lead)
            if low < high:
                self._hide(Span(low, high), reason)
        for offset, marker in anchors:
            self._anchor(line.page, [(0, marker)], at + max(0, offset - lead))

    def _hide(self, span: Span, reason: str) -> None:
        last = self.hidden[-1] if self.hidden else None
        if last is not None and last.reason == reason and span.start <= last.span.end + 1:
            self.hidden[-1] = HiddenText(span=Span(last.span.start, span.end), reason=reason)
        else:
            self.hidden.append(HiddenText(span=span, reason=reason))

    def _anchor(self, page: int, anchors: Sequence[tuple[int, str]], at: int) -> None:
        for _, marker in anchors:
            self.anchors.setdefault((page, marker), min(at, self.length))

    def _join(self, above: PrintedLine, line: PrintedLine, kind: ParagraphKind) -> None:
        """Writes what stands between two lines of one paragraph."""
        if kind in ROWS_APART:
            self.write("\n")
        elif line.table and above.column != line.column:
            self.write(
                "\n"
                if line.box.top > above.box.bottom
                or line.page != above.page
                or line.column.x0 <= above.column.x0
                else "\t"
            )
        else:
            self._join_words(above.text.rstrip(), line.text.lstrip())

    def _join_words(self, above: str, below: str) -> None:
        if above[-1:] in HYPHENS and len(above) > 1 and above[-2].isalpha() and below[:1].isalpha():
            stem = re.search(r"[\w\-‐]+$", above[:-1])
            rest = re.match(r"[^\W\d_]+", below)
            if (
                below[0].islower()
                and stem
                and rest
                and not self.vocabulary.keeps_hyphen(stem.group(), rest.group())
            ):
                self.unwrite(1)
            return
        if OPEN_URL.search(above) and re.match(r"\S*[/.\-_\d]", below):
            return
        if above[-1:] == "/" and re.search(r"\w/$", above):
            return
        if re.search(r"\d[–-]$", above) and below[:1].isdigit():
            return
        self.write(" ")


def _without_markers(
    line: PrintedLine, markers: frozenset[str]
) -> tuple[PrintedLine, list[tuple[int, str]]]:
    """The line less its note markers, and where each stood in what is left."""
    text, shift = line.text, 0
    anchors: list[tuple[int, str]] = []
    cuts: list[tuple[int, int]] = []
    for start, end in line.raised:
        marks = [mark for mark in re.split(r"[,\s]+", text[start:end]) if mark]
        if marks and all(mark in markers for mark in marks):
            cuts.append((start, end))
            anchors += [(start - shift, mark) for mark in marks]
            shift += end - start
    if not cuts:
        return line, []
    kept, at = "", 0
    for start, end in cuts:
        kept += text[at:start]
        at = end
        if kept.endswith(" ") and text[at : at + 1] == " ":
            at += 1
    kept += text[at:]
    hidden = tuple((moved(start, cuts), moved(end, cuts), why) for start, end, why in line.hidden)
    return replace(
        line, text=kept, raised=(), hidden=tuple(h for h in hidden if h[0] < h[1])
    ), anchors


def moved(offset: int, cuts: Sequence[tuple[int, int]]) -> int:
    """Where an offset lies once the cuts before it are gone."""
    return offset - sum(min(end, offset) - start for start, end in cuts if start < offset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """The canonical text with its paragraphs, notes, lines and hidden characters."""

    text: str
    paragraphs: tuple[Paragraph, ...]
    notes: tuple[Note, ...]
    lines: tuple[Line, ...]
    hidden: tuple[HiddenText, ...]


def transcript(
    found: Sequence[Block],
    notes: Sequence[PrintedNote],
    *,
    place: Place,
) -> Transcript:
    """Writes the body, then the notes."""
    every = [line for block in found for line in block.lines]
    writer = _Writer(
        vocabulary=Vocabulary([*every, *(line for note in notes for line in note.lines)]),
        place=place,
        markers=_markers(notes),
    )
    paragraphs = _paragraphs(found, writer)
    written = _notes(notes, writer)
    return Transcript(
        text="".join(writer.text),
        paragraphs=(*paragraphs, *(_note_paragraph(note) for note in written)),
        notes=tuple(written),
        lines=tuple(writer.lines),
        hidden=tuple(writer.hidden),
    )


def _markers(notes: Sequence[PrintedNote]) -> dict[int, frozenset[str]]:
    pages = {note.page for note in notes}
    return {
        page: frozenset(note.marker for note in notes if note.page == page and note.marker)
        for page in pages
    }


def _paragraphs(found: Sequence[Block], writer: _Writer) -> list[Paragraph]:
    path: list[tuple[int, str]] = []
    number: str | None = None
    paragraphs: list[Paragraph] = []
    for block in found:
        span = writer.paragraph(block.lines, block.kind)
        if span is None:
            continue
        if block.level:
            path = [each for each in path if each[0] < block.level]
            number = None
        number = block.number or number
        paragraphs.append(
            Paragraph(
                span=span,
                kind=block.kind,
                section=tuple(words for _, words in path),
                number=None
                if block.kind in (ParagraphKind.HEADING, ParagraphKind.CONTENTS)
                else number,
                level=block.level,
                marker=block.marker,
            )
        )
        if block.level:
            path.append((block.level, _tail(writer, span)))
    return paragraphs


def _tail(writer: _Writer, span: Span) -> str:
    """The words just written."""
    pieces: list[str] = []
    need = len(span)
    for piece in reversed(writer.text):
        pieces.append(piece)
        need -= len(piece)
        if need <= 0:
            break
    return "".join(reversed(pieces))[-len(span) :]


def _notes(notes: Sequence[PrintedNote], writer: _Writer) -> list[Note]:
    anchors = dict(writer.anchors)
    writer.markers = {}
    written: list[Note] = []
    for note in notes:
        span = writer.paragraph(note.lines, ParagraphKind.NOTE)
        if span is not None:
            anchor = anchors.get((note.page, note.marker))
            written.append(Note(marker=note.marker, span=span, anchor=anchor))
    return written


def _note_paragraph(note: Note) -> Paragraph:
    return Paragraph(span=note.span, kind=ParagraphKind.NOTE, section=(), number=None)
