"""What else answers the same questions over the same passages, as its guide puts it together."""

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol, cast

import numpy as np
import qdrant_edge as edge
import Stemmer
from numpy.typing import NDArray
from qdrant_client import QdrantClient, models

from eval.precision import FullPrecision
from index.edge import EdgeEngine, EdgeStore
from index.embedder import Embedder, Vectors
from index.generation import Generation
from index.lexical import SparseVector
from index.search import DEPTH
from index.shelf import Shelf

HITS = 10
UPSERTED_AT_ONCE = 256
BM25S = "bm25s"

Ask = Callable[[str], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """The passages of a generation as the others take them."""

    generation: Generation
    texts: tuple[str, ...]
    vectors: Vectors

    @classmethod
    def of(cls, data: Path) -> "Corpus":
        generation = Generation.open(data)
        shelf = Shelf(generation.folder, generation.joins)
        homes = zip(generation.rows.passages, generation.rows.documents, strict=True)
        return cls(
            generation=generation,
            texts=tuple(_words(shelf, document, passage) for passage, document in homes),
            vectors=np.array(generation.context),
        )


class ExactEngine(EdgeEngine):
    """The engine, comparing every vector as floats."""

    def open(self, generation: str, folder: Path) -> EdgeStore:
        store = super().open(generation, folder)
        store.parameters = edge.SearchParams(exact=True)
        return store


class _Bm25s(Protocol):
    """The part of bm25s used here."""

    def index(self, corpus: object, *, show_progress: bool) -> None: ...

    def retrieve(
        self, query_tokens: object, *, k: int, show_progress: bool
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]: ...


def in_memory(corpus: Corpus, embedder: Embedder) -> Ask | None:
    """bm25s and a product of NumPy's, fused by score; None where bm25s is not installed."""
    if find_spec(BM25S) is None:
        return None
    bm25s = import_module(BM25S)
    stemmer = Stemmer.Stemmer("english")
    lexical = cast(_Bm25s, bm25s.BM25())
    lexical.index(
        bm25s.tokenize(list(corpus.texts), stopwords="en", stemmer=stemmer, show_progress=False),
        show_progress=False,
    )
    depth = min(DEPTH, len(corpus.texts))

    def ask(question: str) -> object:
        cosines = corpus.vectors @ embedder.query(question)
        tokens = bm25s.tokenize(question, stopwords="en", stemmer=stemmer, show_progress=False)
        rows, scores = lexical.retrieve(tokens, k=depth, show_progress=False)
        nearest = np.argpartition(-cosines, depth - 1)[:depth]
        return _fused(nearest, rows[0], scores[0], cosines)

    return ask


def _fused(
    nearest: NDArray[np.int64],
    worded: NDArray[np.int64],
    scores: NDArray[np.float32],
    cosines: NDArray[np.float32],
) -> NDArray[np.int64]:
    """The first hits by the mean of both standardised scores."""
    rows = np.union1d(nearest, worded)
    bm25 = np.zeros(len(rows), dtype=np.float32)
    bm25[np.searchsorted(rows, worded)] = scores
    both = sum((each - each.mean()) / max(each.std(), 1e-6) for each in (cosines[rows], bm25))
    return rows[np.argsort(-np.asarray(both))[:HITS]]


def local_client(corpus: Corpus, sparse: Sequence[SparseVector]) -> Ask:
    """qdrant-client in its local mode, both lanes fused by rank; questions embedded by PyTorch.

    Its passages' vectors are ours, so that only asking is measured.
    """
    client, model = QdrantClient(":memory:"), FullPrecision()
    client.create_collection(
        "passages",
        vectors_config={
            "dense": models.VectorParams(
                size=corpus.vectors.shape[1], distance=models.Distance.COSINE
            )
        },
        sparse_vectors_config={"words": models.SparseVectorParams(modifier=models.Modifier.IDF)},
    )
    for batch in _points(corpus, sparse):
        client.upsert("passages", batch)
    bm25 = corpus.generation.stamp.bm25

    def ask(question: str) -> object:
        dense = model.query(question).tolist()
        lanes = [
            models.Prefetch(query=dense, using="dense", limit=DEPTH),
            models.Prefetch(query=_words_of(bm25.query(question)), using="words", limit=DEPTH),
        ]
        fusion = models.FusionQuery(fusion=models.Fusion.RRF)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return client.query_points("passages", prefetch=lanes, query=fusion, limit=HITS)

    return ask


def _points(corpus: Corpus, sparse: Sequence[SparseVector]) -> Iterator[list[models.PointStruct]]:
    for start in range(0, len(sparse), UPSERTED_AT_ONCE):
        yield [
            models.PointStruct(
                id=row,
                vector={"dense": corpus.vectors[row].tolist(), "words": _words_of(sparse[row])},
                payload={"text": corpus.texts[row]},
            )
            for row in range(start, min(start + UPSERTED_AT_ONCE, len(sparse)))
        ]


def _words_of(vector: SparseVector) -> models.SparseVector:
    return models.SparseVector(indices=list(vector.indices), values=list(vector.values))


def _words(shelf: Shelf, document: str, passage: str) -> str:
    volume = shelf.volume(document)
    return volume.passages[passage].span.of(volume.text)
