"""Whether the service lives, is ready, what runs, and its metrics."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.listing import Asking
from api.wire import Health, Version
from ingest import __version__

router = APIRouter(tags=["service"])


@router.get("/livez")
def livez() -> Health:
    """The process answers."""
    return Health(status="alive", generation=None)


@router.get("/readyz")
def readyz(asked: Asking) -> Health:
    """The corpus is open and can be searched."""
    return Health(status="ready", generation=asked.casebook.generation)


@router.get("/version")
def version(asked: Asking) -> Version:
    """What is running, and over which index."""
    return Version(casebook=__version__, contract="v1", generation=asked.casebook.generation)


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics(request: Request) -> Response:
    """Counts and durations for Prometheus; no label holds a query or an id."""
    registry = request.app.state.metrics.registry
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
