"""What the index knows of words, for the joins between documents."""

from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np

from index.embedder import Embedder, Vectors
from index.generation import Rows
from index.lexical import words


class IndexedSemantics:
    """Vectors of passages as the generation holds them; the embedder is asked for the rest."""

    def __init__(self, embedder: Embedder, vectors: Mapping[str, Vectors]) -> None:
        self._embedder = embedder
        self._vectors = vectors

    @classmethod
    def of(
        cls, rows: Rows, vectors: Vectors, order: Mapping[str, Sequence[str]], embedder: Embedder
    ) -> Self:
        """From a generation's rows; `order` gives each document's passages in reading order."""
        row = {passage: at for at, passage in enumerate(rows.passages)}
        return cls(
            embedder,
            {
                document: vectors[[row[passage] for passage in passages]]
                for document, passages in order.items()
            },
        )

    def passages(self, document: str) -> Vectors:
        return self._vectors[document]

    def words(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self._embedder.dimension), dtype=np.float32)
        return np.array([self._embedder.query(text) for text in texts], dtype=np.float32)

    def stems(self, text: str) -> Sequence[str]:
        return [stem for stem, _, _ in words(text)]
