"""Digests set as PDFs, so that a cited page can be opened and the whole PDF path runs on them.

Run as `python -m corpora.typesetting FOLDER`: every `*.md` gets a `*.pdf` beside it. The same
words give the same bytes. Needs reportlab, which is among the development dependencies.
"""

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from reportlab.lib.colors import grey
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, Spacer, TableStyle
from reportlab.platypus import Table as Grid

from corpora.digest import Block, Digest, Heading, Numbered, Sourced, Table, digest

_WIDTH, _HEIGHT = A4
_LEFT, _RIGHT, _TOP, _BOTTOM = 92.0, 86.0, 96.0, 84.0
_MEASURE = _WIDTH - _LEFT - _RIGHT
_RULE = 14.0  # between body and notes
_STANDING = 76.0  # width of the last column
_ABOUT = {
    "author": "Author of the published document",
    "publisher": "Publisher",
    "date": "Date",
    "dated": "Date",
    "paper_number": "Paper number",
    "landing_page": "To be found at",
    "licence": "Licence of the published document",
}


def _style(
    size: float, *, bold: bool = False, before: float = 0, after: float = 0, indent: float = 0
) -> ParagraphStyle:
    return ParagraphStyle(
        f"{size}{bold}{indent}",
        fontName="Helvetica-Bold" if bold else "Times-Roman",
        fontSize=size,
        leading=1.3 * size,
        spaceBefore=before,
        spaceAfter=after,
        leftIndent=indent,
        bulletFontName="Times-Roman",
        bulletFontSize=size,
        allowWidows=0,
        allowOrphans=0,
        splitLongWords=0,
    )


_BODY = _style(11, after=8, indent=34)
_CHAPTER = _style(16, bold=True, before=16, after=10)
_SECTION = _style(12, bold=True, before=8, after=6)
_CAPTION = _style(10, bold=True, before=6, after=4)
_CELL = _style(9.5)
_HEAD = _style(9.5, bold=True)
_NOTE = _style(8.5, indent=14)
_TITLE = _style(24, bold=True, after=18)
_PLAIN = _style(11, after=8)


@dataclass(slots=True)
class _Page:
    """A page in the making: what stands how far from the top, and the notes at its foot."""

    placed: list[tuple[Flowable, float]] = field(default_factory=list[tuple[Flowable, float]])
    notes: dict[str, int] = field(default_factory=dict[str, int])
    y: float = _TOP
    foot: float = 0.0
    """Height of the notes."""

    @property
    def room(self) -> float:
        return _HEIGHT - _BOTTOM - self.foot - self.y

    def place(self, flowable: Flowable) -> None:
        self.y += flowable.getSpaceBefore()
        self.placed.append((flowable, self.y))
        self.y += _height(flowable) + flowable.getSpaceAfter()


