"""Many clients of the service at once, in a process of their own: `python -m eval.load --help`."""

import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from itertools import cycle, islice
from threading import Thread
from urllib.parse import urlencode, urlsplit

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What the clients met with."""

    milliseconds: tuple[float, ...]
    """Of each request that was answered with 200."""
    errors: int
    seconds: float
    """From the first request to the last answer."""


report = TypeAdapter(Load)


class Client(Thread):
    """Asks one question after the other over one connection."""

    def __init__(self, address: str, queries: Sequence[str]) -> None:
        super().__init__()
        self._place = urlsplit(address).netloc
        self._queries = queries
        self.times: list[float] = []
        self.errors = 0

    def run(self) -> None:
        connection = HTTPConnection(self._place, timeout=60)
        for query in self._queries:
            begun = time.perf_counter()
            try:
                connection.request("GET", f"/v1/search?{urlencode({'q': query})}")
                answer = connection.getresponse()
                answer.read()
                answered = answer.status == 200
            except (OSError, HTTPException):
                answered = False
                connection.close()
            if answered:
                self.times.append(1000 * (time.perf_counter() - begun))
            else:
                self.errors += 1
        connection.close()


def load(address: str, queries: Sequence[str], *, clients: int, requests: int) -> Load:
    """So many requests from each of so many clients, each beginning with another question."""
    asking = [
        Client(address, list(islice(cycle(queries), start, start + requests)))
        for start in range(clients)
    ]
    begun = time.perf_counter()
    for client in asking:
        client.start()
    for client in asking:
        client.join()
    return Load(
        milliseconds=tuple(time for client in asking for time in client.times),
        errors=sum(client.errors for client in asking),
        seconds=time.perf_counter() - begun,
    )


def main() -> None:
    """Reads a JSON list of questions and prints the report as JSON."""
    said = ArgumentParser(description=main.__doc__)
    said.add_argument("address", help="of the service: http://127.0.0.1:8000")
    said.add_argument("--clients", type=int, default=16)
    said.add_argument("--requests", type=int, default=100, help="of each client")
    asked = said.parse_args()
    queries: list[str] = json.load(sys.stdin)
    met = load(asked.address, queries, clients=asked.clients, requests=asked.requests)
    print(report.dump_json(met).decode())


if __name__ == "__main__":
    main()
