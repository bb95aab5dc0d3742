"""Judged pairs of recommendation and passage, and weights fitted on them."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from eval import similar
from eval.similar import MOTIVATES, GoldPair, Shown, cut_off, gold
from ingest.recommendations.motives import Features


def test_the_gold_holds_places_and_grades_and_nothing_twice() -> None:
    pairs = gold()
    assert len({pair.pair for pair in pairs}) == len(pairs) >= 150
    assert len({pair.document for pair in pairs}) == 3
    assert {pair.grade for pair in pairs} == {0, 1, MOTIVATES}
    assert all(pair.grade == 0 for pair in pairs if pair.repeats)


def _shown(chance: float, grade: int | None) -> Shown:
    return Shown(
        pair=("report.pdf", "recommendation", "1", "0"), chance=chance, grade=grade, is_near=False
    )


def test_the_cut_is_the_lowest_above_which_enough_is_right() -> None:
    right = [_shown(0.9, 2)] * 6
    assert cut_off([*right, _shown(0.5, 2), _shown(0.4, 1)]) == similar.CUTS[0]
    assert 0.4 < cut_off([*right, *[_shown(0.4, 1)] * 2]) <= 0.425
    assert cut_off([_shown(0.9, 1)]) == 1.0


def test_what_nobody_judged_counts_as_wrong() -> None:
    assert cut_off([_shown(0.9, None)]) == 1.0


class _Inquiry(similar.Inquiry):
    """Only its examples."""

    def __init__(self, rows: Features, right: Sequence[bool]) -> None:
        self._rows, self._right = rows, right

    def examples(self) -> Iterator[tuple[Features, bool]]:
        yield from zip(self._rows, self._right, strict=True)


def test_a_fit_finds_which_way_each_feature_points() -> None:
    generator = np.random.default_rng(1)
    rows = generator.normal(size=(400, 2))
    right = rows[:, 0] - rows[:, 1] / 2 + 0.4 + generator.logistic(size=400) / 3 > 0
    first, second, intercept = similar.fit([_Inquiry(rows, right.tolist())])
    assert first > -second > 0.5
    assert intercept == pytest.approx(first * 0.4, rel=0.5)


def test_a_pair_is_named_by_what_anybody_can_compute() -> None:
    pair = GoldPair(
        document="report.pdf",
        kind="conclusion",
        number="2",
        page=3,
        letters=4,
        sha256="0",
        grade=1,
        first=1,
    )
    assert pair.pair == ("report.pdf", "conclusion", "2", "0")
