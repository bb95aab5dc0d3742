"""Runs of type on a page: what pdfium knows of each glyph, gathered into stretches of one style.

Coordinates are points. A run lies in its own upright frame: turned so that its text reads from
left to right, measured from the top left corner. A page that holds a table set sideways thus has
two frames, each laid out as an ordinary page.
"""

import ctypes
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.characters import fold_character
from ingest.model import Box

X_HEIGHT_LETTERS = frozenset("acemnorsuvwxz")
INVISIBLE = 3
"""Text render mode "neither fill nor stroke" (ISO 32000-1, table 106)."""

CUT_WORD = re.compile(r"[\ufffe\x02]\s*")
"""How pdfium marks a hyphen at a line's end in its plain text."""
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
    colour: tuple[int, int, int]


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
class Shape:
    """A filled or stroked rectangle, or a picture, in the frame of the unturned page."""

    box: Box
    picture: bool
    colour: tuple[int, int, int] | None


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


@dataclass(slots=True)
class _Glyph:
    character: str
    x0: float
    top: float
    x1: float
    bottom: float
    origin: float
    baseline: float
    advance: float
    face: "_Face"


@dataclass(frozen=True, slots=True)
class _Face:
    """What the glyphs of one text object share."""

    font: str
    bold: bool
    italic: bool
    colour: tuple[int, int, int]
    invisible: bool
    frame: int
    size: float
    handle: int
    pointer: object = field(repr=False, compare=False)


def turn(box: Box, *, quarters: int, width: float, height: float) -> Box:
    """The box on a sheet of this width and height turned clockwise by so many quarters."""
    match quarters % 4:
        case 1:
            return Box(x0=height - box.bottom, top=box.x0, x1=height - box.top, bottom=box.x1)
        case 2:
            return Box(
                x0=width - box.x1,
                top=height - box.bottom,
                x1=width - box.x0,
                bottom=height - box.top,
            )
        case 3:
            return Box(x0=box.top, top=width - box.x1, x1=box.bottom, bottom=width - box.x0)
        case _:
            return box


