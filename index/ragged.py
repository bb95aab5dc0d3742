"""Rows of bytes for each passage, of which some have more than others."""

import numpy as np
from numpy.typing import NDArray

from index.embedder import Vectors

_FINENESS = 127

Places = NDArray[np.int64]


def as_bytes(vectors: Vectors) -> NDArray[np.int8]:
    """Each vector's direction; its length is lost. None may have a length of 0."""
    largest = np.abs(vectors).max(axis=1, initial=0, keepdims=True)
    return np.asarray(np.rint(vectors * (_FINENESS / largest)), dtype=np.int8)


def places(offsets: Places, rows: Places) -> tuple[Places, Places]:
    """Where what belongs to those rows is, row after row, and how many up to each row."""
    starts = offsets[rows]
    counts = offsets[rows + 1] - starts
    ends = np.cumsum(counts)
    at: Places = np.repeat(starts - (ends - counts), counts)
    return at + np.arange(len(at)), ends


def best_of_each(numbers: NDArray[np.float32], ends: Places) -> NDArray[np.float32]:
    """The most of each row's numbers, column by column; NaN where it has none."""
    begins = np.append(0, ends[:-1])
    best = np.full((len(ends), *numbers.shape[1:]), np.nan, dtype=np.float32)
    read = ends > begins
    if read.any():
        best[read] = np.maximum.reduceat(numbers, begins[read], axis=0)
    return best


def cosines(rows: NDArray[np.int8], vectors: Vectors) -> NDArray[np.float32]:
    """Of each row to each of the unit vectors; shape (rows, vectors)."""
    # Not by BLAS, which shares so small a product among threads that wait for one another.
    numbers = rows.astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", numbers, numbers))
    return np.asarray(np.einsum("ij,kj->ik", numbers, vectors) / lengths[:, None], dtype=np.float32)
