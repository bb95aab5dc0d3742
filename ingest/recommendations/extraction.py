"""The formal recommendations of a document, and its numbered conclusions, each one object.

A report often states each twice: where it argues for it, and in a list. The list that gathers
them gives the object its span, being what the report itself calls its recommendations; every
other place where the words recur is an occurrence. A response restates what is not its own, so
it has none.
"""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from ingest.identity import free_id
from ingest.model import Document, Kind, ParagraphKind, Reading, Recommendation, Span
from ingest.reading.numbering import item_marker
from ingest.recommendations.announcements import announcing
from ingest.recommendations.crossreferences import referred_numbers
from ingest.recommendations.obligations import addressees, deadline
from ingest.recommendations.openings import CONCLUSION, RECOMMENDATION, Form
from ingest.recommendations.restatements import Letters, alike
from ingest.recommendations.statements import Series, Statement, series
from ingest.sentences import sentences

_LEFT_OUT = {ParagraphKind.NOTE, ParagraphKind.CONTENTS}

SAME_WORDS = 0.85
"""Share of the letters from which two statements of one number are the same recommendation."""


def recommendations(document: Document, reading: Reading) -> tuple[Recommendation, ...]:
    """The document's own recommendations and conclusions, in the order of its text."""
    if is_response(document, reading):
        return ()
    found = _believable(series(reading))
    statements = [
        *_formal(reading.text, _parts(found, kind=RECOMMENDATION)),
        *_formal(reading.text, _parts(found, kind=CONCLUSION)),
    ]
    objects = _Objects(document.id, reading, found)
    return tuple(objects.made(sorted(statements, key=lambda each: each.span.start)))


_RESPONSE_TITLE = re.compile(
    r"\b(?:government|department|office|council|police|service|ministers?)(?:[’']s)?\s+"
    r"(?:\w+\s+)?response\s*(?:$|[:–-]|to\s+(?:the\s+)?.*\b(?:report|inquiry|review|"
    r"recommendations?|committee)\b)|"
    r"^response\s+to\b.*\b(?:report|inquiry|review|recommendations?)\b",
    re.I,
)
_ANSWER = re.compile(
    r"(?:(?:the|our|full|official|government|department|force|council)(?:[’']s)?\s+)*response\s*(?:$|:)|"
    r"(?:\W*this\s+)?recommendations?\s+(?:is\s+)?accepted\b",
    re.I,
)
_FEWEST_ANSWERS = 3


def is_response(document: Document, reading: Reading) -> bool:
    """Whether the document answers another's recommendations, by its kind, title or answers."""
    if document.kind is not Kind.OTHER:
        return document.kind is Kind.RESPONSE
    if document.responds_to is not None:
        return True
    titles = (document.title, reading.title or "")
    if any(_RESPONSE_TITLE.search(title) for title in titles):
        return True
    answers = sum(
        _ANSWER.match(paragraph.span.of(reading.text)) is not None
        for paragraph in reading.paragraphs
        if paragraph.kind not in _LEFT_OUT | {ParagraphKind.QUOTATION}
    )
    return answers >= _FEWEST_ANSWERS


# --- Which series is the formal one -----------------------------------------------------------


def _formal(text: str, candidates: Sequence[Series]) -> list[Statement]:
    """The statements of the fullest series, and those of others that can only be further ones.

    Among series that hold much the same, the most closely gathered is the document's own list.
    """
    for forms in ({*Form} - {Form.BOXED, Form.DECLARED}, {Form.BOXED}, {Form.DECLARED}):
        rivals = [each for each in candidates if each.form in forms]
        if rivals:
            chosen = _fullest(rivals)
            others = [each for each in rivals if each.form is chosen.form and each is not chosen]
            if chosen.form is Form.LABELLED:
                return [*chosen.statements, *_further(chosen, others)]
            return [*chosen.statements, *_restarted(text, chosen, others)]
    return []


def _believable(found: Sequence[Series]) -> list[Series]:
    """The series whose numbers could be a whole document's, not a few quoted somewhere.

    What is labelled under a heading of recommendations is the document's own, be it a single one.
    """
    labels = [s.number for each in found for s in each.statements if each.form is Form.LABELLED]
    return [
        each
        for each in found
        if each.form in (Form.BOXED, Form.DECLARED)
        or (each.form is Form.LABELLED and all(announcing(s.section) for s in each.statements))
        or _counts_up(labels if each.form is Form.LABELLED else [s.number for s in each.statements])
    ]


_FIRST = re.compile(r"(?:\D*|.*\.)1[a-z]?|I|A|one", re.I)


