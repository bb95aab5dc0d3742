"""Intervals and tests: what chance alone gives is not called a difference."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.significance import difference, holm, interval

P_VALUES = st.lists(st.floats(min_value=0, max_value=1), min_size=1, max_size=12)


def test_the_interval_is_that_of_the_normal_law_where_that_holds() -> None:
    values = np.random.default_rng(1).normal(0.5, 0.1, size=400)
    found = interval(values.tolist())
    margin = 1.96 * float(values.std()) / 20
    assert found.mean == pytest.approx(float(values.mean()))
    assert found.low == pytest.approx(found.mean - margin, abs=0.001)
    assert found.high == pytest.approx(found.mean + margin, abs=0.001)


def test_the_same_values_give_the_same_interval() -> None:
    assert interval([0.1, 0.7, 0.4]) == interval([0.1, 0.7, 0.4])


def test_a_configuration_does_not_differ_from_itself() -> None:
    found = difference([0.2, 0.5, 0.9], [0.2, 0.5, 0.9])
    assert (found.interval.low, found.interval.high, found.p) == (0, 0, 1)
    assert not found.is_loss


def test_a_fall_of_every_query_is_a_loss() -> None:
    before = [n / 40 for n in range(20, 40)]
    found = difference([value - 0.1 for value in before], before)
    assert found.is_loss
    assert found.p < 0.001


def test_noise_is_found_significant_as_seldom_as_promised() -> None:
    rng = np.random.default_rng(2)
    found = [
        difference(rng.normal(size=30).tolist(), rng.normal(size=30).tolist()).p < 0.05
        for _ in range(100)
    ]
    assert sum(found) <= 11  # of 100 at 5%; 12 or more come up once in 200 times


def test_holm_is_as_published() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))


@given(P_VALUES)
def test_a_correction_never_makes_anything_more_significant(p_values: list[float]) -> None:
    corrected = holm(p_values)
    assert all(p <= adjusted <= 1 for p, adjusted in zip(p_values, corrected, strict=True))


def test_many_queries_are_drawn_in_portions_that_make_up_the_whole() -> None:
    values = np.random.default_rng(3).random(size=3_000)
    found = interval(values.tolist())
    assert found.low < found.mean < found.high
    assert found.high - found.low == pytest.approx(4 * values.std() / 3_000**0.5, rel=0.1)
    assert difference((values + 0.01).tolist(), values.tolist()).p == pytest.approx(1e-4, abs=1e-6)
