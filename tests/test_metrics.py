"""Measures: the same as ir-measures where both apply, and within their bounds."""

import shutil

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.crediting import Step
from eval.metrics import BUDGET, DEPTH, MEASURES, affordable, recall

GRADES = st.integers(min_value=1, max_value=3)


def step(*earned: int, length: int = 500) -> Step:
    return Step(earned=earned, met=bool(earned), judged=bool(earned), length=length)


@st.composite
def rankings(draw: st.DrawFn) -> tuple[list[Step], list[int]]:
    """Some of the places, spread over some of the ranks, in any order."""
    grades = draw(st.lists(GRADES, min_size=1, max_size=15))
    found = draw(st.permutations(grades))[: draw(st.integers(0, len(grades)))]
    ranks = draw(st.integers(1, 30))
    at = [draw(st.integers(0, ranks - 1)) for _ in found]
    steps = [
        step(*(grade for grade, rank in zip(found, at, strict=True) if rank == n))
        for n in range(ranks)
    ]
    return steps, grades


@given(rankings())
def test_every_measure_lies_between_nought_and_one(ranking: tuple[list[Step], list[int]]) -> None:
    for name, measure in MEASURES.items():
        value = measure(*ranking)
        assert value is None or -1e-9 <= value <= 1 + 1e-9, name


@given(rankings())
def test_recall_never_falls_with_depth(ranking: tuple[list[Step], list[int]]) -> None:
    values = [recall(*ranking, k=k) for k in range(1, DEPTH)]
    known = [value for value in values if value is not None]
    assert known == sorted(known)


@given(
    ranking=st.lists(st.integers(min_value=0, max_value=3), min_size=1, max_size=30),
    missed=st.lists(GRADES, max_size=5),
)
def test_measures_are_those_of_ir_measures_where_each_place_is_a_passage(
    ranking: list[int], missed: list[int]
) -> None:
    grades = [grade for grade in ranking if grade] + missed
    if not any(grade >= 2 for grade in grades):
        return
    steps = [step(*[grade] * bool(grade)) for grade in ranking]
    qrels = [
        ir_measures.Qrel("q", str(n), grade) for n, grade in enumerate([*ranking, *missed]) if grade
    ]
    run = [ir_measures.ScoredDoc("q", str(n), -float(n)) for n in range(len(ranking))]
    for name, standard in (
        ("R@20", "R(rel=2)@20"),
        ("R@100", "R(rel=2)@100"),
        ("RR@10", "RR(rel=2)@10"),
        ("AP", "AP(rel=2)@100"),
    ):
        measure = ir_measures.parse_measure(standard)
        expected = measure.calc_aggregate(qrels, run)  # pyright: ignore[reportUnknownMemberType]
        assert MEASURES[name](steps, grades) == pytest.approx(expected), name


@pytest.mark.skipif(shutil.which("perl") is None, reason="ir-measures asks a script in Perl")
@pytest.mark.parametrize(
    ("ranking", "missed"),
    [([1, 3], []), ([0, 2, 0, 3, 1, 1], [3, 2]), ([3] * 4 + [0] * 8 + [2], [1] * 9)],
)
def test_ndcg_is_that_of_ir_measures_by_its_full_name_and_not_by_its_short_one(
    ranking: list[int], missed: list[int]
) -> None:
    grades = [grade for grade in ranking if grade] + missed
    steps = [step(*[grade] * bool(grade)) for grade in ranking]
    qrels = [ir_measures.Qrel("1", str(n), grade) for n, grade in enumerate([*ranking, *missed])]
    run = [ir_measures.ScoredDoc("1", str(n), -float(n)) for n in range(len(ranking))]

    def theirs(name: str) -> float:
        measure = ir_measures.parse_measure(name)
        return measure.calc_aggregate(qrels, run)  # pyright: ignore[reportUnknownMemberType]

    ours = MEASURES["nDCG@10"](steps, grades)
    assert ours == pytest.approx(theirs("nDCG(dcg='exp-log2')@10"), abs=0.00001)
    assert ours != pytest.approx(theirs("nDCG@10"), abs=0.001)


def test_a_ranking_ends_where_the_reader_has_read_enough() -> None:
    steps = [step(3, length=4 * BUDGET), step(3, length=7 * BUDGET)]
    assert affordable(steps, 10) == steps[:1]
    assert MEASURES["R@20"](steps, [3, 3]) == 1
    assert MEASURES["nDCG@10"](steps, [3, 3]) == pytest.approx(1 / (1 + 1 / 1.584962500721156))


def test_a_query_that_finds_nothing_counts_as_nought() -> None:
    assert {name: MEASURES[name]([], [2, 1]) for name in MEASURES} == dict.fromkeys(MEASURES, 0.0)


def test_recall_means_nothing_of_a_query_with_marginal_places_only() -> None:
    assert MEASURES["R@20"]([step(1)], [1]) is None
    assert MEASURES["nDCG@10"]([step(1)], [1]) == 1


def test_a_collection_of_two_grades_has_its_own_word_for_relevant() -> None:
    assert MEASURES["R@20"]([step(1)], [1, 1], relevant=1) == 0.5
    assert MEASURES["RR@10"]([step(), step(1)], [1], relevant=1) == 0.5
    assert MEASURES["AP"]([step(), step(1)], [1], relevant=1) == 0.5


def test_two_places_in_one_passage_earn_the_higher_gain_and_both_recalls() -> None:
    assert MEASURES["R@20"]([step(2, 3)], [2, 3]) == 1
    assert MEASURES["nDCG@10"]([step(2, 3)], [3, 2]) == pytest.approx(
        7 / (7 + 3 / 1.584962500721156)
    )
