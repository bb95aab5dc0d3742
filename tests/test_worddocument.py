"""A Word document gives its words as a reader sees them, and harms nobody who opens it."""

import zipfile
from pathlib import Path

import pytest

from ingest.errors import DamagedFile, OverLimit, WrongFormat
from ingest.model import ParagraphKind, Reading
from ingest.reading import worddocument
from ingest.reading.markup import read_markup

HEAD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
COPY = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def run(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def paragraph(inside: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def written(folder: Path, body: str, *, notes: str = "", head: str = HEAD) -> Path:
    path = folder / "letter.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"{head}<w:body>{body}</w:body></w:document>")
        if notes:
            archive.writestr("word/footnotes.xml", f"{HEAD}{notes}</w:document>")
    return path


def kinds(reading: Reading) -> list[tuple[ParagraphKind, str]]:
    return [(p.kind, p.span.of(reading.text)) for p in reading.paragraphs]


def test_paragraphs_come_in_order_whatever_runs_they_are_made_of(tmp_path: Path) -> None:
    body = (
        paragraph(run("On gates"), '<w:pStyle w:val="Heading1"/>')
        + paragraph(run("The board “had no ") + run("plan” &amp; said so."))
        + paragraph(run("It had no plan."), '<w:pStyle w:val="Quote"/>')
        + paragraph(run("It asked for none."), '<w:ind w:left="720"/>')
    )
    reading = read_markup(written(tmp_path, body, notes=paragraph(run("See page 4."))))
    assert kinds(reading) == [
        (ParagraphKind.HEADING, "On gates"),
        (ParagraphKind.BODY, "The board “had no plan” & said so."),
        (ParagraphKind.QUOTATION, "It had no plan."),
        (ParagraphKind.QUOTATION, "It asked for none."),
        (ParagraphKind.BODY, "See page 4."),
    ]


def test_what_was_struck_out_or_does_not_show_is_left_out(tmp_path: Path) -> None:
    body = (
        paragraph(
            f"{run('The gates ')}<w:del><w:r><w:delText>never </w:delText></w:r></w:del>"
            f"<w:ins>{run('always ')}</w:ins>{run('close.')}"
            "<w:r><w:instrText>PAGE</w:instrText></w:r>"
        )
        + f'<mc:AlternateContent xmlns:mc="{COPY}">'
        + f"<mc:Choice>{paragraph(run('A box.'))}</mc:Choice>"
        + f"<mc:Fallback>{paragraph(run('A box.'))}</mc:Fallback></mc:AlternateContent>"
    )
    reading = read_markup(written(tmp_path, body))
    assert reading.text == "The gates always close.\n\nA box."


def test_an_archive_that_is_no_word_document_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
    with pytest.raises(WrongFormat, match="no Word document"):
        read_markup(path)


@pytest.mark.parametrize("cut", [40, 200])
def test_a_broken_one_is_damaged(tmp_path: Path, cut: int) -> None:
    path = written(tmp_path, paragraph(run("Words.")))
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(DamagedFile, match="cannot be read"):
        read_markup(path)


def test_entities_are_not_unfolded(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE w:document [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    with pytest.raises(DamagedFile, match="document type"):
        read_markup(written(tmp_path, paragraph(run("&b;")), head=bomb + HEAD))


def test_what_unpacks_to_more_than_is_allowed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worddocument, "MAX_BYTES", 10_000)
    with pytest.raises(OverLimit, match="unpacks to more"):
        read_markup(written(tmp_path, paragraph(run("a" * 20_000))))