def type_page(page: pdfium.PdfPage, number: int, *, most_glyphs: int) -> TypePage:
    """The page's runs, in the file's order; raises ValueError beyond `most_glyphs`."""
    left, bottom, right, top = page.get_cropbox()
    width, height = right - left, top - bottom
    textpage = page.get_textpage()
    try:
        count = textpage.count_chars()
        if count > most_glyphs:
            raise ValueError(f"{count} glyphs on one page, of {most_glyphs} allowed")
        reader = _GlyphReader(textpage, left, top, width, height)
        stretches = list(_stretches(reader.glyphs(count)))
        proportions = _proportions(glyph for stretch in stretches for glyph, _ in stretch)
        runs = [_run(stretch, proportions) for stretch in stretches]
        plain = textpage.get_text_range()
    finally:
        textpage.close()
    return TypePage(
        number=number,
        width=width,
        height=height,
        rotation=(page.get_rotation() // 90) % 4,
        runs=tuple(run for run in runs if run is not None),
        shapes=tuple(_shapes(page, left, top)),
        plain="".join(map(fold_character, re.sub("[\ufffe\x02]\\s*", "", plain))),
    )


class _GlyphReader:
    """Reads glyphs through pdfium's C interface, which is one call per fact and glyph."""

    def __init__(
        self, textpage: pdfium.PdfTextPage, left: float, top: float, width: float, height: float
    ) -> None:
        self.textpage = textpage
        self.left, self.top, self.width, self.height = left, top, width, height
        self.faces: dict[int, _Face] = {}
        self.advances: dict[tuple[int, float, int], float] = {}
        self.edges = [ctypes.c_double() for _ in range(4)]
        self.point = [ctypes.c_double() for _ in range(2)]

    def glyphs(self, count: int) -> Iterator[_Glyph | None]:
        """Glyphs in the file's order; None where pdfium believes a space or a line's end."""
        textpage, (x0, x1, bottom, top), (x, y) = self.textpage, self.edges, self.point
        for index in range(count):
            pointer = raw.FPDFText_GetTextObject(textpage, index)
            code = _character_code(textpage, index)
            if code is None:
                continue
            if not pointer or code in (0x20, 0xA0, 0x0D, 0x0A, 0x09, 0):
                yield None
                continue
            face = self.face(pointer, index)
            raw.FPDFText_GetCharBox(textpage, index, x0, x1, bottom, top)
            raw.FPDFText_GetCharOrigin(textpage, index, x, y)
            yield self.upright(code, face, (x0.value, top.value, x1.value, bottom.value))

    def upright(self, code: int, face: _Face, edges: tuple[float, float, float, float]) -> _Glyph:
        x0, top, x1, bottom = edges
        origin, baseline = self.point[0].value - self.left, self.top - self.point[1].value
        box = Box(
            x0=x0 - self.left, top=self.top - top, x1=x1 - self.left, bottom=self.top - bottom
        )
        if face.frame:
            at = Box(x0=origin, top=baseline, x1=origin, bottom=baseline)
            box, at = (
                turn(each, quarters=face.frame, width=self.width, height=self.height)
                for each in (box, at)
            )
            origin, baseline = at.x0, at.top
        character = "-" if code in (0x2, 0xFFFE) else chr(code) if code < 0x110000 else "\ufffd"
        return _Glyph(
            character,
            box.x0,
            box.top,
            box.x1,
            box.bottom,
            origin,
            baseline,
            self.advance(face, code),
            face,
        )

    def face(self, pointer: "ctypes._Pointer[ctypes.Structure]", index: int) -> _Face:
        address = ctypes.addressof(pointer.contents)
        if address not in self.faces:
            self.faces[address] = _read_face(self.textpage, pointer, index)
        return self.faces[address]

    def advance(self, face: _Face, code: int) -> float:
        key = (face.handle, face.size, code)
        if key not in self.advances:
            width = ctypes.c_float()
            found = raw.FPDFFont_GetGlyphWidth(face.pointer, code, face.size, width)
            self.advances[key] = float(width.value) if found else 0.0
        return self.advances[key]


def _character_code(textpage: pdfium.PdfTextPage, index: int) -> int | None:
    """The code point at this place of pdfium's UTF-16; None for the second half of a pair."""
    code = int(raw.FPDFText_GetUnicode(textpage, index))
    if not 0xD800 <= code < 0xE000:
        return code
    first = raw.FPDFText_GetUnicode(textpage, index - 1) if code >= 0xDC00 and index else 0
    if 0xD800 <= first < 0xDC00:
        return None
    second = int(raw.FPDFText_GetUnicode(textpage, index + 1)) if code < 0xDC00 else 0
    if 0xDC00 <= second < 0xE000:
        return 0x10000 + ((code - 0xD800) << 10) + (second - 0xDC00)
    return 0xFFFD


def _read_face(
    textpage: pdfium.PdfTextPage, pointer: "ctypes._Pointer[ctypes.Structure]", index: int
) -> _Face:
    font = raw.FPDFTextObj_GetFont(pointer)
    name = _font_name(font)
    plain = name.lower()
    flags, slant = raw.FPDFFont_GetFlags(font), ctypes.c_int()
    raw.FPDFFont_GetItalicAngle(font, slant)
    colours = [ctypes.c_uint() for _ in range(4)]
    raw.FPDFPageObj_GetFillColor(pointer, *colours)
    angle = raw.FPDFText_GetCharAngle(textpage, index)
    return _Face(
        font=name.split("+")[-1],
        bold=raw.FPDFFont_GetWeight(font) >= 600
        or any(word in plain for word in ("bold", "black", "heavy")),
        italic=bool(flags & 64) or slant.value != 0 or "italic" in plain or "oblique" in plain,
        colour=(colours[0].value, colours[1].value, colours[2].value),
        invisible=raw.FPDFTextObj_GetTextRenderMode(pointer) == INVISIBLE,
        # pdfium counts the angle anticlockwise; an upright frame undoes it.
        frame=-round(angle / (math.pi / 2)) % 4,
        size=_size(textpage, index, pointer),
        handle=ctypes.addressof(font.contents) if font else 0,
        pointer=font,
    )


def _font_name(font: object) -> str:
    buffer = ctypes.create_string_buffer(256)
    length = raw.FPDFFont_GetBaseFontName(font, buffer, 256)
    return buffer.value.decode("utf-8", "replace") if length else ""


def _size(
    textpage: pdfium.PdfTextPage, index: int, pointer: "ctypes._Pointer[ctypes.Structure]"
) -> float:
    size, matrix = ctypes.c_float(), raw.FS_MATRIX()
    raw.FPDFTextObj_GetFontSize(pointer, size)
    raw.FPDFPageObj_GetMatrix(pointer, matrix)
    return abs(size.value) * (math.hypot(matrix.a, matrix.b) or 1.0)


def _stretches(glyphs: Iterator[_Glyph | None]) -> Iterator[list[tuple[_Glyph, bool]]]:
    """Glyphs that follow each other on one line, each with whether a space stands before it."""
    stretch: list[tuple[_Glyph, bool]] = []
    spaced = False
    for glyph in glyphs:
        if glyph is None:
            spaced = True
            continue
        if stretch and not _follows(stretch[-1][0], glyph):
            yield stretch
            stretch, spaced = [], False
        if stretch and abs(glyph.origin - stretch[-1][0].origin) < 0.01:
            glyph.advance = 0.0  # the second half of a ligature: its own width says nothing
        stretch.append((glyph, spaced and bool(stretch)))
        spaced = False
    if stretch:
        yield stretch


def _follows(last: _Glyph, glyph: _Glyph) -> bool:
    size = max(last.face.size, glyph.face.size) or 1.0
    forward = glyph.origin - max(last.x1, last.origin + last.advance)
    return (
        glyph.face.frame == last.face.frame
        and abs(glyph.baseline - last.baseline) < 0.6 * size
        and -0.6 * size < glyph.origin - last.origin + 0.3 * size
        and forward < 1.0 * size
    )


def _proportions(glyphs: Iterable[_Glyph]) -> dict[str, float]:
    """Of each font on the page: how large its lower-case letters stand for its nominal size."""
    seen: dict[str, list[float]] = defaultdict(list)
    for glyph in glyphs:
        if glyph.character in X_HEIGHT_LETTERS and glyph.face.size > 0:
            seen[glyph.face.font].append(_height(glyph) / glyph.face.size)
    return {font: median(ratios) for font, ratios in seen.items()}


def _run(stretch: list[tuple[_Glyph, bool]], proportions: dict[str, float]) -> Run | None:
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
        character = fold_character(glyph.character)
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


def _height(glyph: _Glyph) -> float:
    """Estimated type size: the lower-case letters of text faces stand about half of it high."""
    height = glyph.bottom - glyph.top
    if glyph.character in X_HEIGHT_LETTERS:
        return 2.0 * height
    if glyph.character.isdigit() or glyph.character.isupper():
        return 1.4 * height
    return glyph.face.size


def _main_size(glyphs: list[_Glyph], proportions: dict[str, float]) -> float:
    small = [_height(g) for g in glyphs if g.character in X_HEIGHT_LETTERS]
    if len(small) >= 3:
        return median(small)
    nominal = [g.face.size * proportions.get(g.face.font, 0.0) for g in glyphs]
    if max(nominal) > 0:
        return max(nominal)
    tall = [_height(g) for g in glyphs if g.character.isalnum()]
    return max(tall, default=glyphs[0].face.size)


def _slack(glyphs: list[_Glyph]) -> float:
    """The letter spacing of the run: what letters stand apart beyond their own widths."""
    gaps = [_gap(a, b) for a, b in pairwise(glyphs)]
    return max(0.0, median(gaps)) if gaps else 0.0


def _gap(last: _Glyph, glyph: _Glyph) -> float:
    """What lies between two glyphs beyond the first one's own width."""
    if last.advance <= 0:
        return glyph.x0 - last.x1 - 0.12 * last.face.size
    return glyph.origin - last.origin - last.advance


def _apart(last: _Glyph, glyph: _Glyph, slack: float) -> bool:
    # The ink must be apart too: widths looked up by character are wrong for the second half of a
    # ligature and for small capitals.
    size = max(last.face.size, glyph.face.size)
    ink = glyph.x0 - last.x1
    return _gap(last, glyph) - slack > WORD_GAP * size and ink - slack > 1.2 * WORD_GAP * size


def _is_raised(glyph: _Glyph, main: float, baseline: float) -> bool:
    return (glyph.character.isalnum() or glyph.character in "*†‡§") and (
        baseline - glyph.baseline > 0.12 * main
        and glyph.face.size < 0.92 * main * 1.25
        and (glyph.bottom - glyph.top) < 0.62 * main
    )


def _hidden_reason(glyph: _Glyph) -> str | None:
    if ord(glyph.character) in UNSEEN:
        return "zero-width or tag character"
    if glyph.face.invisible:
        return "invisible text"
    if 0 < glyph.face.size < 2:
        return "type under 2 points"
    return None


def _style(glyphs: list[_Glyph], main: float) -> Style:
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


def _shapes(page: pdfium.PdfPage, left: float, top: float) -> Iterator[Shape]:
    for thing in page.get_objects(
        filter=[raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE], max_depth=4
    ):
        x0, y0, x1, y1 = thing.get_bounds()
        yield Shape(
            box=Box(x0=x0 - left, top=top - y1, x1=x1 - left, bottom=top - y0),
            picture=thing.type == raw.FPDF_PAGEOBJ_IMAGE,
            colour=_fill(thing),
        )


def _fill(thing: pdfium.PdfObject) -> tuple[int, int, int] | None:
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if thing.type != raw.FPDF_PAGEOBJ_PATH:
        return None
    raw.FPDFPath_GetDrawMode(thing.raw, mode, stroke)
    if not mode.value:
        return None
    colours = [ctypes.c_uint() for _ in range(4)]
    raw.FPDFPageObj_GetFillColor(thing.raw, *colours)
    return (colours[0].value, colours[1].value, colours[2].value)
