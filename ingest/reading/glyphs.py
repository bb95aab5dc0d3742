"""Runs of type: glyphs gathered into stretches of one line and one style.

A run lies in its own upright frame, turned so that its text reads from left to right. A page
that holds a table set sideways thus has two frames, each laid out as an ordinary page.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.model import Box
from ingest.reading.characters import folded
from ingest.reading.pdfium import Colour, Glyph, PdfPage, Shape
from ingest.reading.rules import Rules

X_HEIGHT_LETTERS = frozenset("acemnorsuvwxz")
WIDE_GAP = 0.8
"""Share of the type size beyond which a gap parts two runs: as wide as the narrowest gutter."""
WORD_GAP = 0.11
"""Share of the type size that separates words where the file holds no space: measured, letters of
a word lie within 0.01 of their advance widths, words in the tightest justified line at 0.13."""
UNSEEN = frozenset(
    [*range(0x200B, 0x2010), *range(0x2060, 0x2065), 0xFEFF, *range(0xE0000, 0xE0080)]
)
"""Zero-width, direction and tag characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How type looks, for telling headings, body and notes apart."""

    size: float
    """Twice the height of the lower-case letters: type sizes in the file are not reliable."""
    bold: bool
    italic: bool
    font: str
    colour: Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Adjacent glyphs on one line without a wide gap."""

    text: str
    box: Box
    baseline: float
    style: Style
    frame: int
    """Quarter turns, clockwise, from the file's page to the frame the run reads upright in."""
    raised: tuple[tuple[int, int], ...] = ()
    """Ranges of `text` set small and above the line: note markers, ordinals."""
    hidden: tuple[tuple[int, int, str], ...] = ()
    confidence: float | None = None
    """Of recognised words, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypePage:
    """One page as runs and shapes."""

    number: int
    width: float
    height: float
    """Of the unturned page."""
    rotation: int
    """Quarter turns, clockwise, that a viewer applies."""
    runs: tuple[Run, ...]
    shapes: tuple[Shape, ...]
    plain: str = ""
    """pdfium's own plain text of the page, to count against; empty where it was recognised."""


def type_page(page: PdfPage, number: int, *, most_glyphs: int) -> TypePage:
    """The page's runs, in the file's order; raises ValueError beyond `most_glyphs`."""
    glyphs, plain = page.text(most=most_glyphs)
    shapes = tuple(page.shapes())
    stretches = list(_stretches(glyphs, Rules(shapes)))
    proportions = _proportions(glyph for stretch in stretches for glyph, _ in stretch)
    runs = [_run(stretch, proportions) for stretch in stretches]
    return TypePage(
        number=number,
        width=page.width,
        height=page.height,
        rotation=page.rotation,
        runs=tuple(run for run in runs if run is not None),
        shapes=shapes,
        plain=plain,
    )


def _stretches(glyphs: Iterable[Glyph | None], rules: Rules) -> Iterator[list[tuple[Glyph, bool]]]:
    """Glyphs that follow each other on one line, each with whether a space stands before it."""
    stretch: list[tuple[Glyph, bool]] = []
    spaced = False
    for glyph in glyphs:
        if glyph is None:
            spaced = True
            continue
        if stretch and not _follows(stretch[-1][0], glyph, rules):
            yield stretch
            stretch, spaced = [], False
        if stretch and abs(glyph.origin - stretch[-1][0].origin) < 0.01:
            glyph.advance = 0.0  # the second half of a ligature: its own width says nothing
        stretch.append((glyph, spaced and bool(stretch)))
        spaced = False
    if stretch:
        yield stretch


def _follows(last: Glyph, glyph: Glyph, rules: Rules) -> bool:
    size = max(last.face.size, glyph.face.size) or 1.0
    forward = glyph.origin - max(last.x1, last.origin + last.advance)
    return (
        glyph.face.frame == last.face.frame
        and abs(glyph.baseline - last.baseline) < 0.6 * size
        and -0.6 * size < glyph.origin - last.origin + 0.3 * size
        and forward < WIDE_GAP * size
        and not (forward > WORD_GAP * size and _ruled_off(last, glyph, rules))
    )


def _ruled_off(last: Glyph, glyph: Glyph, rules: Rules) -> bool:
    middle = (glyph.top + glyph.bottom) / 2
    return glyph.face.frame == 0 and rules.part(last.x1, glyph.x0, height=middle)


def _proportions(glyphs: Iterable[Glyph]) -> dict[str, float]:
    """Of each font on the page: how large its lower-case letters stand for its nominal size."""
    seen: dict[str, list[float]] = defaultdict(list)
    for glyph in glyphs:
        if glyph.character in X_HEIGHT_LETTERS and glyph.face.size > 0:
            seen[glyph.face.font].append(_height(glyph) / glyph.face.size)
    return {font: median(ratios) for font, ratios in seen.items()}


