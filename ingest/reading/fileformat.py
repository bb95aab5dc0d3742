"""What a file really is: told by its first bytes, and refused where its name says otherwise."""

import stat
from enum import StrEnum
from pathlib import Path

from ingest.errors import UnreadableFile, WrongFormat


class Format(StrEnum):
    PDF = "pdf"
    HTML = "html"
    MARKDOWN = "markdown"
    TEXT = "text"
    WORD = "word"


SUFFIXES = {
    ".pdf": Format.PDF,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".txt": Format.TEXT,
    ".docx": Format.WORD,
}
_HEAD = 1024
"""Bytes looked at; as far as PDF readers search for a header."""
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_ZIP = b"PK\x03\x04"
_FOREIGN = {
    _ZIP: "a ZIP archive (or a Word, Excel or EPUB file)",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"II*\x00": "a TIFF picture",
    b"MM\x00*": "a TIFF picture",
    b"RIFF": "a sound or picture file",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"{\\rtf": "a rich text file",
    b"%!PS": "a PostScript file",
}
_NAMES: dict[str, str] = {
    Format.PDF: "a PDF",
    Format.HTML: "an HTML page",
    Format.MARKDOWN: "Markdown",
    Format.TEXT: "plain text",
    Format.WORD: "a Word document",
}


def format_of(path: Path) -> Format:
    """The file's format; raises UnreadableFile, or WrongFormat where name and bytes disagree."""
    _refuse_irregular(path)
    head = _head(path)
    named = SUFFIXES.get(path.suffix.lower())
    if named is None and path.suffix:
        raise WrongFormat(
            f"files named {path.suffix} are not read.",
            remedy=f"Give it as one of {', '.join(SUFFIXES)}.",
            file=str(path),
        )
    # A Word document is an archive; what is in it shows when it is read.
    found = Format.WORD if named is Format.WORD and head.startswith(_ZIP) else _found(head)
    if isinstance(found, Format) and _agrees(found, named):
        return named or found
    wanted = "a kind that is read without a suffix" if named is None else _NAMES[named]
    raise WrongFormat(
        f"the file is {_NAMES.get(found, found)}, not {wanted}.",
        remedy="Give it the name that fits, or fetch the right file again.",
        file=str(path),
    )


def _agrees(found: Format, named: Format | None) -> bool:
    """Markup often begins like plain text; a file without a suffix must show what it is."""
    if named is None:
        return found is not Format.TEXT
    return found is named or (found is Format.TEXT and named not in (Format.PDF, Format.WORD))


def _found(head: bytes) -> Format | str:
    """The format that the first bytes show, or in words what else they are."""
    if b"%PDF-" in head:
        return Format.PDF
    for magic, name in _FOREIGN.items():
        if head.startswith(magic):
            return name
    if not head.startswith(_BYTE_ORDER_MARKS) and b"\0" in head:
        return "a binary file"
    words = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if words.startswith((b"<!doctype html", b"<html", b"<?xml")):
        return Format.HTML
    return Format.TEXT


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError as error:
        raise _unreadable(path, error) from error


def _refuse_irregular(path: Path) -> None:
    """Looks before opening: a FIFO would wait for its writer for ever."""
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if stat.S_ISDIR(status.st_mode):
        problem, remedy = "this is a folder.", "Name the files in it."
    elif not stat.S_ISREG(status.st_mode):
        problem, remedy = "this is a device or a pipe, not a file.", "Save its content to a file."
    elif status.st_size == 0:
        problem, remedy = "the file is empty.", "Fetch it again."
    else:
        return
    raise UnreadableFile(problem, remedy=remedy, file=str(path))


def _unreadable(path: Path, error: OSError | ValueError) -> UnreadableFile:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return UnreadableFile(
        f"the file cannot be opened ({reason}).",
        remedy="Check its name, and that you may read it.",
        file=str(path),
    )
