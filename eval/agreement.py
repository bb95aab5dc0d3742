"""How far two readers agree, beyond chance."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

SECOND_READING = "second-reading.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Regraded:
    """A paragraph judged twice for one question; 0 where a reader finds it of no help."""

    query_id: str
    paragraph: str
    first: int
    second: int


def second_reading(corpus: Path) -> tuple[Regraded, ...]:
    """Of pairs drawn by seed from those judged and those that three systems found besides."""
    lines = (corpus / SECOND_READING).read_text(encoding="utf-8").splitlines()
    return tuple(TypeAdapter(Regraded).validate_python(json.loads(line)) for line in lines)


def kappa(first: Sequence[int], second: Sequence[int], *, quadratic: bool = False) -> float:
    """Cohen's kappa, -1 to 1; with squared distance as weight (Cohen, 1968) where `quadratic`.

    1 where neither reader ever differs from the other, or from himself.
    """

    def distance(one: int, other: int) -> int:
        return (one - other) ** 2 if quadratic else int(one != other)

    of_first, of_second = Counter(first), Counter(second)
    observed = sum(map(distance, first, second)) * len(first)
    expected = sum(
        distance(one, other) * of_first[one] * of_second[other]
        for one in of_first
        for other in of_second
    )
    return 1 - observed / expected if expected else 1.0


def coincidences(yes: int, readers: int) -> NDArray[np.float64]:
    """What one unit adds to the pairs of yes and yes, yes and no, no and no."""
    if readers < 2:
        return np.zeros(3)
    no = readers - yes
    return np.array([yes * (yes - 1), yes * no, no * (no - 1)]) / (readers - 1)


def alphas(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Krippendorff's alpha of yes and no, at most 1, of each row of summed coincidences.

    Not a number where nothing was judged twice or all judged the same (Krippendorff 2011,
    "Computing Krippendorff's alpha-reliability").
    """
    both, apart, neither = counts.T
    yes, no = both + apart, neither + apart
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(yes * no > 0, 1 - (yes + no - 1) * apart / (yes * no), np.nan)


def kappas(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cohen's kappa of each row of counts: both yes, first alone, second alone, neither.

    Not a number where neither reader ever differs from the other, or from himself.
    """
    both, first, second, neither = counts.T
    units = counts.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = (both + neither) / units
        expected = (
            (both + first) * (both + second) + (neither + first) * (neither + second)
        ) / units**2
        return np.where(expected < 1, (observed - expected) / (1 - expected), np.nan)
