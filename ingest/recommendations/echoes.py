"""Whether words say again, changed or not, what other words say: by their letters in small runs."""

from collections.abc import Sequence
from functools import cached_property

from ingest.recommendations.restatements import letters

RUN = 8
"""Letters in a row that two texts share where one follows the other, and seldom else."""


class Echo:
    """Some words, to be heard again in others."""

    def __init__(self, words: str) -> None:
        self._letters = letters(words)

    @cached_property
    def _runs(self) -> frozenset[str]:
        return frozenset(runs(self._letters))

    def share_of(self, words: str) -> float:
        """How much of the words' letters is taken from these, 0 to 1; 0 where they are few."""
        return _share(runs(letters(words)), self._runs)

    def share_in(self, words: str) -> float:
        """How much of these the words take up, 0 to 1."""
        return _share(runs(self._letters), frozenset(runs(letters(words))))


def runs(written: str) -> Sequence[str]:
    """Every run of letters, from each letter on."""
    return [written[at : at + RUN] for at in range(len(written) - RUN + 1)]


def _share(sought: Sequence[str], there: frozenset[str]) -> float:
    return sum(run in there for run in sought) / len(sought) if sought else 0.0
