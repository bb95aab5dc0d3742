"""Answers found in one document to the recommendations of another."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from dossiers import dossier
from paper import BOLD, Paper, printed
from readings import Text, reading
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph as Printed
from reportlab.platypus import SimpleDocTemplate, Table, TableStyle

from ingest.library import Library, StoredDossier
from ingest.model import (
    Alignment,
    Dossier,
    Edition,
    Kind,
    ParagraphKind,
    Reading,
    Response,
    ResponseStatus,
)
from ingest.reading.pdf import read_pdf
from ingest.reading.pdffile import pdf_facts
from ingest.recommendations.extraction import recommendations
from ingest.responses.alignment import responses

GATES = "The Harbour Board should have every lock gate inspected by an engineer twice a year."
LIGHTS = "The Ministry of Ports should pay for new lights along the whole of the northern mole."
RADIOS = "Each pilot boat must carry two radios, one of which works without mains power."
TITLE = "The Saltmarsh Inquiry: the loss of the Petrel"


def stored(folder: Path, id: str, made: Reading, *, title: str, kind: Kind) -> StoredDossier:
    """A document as it lies on disk, with the recommendations that reading it gives."""
    base = dossier(id, ["words"])
    document = base.document
    held = Dossier(
        document=type(document)(
            id=id,
            title=title,
            source=f"{id}.pdf",
            source_sha256=document.source_sha256,
            page_count=len(made.pages),
            kind=kind,
            edition=Edition.OFFICIAL,
        ),
        stamp=base.stamp,
        reading=made,
        passages=(),
    )
    library = Library(folder)
    library.write(
        Dossier(
            document=held.document,
            stamp=held.stamp,
            reading=made,
            passages=(),
            recommendations=recommendations(held.document, made),
        )
    )
    return library.stored(id)


def report(folder: Path, asked: Sequence[str] = (GATES, LIGHTS, RADIOS)) -> StoredDossier:
    """A report with numbered recommendations."""
    heading = Text("Recommendations", ParagraphKind.HEADING)
    numbered = [
        Text(f"Recommendation {number}: {words}", section=("Recommendations",))
        for number, words in enumerate(asked, 1)
    ]
    return stored(
        folder, "report", reading([heading, *numbered]), title=TITLE, kind=Kind.FINAL_REPORT
    )


def answers(folder: Path, made: Reading, *, kind: Kind = Kind.RESPONSE) -> list[Response]:
    """What a document so read answers to the report."""
    title = f"Government response to {TITLE}"
    given = stored(folder, "answer", made, title=title, kind=kind)
    return list(responses([report(folder), given]))


def drawn(folder: Path, draw: Callable[[Paper], None]) -> Reading:
    return printed(folder / "answer.pdf", draw)


def told(text: str, found: Sequence[Response]) -> list[tuple[str, str, str]]:
    """Number, status and the words of each answer."""
    return [
        (
            each.recommendation.rpartition("-")[2],
            str(each.status),
            each.span.of(text) if each.span else "",
        )
        for each in found
    ]


def test_a_reply_under_its_number_is_the_answer_without_what_it_restates(tmp_path: Path) -> None:
    def draw(paper: Paper) -> None:
        paper.line(f"Government response to {TITLE}", size=16, font=BOLD)
        for number, (asked, said) in enumerate(
            [
                (GATES, "The Government accepts this recommendation. Inspections began in May."),
                (LIGHTS, "We do not accept this recommendation. The mole is to be taken down."),
                (RADIOS, "The Government accepts this recommendation in part."),
            ],
            1,
        ):
            paper.y += 20
            paper.line(f"Recommendation {number}", size=14, font=BOLD)
            paper.y += 10
            paper.paragraph(asked)
            paper.paragraph(said)

    made = drawn(tmp_path, draw)
    found = answers(tmp_path, made)
    assert told(made.text, found) == [
        ("1", "accepted", "The Government accepts this recommendation. Inspections began in May."),
        ("2", "rejected", "We do not accept this recommendation. The mole is to be taken down."),
        ("3", "accepted_in_part", "The Government accepts this recommendation in part."),
    ]
    assert {each.alignment for each in found} == {Alignment.NUMBER}
    assert [each.restatement.of(made.text) for each in found if each.restatement] == [
        GATES,
        LIGHTS,
        RADIOS,
    ]
    justifying = [each.status_span.of(made.text) for each in found if each.status_span]
    assert justifying[1] == "We do not accept this recommendation."


def test_what_nothing_is_said_of_is_not_addressed(tmp_path: Path) -> None:
    made = reading([Text("Recommendation 2: We accept this recommendation.")])
    found = answers(tmp_path, made)
    statuses = [each.status for each in found]
    assert statuses == [
        ResponseStatus.NOT_ADDRESSED,
        ResponseStatus.ACCEPTED,
        ResponseStatus.NOT_ADDRESSED,
    ]
    assert found[0].span is None and found[0].alignment is None


def test_a_restated_recommendation_without_a_number_is_aligned_by_its_words(
    tmp_path: Path,
) -> None:
    made = reading(
        [
            Text(f"Recommendation: {LIGHTS}"),
            Text("Response:"),
            Text("Decisions have not been taken on this."),
            Text(f"Recommendation: {GATES}"),
            Text("Response:"),
            Text("We will begin next year."),
        ]
    )
    found = [each for each in answers(tmp_path, made) if each.span]
    assert told(made.text, found) == [
        ("1", "accepted", "We will begin next year."),
        ("2", "under_consideration", "Decisions have not been taken on this."),
    ]
    assert {each.alignment for each in found} == {Alignment.QUOTATION}


def test_recommendations_answered_together_share_the_reply(tmp_path: Path) -> None:
    made = reading(
        [
            Text("Recommendations 1 and 2", ParagraphKind.HEADING),
            Text("Both recommendations are accepted."),
            Text("Recommendation 3", ParagraphKind.HEADING),
            Text("Noted."),
        ]
    )
    assert told(made.text, answers(tmp_path, made)) == [
        ("1", "accepted", "Both recommendations are accepted."),
        ("2", "accepted", "Both recommendations are accepted."),
        ("3", "noted", "Noted."),
    ]


def test_each_body_that_replies_is_named(tmp_path: Path) -> None:
    made = reading(
        [
            Text("Recommendation 1", ParagraphKind.HEADING),
            Text(GATES),
            Text("Scottish Government response: Accepted."),
            Text("Welsh Government response: Accepted in principle."),
        ]
    )
    found = [each for each in answers(tmp_path, made) if each.span]
    assert [(each.responder, str(each.status)) for each in found] == [
        ("Scottish Government", "accepted"),
        ("Welsh Government", "accepted_in_principle"),
    ]


TABLE = ParagraphKind.TABLE


def cell(words: str) -> Printed:
    return Printed(words, getSampleStyleSheet()["BodyText"])


@pytest.mark.parametrize(
    "rows",
    [
        f"No.\tRecommendation\tResponse\n1\t{GATES}\tAccept\n2\t{LIGHTS}\tAccept in part\n"
        f"3\t{RADIOS}\tReject",
        f"Recommendation\tStatus\tComment\tOwner\n1. {GATES}\tAccepted\tBegun in May.\tBoard\n"
        f"2. {LIGHTS}\tPartially accepted\tHalf of the mole.\tMinistry\n"
        f"3. {RADIOS}\tRejected\tThey are heavy.\tBoard",
        "Rec\tResponse\n1\tAccepted. Begun in May.\n2\tAccepted in part.\n3\tRejected.",
        f"Recommendation 1: {GATES}\tThe Government accepts this recommendation.\n"
        f"Recommendation 2: {LIGHTS}\tThe Government accepts this recommendation in part.\n"
        f"Recommendation 3: {RADIOS}\tThe Government does not accept this recommendation.",
        f"{GATES}\tAccepted\n{LIGHTS}\tAccepted in part\n{RADIOS}\tNot accepted",
    ],
)
def test_rows_of_a_table_answer_what_stands_in_them(tmp_path: Path, rows: str) -> None:
    made = reading([Text(rows, TABLE)])
    found = answers(tmp_path, made)
    assert [str(each.status) for each in found] == ["accepted", "accepted_in_part", "rejected"]
    for each in found:
        assert each.span is not None and each.status_span is not None
        said = each.span.of(made.text)
        assert each.status_span.of(made.text) in said
        assert not any(words in said for words in (GATES, LIGHTS, RADIOS, "Board", "Ministry"))


def test_a_ruled_table_of_two_columns_of_prose_is_read_row_by_row(tmp_path: Path) -> None:
    begun = "The Board has begun work on this and will report on it in the spring of next year."
    replies = ("We accept this recommendation.", "We accept this recommendation in principle.")
    head = [cell("Recommendation"), cell("Response of the Government")]
    rows = [
        [cell(f"Recommendation {number}: {asked}"), cell(f"{said} {begun}")]
        for number, (asked, said) in enumerate(zip((GATES, LIGHTS), replies, strict=True), 1)
    ]
    table = Table([head, *rows], colWidths=[220, 220])
    table.setStyle(
        TableStyle(
            [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (1, 2), "TOP")]
        )
    )
    path = tmp_path / "answer.pdf"
    SimpleDocTemplate(str(path), pagesize=A4).build([table])
    made = read_pdf(path, facts=pdf_facts(path))
    assert told(made.text, answers(tmp_path, made))[:2] == [
        ("1", "accepted", f"{replies[0]} {begun}"),
        ("2", "accepted_in_principle", f"{replies[1]} {begun}"),
    ]


def test_columns_of_several_bodies_give_an_answer_each(tmp_path: Path) -> None:
    rows = "Recommendation\tHarbour Board\tMinistry of Ports\n1\tAccepted\tAccepted in principle"
    found = [each for each in answers(tmp_path, reading([Text(rows, TABLE)])) if each.span]
    assert [(each.responder, str(each.status)) for each in found] == [
        ("Harbour Board", "accepted"),
        ("Ministry of Ports", "accepted_in_principle"),
    ]


def test_a_table_that_answers_nothing_is_no_answer(tmp_path: Path) -> None:
    rows = f"No.\tRecommendation\tPage\n1\t{GATES}\t14\n2\t{LIGHTS}\t19"
    found = answers(tmp_path, reading([Text(rows, TABLE)]))
    assert {each.status for each in found} == {ResponseStatus.NOT_ADDRESSED}


def test_a_letter_turns_to_one_recommendation_after_the_other(tmp_path: Path) -> None:
    made = reading(
        [
            Text("Dear Sir,"),
            Text("In relation to recommendation 1, we agree, and inspections have begun."),
            Text("On recommendation 2, the Government does not agree that lights are needed."),
            Text("As for recommendation 3, we will consider it in the spring."),
        ]
    )
    statuses = [str(each.status) for each in answers(tmp_path, made)]
    assert statuses == ["accepted", "rejected", "under_consideration"]


def test_answers_may_be_numbered_in_words(tmp_path: Path) -> None:
    made = reading(
        [
            Text("Recommendation One", ParagraphKind.HEADING),
            Text("Accepted subject to funding."),
            Text("Recommendation Three", ParagraphKind.HEADING),
            Text("The Board will carry two radios in each boat."),
        ]
    )
    statuses = [str(each.status) for each in answers(tmp_path, made)]
    assert statuses == ["accepted_in_principle", "not_addressed", "accepted"]


@pytest.mark.parametrize("title", ["Annual accounts", "Government response to the Otter Review"])
def test_a_document_that_answers_another_report_answers_none_of_this(
    tmp_path: Path, title: str
) -> None:
    made = reading([Text("Recommendation 1: We accept this recommendation.")])
    given = stored(tmp_path, "answer", made, title=title, kind=Kind.RESPONSE)
    assert list(responses([report(tmp_path), given])) == []
