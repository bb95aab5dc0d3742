"""Searches take turns: a few at a time, whoever came first before whoever came later."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

AT_ONCE = os.cpu_count() or 1
"""As many as there are processors. With one more there were fewer answers a second in seven runs of
eight; a thread for each client does no better, and all of them take 15 to 38 MiB more."""

_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")


class Turns:
    """The threads in which one service searches."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="search")

    async def take(
        self, work: Callable[_Given, _Answer], *given: _Given.args, **named: _Given.kwargs
    ) -> _Answer:
        """What the work gives, when its turn has come."""
        done = self._threads.submit(work, *given, **named)
        return await asyncio.wrap_future(done)
