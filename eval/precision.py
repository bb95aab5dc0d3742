"""What the served embedder's eight-bit weights cost and gain beside the same weights in full."""

import shutil
import statistics
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter

from eval.results import Figure
from eval.timing import milliseconds, percentile
from index.embedder import (
    DEFAULT_MODEL,
    GRAPH,
    STAMP,
    TOKENIZER,
    Embedder,
    GraphStamp,
    OnnxEmbedder,
    TransformerEmbedder,
)
from index.export import packaged_model, write_exact

EMBEDDED = 96
"""Passages: in full, PyTorch takes seconds over them."""


class FullPrecision(TransformerEmbedder):
    """The packaged model as it is published, in float32, by PyTorch."""

    def __init__(self, model: Path | None = None) -> None:
        super().__init__(str(model or packaged_model()))

    @property
    def name(self) -> str:
        return f"{DEFAULT_MODEL}/float32"


def exact_graph(folder: Path) -> OnnxEmbedder:
    """The served graph before its weights were made eight bits wide, written into `folder`."""
    model = FullPrecision()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        write_exact(model, folder / GRAPH)
    shutil.copyfile(packaged_model() / TOKENIZER, folder / TOKENIZER)
    stamp = GraphStamp(
        name=f"{DEFAULT_MODEL}/onnx-float32",
        weights_sha256=model.weights_sha256,
        graph_sha256=sha256((folder / GRAPH).read_bytes()).hexdigest(),
        dimension=model.dimension,
        max_tokens=model.max_tokens,
        versions={},
    )
    (folder / STAMP).write_bytes(TypeAdapter(GraphStamp).dump_json(stamp))
    return OnnxEmbedder(folder)


def speeds(served: Embedder, questions: Sequence[str], passages: Sequence[str]) -> Iterator[Figure]:
    """A question and many passages: int8 and float32 by ONNX Runtime, float32 by PyTorch."""
    with tempfile.TemporaryDirectory() as folder:
        embedders = {
            "int8": served,
            "float32": exact_graph(Path(folder)),
            "float32 by PyTorch": FullPrecision(),
        }
        for name, embedder in embedders.items():
            yield from _speed(name, embedder, questions, passages)


def _speed(
    name: str, embedder: Embedder, questions: Sequence[str], passages: Sequence[str]
) -> Iterator[Figure]:
    for question in questions:
        embedder.query(question)
    times = [milliseconds(embedder.query, question) for question in questions]
    begun = time.perf_counter()
    embedder.passages(passages)
    rate = len(passages) / (time.perf_counter() - begun)
    for what, value, unit in (
        ("question embedded, median", statistics.median(times), "ms"),
        ("question embedded, p95", percentile(times, 95), "ms"),
        ("passages embedded a second", rate, ""),
    ):
        yield Figure(what=f"{what}, {name}", value=round(value, 2), unit=unit, repeatable=False)
