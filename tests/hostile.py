"""PDFs made to break a reader, written from nothing: each with the outcomes that are acceptable.

`READ` stands for a Reading; the rest are typed errors. A few are harmless files that only look
odd, and must be read. `python tests/hostile.py FOLDER` writes them all.
"""

import sys
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader, PdfWriter

from ingest.errors import DamagedFile, EncryptedFile, OverLimit, UnreadableFile, WrongFormat
from ingest.model import Reading

Outcome = type[Reading | DamagedFile | EncryptedFile | OverLimit | UnreadableFile | WrongFormat]
READ: frozenset[Outcome] = frozenset({Reading})
DAMAGED: frozenset[Outcome] = frozenset({DamagedFile})
LIMIT: frozenset[Outcome] = frozenset({OverLimit})
ENCRYPTED: frozenset[Outcome] = frozenset({EncryptedFile})
WRONG: frozenset[Outcome] = frozenset({WrongFormat})
EMPTY: frozenset[Outcome] = frozenset({UnreadableFile})

WORDS = "The force kept no record of the complaint."


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One hostile file; `build` writes it, for some are too large to keep."""

    name: str
    build: Callable[[], bytes]
    outcomes: frozenset[Outcome]


Objects = dict[int, bytes]


def written(objects: Mapping[int, bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of these objects with a right cross-reference table."""
    body = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets: dict[int, int] = {}
    for number, content in objects.items():
        offsets[number] = len(body)
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start, size = len(body), max(objects) + 1
    rows = [
        b"%010d 00000 n \n" % offsets[number] if number in offsets else b"0000000000 65535 f \n"
        for number in range(size)
    ]
    body += b"xref\n0 %d\n%b" % (size, b"".join(rows))
    body += b"trailer\n<< /Size %d %b >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return bytes(body)


def stream(content: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(content), extra, content)


def deflated(content: bytes, layers: int = 1) -> bytes:
    for _ in range(layers):
        content = zlib.compress(content)
    return stream(content, b"/Filter [%b]" % (b" /FlateDecode" * layers))


def bomb(size: int, *, filler: bytes = b" ") -> bytes:
    """Compressed bytes that swell to `size`: one block, again and again, and their checksum."""
    block = filler * 2**20
    packer = zlib.compressobj(9)
    start = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 1
    for _ in range(count := size // 2**20):
        check = zlib.adler32(block, check)
    return start + again * (count - 1) + b"\x03\x00" + check.to_bytes(4, "big")


def shown(words: str, *, at: str = "72 700", size: float = 12, before: str = "") -> bytes:
    return f"{before} BT /F1 {size} Tf {at} Td ({words}) Tj ET".encode("latin-1")


PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
    b"/Resources << /Font << /F1 5 0 R >> >> %b >>"
)


def plain(content: bytes = shown(WORDS), *, page: bytes = b"", root: bytes = b"") -> Objects:
    """The objects of a one-page document: 1 catalog, 2 pages, 3 page, 4 content, 5 font."""
    return {
        1: b"<< /Type /Catalog /Pages 2 0 R %b >>" % root,
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: PAGE % page,
        4: stream(content),
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }


def changed(changes: Mapping[int, bytes], **parts: bytes) -> bytes:
    """The one-page document with objects added or replaced."""
    return written({**plain(**parts), **changes})


def replaced(old: bytes, new: bytes, **parts: bytes) -> bytes:
    """The one-page document with bytes replaced after its offsets were written."""
    whole = written(plain(**parts))
    if old not in whole:
        raise ValueError(f"{old!r} is not in the plain document")
    return whole.replace(old, new)


# -- the file as a whole


def truncated(share: float) -> bytes:
    whole = written(plain(shown(WORDS) * 50))
    return whole[: int(len(whole) * share)]


def previous_loop() -> bytes:
    whole = written(plain())
    start = whole.rindex(b"xref\n0")
    return whole.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % start)


