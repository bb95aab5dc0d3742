"""The service inside this process: the same requests and answers, without a socket."""

from pathlib import Path
from types import TracebackType
from typing import Self

import httpx2
from anyio.from_thread import BlockingPortal, start_blocking_portal
from httpx2 import ASGITransport

from casebook_client.errors import CannotOpen


class InProcess(httpx2.BaseTransport):
    """Asks an ASGI application from code that waits.

    The application has an event loop of its own, in a thread, so that a notebook's loop is no
    matter to it.
    """

    def __init__(self, asked: ASGITransport) -> None:
        self._asked = asked
        self._starting = start_blocking_portal()
        self._portal: BlockingPortal = self._starting.__enter__()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return self._portal.call(self._answer, request)

    async def _answer(self, request: httpx2.Request) -> httpx2.Response:
        body = httpx2.ByteStream(request.read())
        asked = httpx2.Request(request.method, request.url, headers=request.headers, stream=body)
        response = await self._asked.handle_async_request(asked)
        content = await response.aread()
        return httpx2.Response(response.status_code, headers=response.headers, content=content)

    def close(self) -> None:
        self._starting.__exit__(None, None, None)

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
