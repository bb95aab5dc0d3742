"""Where a document replies to recommendations of another: each stretch, and what it answers.

A reply begins with a mark: a label with the recommendation's number, or its words restated. What
is restated comes first, then, with or without a label of its own, what is said to it, up to the
next mark or the heading that ends the matter. Marks that follow each other with nothing said
between are answered together.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ingest.model import Alignment, Paragraph, ParagraphKind, Span
from ingest.responses.acceptance import opens_in_reply, stated
from ingest.responses.answers import HEARD, RESTATED, Asked, Reply, best_heard
from ingest.responses.replymarks import ReplyLabel, label, number_key, reply_label, turning_to
from ingest.responses.replyrows import row_replies

_LEFT_OUT = {
    ParagraphKind.NOTE,
    ParagraphKind.CONTENTS,
    ParagraphKind.CAPTION,
    ParagraphKind.FIGURE,
}
REWORDED = 0.25
"""The same where a label tells beforehand which recommendation it is, or after that it is over."""
_LONGER = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A paragraph, or what is left of it after a label."""

    span: Span
    words: str
    heading: bool = False


@dataclass(slots=True)
class _Unit:
    """What stands between two marks."""

    numbers: tuple[str, ...]
    level: int
    """Of the heading above; the next heading as high ends the unit."""
    opened_by_reply: bool = False
    asked: list[tuple[Asked, Alignment]] = field(default_factory=list[tuple[Asked, Alignment]])
    pieces: list[_Piece] = field(default_factory=list[_Piece])
    ended: bool = False


def replies(
    text: str, paragraphs: Sequence[Paragraph], asked: Sequence[Asked]
) -> tuple[Reply, ...]:
    """Every reply to those asked, in the order of the text; one of them may have several."""
    rows = [(each, row_replies(text, each, asked)) for each in paragraphs]
    others = [each for each, found in rows if not found]
    made = [
        *(reply for _, found in rows for reply in found),
        *_Places(text, others, asked).replies(),
    ]
    return tuple(sorted(made, key=lambda reply: reply.span.start))


