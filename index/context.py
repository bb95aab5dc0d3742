"""Passages in their context: what one is about, those around it say too.

Measured on 56 judged questions over three inquiries (1,520 passages), against vectors of the
passages alone: recall at 20 .649 for .630, nDCG@10 .504 for .504; with each part alone, less.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.embedder import Vectors

SECTION = 0.5
"""Share of the mean of its section, to 1 of the passage's own vector."""
NEIGHBOURS = 0.3
"""Share of the mean of the passages just before and after it."""

NOBODY = -1


def contextual(
    vectors: Vectors, *, sections: Sequence[int], neighbours: NDArray[np.int64]
) -> Vectors:
    """A unit vector of each passage in its context.

    `sections` names the section of each row; `neighbours` is of shape (rows, 2).
    """
    section = _unit(_section_sums(vectors, np.asarray(sections, dtype=np.int64)))
    around = _unit(_neighbour_sums(vectors, neighbours))
    return _unit(vectors + SECTION * section + NEIGHBOURS * around)


def neighbours(order: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """The rows before and after each row, NOBODY at a document's ends; shape (rows, 2).

    `order` gives the rows of each document in reading order.
    """
    found = np.full((sum(map(len, order)), 2), NOBODY, dtype=np.int64)
    for rows in order:
        for before, after in pairwise(rows):
            found[before, 1] = after
            found[after, 0] = before
    return found


def _section_sums(vectors: Vectors, sections: NDArray[np.int64]) -> Vectors:
    sums = np.zeros((int(sections.max(initial=-1)) + 1, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, sections, vectors)
    gathered: Vectors = sums[sections]
    return gathered


def _neighbour_sums(vectors: Vectors, neighbours: NDArray[np.int64]) -> Vectors:
    # NOBODY, the last row of these, adds nothing.
    padded = np.vstack([vectors, np.zeros((1, vectors.shape[1]), dtype=np.float32)])
    sums: Vectors = padded[neighbours[:, 0]] + padded[neighbours[:, 1]]
    return sums


def _unit(vectors: NDArray[np.floating]) -> Vectors:
    """Rows of length 1; those of length 0 stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = vectors / np.where(lengths > 0, lengths, 1)
    return unit.astype(np.float32, copy=False)
