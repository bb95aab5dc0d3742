"""Printed paragraph numbers, told from numbers that merely begin a line.

A number is believed as a member of a series: it follows the one before it in step and stands in
the same margin. "4.184 above." at the start of a line, after paragraph 4.190, belongs to none.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.reading.layout import PrintedLine

DOTTED = re.compile(r"((?:[A-Z]{1,2}\d{0,2}|\d{1,2})\.)(\d{1,3})(?:\.?(?=\s|$)|\.(?=[A-Z“‘(\[]))")
"""The space after the full stop may have been left out."""
PLAIN = re.compile(r"()(\d{1,3})(\.?)(?=\s|$)")
ITEM = re.compile(
    r"(?:([•●○▪■◦‣–—\-*\uf0b7\uf0a7])\s+|(\(?(?:[a-z]{1,2}|[ivx]{1,5}|\d{1,2})\))\s*|([A-Za-z]\.)\s+)(?=\S)"
)
SPELT_OUT = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|seventeen|eighteen|nineteen|twenty"
)
"""Numbers in words, from one up."""
LARGEST_STEP = 3
"""Numbers a series may skip: one lost to a damaged page must not end it."""
SAME_MARGIN = 6.0
"""Points; numbers of one series are flush left or right with each other."""
LARGER = 1.06
"""Type size over the body's from which a number is a heading's own."""
LEAST_MEMBERS = 4
"""Below this a series of plain numbers is a list inside a paragraph."""


@dataclass(slots=True)
class _Series:
    prefix: str
    dotted: bool
    margins: list[float]
    last: int
    members: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])


def paragraph_numbers(lines: Sequence[PrintedLine], *, size: float) -> dict[int, str]:
    """Index of a line to the paragraph number printed at its start; `lines` in reading order.

    `size` is the body's type size.
    """
    series: list[_Series] = []
    for index, line in enumerate(lines):
        if line.table or line.style.size > LARGER * size:
            continue
        candidate = _candidate(lines, index)
        if candidate:
            _take(series, candidate, index, line.box.x0)
    margin = min((min(s.margins) for s in series if _is_long(s)), default=0.0)
    believed = [s for s in series if _is_long(s) and min(s.margins) <= margin + 60]
    return {
        index: number
        for each in believed
        for index, number in each.members
        if each.dotted or not _nested(each, index, believed)
    }


def item_marker(text: str) -> str | None:
    """The bullet, letter or bracketed number that opens a list item, as printed."""
    match = ITEM.match(text)
    return next((group for group in match.groups() if group), None) if match else None


def _candidate(lines: Sequence[PrintedLine], index: int) -> tuple[str, int, str] | None:
    """Prefix, value and number as printed."""
    line = lines[index]
    if match := DOTTED.match(line.text):
        return match.group(1), int(match.group(2)), match.group(1) + match.group(2)
    match = PLAIN.match(line.text)
    if match is None or not (match.group(3) or _hangs(lines, index)):
        return None
    return "", int(match.group(2)), match.group(2)


def _hangs(lines: Sequence[PrintedLine], index: int) -> bool:
    """Whether the next line stands clear of the number's margin."""
    if index + 1 == len(lines):
        return False
    line, below = lines[index], lines[index + 1]
    return below.page == line.page and 8 < below.box.x0 - line.box.x0 < 80


def _take(
    series: list[_Series], candidate: tuple[str, int, str], index: int, margin: float
) -> None:
    prefix, value, number = candidate
    for each in reversed(series):
        if each.prefix == prefix and _in_margin(each, margin) and _in_step(each, value):
            each.last = value
            each.members.append((index, number))
            if margin not in each.margins:
                each.margins.append(margin)
            return
    known = any(each.prefix == prefix for each in series)
    if value == 1 or (prefix and not known and value <= LARGEST_STEP):
        series.append(_Series(prefix, bool(prefix), [margin], value, [(index, number)]))


def _in_margin(series: _Series, margin: float) -> bool:
    # A dotted number is hardly ever a coincidence; left and right pages may be set differently.
    return bool(series.prefix) or any(abs(margin - m) <= SAME_MARGIN for m in series.margins)


def _in_step(series: _Series, value: int) -> bool:
    return 1 <= value - series.last <= (LARGEST_STEP if series.dotted else 1)


def _is_long(series: _Series) -> bool:
    return series.dotted or len(series.members) >= LEAST_MEMBERS


def _nested(series: _Series, index: int, believed: Sequence[_Series]) -> bool:
    """Whether the line stands inside another series, set further in than that one's numbers."""
    return any(
        other is not series
        and min(other.margins) < min(series.margins) - SAME_MARGIN
        and other.members[0][0] < index < other.members[-1][0]
        for other in believed
    )