class _Places:
    """One document's text against the recommendations of one other."""

    def __init__(self, text: str, paragraphs: Sequence[Paragraph], asked: Sequence[Asked]) -> None:
        self._text = text
        self._paragraphs = [each for each in paragraphs if each.kind not in _LEFT_OUT]
        self._asked = asked
        self._by_number = _by_number(asked)

    def replies(self) -> Iterator[Reply]:
        units = self._units(self._quoting())
        for at, unit in enumerate(units):
            self._settle(unit)
            before = _answered_later(units, at)
            yield from self._made(unit, before)

    # --- Units ----------------------------------------------------------------------------

    def _units(self, quoting: Mapping[int, Asked]) -> list[_Unit]:
        units: list[_Unit] = []
        level = 0
        for index, paragraph in enumerate(self._paragraphs):
            heading = paragraph.kind is ParagraphKind.HEADING
            unit = self._opened(index, level, quoting)
            if heading:
                self._close(units, paragraph.level, anew=unit is not None)
                level = paragraph.level
            if unit is not None:
                unit.level = level
                self._continue_or_add(units, unit)
            elif units and not units[-1].ended:
                units[-1].pieces.append(self._piece(paragraph.span, heading=heading))
        return units

    def _close(self, units: list[_Unit], level: int, *, anew: bool) -> None:
        last = units[-1] if units else None
        if last and not anew and level <= last.level and not self._is_title(last):
            last.ended = True

    def _is_title(self, unit: _Unit) -> bool:
        """Whether a heading now would be the title of what the unit's label opened."""
        return not unit.pieces and not unit.opened_by_reply

    def _opened(self, index: int, level: int, quoting: Mapping[int, Asked]) -> _Unit | None:
        """The unit that the paragraph's first words open, if they do."""
        paragraph = self._paragraphs[index]
        words = paragraph.span.of(self._text)
        heading = paragraph.kind is ParagraphKind.HEADING
        replying = reply_label(words, alone=heading)
        if replying and self._known(replying.numbers):
            unit = _Unit(numbers=replying.numbers, level=level, opened_by_reply=True)
            unit.pieces.append(self._piece(paragraph.span))
            return unit
        if replying:
            return None
        found = label(words, set_off=heading or paragraph.kind is ParagraphKind.BOX)
        if found and (self._known(found.numbers) or not found.numbers):
            unit = _Unit(numbers=found.numbers, level=level)
            if rest := self._rest(paragraph.span, found.end):
                unit.pieces.append(self._piece(rest, heading=heading))
            return unit
        if turned := self._turned_to(words):
            unit = _Unit(numbers=turned, level=level, opened_by_reply=True)
            unit.pieces.append(self._piece(paragraph.span))
            return unit
        if index in quoting:
            unit = _Unit(numbers=(), level=level)
            unit.pieces.append(self._piece(paragraph.span))
            return unit
        return None

    def _turned_to(self, words: str) -> tuple[str, ...]:
        """Numbers that a letter without labels turns to: "On recommendation 2, we ..."."""
        numbers = turning_to(words)
        labelled = any(number_key(number) in self._labelled for number in numbers)
        return numbers if not labelled and self._known(numbers) else ()

    def _continue_or_add(self, units: list[_Unit], unit: _Unit) -> None:
        """A label "Government response to recommendation 4" goes on with what it was opened for."""
        last = units[-1] if units else None
        if (
            last
            and unit.opened_by_reply
            and not last.ended
            and set(unit.numbers) <= set(last.numbers)
        ):
            last.pieces += unit.pieces
        else:
            units.append(unit)

    def _piece(self, span: Span, *, heading: bool = False) -> _Piece:
        return _Piece(span=span, words=span.of(self._text), heading=heading)

    def _rest(self, span: Span, end: int) -> Span | None:
        return Span(span.start + end, span.end) if span.start + end < span.end else None

    def _known(self, numbers: Sequence[str]) -> bool:
        return any(number_key(number) in self._by_number for number in numbers)

    # --- What is answered -----------------------------------------------------------------

    def _quoting(self) -> dict[int, Asked]:
        """Paragraphs that begin to restate what no label in the document names."""
        silent = [
            each
            for each in self._asked
            if number_key(each.recommendation.number or "") not in self._labelled
        ]
        found: dict[int, Asked] = {}
        before: Asked | None = None
        for index, paragraph in enumerate(self._paragraphs):
            words = paragraph.span.of(self._text)
            here = best_heard(words, silent)
            if here and here is not before:
                found[index] = here
            before = here
        return found

    @cached_property
    def _labelled(self) -> frozenset[str]:
        """The numbers that some label in the document names."""
        return frozenset(key for numbers in self._labels() for key in map(number_key, numbers))

    def _labels(self) -> Iterator[tuple[str, ...]]:
        for paragraph in self._paragraphs:
            words = paragraph.span.of(self._text)
            set_off = paragraph.kind in (ParagraphKind.HEADING, ParagraphKind.BOX)
            if found := label(words, set_off=set_off):
                yield found.numbers

    def _settle(self, unit: _Unit) -> None:
        """Finds what the unit answers: by number, unless its words are plainly another's."""
        numbered = list(self._numbered(unit.numbers))
        restated = " ".join(piece.words for piece in _before_reply(unit.pieces))
        if len(numbered) > 1 and len(unit.numbers) > 1:
            unit.asked = [(each, Alignment.NUMBER) for each in numbered]
            return
        quoted = _quoted(restated, self._asked)
        own = max((each.share_of(restated) for each in numbered), default=0.0)
        if quoted and quoted not in numbered and own < REWORDED:
            unit.asked = [(quoted, Alignment.QUOTATION)]
        elif len(numbered) > 1 and quoted in numbered:
            unit.asked = [(quoted, Alignment.NUMBER)]
        elif numbered:
            unit.asked = [(numbered[0], Alignment.NUMBER)]

    def _numbered(self, numbers: Iterable[str]) -> Iterator[Asked]:
        for number in numbers:
            yield from self._by_number.get(number_key(number), ())

    # --- What is said ---------------------------------------------------------------------

    def _made(
        self, unit: _Unit, before: Sequence[tuple[Asked, Alignment, Span | None]]
    ) -> Iterator[Reply]:
        divided = _divide(unit)
        if not divided.said:
            return
        own = [(asked, alignment, divided.restated) for asked, alignment in unit.asked]
        for asked, alignment, restatement in (*before, *own):
            for responder, span in divided.said:
                yield Reply(
                    asked=asked,
                    alignment=alignment,
                    span=span,
                    restatement=restatement,
                    verdict=divided.verdict,
                    responder=responder,
                    shared=(asked, alignment) not in unit.asked,
                )


def _by_number(asked: Sequence[Asked]) -> dict[str, list[Asked]]:
    found = defaultdict[str, list[Asked]](list)
    for kind in ("recommendation", "conclusion"):
        for each in asked:
            number = each.recommendation.number
            if number and each.recommendation.kind == kind:
                key = number_key(number)
                if not any(other.recommendation.kind != kind for other in found[key]):
                    found[key].append(each)
    return {key: several for key, several in found.items() if several}


