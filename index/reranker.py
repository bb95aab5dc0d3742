"""A model that reads the query beside each of the best passages, where a user has one."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from index.embedder import files_sha256, loading
from ingest.errors import ModelError


class Reranker(Protocol):
    """Judges passages by the query: the higher, the better it is answered."""

    @property
    def name(self) -> str: ...

    @property
    def weights_sha256(self) -> str: ...

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """One for each text, in their order."""
        ...


_NAME_ANOTHER = "Set CASEBOOK_RERANKER to the folder of a cross-encoder, or unset it."


class _PairModel(Protocol):
    """The part of a CrossEncoder used here, whose own types accept far more."""

    def predict(
        self, sentences: Sequence[tuple[str, str]], **options: bool
    ) -> NDArray[np.floating]: ...


class CrossEncoderReranker:
    """Any cross-encoder of sentence-transformers in a folder; importing it is slow."""

    def __init__(self, folder: Path) -> None:
        """Raises ModelError where there is none in the folder: nothing is ever fetched."""
        if not folder.is_dir():
            raise ModelError(f"There is no reranker in {folder}.", remedy=_NAME_ANOTHER)
        from sentence_transformers import CrossEncoder

        with loading(str(folder), remedy=_NAME_ANOTHER):
            self._model = cast(_PairModel, CrossEncoder(str(folder), local_files_only=True))
        self._folder = folder

    @property
    def name(self) -> str:
        return self._folder.name

    @property
    def weights_sha256(self) -> str:
        return self._weights

    @cached_property
    def _weights(self) -> str:
        return files_sha256(self._folder)

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        judged = self._model.predict([(query, text) for text in texts], show_progress_bar=False)
        return np.asarray(judged, dtype=np.float32).reshape(len(texts))
