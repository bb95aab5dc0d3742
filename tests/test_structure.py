"""The measurements of reading find what is wrong, and nothing where all is well."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from paper import Paper, printed
from readings import READINGS

from eval.extraction import (
    ExtractedPage,
    body_size,
    extraction,
    note_rows,
    page_numbers,
    running_heads,
)
from eval.inquiries import Chapter, Contents, PrintedPassage, ReadDocument, taken_in
from eval.rereading import altered, cut_again, ingested, resolved
from eval.results import read
from eval.structure import (
    NAME,
    Subject,
    chapters,
    expected_numbers,
    figures,
    lasting_ids,
    numbers_found,
    numbers_invented,
    objects,
    pages_accounted,
    paragraph_number,
    printed_pages,
    read_all,
    verbatim,
)
from eval.verbatim import furnished, unfaithful
from ingest.model import Document, Passage, Reading, Span, words_hash

QUICK = {"hc381-summer-disorder-report.pdf", "covid-module-1-response.pdf"}
"""Real documents that are read in seconds."""
HEAD = "Inquiry into the Harbour Police"


def report(paper: Paper) -> None:
    """Six pages with a running head, page numbers, notes and numbered paragraphs."""
    for page in range(1, 7):
        paper.line(HEAD, y=40, size=9)
        paper.line(str(page + 10), y=815, x=290, size=9)
        if page == 1:
            paper.line("Harbour dues", size=18)
            paper.y += 10
        paper.paragraph(
            f"{page}.1 On day {page} the committee heard that the force had changed its rules "
            "and that nobody had told the officers who were meant to follow them.",
            hang=28,
        )
        paper.line("The evidence was given by an officer who said it was raised")
        paper.marker(str(page), after="The evidence was given by an officer who said it was raised")
        paper.line(f"with the board in the spring of that year by colleague number {page} and by")
        paper.line(f"{page} Transcript of the hearing, day {page}.", y=770, size=8)
        paper.turn()
    paper.line("others whom it did not name.")


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> ReadDocument:
    path = tmp_path_factory.mktemp("paper") / "report.pdf"
    printed(path, report)
    document = Document(
        id="report", title="Report", source=path.name, source_sha256="0" * 64, page_count=7
    )
    return taken_in(path, document)


@pytest.fixture(scope="module")
def pages(harbour: ReadDocument) -> tuple[ExtractedPage, ...]:
    return extraction(harbour.path)


@pytest.fixture(scope="module")
def subject(harbour: ReadDocument) -> Subject:
    numbers = ", ".join(f"{page}.1" for page in range(1, 7))
    return Subject(
        read=harbour,
        contents=Contents(
            document="report.pdf",
            title="Report",
            chapters=(Chapter(number=None, title="Harbour dues", pdf_page=1),),
            paragraphs=f"{numbers} (all of them)",
        ),
        printed=(
            PrintedPassage(
                document="report.pdf",
                first_words="On day 3 the committee",
                pdf_page_start=3,
                pdf_page_end=3,
                printed_page_start="13",
                printed_page_end="13",
                paragraph_number="3.1",
                start_y_fraction=0.1,
            ),
        ),
        items=frozenset(),
    )


def with_words(reading: Reading, old: str, new: str) -> Reading:
    """The reading with some words altered where they stand; both must be of one length."""
    assert old in reading.text
    assert len(old) == len(new)
    return replace(reading, text=reading.text.replace(old, new, 1))


def test_a_faithful_reading_has_no_exceptions(
    harbour: ReadDocument, pages: Sequence[ExtractedPage]
) -> None:
    assert list(unfaithful(harbour.reading, harbour.passages, pages)) == []
    assert list(furnished(harbour.reading, harbour.passages, pages)) == []


@pytest.mark.parametrize(
    ("fault", "old", "new"),
    [
        ("invented", "the force had changed", "the fleet had changed"),
        ("lost", "and that nobody had", "and      nobody had"),
        ("moved", "nobody had told", "had nobody told"),
        ("misspelt", "committee heard", "commitee heard "),
    ],
)
def test_a_word_that_is_not_as_printed_is_an_exception(
    harbour: ReadDocument, pages: Sequence[ExtractedPage], fault: str, old: str, new: str
) -> None:
    reading = with_words(harbour.reading, old, new)
    assert len(list(unfaithful(reading, harbour.passages, pages))) == 1, fault


def test_a_line_left_out_of_a_passage_is_an_exception(
    harbour: ReadDocument, pages: Sequence[ExtractedPage]
) -> None:
    passage = harbour.passages[0]
    first, second, *_ = [line for line in harbour.reading.lines if passage.span.holds(line.span)]
    lines = tuple(line for line in harbour.reading.lines if line != second)
    assert first.page == second.page == 1
    without = replace(harbour.reading, lines=lines)
    assert len(list(unfaithful(without, [passage], pages))) == 1


def test_notes_in_a_passage_are_an_exception(
    harbour: ReadDocument, pages: Sequence[ExtractedPage]
) -> None:
    note = passage_of(harbour, harbour.reading.notes[0].span)
    (reason,) = furnished(harbour.reading, [note], pages)
    assert "note on page 1" in reason


def test_a_note_number_left_in_the_words_is_an_exception(
    harbour: ReadDocument, pages: Sequence[ExtractedPage]
) -> None:
    reading = with_words(harbour.reading, "raised with", "raised1with")
    reading = with_words(reading, "raised1with", "raised1 wit")
    (reason,) = furnished(reading, harbour.passages[:1], pages)
    assert "note number on page 1: raised1" in reason


def passage_of(document: ReadDocument, span: Span) -> Passage:
    quotation = words_hash(span.of(document.reading.text))
    return replace(document.passages[0], id="report:note", span=span, quote_sha256=quotation)


def test_furniture_is_known_by_its_place_and_how_often_it_recurs(
    pages: Sequence[ExtractedPage],
) -> None:
    assert running_heads(pages) == {"inquiryintotheharbourpolice"}
    assert [sorted(page_numbers(page)) for page in pages[:2]] == [["11"], ["12"]]
    assert note_rows(pages[1], size=body_size(pages)) == ("transcriptofthehearingday2",)


def test_everything_is_reached_on_a_document_that_is_read_well(subject: Subject) -> None:
    found = [
        pages_accounted([subject]),
        *verbatim([subject]),
        objects([subject]),
        *printed_pages([subject]),
        paragraph_number([subject]),
        numbers_found([subject]),
        numbers_invented([subject]),
        chapters([subject]),
        *lasting_ids([subject]),
    ]
    assert [(each.what, each.exceptions) for each in found if not each.reached] == []


def test_a_page_without_words_or_reason_is_not_accounted_for(subject: Subject) -> None:
    reading = replace(subject.reading, pages=subject.reading.pages[1:])
    short = replace(subject, read=replace(subject.read, reading=reading))
    assert pages_accounted([short]).exceptions == ("report.pdf page 1",)


def test_a_hash_that_is_not_the_quotation_s_is_an_exception(subject: Subject) -> None:
    first, *others = subject.read.passages
    wrong = (replace(first, quote_sha256="0" * 64), *others)
    altered_subject = replace(subject, read=replace(subject.read, passages=wrong))
    assert objects([altered_subject]).exceptions == (f"report.pdf {first.id}",)


def test_a_page_that_is_not_the_printed_one_is_an_exception(subject: Subject) -> None:
    (right,) = subject.printed
    for index, wrong in enumerate(
        (
            replace(right, pdf_page_start=6),
            replace(right, pdf_page_end=6),
            replace(right, printed_page_start="99"),
        )
    ):
        found = [figure.reached for figure in printed_pages([replace(subject, printed=(wrong,))])]
        assert found == [each != index for each in range(3)]


@pytest.mark.parametrize(
    ("described", "numbers"),
    [
        ("1.1-1.3, A2.1 (section 2 has none)", ["1.1", "1.2", "1.3", "A2.1"]),
        ("1-3, one run through the report, pdf 7-37; labels", ["1", "2", "3"]),
        ("none", []),
    ],
)
def test_numbers_are_taken_from_their_description(described: str, numbers: list[str]) -> None:
    assert expected_numbers(described) == numbers


@given(READINGS)
def test_altering_words_moves_everything_else_with_its_words(reading: Reading) -> None:
    change = altered(reading, share=0.3)
    kept = [
        (before.span, after.span)
        for before, after in zip(reading.paragraphs, change.reading.paragraphs, strict=True)
        if not any(place.overlap(before.span) for place in change.places)
    ]
    assert all(before.of(reading.text) == after.of(change.reading.text) for before, after in kept)


def test_an_id_that_leads_to_other_words_is_caught(harbour: ReadDocument) -> None:
    before = ingested(None, harbour.document, harbour.reading, harbour.passages)
    first, second, *others = before.passages
    swapped = (replace(first, id=second.id), replace(second, id=first.id), *others)
    found = resolved(before, replace(before, passages=swapped), altered=())
    assert sorted(found.repointed) == sorted([first.id, second.id])


def test_ids_of_words_that_were_altered_are_counted_apart(harbour: ReadDocument) -> None:
    *_, last = cut_again(
        harbour.document, harbour.reading, count_tokens=lambda text: len(text.split())
    )
    assert last.touched > 0
    assert (last.lost, last.repointed) == ((), ())


def test_the_recorded_measurement_reached_every_goal() -> None:
    result = read(NAME)
    assert result is not None
    assert [figure.what for figure in result.figures if not figure.reached] == []


def test_real_documents_reach_every_goal(real_documents: Path) -> None:
    found = figures(read_all(real_documents, files=QUICK))
    missed = [(figure.what, figure.exceptions) for figure in found if not figure.reached]
    # One known exception is more than half a percent of so few passages.
    few = [exceptions for what, exceptions in missed if "letter for letter" in what]
    assert len(missed) == len(few)
    assert all(len(exceptions) <= 2 for exceptions in few)
