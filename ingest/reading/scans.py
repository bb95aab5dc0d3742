"""Pages that are pictures: which they are, and what optical recognition reads on them."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import fmean, median
from typing import TYPE_CHECKING

from ingest.model import PageStatus
from ingest.reading.glyphs import Run, Style, TypePage
from ingest.reading.layout import around
from ingest.reading.pdfium import Pdf, PdfPage

if TYPE_CHECKING:
    from PIL.Image import Image

    from ingest.reading.ocr import RecognisedPage, RecognisedWord

DPI = 300
MOST_DOTS = 50_000_000
MOST_OF_PAGE = 0.4
"""Share of a page that a picture covers before its few words are taken for labels only."""
FEW_LETTERS = 200
LOOK = 36
"""Dots an inch at which a page is drawn to see whether anything stands on it."""
LEAST_INK = 0.002
"""Share of a page's dots that differ from its ground where there is something to read."""
ASCENDING = frozenset("bdfhijklt0123456789")
DESCENDING = frozenset("gjpqy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """How a page was read, or why it was not."""

    status: PageStatus
    reason: str | None = None
    confidence: float | None = None
    needs_recognition: bool


def scan(page: PdfPage, printed: TypePage) -> Scan:
    """What kind of page it is, before any recognition."""
    letters = sum(len(run.text) for run in printed.runs)
    if letters and not (letters < FEW_LETTERS and _is_picture(printed)):
        return Scan(status=PageStatus.TEXT, needs_recognition=False)
    if letters:
        reason = "most of the page is a picture whose words are not in the text layer"
        return Scan(status=PageStatus.TEXT, reason=reason, needs_recognition=True)
    if not printed.shapes or not _has_ink(page):
        return Scan(status=PageStatus.EMPTY, reason="nothing is printed", needs_recognition=False)
    reason = "the page has no text layer"
    return Scan(status=PageStatus.SCANNED, reason=reason, needs_recognition=True)


def _is_picture(printed: TypePage) -> bool:
    area = printed.width * printed.height
    pictures = (shape.box for shape in printed.shapes if shape.picture)
    return any((b.x1 - b.x0) * (b.bottom - b.top) > MOST_OF_PAGE * area for b in pictures)


def _has_ink(page: PdfPage) -> bool:
    image = page.picture(dpi=LOOK)
    counts = image.histogram()
    ground = max(range(len(counts)), key=counts.__getitem__)
    other = sum(count for level, count in enumerate(counts) if abs(level - ground) > 48)
    return other > LEAST_INK * image.width * image.height


def recognised(
    document: Pdf, pages: Sequence[TypePage], scans: dict[int, Scan]
) -> tuple[list[TypePage], dict[int, Scan]]:
    """The pages with recognised type where there was none, and how each was read."""
    wanted = [page.number for page in pages if scans[page.number].needs_recognition]
    if not wanted:
        return list(pages), scans
    from ingest.reading import ocr

    missing = ocr.available()
    if missing is not None:
        return list(pages), {n: _unread(each, missing) for n, each in scans.items()}
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    read = dict(zip(wanted, ocr.recognise_each(_pictures(document, wanted), dpi=DPI), strict=True))
    outcomes = {page.number: _outcome(page, scans[page.number], read) for page in pages}
    return [page for page, _ in outcomes.values()], {n: each for n, (_, each) in outcomes.items()}


def _unread(each: Scan, why: str) -> Scan:
    if not each.needs_recognition:
        return each
    return replace(each, reason=f"{each.reason}; {why}")


def _pictures(document: Pdf, numbers: Sequence[int]) -> "Iterator[Image]":
    for number in numbers:
        page = document.page(number)
        # A poster set as one page must not take more memory than the process has.
        dpi = min(DPI, 72 * (MOST_DOTS / (page.width * page.height)) ** 0.5)
        picture = page.picture(dpi=dpi)
        page.close()
        yield picture


def _outcome(
    page: TypePage, before: Scan, read: "dict[int, RecognisedPage]"
) -> tuple[TypePage, Scan]:
    found = read.get(page.number)
    if found is None:
        return page, before
    words = sum(len(word.text) for word in found.words)
    if words <= 2 * sum(len(run.text) for run in page.runs):
        return page, _unread(before, found.reason or "recognition found no more")
    turned = page.rotation % 2 == 1
    seen = replace(
        page,
        width=page.height if turned else page.width,
        height=page.width if turned else page.height,
        rotation=0,
        runs=tuple(_runs(found.words)),
        shapes=(),
        plain="",
    )
    scan = Scan(
        status=PageStatus.OCR, confidence=found.confidence, reason=None, needs_recognition=False
    )
    return seen, scan


def _runs(words: "Sequence[RecognisedWord]") -> list[Run]:
    lines = [list(line) for _, line in groupby(words, key=lambda w: (w.block, w.paragraph, w.line))]
    sizes = [_size(line) for line in lines]
    usual = median(sizes) if sizes else 0.0
    return [
        _run(line, usual if abs(size - usual) < 0.2 * usual else round(size, 1))
        for line, size in zip(lines, sizes, strict=True)
    ]


def _run(line: "Sequence[RecognisedWord]", size: float) -> Run:
    box = around(word.box for word in line)
    return Run(
        text=" ".join(word.text for word in line),
        box=box,
        baseline=median(word.box.bottom for word in line),
        style=Style(size=round(size, 1), bold=False, italic=False, font="", colour=(0, 0, 0)),
        frame=0,
        confidence=fmean(word.confidence for word in line),
    )


def _size(line: "Sequence[RecognisedWord]") -> float:
    """Type size from the heights of words, by which of their letters rise and descend."""
    return median(_word_size(word) for word in line)


def _word_size(word: "RecognisedWord") -> float:
    height = word.box.bottom - word.box.top
    tall = any(c in ASCENDING or c.isupper() for c in word.text)
    deep = any(c in DESCENDING for c in word.text)
    return height * (1.05 if tall and deep else 1.4 if tall or deep else 2.0)
