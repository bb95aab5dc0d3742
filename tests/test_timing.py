"""Timings are kept by size, and corpora made up for them are searched as real ones are."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from loopback import serving
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from eval.load import load
from eval.results import circumstances
from eval.synthesis import halfway, imitate, originals
from eval.tables import UNMEASURED, latency_table
from eval.timing import SERVED, Latency, Timing, read, record, timed
from index.casebook import Casebook
from index.edge import EdgeEngine
from index.embedder import DEFAULT_MODEL, load_embedder
from index.search import Query
from index.store import Filters


def latency(passages: int, median: float) -> Latency:
    served = Timing(system=SERVED, passages=passages, median=median, p95=2 * median, questions=3)
    other = replace(served, system="another", median=5 * median, p95=20 * median)
    return Latency(passages=passages, timings=(served, other), circumstances=circumstances("numpy"))


def test_a_size_measured_again_leaves_the_others(tmp_path: Path) -> None:
    record([latency(1_000_000, 20.0), latency(1_000, 2.0)], tmp_path)
    record([latency(1_000, 3.0)], tmp_path)
    assert [(each.passages, each.timings[0].median) for each in read(tmp_path)] == [
        (1_000, 3.0),
        (1_000_000, 20.0),
    ]


def test_what_was_never_timed_is_said_to_be_unmeasured(tmp_path: Path) -> None:
    assert read(tmp_path) == ()
    assert latency_table([]) == UNMEASURED


def test_each_system_is_shown_with_its_ratio_to_casebook() -> None:
    shown = latency_table([latency(1_000, 2.0), latency(10_000, 3.0)])
    assert "| 1,000 passages | 10,000 passages |" in shown
    assert f"| {SERVED} | 2 / 4 | 3 / 6 |" in shown
    assert "| another | 10 / 40 (10) | 15 / 60 (10) |" in shown


def test_every_question_is_asked_once_before_it_is_timed() -> None:
    asked: list[str] = []
    found = timed("a system", asked.append, ["one", "two"], passages=1, repeats=2)
    assert asked == ["one", "two"] * 3
    assert found.questions == 4


def test_a_corpus_made_up_is_searched_as_a_real_one(casey: Path, tmp_path: Path) -> None:
    embedder = load_embedder(DEFAULT_MODEL, casey / "models")
    made = imitate(originals(casey), tmp_path, passages=600, embedder=embedder, engine=EdgeEngine())
    with closing(Casebook(tmp_path, embedder=embedder, engine=EdgeEngine())) as casebook:
        answer = casebook.search(Query(text="failures of vetting"))
        later = casebook.search(
            Query(text="failures of vetting", filters=Filters(date_from=halfway(600)))
        )
    assert made.passages == answer.total == 600
    assert later.total == 100
    assert "vetting" in answer.hits[0].text.lower()
    assert any(hit.findings for hit in answer.hits)
    assert all(hit.hit and "interaction" in hit.hit.parts for hit in answer.hits)


@pytest.mark.parametrize(("status", "errors"), [(200, 0), (503, 12)])
def test_an_answer_other_than_200_is_an_error(status: int, errors: int) -> None:
    def answer(_: Request) -> PlainTextResponse:
        return PlainTextResponse("an answer", status_code=status)

    with serving(Starlette(routes=[Route("/v1/search", answer)])) as address:
        met = load(address, ["one", "two"], clients=4, requests=3)
    assert met.errors == errors
    assert len(met.milliseconds) == 12 - errors
