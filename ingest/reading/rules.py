"""Upright ruled lines: the sides of boxes and of table cells, which no printed line crosses."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from ingest.reading.pdfium import Shape

THIN = 2.0
"""Points; a filled shape no wider is a line, a wider one a ground to print on."""
LEAST_HEIGHT = 6.0
"""Points; less is a dash, an underline or a dot."""
SLACK = 0.5
"""Points by which type may touch a rule."""


class Rules:
    """The upright rules of a page, in the frame of the unturned page."""

    def __init__(self, shapes: Iterable[Shape]) -> None:
        sides = sorted(side for shape in shapes for side in _sides(shape))
        self._places = [place for place, _, _ in sides]
        self._reaches = [(top, bottom) for _, top, bottom in sides]

    def part(self, left: float, right: float, *, height: float) -> bool:
        """Whether a rule stands between these places at this height, counted from the top."""
        first = bisect_left(self._places, left - SLACK)
        last = bisect_right(self._places, right + SLACK)
        return any(top < height < bottom for top, bottom in self._reaches[first:last])


def _sides(shape: Shape) -> Iterator[tuple[float, float, float]]:
    """Place, top and bottom of the lines at a shape's left and right; no ground has any."""
    box = shape.box
    if shape.picture or box.bottom - box.top < LEAST_HEIGHT:
        return
    if shape.colour is None or box.x1 - box.x0 < THIN:
        yield (box.x0, box.top, box.bottom)
        yield (box.x1, box.top, box.bottom)
