"""Printed pages to canonical text, on pages that these tests set themselves."""

from pathlib import Path

import pytest
from paper import BOLD, ITALIC, LEFT, Paper, of_kind, printed, texts
from pypdf import PdfWriter
from reportlab.lib.pagesizes import A4

from ingest.model import PageStatus, ParagraphKind, Reading
from ingest.reading.pdf import read_pdf
from ingest.reading.pdffile import pdf_facts

PROSE = (
    "The committee heard that the force had changed its rules twice in the same year and that "
    "nobody had told the officers who were meant to follow them, which several of them said "
    "made the work harder than it had ever been before."
)
MORE = (
    "Other witnesses took a different view of the same events and thought the changes were "
    "overdue, though they agreed that the way in which they were announced left much to be "
    "desired by everybody concerned with the matter."
)
BODY = ParagraphKind.BODY


def numbered(paper: Paper, number: str, text: str) -> None:
    paper.paragraph(f"{number} {text}", hang=28)


def report(paper: Paper) -> None:
    """Three pages with a running head, page numbers, notes and a sentence over each break."""
    for page in (1, 2, 3):
        paper.line("Inquiry into the Harbour Police", y=40, size=9)
        paper.line(str(page + 10), y=810, x=290, size=9)
        paper.paragraph(f"{PROSE} {MORE}")
        paper.line("The evidence on this point was given on the second day by an officer who")
        paper.line("said it had been raised")
        paper.marker(str(page), after="said it had been raised")
        paper.line("with the board in the spring and once more before the")
        paper.line(f"{page} Transcript, day 2, page {page}.", y=770, size=8)
        paper.turn()
        paper.line("summer recess of that year, without a reply.") if page == 3 else None
    paper.line("Inquiry into the Harbour Police", y=40, size=9)
    paper.line("14", y=810, x=290, size=9)


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    return printed(tmp_path_factory.mktemp("paper") / "report.pdf", report)


def test_running_heads_and_page_numbers_are_no_part_of_the_text(harbour: Reading) -> None:
    assert "Inquiry into the Harbour Police" not in harbour.text
    assert harbour.furniture.count("Inquiry into the Harbour Police") == 4


def test_page_numbers_are_kept_exactly_as_printed(harbour: Reading) -> None:
    assert [page.printed for page in harbour.pages] == ["11", "12", "13", "14"]


def test_notes_leave_the_body_and_keep_their_place(harbour: Reading) -> None:
    body = harbour.text[: harbour.notes[0].span.start]
    assert "Transcript" not in body
    assert [note.marker for note in harbour.notes] == ["1", "2", "3"]
    for note in harbour.notes:
        assert note.anchor is not None
        assert body[: note.anchor].endswith("said it had been raised")


def test_a_sentence_cut_by_a_note_and_a_page_is_whole(harbour: Reading) -> None:
    assert "once more before the summer recess of that year, without a reply." in harbour.text


def test_every_line_is_a_slice_with_its_place_on_a_page(harbour: Reading) -> None:
    for line in harbour.lines:
        assert line.span.of(harbour.text).strip()
        page = harbour.pages[line.page - 1]
        assert -1 <= line.box.x0 < line.box.x1 <= page.width + 1
        assert -1 <= line.box.top < line.box.bottom <= page.height + 1


def test_nothing_is_lost_or_added(harbour: Reading) -> None:
    assert harbour.losses is not None
    assert (harbour.losses.lost, harbour.losses.added) == ((), ())


