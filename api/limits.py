"""How large a request may be and how long it may take."""

import asyncio
from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problem import as_response, problem


class BodyLimit:
    """Reads a request's body before the service does; more than `maximum` bytes gets a 413.

    FastAPI's own limit answers in plain text.
    """

    def __init__(self, app: ASGIApp, *, maximum: int) -> None:
        self._app = app
        self._maximum = maximum

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        body = None if _declared(scope["headers"]) > self._maximum else await self._body(receive)
        if body is None:
            detail = f"The body is larger than {self._maximum} bytes; send less at a time."
            return await as_response(problem(413, detail))(scope, receive, send)
        return await self._app(scope, _replay(body, receive), send)

    async def _body(self, receive: Receive) -> bytes | None:
        body = bytearray()
        while True:
            message = await receive()
            body += message.get("body", b"")
            if len(body) > self._maximum:
                return None
            if message["type"] == "http.disconnect" or not message.get("more_body", False):
                return bytes(body)


class TimeLimit:
    """Answers 503 where nothing was answered within `seconds`.

    Work in a thread cannot be stopped; it ends by itself and its answer is dropped.
    """

    def __init__(self, app: ASGIApp, *, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        answer = _Answer(send)
        work = asyncio.ensure_future(_run(self._app, scope, receive, answer))
        finished, _ = await asyncio.wait({work}, timeout=self._seconds)
        if not finished and not answer.begun:
            answer.closed = True
            work.cancel()
            detail = f"No answer within {self._seconds:g} seconds; ask for less, or again later."
            headers = {"Retry-After": "5"}
            return await as_response(problem(503, detail), headers)(scope, receive, send)
        return await work


class _Answer:
    """The way out, which can be closed."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = False
        self.closed = False

    async def __call__(self, message: Message) -> None:
        if not self.closed:
            self.begun = True
            await self._send(message)


async def _run(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, send)


def _declared(headers: Iterable[tuple[bytes, bytes]]) -> int:
    lengths = [value for name, value in headers if name == b"content-length"]
    return int(lengths[0]) if lengths and lengths[0].isdigit() else 0


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body once, whole, and then whatever comes."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again
