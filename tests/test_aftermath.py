"""What followed a recommendation: on the wire, in the terminal, and as a table to hand upwards."""

import datetime
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from dossiers import dossier
from fastapi.testclient import TestClient
from toyembedder import ToyEmbedder

from api import briefing, view
from api.app import service
from api.settings import Settings
from index.build import build_index
from index.casebook import Casebook, Live
from index.edge import EdgeEngine
from index.search import Query
from index.store import Filters
from ingest.errors import BadQuery, UnknownId
from ingest.library import Library
from ingest.model import (
    Alignment,
    Basis,
    Dossier,
    Duty,
    DutyReply,
    Lineage,
    LineageRelation,
    Link,
    Mention,
    Recommendation,
    Relation,
    Response,
    ResponseStatus,
    Span,
    Standing,
    StatusEvent,
)

GATES, BOATS, OLD = "review.gates", "review:recommendation-2", "older.gates"
REVIEW = (
    "Nobody had looked at the lower gates.",
    "The board should inspect the lower gates and publish | a plan.",
    "Boats should be counted.",
)
REPLY = ("We accept this. We will inspect the lower gates.",)


def _recommendation(id: str, document: str, words: str, span: Span) -> Recommendation:
    return Recommendation(
        id=id,
        document=document,
        number="1" if id == GATES else None,
        kind="recommendation",
        span=span,
        title=None,
        sub_parts=(),
        addressee=("The board",) if id == GATES else (),
        deadline=None,
        aliases=(f"{document}:recommendation-1",) if id == GATES else (),
    )


def _made(id: str, passages: tuple[str, ...], *named: tuple[str, int]) -> Dossier:
    made = dossier(id, passages)
    return replace(
        made,
        recommendations=tuple(
            _recommendation(name, id, passages[place], made.passages[place].span)
            for name, place in named
        ),
    )


def _review() -> Dossier:
    made = _made("review", REVIEW, (GATES, 1), (BOATS, 2))
    span = made.passages[1].span
    return replace(
        made,
        duties=(
            Duty(
                recommendation=GATES,
                span=Span(span.start, span.start + 40),
                actor="The board",
                act="inspect",
                deadline=None,
            ),
        ),
        links=tuple(
            Link(recommendation=GATES, passage=passage, relation=how, basis=basis, score=1.0)
            for passage, how, basis in (
                ("review:1", Relation.MOTIVATES, Basis.CITED),
                ("review:1", Relation.MOTIVATES, Basis.NEARBY),
                ("review:2", Relation.STATES, Basis.CITED),
            )
        ),
        events=(_event("May 2020", datetime.date(2020, 5, 1)), _event("date not found", None)),
        lineage=(
            Lineage(
                recommendation=GATES,
                earlier=OLD,
                relation=LineageRelation.REPEATS,
                basis=Basis.CURATED,
                score=1.0,
                why="Both ask for inspections.",
            ),
            Lineage(
                recommendation=GATES,
                earlier="nowhere.gates",
                relation=LineageRelation.REPEATS,
                basis=Basis.CURATED,
                score=1.0,
            ),
        ),
    )


def _event(dated: str, date: datetime.date | None) -> StatusEvent:
    return StatusEvent(
        recommendation=GATES,
        date=date,
        dated=dated,
        status="A rota is drawn up",
        who="The board",
        source="its minutes",
        standing=Standing.SECONDARY,
    )