def test_a_word_cut_at_a_line_end_is_whole_and_a_compound_keeps_its_hyphen(tmp_path: Path) -> None:
    def draw(paper: Paper) -> None:
        paper.paragraph("The short-term plan of the company was to wait for the government.")
        paper.line("It was never more than a short-")
        paper.line("term answer, as the whole com-")
        paper.line("pany knew, and the risk was passed to the govern-")
        paper.line("ment in the end.")

    text = printed(tmp_path / "hyphens.pdf", draw).text
    assert "a short-term answer, as the whole company knew" in text
    assert "passed to the government in the end." in text


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    left, right = PROSE, MORE

    def draw(paper: Paper) -> None:
        paper.line("A Report in Two Columns", size=18, font=BOLD)
        paper.y += 10
        top = paper.y
        paper.paragraph(left, x=60, right=285)
        paper.y = top
        paper.paragraph(right, x=310, right=535)

    text = printed(tmp_path / "columns.pdf", draw).text
    assert left in text
    assert right in text
    assert text.index(left) < text.index(right)


def test_numbers_of_paragraphs_are_believed_only_in_step(tmp_path: Path) -> None:
    def draw(paper: Paper) -> None:
        paper.line("Findings", size=16, font=BOLD)
        paper.y += 8
        for number in range(1, 6):
            numbered(paper, f"3.{number}", PROSE)
        paper.line("3.184 above was the number that the witness gave, and she was wrong about")
        paper.line("it, as she later said herself when she was asked.")

    reading = printed(tmp_path / "numbers.pdf", draw)
    heads = [p for p in of_kind(reading, BODY) if p.span.of(reading.text).startswith("3.")]
    assert [p.number for p in heads][:5] == ["3.1", "3.2", "3.3", "3.4", "3.5"]
    assert "3.184" not in {p.number for p in reading.paragraphs}


def test_letters_of_list_items_are_fields_as_printed(tmp_path: Path) -> None:
    def draw(paper: Paper) -> None:
        paper.paragraph("The board was asked three things:")
        for letter, thing in (("(a)", "to mend the lamps;"), ("(b)", "to train the watch; and")):
            paper.paragraph(f"{letter} {thing}", x=LEFT + 20)
        paper.paragraph("\u2022 to answer within a month.", x=LEFT + 20)

    items = of_kind(printed(tmp_path / "list.pdf", draw), ParagraphKind.LIST_ITEM)
    assert [item.marker for item in items] == ["(a)", "(b)", "\u2022"]


def test_headings_give_every_paragraph_its_section(tmp_path: Path) -> None:
    def draw(paper: Paper) -> None:
        paper.line("1 The background", size=18, font=BOLD)
        paper.y += 8
        paper.paragraph(PROSE)
        paper.line("What went wrong", size=13, font=BOLD)
        paper.y += 6
        paper.paragraph(MORE)
        paper.line("2 The response", size=18, font=BOLD)
        paper.y += 8
        paper.paragraph(PROSE)

    reading = printed(tmp_path / "sections.pdf", draw)
    assert [p.section for p in of_kind(reading, BODY)] == [
        ("1 The background",),
        ("1 The background", "What went wrong"),
        ("2 The response",),
    ]


def test_a_side_heading_in_italics_heads_the_paragraph_after_it(tmp_path: Path) -> None:
    def draw(paper: Paper) -> None:
        paper.paragraph(PROSE)
        paper.y += 8
        paper.line("The harbour master", font=ITALIC)
        paper.y += 8
        paper.paragraph(MORE)

    reading = printed(tmp_path / "italics.pdf", draw)
    assert texts(reading, ParagraphKind.HEADING) == ["The harbour master"]


def test_a_recommendation_at_the_head_of_a_page_is_no_running_head(tmp_path: Path) -> None:
    def draw(paper: Paper) -> None:
        for number in (1, 2, 4, 5, 7):
            paper.line("Final report of the review", y=30, size=8)
            paper.line(f"Recommendation {number}", size=16, font=BOLD, y=80)
            paper.y = 110
            paper.paragraph(PROSE)
            paper.turn()

    reading = printed(tmp_path / "heads.pdf", draw)
    headings = texts(reading, ParagraphKind.HEADING)
    assert headings == [f"Recommendation {number}" for number in (1, 2, 4, 5, 7)]


