"""What is counted sentence by sentence, and how far the luck of the sentences may have moved it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from eval.results import Figure, share
from eval.significance import Interval, wilson

_RESAMPLES, _SEED = 1000, 20261126
_Sentence = TypeVar("_Sentence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many of how many, for each sentence."""

    counted: tuple[int, ...]
    among: tuple[int, ...]

    @classmethod
    def of(cls, each: Iterable[tuple[int, int]]) -> Self:
        """From how many of how many."""
        pairs = list(each)
        return cls(counted=tuple(c for c, _ in pairs), among=tuple(of for _, of in pairs))

    @classmethod
    def where(cls, holds: Callable[[_Sentence], bool], sentences: Iterable[_Sentence]) -> Self:
        """Of the sentences, those for which it holds."""
        return cls.of((int(holds(sentence)), 1) for sentence in sentences)

    @property
    def count(self) -> int:
        return sum(self.counted)

    @property
    def total(self) -> int:
        return sum(self.among)

    @property
    def ratio(self) -> float:
        """0 where there is nothing to count among."""
        return self.count / self.total if self.total else 0.0

    @property
    def interval(self) -> Interval:
        """The ratio with its 95% interval, a bootstrap over the sentences; the same each time.

        Where none or all are counted every draw is the same, so that the interval is Wilson's, of
        the sentences that have any.
        """
        if self.total and self.ratio in (0, 1):
            low, high = wilson(round(self.ratio) * self._with_any, self._with_any)
            return Interval(mean=self.ratio, low=low, high=high)
        return mean([self])

    @property
    def _with_any(self) -> int:
        return sum(of > 0 for of in self.among)


def mean(tallies: Sequence[Tally]) -> Interval:
    """Mean ratio of tallies of the same sentences, with its 95% interval: a bootstrap over the
    sentences, the same each time."""
    drawn = _drawn(len(tallies[0].among))
    ratios = [
        (drawn @ np.array(tally.counted)) / np.maximum(drawn @ np.array(tally.among), 1)
        for tally in tallies
    ]
    low, high = np.quantile(np.mean(ratios, axis=0), [0.025, 0.975]).tolist()
    value = float(np.mean([tally.ratio for tally in tallies]))
    return Interval(mean=value, low=low, high=high)


def together(tallies: Iterable[Tally]) -> Tally:
    """One tally of the sentences of all."""
    return Tally.of(
        pair for tally in tallies for pair in zip(tally.counted, tally.among, strict=True)
    )


def _drawn(sentences: int) -> NDArray[np.int64]:
    """How often each sentence was drawn, draw by draw."""
    random = np.random.default_rng(_SEED)
    drawn = random.integers(0, max(sentences, 1), (_RESAMPLES, sentences))
    places = drawn + sentences * np.arange(_RESAMPLES)[:, None]
    counts = np.bincount(places.ravel(), minlength=_RESAMPLES * sentences)
    return counts.reshape(_RESAMPLES, sentences)


def ratio_figure(what: str, tally: Tally) -> Figure:
    """The ratio with its interval."""
    return bounded(what, tally.interval)


def rate_figure(what: str, tally: Tally, *, at_most: float | None = None) -> Figure:
    """In percent, with how many."""
    rate = share(what, tally.count, tally.total)
    return replace(rate, at_most=at_most, interval=ends(tally.interval, times=100))


def bounded(what: str, interval: Interval) -> Figure:
    """The mean with its interval."""
    return Figure(what=what, value=round(interval.mean, 3), interval=ends(interval))


def ends(interval: Interval, *, times: float = 1) -> tuple[float, float]:
    """Of the interval, for a figure that is so many times its ratio."""
    digits = 3 if times == 1 else 2
    return round(times * interval.low, digits), round(times * interval.high, digits)
