"""Every place where a document sets out a numbered statement of its own, before any is chosen.

A statement is believed for how it is set out: a label with a number ("Recommendation 4: ..."), an
item of a numbered list under a heading that announces recommendations, a row of a table of them,
a numbered paragraph after "I recommend:", or a label alone above a box. Prose that speaks of
recommendations, and what is quoted or set out as somebody else's, is none of these.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.model import ParagraphKind, Reading, Span
from ingest.reading.numbering import item_marker
from ingest.recommendations.announcements import announces, directs, tells
from ingest.recommendations.crossreferences import label, reference_at_end
from ingest.recommendations.openings import (
    CONCLUSION,
    LABEL,
    RECOMMENDATION,
    Form,
    Opening,
    Setting,
    boxed,
    declared,
    dotted_lists,
    is_lone_label,
    labelled,
    lettered_runs,
    numbered_runs,
)
from ingest.recommendations.tablerows import numbered_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One numbered statement in one place."""

    number: str
    kind: str
    form: Form
    span: Span
    """The statement alone."""
    title: str | None
    reference: Span | None
    """The cross-reference printed after it."""
    section: tuple[str, ...]
    parts: tuple[Span, ...]
    """The paragraphs of the document that the statement runs through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Statements set out one after another in the same way, no number twice."""

    form: Form
    statements: tuple[Statement, ...]

    @property
    def numbers(self) -> frozenset[str]:
        return frozenset(statement.number for statement in self.statements)

    @property
    def length(self) -> int:
        """Characters from the first statement to the last: small where they are gathered."""
        return self.statements[-1].span.end - self.statements[0].span.start

    @property
    def words(self) -> int:
        return sum(len(statement.span) for statement in self.statements)


def series(reading: Reading) -> tuple[Series, ...]:
    """All series of numbered statements that the document itself sets out, form by form."""
    setting = Setting(reading)
    labels, lone = list(labelled(setting)), list(boxed(setting))
    taken = {opening.index for opening in (*labels, *lone)}
    runs = numbered_runs(setting, taken)
    taken |= {opening.index for run in runs for opening in run}
    runs += lettered_runs(setting, taken)
    taken |= {opening.index for run in runs for opening in run}
    dotted = dotted_lists(setting, taken)
    taken |= {opening.index for opening in dotted}
    groups = [*_by_style(labels), *runs, dotted, lone, list(declared(setting, taken))]
    composed = [_Composition(setting, group, taken).statements() for group in groups]
    return tuple(each for made in [*composed, _tabled(setting)] for each in _unrepeated(made))


def _by_style(labels: Iterable[Opening]) -> Iterable[list[Opening]]:
    """Recommendations apart from conclusions, and "R4" from "Recommendation 4"."""
    found = defaultdict[tuple[str | None, bool], list[Opening]](list)
    for opening in labels:
        found[opening.kind, opening.number[0].isalpha()].append(opening)
    return found.values()


def _unrepeated(statements: Iterable[Statement]) -> Iterator[Series]:
    """The statements in series; a number that comes again begins another."""
    held: dict[tuple[str, str], Statement] = {}
    for statement in statements:
        # Two boxes of one paragraph share its number.
        key = statement.kind, statement.number
        before = next(reversed(held.values()), None)
        other = before is not None and before.form is not statement.form
        if other or (key in held and statement.form is not Form.BOXED):
            yield Series(
                form=before.form if before else statement.form, statements=tuple(held.values())
            )
            held = {}
        elif key in held:
            key = statement.kind, f"{statement.number} at {statement.span.start}"
        held[key] = statement
    if held:
        statements = tuple(held.values())
        yield Series(form=statements[0].form, statements=statements)


def _tabled(setting: Setting) -> Iterator[Statement]:
    for index, number, words in numbered_rows(setting):
        yield Statement(
            number=number,
            kind=RECOMMENDATION,
            form=_row_form(setting, index, words),
            span=words,
            title=None,
            reference=None,
            section=setting.paragraphs[index].section,
            parts=(words,),
        )


def _row_form(setting: Setting, index: int, words: Span) -> Form:
    """A row that a label opens is a labelled statement, in a table or not."""
    row = setting.text.rfind("\n", setting.paragraphs[index].span.start, words.start) + 1
    start = max(row, setting.paragraphs[index].span.start)
    found = LABEL.match(setting.text, start)
    labelled_row = found is not None and found["kind"] is not None
    return Form.LABELLED if labelled_row and directs(words.of(setting.text)) else Form.TABLED