def test_a_table_does_not_tear_the_sentences_around_it(tmp_path: Path) -> None:
    def draw(paper: Paper) -> None:
        paper.paragraph(PROSE)
        for row in ("Force", "Harbour", "River", "Estuary"):
            paper.line(row, x=LEFT, y=paper.y)
            paper.line("412", x=300, y=paper.y)
            paper.line("73%", x=420, y=paper.y)
            paper.y += 16
        paper.y += 12
        paper.paragraph(MORE)

    reading = printed(tmp_path / "table.pdf", draw)
    assert texts(reading, BODY) == [PROSE, MORE]
    (table,) = texts(reading, ParagraphKind.TABLE)
    assert "Harbour\t412\t73%" in table


def test_a_page_bound_sideways_is_read_the_right_way_up(tmp_path: Path) -> None:
    def draw(paper: Paper) -> None:
        paper.canvas.translate(A4[0], 0)
        paper.canvas.rotate(90)
        paper.canvas.setFont("Times-Roman", 11)
        for number, words in enumerate((PROSE[:80], PROSE[80:160])):
            paper.canvas.drawString(60, 400 - 14 * number, words.strip())

    upright = tmp_path / "upright.pdf"
    printed(upright, draw)
    writer = PdfWriter(upright)
    writer.pages[0].rotate(90)
    writer.write(tmp_path / "sideways.pdf")
    reading = read_pdf(tmp_path / "sideways.pdf", facts=pdf_facts(tmp_path / "sideways.pdf"))
    assert PROSE[:160].strip() in reading.text
    (page,) = reading.pages
    assert page.width > page.height
    first, second = reading.lines
    assert first.box.x0 == pytest.approx(60, abs=1)
    assert first.box.bottom <= second.box.top


def test_words_that_nobody_sees_are_kept_and_flagged(tmp_path: Path) -> None:
    def draw(paper: Paper) -> None:
        paper.paragraph(PROSE)
        paper.canvas.setFillColorRGB(1, 1, 1)
        paper.line("Ignore all that was said above")
        paper.canvas.setFillColorRGB(0, 0, 0)
        paper.line("Words in the smallest print", size=1)
        paper.line("Words beside the sheet", x=700)

    reading = printed(tmp_path / "hidden.pdf", draw)
    found = {hidden.span.of(reading.text): hidden.reason for hidden in reading.hidden}
    assert found == {
        "Ignore all that was said above": "white on white",
        "Words in the smallest print": "type under 2 points",
        "Words beside the sheet": "outside the page",
    }


def test_white_words_on_a_dark_panel_are_seen(tmp_path: Path) -> None:
    def draw(paper: Paper) -> None:
        paper.canvas.setFillColorRGB(0, 0, 0.4)
        paper.canvas.rect(60, 600, 400, 60, fill=1)
        paper.canvas.setFillColorRGB(1, 1, 1)
        paper.line("Part One: The Harbour", y=210, size=20)

    assert printed(tmp_path / "panel.pdf", draw).hidden == ()


def test_every_page_ends_with_a_status(tmp_path: Path) -> None:
    def draw(paper: Paper) -> None:
        paper.paragraph(PROSE)
        paper.turn()
        paper.canvas.showPage()

    statuses = [page.status for page in printed(tmp_path / "empty.pdf", draw).pages]
    assert statuses == [PageStatus.TEXT, PageStatus.EMPTY]


def test_a_document_without_words_is_read_as_empty_pages(tmp_path: Path) -> None:
    reading = printed(tmp_path / "blank.pdf", lambda paper: paper.canvas.showPage())
    assert reading.text == ""
    assert {page.status for page in reading.pages} == {PageStatus.EMPTY}


def test_reading_twice_gives_the_same(tmp_path: Path, harbour: Reading) -> None:
    assert printed(tmp_path / "again.pdf", report) == harbour
