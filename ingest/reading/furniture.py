"""Running heads, footers and page numbers, told from the body by where and how often they recur."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from ingest.reading.layout import Row

MARGIN = 0.15
"""Share of the sheet's height, at its head and at its foot, in which furniture is looked for."""
LEAST_PAGES = 3
"""Pages on which a line must recur; two chance likenesses are common, three are not."""
LEAST_IN_SLOT = 6
"""Pages with a running head in one place before anything in that place and type is one."""
OTHER_TYPE = 0.15
"""Share by which two sizes of type differ for certain."""
SET_APART = 1.5
"""In type sizes, from baseline to baseline; lines of one text stand at 1.1 to 1.4."""
LEAST_DENSITY = 0.34
"""Share of the pages between its first and its last that a running head stands on; every second
page where left and right pages differ. A source cited in several notes is rarer."""
ROMAN = r"(?=[ivxlcdm])m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})"
NUMBER = re.compile(rf"[\s\-–—|·]*(?:page\s+)?(\d{{1,4}}|{ROMAN})(?:\s+of\s+\d+)?[\s\-–—|·]*", re.I)
LEADING = re.compile(rf"^(\d{{1,4}}|{ROMAN})(?:\s*[|•·–—]\s*|\s{{1,}})(?=\D{{4}})", re.I)
TRAILING = re.compile(
    rf"(?<=\D{{4}})(?:\s*[|•·–—]\s*|\s{{1,}})(?:page\s+)?(\d{{1,4}}|{ROMAN})$", re.I
)
COUNTER = re.compile(r"(\d{1,4})\s*/\s*\d{1,4}$")
"""A viewer's own page counter, as browsers print it: furniture, but no page number."""


Key = tuple[int, int, float, float]
"""Page, frame, baseline and left edge of a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """A row with the sheet it stands on, in the frame it reads upright in."""

    page: int
    frame: int
    height: float
    """Of the sheet in that frame, in points."""
    row: Row

    @property
    def key(self) -> Key:
        return (self.page, self.frame, self.row.baseline, self.row.box.x0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """What was found: rows that are no part of the body, and the numbers printed among them."""

    rows: frozenset[Key]
    """Keys of the rows to leave out."""
    printed: dict[int, str]
    """PDF page to the page number exactly as printed on it."""
    texts: tuple[str, ...]
    """Every row left out, in order."""


def furniture(sheet_rows: Sequence[SheetRow], *, labels: Sequence[str]) -> Furniture:
    """Furniture of the whole document; `labels` are the file's own page labels, if it has any."""
    edges = list(_edges(sheet_rows))
    at_edges = [each for edge in edges for each in edge]
    recurring = _recurring(at_edges)
    recurring |= _in_slots(at_edges, recurring)
    numbers = _page_numbers(at_edges, labels, recurring)
    left_out = [each for edge in edges for each in _outermost(edge, recurring | numbers.keys())]
    printed = {each.page: text for each in left_out if (text := numbers.get(each.key))}
    left_out.sort(key=lambda each: (each.page, each.row.baseline))
    return Furniture(
        rows=frozenset(each.key for each in left_out),
        printed=printed,
        texts=tuple(each.row.text for each in left_out),
    )


def _outermost(edge: Sequence[SheetRow], marked: frozenset[Key]) -> Sequence[SheetRow]:
    """The rows from the sheet's edge inwards that are marked and set apart from what follows.

    At the foot, the last lines of two notes that cite the same source may recur too, but stand
    tight among others of their size; at the head, text may begin right under a running head.
    """
    apart, at_head = 0, bool(edge) and edge[0].row.box.bottom < MARGIN * edge[0].height
    for count, each in enumerate(edge, 1):
        if each.key not in marked:
            break
        if at_head or count == len(edge) or _is_apart(each.row, edge[count].row):
            apart = count
    return edge[:apart]


def _is_apart(outer: Row, inner: Row) -> bool:
    gap = abs(inner.baseline - outer.baseline)
    other_type = abs(inner.size - outer.size) > OTHER_TYPE * outer.size
    return other_type or gap > SET_APART * max(outer.size, inner.size)


def _edges(sheet_rows: Sequence[SheetRow]) -> Iterator[list[SheetRow]]:
    """Of every page and frame: the rows of its head from the top, and of its foot from the end."""
    sheets: dict[tuple[int, int], list[SheetRow]] = defaultdict(list)
    for each in sheet_rows:
        sheets[each.page, each.frame].append(each)
    for sheet in sheets.values():
        ordered = sorted(sheet, key=lambda each: each.row.baseline)
        head = [each for each in ordered if each.row.box.bottom < MARGIN * each.height]
        foot = [each for each in ordered if each.row.box.top > (1 - MARGIN) * each.height]
        yield head[:5]
        yield foot[::-1][:5]


