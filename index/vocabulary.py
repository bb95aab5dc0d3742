"""How many passages hold each word: what a word is worth, and what no passage has at all."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

MOST_WORTH = 8.0
"""What a word of a query counts for at most, about as much as one that none of 1,500 passages
has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The words of one index, by the ids that its sparse vectors give them."""

    table: NDArray[np.int64]
    """Word ids, which ascend, and how many passages hold each; shape (2, words)."""
    passages: int

    @classmethod
    def of(cls, held: Iterable[Iterable[int]]) -> Self:
        """Of passages, each with the ids of its words, every id once."""
        counts: Counter[int] = Counter()
        passages = 0
        for ids in held:
            counts.update(ids)
            passages += 1
        table = np.array(sorted(counts.items()), dtype=np.int64).reshape(-1, 2).T
        return cls(table=np.ascontiguousarray(table), passages=passages)

    def count(self, word: int) -> int:
        """How many passages hold the word of this id."""
        ids, counts = self.table
        at = int(ids.searchsorted(word))
        return int(counts[at]) if at < len(ids) and ids[at] == word else 0

    def worth(self, word: int) -> float:
        """Its inverse document frequency, as the engine counts it: most if no passage has it."""
        count = self.count(word)
        return math.log(1 + (self.passages - count + 0.5) / (count + 0.5))
