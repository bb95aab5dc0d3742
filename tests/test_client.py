"""The client keeps one contract: over a socket, and in process."""

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from casebook_client import wire
from casebook_client.casebook import Casebook
from casebook_client.errors import BadRequest, Gone, NotFound
from casebook_client.inprocess import InProcess
from harbour import (
    DIGEST,
    DIGESTED,
    FORMER,
    GATES,
    GONE,
    RECOMMENDATION,
    REVIEW,
    STATED,
    WITNESS,
    ToyEmbedder,
)
from httpx2 import ASGITransport
from loopback import serving
from starlette.types import ASGIApp

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


def test_a_passage_is_given_by_its_id(casebook: Casebook) -> None:
    passage = casebook.passage(WITNESS)
    assert "=alarms were switched off" in passage.text
    assert [(found.voice, found.stance) for found in passage.findings] == [("witness", "alleged")]


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


# What it costs to have it.


def test_nothing_of_the_engine_is_imported() -> None:
    listing = "import sys, casebook_client; print(*{name.split('.')[0] for name in sys.modules})"
    client = Path(wire.__file__).parent.parent
    outcome = subprocess.run(
        [sys.executable, "-c", listing],
        env=os.environ | {"PYTHONPATH": str(client)},
        capture_output=True,
        text=True,
        check=True,
    )
    heavy = {"api", "ingest", "index", "numpy", "torch", "spacy", "pandas", "polars", "fastapi"}
    assert heavy.isdisjoint(outcome.stdout.split())
