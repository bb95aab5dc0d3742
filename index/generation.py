"""Generations of the index: each whole in its own folder, one of them live.

    index/current            names the live one
    index/<generation>/      documents/    the documents as they were indexed, as hard links
                             catalogues/   what manifests said of their corpora, likewise
                             shard/        the engine's files, where it keeps any here
                             vectors.npy   one float32 row for each passage
                             context.npy   the same of each passage in its context: what is searched
                             rows.json     which passage each row is
                             sentences.npy, sentence_spans.npy, sentence_offsets.npy
                                           a row of bytes for each sentence, where it stands in its
                                           passage, and where the rows of each passage begin
                             word_vectors.npy, word_offsets.npy
                                           the same of each word of a passage and its header
                             words.npy     how many passages hold each word
                             joins.json    what joins the documents
                             stamp.json    what made it; written last

A generation is built beside the live one and becomes it when `current` is renamed into place.
After that nothing in it is written, so a reader of it needs no lock, and finds the documents
it was made from even while they are being read anew. Its name is a hash of what went in: the
same documents and settings give the same name, on any machine.
"""

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

import ingest.model
from index.context import neighbours
from index.durable import durably, sync_tree, write_durably
from index.embedder import Embedder, Vectors
from index.lexical import Bm25
from index.sentences import Sentences
from index.vocabulary import Vocabulary
from index.wordvectors import WordVectors, kept_dimensions
from ingest.errors import DamagedData, NotBuilt, StaleData
from ingest.model import Joins
from ingest.schema import schema

FORMAT = 7
"""Version of what a generation holds and how: another one must be built again."""

_SENTENCE_FILES = {
    "spans": "sentence_spans",
    "vectors": "sentences",
    "offsets": "sentence_offsets",
}
_WORD_FILES = {"vectors": "word_vectors", "offsets": "word_offsets"}
REBUILD = "Run `casebook build` again."
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What made a generation."""

    format: int
    engine: str
    embedder: str
    weights_sha256: str
    average_length: float
    """Words of a passage on average, for BM25."""
    average_section: float
    """Words of the headings above a passage on average."""
    settings: dict[str, str]
    documents: dict[str, ingest.model.Stamp]
    """What made each document, by id."""
    tags: tuple[str, ...]
    recommendations: tuple[str, ...]
    """What can be asked for in a filter."""

    @property
    def bm25(self) -> Bm25:
        return Bm25(average_length=self.average_length, average_section=self.average_section)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Which passage each row of the vectors is, in the order of passage ids, column by column."""

    passages: tuple[str, ...]
    documents: tuple[str, ...]
    embedded_sha256: tuple[str, ...]
    """Of the text that was embedded, header included."""
    order: tuple[tuple[int, ...], ...]
    """The rows of each document in reading order."""

    @property
    def neighbours(self) -> NDArray[np.int64]:
        """The rows just before and after each row, as `index.context.neighbours` gives them."""
        return neighbours(self.order)


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """One generation, open for reading."""

    name: str
    folder: Path
    stamp: Stamp
    rows: Rows
    vectors: Vectors
    context: Vectors
    vocabulary: Vocabulary
    joins: Joins
    sentences: Sentences
    """None of any passage where the embedder tells no parts of a text."""
    words: WordVectors
    """Likewise."""

    @classmethod
    def open(cls, data: Path) -> Self:
        """The live one; raises NotBuilt, StaleData or DamagedData."""
        name = current(data)
        if name is None:
            raise NotBuilt(
                f"Nothing has been indexed in {data} yet.", remedy="Run `casebook build` first."
            )
        return cls.read(data, name)

    @classmethod
    def read(cls, data: Path, name: str) -> Self:
        folder = generation_folder(data, name)
        _refuse_other_format(folder)
        rows = _read(folder / "rows.json", Rows)
        generation = cls(
            name=name,
            folder=folder,
            stamp=_read(folder / "stamp.json", Stamp),
            rows=rows,
            vectors=_read_vectors(folder / "vectors.npy"),
            context=_read_vectors(folder / "context.npy"),
            vocabulary=Vocabulary(
                table=_read_array(folder / "words.npy").astype(np.int64, copy=False),
                passages=len(rows.passages),
            ),
            joins=_read(folder / "joins.json", Joins),
            sentences=_read_sentences(folder),
            words=_read_words(folder),
        )
        generation.check_shapes()
        return generation

    def check_shapes(self) -> None:
        """Raises DamagedData unless there is a row of each array for every passage, all are as wide
        as they should be, and the table of words has two rows."""
        if self.vocabulary.table.ndim != 2 or len(self.vocabulary.table) != 2:
            raise _damaged(self.folder / "words.npy")
        for name, vectors in (("vectors", self.vectors), ("context", self.context)):
            if len(vectors) != len(self.rows.passages):
                raise _damaged(self.folder / f"{name}.npy")
        for parts, files in ((self.sentences, _SENTENCE_FILES), (self.words, _WORD_FILES)):
            if len(parts.offsets) != len(self.rows.passages) + 1:
                raise _damaged(self.folder / f"{files['offsets']}.npy")
            for name in files.keys() - {"offsets"}:
                if len(getattr(parts, name)) != parts.offsets[-1]:
                    raise _damaged(self.folder / f"{files[name]}.npy")
        dimension = self.vectors.shape[-1]
        for array, width, file in (
            (self.context, dimension, "context"),
            (self.sentences.spans, 2, _SENTENCE_FILES["spans"]),
            (self.sentences.vectors, dimension, _SENTENCE_FILES["vectors"]),
            (self.words.vectors, kept_dimensions(dimension), _WORD_FILES["vectors"]),
        ):
            if array.shape[1:] != (width,):
                raise _damaged(self.folder / f"{file}.npy")

    def check_embedder(self, embedder: Embedder) -> None:
        """Raises StaleData where another model made the vectors."""
        made_by = (self.stamp.embedder, self.stamp.weights_sha256)
        if made_by != (embedder.name, embedder.weights_sha256):
            raise StaleData(
                f"The index was made with {_model(*made_by)}, "
                f"not with {_model(embedder.name, embedder.weights_sha256)}.",
                remedy="Run `casebook build` again, or name the model it was made with.",
            )

    def check_engine(self, engine: str) -> None:
        """Raises StaleData where the vectors were put into another engine."""
        if self.stamp.engine != engine:
            raise StaleData(
                f"The index was built for the {self.stamp.engine} engine, not for {engine}.",
                remedy="Run `casebook build` again, or set QDRANT_URL as it was.",
            )


