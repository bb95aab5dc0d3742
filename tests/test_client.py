"""The client keeps one contract: over a socket, and in process."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

import pytest
from casebook_client import questions, wire
from casebook_client.asynchronous import AsyncCasebook
from casebook_client.casebook import Casebook
from casebook_client.errors import BadRequest, Gone, NotFound
from casebook_client.inprocess import InProcess
from casebook_client.questions import Across, Mode, Style
from casebook_client.results import Explanation, Results
from harbour import (
    DIGEST,
    DIGESTED,
    FORMER,
    GATES,
    GONE,
    PLAN,
    RECOMMENDATION,
    REVIEW,
    STATED,
    WITNESS,
)
from httpx2 import ASGITransport
from IPython.core.formatters import HTMLFormatter
from loopback import serving
from lxml import html
from pydantic import BaseModel
from starlette.types import ASGIApp
from toyembedder import ToyEmbedder

from api.app import service
from api.settings import Settings
from index.casebook import Live
from index.edge import EdgeEngine


@contextmanager
def _over_a_socket(app: ASGIApp) -> Generator[Casebook]:
    with serving(app) as url, Casebook(url) as casebook:
        yield casebook


@contextmanager
def _in_process(app: ASGIApp) -> Generator[Casebook]:
    with Casebook(transport=InProcess(ASGITransport(app))) as casebook:
        yield casebook


@pytest.fixture(scope="module")
def app(harbour: Path) -> ASGIApp:
    return service(Live(harbour, embedder=ToyEmbedder(), engine=EdgeEngine()), Settings())


@pytest.fixture(scope="module", params=[_over_a_socket, _in_process])
def casebook(request: pytest.FixtureRequest, app: ASGIApp) -> Generator[Casebook]:
    with request.param(app) as casebook:
        yield casebook


def test_a_search_gives_quotations_best_first(casebook: Casebook) -> None:
    hits = casebook.search("flood plan", k=3)
    assert len(hits) == 3
    assert hits[0].passage_id in {GATES, STATED}
    assert hits.strength in {"strong", "weak", "none"}
    assert hits[0].citation.cite_as.startswith("Dame Ann Example, Harbour Review")


def test_a_filter_takes_one_value_or_several(casebook: Casebook) -> None:
    assert {hit.passage_id for hit in casebook.search("gates", document=DIGEST)} == {DIGESTED}
    both = casebook.search("gates", document=[DIGEST, REVIEW], mode="dense")
    assert {hit.citation.document_id for hit in both} == {DIGEST, REVIEW}
    late = casebook.search("gates", date_from="2022-01-01")
    assert {hit.citation.document_id for hit in late} == {"harbour-plan"}


def test_more_like_a_passage_is_asked_with_a_query_or_without(casebook: Casebook) -> None:
    alone = casebook.search(like=GATES, unlike=[WITNESS], k=100)
    assert alone
    assert not {GATES, WITNESS} & {hit.passage_id for hit in alone}
    plain, moved = casebook.search("gates", k=100), casebook.search("gates", like=[STATED], k=100)
    assert {hit.passage_id for hit in plain} - {hit.passage_id for hit in moved} == {STATED}


def test_an_empty_question_is_refused(casebook: Casebook) -> None:
    with pytest.raises(BadRequest) as caught:
        casebook.search("")
    assert list(caught.value.fields) == ["body.q"]


def test_a_passage_is_given_by_its_id(casebook: Casebook) -> None:
    passage = casebook.passage(WITNESS)
    assert "=alarms were switched off" in passage.text
    assert [(found.voice, found.stance) for found in passage.findings] == [("witness", "alleged")]


def test_a_passage_prints_as_its_words_and_citation(casebook: Casebook) -> None:
    passage = casebook.passage(GATES)
    assert str(passage) == f"{passage.text}\n({passage.citation.cite_as})"
    assert repr(passage).startswith(f"<Passage {GATES}: '3.12 The board had no plan")
    assert len(repr(passage)) < 120


@pytest.mark.parametrize("id", ["", ".", ".."])
def test_what_cannot_be_an_id_is_not_asked_for(casebook: Casebook, id: str) -> None:
    for ask in (casebook.passage, casebook.evidence, casebook.cite):
        with pytest.raises(BadRequest, match="the id of nothing"):
            ask(id)


def test_a_former_id_leads_to_its_words(casebook: Casebook) -> None:
    assert casebook.passage(FORMER).passage_id == GATES


def test_an_unknown_id_is_not_found(casebook: Casebook) -> None:
    with pytest.raises(NotFound, match=r"harbour-review:9\.9"):
        casebook.passage(f"{REVIEW}:9.9")


def test_an_id_whose_words_are_gone_says_so(casebook: Casebook) -> None:
    with pytest.raises(Gone, match="gone"):
        casebook.passage(GONE)


def test_a_wrong_filter_is_named(casebook: Casebook) -> None:
    with pytest.raises(BadRequest) as caught:
        casebook.search("flood", voice="nobody")
    assert list(caught.value.fields) == ["body.voice.0"]


def test_recommendations_are_those_of_a_document(casebook: Casebook) -> None:
    (recommended,) = casebook.recommendations()
    assert (recommended.id, recommended.number) == (RECOMMENDATION, "4")
    assert not casebook.recommendations(document=DIGEST)


def test_hits_become_a_data_frame(casebook: Casebook) -> None:
    frame = casebook.search("flood plan", k=2, document=REVIEW).to_pandas()
    assert set(frame["passage_id"]) == {GATES, STATED}
    assert frame["citation_date"].dt.year.tolist() == [2021, 2021]
    assert sorted(frame["citation_paragraphs"]) == [["3.12"], ["4.1"]]


def test_an_empty_answer_has_the_columns_all_the_same(casebook: Casebook) -> None:
    none, some = casebook.recommendations(document=DIGEST), casebook.recommendations()
    assert none.to_pandas().columns.tolist() == some.to_pandas().columns.tolist()


def test_a_batch_ranks_every_query_under_its_id(casebook: Casebook) -> None:
    ranked = casebook.batch({"a": "flood", "b": "dusk"}, k=2)
    assert [(line.query_id, line.rank) for line in ranked] == [
        ("a", 1),
        ("a", 2),
        ("b", 1),
        ("b", 2),
    ]
    assert {line.query_id for line in casebook.batch(["flood", "dusk"], k=1)} == {"1", "2"}
    assert not casebook.batch([])


def test_more_queries_than_one_request_takes_are_all_answered(casebook: Casebook) -> None:
    ranked = casebook.batch({f"q{n}": "flood" for n in range(120)}, k=1, mode="lexical")
    assert [line.query_id for line in ranked] == [f"q{n}" for n in range(120)]


def test_documents_are_all_of_them(casebook: Casebook) -> None:
    assert {document.id for document in casebook.documents()} == {REVIEW, DIGEST, PLAN}


def test_a_recommendation_leads_to_the_words_that_justify_it(casebook: Casebook) -> None:
    support = casebook.evidence(RECOMMENDATION)
    assert {passage.passage_id for passage in support} == {GATES, STATED}
    assert support.recommendation.number == "4"


def test_findings_say_whose_words_they_are(casebook: Casebook) -> None:
    (finding,) = casebook.findings(voice="witness")
    assert (finding.passage_id, finding.stance) == (WITNESS, "alleged")
    assert len(casebook.findings()) == 2


def test_a_finding_says_why_it_was_given(casebook: Casebook, app: ASGIApp) -> None:
    (finding,) = casebook.findings(voice="witness")
    explained = casebook.explain(finding.id)
    assert explained.finding == finding
    assert finding.trigger in str(explained)
    assert html.fromstring(_card(explained)).find_class("casebook")

    async def ask() -> Explanation:
        async with AsyncCasebook(transport=ASGITransport(app)) as asked:
            return await asked.explain(finding.id)

    assert asyncio.run(ask()) == explained


@pytest.mark.parametrize("by", get_args(Across))
def test_the_matrix_counts_the_findings(casebook: Casebook, by: Across) -> None:
    assert sum(cell.count for cell in casebook.matrix(by)) == len(casebook.findings())
    assert sum(cell.count for cell in casebook.matrix(by, stance="found")) == 1


def test_a_quotation_is_verified(casebook: Casebook) -> None:
    (exact,) = casebook.verify(quotation="The board had no plan for a flood")
    assert (exact.verdict, exact.places[0].passage_id) == ("exact", GATES)
    verdicts = casebook.verify("The Review found that “the board had a plan for a flood”.")
    assert verdicts.counts == {"altered": 1}
    assert [change.kind for change in verdicts[0].places[0].changes] == ["negation"]


@pytest.mark.parametrize("mode", get_args(Mode))
def test_every_mode_searches(casebook: Casebook, mode: Mode) -> None:
    assert casebook.search("flood", mode=mode).mode == mode


@pytest.mark.parametrize("package", ["pandas", "polars"])
def test_every_result_becomes_a_data_frame(casebook: Casebook, package: str) -> None:
    for results in _every_result(casebook):
        frame = results.to_pandas() if package == "pandas" else results.to_polars()
        assert len(frame) == len(results) > 0
        assert len(set(frame.columns)) == len(frame.columns)


def test_every_result_is_readable_in_a_notebook(casebook: Casebook) -> None:
    for results in _every_result(casebook):
        card = _card(results)
        assert html.fromstring(card).find_class("casebook")
        assert "<script" not in card


def _every_result(casebook: Casebook) -> Iterator[Results[BaseModel]]:
    yield casebook.search("flood plan")
    yield casebook.batch(["flood"])
    yield casebook.documents()
    yield casebook.recommendations()
    yield casebook.evidence(RECOMMENDATION)
    yield casebook.findings()
    yield casebook.matrix()
    yield casebook.verify(quotation="The board had no plan for a flood")


def _card(shown: object) -> str:
    """As Jupyter shows it."""
    return str(HTMLFormatter()(shown))


def test_a_card_says_words_voice_stance_and_recommendation(casebook: Casebook) -> None:
    card = _card(casebook.passage(GATES))
    shown = html.fromstring(card).text_content()
    for words in ("no plan for a flood", "inquiry, found", "para 3.12", "Recommendation 4"):
        assert words in shown


def test_a_card_names_each_recommendation_once(casebook: Casebook) -> None:
    passage = casebook.passage(GATES)
    (linked,) = passage.recommendations
    other = linked.model_copy(update={"basis": "nearby", "start": 0, "end": 10})
    twice = passage.model_copy(update={"recommendations": [linked, other, linked]})
    shown = html.fromstring(_card(twice)).text_content()
    assert shown.count(linked.text) == 1
    assert "(cross reference, cited; cross reference, nearby)" in shown


def test_the_words_of_a_document_are_never_markup(casebook: Casebook) -> None:
    passage = casebook.passage(GATES)
    hostile = passage.model_copy(update={"text": "<script>alert(1)</script> & more"})
    assert "<script>alert" not in _card(hostile)


def test_a_digest_says_so_on_its_card(casebook: Casebook) -> None:
    assert "not the published words" in _card(casebook.passage(DIGESTED))


@pytest.mark.parametrize("style", get_args(Style))
def test_a_passage_is_cited_in_every_style(casebook: Casebook, style: Style) -> None:
    assert "Harbour Review" in casebook.cite(GATES, style)


def test_pages_are_hidden(casebook: Casebook, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = casebook.search("flood plan", k=4), casebook.documents()
    monkeypatch.setattr(questions, "MOST", 1)
    paged = casebook.search("flood plan", k=4), casebook.documents()
    assert [list(results) for results in paged] == [list(results) for results in whole]
    assert len(paged[0]) == 4


def test_awaiting_gives_the_same(casebook: Casebook, app: ASGIApp) -> None:
    async def ask() -> list[Results[BaseModel]]:
        async with AsyncCasebook(transport=ASGITransport(app)) as asked:
            return await asyncio.gather(
                asked.search("flood plan"),
                asked.batch(["flood"], k=10),
                asked.documents(),
                asked.recommendations(),
                asked.evidence(RECOMMENDATION),
                asked.findings(),
                asked.matrix(),
                asked.verify(quotation="The board had no plan for a flood"),
            )

    for awaited, waited in zip(asyncio.run(ask()), _every_result(casebook), strict=True):
        assert list(awaited) == list(waited)


_UNCLOSED = """
import sys
from pathlib import Path
from casebook_client.casebook import Casebook
from casebook_client.inprocess import InProcess
from httpx2 import ASGITransport
from toyembedder import ToyEmbedder
from api.app import service
from api.settings import Settings
from index.casebook import Live
from index.edge import EdgeEngine

