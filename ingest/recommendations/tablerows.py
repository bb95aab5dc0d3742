"""Rows of tables that set out recommendations: the number that opens a row, and its statement."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ingest.model import ParagraphKind, Span
from ingest.recommendations.announcements import announces_list, directs, is_recounted
from ingest.recommendations.openings import CONCLUSION, LABEL, NUMBERED, Setting

_CELL_END = re.compile(r"\t|\s\|\s")
_COLUMN_NAME = re.compile(r"(?:\w+\.?\s+){0,2}recommendations?(?:\s+text)?", re.I)
_SENTENCE = re.compile(r"\S+\s+\S+\s+.*[.!?…][”’\"')\]]*", re.S)


def numbered_rows(setting: Setting) -> Iterator[tuple[int, str, Span]]:
    """Of each row the index of its table, its number and its statement."""
    column: int | None = None
    for index, table in enumerate(setting.paragraphs):
        if setting.is_heading(index):
            column = None
        if table.kind is not ParagraphKind.TABLE or not setting.is_own(index):
            continue
        rows = [_cells(setting.text, line) for line in _lines(setting.text, table.span)]
        # A table carried over a page may not repeat its header.
        if _has_header(setting.text, rows):
            column = _column(setting.text, rows)
        elif column is None and _is_headed(setting, index):
            column = _asking(setting.text, rows)
        for cells in rows:
            if row := _row(setting.text, cells, column):
                yield index, *row


def _lines(text: str, span: Span) -> Iterator[Span]:
    for found in re.compile(r"[^\n]+").finditer(text, span.start, span.end):
        yield Span(*found.span())


def _cells(text: str, line: Span) -> list[Span]:
    """The cells of a row, of those with words."""
    cells: list[Span] = []
    start = line.start
    for end, after in [*_cell_ends(text, line), (line.end, line.end)]:
        words = text[start:end]
        if words.strip():
            begun = start + len(words) - len(words.lstrip())
            cells.append(Span(begun, begun + len(words.strip())))
        start = after
    return cells


def _cell_ends(text: str, line: Span) -> list[tuple[int, int]]:
    return [found.span() for found in _CELL_END.finditer(text, line.start, line.end)]


def _column(text: str, lines: Sequence[Sequence[Span]]) -> int | None:
    """Which column the header row says holds the recommendations, from 0."""
    for cells in lines[:3]:
        names = [cell.of(text) for cell in cells]
        if len(names) < 2 or any(map(is_recounted, names)):
            continue
        for column in range(len(names) - 1, -1, -1):
            if _COLUMN_NAME.fullmatch(names[column]):
                return column
    return None


def _is_headed(setting: Setting, index: int) -> bool:
    """Whether a heading, or a row of names set apart from the table, announces recommendations."""
    section = setting.paragraphs[index].section
    if index and not setting.is_heading(index - 1) and section:
        above = setting.words(index - 1)
        return announces_list(section[-1]) and not _SENTENCE.fullmatch(above)
    return bool(section) and announces_list(section[-1])


def _asking(text: str, rows: Sequence[Sequence[Span]]) -> int | None:
    """The column in which most rows ask for something, the fullest of them, from 0."""
    widths = Counter[int]()
    for column in range(max(map(len, rows), default=0)):
        cells = [cells[column].of(text) for cells in rows if column < len(cells)]
        if len(cells) > 1 and 5 * sum(map(directs, cells)) >= 3 * len(rows):
            widths[column] = sum(map(len, cells))
    return widths.most_common(1)[0][0] if widths else None


def _row(text: str, cells: Sequence[Span], column: int | None) -> tuple[str, Span] | None:
    """The number that opens a row, and the cell with the statement."""
    if len(cells) < 2:
        return None
    first = cells[0].of(text)
    label = LABEL.match(first)
    if label and (label["kind"] or "").casefold() != CONCLUSION:
        number, rest = label["number"] or label["short"], first[label.end() :]
        if not rest:
            return number, max(cells[1:], key=len)
        if column == 0 and directs(rest):
            return number, Span(cells[0].start + label.end(), cells[0].end)
    plain = NUMBERED.match(first)
    if plain is None or column is None:
        return None
    if 0 < column < len(cells):
        return plain[1], cells[column]
    if plain.end() < len(first):
        # A narrow column of numbers may be read as one with the next.
        return plain[1], Span(cells[0].start + plain.end(), cells[0].end)
    return plain[1], max(cells[1:], key=len)


def _has_header(text: str, lines: Sequence[Sequence[Span]]) -> bool:
    """Whether the first row names columns: no number opens it, and no cell is a sentence."""
    first = [cell.of(text) for cell in lines[0]] if lines else []
    return bool(first) and not NUMBERED.match(first[0]) and not any(map(_SENTENCE.fullmatch, first))
