"""One question at a time over corpora of many sizes: Casebook, and what else answers it.

    python -m eval.scale 1000 10000      times these sizes and records them
    make million                         a million passages, for a quiet machine and an hour or more

The corpora are made up (`eval.synthesis`); the questions are real, and each is another one.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import cast

import numpy as np
import qdrant_edge as edge

from eval import collection, timing
from eval.contenders import BM25S, Corpus, ExactEngine, in_memory, local_client
from eval.indexed import CASEY, DATA, opened, subjects
from eval.inquiries import real_documents
from eval.results import Figure, circumstances
from eval.synthesis import Original, halfway, imitate, originals
from eval.tables import latency_table
from eval.timing import SERVED, Latency, Timing, timed
from index.casebook import Casebook
from index.edge import QUANTILE, EdgeEngine, EdgeStore
from index.embedder import DEFAULT_MODEL, Embedder, Vector, Vectors, load_embedder
from index.export import prepare_embedder
from index.generation import Generation
from index.search import DEPTH, Query
from index.store import DENSE, Filters, batches
from ingest.model import Voice

SIZES = (1_000, 10_000, 100_000)
MILLION = 1_000_000
GOALS = {10_000: 6, 100_000: 15, MILLION: 40}
"""Milliseconds, of the p95 of a hybrid question."""
LOCAL_MODE_UP_TO = 20_000
"""Passages: beyond, qdrant-client itself warns of its local mode."""
SLOW = 20
"""Questions put to a system that takes a second for each."""
QUANTISED_AT = 100_000
BATCH = 512
PACKAGES = ("numpy", "onnxruntime", "qdrant-client", "qdrant-edge-py", "torch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What was measured at one size."""

    latency: Latency
    figures: tuple[Figure, ...]


def questions() -> list[str]:
    """All that are judged: those to the bundled digests, and to the real documents."""
    asked = collection.read(collection.bundled(CASEY)).topics
    real = collection.read(real_documents() / "gold" / "retrieval" / "dev").topics
    return list(dict.fromkeys(topic.text for topic in (*asked, *real)))


def scale(originals: Sequence[Original], work: Path, *, passages: int, models: Path) -> Scale:
    """A corpus of that size is made up in `work`, indexed and asked."""
    embedder = load_embedder(DEFAULT_MODEL, models)
    begun = time.perf_counter()
    made = imitate(originals, work, passages=passages, embedder=embedder, engine=EdgeEngine())
    print(f"{passages:,} passages made up and indexed: {time.perf_counter() - begun:.0f} s")
    asked = questions()
    timings = tuple(_timings(work, embedder, asked, passages=passages))
    vectors = [embedder.query(question) for question in asked]
    recall = _recall(work, vectors)
    return Scale(
        latency=Latency(
            passages=passages, timings=timings, circumstances=circumstances(*PACKAGES, *_bm25s())
        ),
        figures=(
            *goal(timings, passages),
            _figure(
                f"passages indexed a second, embedding apart, of {passages:,}",
                passages / made.seconds,
            ),
            _figure(f"share found of the {DEPTH} nearest of {passages:,}", 100 * recall, unit="%"),
            *_quantised_at(passages, work, vectors),
        ),
    )


def _timings(
    data: Path, embedder: Embedder, asked: Sequence[str], *, passages: int
) -> Iterator[Timing]:
    clock = partial(timed, passages=passages)
    with closing(Casebook(data, embedder=embedder, engine=EdgeEngine())) as casebook:
        yield clock(SERVED, lambda text: casebook.search(Query(text=text)), asked)
        for name, filters in _filters(passages).items():
            ask = partial(_ask, casebook, filters)
            yield clock(f"{SERVED}, {name}", ask, asked)
        yield clock("its embedder alone", embedder.query, asked)
    with closing(Casebook(data, embedder=embedder, engine=ExactEngine())) as casebook:
        yield clock(
            "Casebook, every vector compared", lambda text: casebook.search(Query(text=text)), asked
        )
    corpus = Corpus.of(data)
    rival = in_memory(corpus, embedder)
    if rival is None:
        print(f"SKIPPED {BM25S} and NumPy: {BM25S} is not installed")
    else:
        yield clock("bm25s and NumPy, no evidence or filters", rival, asked)
    if passages <= LOCAL_MODE_UP_TO:
        bm25 = corpus.generation.stamp.bm25
        local = local_client(corpus, [bm25.passage(text) for text in corpus.texts])
        yield clock("qdrant-client local, PyTorch", local, asked[:SLOW], repeats=1)


def _filters(passages: int) -> dict[str, Filters]:
    """One that few pass, and one that half do."""
    return {
        "the inquiry's own findings only": Filters(voices=(Voice.INQUIRY.value,)),
        "the later half only": Filters(date_from=halfway(passages)),
    }


def _ask(casebook: Casebook, filters: Filters, text: str) -> object:
    return casebook.search(Query(text=text, filters=filters))


def _recall(data: Path, vectors: Sequence[Vector]) -> float:
    """Share of the nearest that the served search finds, by comparing every vector."""
    with closing(_store(data, EdgeEngine())) as served, closing(_store(data, ExactEngine())) as all:
        shares = [
            np.isin(
                served.nearest(vector, filters=Filters(), limit=DEPTH).rows,
                all.nearest(vector, filters=Filters(), limit=DEPTH).rows,
            ).mean()
            for vector in vectors
        ]
    return float(np.mean(shares))


