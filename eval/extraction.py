"""Another library's reading of a PDF, to check ours against: pypdf's text, with its sizes.

Nothing here knows how `ingest` reads a page; what both agree on, neither has made up.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pypdf import PdfReader

MARK = re.compile(r"[\d,*†‡§\s]{1,9}")
"""What a raised note marker consists of."""
RAISED = 0.75
"""Type size of a marker over that of the words it follows, at most."""
NOTE_SIZE = 0.95
"""Type size of notes over that of the body, at most; reports measured lie below 0.91."""
HEAD, FOOT = 0.1, 0.08
"""Shares of a page's height in which running heads, and feet with page numbers, stand."""
LONGEST_GAP = 0.03
"""Share of a page's height from one row of notes to the next, at most."""
RECURRING = 5
"""Pages on which words must stand in a margin to be a running head."""


def letters(words: str) -> str:
    """Letters and digits alone, case folded, ligatures spelt out."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", words)).casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """Words set in one go."""

    words: str
    height: float
    """How far up the page they stand, as a share of it."""
    size: float
    """Of the type, in points."""
    upright: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractedPage:
    """A page's words in the order the file sets them."""

    number: int
    fragments: tuple[Fragment, ...]

    @property
    def text(self) -> str:
        """Words without note markers."""
        return " ".join(each.words for each in self.fragments if each not in self.markers)

    @property
    def markers(self) -> frozenset[Fragment]:
        return frozenset(mark for _, mark in self.marked)

    @property
    def marked(self) -> tuple[tuple[Fragment, Fragment], ...]:
        """Every note marker, after the words it follows."""
        found: list[tuple[Fragment, Fragment]] = []
        before: Fragment | None = None
        for fragment in self.fragments:
            small = before is not None and fragment.size < RAISED * before.size
            if before is not None and small and MARK.fullmatch(fragment.words):
                found.append((before, fragment))
            else:
                before = fragment
        return tuple(found)

    @property
    def rows(self) -> tuple[tuple[Fragment, ...], ...]:
        """Upright fragments that stand at one height, from the head of the page."""
        rows: dict[int, list[Fragment]] = defaultdict(list)
        for fragment in filter(lambda fragment: fragment.upright, self.fragments):
            rows[round(fragment.height * 400)].append(fragment)
        return tuple(tuple(rows[height]) for height in sorted(rows, reverse=True))


def extraction(path: Path) -> tuple[ExtractedPage, ...]:
    """Every page as pypdf reads it."""
    pages = PdfReader(path).pages
    found: list[ExtractedPage] = []
    for number, page in enumerate(pages, 1):
        fragments: list[Fragment] = []
        bottom, top = float(page.mediabox.bottom), float(page.mediabox.top)

        def visit(
            words: str,
            user: Sequence[float],
            line: Sequence[float],
            font: object,
            size: float,
            *,
            into: list[Fragment] = fragments,
            bottom: float = bottom,
            top: float = top,
        ) -> None:
            if words.strip():
                place = user[1] * line[4] + user[3] * line[5] + user[5]
                scale = math.hypot(line[2], line[3]) * math.hypot(user[2], user[3])
                height = (place - bottom) / (top - bottom)
                into.append(
                    Fragment(
                        words=words,
                        height=height,
                        size=round(size * scale, 1),
                        upright=abs(line[1] * user[0]) + abs(line[0] * user[1]) < 0.01,
                    )
                )

        page.extract_text(visitor_text=visit)
        found.append(ExtractedPage(number=number, fragments=tuple(fragments)))
    return tuple(found)


def body_size(pages: Iterable[ExtractedPage]) -> float:
    """The type size most letters are set in; 0 where there are none."""
    weights: Counter[float] = Counter()
    for page in pages:
        for fragment in page.fragments:
            weights[fragment.size] += len(letters(fragment.words))
    return weights.most_common(1)[0][0] if weights else 0.0


def running_heads(pages: Iterable[ExtractedPage]) -> frozenset[str]:
    """Letters, numbers aside, of what stands in the margin of several pages."""
    seen: dict[str, set[int]] = defaultdict(set)
    for page in pages:
        for row in page.rows:
            if _in_margin(row):
                seen[plain(_words(row))].add(page.number)
    return frozenset(w for w, on in seen.items() if len(w) >= 4 and len(on) >= RECURRING)


def plain(words: str) -> str:
    """Letters alone."""
    return re.sub(r"\d", "", letters(words))


def page_numbers(page: ExtractedPage) -> frozenset[str]:
    """Numbers that stand alone in the page's margin."""
    return frozenset(
        number
        for row in page.rows
        if _in_margin(row) and re.fullmatch(r"\d{1,4}|[ivxlc]{1,7}", number := letters(_words(row)))
    )


def note_rows(page: ExtractedPage, *, size: float) -> tuple[str, ...]:
    """Letters of the rows of small type at the page's foot, less their numbers.

    Only where one begins with a number that is raised above; `size` is the body's.
    """
    raised = {number for _, mark in page.marked for number in re.findall(r"\d+", mark.words)}
    rows = [row for row in page.rows if not _in_margin(row) or len(letters(_words(row))) > 4]
    small = [_words(row) for row in _while_small(reversed(rows), size)]
    numbers = [match.group() for row in small if (match := re.match(r"\d{1,3}\b", row.strip()))]
    if not raised & set(numbers):
        return ()
    return tuple(re.sub(r"^\d+", "", letters(row)) for row in small)


def _while_small(
    rows: Iterable[tuple[Fragment, ...]], size: float
) -> Iterator[tuple[Fragment, ...]]:
    """Rows from the foot upwards, up to larger type or a gap."""
    last: float | None = None
    for row in rows:
        apart = last is not None and row[0].height - last > LONGEST_GAP
        if apart or max(fragment.size for fragment in row) > NOTE_SIZE * size:
            return
        last = row[0].height
        yield row


def _in_margin(row: Sequence[Fragment]) -> bool:
    return not FOOT < row[0].height < 1 - HEAD


def _words(row: Sequence[Fragment]) -> str:
    return " ".join(fragment.words for fragment in row)
