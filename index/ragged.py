"""Rows of bytes for each passage, of which some have more than others."""

import numpy as np
from numpy.typing import NDArray

from index.embedder import Vectors

_FINENESS = 127
_UNSHARED = 2**18
"""Multiplications up to which OpenBLAS keeps a product of matrices in one thread."""

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
    numbers = rows.astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", numbers, numbers))
    return np.asarray(_products(numbers, vectors) / lengths[:, None], dtype=np.float32)


def _products(numbers: Vectors, vectors: Vectors) -> Vectors:
    """Of each row with each vector.

    BLAS shares a larger product among threads, which then wait for one another, on a busy machine
    for many times as long as the product takes; einsum takes twice as long as stretches by BLAS.
    """
    if len(vectors) == 1:  # which BLAS shares far sooner
        return np.asarray(np.einsum("ij,j->i", numbers, vectors[0])[:, None], dtype=np.float32)
    step = max(1, _UNSHARED // max(1, vectors.size))
    starts = range(0, len(numbers), step)
    none = np.empty((0, len(vectors)), dtype=np.float32)
    return np.concatenate([none, *(numbers[at : at + step] @ vectors.T for at in starts)])
