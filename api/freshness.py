"""ETags from generation and question: what was not rebuilt need not be sent again."""

from collections.abc import Callable
from hashlib import sha256

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingest import __version__


class Freshness:
    """Marks each 200 of a GET under `/v1` with its ETag; answers 304 to whoever holds it."""

    def __init__(self, app: ASGIApp, *, generation: Callable[[], str]) -> None:
        self._app = app
        self._generation = generation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not _versioned(scope["path"]):
            return await self._app(scope, receive, send)
        tag = _tag(scope, self._generation())
        if tag in _held(Headers(scope=scope)):
            return await _not_modified(tag, send)

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                headers = MutableHeaders(scope=message)
                headers["ETag"] = tag
                headers["Cache-Control"] = "no-cache"
                headers.add_vary_header("Accept")
            await send(message)

        return await self._app(scope, receive, marked)


def _versioned(path: str) -> bool:
    return path.startswith("/v1/")


def _tag(scope: Scope, generation: str) -> str:
    question = scope["raw_path"] + b"?" + scope["query_string"]
    accept = Headers(scope=scope).get("accept", "").encode()
    made_of = b"\n".join((__version__.encode(), question, accept))
    return f'"{generation}-{sha256(made_of).hexdigest()[:16]}"'


def _held(headers: Headers) -> set[str]:
    tags = ",".join(headers.getlist("if-none-match")).split(",")
    return {tag.strip().removeprefix("W/") for tag in tags}


async def _not_modified(tag: str, send: Send) -> None:
    headers = [(b"etag", tag.encode()), (b"cache-control", b"no-cache"), (b"vary", b"Accept")]
    await send({"type": "http.response.start", "status": 304, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