def _signatures(each: SheetRow) -> Iterator[str]:
    """What may recur of a running head: its words, or those and its page number's lead.

    `Recommendation 4` and `Recommendation 9` at the heads of two pages are alike in neither.
    """
    text = each.row.text.strip().casefold()
    yield _plain(text)
    for pattern in (COUNTER, LEADING, TRAILING):
        if match := pattern.search(text):
            lead = _step(each.page, match.group(1))[1]
            yield _plain(f"{text[: match.start(1)]}@{lead}{text[match.end(1) :]}")


def _plain(text: str) -> str:
    return re.sub(r"[^\w@]+", "", text)


def _recurring(edge_rows: Iterable[SheetRow]) -> frozenset[Key]:
    """Rows whose words, numbers aside, stand at the same height on several pages."""
    places: dict[int, list[tuple[str, SheetRow]]] = defaultdict(list)
    for each in edge_rows:
        for signature in _signatures(each):
            if len(signature) >= 4:
                places[round(each.row.baseline / 4)].append((signature, each))
    found: set[Key] = set()
    for place, here in places.items():
        around = here + places.get(place - 1, []) + places.get(place + 1, [])
        pages: dict[str, set[int]] = defaultdict(set)
        for signature, each in around:
            pages[signature].add(each.page)
        for signature, each in here:
            misread = each.row.runs[0].confidence is not None
            if _is_dense(_pages_like(signature, pages) if misread else pages[signature]):
                found.add(each.key)
    return frozenset(found)


def _in_slots(edge_rows: Iterable[SheetRow], recurring: frozenset[Key]) -> frozenset[Key]:
    """Rows set in the place and type that running heads have elsewhere, whatever they say."""
    slots: dict[tuple[int, int, str, tuple[int, int, int]], list[SheetRow]] = defaultdict(list)
    for each in edge_rows:
        look = each.row.runs[0].style
        place = round(each.row.baseline / 3)
        slots[place, round(look.size), look.font, look.colour].append(each)
    return frozenset(
        each.key
        for here in slots.values()
        if sum(each.key in recurring for each in here) >= max(LEAST_IN_SLOT, 0.7 * len(here))
        for each in here
    )


def _is_dense(pages: set[int]) -> bool:
    stretch = max(pages) - min(pages) + 1
    return len(pages) >= LEAST_PAGES and len(pages) >= LEAST_DENSITY * stretch


def _pages_like(signature: str, pages: dict[str, set[int]]) -> set[int]:
    """On which pages this wording stands, allowing for what optical recognition misreads."""
    if len(signature) < 12:
        return pages[signature]
    alike = (
        numbers
        for other, numbers in pages.items()
        if abs(len(other) - len(signature)) <= 4
        and SequenceMatcher(None, signature, other).quick_ratio() > 0.85
        and SequenceMatcher(None, signature, other).ratio() > 0.85
    )
    return set[int]().union(*alike)


def _page_numbers(
    edge_rows: Sequence[SheetRow],
    labels: Sequence[str],
    recurring: frozenset[Key],
) -> dict[Key, str]:
    """Rows that hold their page's number, and that number as printed.

    A number is believed where it runs in step with the pages of the file, or is the file's own
    label of its page. A viewer's counter is furniture too, with no number: an empty string.
    """
    candidates = [
        (each, text)
        for each in edge_rows
        if (text := _number_in(each.row.text, beside_words=each.key in recurring)) is not None
    ]
    steps = Counter({(each.page, _step(each.page, text)) for each, text in candidates})
    votes = Counter(step for _, step in steps)
    needed = min(LEAST_PAGES, max(2, len({each.page for each in edge_rows}) // 2))
    found: dict[Key, str] = {}
    taken: dict[int, int] = {}
    for each, text in candidates:
        support = votes[_step(each.page, text)]
        labelled = each.page <= len(labels) and labels[each.page - 1] == text
        if (support >= needed or labelled) and support >= taken.get(each.page, 0):
            found[each.key] = text
            taken[each.page] = support
    for each in edge_rows:
        text = each.row.text.strip()
        if COUNTER.fullmatch(text) or (each.key in recurring and COUNTER.search(text)):
            found.setdefault(each.key, "")
    return found


def _number_in(text: str, *, beside_words: bool) -> str | None:
    """A number that stands alone, or at either end of a running head."""
    text = text.strip()
    match = NUMBER.fullmatch(text)
    if match is None and beside_words:
        match = LEADING.match(text) or TRAILING.search(text)
    return match.group(1) if match else None


def _step(page: int, text: str) -> tuple[bool, int]:
    """Whether the number is arabic, and how far it runs ahead of the page's place in the file."""
    return (True, int(text) - page) if text.isdigit() else (False, roman_value(text) - page)


def roman_value(text: str) -> int:
    """The number a roman numeral stands for."""
    values = [
        {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}[c] for c in text.lower()
    ]
    following = [*values[1:], 0]
    return sum(-v if v < n else v for v, n in zip(values, following, strict=True))
