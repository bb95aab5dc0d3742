"""More like these: a query moved towards passages that serve, and away from those that do not.

Rocchio's formula, over the vectors and over the words: Rocchio 1971, in Salton (ed.), The SMART
Retrieval System.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.embedder import Vector, Vectors
from index.lexical import SparseVector
from index.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """How far examples move a query.

    Measured by giving the best hit that serves as an example and judging the rest, over 103
    questions of which something is left: see `eval.experiments`.
    """

    towards: float = 1.0
    """Weight of the mean of the passages that serve, to 1 of the query."""
    away: float = 0.25
    """Of those that do not."""
    terms: int = 20
    """Words taken from the passages that serve."""
    term_weight: float = 1.0
    """Of each of those words on average, to 1 of each of the query's."""

    def moved(self, query: Vector | None, like: Vectors, unlike: Vectors) -> Vector:
        """A unit vector; the query's own where neither says anything."""
        sums = np.zeros(like.shape[1], dtype=np.float32) if query is None else query.copy()
        if len(like):
            sums += self.towards * like.mean(axis=0)
        if len(unlike):
            sums -= self.away * unlike.mean(axis=0)
        length = float(np.linalg.norm(sums))
        return sums / length if length else sums

    def widened(
        self, query: SparseVector, like: Sequence[SparseVector], vocabulary: Vocabulary
    ) -> SparseVector:
        """The query's words and those that tell most of the passages that serve."""
        told: defaultdict[int, float] = defaultdict(float)
        for vector in like:
            for word, weight in zip(vector.indices, vector.values, strict=True):
                told[word] += weight * vocabulary.worth(word)
        best = sorted(told.items(), key=lambda each: (-each[1], each[0]))[: self.terms]
        mean = sum(share for _, share in best) / len(best) if best else 1.0
        weights = dict(zip(query.indices, query.values, strict=True))
        for word, share in best:
            weights[word] = weights.get(word, 0.0) + self.term_weight * share / mean
        return SparseVector(indices=tuple(weights), values=tuple(weights.values()))