def two_previous_loops() -> bytes:
    """Two cross-reference sections, each of which names the other as the one before."""
    first = written(plain(), b"/Root 1 0 R /Prev 9999")
    start = first.rindex(b"xref\n0")
    second = b"xref\n0 0\ntrailer\n<< /Size 6 /Root 1 0 R /Prev %d >>\n" % start
    whole = first.replace(b"/Prev 9999", b"/Prev %4d" % len(first)) + second
    return whole + b"startxref\n%d\n%%%%EOF\n" % len(first)


def xref_stream(*, widths: bytes = b"[1 2 1]", rows: bytes | None = None) -> bytes:
    """The one-page document with a cross-reference stream instead of a table."""
    body = bytearray(b"%PDF-1.7\n")
    entries = [b"\0\0\0\xff"]
    for number, content in plain().items():
        entries.append(b"\1" + len(body).to_bytes(2, "big") + b"\0")
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(body)
    entries.append(b"\1" + start.to_bytes(2, "big") + b"\0")
    table = stream(
        b"".join(entries) if rows is None else rows,
        b"/Type /XRef /Size 7 /Root 1 0 R /W %b" % widths,
    )
    body += b"6 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, start)
    return bytes(body)


def object_stream_bomb() -> bytes:
    extra = b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"
    return replaced_catalog_in_stream(stream(bomb(2**30), extra))


def replaced_catalog_in_stream(holder: bytes) -> bytes:
    """A document whose page tree is said to lie in the object stream `holder`."""
    body = bytearray(b"%PDF-1.7\n")
    offsets: dict[int, int] = {}
    for number, content in {1: plain()[1], 3: plain()[3], 6: holder}.items():
        offsets[number] = len(body)
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(body)
    rows = [b"\0" + bytes(5)]
    for number in range(1, 7):
        inside = b"\2" + (6).to_bytes(4, "big") + b"\0"
        here = b"\1" + offsets.get(number, 0).to_bytes(4, "big") + b"\0"
        rows.append(here if number in offsets else inside)
    table = stream(b"".join(rows), b"/Type /XRef /Size 7 /Root 1 0 R /W [1 4 1]")
    return bytes(body + b"7 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, start))


def encrypted(*, user: str, owner: str, algorithm: str = "AES-256") -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(written(plain()))))
    writer.encrypt(user, owner, algorithm=algorithm)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def unknown_encryption() -> bytes:
    handler = b"/Encrypt << /Filter /Unheard.Of /V 9 >> /ID [<00> <00>]"
    return written(plain(), b"/Root 1 0 R " + handler)


# -- the page tree


def nested_pages(depth: int) -> bytes:
    nodes = {
        10 + level: b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (11 + level)
        for level in range(depth)
    }
    return changed(
        {2: b"<< /Type /Pages /Kids [10 0 R] /Count 1 >>", **nodes, 10 + depth: PAGE % b""}
    )


def many_pages(count: int) -> bytes:
    kids = b" ".join([b"3 0 R"] * count)
    return changed({2: b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, count)})


def doubling_pages(levels: int) -> bytes:
    """Each node holds the next one twice: 2 ** levels pages in a few hundred bytes."""
    nodes = {
        10 + level: b"<< /Type /Pages /Kids [%d 0 R %d 0 R] >>" % (11 + level, 11 + level)
        for level in range(levels)
    }
    return changed({2: b"<< /Type /Pages /Kids [10 0 R] >>", **nodes, 10 + levels: PAGE % b""})


# -- what a page holds


def with_form(form: bytes, **extra: bytes) -> bytes:
    """A page that draws its words and then the form XObject 6."""
    page = PAGE.replace(b"/Resources <<", b"/Resources << /XObject << /X 6 0 R >>") % b""
    objects = {3: page, 4: stream(shown(WORDS) + b" /X Do"), 6: form}
    return changed({**objects, **{int(name[1:]): content for name, content in extra.items()}})


def with_length(length: int) -> bytes:
    """The one-page document whose content stream is said to be of this length."""
    return changed({4: b"<< /Length %d >>\nstream\n%b\nendstream" % (length, shown(WORDS))})


