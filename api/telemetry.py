"""What the service says about itself: metrics and one log line a request, never the query."""

import json
import logging
import sys
from datetime import UTC, datetime
from time import perf_counter
from traceback import format_tb

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problem import as_response, problem, told
from ingest.errors import CasebookError

_LOG = logging.getLogger("casebook.requests")
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class Metrics:
    """Counts and durations of one service; labels hold routes, never paths or parameters."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "casebook_requests_total",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "casebook_request_seconds",
            "Seconds from request to answer.",
            ("method", "route"),
            registry=self.registry,
        )

    def count(self, *, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)


class Telemetry:
    """Counts and logs each request, marks each answer `noindex`, and answers for defects."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        began = perf_counter()
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Robots-Tag"] = "noindex"
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except CasebookError as error:
            await told(error)(scope, receive, watched)
        except Exception:
            # A reader is told nothing of our insides; the traceback goes to the log.
            _LOG.exception("defect", extra={"route": _route(scope)})
            if status:
                raise
            answer = problem(500, "This is a defect of the service, and it has been logged.")
            await as_response(answer)(scope, receive, watched)
        self._note(scope, status=status, seconds=perf_counter() - began)
        return None

    def _note(self, scope: Scope, *, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = _route(scope)
        self._metrics.count(method=method, route=route, status=status, seconds=seconds)
        milliseconds = round(seconds * 1_000, 1)
        said = {"method": method, "route": route, "status": status, "milliseconds": milliseconds}
        _LOG.info("request", extra=said)


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    _FIELDS = ("method", "route", "status", "milliseconds")

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        line |= {name: record.__dict__[name] for name in self._FIELDS if name in record.__dict__}
        if record.exc_info and record.exc_info[1]:
            # Not the message: it may hold what was asked for.
            error = record.exc_info[1]
            line["error"] = type(error).__name__
            line["traceback"] = format_tb(error.__traceback__)
        return json.dumps(line, ensure_ascii=False)


def log_to_stderr() -> None:
    """Sends the service's log to stderr as JSON Lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("casebook")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False


def _route(scope: Scope) -> str:
    """The template of the route: a path holds ids, which are not logged."""
    return str(getattr(scope.get("route"), "path", "unknown"))
