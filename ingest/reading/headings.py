"""Headings and the section path: from the outline, the contents pages and the type.

A style that the outline or the contents pages name even once is a heading style at that level;
other heading styles are ranked between them by size.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.model import ParagraphKind
from ingest.reading.blocks import CAPTION, JOINABLE, LEADERS, Block
from ingest.reading.furniture import ROMAN
from ingest.reading.pdffile import Bookmark

LARGER = 1.12
"""Heading type over body type, at least, where it is not bold."""
SENTENCE = re.compile(r"(?:\S+\s+){9}\S*\.$")
"""What no heading looks like, though contents pages have been seen to list one."""
SLIGHTLY = 1.05
"""Heading type over the type below it, at least, where both are bold."""
SAME_MARGIN = 6.0
"""Points; less does not make a contents line an inner one."""
SAME_SIZE = 0.6
"""Points by which measured sizes of one style differ, for the letters its headings have."""
LONGEST = 250
"""Characters; the longest real heading measured has 160."""
Style = tuple[float, bool, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A heading that the document itself lists; `page` counts pages of the file."""

    title: str
    level: int
    page: int | None


def entries(outline: Sequence[Bookmark], found: Sequence[Block]) -> list[Entry]:
    """What the outline and the contents pages list, the outline's levels first."""
    listed = [Entry(title=mark.title, level=mark.level, page=mark.page) for mark in outline]
    known = {letters(entry.title) for entry in listed}
    return listed + [entry for entry in _contents(found) if letters(entry.title) not in known]


def letters(text: str) -> str:
    """Letters and digits alone, case folded: what two settings of one heading share."""
    return re.sub(r"[\W_]+", "", text).casefold()


def _contents(found: Iterable[Block]) -> Iterable[Entry]:
    """What the contents pages list; a line set further in is a level deeper.

    A title that runs over lines is listed line by line and whole.
    """
    lines = [line for b in found if b.kind is ParagraphKind.CONTENTS for line in b.lines]
    margins = _margins(line.box.x0 for line in lines if _is_title(_listed_words(line.text)))
    begun: Entry | None = None
    for line in lines:
        level = 1 + sum(margin < line.box.x0 - SAME_MARGIN for margin in margins)
        entry = Entry(title=_listed_words(line.text), level=level, page=None)
        whole = replace(begun, title=f"{begun.title} {entry.title}") if begun else entry
        # A number at a line's end may be the title's own: `Recommendation 4`.
        for each in dict.fromkeys((entry, whole, replace(entry, title=line.text))):
            if _is_title(each.title):
                yield each
        ended = LEADERS.search(line.text) or line.text[-1:].isdigit()
        begun = None if ended else whole


def _listed_words(text: str) -> str:
    """A line of contents less its leaders and page number."""
    return re.sub(rf"(?:[\s.…]+(?:\d{{1,3}}|{ROMAN}))?[\s.…]*$", "", LEADERS.split(text)[0])


def _is_title(words: str) -> bool:
    return len(letters(words)) >= 4 and letters(words) != "contents"


def _margins(starts: Iterable[float]) -> list[float]:
    margins: list[float] = []
    for start in sorted(starts):
        if not margins or start > margins[-1] + SAME_MARGIN:
            margins.append(start)
    return margins


def mark_headings(found: Sequence[Block], *, listed: Sequence[Entry], size: float) -> list[Block]:
    """The blocks with headings marked as such; `size` is the body's type size.

    Lines of one heading that were set apart (`1` and `Introduction`) are joined.
    """
    merged = _merged(found, size)
    levels = _listed_levels(merged, listed)
    candidates = [
        index in levels or _looks_like_heading(merged, index, size) for index in range(len(merged))
    ]
    ranks = _ranks(
        [(style(block), levels.get(i)) for i, block in enumerate(merged) if candidates[i]]
    )
    return [
        _heading(block, levels.get(index) or ranks[style(block)]) if candidates[index] else block
        for index, block in enumerate(merged)
    ]


def _heading(block: Block, level: int) -> Block:
    return replace(block, kind=ParagraphKind.HEADING, number=None, marker=None, level=level)


def style(block: Block) -> Style:
    first = block.first.style
    return (round(first.size * 2) / 2, first.bold, first.italic)


def _merged(found: Sequence[Block], size: float) -> list[Block]:
    """Neighbours of one large style on one page, close together, as one block."""
    merged: list[Block] = []
    for block in found:
        last = merged[-1] if merged else None
        if last is not None and _same_heading(last, block, size):
            merged[-1] = replace(last, lines=last.lines + block.lines)
        else:
            merged.append(block)
    return merged


