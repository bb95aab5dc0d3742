"""Embedders that hash words instead of running a model."""

from collections.abc import Sequence
from zlib import crc32

import numpy as np

from index.embedder import Parted, Vector, Vectors
from ingest.model import Span


class ToyEmbedder:
    """Unit vectors of hashed words: alike where words are shared, and the same on any machine."""

    name = "toy"
    weights_sha256 = "0" * 64
    dimension = 64
    max_tokens = 256

    def passages(self, texts: Sequence[str]) -> Vectors:
        return np.array([self.query(text) for text in texts], dtype=np.float32)

    def query(self, text: str) -> Vector:
        vector = np.full(self.dimension, 0.01, dtype=np.float32)
        for word in text.lower().split():
            vector[crc32(word.strip(".,()“”").encode()) % self.dimension] += 1
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)

    def count_tokens(self, text: str) -> int:
        return len(text.split())


class ReadingEmbedder(ToyEmbedder):
    """Tells of each part what it says by itself; remembers what it was given."""

    tells_parts = True

    def __init__(self) -> None:
        self.given: list[str] = []

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.given.extend(texts)
        return super().passages(texts)

    def parted(self, texts: Sequence[str], parts: Sequence[Sequence[Span]]) -> Sequence[Parted]:
        return [
            Parted(whole=whole, parts=self._each(text, own))
            for text, whole, own in zip(texts, self.passages(texts), parts, strict=True)
        ]

    def parted_query(self, text: str, parts: Sequence[Span]) -> Parted:
        return Parted(whole=self.query(text), parts=self._each(text, parts))

    def _each(self, text: str, parts: Sequence[Span]) -> Vectors:
        found = [self.query(part.of(text)) for part in parts]
        return np.array(found, dtype=np.float32).reshape(-1, self.dimension)
