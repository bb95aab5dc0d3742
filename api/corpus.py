"""The corpus as the settings name it: which engine, which embedder, which data directory."""

from pathlib import Path

from api.settings import Settings
from index.casebook import Casebook, Live
from index.embedder import Embedder, load_embedder
from index.generation import current
from index.reranker import CrossEncoderReranker, Reranker
from index.store import Engine
from ingest.errors import NotBuilt
from ingest.pipeline import pipeline


def open_casebook(settings: Settings, data: Path) -> Casebook:
    """The live generation of `data`; raises NotBuilt, StaleData, DamagedData or ServiceError."""
    return Casebook(
        data,
        embedder=_embedder(settings, data),
        engine=engine(settings),
        pipeline=pipeline(),
        reranker=_reranker(settings),
    )


def open_live(settings: Settings, data: Path) -> Live:
    """The generations of `data` as they come; raises as `open_casebook` does."""
    return Live(
        data,
        embedder=_embedder(settings, data),
        engine=engine(settings),
        pipeline=pipeline(),
        reranker=_reranker(settings),
    )


def _embedder(settings: Settings, data: Path) -> Embedder:
    if current(data) is None:
        # Said before the model is missed, which the first build exports.
        raise NotBuilt(f"Nothing is indexed in {data} yet.", remedy="Run `casebook build` first.")
    return load_embedder(settings.model, models(data))


def _reranker(settings: Settings) -> Reranker | None:
    return CrossEncoderReranker(settings.reranker) if settings.reranker else None


def models(data: Path) -> Path:
    """Where exported models are kept."""
    return data / "models"


def engine(settings: Settings) -> Engine:
    """A Qdrant server where one is named, else the engine in this process; raises ServiceError."""
    # Each is imported only where it is used: the client alone takes half a second.
    if settings.qdrant_url is None:
        from index.edge import EdgeEngine

        return EdgeEngine()
    from index.server import ServerEngine, connect

    key = settings.qdrant_api_key
    client = connect(
        settings.qdrant_url,
        key.get_secret_value() if key else None,
        insecure=settings.qdrant_insecure,
    )
    return ServerEngine(client, shards=settings.qdrant_shards, replicas=settings.qdrant_replicas)
