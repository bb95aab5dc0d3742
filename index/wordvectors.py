"""What each word of a passage means where it stands, for late interaction: each word of a query
looks for the word of the passage that is nearest in meaning (Khattab and Zaharia, ColBERT, 2020).

A passage's one vector says what it is about, and loses which of many things was asked. The words
are those that BM25 knows, of the header too; each is the mean of its tokens in the reading that
gives the passage its vector, so that a build embeds nothing twice. They are kept in a quarter
of their dimensions, as bytes: some seven kilobytes a passage.
"""

from collections.abc import Iterable
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


def reduced(vectors: Vectors) -> Vectors:
    """The vectors in the dimensions in which they are kept."""
    return np.asarray(vectors @ _basis(vectors.shape[1]), dtype=np.float32)


@cache
def _basis(dimension: int) -> Vectors:
    """Orthonormal columns: cosines of evenly spaced frequencies, which no machine rounds to others.

    They know nothing of any corpus, so that vectors of two builds compare.
    """
    kept = min(MOST_DIMENSIONS, dimension)
    frequency = np.arange(kept) * dimension // kept
    angle = np.pi / dimension * np.outer(np.arange(dimension) + 0.5, frequency)
    columns = np.cos(angle)
    return np.asarray(columns / np.linalg.norm(columns, axis=0), dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageWords:
    """The words of one passage, in their order; those that were not read left out."""

    vectors: NDArray[np.int8]
    """One row for each, of which the direction counts and not the length."""

    @classmethod
    def of(cls, vectors: Vectors) -> Self:
        """A vector of length 0 says that its word was not read."""
        return cls(vectors=as_bytes(reduced(vectors[vectors.any(axis=1)])))


@dataclass(frozen=True, slots=True, kw_only=True)
class WordVectors:
    """The words of all passages, one row after the other."""

    vectors: NDArray[np.int8]
    offsets: NDArray[np.int64]
    """Where the words of each row of the passages begin, and at last where they end."""

    @classmethod
    def of(cls, passages: Iterable[PassageWords], *, dimension: int) -> Self:
        """Of passages in the order of their rows; `dimension` is the embedder's."""
        each = [found.vectors for found in passages]
        none = np.zeros((0, min(MOST_DIMENSIONS, dimension)), dtype=np.int8)
        return cls(
            vectors=np.concatenate([none, *each]),
            offsets=np.cumsum([0, *map(len, each)], dtype=np.int64),
        )

    def passage(self, row: int) -> PassageWords:
        here = slice(int(self.offsets[row]), int(self.offsets[row + 1]))
        return PassageWords(vectors=self.vectors[here])

    def nearest(self, rows: NDArray[np.int64], asked: Vectors) -> NDArray[np.float32]:
        """For each row, the cosine of its nearest word to each of the words asked for; NaN where
        none of its words was read. Those asked for are unit vectors, reduced."""
        at, ends = places(self.offsets, rows)
        return best_of_each(cosines(self.vectors[at], asked), ends)