def _counts_up(numbers: Sequence[str]) -> bool:
    starts = any(_FIRST.fullmatch(number) for number in numbers)
    return (starts or len(set(numbers)) >= 3) and _gaps(numbers) <= len(set(numbers))


def _gaps(numbers: Sequence[str]) -> int:
    """How many numbers the sequence skips, of those that count."""
    values = sorted(int(number) for number in numbers if number.isdigit())
    return sum(later - earlier - 1 for earlier, later in pairwise(values))


def _fullest(rivals: Sequence[Series]) -> Series:
    most = max(len(each.statements) for each in rivals)
    complete = [each for each in rivals if len(each.statements) >= 0.9 * most]
    longest = max(each.words for each in complete)
    whole = [each for each in complete if each.words >= SAME_WORDS * longest]
    return min(whole, key=lambda each: (each.length, each.form))


def _further(chosen: Series, rivals: Iterable[Series]) -> Iterator[Statement]:
    """Statements labelled in the same way, whose numbers carry on from those chosen."""
    numbers = set(chosen.numbers)
    others = [statement for rival in rivals for statement in rival.statements]
    for statement in sorted(others, key=lambda each: (len(each.number), each.number)):
        if statement.number not in numbers and _adjoins(statement.number, numbers):
            numbers.add(statement.number)
            yield statement


def _adjoins(number: str, numbers: Set[str]) -> bool:
    if not number.isdigit():
        return True
    return bool({str(int(number) - 1), str(int(number) + 1)} & numbers)


def _restarted(text: str, chosen: Series, rivals: Iterable[Series]) -> Iterator[Statement]:
    """Other lists, each counting from 1, that say something else.

    They stand in the same chapter, or under the same words at the end of another.
    """
    chapter = announcing(chosen.statements[0].section)
    for rival in rivals:
        other = announcing(rival.statements[0].section)
        if chapter and other == chapter:
            said = [each for each in chosen.statements if each.number in rival.numbers]
        elif chapter and len(other) > 1 and other[-1:] == chapter[-1:]:
            said = list(chosen.statements)
        else:
            continue
        if not any(_is_alike(text, each, said) for each in rival.statements):
            yield from rival.statements


def _is_alike(text: str, statement: Statement, said: Iterable[Statement]) -> bool:
    words = statement.span.of(text)
    return any(alike(each.span.of(text), words) > 0.5 for each in said)


def _parts(found: Iterable[Series], *, kind: str) -> list[Series]:
    """Of each series its statements of that kind, where it has any."""
    parts = (
        Series(form=each.form, statements=tuple(s for s in each.statements if s.kind == kind))
        for each in found
    )
    return [part for part in parts if part.statements]


# --- Objects ----------------------------------------------------------------------------------


class _Objects:
    """Statements as objects, with the other places where the document makes them."""

    def __init__(self, document_id: str, reading: Reading, found: Sequence[Series]) -> None:
        self._document_id = document_id
        self._text = reading.text
        self._places = [statement for each in found for statement in each.statements]
        self._letters = Letters(
            reading.text,
            (each.span for each in reading.paragraphs if each.kind not in _LEFT_OUT),
        )

    def made(self, statements: Iterable[Statement]) -> Iterator[Recommendation]:
        taken: set[str] = set()
        for statement in statements:
            identifier = free_id(_natural_id(self._document_id, statement), taken)
            taken.add(identifier)
            yield self._object(identifier, statement)

    def _object(self, identifier: str, statement: Statement) -> Recommendation:
        words = statement.span.of(self._text)
        others = list(self._others(statement))
        places = [statement, *others]
        directs = statement.kind == RECOMMENDATION
        return Recommendation(
            id=identifier,
            document=self._document_id,
            number=statement.number,
            kind=statement.kind,
            span=statement.span,
            title=next((each.title for each in places if each.title), None),
            sub_parts=sub_parts(self._text, statement),
            addressee=addressees(words) if directs else (),
            deadline=deadline(words) if directs else None,
            occurrences=self._occurrences(statement, [each.span for each in others]),
            cited_paragraphs=tuple(
                dict.fromkeys(
                    number
                    for each in places
                    if each.reference
                    for number in referred_numbers(each.reference.of(self._text))
                )
            ),
        )

    def _others(self, statement: Statement) -> Iterator[Statement]:
        """The same statement under the same number elsewhere."""
        words = statement.span.of(self._text)
        for other in self._places:
            same_number = other.number == statement.number and not other.span.overlap(
                statement.span
            )
            if same_number and alike(other.span.of(self._text), words) >= SAME_WORDS:
                yield other

    def _occurrences(self, statement: Statement, others: Sequence[Span]) -> tuple[Span, ...]:
        found = list(others)
        # Two recommendations may differ in a few words; neither is an occurrence of the other.
        others_own = [
            each.span
            for each in self._places
            if each.form < Form.BOXED and each.number != statement.number
        ]
        for place in self._letters.restatements(statement.span):
            if not any(place.overlap(known) for known in [*found, *others_own]):
                found.append(place)
        return tuple(sorted(set(found), key=lambda span: span.start))


