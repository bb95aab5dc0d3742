"""What each word of a passage means where it stands, for late interaction: each word of a query
looks for the word of the passage that is nearest in meaning (Khattab and Zaharia, ColBERT, 2020).

A passage's one vector says what it is about, and loses which of many things was asked. The words
are those that BM25 knows, of the header too; each is the mean of its tokens in the reading that
gives the passage its vector, so that a build embeds nothing twice. They are kept in a quarter
of their dimensions, as bytes: some eight kilobytes a passage.
"""

from dataclasses import dataclass
from functools import cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.embedder import Vectors
from index.lexical import words
from index.ragged import as_bytes, best_of_each, cosines, places
from ingest.model import Span

MOST_DIMENSIONS = 96


def word_spans(text: str) -> list[Span]:
    """Where the words stand whose meanings are kept."""
    return [Span(start, end) for _, start, end in words(text)]


def kept_dimensions(dimension: int) -> int:
    """In how many of its dimensions the words of an embedder are kept."""
    return min(MOST_DIMENSIONS, dimension)


def reduced(vectors: Vectors) -> Vectors:
    """Unit vectors in the dimensions in which words are kept; what has no length stays so.

    Each is a sum of neighbouring numbers under signs drawn by lot once for all, so that angles stay
    much as they were and vectors of any two builds compare (Weinberger and others, Feature Hashing
    for Large Scale Multitask Learning, 2009).
    """
    width = vectors.shape[1]
    kept = kept_dimensions(width)
    starts = np.arange(kept) * width // kept
    summed = np.add.reduceat(vectors * _signs(width), starts, axis=1)
    lengths = np.linalg.norm(summed, axis=1, keepdims=True)
    return np.asarray(summed / np.where(lengths > 0, lengths, 1), dtype=np.float32)


@cache
def _signs(width: int) -> Vectors:
    # Of NumPy's generators only the old one promises the same numbers in every version.
    lot = np.random.RandomState(0)
    return np.asarray(lot.choice((-1.0, 1.0), width), dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageWords:
    """The words of one passage, in their order; those that were not read left out."""

    vectors: NDArray[np.int8]
    """One row for each, of which the direction counts and not the length."""

    @classmethod
    def of(cls, vectors: Vectors) -> Self:
        """A vector of length 0 says that its word was not read."""
        kept = reduced(vectors)
        return cls(vectors=as_bytes(kept[kept.any(axis=1)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class WordVectors:
    """The words of all passages, one row after the other."""

    vectors: NDArray[np.int8]
    offsets: NDArray[np.int64]
    """Where the words of each row of the passages begin, and at last where they end."""

    def passage(self, row: int) -> PassageWords:
        here = slice(int(self.offsets[row]), int(self.offsets[row + 1]))
        return PassageWords(vectors=self.vectors[here])

    def nearest(self, rows: NDArray[np.int64], asked: Vectors) -> NDArray[np.float32]:
        """For each row, the cosine of its nearest word to each of the words asked for; NaN where
        none of its words was read. Those asked for are unit vectors, reduced."""
        at, ends = places(self.offsets, rows)
        return best_of_each(cosines(self.vectors[at], asked), ends)
