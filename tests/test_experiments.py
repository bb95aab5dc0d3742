"""An attempt is judged on inquiries that had no part in choosing its setting."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from dossiers import dossier
from toyembedder import ReadingEmbedder

from eval import experiments
from eval.attempts import ATTEMPTS, Case, Desk, cases, features, standardised
from eval.collection import Collection, Judgement, Topic
from eval.command import assessor
from eval.experiments import Bench, chosen, logistic, outcomes, table
from index.build import build_index
from index.casebook import Casebook
from index.edge import EdgeEngine
from ingest.library import Library

REVIEW = ("The board met at the quay.", "The canteen was closed.", "The board had no plan.")
LETTER = ("The canteen closed again.", "Tides rose at the quay.", "The board asked for a plan.")
TOPICS = (
    Topic(id="q1", text="board plan", labels={"inquiry": "one"}),
    Topic(id="q2", text="canteen closed", labels={"inquiry": "one"}),
    Topic(id="q3", text="quay tides", labels={"inquiry": "two"}),
)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    data = tmp_path_factory.mktemp("data")
    Library(data).write(dossier("review", REVIEW))
    Library(data).write(dossier("letter", LETTER))
    build_index(data, embedder=ReadingEmbedder(), engine=EdgeEngine())
    casebook = Casebook(data, embedder=ReadingEmbedder(), engine=EdgeEngine())
    places = {"q1": ("review:3", "letter:3"), "q2": ("review:2", "letter:1"), "q3": ("letter:2",)}
    judged = Collection(
        name="harbour",
        topics=TOPICS,
        judgements=tuple(
            Judgement(query=query, document=passage, grade=2)
            for query, passages in places.items()
            for passage in passages
        ),
    )
    bench = Bench()
    desk = Desk(casebook=casebook, embedder=ReadingEmbedder())
    bench.add(cases(desk, judged.judged, name="harbour"), assessor(casebook, judged))
    yield bench
    casebook.close()


def worths(bench: Bench, *values: float) -> dict[int, dict[str, float]]:
    of = zip(bench.cases, values, strict=True)
    return {id(case): {"nDCG@10": value, "R@20": value} for case, value in of}


def test_a_setting_that_helps_one_inquiry_alone_is_not_confirmed_by_it(bench: Bench) -> None:
    before = worths(bench, 0.5, 0.5, 0.5)
    found = chosen("", bench.cases, before, {(1.0,): worths(bench, 0.9, 0.9, 0.4)})
    assert found.setting == (1.0,)
    assert found.tuned["nDCG@10"].interval.mean == pytest.approx(0.7 / 3)
    # Each inquiry gets what is best on the other.
    assert found.by_group["one"]["nDCG@10"] == 0
    assert found.by_group["two"]["nDCG@10"] == pytest.approx(-0.1)
    assert not found.earned


def test_a_setting_that_helps_everywhere_earns_its_place(bench: Bench) -> None:
    before = worths(bench, 0.5, 0.4, 0.3)
    found = chosen("", bench.cases, before, {(1.0,): worths(bench, 0.8, 0.7, 0.6)})
    assert found.confirmed == found.tuned
    assert found.earned


def test_every_attempt_is_measured_over_the_same_queries(bench: Bench) -> None:
    found = list(outcomes(bench))
    assert [each.name for each in found[: len(ATTEMPTS)]] == [each.name for each in ATTEMPTS]
    assert {each.queries for each in found[:-1]} == {3}
    # Of the query with one place nothing is left once that is the example.
    assert found[-1].queries == 2


def test_an_example_and_its_places_count_for_nothing(bench: Bench) -> None:
    case = bench.cases[1]
    example = bench.example(case)
    assert example is not None
    rest = bench.rest(case, example, case.rows)
    alone = bench.rest(case, example, np.array([example]))
    assert rest == {"nDCG@10": 1.0, "R@20": 1.0}
    assert alone == {"nDCG@10": 0.0, "R@20": 0.0}


def _case(bench: Bench) -> Case:
    return bench.cases[0]


def test_every_candidate_has_every_feature(bench: Bench) -> None:
    told = features(_case(bench))
    assert told.shape[0] == len(_case(bench).rows)
    assert np.isfinite(told).all()


def test_learned_weights_find_what_tells_the_relevant_apart() -> None:
    rng = np.random.default_rng(3)
    told = rng.normal(size=(400, 3))
    labels = told[:, 1] + 0.1 * rng.normal(size=400) > 0
    weights = logistic(told, labels)
    assert int(np.argmax(np.abs(weights))) == 1
    assert weights[1] > 0


def test_what_does_not_differ_is_standardised_to_nothing() -> None:
    assert standardised([2.0, 2.0]).tolist() == [0.0, 0.0]
    assert standardised([]).tolist() == []
    assert standardised([1.0, 3.0]).tolist() == [-1.0, 1.0]


def test_the_table_of_the_readme_is_what_was_recorded() -> None:
    record = experiments.read()
    assert record is not None
    assert table(record) in (Path(experiments.__file__).parent / "README.md").read_text("utf-8")
