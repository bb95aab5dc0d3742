"""Words that a reader of the page would not see: flagged, never dropped.

A glyph alone tells that it is invisible, minute or of no width. Whether it is white on white or
off the sheet depends on the page. A scanned page carries its recognised words as invisible type
over the picture: those are what the reader sees, and are not flagged.
"""

from collections.abc import Sequence
from dataclasses import replace

from ingest.model import Box
from ingest.reading.glyphs import Run, TypePage
from ingest.reading.pdfium import Shape, turn

INVISIBLE = "invisible text"
NEAR_WHITE = 245
"""Of 255, in every colour; paler type cannot be read on paper."""
MOST_RUNS = 0.8
MOST_OF_PAGE = 0.6


def flagged(page: TypePage) -> TypePage:
    """The page with every hidden run saying why."""
    if _is_scan_with_text(page):
        return replace(page, runs=tuple(_without(run, INVISIBLE) for run in page.runs))
    return replace(page, runs=tuple(_flagged(run, page) for run in page.runs))


def _is_scan_with_text(page: TypePage) -> bool:
    invisible = sum(any(why == INVISIBLE for *_, why in run.hidden) for run in page.runs)
    area = page.width * page.height
    pictured = any(
        shape.picture and _area(shape.box) > MOST_OF_PAGE * area for shape in page.shapes
    )
    return pictured and invisible > MOST_RUNS * len(page.runs)


def _without(run: Run, reason: str) -> Run:
    return replace(run, hidden=tuple(each for each in run.hidden if each[2] != reason))


def _flagged(run: Run, page: TypePage) -> Run:
    reason = _reason(run, page)
    return replace(run, hidden=((0, len(run.text), reason),)) if reason else run


def _reason(run: Run, page: TypePage) -> str | None:
    width, height = (page.width, page.height) if run.frame % 2 == 0 else (page.height, page.width)
    box = turn(run.box, quarters=-run.frame, width=width, height=height)
    if box.x1 < 0 or box.x0 > page.width or box.bottom < 0 or box.top > page.height:
        return "outside the page"
    if min(run.style.colour) >= NEAR_WHITE and not _has_ground(box, page.shapes):
        return "white on white"
    return None


def _has_ground(box: Box, shapes: Sequence[Shape]) -> bool:
    """Whether a picture or a coloured panel lies behind the middle of the box."""
    x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
    return any(
        (shape.picture or (shape.colour is not None and min(shape.colour) < NEAR_WHITE))
        and shape.box.x0 <= x <= shape.box.x1
        and shape.box.top <= y <= shape.box.bottom
        for shape in shapes
    )


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.bottom - box.top)
