"""What pdfium knows of a page: its glyphs, shapes, plain text and picture, as plain values.

All that is untyped about the library stays in this module.
"""
# pyright: basic
# pypdfium2 ships neither types nor stubs; its C interface is a generated module.

import ctypes
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, cast

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as raw  # type: ignore[import-untyped]
from PIL.Image import Image

from ingest.errors import DamagedFile
from ingest.model import Box
from ingest.reading.characters import folded

INVISIBLE = 3
"""Text render mode "neither fill nor stroke" (ISO 32000-1, table 106)."""
CUTS = frozenset((0x2, 0xFFFE))
CUT_WORD = re.compile("[\\ufffe\\x02]\\s*")
"""How pdfium marks a hyphen at a line's end in its plain text."""
BLANKS = frozenset((0x20, 0xA0, 0x0D, 0x0A, 0x09))
UNPAIRED = frozenset((0, *range(0xD800, 0xE000)))
"""No character, or half of one: pdfium counts in UTF-16."""
LAST = 0x10FFFF
"""The last code point there is."""
UNKNOWN = 0xFFFD
"""Stands for a glyph whose font does not say which character it is."""
MOST_SHAPES = 5_000
"""Of a page; the most on 518 pages of real reports is 2,571."""

PdfiumError = cast(type[Exception], pypdfium2.PdfiumError)
Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""


@dataclass(frozen=True, slots=True)
class Face:
    """What the glyphs of one text object share."""

    font: str
    bold: bool
    italic: bool
    colour: Colour
    invisible: bool
    frame: int
    """Quarter turns, clockwise, from the file's page to the frame the glyphs read upright in."""
    size: float
    """As the file states it, which need not be what is seen."""


