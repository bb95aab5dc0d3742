"""The gate: a fall that luck does not explain fails, and is told query by query."""

from dataclasses import replace
from pathlib import Path

import pytest
from harbour import GATES
from toyembedder import ToyEmbedder

from eval import baseline, gate
from eval.baseline import QueryValues, Recorded, falls, judged_as
from eval.collection import Collection, Judgement, Topic
from eval.goals import retrieval_result, runs_table
from eval.indexed import Subject
from eval.significance import Interval
from index.casebook import Casebook
from index.edge import EdgeEngine
from index.embedder import Embedder

QUERIES = tuple(f"q{n}" for n in range(20))
TEXTS = {query: f"question {query}" for query in QUERIES}


def recorded(*, values: list[float], judged: str = "as before") -> Recorded:
    return Recorded(
        collection="harbour",
        queries=20,
        judged=20,
        places=20,
        means={"hybrid": {"nDCG@10": Interval(mean=0.5, low=0.4, high=0.6)}},
        comparisons=(),
        flags=None,
        maker=None,
        by_query={
            query: QueryValues(judged_as=judged, values={"nDCG@10": value})
            for query, value in zip(QUERIES, values, strict=True)
        },
    )


BEFORE = recorded(values=[0.8] * 20)


def test_a_fall_of_many_queries_is_told_with_the_queries_that_fell() -> None:
    (fall,) = falls(BEFORE, recorded(values=[0.8] * 8 + [0.7] * 11 + [0.1]), TEXTS)
    assert (fall.collection, fall.measure) == ("harbour", "nDCG@10")
    assert fall.difference.interval.mean == pytest.approx(-0.09)
    assert len(fall.queries) == 12
    assert fall.queries[0] == "q19 0.800 -> 0.100  question q19"


@pytest.mark.parametrize(
    "values",
    [
        [0.8] * 20,
        [0.9] * 20,
        [0.0] + [0.8] * 19,  # one query alone proves nothing
        [0.7, 0.9] * 10,
    ],
)
def test_what_luck_explains_is_no_fall(values: list[float]) -> None:
    assert list(falls(BEFORE, recorded(values=values), TEXTS)) == []


def test_queries_that_were_judged_anew_are_not_compared() -> None:
    assert list(falls(BEFORE, recorded(values=[0.1] * 20, judged="anew"), TEXTS)) == []


def test_a_query_is_judged_anew_when_its_text_or_a_judgement_changes() -> None:
    judgement = Judgement(query="q", document="a.pdf", grade=2)
    topic = Topic(id="q", text="gates")
    before = Collection(name="one", topics=(topic,), judgements=(judgement,))
    changed = (
        replace(before, topics=(replace(topic, text="the gates"),)),
        replace(before, judgements=(replace(judgement, grade=3),)),
        replace(before, judgements=(judgement, replace(judgement, document="b.pdf"))),
    )
    assert judged_as(replace(before, name="two"), "q") == judged_as(before, "q")
    assert all(judged_as(each, "q") != judged_as(before, "q") for each in changed)


def test_what_is_recorded_is_read_back(tmp_path: Path) -> None:
    assert baseline.read(tmp_path) == ()
    baseline.write([BEFORE], tmp_path)
    assert baseline.read(tmp_path) == (BEFORE,)


@pytest.fixture
def subject(harbour: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Subject:
    """A collection over the harbour's documents, with a baseline of its own."""

    def opened(subject: Subject, *, embedder: Embedder | None) -> Casebook:
        return Casebook(harbour, embedder=ToyEmbedder(), engine=EdgeEngine())

    kept: list[Recorded] = []
    collection = Collection(
        name="harbour",
        topics=tuple(Topic(id=query, text="plan for a flood") for query in QUERIES),
        judgements=tuple(Judgement(query=query, document=GATES, grade=3) for query in QUERIES),
    )
    made = Subject(name="harbour", collection=collection, documents="harbour")
    monkeypatch.setattr(gate, "opened", opened)
    monkeypatch.setattr(gate, "subjects", lambda: iter([made]))
    monkeypatch.setattr(baseline, "read", lambda: tuple(kept))
    monkeypatch.setattr(baseline, "write", kept.extend)
    return made


def test_a_search_that_was_never_recorded_fails(subject: Subject) -> None:
    (fault,) = gate.check()
    assert "never recorded" in fault


def test_the_search_as_recorded_passes_and_a_worse_one_fails(subject: Subject) -> None:
    (now,) = gate.record()
    assert set(now.means) == {"hybrid", "dense", "lexical", "rrf"}
    baseline.write([now])
    assert gate.check() == []
    better = {
        query: replace(kept, values={name: value + 0.2 for name, value in kept.values.items()})
        for query, kept in now.by_query.items()
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(baseline, "read", lambda: (replace(now, by_query=better),))
        faults = gate.check()
    assert any("nDCG@10 fell by 0.200" in fault for fault in faults)
    assert sum("plan for a flood" in fault for fault in faults) == 2 * len(QUERIES)


def test_what_was_recorded_and_is_not_here_is_said_to_be_skipped(
    subject: Subject, capsys: pytest.CaptureFixture[str]
) -> None:
    (now,) = gate.record()
    baseline.write([now, replace(now, collection="inquiries")])
    assert gate.check() == []
    said = capsys.readouterr().out
    assert "inquiries: SKIPPED" in said
    assert "harbour: SKIPPED" not in said


def test_goals_stand_beside_what_is_recorded(subject: Subject) -> None:
    kept = gate.record()
    assert "Not measured" in runs_table()
    baseline.write(kept)
    worth = [replace(kept[0], means={"hybrid": {"nDCG@10": Interval(mean=1, low=1, high=1)}})]
    figures = {figure.what: figure.value for figure in retrieval_result(kept, worth).figures}
    mean = kept[0].means["hybrid"]["nDCG@10"].mean
    assert figures["nDCG@10, harbour"] == pytest.approx(mean, abs=0.001)
    lost = figures["nDCG@10 lost by the embedder's int8 weights, harbour"]
    assert lost == pytest.approx(1 - mean, abs=0.001)
    assert f"| harbour | hybrid | {mean:.3f} (" in runs_table()
    assert "20 of 20 queries judged on 20 places; toy, 5 passages." in runs_table()
