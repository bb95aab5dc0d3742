"""A citation is checked with nothing but the file that it cites."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from paper import Paper, printed
from reportlab.pdfgen.canvas import Canvas
from toyembedder import ToyEmbedder

from api import building, selection
from api.checking import LARGEST_CITATION, check
from api.citing import cited
from api.parameters import Style
from api.settings import Settings
from api.wire import Checked, Cited
from index.casebook import Casebook
from index.edge import EdgeEngine
from index.store import Filters
from ingest.errors import BadQuery, SourceError, UnreadableFile

PROSE = (
    "The committee heard that the harbour board had changed its rules twice in the same year and "
    "that nobody had told the officers who were meant to follow them, which made work harder."
)


def report(paper: Paper) -> None:
    """Numbered paragraphs on three pages, with a note and a sentence over each break."""
    for page in (1, 2, 3):
        paper.line(str(page + 10), y=810, x=290, size=9)
        for number in range(1, 6):
            paper.paragraph(f"{page}.{number} {PROSE}", hang=28)
        paper.line(f"{page}.6 The evidence on this point was given by an officer who")
        paper.line("said it had been raised")
        paper.marker(str(page), after="said it had been raised")
        paper.line("with the board in spring and again before the")
        paper.line(f"{page} Transcript, day 2, page {page}.", y=770, size=8)
        paper.turn()
        paper.line("summer recess of that year, without a reply.")
    paper.line("14", y=810, x=290, size=9)


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("published") / "report.pdf"
    printed(path, report)
    return path


@pytest.fixture(scope="module")
def casebook(pdf: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Casebook]:
    data = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(building, "prepare_embedder", _toy)
        building.build_casebook([str(pdf)], settings=Settings(data=data), data=data)
    opened = Casebook(data, embedder=ToyEmbedder(), engine=EdgeEngine())
    yield opened
    opened.close()


def _toy(model: str, models: Path) -> ToyEmbedder:
    return ToyEmbedder()


@pytest.fixture
def citation(casebook: Casebook) -> Cited:
    """That of words that run over a page and over a note."""
    ids = (passage.id for passage in selection.passages(casebook, Filters()))
    made = (cited(casebook, id, Style.OSCOLA) for id in ids)
    return next(m for m in made if m.citation.pdf_page_start != m.citation.pdf_page_end)


def given(folder: Path, content: str | bytes) -> Path:
    path = folder / "citation.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def outcomes(checks: list[Checked]) -> dict[str, bool | None]:
    return {each.what: each.passed for each in checks}


def test_a_true_citation_is_sound_in_every_respect(
    citation: Cited, pdf: Path, tmp_path: Path
) -> None:
    checked = check(given(tmp_path, citation.model_dump_json()), pdf)
    assert checked.sound
    assert outcomes(checked.checks) == {
        "file": True,
        "words": True,
        "quotation": True,
        "page of the file": True,
        "page as printed": True,
        "words on the page, as pypdf reads it": True,
        "paragraph": True,
    }


@pytest.mark.parametrize("style", [Style.CSL, Style.ANNOTATION])
def test_what_other_programs_are_given_can_be_checked_too(
    casebook: Casebook, citation: Cited, pdf: Path, tmp_path: Path, style: Style
) -> None:
    content = cited(casebook, citation.id, style).content
    assert check(given(tmp_path, content), pdf).sound


@pytest.mark.parametrize(
    ("field", "value", "wrong"),
    [
        ("document_sha256", "0" * 64, "file"),
        ("quote_sha256", "0" * 64, "words"),
        ("char_start", 3, "words"),
        ("char_end", 10**9, "words"),
        ("char_start", 10**9, "words"),
        ("pdf_page_start", 3, "page of the file"),
        ("printed_page_start", "3", "page as printed"),
        ("paragraphs", ["9.9"], "paragraph"),
    ],
)
def test_what_is_wrong_in_a_citation_is_named(
    citation: Cited, pdf: Path, tmp_path: Path, field: str, value: object, wrong: str
) -> None:
    altered = citation.citation.model_copy(update={field: value})
    checked = check(given(tmp_path, altered.model_dump_json()), pdf)
    assert not checked.sound
    assert outcomes(checked.checks)[wrong] is False


def test_words_that_were_changed_are_not_those_cited(
    citation: Cited, pdf: Path, tmp_path: Path
) -> None:
    text = (citation.text or "").replace("nobody", "everybody").replace("spring", "autumn")
    checked = check(
        given(tmp_path, citation.model_copy(update={"text": text}).model_dump_json()), pdf
    )
    assert outcomes(checked.checks)["quotation"] is False


def test_another_file_is_not_the_one_cited(citation: Cited, tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "other.pdf"))
    canvas.drawString(72, 700, "Something else altogether.")
    canvas.save()
    checked = check(given(tmp_path, citation.model_dump_json()), tmp_path / "other.pdf")
    assert {"file", "words"} <= {each.what for each in checked.checks if each.passed is False}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("null", "holds no citation"),
        ("[]", "holds no citation"),
        ("{}", "holds no citation"),
        ('{"citation": 7}', "holds no citation"),
        ('{"char_start": -1, "char_end": 2}', "citation.char_start"),
        (b" " * (LARGEST_CITATION + 1), "too many for a citation"),
    ],
)
def test_what_is_no_citation_is_refused_in_words(
    pdf: Path, tmp_path: Path, content: str | bytes, says: str
) -> None:
    with pytest.raises(BadQuery, match=says) as caught:
        check(given(tmp_path, content), pdf)
    assert "casebook cite" in caught.value.remedy


def test_files_that_cannot_be_read_are_named(citation: Cited, pdf: Path, tmp_path: Path) -> None:
    written = given(tmp_path, citation.model_dump_json())
    with pytest.raises(UnreadableFile, match="nowhere"):
        check(tmp_path / "nowhere.json", pdf)
    with pytest.raises(UnreadableFile, match="nowhere"):
        check(written, tmp_path / "nowhere.pdf")
    (tmp_path / "torn.pdf").write_bytes(pdf.read_bytes()[:700])
    with pytest.raises(SourceError, match="torn"):
        check(written, tmp_path / "torn.pdf")
