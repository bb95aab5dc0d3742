"""What each sentence of a passage says: which of them is shown, and how likely one answers.

A passage answers where one of its sentences does. The vectors are of sentences in their passage:
the passage is embedded as it was, and what its tokens came to is averaged once more for each
sentence, so that a build embeds nothing twice. They are kept as bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.embedder import Vector, Vectors
from index.ragged import as_bytes, best_of_each, cosines, places
from ingest.model import Span
from ingest.sentences import sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageSentences:
    """The sentences of one passage."""

    spans: NDArray[np.int32]
    """Start and end of each in the passage; shape (sentences, 2)."""
    vectors: NDArray[np.int8]
    """One row for each, of which the direction counts and not the length."""

    @classmethod
    def of(cls, spans: Sequence[Span], vectors: Vectors) -> Self:
        """Those that were read; a vector of length 0 says that its sentence was not."""
        read = vectors.any(axis=1)
        return cls(
            spans=_table([(span.start, span.end) for span in spans])[read],
            vectors=as_bytes(vectors[read]),
        )

    def are_of(self, text: str) -> bool:
        """Whether the text is still cut into sentences as it was, as far as it was read."""
        found = {(span.start, span.end) for span in sentences(text)}
        return found.issuperset((start, end) for start, end in self.spans.tolist())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences:
    """The sentences of all passages, one row after the other."""

    spans: NDArray[np.int32]
    vectors: NDArray[np.int8]
    offsets: NDArray[np.int64]
    """Where the sentences of each row of the passages begin, and at last where they end."""

    def passage(self, row: int) -> PassageSentences:
        here = slice(int(self.offsets[row]), int(self.offsets[row + 1]))
        return PassageSentences(spans=self.spans[here], vectors=self.vectors[here])

    def best(self, rows: NDArray[np.int64], vector: Vector) -> NDArray[np.float32]:
        """The cosine of each row's sentence that is nearest; NaN where none was read."""
        at, ends = places(self.offsets, rows)
        return best_of_each(cosines(self.vectors[at], vector[None])[:, 0], ends)

    def cosines(self, rows: NDArray[np.int64], vector: Vector) -> list[Mapping[Span, float]]:
        """Of each row, the cosine of every sentence that was read."""
        at, ends = places(self.offsets, rows)
        spans = [Span(start, end) for start, end in self.spans[at].tolist()]
        found: list[float] = cosines(self.vectors[at], vector[None])[:, 0].tolist()
        each = list(zip(spans, found, strict=True))
        return [dict(each[start:end]) for start, end in pairwise((0, *ends.tolist()))]


def _table(spans: Sequence[tuple[int, int]]) -> NDArray[np.int32]:
    return np.array(spans, dtype=np.int32).reshape(-1, 2)
