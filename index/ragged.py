"""Rows of numbers for each passage, of which some have more than others."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, Generic, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from index.embedder import Vectors

_FINENESS = 127
_UNSHARED = 2**18
"""Multiplications up to which OpenBLAS keeps a product of matrices in one thread."""

Places = NDArray[np.int64]
_Number = TypeVar("_Number", bound=np.generic)


@contextmanager
def gathering(folder: Path, *, width: int, kind: type[_Number]) -> Generator["Gathering[_Number]"]:
    """Takes rows of so many numbers, as long as it is open; `folder` has room for them.

    They lie in a file without a name, of which the system keeps in memory what there is room for:
    the words of a million passages are eight gigabytes.
    """
    with TemporaryFile(dir=folder) as file:
        yield Gathering(cast("BinaryIO", file), width, kind)


class Gathering(Generic[_Number]):
    """Rows put down one passage after another, and had as one array at last."""

    def __init__(self, file: BinaryIO, width: int, kind: type[_Number]) -> None:
        self._file = file
        self._width = width
        self._kind = kind
        self._counts: list[int] = []

    def add(self, rows: NDArray[_Number]) -> None:
        """Raises ValueError where they are not such rows: those that follow would be shifted."""
        if rows.shape[1:] != (self._width,) or rows.dtype != self._kind:
            raise ValueError(
                f"rows of {rows.shape[1:]} {rows.dtype} among rows of {self._width} "
                f"{np.dtype(self._kind)}"
            )
        self._file.write(rows.tobytes())
        self._counts.append(len(rows))

    @property
    def offsets(self) -> Places:
        """Where what was put down each time begins, and at last where it ends."""
        return np.cumsum([0, *self._counts], dtype=np.int64)

    def whole(self) -> NDArray[_Number]:
        """All of them, read only; they stay when this is closed, for what is mapped does."""
        self._file.flush()
        shape = sum(self._counts), self._width
        if not shape[0]:  # an empty file cannot be mapped
            return np.zeros(shape, dtype=self._kind)
        return np.asarray(np.memmap(self._file, dtype=self._kind, mode="r", shape=shape))


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
