"""What several tests share: the folder of real documents, and paths that are never the user's."""

import os
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from filelock import FileLock
from harbour import build_harbour
from toyembedder import ToyEmbedder

from api.building import build_casebook
from api.settings import Settings
from index.embedder import DEFAULT_MODEL, Embedder
from index.export import prepare_embedder

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def real_documents() -> Path:
    """The folder that holds `corpora/` and `gold/`; skips where there is none."""
    folder = Path(os.environ.get("CASEBOOK_REAL_DOCUMENTS", ROOT / ".." / "shared")).resolve()
    if not (folder / "corpora").is_dir():
        pytest.skip(f"real documents not found in {folder}; set CASEBOOK_REAL_DOCUMENTS")
    return folder


@pytest.fixture(scope="session")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a small corpus made by hand; not to be written to."""
    data = tmp_path_factory.mktemp("harbour")
    build_harbour(data)
    return data


@pytest.fixture(scope="session")
def casey(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Path:
    """A data directory with the bundled Casey corpus, indexed with the real model by whichever
    process of this run comes first; not to be written to."""
    run = tmp_path_factory.getbasetemp()
    data = (run.parent if "PYTEST_XDIST_WORKER" in os.environ else run) / "casey"
    prepare_embedder(DEFAULT_MODEL, models)
    with FileLock(f"{data}.lock"):
        if not (data / "index" / "current").is_file():
            data.mkdir(exist_ok=True)
            if not (data / "models").is_symlink():
                (data / "models").symlink_to(models.resolve())
            build_casebook(["casey"], settings=Settings(data=data), data=data)
    return data


@pytest.fixture(scope="session")
def encoder(models: Path) -> Embedder:
    """The real embedder, with which the tagger's weights were learned."""
    return prepare_embedder(DEFAULT_MODEL, models)


@pytest.fixture(scope="session")
def modelled(tmp_path_factory: pytest.TempPathFactory, models: Path, encoder: Embedder) -> Path:
    """A data directory with the exported model and nothing else."""
    data = tmp_path_factory.mktemp("modelled")
    (data / "models").symlink_to(models.resolve())
    return data


@pytest.fixture(scope="session")
def models() -> Path:
    """Where the embedding model is exported once for all runs; CASEBOOK_CACHE names another."""
    return Path(os.environ.get("CASEBOOK_CACHE", ROOT / ".casebook" / "models"))


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[FastAPI]:
    """What would have been served."""
    served: list[FastAPI] = []

    def toy(model: str, models: Path) -> ToyEmbedder:
        return ToyEmbedder()

    def note(app: FastAPI, **_: object) -> None:
        served.append(app)

    def free(host: str, port: int) -> None:
        """Every port is."""

    monkeypatch.setattr("api.corpus.load_embedder", toy)
    monkeypatch.setattr(uvicorn, "run", note)
    monkeypatch.setattr("api.serving.refuse_taken", free)
    monkeypatch.setattr("api.serving.log_to_stderr", lambda: None)
    return served
