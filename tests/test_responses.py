"""Answers found in one document to the recommendations of another."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from dossiers import dossier
from paper import BOLD, Paper, printed
from readings import Text, reading

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
from ingest.recommendations import recommendations
from ingest.responses import responses

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


@pytest.mark.parametrize("title", ["Annual accounts", "Government response to the Otter Review"])
def test_a_document_that_answers_another_report_answers_none_of_this(
    tmp_path: Path, title: str
) -> None:
    made = reading([Text("Recommendation 1: We accept this recommendation.")])
    given = stored(tmp_path, "answer", made, title=title, kind=Kind.RESPONSE)
    assert list(responses([report(tmp_path), given])) == []