def _natural_id(document_id: str, statement: Statement) -> str:
    number = re.sub(r"[^a-z0-9.]+", "-", statement.number.lower()).strip("-.")
    return f"{document_id}:{statement.kind}-{number}"


# --- Sub-parts --------------------------------------------------------------------------------

_INLINE = re.compile(r"(?<![\w(])\(?([a-z]|[ivx]{1,5}|\d{1,2})\)\s+(?=\S)")
_BULLET = re.compile(r"[•●○▪■◦‣\uf0b7\uf0a7]\s*")
_NUMBER = re.compile(r"\d{1,2}\.\s+(?=\S)")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii")


@dataclass(frozen=True, slots=True)
class _Mark:
    """A bullet, letter or number that opens a part: its style, and its place in that style."""

    style: str
    value: int


def sub_parts(text: str, statement: Statement) -> tuple[Span, ...]:
    """The lettered, numbered or bulleted parts, outermost only; letters stay, bullets do not."""
    spans = [
        Span(max(each.start, statement.span.start), min(each.end, statement.span.end))
        for each in statement.parts
        if each.overlap(statement.span)
    ]
    parts = _listed_parts(text, spans)
    return parts if len(parts) > 1 else _inline_parts(text, statement.span)


def _listed_parts(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    parts: list[Span] = []
    outer: _Mark | None = None
    open_part = False
    for span in spans:
        words = span.of(text)
        mark = _mark(words, outer)
        if mark and (outer is None or mark.style == outer.style):
            outer, open_part = mark, True
            parts.append(_unbulleted(text, span))
        elif open_part and (mark or words[0].islower()):
            parts[-1] = Span(parts[-1].start, span.end)
        else:
            open_part = False
    return tuple(parts)


def _mark(words: str, before: _Mark | None) -> _Mark | None:
    marker = item_marker(words)
    if marker is None:
        number = _NUMBER.match(words)
        marker = number.group().strip() if number else None
    if marker is None:
        return None
    bare = marker.strip("().").casefold()
    if not bare.isalnum():
        return _Mark("bullet", 0)
    if bare.isdigit():
        return _Mark("number", int(bare))
    letter = _Mark("letter", ord(bare) - ord("a") + 1) if len(bare) == 1 else None
    roman = _Mark("roman", _ROMAN.index(bare) + 1) if bare in _ROMAN else None
    # "i" follows "h" as a letter, and opens a list of its own as a numeral.
    if letter and (roman is None or (before and before == _Mark("letter", letter.value - 1))):
        return letter
    return roman


def _unbulleted(text: str, span: Span) -> Span:
    bullet = _BULLET.match(text, span.start, span.end)
    return Span(bullet.end(), span.end) if bullet and bullet.end() < span.end else span


def _inline_parts(text: str, span: Span) -> tuple[Span, ...]:
    """Parts lettered or bulleted within a sentence, the last of them to the sentence's end."""
    marks = list(_in_step(_INLINE.finditer(text, span.start, span.end)))
    starts = [found.start() for found in marks]
    if len(starts) < 2:
        starts = [found.end() for found in _BULLET.finditer(text, span.start, span.end)]
    if len(starts) < 2:
        return ()
    rest = text[starts[-1] : span.end]
    ends = [*starts[1:], starts[-1] + sentences(rest)[0].end]
    return tuple(_trimmed(text, Span(start, end)) for start, end in zip(starts, ends, strict=True))


def _in_step(found: Iterable[re.Match[str]]) -> Iterator[re.Match[str]]:
    """The marks that count on from the first of their style: (a), (b), (c)."""
    last: _Mark | None = None
    for match in found:
        mark = _mark(f"({match[1]}) x", last)
        if mark is None:
            continue
        if (last is None and mark.value == 1) or mark == (
            _Mark(last.style, last.value + 1) if last else None
        ):
            last = mark
            yield match


def _trimmed(text: str, span: Span) -> Span:
    words = re.sub(r"\s*[•●○▪■◦‣\uf0b7\uf0a7]?\s*$", "", span.of(text))
    return Span(span.start, span.start + len(words))