def _store(data: Path, engine: EdgeEngine) -> EdgeStore:
    generation = Generation.open(data)
    return engine.open(generation.name, generation.folder)


def goal(timings: Sequence[Timing], passages: int) -> Iterator[Figure]:
    """The p95 of what is served, beside what it should be."""
    served = next(timing for timing in timings if timing.system == SERVED)
    what = f"warm hybrid query over {passages:,} passages, p95"
    goal = GOALS.get(passages)
    yield _figure(what, served.p95, unit="ms", at_most=goal)


def _quantised_at(passages: int, data: Path, asked: Sequence[Vector]) -> Iterator[Figure]:
    if passages == QUANTISED_AT:
        yield from _quantised(Generation.open(data).context, asked)


def _quantised(vectors: Vectors, asked: Sequence[Vector]) -> Iterator[Figure]:
    """What comparing as bytes, or bits, gains and loses, the best of it compared as floats."""
    with tempfile.TemporaryDirectory() as folder:
        exact: list[set[int]] | None = None
        for name, form in _FORMS.items():
            shard = _shard(Path(folder) / name, vectors, form)
            found, times = _nearest(shard, asked)
            shard.close()
            exact = exact or found
            shares = [len(e & f) / len(e) for e, f in zip(exact, found, strict=True)]
            what = f"{DEPTH} nearest of {len(vectors):,} as {name}"
            yield _figure(f"{what}, median", statistics.median(times), unit="ms")
            yield _figure(f"{what}, share found", 100 * float(np.mean(shares)), unit="%")


_FORMS: dict[str, edge.ScalarQuantizationConfig | edge.BinaryQuantizationConfig | None] = {
    "floats": None,
    "bytes": edge.ScalarQuantizationConfig(
        edge.ScalarType.Int8, quantile=QUANTILE, memory=edge.Memory.Pinned
    ),
    "bits": edge.BinaryQuantizationConfig(memory=edge.Memory.Pinned),
}


def _shard(
    folder: Path,
    vectors: Vectors,
    form: edge.ScalarQuantizationConfig | edge.BinaryQuantizationConfig | None,
) -> edge.EdgeShard:
    """The vectors alone, without a graph."""
    no_graph = edge.HnswIndexConfig(0, 100, 10_000)
    shard = edge.EdgeShard.create(
        str(folder),
        edge.EdgeConfig(
            vectors={
                DENSE: edge.EdgeVectorParams(
                    vectors.shape[1],
                    edge.Distance.Cosine,
                    hnsw_config=no_graph,
                    quantization_config=form,
                )
            },
            wal_enabled=False,
        ),
    )
    for rows in batches(range(len(vectors)), BATCH):
        named = [cast("edge.Vector", {DENSE: vectors[row].tolist()}) for row in rows]
        points = [edge.Point(row, each, {}) for row, each in zip(rows, named, strict=True)]
        shard.update(edge.UpdateOperation.upsert_points(points))
    shard.optimize()
    return shard


def _nearest(shard: edge.EdgeShard, asked: Sequence[Vector]) -> tuple[list[set[int]], list[float]]:
    """Rows found for each question, and the milliseconds that each took."""
    found: list[set[int]] = []
    times: list[float] = []
    for vector in asked:
        request = edge.QueryRequest(
            limit=DEPTH,
            query=edge.Query.Nearest(cast(list[float], vector.tolist()), DENSE),
            params=EdgeStore.parameters,
        )
        shard.query(request)
        begun = time.perf_counter()
        points = shard.query(request)
        times.append(1000 * (time.perf_counter() - begun))
        found.append({cast(int, point.id) for point in points})
    return found, times


def _figure(what: str, value: float, *, unit: str = "", at_most: float | None = None) -> Figure:
    return Figure(what=what, value=round(value, 3), unit=unit, at_most=at_most, repeatable=False)


def _bm25s() -> tuple[str, ...]:
    return (BM25S,) if find_spec(BM25S) else ()


def in_a_fresh_process(
    originals: Sequence[Original], work: Path, *, passages: int, models: Path
) -> Scale:
    """The same, where no other size and no PyTorch has left anything in memory."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
        measured = partial(scale, originals, work, passages=passages, models=models)
        return fresh.submit(measured).result()


def main() -> None:
    """Times the sizes that are named, prints the table and records it."""
    prepare_embedder(DEFAULT_MODEL, DATA / "models")
    real: list[Original] = []
    for subject in subjects():
        with closing(opened(subject)) as casebook:
            real += originals(casebook.data)
    for passages in map(int, sys.argv[1:] or SIZES):
        with tempfile.TemporaryDirectory() as work:
            measured = in_a_fresh_process(
                real, Path(work), passages=passages, models=DATA / "models"
            )
        timing.record([measured.latency])
        print(latency_table([measured.latency]))
        for figure in measured.figures:
            print(f"{figure.what}: {figure.value:g} {figure.unit}")


if __name__ == "__main__":
    main()