def _quoted(words: str, asked: Sequence[Asked]) -> Asked | None:
    heard = [(each.share_of(words), each.share_in(words), each) for each in asked]
    fitting = [each for each in heard if each[0] >= RESTATED and each[1] >= HEARD]
    return max(fitting, key=lambda each: each[0] + each[1])[2] if fitting else None


def _answered_later(units: Sequence[_Unit], at: int) -> list[tuple[Asked, Alignment, Span | None]]:
    """What the units right before this one ask and leave unanswered."""
    found: list[tuple[Asked, Alignment, Span | None]] = []
    for unit in reversed(units[:at]):
        divided = _divide(unit)
        if unit.ended or divided.said:
            break
        found = [(asked, how, divided.restated) for asked, how in unit.asked] + found
    return found


# --- The parts of a unit ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Divided:
    restated: Span | None
    verdict: Span | None
    said: tuple[tuple[str | None, Span], ...]
    """Who replies, and the words."""


def _divide(unit: _Unit) -> _Divided:
    pieces = _untitled(unit)
    verdict: Span | None = None
    if pieces and stated(pieces[0].words) and _restates(unit, pieces[1:2], REWORDED):
        verdict, pieces = pieces[0].span, pieces[1:]
    start = _reply_start(unit, pieces)
    restated, said = pieces[:start], pieces[start:]
    return _Divided(restated=_whole(restated), verdict=verdict, said=tuple(_by_responder(said)))


def _untitled(unit: _Unit) -> list[_Piece]:
    """The pieces without the title that may follow the label."""
    pieces = list(unit.pieces)
    while pieces and pieces[0].heading and not stated(pieces[0].words):
        if reply_label(pieces[0].words, alone=True) or not pieces[1:]:
            break
        pieces.pop(0)
    return pieces


def _restates(unit: _Unit, pieces: Sequence[_Piece], share: float) -> bool:
    return any(asked.share_of(piece.words) >= share for piece in pieces for asked, _ in unit.asked)


def _before_reply(pieces: Sequence[_Piece]) -> Sequence[_Piece]:
    """The pieces before a label or verdict; the first alone where there is none."""
    for at, piece in enumerate(pieces):
        if _begins_reply(piece):
            return pieces[:at]
    return pieces[:1]


def _begins_reply(piece: _Piece) -> bool:
    return reply_label(piece.words, alone=True) is not None or stated(piece.words) is not None


def _reply_start(unit: _Unit, pieces: Sequence[_Piece]) -> int:
    """Index of the first piece that is said in reply."""
    if unit.opened_by_reply:
        return 0
    for at, piece in enumerate(pieces):
        if reply_label(piece.words, alone=True):
            return at
    first = _first_unlike(unit, pieces)
    printed = next((at for at, piece in enumerate(pieces) if stated(piece.words)), None)
    if printed is None or printed <= first:
        return first if printed is None else printed
    asked = max((len(words) for each, _ in unit.asked for words in each.words), default=0)
    between = sum(len(piece.words) for piece in pieces[:printed])
    return printed if between <= _LONGER * asked else first


def _first_unlike(unit: _Unit, pieces: Sequence[_Piece]) -> int:
    """Where the recommendation's own words are over."""
    for at, piece in enumerate(pieces):
        share = RESTATED if at else REWORDED
        if opens_in_reply(piece.words) or not _restates(unit, [piece], share):
            return at
    return len(pieces)


def _whole(pieces: Sequence[_Piece]) -> Span | None:
    return Span(pieces[0].span.start, pieces[-1].span.end) if pieces else None


def _by_responder(pieces: Sequence[_Piece]) -> Iterator[tuple[str | None, Span]]:
    """The words under each label, without the label; one answer for each who is named."""
    parts: list[tuple[str | None, list[_Piece]]] = []
    for piece in pieces:
        found = reply_label(piece.words, alone=True)
        if found is None:
            if not parts:
                parts.append((None, []))
            parts[-1][1].append(piece)
            continue
        if not parts or (found.responder and found.responder != parts[-1][0]):
            parts.append((found.responder, []))
        if rest := _after(piece, found):
            parts[-1][1].append(rest)
    for responder, held in parts:
        if span := _whole(held):
            yield responder, span


def _after(piece: _Piece, found: ReplyLabel) -> _Piece | None:
    if found.end >= len(piece.words):
        return None
    span = Span(piece.span.start + found.end, piece.span.end)
    return _Piece(span=span, words=piece.words[found.end :])