def current(data: Path) -> str | None:
    """Name of the live generation; None before the first, or where `data` is no directory."""
    try:
        return (data / "index" / "current").read_text("ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None


def generations(data: Path) -> tuple[str, ...]:
    """Names of all generations that lie there, finished or not."""
    with suppress(FileNotFoundError):
        return tuple(sorted(path.name for path in (data / "index").iterdir() if path.is_dir()))
    return ()


def generation_folder(data: Path, name: str) -> Path:
    return data / "index" / name


def pin(data: Path, folder: Path) -> None:
    """Puts hard links to all documents into the generation, copies where links cannot be made.

    A document is never written in place, so what is linked does not change.
    """
    for name in ("documents", "catalogues"):
        if (data / name).is_dir():
            hidden = shutil.ignore_patterns(".*")
            shutil.copytree(data / name, folder / name, copy_function=_link, ignore=hidden)


def seal(generation: Generation) -> None:
    """Writes everything else and then the stamp; returns once all of it is on the disk."""
    folder = generation.folder
    _write_array(folder / "vectors.npy", generation.vectors)
    _write_array(folder / "context.npy", generation.context)
    _write_array(folder / "words.npy", generation.vocabulary.table)
    for parts, files in (
        (generation.sentences, _SENTENCE_FILES),
        (generation.words, _WORD_FILES),
    ):
        for name, file in files.items():
            _write_array(folder / f"{file}.npy", getattr(parts, name))
    write_durably(folder / "rows.json", schema(Rows).dump_json(generation.rows))
    write_durably(folder / "joins.json", schema(Joins).dump_json(generation.joins))
    sync_tree(folder)
    write_durably(folder / "stamp.json", schema(Stamp).dump_json(generation.stamp, indent=2))


def make_current(data: Path, name: str) -> None:
    write_durably(data / "index" / "current", f"{name}\n".encode("ascii"))


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Format:
    format: int


def _refuse_other_format(folder: Path) -> None:
    """Comes first: a stamp of another format need not have the same fields."""
    found = _read(folder / "stamp.json", _Format).format
    if found != FORMAT:
        raise StaleData(
            f"The index has format {found}; this version reads {FORMAT}.", remedy=REBUILD
        )


def _read(path: Path, kind: type[_T]) -> _T:
    try:
        return schema(kind).validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise _damaged(path) from error


def _write_array(path: Path, array: NDArray[np.generic]) -> None:
    with durably(path) as file:
        np.save(file, array, allow_pickle=False)


def _read_sentences(folder: Path) -> Sentences:
    spans, vectors, offsets = (
        _read_array(folder / f"{file}.npy") for file in _SENTENCE_FILES.values()
    )
    return Sentences(
        spans=spans.astype(np.int32, copy=False),
        vectors=vectors.astype(np.int8, copy=False),
        offsets=offsets.astype(np.int64, copy=False),
    )


def _read_words(folder: Path) -> WordVectors:
    vectors, offsets = (_read_array(folder / f"{file}.npy") for file in _WORD_FILES.values())
    return WordVectors(
        vectors=vectors.astype(np.int8, copy=False), offsets=offsets.astype(np.int64, copy=False)
    )


def _read_vectors(path: Path) -> Vectors:
    return _read_array(path).astype(np.float32, copy=False)


def _read_array(path: Path) -> NDArray[np.generic]:
    try:
        # Mapped, so that a process maps one array however often it opens the generation.
        # A plain view of the mapped file: the class that numpy gives it slows every slice.
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except (OSError, ValueError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> DamagedData:
    return DamagedData(
        f"{path} is missing or cannot be read.",
        remedy="Delete the `index` folder and run `casebook build` again.",
    )


def _model(name: str, weights_sha256: str) -> str:
    return f"{name} ({weights_sha256[:12]})"
