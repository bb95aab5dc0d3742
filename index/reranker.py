"""A model that reads the query beside each of the best passages, where a user has one."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from ingest.errors import NotBuilt


class Reranker(Protocol):
    """Judges passages by the query: the higher, the better it is answered."""

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """One for each text, in their order."""
        ...


class _PairModel(Protocol):
    """The part of a CrossEncoder used here, whose own types accept far more."""

    def predict(
        self, sentences: Sequence[tuple[str, str]], **options: bool
    ) -> NDArray[np.floating]: ...


class CrossEncoderReranker:
    """Any cross-encoder of sentence-transformers in a folder; importing it is slow."""

    def __init__(self, folder: Path) -> None:
        """Raises NotBuilt where there is no such folder: nothing is ever fetched."""
        if not folder.is_dir():
            raise NotBuilt(
                f"There is no reranker in {folder}.",
                remedy="Name the folder of a cross-encoder, or unset CASEBOOK_RERANKER.",
            )
        from sentence_transformers import CrossEncoder

        self._model = cast(_PairModel, CrossEncoder(str(folder), local_files_only=True))

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        judged = self._model.predict([(query, text) for text in texts], show_progress_bar=False)
        return np.asarray(judged, dtype=np.float32).reshape(len(texts))
