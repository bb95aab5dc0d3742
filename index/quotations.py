"""The quotations in somebody's prose: between quotation marks of any style, or set as blocks.

A quotation inside another belongs to the outer one. One that runs over paragraphs, each opened
again and only the last closed, is one quotation.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.model import ParagraphKind, Reading, Span
from ingest.sentences import sentences

_CLOSERS = {
    "“": "”",
    "„": "“”",
    "‟": "”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "「": "」",
    "『": "』",
    '"': '"',
    "＂": "＂",
    "‘": "’'",
    "‚": "‘’",
    "'": "'’",
}
_SINGLE = "'’"
_BLOCK_LINE = re.compile(r"[ \t]*>[ \t]?|(?: {4}|\t)[ \t]*")
_BLANK_LINE = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_ATTRIBUTION = re.compile(
    r"(?:\n|^|(?<=[.!?”\"’]) )[ \t]*[—–―-]{1,2}[ \t]*(?P<words>[A-Z][^\n]{2,200})$"
)
_REACH = 400
"""Characters on either side of a quotation in which its source is named."""
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of prose, and whether it is set as a quotation."""

    span: Span
    is_block: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """A text in which quotations are looked for."""

    text: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """Quoted words, where they stand in the prose, and what the prose says of their source."""

    text: str
    span: Span
    frame: str = ""
    """The sentence around it, what is quoted left out; of a block, its lead-in and attribution."""
    before: str = ""
    """The same of the sentence before."""
    inner: tuple["Quotation", ...] = ()
    """Quotations within it."""


@dataclass(slots=True)
class _Open:
    """A quotation mark that has not been closed."""

    mark: str
    start: int
    inner: list[Quotation] = field(default_factory=list[Quotation])


def plain_prose(text: str) -> Prose:
    """Plain text: paragraphs at blank lines; blocks begin each line with `>` or are indented."""
    paragraphs: list[Paragraph] = []
    start = 0
    for gap in [*_BLANK_LINE.finditer(text), None]:
        end = gap.start() if gap else len(text)
        if text[start:end].strip():
            lines = [line for line in text[start:end].split("\n") if line.strip()]
            is_block = all(_BLOCK_LINE.match(line) for line in lines)
            paragraphs.append(Paragraph(Span(start, end), is_block))
        start = gap.end() if gap else end
        if gap:
            # The indentation of a line is part of it.
            start = text.rindex("\n", gap.start(), gap.end()) + 1
    return Prose(text=text, paragraphs=tuple(paragraphs))


def read_prose(reading: Reading) -> Prose:
    """Prose that was read from a file."""
    return Prose(
        text=reading.text,
        paragraphs=tuple(
            Paragraph(paragraph.span, paragraph.kind is ParagraphKind.QUOTATION)
            for paragraph in reading.paragraphs
        ),
    )


def quotations(prose: Prose) -> tuple[Quotation, ...]:
    """The quotations in order, none overlapping another."""
    return tuple(_quotations(prose))


def _quotations(prose: Prose) -> Iterator[Quotation]:
    held: list[Span] = []
    lead = ""
    carried: int | None = None
    for place, paragraph in enumerate(prose.paragraphs):
        following = prose.paragraphs[place + 1] if place + 1 < len(prose.paragraphs) else None
        if paragraph.is_block:
            held.append(paragraph.span)
            if following is None or not following.is_block:
                yield from _block(prose.text, held, lead)
                held = []
            continue
        goes_on = following is not None and _opens(prose.text, following)
        found, carried = _marked(prose.text, paragraph.span, carried, goes_on=goes_on)
        yield from _framed(prose.text, paragraph.span, found)
        lead = _blanked(prose.text, paragraph.span, found)


def _opens(text: str, paragraph: Paragraph) -> bool:
    return not paragraph.is_block and paragraph.span.of(text).lstrip().startswith("“")


def _block(text: str, spans: Sequence[Span], lead: str) -> Iterator[Quotation]:
    span = Span(spans[0].start, spans[-1].end)
    words = "\n\n".join(_without_marks(part.of(text)) for part in spans)
    attribution = _ATTRIBUTION.search(words)
    said = attribution["words"] if attribution else ""
    words = words[: attribution.start()] if attribution else words
    words = _unwrapped(words.strip())
    if _WORD.search(words):
        around = sentences(lead)
        last = around[-1].of(lead) if around else ""
        inner, _ = _marked(words, Span(0, len(words)), None, goes_on=False)
        yield Quotation(text=words, span=span, frame=f"{last} {said}".strip(), inner=tuple(inner))


def _without_marks(block: str) -> str:
    return "\n".join(_BLOCK_LINE.sub("", line, count=1) for line in block.split("\n"))