@dataclass(slots=True)
class _Compositor:
    """Breaks blocks into pages; a note stands on the page where its paragraph ends."""

    sources: Mapping[str, str]
    pages: list[_Page] = field(default_factory=lambda: [_Page()])
    chapters: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    last_note: int = 0

    def add(self, block: Block) -> None:
        if isinstance(block, Heading):
            self._heading(block)
        elif isinstance(block, Numbered):
            self._numbered(block)
        else:
            self._table(block)

    def _heading(self, heading: Heading) -> None:
        flowable = Paragraph(_markup(heading.words), _CHAPTER if heading.level == 2 else _SECTION)
        self._place(flowable, following=70)
        if heading.level == 2:
            self.chapters.append((heading.words, len(self.pages)))

    def _numbered(self, block: Numbered) -> None:
        def made(numbers: Mapping[str, int]) -> Paragraph:
            # A standing alone on its line would be read as a paragraph of its own.
            bound = "\N{NO-BREAK SPACE}[".join(block.body.words.rsplit(" [", 1))
            words = _markup(bound, [numbers[each] for each in block.body.sources])
            return Paragraph(words, _BODY, bulletText=block.number)

        numbers = self._numbers(block.body.sources)
        if self._fits(made(numbers), numbers):
            self._note(numbers)
            self.pages[-1].place(made(numbers))
            return
        numbers = self._fresh(block.body.sources)
        *above, below = made(numbers).split(_MEASURE, self.pages[-1].room) or [made(numbers)]
        for part in above:
            self.pages[-1].place(part)
        self.pages.append(_Page())
        self._note(numbers)
        self.pages[-1].place(below)

    def _table(self, table: Table) -> None:
        first = table.rows[0][:-1]
        rows = [_without_source_column(row) for row in table.rows[1:]]
        widths = _widths([first, *rows])
        self._place(Paragraph(_markup(table.caption), _CAPTION), following=60)
        head = _row(first, widths=widths, style=_HEAD, numbers={})
        self._place(head, following=30)
        for cells in rows:
            self._table_row(cells, widths=widths, head=head)
        self.pages[-1].place(Spacer(0, 12))

    def _table_row(
        self, cells: Sequence[Sourced], *, widths: Sequence[float], head: Flowable
    ) -> None:
        sources = [source for cell in cells for source in cell.sources]
        numbers = self._numbers(sources)
        row = _row(cells, widths=widths, style=_CELL, numbers=numbers)
        if not self._fits(row, numbers):
            numbers = self._fresh(sources)
            row = _row(cells, widths=widths, style=_CELL, numbers=numbers)
            self.pages.append(_Page())
            self.pages[-1].place(head)
        self._note(numbers)
        self.pages[-1].place(row)

    def _place(self, flowable: Flowable, *, following: float) -> None:
        """Places it where at least `following` points of what it introduces fit below it."""
        if _height(flowable) + flowable.getSpaceBefore() + following > self.pages[-1].room:
            self.pages.append(_Page())
        self.pages[-1].place(flowable)

    def _fits(self, flowable: Flowable, numbers: Mapping[str, int]) -> bool:
        new = [source for source in numbers if source not in self.pages[-1].notes]
        notes = sum(_height(self._note_words(source, numbers[source])) for source in new)
        rule = 0 if self.pages[-1].notes else _RULE
        return _height(flowable) + notes + rule <= self.pages[-1].room

    def _numbers(self, sources: Sequence[str]) -> dict[str, int]:
        """A source that the page already names keeps its number; others take the next ones."""
        known = self.pages[-1].notes
        new = (source for source in dict.fromkeys(sources) if source not in known)
        added = {source: number for number, source in enumerate(new, self.last_note + 1)}
        return {source: known.get(source) or added[source] for source in dict.fromkeys(sources)}

    def _fresh(self, sources: Sequence[str]) -> dict[str, int]:
        unique = dict.fromkeys(sources)
        return {source: number for number, source in enumerate(unique, self.last_note + 1)}

    def _note(self, numbers: Mapping[str, int]) -> None:
        page = self.pages[-1]
        for source, number in numbers.items():
            if source not in page.notes:
                page.foot += _height(self._note_words(source, number))
                page.foot += 0 if page.notes else _RULE
                page.notes[source] = number
                self.last_note = max(self.last_note, number)

    def _note_words(self, source: str, number: int) -> Paragraph:
        return Paragraph(_markup(self.sources[source]), _NOTE, bulletText=str(number))

    def draw(self, canvas: Canvas, *, head: str) -> None:
        """Every page in order, numbered from 1, each with the running head."""
        for number, page in enumerate(self.pages, 1):
            for words, at in self.chapters:
                if at == number:
                    canvas.bookmarkPage(words)  # pyright: ignore[reportUnknownMemberType]
                    canvas.addOutlineEntry(words, words)  # pyright: ignore[reportUnknownMemberType]
            _furniture(canvas, head=head, number=str(number))
            for flowable, y in page.placed:
                _draw(canvas, flowable, y)
            self._draw_notes(canvas, page)
            canvas.showPage()

    def _draw_notes(self, canvas: Canvas, page: _Page) -> None:
        y = _HEIGHT - _BOTTOM - page.foot + _RULE
        if page.notes:
            canvas.line(_LEFT, _HEIGHT - y + 8, _LEFT + 120, _HEIGHT - y + 8)
        for source, number in page.notes.items():
            note = self._note_words(source, number)
            _draw(canvas, note, y)
            y += _height(note)


def typeset(written: Digest, path: Path, *, about: Sequence[str]) -> None:
    """Sets a digest as a PDF; `about` are the lines of the title page below the title."""
    compositor = _Compositor(written.sources)
    for block in written.blocks:
        compositor.add(block)
    canvas = Canvas(str(path), pagesize=A4, invariant=True, lang="en-GB", pageCompression=1)
    canvas.setTitle(f"Digest of {written.title}")
    canvas.setAuthor("Casebook contributors")
    canvas.addPageLabel(0, style="ROMAN_LOWER", start=1)  # pyright: ignore[reportUnknownMemberType]
    canvas.addPageLabel(2, style="ARABIC", start=1)  # pyright: ignore[reportUnknownMemberType]
    # On the front matter too: what stands on fewer than three pages reads as a line of the body.
    head = f"Digest, not the published words: {_shortened(written.title)}"
    _title_page(canvas, title=written.title, about=about, head=head)
    _contents_page(canvas, compositor.chapters, head=head)
    compositor.draw(canvas, head=head)
    canvas.save()


