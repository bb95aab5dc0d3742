"""Plots as SVG that stands in a page by itself: no script, no font, nothing to load.

Colours come from the page, by the class of a series: `s0`, `s1` ... Every mark has a title, which
a browser shows under the pointer and a screen reader reads.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from eval.significance import Interval

WIDTH = 720
_LEFT, _RIGHT, _ROW, _AXIS = 205, 30, 22, 34


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Values to pixels along one side; logarithmic where values span decades."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def __call__(self, value: float) -> float:
        place = self._even(value) - self._even(self.low)
        return self.start + (self.end - self.start) * place / (
            self._even(self.high) - self._even(self.low)
        )

    def _even(self, value: float) -> float:
        return math.log10(max(value, self.low)) if self.logarithmic else value

    def ticks(self) -> tuple[float, ...]:
        """Round values, from five to eight of them or the decades with their halves."""
        if self.logarithmic:
            decades = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
            marks = (step * 10.0**decade for decade in decades for step in (1, 2, 5))
            return tuple(mark for mark in marks if self.low <= mark <= self.high)
        rough = (self.high - self.low) / 5
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(power * each for each in (1, 2, 5, 10) if power * each >= rough)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return tuple(round(step * n, 10) for n in range(first, last + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A value of a series, with its interval where it has one."""

    series: int
    value: float
    title: str
    interval: Interval | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A label with the dots that stand on its line."""

    label: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A label with many values on its line, and marks upon the line; both with their titles."""

    label: str
    series: int
    values: tuple[tuple[float, str], ...]
    marks: tuple[tuple[float, str], ...]


def dots(rows: Sequence[Row], *, low: float = 0.0, high: float = 1.0) -> Markup:
    """Rows of dots over one axis; those with intervals stand a little apart, others on a line."""
    series = 1 + max((dot.series for row in rows for dot in row.dots if dot.interval), default=0)
    tall = max(_ROW, 9 * series + 8)
    height = tall * len(rows) + _AXIS
    across = Scale(low=low, high=high, start=_LEFT, end=WIDTH - _RIGHT)
    drawn = [_grid(across, height - _AXIS)]
    for place, row in enumerate(rows):
        middle = tall * (place + 0.5)
        drawn.append(_text(_LEFT - 10, middle + 4, row.label, anchor="end"))
        if series == 1 and row.dots:
            ends = [across(dot.value) for dot in row.dots]
            drawn.append(_line(min(ends), middle, max(ends), middle, style="between"))
        # The first series is what is measured: it is drawn last, over the others.
        for dot in reversed(row.dots):
            apart = 9 * (dot.series - (series - 1) / 2) if dot.interval else 0
            drawn.append(_dot(dot, across, middle + apart))
    return _svg(height, drawn)


def bars(values: Sequence[tuple[float, str]], *, label: str) -> Markup:
    """One bar a query, up or down from nought, in the order given."""
    height = 220
    most = max([0.1, *(abs(value) for value, _ in values)])
    up = Scale(low=-most, high=most, start=height - 14, end=14)
    wide = (WIDTH - 50 - _RIGHT) / max(1, len(values))
    drawn = [_levels(up, left=50)]
    for place, (value, title) in enumerate(values):
        top, foot = sorted((up(value), up(0)))
        drawn.append(
            _mark(
                "rect",
                title,
                x=50 + place * wide,
                y=top if value else top - 1,
                width=max(1.0, wide - 1),
                height=max(2.0, foot - top),
                class_="gain" if value > 0 else "loss" if value < 0 else "same",
            )
        )
    drawn.append(_text(12, height / 2, label, anchor="middle", turned=True))
    return _svg(height, drawn)


def curves(lines: Sequence[Sequence[float]], names: Sequence[str], *, across: str) -> Markup:
    """A line for each series over 1, 2, 3 ..., on a logarithmic axis, named at its end."""
    height, right = 320, 90
    up = Scale(low=0, high=1, start=height - _AXIS, end=12)
    along = Scale(low=1, high=max(map(len, lines)), start=50, end=WIDTH - right, logarithmic=True)
    drawn = [_levels(up, left=50, right=right), _grid(along, height - _AXIS, top=12)]
    ends = _apart([up(line[-1]) for line in lines], least=15)
    for series, (line, name, end) in enumerate(zip(lines, names, ends, strict=True)):
        points = " ".join(f"{along(k):.1f},{up(value):.1f}" for k, value in enumerate(line, 1))
        drawn.append(Markup('<polyline class="line s{}" points="{}"/>').format(series, points))
        drawn.append(_text(WIDTH - right + 6, end + 4, name, style=f"name s{series}"))
    drawn.append(_text((50 + WIDTH - right) / 2, height - 2, across, anchor="middle"))
    return _svg(height, drawn)


