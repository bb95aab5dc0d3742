"""A file is what its bytes show; a name that says otherwise is refused with what to do."""

import os
from pathlib import Path

import pytest

from ingest.errors import SourceError, UnreadableFile, WrongFormat
from ingest.reading.fileformat import Format, format_of

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
HTML = b"<!DOCTYPE html><html><body>words</body></html>"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
ZIP = b"PK\x03\x04\x14\0\0\0"


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("report.pdf", PDF, Format.PDF),
        ("report.PDF", b"some bytes before it\n" + PDF, Format.PDF),
        ("report", PDF, Format.PDF),
        ("page.html", HTML, Format.HTML),
        ("page.htm", b"\xef\xbb\xbf \n" + HTML, Format.HTML),
        ("page.xhtml", b"<?xml version='1.0'?>" + HTML, Format.HTML),
        ("fragment.html", b"<p>words</p>", Format.HTML),
        ("page", HTML, Format.HTML),
        ("notes.md", b"# Heading", Format.MARKDOWN),
        ("notes.txt", b"words", Format.TEXT),
        ("letter.docx", ZIP, Format.WORD),
        ("wide.txt", "words".encode("utf-16"), Format.TEXT),
        ("wide.html", HTML.decode().encode("utf-16"), Format.HTML),
    ],
)
def test_a_file_that_is_what_it_says_is_recognised(
    tmp_path: Path, name: str, content: bytes, form: Format
) -> None:
    assert format_of(written(tmp_path, name, content)) is form


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("report.txt", PDF, "a PDF, not plain text"),
        ("report.md", PDF, "a PDF, not Markdown"),
        ("report.pdf", HTML, "an HTML page, not a PDF"),
        ("report.pdf", b"words", "plain text, not a PDF"),
        ("report.pdf", PNG, "a PNG picture, not a PDF"),
        ("report.pdf", ZIP, "a ZIP archive"),
        ("report.pdf", b"\0" * 2000 + PDF, "a binary file, not a PDF"),
        ("page.txt", HTML, "an HTML page, not plain text"),
        ("notes.txt", b"wor\0ds", "a binary file, not plain text"),
        ("report.docx", PDF, "a PDF, not a Word document"),
        ("report.docx", b"words", "plain text, not a Word document"),
        ("report.doc", ZIP, "files named .doc are not read"),
        ("notes", b"words", "plain text"),
    ],
)
def test_a_file_under_a_false_name_is_refused(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    path = written(tmp_path, name, content)
    with pytest.raises(WrongFormat, match=says) as caught:
        format_of(path)
    assert caught.value.file == str(path)
    assert caught.value.remedy


def refused(path: Path) -> UnreadableFile:
    with pytest.raises(SourceError) as caught:
        format_of(path)
    assert isinstance(caught.value, UnreadableFile)
    assert caught.value.file == str(path)
    return caught.value


def test_an_empty_file_is_unreadable(tmp_path: Path) -> None:
    assert "empty" in str(refused(written(tmp_path, "report.pdf", b"")))


def test_a_missing_file_is_unreadable(tmp_path: Path) -> None:
    assert "No such file" in str(refused(tmp_path / "report.pdf"))


def test_an_impossible_name_is_unreadable() -> None:
    assert "null" in str(refused(Path("re\0port.pdf")))
    assert "too long" in str(refused(Path("r" * 5000 + ".pdf")))


def test_a_folder_is_unreadable(tmp_path: Path) -> None:
    assert "folder" in str(refused(tmp_path))


def test_a_link_to_itself_is_unreadable(tmp_path: Path) -> None:
    loop = tmp_path / "report.pdf"
    loop.symlink_to(loop)
    assert "cannot be opened" in str(refused(loop))


@pytest.mark.timeout(5)
def test_a_pipe_is_unreadable_and_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "report.pdf"
    os.mkfifo(pipe)
    assert "pipe" in str(refused(pipe))


def test_a_device_is_unreadable() -> None:
    assert "device" in str(refused(Path("/dev/zero")))


def test_a_file_without_permission_is_unreadable(tmp_path: Path) -> None:
    path = written(tmp_path, "report.pdf", PDF)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read every file, whatever its permissions")
    assert "Permission denied" in str(refused(path))
