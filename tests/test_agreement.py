"""Agreement is counted beyond chance, and the second reading is of the judgements that are here."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.agreement import kappa, second_reading
from eval.judgements import judged_queries

CORPUS = Path(__file__).parent.parent / "corpora" / "casey"
GRADES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1)


def test_kappa_is_that_of_the_textbook() -> None:
    # Two raters, 50 cases: 20 both yes, 15 both no, 5 and 10 apart. Observed .7, by chance .5.
    first = [1] * 25 + [0] * 25
    second = [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15
    assert kappa(first, second) == pytest.approx(0.4)


def test_near_misses_cost_less_where_distance_is_squared() -> None:
    assert kappa([0, 1, 2, 3], [1, 1, 2, 3], quadratic=True) > kappa([0, 1, 2, 3], [1, 1, 2, 3])


@given(GRADES)
def test_the_order_of_readers_makes_no_difference_and_nobody_agrees_more_than_fully(
    pairs: list[tuple[int, int]],
) -> None:
    first, second = [list(each) for each in zip(*pairs, strict=True)]
    for quadratic in (False, True):
        agreed = kappa(first, second, quadratic=quadratic)
        assert agreed == pytest.approx(kappa(second, first, quadratic=quadratic))
        assert agreed <= 1
        assert kappa(first, first, quadratic=quadratic) == 1


def test_the_second_reading_is_of_the_judgements_that_are_here() -> None:
    judged = {
        (query.id, place): grade
        for query in judged_queries(CORPUS)
        for grade, place in query.graded
    }
    pairs = second_reading(CORPUS)
    assert len(pairs) == len({(pair.query_id, pair.paragraph) for pair in pairs}) == 250
    for pair in pairs:
        assert pair.first == judged.get((pair.query_id, pair.paragraph), 0), pair
