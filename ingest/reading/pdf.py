"""A PDF as a Reading. pypdf has said what the file is; pdfium gives the type and its places.

The order of work is the order of this module: type, rows, furniture, lines, notes, numbers,
paragraphs, headings, text.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.model import Box, Extraction, Page, PageStatus, Reading, Span
from ingest.reading import blocks as printed
from ingest.reading.canonical import Place, Transcript, transcript
from ingest.reading.fidelity import losses
from ingest.reading.footnotes import (
    PrintedNote,
    attach_stray_markers,
    body_size,
    markers_by_page,
    split_notes,
)
from ingest.reading.furniture import Furniture, SheetRow, furniture
from ingest.reading.glyphs import TypePage, type_page
from ingest.reading.headings import LARGER, entries, mark_headings
from ingest.reading.hidden import flagged
from ingest.reading.layout import PrintedLine, Row, lines, rows
from ingest.reading.numbering import paragraph_numbers
from ingest.reading.pdffile import PdfFacts
from ingest.reading.pdfium import Pdf, PdfiumError, Shape, turn
from ingest.reading.scans import Scan, recognised, scan

MOST_GLYPHS = 50_000
"""On one page; the densest of 518 pages of real reports holds 4,400."""
TITLE = 0.7
"""Share of the largest type on a cover that its title is set in, be it in two sizes."""
LONGEST_TITLE = 250
progress = logging.getLogger("ingest.page")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The rows of a page that read upright in one frame."""

    page: int
    frame: int
    box: Box
    rows: tuple[Row, ...]


def read_pdf(path: Path, *, facts: PdfFacts) -> Reading:
    """The document's Reading; raises DamagedFile where pdfium cannot open it."""
    with Pdf(path) as document:
        pages, scans = _pages(document, facts.page_count)
    return reading(pages, scans, facts)


def _pages(document: Pdf, count: int) -> tuple[list[TypePage], dict[int, Scan]]:
    """Every page's type; of pages without a text layer, what was recognised or why not."""
    pages: list[TypePage] = []
    scans: dict[int, Scan] = {}
    for number in range(1, count + 1):
        progress.debug("page %d", number)
        try:
            page = document.page(number)
            pages.append(flagged(type_page(page, number, most_glyphs=MOST_GLYPHS)))
            looked = scan(page, pages[-1])
            page.close()
        except (PdfiumError, ValueError, IndexError) as error:
            pages.append(_failed(number))
            looked = Scan(status=PageStatus.FAILED, reason=str(error), needs_recognition=False)
        scans[number] = looked
    return recognised(document, pages, scans)


def _failed(number: int) -> TypePage:
    return TypePage(number=number, width=612.0, height=792.0, rotation=0, runs=(), shapes=())


def reading(pages: Sequence[TypePage], scans: dict[int, Scan], facts: PdfFacts) -> Reading:
    """The Reading of pages already turned into type."""
    sheets = [sheet for page in pages for sheet in _sheets(page)]
    found = furniture(
        [
            SheetRow(page=sheet.page, frame=sheet.frame, height=sheet.box.bottom, row=row)
            for sheet in sheets
            for row in sheet.rows
        ],
        labels=facts.labels,
    )
    bodies, notes, size = _bodies(pages, sheets, found)
    body = _blocks(bodies, facts, size)
    written = transcript(body, notes, place=_placer(pages))
    read = Reading(
        text=written.text,
        extraction=_extraction(scans),
        pages=tuple(_page(page, written, scans[page.number], found, facts) for page in pages),
        lines=written.lines,
        paragraphs=written.paragraphs,
        notes=written.notes,
        hidden=written.hidden,
        title=_title(bodies, size) or facts.title,
        furniture=found.texts,
    )
    return replace(
        read, losses=losses({page.number: page.plain for page in pages if page.plain}, read)
    )


