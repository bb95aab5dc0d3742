"""Text to vectors, behind one small seam with two implementations.

`OnnxEmbedder` serves a graph that `index.export` wrote once: no PyTorch on the query path.
`TransformerEmbedder` runs any sentence-transformers model as it is.
"""

import os
import re
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError
from tokenizers import Encoding, Tokenizer

from ingest.errors import CasebookError, DamagedData, ModelError, NotBuilt
from ingest.model import Span

if TYPE_CHECKING:
    import torch

Vector = NDArray[np.float32]
Vectors = NDArray[np.float32]

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the published model.safetensors."""

FORM = "onnx-int8-fused"
"""What an exported graph is; vectors of another form are another model's."""
OUTPUTS = "tokens"
"""What the graph gives beside the vector of a text, which is the same without it."""
EMBEDDING, TOKENS = "embedding", "tokens"
"""The names of a graph's outputs; one that was traced has the first alone."""
GRAPH = "model.onnx"
TOKENIZER = "tokenizer.json"
STAMP = "stamp.json"

_WEIGHTS = "model.safetensors"
_MODULES = "modules.json"
_HUB_NAME = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?")
_NAME_ANOTHER = (
    "Set CASEBOOK_MODEL to the folder of a sentence-transformers model, or to the name of one on "
    "the hub after `hf download NAME`; unset, it is the packaged model."
)


