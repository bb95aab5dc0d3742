"""What a PDF says of itself, on files written here and on the real ones."""

import json
from io import BytesIO
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]
import pytest
from hostile import PAGE, changed, mixed_rotations
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from ingest.errors import SourceError
from ingest.reading.pdffile import Bookmark, PdfFacts, pdf_facts


def facts_of(folder: Path, content: bytes) -> PdfFacts:
    path = folder / "report.pdf"
    path.write_bytes(content)
    return pdf_facts(path)


def three_pages() -> dict[int, bytes]:
    """Objects that turn the one-page document into one of three: pages 20, 21 and 22."""
    kids = b"<< /Type /Pages /Kids [20 0 R 21 0 R 22 0 R] /Count 3 >>"
    return {2: kids, 20: PAGE % b"", 21: PAGE % b"", 22: PAGE % b""}


def outlined(destination: bytes, names: bytes = b"") -> bytes:
    """Three pages and an outline of one entry."""
    entry = b"<< /Title (Chapter  1\\n) %b >>" % destination
    outline = {10: b"<< /First 11 0 R >>", 11: entry}
    return changed({**three_pages(), **outline}, root=b"/Outlines 10 0 R %b" % names)


@pytest.mark.parametrize(
    ("destination", "page"),
    [
        (b"/Dest [21 0 R /Fit]", 2),
        (b"/Dest [21 0 R /XYZ null null null]", 2),
        (b"/Dest [2 /Fit]", 3),
        (b"/Dest [3 /Fit]", None),
        (b"/Dest [-1 /Fit]", None),
        (b"/Dest [5 0 R /Fit]", None),
        (b"/Dest (two)", 2),
        (b"/Dest (unheard of)", None),
        (b"/A << /S /GoTo /D [22 0 R /Fit] >>", 3),
        (b"/A << /S /GoTo /D (two) >>", 2),
        (b"/A << /S /URI /URI (https://example.org/) >>", None),
        (b"", None),
    ],
)
def test_an_outline_entry_leads_to_its_page(
    tmp_path: Path, destination: bytes, page: int | None
) -> None:
    names = b"/Names << /Dests << /Names [(two) << /D [21 0 R /Fit] >>] >> >>"
    facts = facts_of(tmp_path, outlined(destination, names))
    assert facts.outline == (Bookmark(level=1, title="Chapter 1", page=page),)
    assert facts.problems == ()


def test_an_outline_entry_leads_to_its_page_by_the_older_kind_of_name(tmp_path: Path) -> None:
    names = b"/Dests << /two << /D [21 0 R /Fit] >> >>"
    assert facts_of(tmp_path, outlined(b"/Dest /two", names)).outline[0].page == 2


def test_a_nested_outline_is_flattened_in_order_with_its_levels(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(changed(three_pages()))))
    part = writer.add_outline_item(title="Part", page_number=0)
    chapter = writer.add_outline_item(title="Chapter", page_number=1, parent=part)
    writer.add_outline_item(title="Section", page_number=1, parent=chapter)
    writer.add_outline_item(title="Annex", page_number=2)
    output = BytesIO()
    writer.write(output)
    outline = facts_of(tmp_path, output.getvalue()).outline
    assert [(entry.level, entry.title, entry.page) for entry in outline] == [
        (1, "Part", 1),
        (2, "Chapter", 2),
        (3, "Section", 2),
        (1, "Annex", 3),
    ]


def test_labels_are_the_files_own(tmp_path: Path) -> None:
    labels = b"/PageLabels << /Nums [0 << /S /r >> 2 << /S /D /St 7 /P (A-) >>] >>"
    assert facts_of(tmp_path, changed(three_pages(), root=labels)).labels == ("i", "ii", "A-7")


def test_a_file_without_labels_is_given_none(tmp_path: Path) -> None:
    assert facts_of(tmp_path, changed(three_pages())).labels == ()


def test_labels_that_pypdf_would_have_to_make_up_are_left_out(tmp_path: Path) -> None:
    labels = b"/PageLabels << /Nums [0 << /S /Runes >>] >>"
    facts = facts_of(tmp_path, changed(three_pages(), root=labels))
    assert facts.labels == ()
    assert "page labels left out" in facts.problems[0]


