"""A passage's vector says a little of what those around it say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.context import NOBODY, contextual, neighbours

AXES = np.eye(4, dtype=np.float32)
ALONE = np.full((4, 2), NOBODY, dtype=np.int64)


def test_the_ends_of_a_document_have_nobody_beyond_them() -> None:
    found = neighbours([[2, 0], [1, 3]])
    assert found[[2, 0]].tolist() == [[NOBODY, 0], [2, NOBODY]]
    assert found[[1, 3]].tolist() == [[NOBODY, 3], [1, NOBODY]]


def test_a_passage_alone_in_its_section_and_document_keeps_its_vector() -> None:
    assert contextual(AXES, sections=[0, 1, 2, 3], neighbours=ALONE) == pytest.approx(AXES)


def test_a_passage_leans_towards_its_section_and_its_neighbours_only() -> None:
    around = neighbours([[0, 1], [2], [3]])
    first = contextual(AXES, sections=[0, 1, 0, 2], neighbours=around)[0]
    assert first[0] > first[2] > 0
    assert first[0] > first[1] > 0
    assert first[3] == 0


@given(st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_every_vector_has_length_one(rows: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(rows, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    sections: NDArray[np.int64] = random.integers(0, 3, rows)
    mixed = contextual(
        vectors, sections=sections.tolist(), neighbours=neighbours([list(range(rows))])
    )
    assert np.linalg.norm(mixed, axis=1) == pytest.approx(np.ones(rows), abs=1e-5)


def test_no_passages_have_no_context() -> None:
    empty = np.empty((0, 8), dtype=np.float32)
    assert contextual(empty, sections=[], neighbours=neighbours([])).shape == (0, 8)