class Embedder(Protocol):
    """Passages and queries as unit vectors, so that a dot product is the cosine."""

    @property
    def name(self) -> str: ...

    @property
    def weights_sha256(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    @property
    def max_tokens(self) -> int:
        """Tokens read of a text, special ones and a prompt's included; the rest is ignored."""
        ...

    def passages(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, in their order."""
        ...

    def query(self, text: str) -> Vector: ...

    def count_tokens(self, text: str) -> int:
        """Tokens of the whole text, special ones left out."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """A text's vector, and unit vectors of parts of it: what its tokens there say, in this text.

    A part of which nothing was read, as behind the last token read, has a vector of length 0.
    """

    whole: Vector
    parts: Vectors


@runtime_checkable
class PartReader(Protocol):
    """An embedder that tells, of one reading, what each part of a text says."""

    @property
    def tells_parts(self) -> bool:
        """Whether the model it runs does."""
        ...

    def parted(self, texts: Sequence[str], parts: Sequence[Sequence[Span]]) -> Sequence[Parted]:
        """One for each text, in their order; the whole as `passages` gives it."""
        ...

    def parted_query(self, text: str, parts: Sequence[Span]) -> Parted:
        """The same of a query; the whole as `query` gives it."""
        ...


def part_reader(embedder: Embedder) -> PartReader | None:
    """The embedder, if the model it runs tells of parts."""
    return embedder if isinstance(embedder, PartReader) and embedder.tells_parts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Module:
    """A module of a model, as the model lists it."""

    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphStamp:
    """What made an exported graph."""

    name: str
    weights_sha256: str
    graph_sha256: str
    dimension: int
    max_tokens: int
    versions: dict[str, str]
    """Of the libraries that wrote it."""
    query_prompt: str = ""
    """Set before each query; the model was trained with it."""
    passage_prompt: str = ""


class OnnxEmbedder:
    """Encoder, pooling and normalisation as one ONNX graph."""

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        """Raises NotBuilt where nothing was exported, DamagedData where the graph was altered."""
        self._stamp = read_stamp(folder)
        graph = (folder / GRAPH).read_bytes()
        if sha256(graph).hexdigest() != self._stamp.graph_sha256:
            raise DamagedData(
                f"{folder / GRAPH} does not match its hash.",
                remedy=f"Delete {folder} and run `casebook build` again.",
            )
        self._session = _session(graph)
        self._threads = threads or os.cpu_count() or 1
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        # The published tokenizer pads every text to 128 tokens.
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(  # pyright: ignore[reportUnknownMemberType]
            self._stamp.max_tokens
        )

    @property
    def name(self) -> str:
        return self._stamp.name

    @property
    def weights_sha256(self) -> str:
        return self._stamp.weights_sha256

    @property
    def dimension(self) -> int:
        return self._stamp.dimension

    @property
    def max_tokens(self) -> int:
        return self._stamp.max_tokens

    def passages(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        with ThreadPoolExecutor(self._threads) as pool:
            for row, vector in enumerate(pool.map(self._passage, texts)):
                vectors[row] = vector
        return vectors

    def query(self, text: str) -> Vector:
        return self._vector(self._stamp.query_prompt + text)

    def _passage(self, text: str) -> Vector:
        return self._vector(self._stamp.passage_prompt + text)

    def _vector(self, text: str) -> Vector:
        return self._run(self._tokenizer.encode(text), EMBEDDING)[0]

    @cached_property
    def tells_parts(self) -> bool:
        return any(output.name == TOKENS for output in self._session.get_outputs())

    def parted(self, texts: Sequence[str], parts: Sequence[Sequence[Span]]) -> Sequence[Parted]:
        prompt = self._stamp.passage_prompt
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(self._parted, repeat(prompt), texts, parts))

    def parted_query(self, text: str, parts: Sequence[Span]) -> Parted:
        return self._parted(self._stamp.query_prompt, text, parts)

    def _parted(self, prompt: str, text: str, parts: Sequence[Span]) -> Parted:
        encoding = self._tokenizer.encode(prompt + text)
        whole, tokens = self._run(encoding, EMBEDDING, TOKENS)
        placed = [Span(part.start + len(prompt), part.end + len(prompt)) for part in parts]
        return Parted(whole=whole, parts=pooled(tokens, encoding.offsets, placed))

    def _run(self, encoding: Encoding, *outputs: str) -> Sequence[Vectors]:
        # One at a time: in a batch the int8 range is set by all its texts, so that a passage's
        # vector would depend on its neighbours (mean cosine .994), for no more speed.
        inputs = {
            "input_ids": np.array([encoding.ids], dtype=np.int64),
            "attention_mask": np.array([encoding.attention_mask], dtype=np.int64),
        }
        found: Sequence[Vectors] = self._session.run(outputs, inputs)
        return [each[0] for each in found]

    def count_tokens(self, text: str) -> int:
        return len(self._whole.encode(text, add_special_tokens=False))

    @cached_property
    def _whole(self) -> Tokenizer:
        """The same tokenizer without truncation: changing the shared one would race."""
        tokenizer = Tokenizer.from_str(self._tokenizer.to_str())
        tokenizer.no_truncation()
        return tokenizer


class SentenceModel(Protocol):
    """The part of a SentenceTransformer used here, whose own types accept far more."""

    max_seq_length: int | None
    prompts: Mapping[str, str]

    @property
    def tokenizer(self) -> "SentenceTokenizer": ...

    def state_dict(self) -> "Mapping[str, torch.Tensor]": ...

    def encode_document(
        self, inputs: Sequence[str], *, prompt: str, **options: bool
    ) -> Vectors: ...

    def encode_query(self, inputs: str, *, prompt: str, **options: bool) -> Vector: ...


class SentenceTokenizer(Protocol):
    def encode(self, text: str, *, add_special_tokens: bool) -> Sequence[int]: ...


class TransformerEmbedder:
    """Any sentence-transformers model, on whatever device it finds; importing it is slow."""

    def __init__(self, name: str) -> None:
        """Raises ModelError where it is not on this machine: nothing is ever fetched."""
        if not Path(name).is_dir() and not _HUB_NAME.fullmatch(name):
            raise ModelError(f"There is no model's folder {name}.", remedy=_NAME_ANOTHER)
        from sentence_transformers import SentenceTransformer

        with loading(name, remedy=_NAME_ANOTHER):
            self.module = SentenceTransformer(name, local_files_only=True)
        self._model = cast(SentenceModel, self.module)
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    @property
    def weights_sha256(self) -> str:
        return self._weights

    @property
    def dimension(self) -> int:
        return self._dimension

    @cached_property
    def _weights(self) -> str:
        """Over all tensors by name, and the prompts: a model may come from many files, or none."""
        digest = sha256()
        for key, tensor in sorted(self._model.state_dict().items()):
            digest.update(key.encode())
            digest.update(tensor.detach().cpu().float().numpy().tobytes())
        for side, prompt in (("query", self.query_prompt), ("passage", self.passage_prompt)):
            if prompt:
                digest.update(f"{side} {prompt}".encode())
        return digest.hexdigest()

    @cached_property
    def _dimension(self) -> int:
        return len(self.query("dimension"))

    @property
    def max_tokens(self) -> int:
        return self._model.max_seq_length or 512

    @property
    def query_prompt(self) -> str:
        """What the model was trained to see before a query; empty where nothing."""
        return self._prompt("query")

    @property
    def passage_prompt(self) -> str:
        # An empty one under the first name stands for none: it hides the others' from the library.
        return self._prompt("document", "passage", "corpus")

    def _prompt(self, *names: str) -> str:
        return next(filter(None, map(self._model.prompts.get, names)), "")

    def passages(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        return self._model.encode_document(
            list(texts),
            prompt=self.passage_prompt,
            normalize_embeddings=True,
            show_progress_bar=False,
        )

    def query(self, text: str) -> Vector:
        return self._model.encode_query(
            text, prompt=self.query_prompt, normalize_embeddings=True, show_progress_bar=False
        )

    def count_tokens(self, text: str) -> int:
        return len(self._model.tokenizer.encode(text, add_special_tokens=False))


def load_embedder(model: str, models: Path) -> Embedder:
    """The embedder of this name: the packaged model, a model's folder, or a name in the hub's
    cache; raises ModelError where it is none of them.

    The first two are served from the graph exported into `models`; raises NotBuilt where the
    first build has not exported it yet.
    """
    if model == DEFAULT_MODEL:
        return OnnxEmbedder(models / graph_name(DEFAULT_MODEL, DEFAULT_WEIGHTS))
    folder = Path(model)
    if folder.is_dir():
        return OnnxEmbedder(models / graph_name(folder.name, folder_sha256(folder)))
    return TransformerEmbedder(model)


def is_exported(model: str) -> bool:
    """Whether the embedder of this name is served from a graph, and not run by PyTorch."""
    return model == DEFAULT_MODEL or Path(model).is_dir()


def graph_name(name: str, weights_sha256: str) -> str:
    """Folder of a model's exported graph."""
    return f"{name}-{weights_sha256[:12]}-{FORM}-{OUTPUTS}"


def pooled(tokens: Vectors, places: Sequence[tuple[int, int]], parts: Sequence[Span]) -> Vectors:
    """A unit vector of each part: the mean of the tokens that lie in it, by where they stand.

    Tokens are in the order of their places, but for those that begin and end a text.
    """
    starts, ends = np.array(places, dtype=np.int64).reshape(-1, 2).T
    read = ends > starts  # not those that begin and end a text
    bounds = np.array([(part.start, part.end) for part in parts], dtype=np.int64).reshape(-1, 2)
    first = np.searchsorted(starts[read], bounds[:, 0])
    after = np.searchsorted(ends[read], bounds[:, 1], side="right")
    heard = tokens[read]
    stretches = map(slice, first.tolist(), after.tolist())
    # A product would multiply every token with every part: three times as long in one thread, and
    # many times where BLAS shares it among threads that embed other texts.
    sums = np.array([np.add.reduce(heard[each]) for each in stretches], dtype=np.float32)
    sums = sums.reshape(-1, tokens.shape[1])
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.where(lengths > 0, lengths, 1), dtype=np.float32)


@contextmanager
def loading(model: str, *, remedy: str) -> Generator[None]:
    """Raises ModelError where the model is not here, or its files are not a model's.

    Whatever goes wrong while other libraries read a stranger's files is about those files.
    """
    try:
        yield
    except CasebookError:
        raise
    except Exception as error:
        if Path(model).is_dir():
            told = str(error).splitlines() or [type(error).__name__]
            problem = f"The model in {model} cannot be read: {told[0].rstrip('.')}."
        else:
            problem = f"There is no folder {model}, nor a model of this name in the hub's cache."
        raise ModelError(problem, remedy=remedy) from error


def file_sha256(model: Path) -> str:
    """SHA-256 of the model folder's weights."""
    return sha256((model / _WEIGHTS).read_bytes()).hexdigest()


def folder_sha256(model: Path) -> str:
    """As `files_sha256`; raises ModelError where the folder lacks a file that an export needs."""
    for name in (_WEIGHTS, TOKENIZER):
        if not (model / name).is_file():
            raise ModelError(f"{model} holds no {name}.", remedy=_NAME_ANOTHER)
    with loading(str(model), remedy=_NAME_ANOTHER):
        return files_sha256(model)


def files_sha256(model: Path) -> str:
    """SHA-256 over all that decides what the model in a folder says: weights, tokens, settings and
    prompts."""
    digest = sha256()
    for path in sorted(_deciding(model)):
        digest.update(str(path.relative_to(model)).encode())
        digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _deciding(model: Path) -> Generator[Path]:
    """Weights and settings of the model, and of its modules, wherever it says that they are."""
    for folder in {model, *_modules(model)}:
        for ending in ("json", "safetensors", "bin"):
            yield from folder.glob(f"*.{ending}")


def _modules(model: Path) -> Generator[Path]:
    """Their folders; the first is mostly the model's own."""
    if (model / _MODULES).is_file():
        for module in TypeAdapter(list[_Module]).validate_json((model / _MODULES).read_bytes()):
            yield model / module.path


def read_stamp(folder: Path) -> GraphStamp:
    """What made the graph in this folder; raises NotBuilt or DamagedData."""
    try:
        return TypeAdapter(GraphStamp).validate_json((folder / STAMP).read_bytes())
    except FileNotFoundError as error:
        raise NotBuilt(
            f"The embedding model has not been exported to {folder} yet.",
            remedy="Run `casebook build`, which does it once.",
        ) from error
    except ValidationError as error:
        raise DamagedData(
            f"{folder / STAMP} cannot be read.",
            remedy=f"Delete {folder} and run `casebook build` again.",
        ) from error


def _session(graph: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # Texts run side by side instead: threads within one text spin, and gain a query nothing.
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(
        graph,
        options,
        providers=["CPUExecutionProvider"],
        # Fused with the addition before it, a normalisation takes 33 microseconds; apart, 10.
        disabled_optimizers=["SkipLayerNormFusion"],
    )