@dataclass(slots=True)
class Glyph:
    """One character in its upright frame, in points from the top left corner."""

    character: str
    x0: float
    top: float
    x1: float
    bottom: float
    origin: float
    baseline: float
    advance: float
    """The font's own width of it; 0 where that is not known."""
    face: Face


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A filled or stroked path, or a picture, in the frame of the unturned page."""

    box: Box
    picture: bool
    colour: Colour | None
    """Of its filling."""


def turn(box: Box, *, quarters: int, width: float, height: float) -> Box:
    """The box on a sheet of this width and height turned clockwise by so many quarters."""
    x0, top, x1, bottom = box.x0, box.top, box.x1, box.bottom
    match quarters % 4:
        case 1:
            return Box(x0=height - bottom, top=x0, x1=height - top, bottom=x1)
        case 2:
            return Box(x0=width - x1, top=height - bottom, x1=width - x0, bottom=height - top)
        case 3:
            return Box(x0=top, top=width - x1, x1=bottom, bottom=width - x0)
        case _:
            return box


class Pdf:
    """An open file; raises DamagedFile where pdfium cannot open it."""

    def __init__(self, path: Path) -> None:
        try:
            self._document: Any = pypdfium2.PdfDocument(path)
        except PdfiumError as error:
            raise DamagedFile(
                f"pdfium cannot open it: {str(error).rstrip('.')}.",
                remedy="Fetch it again, or open it in its usual program and save a new copy.",
                file=str(path),
            ) from error

    def __enter__(self) -> "Pdf":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._document.close()

    def page(self, number: int) -> "PdfPage":
        """The page, from 1; raises PdfiumError or IndexError where it cannot be loaded."""
        return PdfPage(self._document[number - 1])


class PdfPage:
    """One page of an open file."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self.left, bottom, right, self.top = (float(edge) for edge in page.get_cropbox())
        self.width, self.height = right - self.left, self.top - bottom
        self.rotation: int = (page.get_rotation() // 90) % 4
        """Quarter turns, clockwise, that a viewer applies; width and height are before it."""

    def close(self) -> None:
        self._page.close()

    def text(self, *, most: int) -> tuple[list[Glyph | None], str]:
        """Glyphs in the file's order, None for a space or line's end, and the plain text.

        Raises ValueError beyond `most` glyphs.
        """
        textpage = self._page.get_textpage()
        try:
            count = int(textpage.count_chars())
            if count > most:
                raise ValueError(f"{count:,} glyphs on one page, of {most:,} allowed")
            glyphs = list(_GlyphReader(self, textpage).glyphs(count))
            plain = CUT_WORD.sub("", textpage.get_text_range())
        finally:
            textpage.close()
        return glyphs, folded(plain)

    def shapes(self) -> Iterator[Shape]:
        """Paths and pictures, from the ground up."""
        wanted = [raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE]
        for thing in islice(self._page.get_objects(filter=wanted, max_depth=4), MOST_SHAPES):
            x0, y0, x1, y1 = thing.get_bounds()
            yield Shape(
                box=Box(
                    x0=x0 - self.left, top=self.top - y1, x1=x1 - self.left, bottom=self.top - y0
                ),
                picture=thing.type == raw.FPDF_PAGEOBJ_IMAGE,
                colour=_filling(thing),
            )

    def picture(self, *, dpi: float, colour: bool = False) -> Image:
        """The page as a viewer shows it, in shades of grey unless colour is asked for."""
        return cast(Image, self._page.render(scale=dpi / 72, grayscale=not colour).to_pil())


class _GlyphReader:
    """Reads glyphs through pdfium's C interface, which is one call per fact and glyph."""

    def __init__(self, page: PdfPage, textpage: Any) -> None:
        self.page, self.textpage = page, textpage.raw
        self.faces: dict[int, tuple[Face, Any]] = {}
        self.advances: dict[tuple[str, float, int], float] = {}
        self.edges = [ctypes.c_double() for _ in range(4)]
        self.point = [ctypes.c_double() for _ in range(2)]

    def glyphs(self, count: int) -> Iterator[Glyph | None]:
        # The handle itself: the library's wrapper would be unwrapped at each of six calls a glyph.
        textpage, (x0, x1, bottom, top), (x, y) = self.textpage, self.edges, self.point
        for index in range(count):
            code = raw.FPDFText_GetUnicode(textpage, index)
            if code in UNPAIRED or code > LAST:
                code = _code_point(textpage, index)
            if code is None:
                continue
            pointer = raw.FPDFText_GetTextObject(textpage, index)
            if not pointer or code in BLANKS:
                yield None
                continue
            raw.FPDFText_GetCharBox(textpage, index, x0, x1, bottom, top)
            raw.FPDFText_GetCharOrigin(textpage, index, x, y)
            face, advance = self.face(pointer, index, code)
            yield self.upright(code, face, advance)

    def upright(self, code: int, face: Face, advance: float) -> Glyph:
        left, head = self.page.left, self.page.top
        edges, point = self.edges, self.point
        glyph = Glyph(
            "-" if code in CUTS else chr(code),
            edges[0].value - left,
            head - edges[3].value,
            edges[1].value - left,
            head - edges[2].value,
            point[0].value - left,
            head - point[1].value,
            advance,
            face,
        )
        return self._turned(glyph) if face.frame else glyph

    def _turned(self, glyph: Glyph) -> Glyph:
        size = {"width": self.page.width, "height": self.page.height}
        box = Box(x0=glyph.x0, top=glyph.top, x1=glyph.x1, bottom=glyph.bottom)
        pen = Box(x0=glyph.origin, top=glyph.baseline, x1=glyph.origin, bottom=glyph.baseline)
        box = turn(box, quarters=glyph.face.frame, **size)
        pen = turn(pen, quarters=glyph.face.frame, **size)
        return replace(
            glyph,
            x0=box.x0,
            top=box.top,
            x1=box.x1,
            bottom=box.bottom,
            origin=pen.x0,
            baseline=pen.top,
        )

    def face(self, pointer: Any, index: int, code: int) -> tuple[Face, float]:
        address = ctypes.addressof(pointer.contents)
        if address not in self.faces:
            self.faces[address] = _face(self.textpage, pointer, index)
        face, font = self.faces[address]
        key = (face.font, face.size, code)
        if key not in self.advances:
            width = ctypes.c_float()
            found = raw.FPDFFont_GetGlyphWidth(font, code, face.size, width)
            self.advances[key] = float(width.value) if found else 0.0
        return face, self.advances[key]


def _code_point(textpage: Any, index: int) -> int | None:
    """The code point at this place of pdfium's UTF-16; None for the second half of a pair."""
    code = int(raw.FPDFText_GetUnicode(textpage, index))
    if not code or code > LAST:
        return UNKNOWN
    first = raw.FPDFText_GetUnicode(textpage, index - 1) if code >= 0xDC00 and index else 0
    if 0xD800 <= first < 0xDC00:
        return None
    second = int(raw.FPDFText_GetUnicode(textpage, index + 1)) if code < 0xDC00 else 0
    if 0xDC00 <= second < 0xE000:
        return 0x10000 + ((code - 0xD800) << 10) + (second - 0xDC00)
    return UNKNOWN


def _face(textpage: Any, pointer: Any, index: int) -> tuple[Face, Any]:
    font = raw.FPDFTextObj_GetFont(pointer)
    name = _font_name(font)
    plain = name.lower()
    slant = ctypes.c_int()
    raw.FPDFFont_GetItalicAngle(font, slant)
    angle = raw.FPDFText_GetCharAngle(textpage, index)
    face = Face(
        font=name,
        bold=raw.FPDFFont_GetWeight(font) >= 600
        or any(word in plain for word in ("bold", "black", "heavy")),
        italic=bool(raw.FPDFFont_GetFlags(font) & 64)
        or slant.value != 0
        or any(word in plain for word in ("italic", "oblique")),
        colour=_colour(pointer),
        invisible=raw.FPDFTextObj_GetTextRenderMode(pointer) == INVISIBLE,
        # pdfium counts the angle anticlockwise; an upright frame undoes it.
        frame=-round(angle / (math.pi / 2)) % 4 if math.isfinite(angle) else 0,
        size=_size(pointer),
    )
    return face, font


def _font_name(font: Any) -> str:
    """The name less the tag that marks a subset."""
    buffer = ctypes.create_string_buffer(256)
    length = raw.FPDFFont_GetBaseFontName(font, buffer, 256)
    return buffer.value.decode("utf-8", "replace").split("+")[-1] if length else ""


def _size(pointer: Any) -> float:
    size, matrix = ctypes.c_float(), raw.FS_MATRIX()
    raw.FPDFTextObj_GetFontSize(pointer, size)
    raw.FPDFPageObj_GetMatrix(pointer, matrix)
    return abs(size.value) * (math.hypot(matrix.a, matrix.b) or 1.0)


def _colour(pointer: Any) -> Colour:
    parts = [ctypes.c_uint() for _ in range(4)]
    raw.FPDFPageObj_GetFillColor(pointer, *parts)
    return (parts[0].value, parts[1].value, parts[2].value)


def _filling(thing: Any) -> Colour | None:
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if thing.type != raw.FPDF_PAGEOBJ_PATH:
        return None
    raw.FPDFPath_GetDrawMode(thing.raw, mode, stroke)
    return _colour(thing.raw) if mode.value else None