def _reply(review: Dossier) -> Dossier:
    made = dossier("reply", REPLY)
    return replace(
        made,
        responses=(
            Response(
                recommendation=GATES,
                document="reply",
                span=made.passages[0].span,
                status=ResponseStatus.ACCEPTED,
                status_span=Span(0, 15),
                date=None,
                alignment=Alignment.NUMBER,
                duties=(
                    DutyReply(
                        duty=review.duties[0].span, mention=Mention.QUOTED, span=Span(16, 48)
                    ),
                ),
            ),
        ),
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    review = _review()
    library = Library(folder)
    for each in (review, _reply(review), _made("older", ("Gates should be inspected.",), (OLD, 0))):
        library.write(each)
    build_index(folder, embedder=ToyEmbedder(), engine=EdgeEngine())
    return folder


@pytest.fixture(scope="module")
def casebook(data: Path) -> Iterator[Casebook]:
    opened = Casebook(data, embedder=ToyEmbedder(), engine=EdgeEngine())
    yield opened
    opened.close()


def test_a_recommendation_says_what_bears_on_it_and_what_came_of_it(casebook: Casebook) -> None:
    shown = view.recommendation(casebook.shelf, casebook.recommendation(GATES))
    assert (shown.evidence.total, shown.evidence.by_basis) == (1, {"cited": 1})
    assert shown.evidence.first == "review:1"
    assert [(r.status, r.quotation) for r in shown.responses] == [("accepted", "We accept this.")]
    assert shown.latest and shown.latest.dated == "May 2020"
    assert [duty.actor for duty in shown.duties] == ["The board"]


def test_a_recommendation_without_evidence_or_answer_is_listed_as_such(casebook: Casebook) -> None:
    shown = view.recommendation(casebook.shelf, casebook.recommendation(BOATS))
    assert (shown.evidence.total, shown.responses, shown.latest) == (0, [], None)
    assert "| none found | no answer found |" in "".join(briefing.markdown([shown]))


def test_a_recommendation_answers_to_the_ids_it_was_known_by(casebook: Casebook) -> None:
    assert casebook.recommendation("review:recommendation-1").id == GATES
    with pytest.raises(UnknownId):
        casebook.recommendation("review:recommendation-9")


def test_a_search_about_a_recommendation_takes_any_id_it_was_known_by(casebook: Casebook) -> None:
    own, former = (
        casebook.search(Query(text="gates", filters=Filters(recommendations=(name,))))
        for name in (GATES, "review:recommendation-1")
    )
    assert [hit.passage.id for hit in own.hits] == [hit.passage.id for hit in former.hits] != []
    with pytest.raises(BadQuery, match="There is no recommendation 'review:recommendation-9'"):
        casebook.checked(Filters(recommendations=("review:recommendation-9",)))


def test_everything_that_hangs_on_it_is_shown_in_its_own_words(casebook: Casebook) -> None:
    shown = view.support(casebook, casebook.recommendation(GATES))
    (answer,) = shown.responses
    assert answer.text == REPLY[0]
    assert [(duty.mention, duty.words) for duty in answer.duties] == [
        ("quoted", "We will inspect the lower gates.")
    ]
    assert answer.citation and answer.citation.document_id == "reply"
    assert [event.dated for event in shown.events] == ["May 2020", "date not found"]
    (line,) = shown.lineage
    assert (line.earlier_text, line.why) == (
        "Gates should be inspected.",
        "Both ask for inspections.",
    )


def test_an_earlier_recommendation_names_the_later_one(casebook: Casebook) -> None:
    shown = view.support(casebook, casebook.recommendation(OLD))
    assert [line.recommendation_id for line in shown.lineage] == [GATES]


def test_a_table_has_one_line_a_recommendation_whatever_its_words(casebook: Casebook) -> None:
    records = [view.recommendation(casebook.shelf, each) for each in casebook.recommendations()]
    head, rule, *rows = briefing.markdown(records)
    assert len(rows) == 3
    assert {row.count(" | ") for row in (head, rule, *rows)} == {6}
    assert r"publish \| a plan" in "".join(rows)


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [
        ("responses", "status", "accepted"),
        ("events", "dated", "May 2020"),
        ("lineage", "earlier_id", OLD),
    ],
)
def test_each_part_has_an_address(data: Path, part: str, field: str, value: str) -> None:
    live = Live(data, embedder=ToyEmbedder(), engine=EdgeEngine())
    client = TestClient(service(live, Settings()))
    for id in (GATES, "review:recommendation-1"):
        found = client.get(f"/v1/recommendations/{id}/{part}")
        assert found.status_code == 200
        assert found.json()["items"][0][field] == value
    assert client.get(f"/v1/recommendations/nobody.knows/{part}").status_code == 404


def test_the_paragraph_that_is_meant_is_shown_where_its_passage_holds_others(
    tmp_path: Path,
) -> None:
    words = "1.1 Boats sank. 1.2 The gates were rusty."
    rust = Span(words.index("1.2"), len(words))
    made = _made("review", (words, "Gates should be painted."), (GATES, 1))
    pointed = Link(
        recommendation=GATES,
        passage="review:1",
        relation=Relation.MOTIVATES,
        basis=Basis.CURATED,
        score=1.0,
        words=rust,
    )
    Library(tmp_path).write(replace(made, links=(pointed,)))
    build_index(tmp_path, embedder=ToyEmbedder(), engine=EdgeEngine())
    opened = Casebook(tmp_path, embedder=ToyEmbedder(), engine=EdgeEngine())
    (found,) = view.support(opened, opened.recommendation(GATES)).items
    (linked,) = found.recommendations
    assert found.text[linked.start : linked.end] == "1.2 The gates were rusty."
    assert view.link(opened, pointed).words == "1.2 The gates were rusty."
    opened.close()