def _sheets(page: TypePage) -> list[Sheet]:
    sheets: list[Sheet] = []
    for frame in sorted({run.frame for run in page.runs}):
        width, height = _turned(page, frame)
        upright = rows(run for run in page.runs if run.frame == frame)
        box = Box(x0=0.0, top=0.0, x1=width, bottom=height)
        sheets.append(Sheet(page=page.number, frame=frame, box=box, rows=tuple(upright)))
    return sheets


def _turned(page: TypePage, frame: int) -> tuple[float, float]:
    return (page.height, page.width) if frame % 2 else (page.width, page.height)


def _turned_shapes(page: TypePage, frame: int) -> list[Shape]:
    size = {"width": page.width, "height": page.height}
    return [replace(shape, box=turn(shape.box, quarters=frame, **size)) for shape in page.shapes]


def _bodies(
    pages: Sequence[TypePage], sheets: Sequence[Sheet], found: Furniture
) -> tuple[list[list[PrintedLine]], list[PrintedNote], float]:
    by_page: dict[int, list[PrintedLine]] = {page.number: [] for page in pages}
    by_number = {page.number: page for page in pages}
    for sheet in sheets:
        kept = [
            row
            for row in sheet.rows
            if (sheet.page, sheet.frame, row.baseline, row.box.x0) not in found.rows
        ]
        by_page[sheet.page] += lines(
            kept,
            page=sheet.page,
            shapes=_turned_shapes(by_number[sheet.page], sheet.frame),
            sheet=sheet.box,
        )
    every = list(by_page.values())
    size = body_size(line for page in every for line in page)
    bodies, notes = split_notes(every, size=size)
    markers = markers_by_page(notes)
    return [attach_stray_markers(body, markers) for body in bodies], notes, size


def _blocks(
    bodies: Sequence[Sequence[PrintedLine]], facts: PdfFacts, size: float
) -> list[printed.Block]:
    numbers = paragraph_numbers([line for body in bodies for line in body], size=size)
    found = printed.blocks(bodies, numbers=numbers, size=size)
    listed = entries(facts.outline, found)
    return printed.joined(mark_headings(found, listed=listed, size=size))


def _placer(pages: Sequence[TypePage]) -> Place:
    by_number = {page.number: page for page in pages}

    def place(line: PrintedLine) -> Box:
        page = by_number[line.page]
        width, height = _turned(page, line.frame)
        return turn(line.box, quarters=page.rotation - line.frame, width=width, height=height)

    return place


def _page(
    page: TypePage, written: Transcript, looked: Scan, found: Furniture, facts: PdfFacts
) -> Page:
    spans = [line.span for line in written.lines if line.page == page.number]
    body_end = written.notes[0].span.start if written.notes else len(written.text)
    body = [span for span in spans if span.start < body_end]
    width, height = _turned(page, page.rotation)
    return Page(
        number=page.number,
        status=looked.status,
        printed=found.printed.get(page.number),
        label=facts.labels[page.number - 1] if page.number <= len(facts.labels) else None,
        span=Span(min(s.start for s in body), max(s.end for s in body)) if body else None,
        width=width,
        height=height,
        reason=looked.reason,
        confidence=looked.confidence,
    )


def _extraction(scans: dict[int, Scan]) -> Extraction:
    statuses = [looked.status for looked in scans.values()]
    read = [s for s in statuses if s in (PageStatus.TEXT, PageStatus.OCR)]
    return (
        Extraction.OCR if read and read.count(PageStatus.OCR) > len(read) / 2 else Extraction.TEXT
    )


def _title(bodies: Sequence[Sequence[PrintedLine]], size: float) -> str | None:
    """The largest type of the first page that has any, where it is larger than the body's."""
    first: Sequence[PrintedLine] = next((body for body in bodies if body), ())
    largest = max((line.style.size for line in first), default=0.0)
    if largest < LARGER * size:
        return None
    lines = [line.text.strip() for line in first if line.style.size >= TITLE * largest]
    return " ".join(lines)[:LONGEST_TITLE]