def strips(rows: Sequence[Strip], across: Scale, *, label: str) -> Markup:
    """Rows of many dots, set a little up and down so that near ones can be told apart."""
    tall = 58
    foot = tall * len(rows) + 4
    drawn = [_grid(across, foot)]
    for place, row in enumerate(rows):
        middle = tall * (place + 0.55)
        drawn.append(_text(_LEFT - 10, middle + 4, row.label, anchor="end"))
        drawn += [
            _scattered(across(value), middle, number, title=title, series=row.series)
            for number, (value, title) in enumerate(row.values)
        ]
        for value, title in row.marks:
            at = across(value)
            drawn.append(_line(at, middle - 16, at, middle + 16, style="mark"))
            drawn.append(_text(at, middle - 19, title, anchor="middle", style="small"))
    drawn.append(_text((_LEFT + WIDTH - _RIGHT) / 2, foot + 36, label, anchor="middle"))
    return _svg(foot + 44, drawn)


def spread(rows: Mapping[str, Sequence[float]]) -> Scale:
    """A logarithmic scale that holds all values of the rows."""
    values = [value for row in rows.values() for value in row if value > 0] or [1.0]
    low, high = min(values), max(values)
    return Scale(
        low=low / 1.15,
        high=max(high * 1.15, low * 2),
        start=_LEFT,
        end=WIDTH - _RIGHT,
        logarithmic=True,
    )


def share() -> Scale:
    """A scale from 0 to 1."""
    return Scale(low=0, high=1, start=_LEFT, end=WIDTH - _RIGHT)


def _dot(dot: Dot, across: Scale, middle: float) -> Markup:
    whisker = Markup()
    if dot.interval is not None:
        low, high = across(max(dot.interval.low, across.low)), across(dot.interval.high)
        whisker = _line(low, middle, high, middle, style=f"whisker s{dot.series}")
    return whisker + _mark(
        "circle", dot.title, cx=across(dot.value), cy=middle, r=4.2, class_=f"point s{dot.series}"
    )


def _scattered(x: float, middle: float, number: int, *, title: str, series: int) -> Markup:
    golden_angle = 2.399963
    y = middle + 9 * math.sin(number * golden_angle)
    return _mark("circle", title, cx=x, cy=y, r=3.2, class_=f"point s{series}")


def _grid(across: Scale, foot: float, *, top: float = 0) -> Markup:
    return Markup().join(
        _line(across(tick), top, across(tick), foot, style="grid")
        + _text(across(tick), foot + 15, f"{tick:g}", anchor="middle", style="small")
        for tick in across.ticks()
    )


def _levels(up: Scale, *, left: float, right: float = _RIGHT) -> Markup:
    return Markup().join(
        _line(left, up(tick), WIDTH - right, up(tick), style="grid" if tick else "nought")
        + _text(left - 6, up(tick) + 4, f"{tick:g}", anchor="end", style="small")
        for tick in up.ticks()
    )


def _apart(places: Sequence[float], *, least: float) -> list[float]:
    """The places in their order, moved down as far as it takes for names not to overlap."""
    moved, last = list(places), -math.inf
    for at in sorted(range(len(places)), key=lambda n: places[n]):
        last = moved[at] = max(places[at], last + least)
    return moved


def _svg(height: float, drawn: Iterable[Markup]) -> Markup:
    return Markup('<svg viewBox="0 0 {} {:.0f}" role="img">{}</svg>').format(
        WIDTH, height, Markup().join(drawn)
    )


def _line(x1: float, y1: float, x2: float, y2: float, *, style: str) -> Markup:
    return Markup('<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" class="{}"/>').format(
        x1, y1, x2, y2, style
    )


def _text(
    x: float,
    y: float,
    words: str,
    *,
    anchor: str = "start",
    style: str = "",
    turned: bool = False,
) -> Markup:
    turn = Markup(' transform="rotate(-90 {:.1f} {:.1f})"').format(x, y) if turned else Markup()
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}" class="{}"{}>{}</text>').format(
        x, y, anchor, style, turn, words
    )


def _mark(shape: str, title: str, *, class_: str, **places: float) -> Markup:
    where = Markup(" ").join(
        Markup('{}="{:.1f}"').format(name, value) for name, value in places.items()
    )
    return Markup('<{0} {1} class="{2}"><title>{3}</title></{0}>').format(
        shape, where, class_, escape(title)
    )