def _unwrapped(words: str) -> str:
    """The words without quotation marks around the whole."""
    closers = _CLOSERS.get(words[:1])
    if closers and len(words) > 2 and words[-1] in closers and words[1:-1].count(words[0]) == 0:
        return words[1:-1]
    return words


def _marked(
    text: str, span: Span, carried: int | None, *, goes_on: bool
) -> tuple[list[Quotation], int | None]:
    """The quotations between marks in a paragraph, and where one began that is still open.

    `carried` is where one began that an earlier paragraph left open; `goes_on` says that the
    next paragraph opens with a mark again.
    """
    found: list[Quotation] = []
    stack: list[_Open] = [_Open("“", carried)] if carried is not None else []
    at = span.start
    if stack:
        at = text.index("“", span.start) + 1
    while at < span.end:
        mark = text[at]
        closed = _closes(text, at, span, stack)
        if closed is not None:
            opened = stack[closed]
            lost = [quotation for each in stack[closed + 1 :] for quotation in each.inner]
            del stack[closed:]
            inside = Span(opened.start, at) if opened.start < at else None
            if inside and _WORD.search(text, inside.start, inside.end):
                quotation = Quotation(
                    text=inside.of(text), span=inside, inner=(*opened.inner, *lost)
                )
                (stack[-1].inner if stack else found).append(quotation)
        elif mark in _CLOSERS and _is_opening(text, at, span):
            stack.append(_Open(mark, at + 1))
        at += 1
    if stack and stack[0].mark == "“" and goes_on:
        return found, stack[0].start
    found += [quotation for each in stack for quotation in each.inner]
    return sorted(found, key=lambda quotation: quotation.span.start), None


def _closes(text: str, at: int, span: Span, stack: Sequence[_Open]) -> int | None:
    """Which open quotation the character closes, counted from the outermost; None if none."""
    mark = text[at]
    for place in range(len(stack) - 1, max(-1, len(stack) - 4), -1):
        if mark in _CLOSERS[stack[place].mark]:
            if mark in _SINGLE and not _is_single_close(text, at, span):
                return None
            if text[at - 1].isspace() and mark == '"' and _is_opening(text, at, span):
                return None
            return place
    return None


def _is_single_close(text: str, at: int, span: Span) -> bool:
    """Not an apostrophe: no letter follows, and no possessive that a later mark would close."""
    after = text[at + 1] if at + 1 < span.end else " "
    if after.isalnum() or text[at - 1].isspace():
        return False
    if text[at - 1] not in "sS" or after != " ":
        return True
    limit = min(span.end, at + 2_000)
    for later in range(at + 1, limit):
        if text[later] in '‘“"':
            return True
        if text[later] in _SINGLE:
            beyond = text[later + 1] if later + 1 < span.end else " "
            if not beyond.isalnum() and not text[later - 1].isspace():
                return False
    return True


def _is_opening(text: str, at: int, span: Span) -> bool:
    mark = text[at]
    before = text[at - 1] if at > span.start else " "
    after = text[at + 1] if at + 1 < span.end else " "
    if mark in "“„‟«‹「『":
        return True
    if mark == "»":
        return (before.isspace() or before in "([") and after.isalnum()
    return not before.isalnum() and not after.isspace() and before not in ".,;:!?"


def _framed(text: str, span: Span, found: Sequence[Quotation]) -> Iterator[Quotation]:
    """The quotations with the sentences around them."""
    if not found:
        return
    blanked = _blanked(text, span, found)
    around = sentences(blanked)
    for quotation in found:
        place = max(0, quotation.span.start - span.start)
        index = bisect_left(around, place, key=lambda sentence: sentence.end)
        frame = _around(blanked, around[index], quotation.span, span) if around[index:] else ""
        before = around[index - 1].of(blanked)[-_REACH:] if index else ""
        yield Quotation(
            text=quotation.text,
            span=quotation.span,
            frame=frame,
            before=before,
            inner=quotation.inner,
        )


def _around(blanked: str, sentence: Span, quoted: Span, paragraph: Span) -> str:
    """The sentence's words on either side of the quotation, as far as attributions go."""
    start, end = max(0, quoted.start - paragraph.start), quoted.end - paragraph.start
    before = blanked[max(sentence.start, start - _REACH) : start]
    return before + blanked[end - 1 : min(sentence.end, end + _REACH)]


def _blanked(text: str, span: Span, found: Sequence[Quotation]) -> str:
    """The paragraph with each quotation's words made spaces, its closing stop aside."""
    pieces: list[str] = []
    at = span.start
    for quotation in found:
        start, end = max(at, quotation.span.start), quotation.span.end
        pieces.append(text[at:start])
        pieces.append(" " * max(0, end - start - 1))
        if end > start:
            pieces.append(text[end - 1] if text[end - 1] in ".!?" else " ")
        at = end
    return "".join(pieces) + text[at : span.end]
