"""The service under many clients at once: how long they wait, and what memory it takes."""

import json
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from socket import socket

import psutil

from eval import load
from eval.load import Load
from eval.results import Figure
from eval.timing import percentile

CLIENTS = 16
REQUESTS = 80
"""Of each client."""
STARTED_WITHIN = 60
MOST_MEMORY = 572
"""MiB: 600 MB."""
MIB = 2**20


def served(data: Path, questions: Sequence[str]) -> Iterator[Figure]:
    """Of the service over `data`, asked by clients in another process on the loopback."""
    with _serving(data) as (address, process):
        _loaded(address, questions, requests=REQUESTS // 4)
        met = _loaded(address, questions, requests=REQUESTS)
        resident = process.memory_info().rss / MIB
    about = f"HTTP search, {CLIENTS} clients, 10,000 passages"
    yield _figure(f"{about}, p95", percentile(met.milliseconds, 95), unit="ms", at_most=120)
    yield _figure(f"{about}, median", percentile(met.milliseconds, 50), unit="ms")
    answered = len(met.milliseconds)
    yield _figure(f"{about}, requests a second", answered / met.seconds, at_least=150)
    yield _figure(f"{about}, errors", met.errors, at_most=0, of=CLIENTS * REQUESTS)
    yield _figure("memory serving 10,000 passages", resident, unit="MiB", at_most=MOST_MEMORY)


@contextmanager
def _serving(data: Path) -> Generator[tuple[str, psutil.Process]]:
    """Address and process of `casebook serve`, for as long as it is asked."""
    port = _free_port()
    command = [sys.executable, "-m", "api.cli", "serve", "--data", str(data), "--port", str(port)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        _wait(port, process)
        yield f"http://127.0.0.1:{port}", psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    """Returns once the service is ready; raises RuntimeError where it does not come up."""
    until = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError):
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError("the service did not start")


def _loaded(address: str, questions: Sequence[str], *, requests: int) -> Load:
    """What clients in a process of their own met with."""
    command = [sys.executable, "-m", "eval.load", address]
    numbers = ["--clients", str(CLIENTS), "--requests", str(requests)]
    said = subprocess.run(
        [*command, *numbers],
        input=json.dumps(list(questions)),
        capture_output=True,
        text=True,
        check=True,
    )
    return load.report.validate_json(said.stdout)


def _free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _figure(
    what: str,
    value: float,
    *,
    unit: str = "",
    of: int | None = None,
    at_most: float | None = None,
    at_least: float | None = None,
) -> Figure:
    return Figure(
        what=what,
        value=round(value, 1),
        unit=unit,
        of=of,
        at_most=at_most,
        at_least=at_least,
        repeatable=False,
    )
