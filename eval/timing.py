"""How long one question takes each system, at each size: kept apart from the figures, as a table.

What was measured at a size stays until that size is measured again: a million passages take a
quarter of an hour to index, and are not measured with the others.
"""

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from eval.results import FOLDER, Circumstances
from index.durable import write_durably

SERVED = "Casebook, hybrid"
"""What the others are measured against, in the same run."""
_FILE = "latency.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Milliseconds of a question, the questions being asked one after the other."""

    system: str
    passages: int
    median: float
    p95: float
    questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """The timings of one run, whose ratios hold: one size, one machine, one hour."""

    passages: int
    timings: tuple[Timing, ...]
    circumstances: Circumstances


_file = TypeAdapter(tuple[Latency, ...])


def timed(
    system: str,
    ask: Callable[[str], object],
    questions: Sequence[str],
    *,
    passages: int,
    repeats: int = 2,
) -> Timing:
    """After each question has been asked once, so that what can be warm is."""
    for question in questions:
        ask(question)
    times = [milliseconds(ask, question) for _ in range(repeats) for question in questions]
    return Timing(
        system=system,
        passages=passages,
        median=round(statistics.median(times), 3),
        p95=round(percentile(times, 95), 3),
        questions=len(times),
    )


def milliseconds(ask: Callable[[str], object], question: str) -> float:
    """Until the answer is there."""
    begun = time.perf_counter()
    ask(question)
    return 1000 * (time.perf_counter() - begun)


def percentile(values: Sequence[float], percent: int) -> float:
    """Between the values on either side of it."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def read(folder: Path = FOLDER) -> tuple[Latency, ...]:
    """What was recorded last of each size, smallest first; nothing before the first time."""
    path = folder / _FILE
    return _file.validate_json(path.read_bytes()) if path.exists() else ()


def record(measured: Iterable[Latency], folder: Path = FOLDER) -> tuple[Latency, ...]:
    """All that is recorded now: each size that was measured takes the place of what it had."""
    kept = {each.passages: each for each in (*read(folder), *measured)}
    now = tuple(kept[passages] for passages in sorted(kept))
    write_durably(folder / _FILE, _file.dump_json(now, indent=1) + b"\n")
    return now
