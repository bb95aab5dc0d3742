"""Telling whoever watches how far long work has come."""

import sys
from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Told how many records are here, and how many there will be."""


def shown(done: int, total: int) -> None:
    """Writes it on stderr where that is a terminal or a notebook."""
    if sys.stderr.isatty() or "ipykernel" in sys.modules:
        end = "\n" if done >= total else ""
        print(f"\r{done:,} of {total:,}", end=end, file=sys.stderr, flush=True)


def silent(done: int, total: int) -> None:
    """Nothing."""
