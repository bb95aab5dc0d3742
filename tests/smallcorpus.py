"""A corpus of small documents, indexed and opened."""

from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from dossiers import dossier
from toyembedder import ToyEmbedder

from index.build import build_index
from index.casebook import Casebook
from index.edge import EdgeEngine
from ingest.library import Library


@contextmanager
def indexed(data: Path, **documents: Sequence[str]) -> Generator[Casebook]:
    """Documents by id, each given as the words of its passages; see `dossier`."""
    for id, passages in documents.items():
        Library(data).write(dossier(id, passages))
    build_index(data, embedder=ToyEmbedder(), engine=EdgeEngine())
    with closing(Casebook(data, embedder=ToyEmbedder(), engine=EdgeEngine())) as opened:
        yield opened