def form(content: bytes, inner: int) -> bytes:
    resources = b"/Resources << /Font << /F1 5 0 R >> /XObject << /X %d 0 R >> >>" % inner
    return stream(content, b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] " + resources)


def branching_forms() -> bytes:
    """Ten forms, each drawing the next ten times over: ten thousand million drawings."""
    forms = {
        6 + level: form(b"/X Do " * 10 if level < 9 else shown(WORDS), 7 + level)
        for level in range(10)
    }
    return with_form(forms[6], **{f"_{number}": forms[number] for number in range(7, 16)})


def with_font(font: bytes, content: bytes = shown(WORDS), **extra: bytes) -> bytes:
    objects = {5: font, 4: stream(content)}
    return changed({**objects, **{int(name[1:]): part for name, part in extra.items()}})


def with_characters(mapping: bytes) -> bytes:
    """A page whose font maps its codes to characters by the program `mapping`."""
    cmap = b"/CIDInit /ProcSet findresource begin begincmap\n%b\nendcmap end" % mapping
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>"
    return with_font(font, _6=deflated(cmap))


def with_image(size: bytes, content: bytes = b"\0") -> bytes:
    colours = b"/ColorSpace /DeviceGray /BitsPerComponent 8"
    return with_form(stream(content, b"/Type /XObject /Subtype /Image %b %b" % (size, colours)))


def with_character(code: int) -> bytes:
    """A page whose every `e` stands for the character of this code."""
    digits = chr(code).encode("utf-16-be", "surrogatepass").hex().encode()
    return with_characters(b"1 beginbfchar <65> <%b> endbfchar" % digits)


# -- what the catalog holds


def with_outline(items: Mapping[int, bytes]) -> bytes:
    """A document with an outline whose first item is object 11."""
    outline = b"<< /Type /Outlines /First 11 0 R /Last 11 0 R >>"
    return changed({10: outline, **items}, root=b"/Outlines 10 0 R")


def long_outline(count: int) -> bytes:
    return with_outline(
        {
            11 + item: b"<< /Title (Part %d) /Dest [3 0 R /Fit] /Next %d 0 R >>" % (item, 12 + item)
            for item in range(count)
        }
    )


def deep_outline(depth: int) -> bytes:
    return with_outline(
        {11 + level: b"<< /Title (Deep) /First %d 0 R >>" % (12 + level) for level in range(depth)}
    )


def with_labels(tree: bytes) -> bytes:
    return changed({10: tree}, root=b"/PageLabels 10 0 R")


def with_action(action: bytes) -> bytes:
    return changed({}, root=b"/OpenAction << %b >>" % action)


def with_attachment() -> bytes:
    names = b"/Names << /EmbeddedFiles << /Names [(virus.exe) 10 0 R] >> >>"
    specification = b"<< /Type /Filespec /F (virus.exe) /EF << /F 11 0 R >> >>"
    return changed({10: specification, 11: deflated(b"MZ" * 1000)}, root=names)


def with_xfa() -> bytes:
    entities = b"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><xdp>&b;</xdp>"
    return changed({10: stream(entities)}, root=b"/AcroForm << /Fields [] /XFA 10 0 R >>")


def with_metadata_bomb() -> bytes:
    expansions = b"".join(
        b'<!ENTITY e%d "%b">' % (level, b"&e%d;" % (level - 1) * 10) for level in range(1, 12)
    )
    xml = b'<!DOCTYPE x [<!ENTITY e0 "e">%b]><x>&e11;</x>' % expansions
    return changed({10: stream(xml, b"/Type /Metadata /Subtype /XML")}, root=b"/Metadata 10 0 R")


def mixed_rotations() -> bytes:
    pages = {10 + turn: PAGE % (b"/Rotate %d" % (90 * turn)) for turn in range(-1, 5)}
    kids = b" ".join(b"%d 0 R" % number for number in pages)
    return changed({2: b"<< /Type /Pages /Kids [%b] /Count 6 >>" % kids, **pages})