def _run(stretch: list[tuple[Glyph, bool]], proportions: dict[str, float]) -> Run | None:
    glyphs = [glyph for glyph, _ in stretch]
    main = _main_size(glyphs, proportions)
    baseline = median(glyph.baseline for glyph in glyphs if _height(glyph) >= 0.8 * main)
    slack = _slack(glyphs)
    pieces: list[str] = []
    raised: list[tuple[int, int]] = []
    hidden: list[tuple[int, int, str]] = []
    length = 0
    for position, (glyph, spaced) in enumerate(stretch):
        if position and (spaced or _apart(glyphs[position - 1], glyph, slack)):
            pieces.append(" ")
            length += 1
        character = folded(glyph.character)
        end = length + len(character)
        if character:
            if _is_raised(glyph, main, baseline):
                raised.append((length, end))
            if reason := _hidden_reason(glyph):
                hidden.append((length, end, reason))
            pieces.append(character)
        length = end
    if not length:
        return None
    return Run(
        text="".join(pieces),
        box=Box(
            x0=min(g.x0 for g in glyphs),
            top=min(g.top for g in glyphs),
            x1=max(g.x1 for g in glyphs),
            bottom=max(g.bottom for g in glyphs),
        ),
        baseline=baseline,
        style=_style(glyphs, main),
        frame=glyphs[0].face.frame,
        raised=_joined(raised),
        hidden=tuple(hidden),
    )


def _height(glyph: Glyph) -> float:
    """Estimated type size: the lower-case letters of text faces stand about half of it high."""
    height = glyph.bottom - glyph.top
    if glyph.character in X_HEIGHT_LETTERS:
        return 2.0 * height
    if glyph.character.isdigit() or glyph.character.isupper():
        return 1.4 * height
    return glyph.face.size


def _main_size(glyphs: list[Glyph], proportions: dict[str, float]) -> float:
    small = [_height(g) for g in glyphs if g.character in X_HEIGHT_LETTERS]
    if len(small) >= 3:
        return median(small)
    nominal = [g.face.size * proportions.get(g.face.font, 0.0) for g in glyphs]
    if max(nominal) > 0:
        return max(nominal)
    tall = [_height(g) for g in glyphs if g.character.isalnum()]
    return max(tall, default=glyphs[0].face.size)


def _slack(glyphs: list[Glyph]) -> float:
    """The letter spacing of the run: what letters stand apart beyond their own widths."""
    gaps = [_gap(a, b) for a, b in pairwise(glyphs)]
    return max(0.0, median(gaps)) if gaps else 0.0


def _gap(last: Glyph, glyph: Glyph) -> float:
    """What lies between two glyphs beyond the first one's own width."""
    if last.advance <= 0:
        return glyph.x0 - last.x1 - 0.12 * last.face.size
    return glyph.origin - last.origin - last.advance


def _apart(last: Glyph, glyph: Glyph, slack: float) -> bool:
    # The ink must be apart too: widths looked up by character are wrong for the second half of a
    # ligature and for small capitals.
    size = max(last.face.size, glyph.face.size)
    ink = glyph.x0 - last.x1
    return _gap(last, glyph) - slack > WORD_GAP * size and ink - slack > 1.2 * WORD_GAP * size


def _is_raised(glyph: Glyph, main: float, baseline: float) -> bool:
    return (glyph.character.isalnum() or glyph.character in "*†‡§") and (
        baseline - glyph.baseline > 0.12 * main
        and glyph.face.size < 0.92 * main * 1.25
        and (glyph.bottom - glyph.top) < 0.62 * main
    )


def _hidden_reason(glyph: Glyph) -> str | None:
    if ord(glyph.character) in UNSEEN:
        return "zero-width or tag character"
    if glyph.face.invisible:
        return "invisible text"
    if 0 < glyph.face.size < 2:
        return "type under 2 points"
    return None


def _style(glyphs: list[Glyph], main: float) -> Style:
    middle = sorted(glyphs, key=lambda g: (g.face.font, g.face.colour))[len(glyphs) // 2].face
    letters = [g for g in glyphs if g.character.isalnum()] or glyphs
    return Style(
        size=round(main, 1),
        bold=sum(g.face.bold for g in letters) > 0.8 * len(letters),
        italic=sum(g.face.italic for g in letters) > 0.8 * len(letters),
        font=middle.font,
        colour=middle.colour,
    )


def _joined(ranges: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for start, end in ranges:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)
