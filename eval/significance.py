"""Whether two configurations differ over the same queries, or only by the luck of the queries."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 10_000
_SEED = 7
_AT_ONCE = 1_000_000
"""Numbers drawn at one time, so that memory stays small over many queries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A mean with its 95% interval, that of a bootstrap unless said otherwise."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The mean paired difference, and how often chance alone gives one as large."""

    interval: Interval
    p: float
    """Two-sided, of a permutation test: the sign of each query's difference at random."""

    @property
    def is_loss(self) -> bool:
        return self.interval.high < 0


def interval(values: Sequence[float]) -> Interval:
    """Of at least one value."""
    sample = np.asarray(values, dtype=np.float64)
    rng = np.random.default_rng(_SEED)
    means = np.concatenate(
        [
            sample[rng.integers(len(sample), size=(draws, len(sample)))].mean(axis=1)
            for draws in _portions(len(sample))
        ]
    )
    low, high = np.percentile(means, [2.5, 97.5]).tolist()
    return Interval(mean=float(sample.mean()), low=low, high=high)


def difference(values: Sequence[float], baseline: Sequence[float]) -> Difference:
    """Of values that belong to the same queries in the same order."""
    paired = np.subtract(values, baseline)
    return Difference(interval=interval(paired.tolist()), p=_permutation(paired))


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95% interval of a share (Wilson 1927)."""
    z, share = 1.959964, count / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """The same, corrected for there being several (Holm 1979): never smaller, at most 1."""
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for place, at in enumerate(sorted(range(len(p_values)), key=lambda n: p_values[n])):
        highest = max(highest, (len(p_values) - place) * p_values[at])
        adjusted[at] = min(1.0, highest)
    return tuple(adjusted)


def _permutation(paired: NDArray[np.float64]) -> float:
    rng = np.random.default_rng(_SEED)
    # A sum taken in another order may differ in its last digit.
    least = abs(float(paired.sum())) - 1e-9
    as_large = sum(
        int((np.abs(rng.choice([-1.0, 1.0], size=(draws, len(paired))) @ paired) >= least).sum())
        for draws in _portions(len(paired))
    )
    return (as_large + 1) / (DRAWS + 1)


def _portions(queries: int) -> Iterator[int]:
    """Draws to be made at one time, all in all `DRAWS`."""
    most = max(1, _AT_ONCE // queries)
    for done in range(0, DRAWS, most):
        yield min(most, DRAWS - done)
