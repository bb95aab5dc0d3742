"""The service inside this process: the same requests and answers, without a socket."""

import asyncio
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Self

import httpx2
from httpx2 import ASGITransport

from casebook_client.errors import CannotOpen


class InProcess(httpx2.BaseTransport):
    """Asks an ASGI application from code that waits.

    The application has an event loop of its own, in a thread, so that a notebook's loop is no
    matter to it. The thread is a daemon: a program that does not close the client ends all the
    same.
    """

    def __init__(self, asked: ASGITransport) -> None:
        self._asked = asked
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._thread = Thread(target=self._run, name="casebook", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        # One task that lasts: threads that the application works in are kept as long as it does.
        self._loop.run_until_complete(self._ended.wait())

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return asyncio.run_coroutine_threadsafe(self._answer(request), self._loop).result()

    async def _answer(self, request: httpx2.Request) -> httpx2.Response:
        body = httpx2.ByteStream(request.read())
        asked = httpx2.Request(request.method, request.url, headers=request.headers, stream=body)
        response = await self._asked.handle_async_request(asked)
        content = await response.aread()
        return httpx2.Response(response.status_code, headers=response.headers, content=content)

    def close(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ended.set)
            self._thread.join()
            self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self.close()


def engine(data: Path) -> ASGITransport:
    """The engine over a data directory; raises CannotOpen."""
    try:
        from api.app import service
        from api.corpus import open_live
        from api.settings import settings
        from ingest.errors import CasebookError
    except ImportError as error:
        raise CannotOpen(
            f"The engine is not installed here ({error}).",
            remedy="Install casebook-engine in this environment, or ask a running service.",
        ) from None
    try:
        return ASGITransport(service(open_live(settings(), data), settings()))
    except CasebookError as error:
        raise CannotOpen(error.problem, remedy=error.remedy) from error
    except OSError as error:
        raise CannotOpen(
            f"{data} cannot be read ({error.strerror or error}).", remedy="Permit reading it."
        ) from error
