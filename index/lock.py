"""One writer at a time on a data directory."""

import os
import socket
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from index.durable import as_write_failed
from ingest.errors import HeldElsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who writes to a data directory."""

    pid: int
    host: str
    since: datetime


@contextmanager
def hold(data: Path) -> Generator[None]:
    """Nobody else writes to `data` meanwhile; raises HeldElsewhere, which names who does.

    The same thread may hold it again within. The system frees it when the process ends, however
    it ends. Readers need no lock: what they open is never written again.
    """
    with as_write_failed(data):
        data.mkdir(parents=True, exist_ok=True)
        lock = FileLock(data / "lock", is_singleton=True)
        outermost = not lock.is_locked
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise _held(data) from error
        if outermost:
            _note(data).write_bytes(TypeAdapter(Holder).dump_json(_ourselves()))
    try:
        yield
    finally:
        if outermost:
            _note(data).unlink(missing_ok=True)
        lock.release()


def holder(data: Path) -> Holder | None:
    """Who wrote last that they hold the lock, and has not taken it back."""
    with suppress(OSError, ValidationError):
        return TypeAdapter(Holder).validate_json(_note(data).read_bytes())
    return None


def _held(data: Path) -> HeldElsewhere:
    found = holder(data)
    who = (
        f"process {found.pid} on {found.host} since {found.since:%H:%M:%S on %d %B %Y} UTC"
        if found
        else "another process"
    )
    return HeldElsewhere(
        f"{data} is being written to by {who}.",
        remedy="Wait until it has finished, or end it; a data directory takes one writer.",
    )


def _ourselves() -> Holder:
    return Holder(pid=os.getpid(), host=socket.gethostname(), since=datetime.now(UTC))


def _note(data: Path) -> Path:
    return data / "lock.holder"