def _title_page(canvas: Canvas, *, title: str, about: Sequence[str], head: str) -> None:
    page = _Page(y=170)
    page.place(Paragraph("DIGEST", _SECTION))
    page.place(Paragraph(_markup(title), _TITLE))
    for line in about:
        page.place(Paragraph(_markup(line), _PLAIN))
    for flowable, y in page.placed:
        _draw(canvas, flowable, y)
    _furniture(canvas, head=head, number="i")
    canvas.showPage()


def _contents_page(canvas: Canvas, chapters: Sequence[tuple[str, int]], *, head: str) -> None:
    _draw(canvas, Paragraph("Contents", _CHAPTER), _TOP)
    y = _TOP + 44
    for words, page in chapters:
        canvas.setFont("Times-Roman", 11)
        canvas.drawString(_LEFT, _HEIGHT - y, words)
        dots = "." * int((_MEASURE - 30 - canvas.stringWidth(words, "Times-Roman", 11)) / 2.75)
        canvas.drawRightString(_WIDTH - _RIGHT - 20, _HEIGHT - y, dots)
        canvas.drawRightString(_WIDTH - _RIGHT, _HEIGHT - y, str(page))
        y += 20
    _furniture(canvas, head=head, number="ii")
    canvas.showPage()


def _furniture(canvas: Canvas, *, head: str, number: str) -> None:
    canvas.setFont("Times-Italic", 9)
    canvas.drawString(_LEFT, _HEIGHT - 56, head)
    canvas.setFont("Times-Roman", 9)
    canvas.drawCentredString(_WIDTH / 2, 44, number)


def _draw(canvas: Canvas, flowable: Flowable, y: float) -> None:
    height = _height(flowable)
    flowable.drawOn(canvas, _LEFT, _HEIGHT - y - height)


def _height(flowable: Flowable) -> float:
    return flowable.wrap(_MEASURE, _HEIGHT)[1]


def _markup(words: str, numbers: Sequence[int] = ()) -> str:
    emphasised = re.sub(r"\*([^*]+)\*", r"<i>\1</i>", escape(words, quote=False))
    raised = "<super size=7>" + ",".join(map(str, numbers)) + "</super>" if numbers else ""
    return emphasised + raised


def _row(
    cells: Sequence[Sourced],
    *,
    widths: Sequence[float],
    style: ParagraphStyle,
    numbers: Mapping[str, int],
) -> Grid:
    set_cells = [
        Paragraph(_markup(cell.words, [numbers[each] for each in cell.sources]), style)
        for cell in cells
    ]
    lines = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, grey), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    return Grid([set_cells], colWidths=list(widths), style=lines, hAlign="LEFT")


def _widths(rows: Sequence[Sequence[Sourced]]) -> list[float]:
    """Columns as wide as their longest cell asks, the last just wide enough for a standing."""
    *longest, _ = (max(len(cell.words) for cell in column) for column in zip(*rows, strict=True))
    asked = [min(max(length, 8), 60) for length in longest]
    return [(_MEASURE - _STANDING) * each / sum(asked) for each in asked] + [_STANDING]


def _without_source_column(row: Sequence[Sourced]) -> tuple[Sourced, ...]:
    """The sources are raised behind the standing: a number alone in a cell reads as a figure."""
    *cells, standing, source = row
    sources = standing.sources + source.sources
    return (*cells, Sourced(words=f"[{standing.words.strip('[]')}]", sources=sources))


def _shortened(title: str) -> str:
    return title if len(title) <= 60 else title[:57].rsplit(" ", 1)[0] + " ..."


def _about(entry: Mapping[str, object]) -> Iterator[str]:
    yield "An account in our own words, not the published words. Check the published document."
    for name, label in _ABOUT.items():
        if name in entry:
            yield f"{label}: {entry[name]}"
    yield "This digest: Casebook contributors, CC BY 4.0"


def main(folder: Path) -> None:
    """Sets every digest that the manifest above `folder` names and that is written in it."""
    manifest = tomllib.loads((folder.parent / "corpus.toml").read_text(encoding="utf-8"))
    for entry in manifest["document"]:
        name = entry.get("digest")
        if name and (written := (folder.parent / name).with_suffix(".md")).is_file():
            typeset(digest(written), written.with_suffix(".pdf"), about=list(_about(entry)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
