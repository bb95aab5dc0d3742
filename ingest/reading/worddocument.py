"""A Word document (DOCX) as HTML: its paragraphs, headings, block quotations and notes, in order.

Only the words are taken. What tracked changes struck out, field codes and a text box's second
copy are not among them.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import IO

from lxml import etree

from ingest.errors import DamagedFile, OverLimit, WrongFormat

MAX_BYTES = 64 * 2**20
"""Of one part, unpacked."""

_Element = etree._Element  # pyright: ignore[reportPrivateUsage]
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BODY = "word/document.xml"
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_UNSEEN = {f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", _FALLBACK}
_SIGNS: Mapping[str, str] = {
    f"{_W}tab": " ",
    f"{_W}br": "<br>",
    f"{_W}cr": "<br>",
    f"{_W}noBreakHyphen": "\u2011",
}
_QUOTATION = re.compile(r"quot|zitat|blocktext|extract", re.IGNORECASE)
_HEADING = re.compile(r"heading(?P<level>[1-6])", re.IGNORECASE)
_INDENTED = 400
"""Twentieths of a point from which a paragraph is set in as a quotation; some seven millimetres."""


def word_document(path: Path) -> str:
    """The document as HTML; raises a SourceError where it cannot be had whole."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if _BODY not in names:
                raise WrongFormat(
                    "the archive holds no Word document.",
                    remedy="Save it as a Word document (.docx).",
                    file=path.name,
                )
            parts = [_BODY, *(name for name in _NOTES if name in names)]
            shown = [each for name in parts for each in _shown(_parsed(archive, name, path.name))]
    except (zipfile.BadZipFile, etree.XMLSyntaxError, NotImplementedError, RuntimeError) as error:
        raise DamagedFile(
            f"the Word document cannot be read ({str(error)[:200]}).",
            remedy="Open it in its usual program and save a new copy.",
            file=path.name,
        ) from error
    return f"<body><main>{''.join(shown)}</main></body>"


def _parsed(archive: zipfile.ZipFile, name: str, file: str) -> _Element:
    with archive.open(name) as part:
        content = _bounded(part, file)
    # No entities: a few lines of them can unfold to gigabytes.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.doctype:
        raise DamagedFile(
            "the Word document declares a document type, which none does that Word wrote.",
            remedy="Open it in its usual program and save a new copy.",
            file=file,
        )
    return root


def _bounded(part: IO[bytes], file: str) -> bytes:
    content = part.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise OverLimit(
            f"it unpacks to more than {MAX_BYTES} bytes.", remedy="Split the file.", file=file
        )
    return content


def _shown(root: _Element) -> Iterator[str]:
    """Its paragraphs; those set as one quotation together."""
    quoted: list[str] = []
    for paragraph in root.iter(f"{_W}p"):
        if any(above.tag in _UNSEEN for above in paragraph.iterancestors()):
            continue
        words = "".join(_words(paragraph))
        if not words.strip():
            continue
        if _is_quotation(paragraph):
            quoted.append(f"<p>{words}</p>")
            continue
        yield from _quotation(quoted)
        quoted = []
        level = _level(paragraph)
        yield f"<h{level}>{words}</h{level}>" if level else f"<p>{words}</p>"
    yield from _quotation(quoted)


def _quotation(quoted: Iterable[str]) -> Iterator[str]:
    inside = "".join(quoted)
    if inside:
        yield f"<blockquote>{inside}</blockquote>"


def _words(element: _Element) -> Iterator[str]:
    """The words of a paragraph, or of what is in it; those of a text box are a paragraph's own."""
    for child in element:
        if child.tag in _UNSEEN or child.tag == f"{_W}p":
            continue
        if child.tag == f"{_W}t":
            yield escape(child.text or "")
        elif isinstance(child.tag, str) and child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        else:
            yield from _words(child)


def _style(paragraph: _Element) -> str:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return style.get(f"{_W}val", "") if style is not None else ""


def _level(paragraph: _Element) -> int:
    """Of a heading, from 1; 0 for what is none."""
    found = _HEADING.fullmatch(_style(paragraph))
    return int(found["level"]) if found else 0


def _is_quotation(paragraph: _Element) -> bool:
    """Whether it is styled as one, or set in on the left and no item of a list."""
    if _QUOTATION.search(_style(paragraph)):
        return True
    indent = paragraph.find(f"{_W}pPr/{_W}ind")
    if indent is None or paragraph.find(f"{_W}pPr/{_W}numPr") is not None:
        return False
    left = indent.get(f"{_W}left") or indent.get(f"{_W}start") or "0"
    return left.isdecimal() and int(left) >= _INDENTED
