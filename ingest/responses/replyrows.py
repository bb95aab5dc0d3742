"""Tables whose rows answer recommendations: which row answers what, and in which of its cells.

A row is known by the number or the words in its cells. What it says stands in the columns that
their names call an answer, or, where the columns have no such names, from the cell on that gives
a status or says what somebody makes of it. Where several columns give one each, each is the answer
of who heads it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.model import Alignment, Paragraph, ParagraphKind, Span
from ingest.responses.acceptance import opens_in_reply, stated
from ingest.responses.answers import RESTATED, Asked, Reply, best_heard
from ingest.responses.replymarks import label, number_key

ANSWERING = 0.5
"""Share of a table's rows that must answer something for it to be a table of answers."""

_ANSWERS = re.compile(
    r"\b(?:response|reply|status|position|decision|answer|comments?|commentary|update|progress|"
    r"actions?|accepted|agreed|outcome|government|executive|rationale|explanation)\b",
    re.I,
)
_DETAILS = re.compile(
    r"\b(?:owner|lead|date|deadline|timescales?|timeline|theme|recommendations?|who|when|"
    r"responsib\w+|page|paragraph|ref(?:erence)?|no|number)\b",
    re.I,
)
_STATUS_NAME = re.compile(
    r"(?:\w+[’']?s?\s+)?(?:response|reply|status|position|decision|answer|accepted|agreed|outcome)"
    r"\W*",
    re.I,
)
_PLAIN = re.compile(r"\(?(\d{1,3}(?:\.\d{1,3})*)[.):]?(?:\s+|$)")
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class _Row:
    cells: tuple[Span, ...]
    asked: tuple[tuple[Asked, Alignment], ...]


def row_replies(text: str, table: Paragraph, asked: Sequence[Asked]) -> tuple[Reply, ...]:
    """What the table answers, row by row; nothing where it is no table of answers."""
    if table.kind is not ParagraphKind.TABLE:
        return ()
    reading = _Table(text, table, asked)
    found = [list(reading.replies(row)) for row in reading.rows]
    answering = sum(bool(each) for each in found)
    if not answering or answering < ANSWERING * len(reading.rows):
        return ()
    return tuple(reply for each in found for reply in each)


class _Table:
    """The rows of one table that are about somebody's recommendations."""

    def __init__(self, text: str, table: Paragraph, asked: Sequence[Asked]) -> None:
        self._text = text
        self._asked = asked
        self._by_number = {
            number_key(each.recommendation.number): each
            for each in asked
            if each.recommendation.number and each.recommendation.kind == "recommendation"
        }
        lines = [tuple(_cells(text, line)) for line in _lines(text, table.span)]
        rows = [self._row(cells) for cells in lines]
        self._names = self._header(lines, rows)
        self.rows = [row for row in rows if row is not None]

    def replies(self, row: _Row) -> Iterator[Reply]:
        """The answers of one row, one for each body that gives one."""
        restated = [cell for cell in row.cells if self._restates(cell, row)]
        said = [cell for cell in self._said(row) if cell not in restated]
        if not said:
            return
        verdict = next((cell for cell in said if stated(cell.of(self._text))), None)
        for asked, alignment in row.asked:
            for responder, span in self._answers(row, said):
                yield Reply(
                    asked=asked,
                    alignment=alignment,
                    span=span,
                    restatement=restated[0] if restated else None,
                    verdict=verdict if responder is None else span,
                    responder=responder,
                    shared=False,
                )

    def _row(self, cells: tuple[Span, ...]) -> _Row | None:
        if len(cells) < 2:
            return None
        numbers = self._numbers(cells[0].of(self._text))
        known = [self._by_number[key] for key in map(number_key, numbers) if key in self._by_number]
        if known:
            return _Row(cells, tuple((each, Alignment.NUMBER) for each in known))
        heard = (best_heard(cell.of(self._text), self._asked) for cell in cells)
        quoted = next((each for each in heard if each), None)
        return _Row(cells, ((quoted, Alignment.QUOTATION),)) if quoted else None

    def _numbers(self, first: str) -> tuple[str, ...]:
        found = label(first, set_off=True)
        if found and found.numbers:
            return found.numbers
        plain = _PLAIN.match(first)
        return (plain[1],) if plain else ()

    def _header(
        self, lines: Sequence[tuple[Span, ...]], rows: Sequence[_Row | None]
    ) -> tuple[str, ...]:
        """The names of the columns; none where the first row is one of the others."""
        if not lines or rows[0] is not None:
            return ()
        names = tuple(cell.of(self._text) for cell in lines[0])
        return names if all(len(name) <= _LONGEST_NAME for name in names) else ()

    def _said(self, row: _Row) -> list[Span]:
        """The cells with the answer."""
        if len(self._names) == len(row.cells) and any(map(_is_answer, self._names)):
            columns = [at for at, name in enumerate(self._names) if _is_answer(name)]
            return [row.cells[at] for at in columns]
        plain = [cell for cell in row.cells[1:] if not self._restates(cell, row)]
        first = next((at for at, cell in enumerate(plain) if _replies(cell.of(self._text))), None)
        return plain[first:] if first is not None else []

    def _answers(self, row: _Row, said: Sequence[Span]) -> Iterator[tuple[str | None, Span]]:
        if len(said) > 1 and all(stated(cell.of(self._text)) for cell in said) and self._names:
            for cell in said:
                yield _body(self._names[row.cells.index(cell)]), cell
            return
        yield None, _longest_run(row.cells, said)

    def _restates(self, cell: Span, row: _Row) -> bool:
        words = cell.of(self._text)
        return any(each.share_of(words) >= RESTATED for each, _ in row.asked)


def _replies(words: str) -> bool:
    return stated(words) is not None or opens_in_reply(words)


def _is_answer(name: str) -> bool:
    if _STATUS_NAME.fullmatch(name):
        return True
    return _ANSWERS.search(name) is not None and not _DETAILS.search(name)


def _body(name: str) -> str:
    """Who answers in the column so named."""
    return re.sub(r"(?:[’']s?)?\s+(?:response|reply|status|position)\W*$", "", name, flags=re.I)


def _longest_run(cells: Sequence[Span], said: Iterable[Span]) -> Span:
    """The answer as one stretch: its cells that stand side by side, the longest such run."""
    runs: list[list[Span]] = []
    for cell in said:
        if runs and cells.index(cell) == cells.index(runs[-1][-1]) + 1:
            runs[-1].append(cell)
        else:
            runs.append([cell])
    run = max(runs, key=lambda each: sum(map(len, each)))
    return Span(run[0].start, run[-1].end)


def _lines(text: str, span: Span) -> Iterator[Span]:
    for found in re.compile(r"[^\n]+").finditer(text, span.start, span.end):
        yield Span(*found.span())


def _cells(text: str, line: Span) -> Iterator[Span]:
    for found in re.compile(r"[^\t]*[^\t\s][^\t]*").finditer(text, line.start, line.end):
        words = found.group()
        start = found.start() + len(words) - len(words.lstrip())
        yield Span(start, start + len(words.strip()))
