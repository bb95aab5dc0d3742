"""Measures of one ranking, under short names; `FOOTNOTE` says what is particular about two.

A reader who looks at k results reads at most k times `BUDGET` characters: at every cut-off a
ranking ends where its passages together pass that, so that long passages cannot win by being long.
Gain is 2^grade - 1, discounted by log2(rank + 1), which ir-measures calls nDCG(dcg='exp-log2');
its plain nDCG gains the grade itself. The ideal ranking has the k best places, one a rank. The
other measures know relevant places, of a grade not below `relevant`, and no others.
"""

import math
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import accumulate
from typing import Protocol

from eval.collection import RELEVANT
from eval.crediting import Step

BUDGET = 1_100
"""Characters read for each result."""
DEPTH = 100
"""Results that are measured at most."""

FOOTNOTE = (
    "The gain in nDCG@10 is 2^grade - 1, as in ir-measures' nDCG(dcg='exp-log2')@10; in its plain "
    "nDCG@10 it is the grade. Judged@10 counts a passage that holds a judged place, relevant or "
    "not, or half of which lies in such places."
)
"""What a reader of the figures has to know to compare them with another tool's."""

Steps = Sequence[Step]
Grades = Sequence[int]
"""Those of all places judged relevant or marginal, found or not."""


class Measure(Protocol):
    """From 0 to 1, or None where it means nothing of this query."""

    def __call__(
        self, steps: Steps, grades: Grades, *, relevant: int = RELEVANT
    ) -> float | None: ...


def affordable(steps: Steps, k: int) -> Steps:
    """The first k, as far as k times `BUDGET` characters reach."""
    read = accumulate(step.length for step in steps[:k])
    return steps[: sum(length <= k * BUDGET for length in read)]


def ndcg(steps: Steps, grades: Grades, *, k: int, relevant: int = RELEVANT) -> float | None:
    best = sorted(grades, reverse=True)[:k]
    if not best:
        return None
    return _discounted([step.gain for step in affordable(steps, k)]) / _discounted(best)


def recall(steps: Steps, grades: Grades, *, k: int, relevant: int = RELEVANT) -> float | None:
    """Share of the relevant places credited within k."""
    if not (wanted := _count(grades, relevant)):
        return None
    return sum(_count(step.earned, relevant) for step in affordable(steps, k)) / wanted


def reciprocal_rank(
    steps: Steps, grades: Grades, *, k: int, relevant: int = RELEVANT
) -> float | None:
    """Of the first passage that earns a relevant place; 0 where none does."""
    if not _count(grades, relevant):
        return None
    ranks = enumerate(affordable(steps, k), start=1)
    return next((1 / rank for rank, step in ranks if step.gain >= relevant), 0.0)


def average_precision(
    steps: Steps, grades: Grades, *, k: int = DEPTH, relevant: int = RELEVANT
) -> float | None:
    """Mean over the relevant places of the precision where each is credited, 0 if nowhere."""
    if not (wanted := _count(grades, relevant)):
        return None
    shown = affordable(steps, k)
    found = accumulate(int(step.gain >= relevant) for step in shown)
    precisions = (
        _count(step.earned, relevant) * right / rank
        for rank, (step, right) in enumerate(zip(shown, found, strict=True), start=1)
    )
    return sum(precisions) / wanted


def judged(steps: Steps, grades: Grades, *, k: int, relevant: int = RELEVANT) -> float | None:
    """Share of the first k results that hold a judged place, or half of which lies in such places.

    A long passage with one short judged place counts, then, though little of it was read.
    """
    return sum(step.judged for step in affordable(steps, k)) / k


MEASURES: Mapping[str, Measure] = {
    "nDCG@10": partial(ndcg, k=10),
    "R@20": partial(recall, k=20),
    "R@100": partial(recall, k=100),
    "RR@10": partial(reciprocal_rank, k=10),
    "AP": average_precision,
    "Judged@10": partial(judged, k=10),
}


def _count(grades: Grades, relevant: int) -> int:
    return sum(grade >= relevant for grade in grades)


def _discounted(gains: Sequence[int]) -> float:
    return math.fsum(
        (2**gain - 1) / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1)
    )