live = Live(Path(sys.argv[1]), embedder=ToyEmbedder(), engine=EdgeEngine())
casebook = Casebook(transport=InProcess(ASGITransport(service(live, Settings()))), key="")
print(len(casebook.documents()))
"""


def test_a_program_that_does_not_close_the_client_ends_all_the_same(harbour: Path) -> None:
    root = Path(wire.__file__).parents[3]
    path = os.pathsep.join(map(str, (root, root / "tests", root / "api" / "client")))
    outcome = subprocess.run(
        [sys.executable, "-c", _UNCLOSED, str(harbour)],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (outcome.stdout, outcome.stderr) == ("3\n", "")


def test_closing_twice_is_closing(app: ASGIApp) -> None:
    casebook = Casebook(transport=InProcess(ASGITransport(app)))
    casebook.close()
    casebook.close()


# What it costs to have it.


def _imported(code: str) -> list[str]:
    """What a program that imports the client prints."""
    outcome = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(Path(wire.__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    return outcome.stdout.split()


_HEAVY = {
    *("api", "ingest", "index", "fastapi", "uvicorn", "numpy", "torch", "spacy", "onnxruntime"),
    *("pandas", "polars", "IPython", "anyio", "rich", "altair"),
}


def test_nothing_heavy_is_imported() -> None:
    names = "{name.split('.')[0] for name in sys.modules}"
    assert _HEAVY.isdisjoint(_imported(f"import sys, casebook_client; print(*{names})"))