def sized(box: bytes) -> bytes:
    """The one-page document with this instead of its MediaBox."""
    return changed({3: (PAGE % b"").replace(b"/MediaBox [0 0 595 842]", box)})


def numbered_values(values: bytes) -> bytes:
    return changed({}, page=b"/UserUnit %b /Rotate %b /StructParents %b" % (values, values, values))


LOOSE = READ | DAMAGED
BOUNDED = READ | DAMAGED | LIMIT
RANGE = b"1 beginbfrange <00> <ff> <%b> endbfrange"
GO_TO = b"<< /Title (Part) /A << /S /GoTo /D %b >> >>"

TABLE: Mapping[str, tuple[frozenset[Outcome], Callable[[], bytes]]] = {
    # the file as a whole
    "plain": (READ, partial(changed, {})),
    "no bytes": (EMPTY, bytes),
    "one byte": (WRONG, lambda: b"%"),
    "header alone": (DAMAGED, lambda: b"%PDF-1.7\n"),
    "noise": (WRONG, lambda: bytes(range(256)) * 64),
    "noise after a header": (DAMAGED, lambda: b"%PDF-1.7\n" + bytes(range(256)) * 64),
    "garbage header": (WRONG, lambda: written(plain()).replace(b"%PDF-1.7", b"%FPD-7.1")),
    "header after a megabyte": (WRONG, lambda: b"junk " * 200_000 + written(plain())),
    "header after a few bytes": (READ, lambda: b"junk\n" * 10 + written(plain())),
    "trailing megabytes": (LOOSE, lambda: written(plain()) + bytes(4_000_000)),
    "a web page in a PDF's name": (WRONG, lambda: b"<!DOCTYPE html><html>404</html>"),
    "a picture in a PDF's name": (WRONG, lambda: b"\x89PNG\r\n\x1a\n" + bytes(100)),
    **{
        f"truncated to {share:.0%}": (LOOSE, partial(truncated, share))
        for share in (0.1, 0.25, 0.5, 0.75, 0.9, 0.99)
    },
    "no trailer": (LOOSE, lambda: written(plain()).partition(b"trailer")[0]),
    "xref offset beyond the end": (LOOSE, partial(replaced, b"startxref\n", b"startxref\n9")),
    "xref that names itself as previous": (LOOSE, previous_loop),
    "two xrefs that name each other": (LOOSE, two_previous_loops),
    "xref stream": (READ, xref_stream),
    "xref stream without rows": (LOOSE, partial(xref_stream, rows=b"")),
    "xref stream of noise": (LOOSE, partial(xref_stream, rows=bytes(range(200, 256)))),
    "xref stream of huge widths": (BOUNDED, partial(xref_stream, widths=b"[1 999999999 1]")),
    "xref stream of negative widths": (BOUNDED, partial(xref_stream, widths=b"[-1 -2 -1]")),
    "huge size in trailer": (BOUNDED, partial(replaced, b"/Size 6", b"/Size 2147483647")),
    "negative size in trailer": (LOOSE, partial(replaced, b"/Size 6", b"/Size -6")),
    "root is a number": (LOOSE, partial(written, plain(), b"/Root 7")),
    "root is missing": (LOOSE, partial(written, plain(), b"")),
    "root that refers to itself": (LOOSE, partial(changed, {1: b"1 0 R"})),
    "two objects that refer to each other": (LOOSE, partial(changed, {3: b"9 0 R", 9: b"3 0 R"})),
    "missing endobj": (LOOSE, lambda: written(plain()).replace(b"endobj", b"")),
    "two objects of one number": (
        LOOSE,
        lambda: b"%PDF-1.7\n3 0 obj null endobj\n" + written(plain()),
    ),
    "object stream bomb": (BOUNDED, object_stream_bomb),
    "object stream inside itself": (
        LOOSE,
        lambda: replaced_catalog_in_stream(b"6 0 R"),
    ),
    "password needed": (ENCRYPTED, partial(encrypted, user="secret", owner="owner")),
    "password needed, old cipher": (
        ENCRYPTED,
        partial(encrypted, user="secret", owner="owner", algorithm="RC4-40"),
    ),
    "owner's password only": (READ, partial(encrypted, user="", owner="owner")),
    "unknown encryption": (ENCRYPTED, unknown_encryption),
    # the page tree
    "no page tree": (DAMAGED, partial(changed, {1: b"<< /Type /Catalog >>"})),
    "page tree without pages": (DAMAGED, partial(changed, {2: b"<< /Type /Pages /Kids [] >>"})),
    "page tree that holds itself": (
        DAMAGED,
        partial(changed, {2: b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"}),
    ),
    "page tree that loops": (
        DAMAGED,
        partial(
            changed,
            {
                2: b"<< /Type /Pages /Kids [6 0 R] /Count 1 >>",
                6: b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 1 >>",
            },
        ),
    ),
    "page tree of nulls": (
        DAMAGED,
        partial(changed, {2: b"<< /Type /Pages /Kids [null 8 0 R] >>"}),
    ),
    "null among the pages": (
        LOOSE,
        partial(changed, {2: b"<< /Type /Pages /Kids [null 3 0 R 8 0 R] /Count 3 >>"}),
    ),
    "page tree nested 60 deep": (READ | DAMAGED, partial(nested_pages, 60)),
    "page tree nested 5,000 deep": (DAMAGED | LIMIT, partial(nested_pages, 5_000)),
    "page tree that doubles 30 times": (DAMAGED | LIMIT, partial(doubling_pages, 30)),
    "huge page count claimed": (LOOSE, partial(replaced, b"/Count 1", b"/Count 2147483647")),
    "negative page count claimed": (LOOSE, partial(replaced, b"/Count 1", b"/Count -1")),
    "more pages than allowed": (LIMIT, partial(many_pages, 5_001)),
    "the same page 200 times": (READ, partial(many_pages, 200)),
    "pages turned every way": (READ, mixed_rotations),
    **{
        f"page size {what}": (BOUNDED, partial(sized, box))
        for what, box in {
            "missing": b"",
            "zero": b"/MediaBox [0 0 0 0]",
            "not numbers": b"/MediaBox [0 0 NaN (a)]",
            "of two numbers": b"/MediaBox [0 0]",
            "negative": b"/MediaBox [0 0 -595 -842]",
            "huge": b"/MediaBox [0 0 1e30 1e30]",
            "of a square kilometre": b"/MediaBox [0 0 2834645 2834645]",
            "a loop": b"/MediaBox 3 0 R",
        }.items()
    },
    "negative values": (READ, partial(numbered_values, b"-1")),
    "values of 400 digits": (BOUNDED, partial(numbered_values, b"9" * 400)),
    # what a page holds
    "content stream bomb": (
        BOUNDED,
        lambda: changed({4: stream(bomb(2**30), b"/Filter /FlateDecode")}),
    ),
    "nested filter bomb": (
        BOUNDED,
        lambda: changed(
            {4: stream(zlib.compress(bomb(2**30)), b"/Filter [/FlateDecode /FlateDecode]")}
        ),
    ),
    "filter chain of 5,000": (
        BOUNDED,
        lambda: changed({4: stream(b"x", b"/Filter [%b]" % (b"/ASCIIHexDecode " * 5_000))}),
    ),
    "filter that does not exist": (LOOSE, lambda: changed({4: stream(b"x", b"/Filter /Unheard")})),
    "damaged compression": (
        LOOSE,
        lambda: changed({4: stream(b"x\x9c\xff" * 100, b"/Filter /FlateDecode")}),
    ),
    "length too short": (LOOSE, partial(with_length, 5)),
    "length of nothing": (LOOSE, partial(with_length, 0)),
    "length below nothing": (LOOSE, partial(with_length, -66)),
    "length beyond the end": (LOOSE, partial(with_length, 2**40)),
    "length that refers to its own stream": (
        LOOSE,
        lambda: changed({4: b"<< /Length 4 0 R >>\nstream\n%b\nendstream" % shown(WORDS)}),
    ),
    "a million saved states": (BOUNDED, lambda: changed({4: deflated(b"q " * 1_000_000)})),
    "arrays nested 100,000 deep": (BOUNDED, lambda: changed({4: deflated(b"[" * 100_000)})),
    "dictionaries nested 50,000 deep": (
        BOUNDED,
        lambda: changed({9: b"<</a" * 50_000}, page=b"/Extra 9 0 R"),
    ),
    "a string that never ends": (
        LOOSE,
        lambda: changed({4: stream(b"BT /F1 12 Tf (" + b"a" * 9_999)}),
    ),
    "a million glyphs": (
        BOUNDED,
        lambda: changed({4: deflated(b"BT /F1 1 Tf " + b"(aaaaaaaaaa) Tj " * 100_000 + b"ET")}),
    ),
    "200,000 lines of text": (
        BOUNDED,
        lambda: changed({4: deflated(b"BT /F1 1 Tf " + b"0 1 Td (a b) Tj " * 200_000 + b"ET")}),
    ),
    "a million rectangles": (
        BOUNDED,
        lambda: changed({4: deflated(b"0 0 9 9 re f " * 1_000_000)}),
    ),
    "form that draws itself": (LOOSE, lambda: with_form(form(b"/X Do", 6))),
    "two forms that draw each other": (
        LOOSE,
        lambda: with_form(form(b"/X Do", 7), _7=form(b"/X Do", 6)),
    ),
    "forms that multiply": (BOUNDED, branching_forms),
    "image of huge dimensions": (
        BOUNDED,
        partial(with_image, b"/Width 2147483647 /Height 2147483647"),
    ),
    "image of negative dimensions": (BOUNDED, partial(with_image, b"/Width -5 /Height -5")),
    "image bomb": (
        BOUNDED,
        lambda: with_image(
            b"/Width 30000 /Height 30000 /Filter /FlateDecode", bomb(900 * 2**20, filler=b"\0")
        ),
    ),
    "font that descends from itself": (
        LOOSE,
        partial(
            with_font,
            b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H "
            b"/DescendantFonts [5 0 R] >>",
        ),
    ),
    "type 3 font that draws itself": (
        LOOSE,
        partial(
            with_font,
            b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] "
            b"/FirstChar 0 /LastChar 255 /Widths [1] /CharProcs << /a 6 0 R >> "
            b"/Encoding << /Differences [0 /a] >> /Resources << /Font << /F1 5 0 R >> >> >>",
            _6=stream(b"1 0 d0 BT /F1 1 Tf (a) Tj ET"),
        ),
    ),
    "font program of noise": (
        LOOSE,
        partial(
            with_font,
            b"<< /Type /Font /Subtype /TrueType /BaseFont /A /FontDescriptor 6 0 R >>",
            _6=b"<< /Type /FontDescriptor /FontName /A /Flags 4 /FontFile2 7 0 R >>",
            _7=stream(bytes(range(256)) * 40),
        ),
    ),
    "character map bomb": (
        BOUNDED,
        lambda: with_characters(b"1 beginbfrange <0000> <ffff> <0041> endbfrange\n" * 100_000),
    ),
    "a letter that stands for 30,000": (
        BOUNDED,
        lambda: with_characters(b"1 beginbfchar <65> <%b> endbfchar" % (b"0041" * 30_000)),
    ),
    "letters that each stand for 500": (
        BOUNDED,
        lambda: with_characters(RANGE % (b"0041" * 500)),
    ),
    "character map that uses itself": (
        LOOSE,
        lambda: with_font(
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
            _6=stream(b"begincmap endcmap", b"/Type /CMap /UseCMap 6 0 R"),
        ),
    ),
    "lone surrogates": (READ, partial(with_character, 0xD800)),
    "null characters": (READ, partial(with_character, 0)),
    "noncharacters": (READ, partial(with_character, 0xFFFF)),
    "noise in strings": (
        LOOSE,
        lambda: changed({4: stream(b"BT /F1 9 Tf 9 9 Td (" + bytes(range(42, 256)) + b") Tj ET")}),
    ),
    # text that nobody sees
    "invisible text": (READ, partial(changed, {4: stream(shown(WORDS, before="3 Tr"))})),
    "white text": (READ, partial(changed, {4: stream(shown(WORDS, before="1 g"))})),
    "text off the page": (READ, partial(changed, {4: stream(shown(WORDS, at="72 9000"))})),
    "text of one point": (READ, partial(changed, {4: stream(shown(WORDS, size=1))})),
    "text of no size": (READ, partial(changed, {4: stream(shown(WORDS, size=0))})),
    "text of a billion points": (READ, partial(changed, {4: stream(shown(WORDS, size=1e9))})),
    "zero-width characters": (READ, partial(with_character, 0x200B)),
    "tag characters": (READ, partial(with_character, 0xE0041)),
    "text turned round": (READ, partial(with_character, 0x202E)),
    # what the catalog holds
    "outline that loops": (
        READ,
        partial(with_outline, {11: b"<< /Title (Part) /Dest [3 0 R /Fit] /Next 11 0 R >>"}),
    ),
    "outline that holds itself": (
        READ,
        partial(with_outline, {11: b"<< /Title (Part) /First 11 0 R /Next 10 0 R >>"}),
    ),
    "outline of 100,000 entries": (BOUNDED, partial(long_outline, 100_000)),
    "outline 2,000 deep": (READ, partial(deep_outline, 2_000)),
    "outline of a number": (READ, partial(changed, {10: b"7"}, root=b"/Outlines 10 0 R")),
    "outline entry of odd types": (
        READ,
        partial(with_outline, {11: b"<< /Title [1 2] /Dest << /D 7 >> /C 3 /Count (a) >>"}),
    ),
    "outline that leads nowhere": (READ, partial(with_outline, {11: GO_TO % b"(unheard of)"})),
    "destination names that loop": (
        READ,
        partial(
            changed,
            {10: b"<< /First 11 0 R >>", 11: GO_TO % b"(a)", 12: b"<< /Kids [12 0 R 12 0 R] >>"},
            root=b"/Outlines 10 0 R /Names << /Dests 12 0 R >>",
        ),
    ),
    "label tree that loops": (
        READ,
        partial(with_labels, b"<< /Kids [10 0 R] /Limits [0 99] >>"),
    ),
    "labels of odd types": (READ, partial(with_labels, b"<< /Nums [(a) 7 null << /S 3 >>] >>")),
    "label of a billion": (
        READ,
        partial(with_labels, b"<< /Nums [0 << /S /a /St 1000000000 >>] >>"),
    ),
    "label of a million letters": (
        READ,
        lambda: with_labels(b"<< /Nums [0 << /P (%b) >>] >>" % (b"a" * 1_000_000)),
    ),
    "script on opening": (
        READ,
        partial(with_action, b"/S /JavaScript /JS (while \\(true\\) {})"),
    ),
    "program on opening": (READ, partial(with_action, b"/S /Launch /F (/bin/sh)")),
    "address on opening": (READ, partial(with_action, b"/S /URI /URI (http://192.0.2.1/)")),
    "script behind a link": (
        READ,
        partial(
            changed,
            {},
            page=b"/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] "
            b"/A << /S /JavaScript /JS (app.alert\\(1\\)) >> >>]",
        ),
    ),
    "annotation that is its own parent": (
        READ,
        partial(
            changed,
            {9: b"<< /Type /Annot /Subtype /Popup /Parent 9 0 R /Rect [0 0 9 9] >>"},
            page=b"/Annots [9 0 R]",
        ),
    ),
    "embedded program": (READ, with_attachment),
    "form in XML with entities": (READ, with_xfa),
    "metadata of nested entities": (READ, with_metadata_bomb),
}

CASES = tuple(
    Case(name=name, build=build, outcomes=outcomes) for name, (outcomes, build) in TABLE.items()
)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for case in CASES:
        (folder / f"{case.name}.pdf").write_bytes(case.build())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
