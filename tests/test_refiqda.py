"""A project of qualitative coding comes back as it was written, and hostile ones are refused."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import refiqda
from eval.refiqda import (
    ENDING,
    NAMESPACE,
    Project,
    Selection,
    Source,
    packed,
    read,
    unpacked,
    write,
)
from ingest.errors import CorpusError
from ingest.model import Span
from ingest.reading.markup import read_markup

TEXT = "The gates were shut.\n\nNobody “asked” 𝒘hy."
FLOOD = Selection(span=Span(0, 19), code="flood", coder="Ada", note="found, <inquiry>")
CODED = Project(
    name="Harbour",
    codes={"flood": "Water & gates", "silence": ""},
    sources=(
        Source(
            name="harbour-review",
            text=TEXT,
            selections=(FLOOD, Selection(span=Span(22, 38), code="silence", coder="Béa")),
        ),
        Source(name="harbour-plan", text="No codes here.", selections=()),
    ),
)


def a_project(path: Path, body: str, **texts: str) -> Path:
    """A file with this in its XML, as another program might write it."""
    with ZipFile(path, "w") as archive:
        archive.writestr("other.qde", f'<Project xmlns="{NAMESPACE}" name="p">{body}</Project>')
        for name, text in texts.items():
            archive.writestr(f"Sources/{name}.txt", text)
    return path


def test_a_project_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / f"harbour{ENDING}"
    write(CODED, path)
    assert read(path) == CODED


@given(st.text(st.characters(codec="utf-8", exclude_characters="\ufeff"), min_size=1))
def test_any_words_keep_their_places(text: str) -> None:
    whole = Selection(span=Span(0, len(text)), code="all", coder="Ada")
    source = Source(name="s", text=text, selections=(whole,))
    project = Project(name="p", codes={"all": ""}, sources=(source,))
    assert unpacked(packed(project)) == project


def _as_qualcoder_reads(path: Path) -> str:
    """A source's text, line ends of two characters being kept as two (refi.py, 2026)."""
    first = path.read_bytes().partition(b"\n")[0]
    text = path.read_text(encoding="utf-8")
    return text.replace("\n", "\n ") if first.endswith(b"\r") else text


def test_qualcoder_finds_every_selection_where_it_was_put(tmp_path: Path) -> None:
    path = tmp_path / f"harbour{ENDING}"
    write(CODED, path)
    with ZipFile(path) as archive:
        archive.extractall(tmp_path)
    tree = ElementTree.parse(tmp_path / "project.qde")
    found: list[str] = []
    for source in tree.iterfind(f".//{{{NAMESPACE}}}TextSource"):
        name = source.get("plainTextPath", "").removeprefix("internal://")
        text = _as_qualcoder_reads(tmp_path / "sources" / name)
        for each in source.iterfind(f"{{{NAMESPACE}}}PlainTextSelection"):
            found.append(
                text[int(each.get("startPosition", "")) : int(each.get("endPosition", ""))]
            )
    assert found == [each.span.of(TEXT) for each in CODED.sources[0].selections]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", b"<h1>A&#13;plan</h1><p>One&#13;\r\ntwo.</p><pre>b&#13;&#10;c\rd</pre>"),
        ("a.md", b"# A plan\r\n\r\nOne\rtwo&#13;three.\r\n"),
        ("a.txt", b"A plan\r\n\r\nOne\rtwo.\r\n"),
    ],
)
def test_no_text_that_is_exported_has_line_ends_of_two_characters(
    tmp_path: Path, name: str, content: bytes
) -> None:
    # Where some lines of a text ended in two and others in one, QualCoder would shift places.
    (tmp_path / name).write_bytes(content)
    text = read_markup(tmp_path / name).text
    assert "\r" not in text
    assert "One" in text


def test_two_exports_differ_in_nothing_but_their_time(tmp_path: Path) -> None:
    trees: list[bytes] = []
    for name in ("one", "two"):
        write(CODED, tmp_path / name)
        with ZipFile(tmp_path / name) as archive:
            root = ElementTree.fromstring(archive.read("project.qde"))
        for element in root.iter():
            element.attrib.pop("creationDateTime", None)
        trees.append(ElementTree.tostring(root))
    assert trees[0] == trees[1]


def test_a_place_coded_twice_alike_is_written_once(tmp_path: Path) -> None:
    twice = Source(name="s", text=TEXT, selections=(FLOOD, FLOOD))
    write(Project(name="p", codes={"flood": ""}, sources=(twice,)), tmp_path / "p")
    assert read(tmp_path / "p").sources[0].selections == (FLOOD,)


def test_the_text_that_goes_with_a_pdf_is_read(tmp_path: Path) -> None:
    path = a_project(
        tmp_path / "p",
        '<Users><User guid="u" name="Ada"/></Users>'
        '<CodeBook><Codes><Code guid="g" name="group" isCodable="false">'
        '<Code guid="c" name="flood" isCodable="true"/></Code></Codes></CodeBook>'
        '<Sources><PDFSource name="review.pdf" guid="s"><Representation plainTextPath='
        '"internal://t.txt"><PlainTextSelection startPosition="4" endPosition="9" '
        'creatingUser="u"><Coding guid="d"><CodeRef targetGUID="c"/></Coding>'
        "</PlainTextSelection></Representation></PDFSource></Sources>",
        t="\ufeffThe gates",
    )
    (source,) = read(path).sources
    assert (source.name, source.text) == ("review.pdf", "The gates")
    assert source.selections == (Selection(span=Span(4, 9), code="flood", coder="Ada"),)


@pytest.mark.parametrize(
    "body",
    [
        '<Sources><TextSource name="s" plainTextPath="internal://gone.txt"/></Sources>',
        '<Sources><TextSource name="s"><PlainTextContent>x</PlainTextContent>'
        '<PlainTextSelection startPosition="one" endPosition="2"/></TextSource></Sources>',
        "<Sources>",
    ],
)
def test_a_damaged_project_is_an_error_in_words(body: str, tmp_path: Path) -> None:
    path = a_project(tmp_path / "p.qdpx", body)
    if "one" in body:
        path = a_project(path, body.replace("/></Text", "><Coding/></PlainTextSelection></Text"))
    with pytest.raises(CorpusError, match=r"p\.qdpx is not a REFI-QDA project"):
        read(path)


def test_what_is_no_archive_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "p.qdpx").write_bytes(b"%PDF-1.7")
    with pytest.raises(CorpusError, match="not a REFI-QDA project"):
        read(tmp_path / "p.qdpx")


def test_a_project_that_unpacks_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refiqda, "MOST_BYTES", 1000)
    path = a_project(
        tmp_path / "p",
        '<Sources><TextSource name="s" plainTextPath="internal://t.txt"/></Sources>',
        t="x" * 1001,
    )
    with pytest.raises(CorpusError, match="more than 1,000 bytes"):
        read(path)
