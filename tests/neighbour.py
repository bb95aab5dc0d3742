"""Another process on the same data directory: `python -m neighbour hold|kill|read DATA`."""

import json
import os
import select
import signal
import sys
from pathlib import Path

from toyembedder import ToyEmbedder

from index import build as building
from index.build import build_index
from index.casebook import Live
from index.edge import EdgeEngine
from index.lock import hold
from index.search import Query
from ingest.errors import StaleData


def hold_until_killed(data: Path) -> None:
    with hold(data):
        print("held", flush=True)
        sys.stdin.read()


def build_until_killed(data: Path) -> None:
    """Dies after everything is written, just before it would become the live generation."""
    setattr(building, "make_current", _die)  # noqa: B010 - it is imported there, not exported
    build_index(data, embedder=ToyEmbedder(), engine=EdgeEngine())


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def read_until_told(data: Path) -> None:
    """Searches without a pause; every answer must be whole, of whichever generation."""
    live = Live(data, embedder=ToyEmbedder(), engine=EdgeEngine())
    print("ready", flush=True)
    answers = 0
    while not select.select([sys.stdin], [], [], 0)[0]:
        try:
            found = {hit.passage.id for hit in live.now().search(Query(text="vetting plan")).hits}
        except StaleData:  # its documents went while it was opened: asked to ask again
            continue
        if not {"review:1", "review:2"} <= found:
            raise SystemExit(f"half an index: {found}")
        answers += 1
    print(json.dumps({"answers": answers}))


if __name__ == "__main__":
    {"hold": hold_until_killed, "kill": build_until_killed, "read": read_until_told}[sys.argv[1]](
        Path(sys.argv[2])
    )
