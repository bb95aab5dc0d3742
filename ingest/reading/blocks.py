"""Paragraphs as printed: the lines of a column gathered, then joined over pages and columns."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest
from statistics import median

from ingest.model import ParagraphKind
from ingest.reading.furniture import ROMAN
from ingest.reading.layout import PrintedLine
from ingest.reading.numbering import item_marker

WIDE_PITCH = 1.3
"""Times the usual distance of baselines; beyond it a new paragraph begins."""
LONGEST_LABEL = 20
"""Characters; "recommendation" has 14."""
INDENT = 0.8
"""In type sizes; less is a ragged margin."""
FINE_PRINT = 0.88
"""Type size over the body's below which lines are labels, sources and captions."""
ENDS = re.compile(r"[.!?…:;][\"'”’)\]]*$")
STOPS = re.compile(r"[.!?…][\"'”’)\]]*$")
STATEMENT_LABEL = re.compile(
    r"(?:(?:Recommendation|RECOMMENDATION|Rec\.?)\s+(?:[Nn]o\.?\s*)?"
    r"(?:\d{1,3}(?:\.\d{1,3})*[a-z]?|[IVX]+)\s*[:.–—-]|(?P<short>[A-Z]{0,2}R\d{1,3})[:.]?)"
    r"\s+(?=[A-Z“])"
)
"""What a recommendation opens with, where a mention of one would go on otherwise."""
CAPTION = re.compile(
    r"(?:Figure|Table|Box|Chart|Map|Exhibit|Source|Sources|Image)\b\s*[\dA-Z]*[.:]", re.I
)
LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}")
PAGE_AT_END = re.compile(rf"(?:\s|\.{{2,}})(\d{{1,3}}|{ROMAN})$")
JOINABLE = frozenset(
    {ParagraphKind.BODY, ParagraphKind.QUOTATION, ParagraphKind.LIST_ITEM, ParagraphKind.BOX}
)
PASSED_OVER = frozenset({ParagraphKind.TABLE, ParagraphKind.FIGURE, ParagraphKind.CAPTION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, heading, table or figure: its lines in order."""

    lines: tuple[PrintedLine, ...]
    kind: ParagraphKind
    number: str | None = None
    """As printed at its head."""
    marker: str | None = None
    """Bullet or letter of a list item."""
    level: int = 0
    """Of a heading, 1 outermost."""

    @property
    def first(self) -> PrintedLine:
        return self.lines[0]

    @property
    def last(self) -> PrintedLine:
        return self.lines[-1]

    @property
    def text(self) -> str:
        """The words, for looking at: line ends are plain spaces here."""
        return " ".join(line.text for line in self.lines)


def blocks(
    pages: Sequence[Sequence[PrintedLine]], *, numbers: Mapping[int, str], size: float
) -> list[Block]:
    """Paragraphs of every page in reading order, before any is joined over a page break.

    `numbers` maps the index of a line, counted over all pages, to its paragraph number; `size`
    is the body's type size.
    """
    found: list[Block] = []
    pitch = _usual_pitch([line for page in pages for line in page])
    at, contents = 0, False
    for page in pages:
        starts = {
            index - at: number for index, number in numbers.items() if at <= index < at + len(page)
        }
        contents = _is_contents(page, after_contents=contents)
        for lines, number in _gathered(page, starts, pitch):
            found.append(_block(lines, number, size=size, contents=contents))
        at += len(page)
    return _figures(_labels(_quotations(found)))


def _usual_pitch(lines: Sequence[PrintedLine]) -> float:
    """The usual distance of two lines of one paragraph, in type sizes."""
    pitches = [
        (below.box.bottom - above.box.bottom) / above.style.size
        for above, below in pairwise(lines)
        if above.page == below.page
        and above.style.size > 0
        and abs(above.style.size - below.style.size) < 0.5
        and 0.8 < (below.box.bottom - above.box.bottom) / above.style.size < 3
        and len(above.text) > 40
    ]
    return median(pitches) if pitches else 1.2


def _gathered(
    page: Sequence[PrintedLine], starts: Mapping[int, str], pitch: float
) -> Iterable[tuple[list[PrintedLine], str | None]]:
    block: list[PrintedLine] = []
    number: str | None = None
    for index, line in enumerate(page):
        if block and (index in starts or _begins(block, line, pitch)):
            yield block, number
            block, number = [], None
        if not block:
            number = starts.get(index)
        block.append(line)
    if block:
        yield block, number


def _begins(block: Sequence[PrintedLine], line: PrintedLine, pitch: float) -> bool:
    """Whether a new paragraph begins with this line."""
    above = block[-1]
    if line.table or above.table:
        return line.table != above.table
    size = max(above.style.size, 1.0)
    apart = (line.box.bottom - above.box.bottom) / size
    return (
        line.container != above.container
        or line.frame != above.frame
        or _is_other_type(above, line)
        or apart > WIDE_PITCH * pitch
        or apart < -0.5
        or item_marker(line.text) is not None
        or _opens_statement(line.text, above)
        or (line.style.bold != above.style.bold and _is_break(above, line))
        or _is_indented(block, line)
        or _is_forced(above, line)
    )


def _opens_statement(words: str, above: PrintedLine) -> bool:
    """Whether the words open with a label of a recommendation, not with a mention of one."""
    found = STATEMENT_LABEL.match(words)
    return found is not None and (found["short"] is not None or ENDS.search(above.text) is not None)


def _is_other_type(above: PrintedLine, line: PrintedLine) -> bool:
    """Whether the size of type changes; within a sentence only if it changes much.

    A line that is mostly a web address, or a list of names, measures smaller or larger.
    """
    size = max(above.style.size, 1.0)
    change = abs(line.style.size - above.style.size) / size
    runs_on = line.text[:1].islower() and not ENDS.search(above.text)
    return change > (0.3 if runs_on else 0.09)


def _is_break(above: PrintedLine, line: PrintedLine) -> bool:
    """Bold against plain parts a side heading from its text, unless the sentence runs on."""
    return not (line.text[:1].islower() or above.text[-1:] in ",-–—")


def _is_indented(block: Sequence[PrintedLine], line: PrintedLine) -> bool:
    size = line.style.size * INDENT
    if len(block) == 1:
        return False
    return abs(line.box.x0 - block[-1].box.x0) > size and (
        line.box.x0 < block[-1].box.x0 or STOPS.search(block[-1].text) is not None
    )


def _is_forced(above: PrintedLine, line: PrintedLine) -> bool:
    """Whether the line above ends early though this line's first word would have fitted."""
    word = line.text.split(" ", 1)[0]
    width = len(word) * (line.box.x1 - line.box.x0) / max(1, len(line.text))
    room = above.column.x1 - above.box.x1
    return room > width + 2.5 * above.style.size and ENDS.search(above.text) is not None


def _block(
    lines: Sequence[PrintedLine], number: str | None, *, size: float, contents: bool
) -> Block:
    first = lines[0]
    marker = None if number else item_marker(first.text)
    return Block(
        lines=tuple(lines),
        kind=_kind(lines, marker, size=size, contents=contents),
        number=number,
        marker=marker,
    )


def _kind(
    lines: Sequence[PrintedLine], marker: str | None, *, size: float, contents: bool
) -> ParagraphKind:
    first = lines[0]
    small = first.style.size < FINE_PRINT * size
    if contents:
        return ParagraphKind.CONTENTS
    if CAPTION.match(first.text) and (small or first.style.bold or len(lines) <= 3):
        return ParagraphKind.CAPTION
    if first.table:
        return ParagraphKind.FIGURE if small and _is_scattered(lines) else ParagraphKind.TABLE
    if small and not marker and len(" ".join(line.text for line in lines)) < 80:
        return ParagraphKind.FIGURE
    if marker:
        return ParagraphKind.LIST_ITEM
    if first.container:
        return ParagraphKind.BOX
    if _is_quotation(lines):
        return ParagraphKind.QUOTATION
    return ParagraphKind.BODY


def _is_scattered(lines: Sequence[PrintedLine]) -> bool:
    return median(len(line.text) for line in lines) < 24


def _is_quotation(lines: Sequence[PrintedLine]) -> bool:
    """Set in from the column on the left, and italic or opening with a quotation mark."""
    first = lines[0]
    inset = min(line.box.x0 for line in lines) - first.column.x0 > first.style.size
    return inset and (first.style.italic or first.text[:1] in "“‘\"'")


def _quotations(found: Sequence[Block]) -> list[Block]:
    """Body blocks set further in than the body before and after them on the page, as quotations."""
    margins: dict[int, float] = {}
    for block in found:
        if block.kind is ParagraphKind.BODY and len(block.lines) >= 2:
            inner = min(line.box.x0 for line in block.lines[1:])
            page = block.first.page
            margins[page] = min(margins.get(page, inner), inner)
    return [
        replace(block, kind=ParagraphKind.QUOTATION) if _is_inset(block, margins) else block
        for block in found
    ]


def _labels(found: Sequence[Block]) -> list[Block]:
    """A numbered label set beside a box ("51. conclusion"), as part of the box."""
    return [
        replace(block, kind=ParagraphKind.BOX)
        if below is not None and below.first.container and _is_label(block)
        else block
        for block, below in zip_longest(found, found[1:])
    ]


def _is_label(block: Block) -> bool:
    if block.kind is not ParagraphKind.BODY or block.number is None:
        return False
    words = block.text.removeprefix(block.number).strip(" .")
    return len(words) <= LONGEST_LABEL and not STOPS.search(words)


def _is_inset(block: Block, margins: Mapping[int, float]) -> bool:
    if block.kind is not ParagraphKind.BODY or block.number or len(block.text) < 60:
        return False
    margin = margins.get(block.first.page)
    inset = min(line.box.x0 for line in block.lines)
    return margin is not None and inset > margin + 1.2 * block.first.style.size


def _is_contents(page: Sequence[PrintedLine], *, after_contents: bool) -> bool:
    """A list of headings with their pages: leaders, or most lines ending in a page number."""
    if not page:
        return False
    leaders = sum(LEADERS.search(line.text) is not None for line in page)
    rows = {round(line.box.bottom) for line in page}
    numbered = len(
        {
            round(line.box.bottom)
            for line in page
            if PAGE_AT_END.search(line.text, max(0, len(line.text) - 10)) is not None
            or line.text.strip().isdigit()
        }
    )
    titled = any(line.text.strip().casefold() in ("contents", "table of contents") for line in page)
    share = numbered / len(rows)
    return (
        leaders >= max(3, 0.3 * len(page))
        or (titled and share > 0.3 and numbered >= 3)
        or (after_contents and share > 0.3)
    )


def _figures(found: Sequence[Block]) -> list[Block]:
    """Neighbouring labels of one picture gathered into one block."""
    gathered: list[Block] = []
    for block in found:
        last = gathered[-1] if gathered else None
        if (
            last is not None
            and block.kind is last.kind is ParagraphKind.FIGURE
            and block.first.page == last.last.page
        ):
            gathered[-1] = replace(last, lines=last.lines + block.lines)
        else:
            gathered.append(block)
    return gathered


def joined(found: Sequence[Block]) -> list[Block]:
    """The blocks with every paragraph whole that a page, column, table or figure had cut."""
    whole: list[Block] = []
    for block in found:
        at = _cut_paragraph(whole, block)
        if at is None:
            whole.append(block)
        else:
            whole[at] = replace(whole[at], lines=whole[at].lines + block.lines)
    return whole


def _cut_paragraph(whole: Sequence[Block], block: Block) -> int | None:
    """Index of the paragraph that this block continues, if it continues one."""
    if block.kind not in JOINABLE or block.number or block.marker:
        return None
    if whole and _opens_statement(block.text, whole[-1].last):
        return None
    for at in range(len(whole) - 1, max(-1, len(whole) - 8), -1):
        before = whole[at]
        if before.kind in PASSED_OVER and not before.number:
            continue
        return at if _continues(before, block, near=at == len(whole) - 1) else None
    return None


def _continues(before: Block, block: Block, *, near: bool) -> bool:
    above, line = before.last, block.first
    if before.kind not in JOINABLE or not 0 <= line.page - above.page <= 2:
        return False
    if _is_other_type(above, line):
        return False
    moved = line.page != above.page or line.column != above.column or not near
    lower = line.text[:1].islower()
    if not moved:
        tight = line.box.top - above.box.bottom < 0.6 * above.style.size
        ended = ENDS.search(above.text) is not None
        return lower and tight and not ended and above.container == line.container
    if bool(above.container) != bool(line.container) and not lower:
        return False
    if above.style.bold != line.style.bold and not lower:
        return False
    if lower:
        return not STOPS.search(above.text) or above.text.endswith(("e.g.", "i.e.", "etc."))
    return not ENDS.search(above.text) and _fills_its_line(before)


def _fills_its_line(block: Block) -> bool:
    """Whether the block's last line runs to the margin, as a cut paragraph's does."""
    line = block.last
    edge = max(each.box.x1 for each in block.lines) if len(block.lines) > 1 else line.column.x1
    return line.box.x1 > edge - 0.25 * (edge - line.column.x0)