def _same_heading(last: Block, block: Block, size: float) -> bool:
    above, line = last.last, block.first
    return (
        last.kind in (ParagraphKind.BODY, ParagraphKind.BOX)
        and block.kind in (ParagraphKind.BODY, ParagraphKind.BOX)
        and style(last) == style(block)
        and above.style.size > LARGER * size
        and above.page == line.page
        and above.container == line.container
        and 0 < line.box.top - above.box.bottom < 0.9 * above.style.size
    )


def _listed_levels(found: Sequence[Block], listed: Sequence[Entry]) -> dict[int, int]:
    """Index of each block that the document lists as a heading, to its level (0 unknown)."""
    titles: dict[str, list[Entry]] = defaultdict(list)
    for entry in listed:
        titles[letters(entry.title)].append(entry)
        titles[letters(re.sub(r"^[\dA-Z]{1,3}(?:\.\d+)*\.?\s+", "", entry.title))].append(entry)
    levels: dict[int, int] = {}
    for index, block in enumerate(found):
        if block.kind in JOINABLE:
            match = _listed(block, titles)
            if match is not None:
                levels[index] = match.level
    return levels


def _listed(block: Block, titles: Mapping[str, Sequence[Entry]]) -> Entry | None:
    if len(block.text) > LONGEST or SENTENCE.search(block.text):
        return None
    plain = letters(block.text)
    unnumbered = letters(re.sub(r"^[\dA-Z]{1,3}(?:\.\d+)*\.?\s+", "", block.text))
    for key in (plain, unnumbered):
        for entry in titles.get(key, ()):
            if len(key) >= 4 and (entry.page is None or abs(entry.page - block.first.page) <= 1):
                return entry
    return None


def _looks_like_heading(found: Sequence[Block], index: int, size: float) -> bool:
    block = found[index]
    first = block.first
    quoted = block.kind is ParagraphKind.QUOTATION and first.style.size >= LARGER * size
    if not (block.kind is ParagraphKind.BODY or quoted) or not _could_be(block, quoted=quoted):
        return False
    if first.style.size >= LARGER * size and all(
        line.style.size >= LARGER * size for line in block.lines
    ):
        return True
    follows = found[index + 1] if index + 1 < len(found) else None
    if block.number or follows is None or not _is_text_of(block, follows) or len(block.lines) > 2:
        return False
    stands_out = (
        not follows.first.style.bold or first.style.size > SLIGHTLY * follows.first.style.size
    )
    bold = all(line.style.bold for line in block.lines) and stands_out
    italic = all(line.style.italic for line in block.lines) and not follows.first.style.italic
    short = first.box.x1 - first.box.x0 < 0.8 * (first.column.x1 - first.column.x0)
    return bold or (italic and short and len(block.lines) == 1)


def _could_be(block: Block, *, quoted: bool) -> bool:
    text = block.text.strip()
    return (
        1 <= len(block.lines) <= 5
        and 3 <= len(text) <= LONGEST
        and re.search(r"[A-Za-z]{2}", text) is not None
        and text[-1] not in ".,;:"
        and not text[0].islower()
        and not CAPTION.match(text)
        and (quoted or not text.startswith(("“", "‘")))
        and block.first.confidence is None
    )


def _is_text_of(block: Block, follows: Block) -> bool:
    """Whether what follows on the page, or overleaf, can be the text under such a heading."""
    return (
        follows.kind
        in (ParagraphKind.BODY, ParagraphKind.LIST_ITEM, ParagraphKind.QUOTATION, ParagraphKind.BOX)
        and 0 <= follows.first.page - block.last.page <= 1
        and (len(follows.text) > 60 or style(follows) != style(block))
    )


def _ranks(seen: Sequence[tuple[Style, int | None]]) -> dict[Style, int]:
    """A level for every heading style: what is listed of it, else one below the next larger."""
    votes: dict[Style, Counter[int]] = defaultdict(Counter)
    for each, level in seen:
        votes[each].update([level] if level else [])
    ranks: dict[Style, int] = {}
    last: Style | None = None
    for each in sorted(votes, key=lambda s: (-s[0], not s[1], s[2])):
        if votes[each]:
            ranks[each] = votes[each].most_common(1)[0][0]
        elif last is not None:
            alike = last[1:] == each[1:] and last[0] - each[0] <= SAME_SIZE
            ranks[each] = ranks[last] + (0 if alike else 1)
        else:
            ranks[each] = 1
        last = each
    return ranks
