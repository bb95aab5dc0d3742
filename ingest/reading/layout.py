"""Reading order: runs of type gathered into rows, columns, tables and lines.

A gutter is a strip of paper that no run crosses for several rows while both its sides hold text.
Gutters split a stretch of rows into columns. Columns whose lines fill their width are read one
after the other; anything else is a table, read row by row and cell by cell.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ingest.model import Box
from ingest.reading.glyphs import Run, Style
from ingest.reading.labels import labels, scattered
from ingest.reading.pdfium import Shape
from ingest.reading.rules import Rules

LEAST_GUTTER = 0.8
"""In type sizes; word spaces in loose justified lines stay below half of one."""
LEAST_DRAWN = 3
"""Parts a table is drawn in before its rows are those parts; a rule under its head makes two."""
RUNNING_ON = 0.3
"""Share of lines in a table's cells that begin in lower case where cells hold sentences."""
LEAST_ROWS = 3
"""Rows with text on both sides before a strip of paper counts as a gutter."""
HEADING_SIZE = 1.25
"""Times the type of the row above, from which a row on one side of a gutter is a heading below."""
RULED_ACROSS = 0.9
"""Share of a table's width that a level rule crosses, and of its rows that an upright one parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Runs that stand on one baseline, left to right, across the whole page."""

    runs: tuple[Run, ...]
    baseline: float

    @property
    def box(self) -> Box:
        return around(run.box for run in self.runs)

    @property
    def text(self) -> str:
        return " ".join(run.text for run in self.runs)

    @property
    def size(self) -> float:
        return max((run.style.size for run in self.runs), default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLine:
    """One line of a column, a table's row, or a label, as text with its place."""

    text: str
    page: int
    box: Box
    """In the frame it reads upright in."""
    frame: int
    style: Style
    raised: tuple[tuple[int, int], ...] = ()
    hidden: tuple[tuple[int, int, str], ...] = ()
    column: Box
    """The column it stands in."""
    table: int = 0
    """Which table of the page it is part of, counted from 1; 0 for none."""
    container: int = 0
    """Which box or panel of the page it stands in, counted from 1; 0 for none."""
    confidence: float | None = None

    @property
    def height(self) -> float:
        return self.box.bottom - self.box.top


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds all of them; raises ValueError for none."""
    every = list(boxes)
    return Box(
        x0=min(box.x0 for box in every),
        top=min(box.top for box in every),
        x1=max(box.x1 for box in every),
        bottom=max(box.bottom for box in every),
    )


def rows(runs: Iterable[Run]) -> list[Row]:
    """Rows from the top of the page down; a raised note marker joins the row it is raised from."""
    gathered: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (-run.style.size > -4, run.baseline)):
        home = next((row for row in reversed(gathered[-80:]) if _same_row(row, run)), None)
        if home is None:
            gathered.append([run])
        else:
            home.append(run)
    found = [
        Row(
            runs=tuple(sorted(row, key=lambda run: run.box.x0)),
            baseline=max(row, key=lambda run: (run.style.size, len(run.text))).baseline,
        )
        for row in gathered
    ]
    return sorted(found, key=lambda row: row.baseline)


def _same_row(row: list[Run], run: Run) -> bool:
    main = row[0]
    size = min(main.style.size, run.style.size)
    if abs(main.baseline - run.baseline) <= 0.25 * size:
        return True
    small, large = sorted((main, run), key=lambda each: each.style.size)
    beside = any(
        -0.5 < run.box.x0 - other.box.x1 < 0.6 * large.style.size
        or -0.5 < other.box.x0 - run.box.x1 < 0.6 * large.style.size
        for other in row
    )
    return (
        beside
        and len(small.text) <= 8
        and small.style.size < 0.8 * large.style.size
        and 0 < large.baseline - small.baseline < 0.7 * large.style.size
    )


def lines(
    page_rows: Sequence[Row], *, page: int, shapes: Sequence[Shape], sheet: Box
) -> list[PrintedLine]:
    """The page's lines in reading order."""
    found: list[PrintedLine] = []
    rules = Rules(shapes)
    tables = 0
    for band, gutters in _arranged(page_rows):
        if gutters is None:
            tables += 1
            found += [replace(line, table=tables) for line in _label_lines(band, page=page)]
            continue
        if not gutters:
            column = around(row.box for row in band)
            pieces = [runs for row in band for runs in _between_rules(row, rules)]
            found += [_line(runs, page=page, column=column) for runs in pieces]
            continue
        columns = _columns(band, gutters)
        if _is_prose(columns) and not _is_ruled(band, gutters, shapes=shapes, rules=rules):
            for column_rows in columns:
                column = around(row.box for row in column_rows)
                found += [_line(row.runs, page=page, column=column) for row in column_rows]
        else:
            tables += 1
            cells = _table(band, gutters, page=page, shapes=shapes)
            found += [replace(line, table=tables) for line in cells]
    return _contained(found, shapes, sheet)


def _between_rules(row: Row, rules: Rules) -> list[list[Run]]:
    """The row's runs, apart where a rule stands between them."""
    pieces: list[list[Run]] = []
    for run in row.runs:
        middle = (run.box.top + run.box.bottom) / 2
        if pieces and not rules.part(pieces[-1][-1].box.x1, run.box.x0, height=middle):
            pieces[-1].append(run)
        else:
            pieces.append([run])
    return pieces


def _arranged(
    page_rows: Sequence[Row],
) -> Iterator[tuple[Sequence[Row], list[tuple[float, float]] | None]]:
    """Bands with their gutters; between them stretches of scattered labels, with None."""
    at = 0
    for stretch in scattered([row.runs for row in page_rows]):
        yield from _bands(page_rows[at : stretch.start])
        yield page_rows[stretch.start : stretch.end], None
        at = stretch.end
    yield from _bands(page_rows[at:])


def _label_lines(page_rows: Sequence[Row], *, page: int) -> Iterator[PrintedLine]:
    for label in labels([row.runs for row in page_rows]):
        column = around(run.box for run in label)
        yield from (_line([run], page=page, column=column) for run in label)


def _bands(page_rows: Sequence[Row]) -> list[tuple[list[Row], list[tuple[float, float]]]]:
    """Stretches of rows that share the same gutters; no gutters for ordinary single-column text."""
    bands: list[tuple[list[Row], list[tuple[float, float]]]] = []
    plain: list[Row] = []
    at = 0
    while at < len(page_rows):
        end, gutters = _gutters_from(page_rows, at)
        if not gutters:
            plain.append(page_rows[at])
            at += 1
            continue
        if plain:
            bands.append((plain, []))
            plain = []
        bands.append((list(page_rows[at:end]), gutters))
        at = end
    if plain:
        bands.append((plain, []))
    return bands


def _gutters_from(page_rows: Sequence[Row], at: int) -> tuple[int, list[tuple[float, float]]]:
    """Where the band that begins at this row ends, and its gutters from left to right."""
    reaches = [_reach(page_rows, at, gap) for gap in _gaps(page_rows[at])]
    kept = [reach for reach in reaches if reach is not None]
    if not kept:
        return at, []
    end = max(kept, key=lambda reach: reach[0])[0]
    gutters = [(low, high) for reach_end, low, high in kept if reach_end - at >= 0.6 * (end - at)]
    if all(_only_labels(page_rows[at:end], high) for _, high in gutters[:1]):
        gutters = gutters[1:]
    if not gutters:
        return at, []
    gutters = _with_others(gutters, page_rows[at:end])
    hung = _only_labels(page_rows[at:end], gutters[0][1])
    return end, gutters[1:] if hung else gutters


def _with_others(
    gutters: Sequence[tuple[float, float]], band: Sequence[Row]
) -> list[tuple[float, float]]:
    """The gutters, and those that the band's first row does not show, having a cell empty."""
    found = list(gutters)
    for low, high in (gap for row in band for gap in _gaps(row)):
        if all(high <= left or right <= low for left, right in found):
            found += _open_throughout(band, low, high)
    return sorted(found)


def _open_throughout(band: Sequence[Row], low: float, high: float) -> list[tuple[float, float]]:
    """The gap as all the rows leave it, where enough of them have text on both its sides."""
    both = 0
    for row in band:
        squeezed = _squeeze(row, low, high)
        if squeezed is None:
            return []
        low, high, two_sided = squeezed
        both += two_sided
    return [(low, high)] if both >= LEAST_ROWS else []


def _gaps(row: Row) -> list[tuple[float, float]]:
    wide = LEAST_GUTTER * min(row.size or 10.0, 12.0)
    return [
        (left.box.x1, right.box.x0)
        for left, right in pairwise(row.runs)
        if right.box.x0 - left.box.x1 >= wide
    ]


def _reach(
    page_rows: Sequence[Row], at: int, gap: tuple[float, float]
) -> tuple[int, float, float] | None:
    """How far down a gap stays open: the row after the last that has text on both its sides."""
    low, high = gap
    both, end = 0, at
    last = page_rows[at]
    for index in range(at, len(page_rows)):
        row = page_rows[index]
        if row.baseline - last.baseline > 5 * max(row.size, last.size, 8.0):
            break
        squeezed = _squeeze(row, low, high)
        if squeezed is None:
            break
        low, high, two_sided = squeezed
        if not two_sided and _is_headline(row, last):
            break
        near = row.baseline - last.baseline < 1.8 * max(row.size, last.size)
        if two_sided:
            both += 1
            end = index + 1
        elif near and end == index:
            end = index + 1
        last = row
    return (end, low, high) if both >= LEAST_ROWS else None


def _is_headline(row: Row, above: Row) -> bool:
    """Whether the row is set as a heading is, beside the one above it."""
    bold = all(run.style.bold for run in row.runs)
    return bold and row.size > HEADING_SIZE * above.size


def _squeeze(row: Row, low: float, high: float) -> tuple[float, float, bool] | None:
    """The gutter as this row leaves it, and whether text stands on both sides; None if crossed."""
    middle = (low + high) / 2
    left = [run.box.x1 for run in row.runs if (run.box.x0 + run.box.x1) / 2 < middle]
    right = [run.box.x0 for run in row.runs if (run.box.x0 + run.box.x1) / 2 >= middle]
    new_low, new_high = max([low, *left]), min([high, *right])
    if new_high - new_low < 0.5 * LEAST_GUTTER * min(row.size or 10.0, 12.0):
        return None
    return new_low, new_high, bool(left and right)


def _only_labels(band: Sequence[Row], edge: float) -> bool:
    """True where what stands left of the edge is numbers, bullets and letters hung in a margin."""
    labels = [run.text for row in band for run in row.runs if run.box.x1 <= edge + 1]
    return all(len(label.strip()) <= 6 and " " not in label.strip() for label in labels)


def _columns(band: Sequence[Row], gutters: Sequence[tuple[float, float]]) -> list[list[Row]]:
    edges = [(low + high) / 2 for low, high in gutters]
    columns: list[list[Row]] = []
    for left, right in pairwise([float("-inf"), *edges, float("inf")]):
        column = [
            Row(runs=runs, baseline=row.baseline)
            for row in band
            if (runs := tuple(r for r in row.runs if left <= (r.box.x0 + r.box.x1) / 2 < right))
        ]
        if column:
            columns.append(column)
    return columns


def _is_prose(columns: Sequence[Sequence[Row]]) -> bool:
    """True where every column is running text: several rows, most of them filling its width."""
    if not 2 <= len(columns) <= 3:
        return False
    return all(_fills(column) for column in columns)


def _is_ruled(
    band: Sequence[Row],
    gutters: Sequence[tuple[float, float]],
    *,
    shapes: Sequence[Shape],
    rules: Rules,
) -> bool:
    """True where rules between the columns and across all of them make cells of running text."""
    width = around(row.box for row in band)
    across = [
        shape
        for shape in shapes
        if not shape.picture
        and min(shape.box.x1, width.x1) - max(shape.box.x0, width.x0)
        > RULED_ACROSS * (width.x1 - width.x0)
    ]
    middles = [(row.box.top + row.box.bottom) / 2 for row in band]
    parted = [
        all(rules.part(low, high, height=middle) for low, high in gutters) for middle in middles
    ]
    drawn = _between_edges(band, across)
    return len(drawn) >= LEAST_DRAWN and sum(parted) >= RULED_ACROSS * len(parted)


def _fills(column: Sequence[Row]) -> bool:
    width = around(row.box for row in column)
    full = sum(row.box.x1 - row.box.x0 > 0.75 * (width.x1 - width.x0) for row in column)
    wordy = median(len(row.text) for row in column) >= 24
    return len(column) >= 5 and full >= 0.55 * len(column) and wordy


def _table(
    band: Sequence[Row],
    gutters: Sequence[tuple[float, float]],
    *,
    page: int,
    shapes: Sequence[Shape],
) -> list[PrintedLine]:
    """One line per printed line of each cell, cells left to right, table rows top to bottom."""
    drawn = _between_edges(band, shapes)
    if len(drawn) < LEAST_DRAWN:
        drawn = [group for part in drawn for group in _table_rows(part, gutters)]
    found: list[PrintedLine] = []
    for group in drawn:
        for cell in _columns(group, gutters):
            column = around(row.box for row in cell)
            found += [_line(row.runs, page=page, column=column) for row in cell]
    return found


def _between_edges(band: Sequence[Row], shapes: Sequence[Shape]) -> list[list[Row]]:
    """Rows of the band parted wherever the edge of a panel or a level rule lies between two."""
    width = around(row.box for row in band)
    edges = [
        edge
        for shape in shapes
        if min(shape.box.x1, width.x1) - max(shape.box.x0, width.x0) > 0.1 * (width.x1 - width.x0)
        and not any(_underlines(shape.box, run) for row in band for run in row.runs)
        for edge in (shape.box.top, shape.box.bottom)
    ]
    groups: list[list[Row]] = [[band[0]]]
    for above, row in pairwise(band):
        head = row.baseline - 0.6 * row.size
        if any(above.baseline < edge < head for edge in edges):
            groups.append([row])
        else:
            groups[-1].append(row)
    return groups


def _underlines(rule: Box, run: Run) -> bool:
    """Whether the rule is drawn under these words, as under a link."""
    below = 0 <= rule.top - run.baseline < 0.4 * run.style.size
    return below and abs(rule.x0 - run.box.x0) < 4 and abs(rule.x1 - run.box.x1) < 4


def _table_rows(band: Sequence[Row], gutters: Sequence[tuple[float, float]]) -> list[list[Row]]:
    """Rows of the band gathered into rows of the table.

    Where white space between some rows is wider than between others, that is what parts the
    table's rows. Where all are evenly spaced, cells of running sentences make one row, and
    otherwise a row begins wherever the first column has words.
    """
    pitches = [below.baseline - above.baseline for above, below in pairwise(band)]
    usual = median(pitches) if pitches else 0.0
    wide = [pitch > 1.3 * usual for pitch in pitches]
    wrapped = not any(wide) and _is_wrapped(_columns(band, gutters))
    groups: list[list[Row]] = [[band[0]]]
    for row, gap_above in zip(band[1:], wide, strict=True):
        starts = row.runs[0].box.x1 <= gutters[0][0] + 1 and not wrapped
        if gap_above if any(wide) else starts:
            groups.append([row])
        else:
            groups[-1].append(row)
    return groups


def _is_wrapped(columns: Sequence[Sequence[Row]]) -> bool:
    """Whether sentences run on from line to line in the columns."""
    below = [row.text[:1] for column in columns for row in column[1:]]
    return sum(first.islower() for first in below) > RUNNING_ON * len(below)


def _line(runs: Sequence[Run], *, page: int, column: Box) -> PrintedLine:
    pieces: list[str] = []
    raised: list[tuple[int, int]] = []
    hidden: list[tuple[int, int, str]] = []
    length = 0
    main = max(runs, key=lambda run: (len(run.text) > 3, run.style.size * min(len(run.text), 20)))
    for index, run in enumerate(runs):
        if index and not _touches(runs[index - 1], run):
            pieces.append(" ")
            length += 1
        small = run.style.size < 0.8 * main.style.size and main.baseline - run.baseline > 1
        inside = [(0, len(run.text))] if small and len(run.text) <= 8 else run.raised
        raised += [(length + start, length + end) for start, end in inside]
        hidden += [(length + start, length + end, why) for start, end, why in run.hidden]
        pieces.append(run.text)
        length += len(run.text)
    return PrintedLine(
        text="".join(pieces),
        page=page,
        box=around(run.box for run in runs),
        frame=runs[0].frame,
        style=_style(runs, main),
        raised=tuple(_bridged(raised, "".join(pieces))),
        hidden=tuple(hidden),
        column=column,
        confidence=_confidence(runs),
    )


def _bridged(raised: Sequence[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """The ranges, two with only a comma between them made one: `12,13`."""
    joined: list[tuple[int, int]] = []
    for start, end in raised:
        if joined and text[joined[-1][1] : start].strip() == ",":
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _touches(left: Run, right: Run) -> bool:
    """True for a raised marker set tight against its word."""
    return (
        right.box.x0 - left.box.x1 < 0.15 * max(left.style.size, right.style.size)
        and abs(left.baseline - right.baseline) > 1
    )


def _style(runs: Sequence[Run], main: Run) -> Style:
    letters = sum(len(run.text) for run in runs)
    return replace(
        main.style,
        bold=sum(len(run.text) for run in runs if run.style.bold) >= 0.8 * letters,
        italic=sum(len(run.text) for run in runs if run.style.italic) >= 0.8 * letters,
    )


def _confidence(runs: Sequence[Run]) -> float | None:
    known = [run.confidence for run in runs if run.confidence is not None]
    return sum(known) / len(known) if known else None


def _contained(
    found: Sequence[PrintedLine], shapes: Sequence[Shape], sheet: Box
) -> list[PrintedLine]:
    """Lines with the smallest panel each stands in: a filled or ruled box, not the whole sheet."""
    area = (sheet.x1 - sheet.x0) * (sheet.bottom - sheet.top)
    panels = sorted(
        (
            shape.box
            for shape in shapes
            if not shape.picture
            and shape.box.x1 - shape.box.x0 > 0.25 * (sheet.x1 - sheet.x0)
            and shape.box.bottom - shape.box.top > 20
            and _area(shape.box) < 0.8 * area
        ),
        key=_area,
    )
    return [
        replace(
            line,
            container=next(
                (number for number, panel in enumerate(panels, 1) if _inside(line.box, panel)), 0
            ),
        )
        for line in found
    ]


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.bottom - box.top)


def _inside(box: Box, panel: Box) -> bool:
    middle = (box.top + box.bottom) / 2
    return panel.x0 - 2 <= box.x0 and box.x1 <= panel.x1 + 2 and panel.top <= middle <= panel.bottom