_GOES_ON = re.compile(
    r"(?:this|these|those|such|it|they|in\s+(?:doing\s+so|particular|addition)|the\s+\w+|as\s+a|"
    r"for\s+the\s+avoidance|within|by|subsequently|where|if|any|each|all|once|no)\b",
    re.I,
)
_DIRECTS = re.compile(r"\b(?:should|must|shall)\b")
_SENTENCE_END = re.compile(r"[.!?…][”’\"')\]]*$")


class _Composition:
    """The statements that openings of one group begin."""

    def __init__(self, setting: Setting, openings: Sequence[Opening], opened: set[int]) -> None:
        self._setting = setting
        self._openings = openings
        self._opened = opened
        ends = (
            reference_at_end(setting.text, setting.paragraphs[opening.index].span)
            for opening in openings
        )
        self._refers = 0 < len(openings) <= 2 * sum(end is not None for end in ends)
        """Whether each statement of the group ends with a cross-reference."""

    def statements(self) -> Iterator[Statement]:
        for opening in self._openings:
            statement = self._statement(opening)
            if statement is not None:
                yield statement

    def _statement(self, opening: Opening) -> Statement | None:
        first = opening.index if opening.words_at is not None else opening.index + 1
        if opening.words_at is None and not self._may_begin(first):
            # A title with nothing under it is all that is said.
            return self._built(opening, opening.title, range(opening.index, opening.index + 1))
        last = first
        while self._carries_on(first, last):
            last += 1
        start = opening.words_at or self._setting.paragraphs[first].span.start
        span = Span(start, self._setting.paragraphs[last].span.end)
        return self._built(opening, span, range(first, last + 1))

    def _may_begin(self, index: int) -> bool:
        if index >= len(self._setting) or index in self._opened:
            return False
        return not (self._setting.is_heading(index) or self._setting.opens_paragraph(index))

    def _built(self, opening: Opening, span: Span | None, indexes: range) -> Statement | None:
        text = self._setting.text
        reference = reference_at_end(text, span) if span else None
        words = (
            text[span.start : reference.start if reference else span.end].rstrip() if span else ""
        )
        if span is None or not any(map(str.isalpha, words)):
            return None
        titled = opening.title is not None and opening.title != span
        return Statement(
            number=opening.number,
            kind=opening.kind or _kind(words, reference.of(text) if reference else None),
            form=opening.form,
            span=Span(span.start, span.start + len(words)),
            title=opening.title.of(text).strip() if opening.title and titled else None,
            reference=reference,
            section=self._setting.paragraphs[opening.index].section,
            parts=tuple(self._setting.paragraphs[index].span for index in indexes),
        )

    def _carries_on(self, first: int, last: int) -> bool:
        """Whether the paragraph after `last` still belongs to the statement begun at `first`."""
        after = last + 1
        if after == len(self._setting) or after in self._opened:
            return False
        paragraph, words = self._setting.paragraphs[after], self._setting.words(after)
        finished = _SENTENCE_END.search(self._setting.words(last)) is not None
        listed = paragraph.kind is ParagraphKind.LIST_ITEM or item_marker(words) is not None
        if self._is_barred(last, after) or (
            self._setting.opens_paragraph(after) and (finished or not listed)
        ):
            return False
        if listed or self._refers or not finished:
            return True
        kinds = self._setting.paragraphs[first].kind, paragraph.kind
        if ParagraphKind.BOX in kinds:
            return kinds[0] is kinds[1]
        return _goes_on(words, gathered=any(map(announces, paragraph.section)))

    def _is_barred(self, last: int, after: int) -> bool:
        """Whether the statement is over whatever comes: a heading, a label, a reference."""
        before, paragraph = self._setting.paragraphs[last], self._setting.paragraphs[after]
        return (
            paragraph.kind in (ParagraphKind.HEADING, ParagraphKind.TABLE)
            or is_lone_label(self._setting.words(after))
            or reference_at_end(self._setting.text, before.span) is not None
        )


def _kind(words: str, reference: str | None) -> str:
    """What the reference calls the statement, or what its words make of it."""
    if reference is None:
        return RECOMMENDATION
    return label(reference) or (RECOMMENDATION if directs(words) else CONCLUSION)


def _goes_on(words: str, *, gathered: bool) -> bool:
    """Whether words after a finished sentence still direct somebody, rather than tell.

    Where recommendations are `gathered` under a heading of their own, they need only not tell.
    """
    if tells(words):
        return False
    return gathered or (_DIRECTS.search(words) is not None and _GOES_ON.match(words) is not None)