def test_the_title_is_the_files_own_on_one_line(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(changed({}))))
    writer.add_metadata({"/Title": "A report\n of\0 two lines "})
    output = BytesIO()
    writer.write(output)
    assert facts_of(tmp_path, output.getvalue()).title == "A report of two lines"
    assert facts_of(tmp_path, changed({})).title is None


def test_shapes_are_as_pdfium_draws_the_page(tmp_path: Path) -> None:
    boxes = [b"/CropBox [50 100 300 400]", b"/CropBox [300 400 50 100] /Rotate 90", b"/Rotate 270"]
    boxes += [b"/CropBox [-100 -100 9000 9000]", b"/Rotate -90", b"/Rotate 450", b"/Rotate 1"]
    pages = {20 + number: PAGE % box for number, box in enumerate(boxes)}
    kids = b" ".join(b"%d 0 R" % number for number in pages)
    content = changed({**pages, 2: b"<< /Type /Pages /Kids [%b] >>" % kids})
    facts = facts_of(tmp_path, content)
    drawn = [page.get_size() for page in pypdfium2.PdfDocument(content)]
    assert [(shape.width, shape.height) for shape in facts.shapes] == drawn
    assert [shape.rotation for shape in facts.shapes] == [0, 90, 270, 0, 270, 90, 0]


def test_pages_turned_every_way_have_their_sides_swapped(tmp_path: Path) -> None:
    shapes = facts_of(tmp_path, mixed_rotations()).shapes
    assert [shape.rotation for shape in shapes] == [270, 0, 90, 180, 270, 0]
    assert [shape.width > shape.height for shape in shapes] == [
        shape.rotation in (90, 270) for shape in shapes
    ]


@given(start=st.integers(0, 1500), cut=st.integers(0, 40), put=st.binary(max_size=40))
def test_any_change_of_bytes_gives_facts_or_an_error_that_names_the_file(
    tmp_path_factory: pytest.TempPathFactory, start: int, cut: int, put: bytes
) -> None:
    whole = outlined(b"/Dest [21 0 R /Fit]", b"/PageLabels << /Nums [0 << /S /r >>] >>")
    path = tmp_path_factory.getbasetemp() / "changed.pdf"
    path.write_bytes(whole[:start] + put + whole[start + cut :])
    try:
        assert pdf_facts(path).page_count >= 1
    except SourceError as error:
        assert error.file == str(path)


@pytest.fixture(scope="module")
def real_facts(real_documents: Path) -> dict[str, PdfFacts]:
    folder = real_documents / "corpora" / "inquiries"
    return {path.name: pdf_facts(path) for path in sorted(folder.glob("*.pdf"))}


def test_real_documents_have_the_pages_that_were_counted(
    real_facts: dict[str, PdfFacts], real_documents: Path
) -> None:
    listing = (real_documents / "gold" / "structure" / "documents.jsonl").read_text()
    counted = {
        entry["document"]: entry["pdf_pages"] for entry in map(json.loads, listing.splitlines())
    }
    assert {name: facts.page_count for name, facts in real_facts.items()} == counted


def test_every_bookmark_of_the_real_documents_leads_to_a_page(
    real_facts: dict[str, PdfFacts],
) -> None:
    bookmarks = [bookmark for facts in real_facts.values() for bookmark in facts.outline]
    assert len(bookmarks) == 74
    assert all(bookmark.page for bookmark in bookmarks)


def test_labels_of_the_real_documents_agree_with_what_is_printed(
    real_facts: dict[str, PdfFacts], real_documents: Path
) -> None:
    gold = (real_documents / "gold" / "structure" / "pages.jsonl").read_text()
    compared = 0
    for passage in map(json.loads, gold.splitlines()):
        labels, printed = real_facts[passage["document"]].labels, passage["printed_page_start"]
        if labels and printed is not None:
            assert labels[passage["pdf_page_start"] - 1] == printed
            compared += 1
    assert compared > 50


def test_shapes_of_the_real_documents_are_as_pdfium_draws_them(
    real_facts: dict[str, PdfFacts], real_documents: Path
) -> None:
    for name, facts in real_facts.items():
        document = pypdfium2.PdfDocument(real_documents / "corpora" / "inquiries" / name)
        for shape, page in zip(facts.shapes, document, strict=True):
            assert (shape.width, shape.height) == pytest.approx(page.get_size(), abs=0.01)
        assert facts.problems == ()
