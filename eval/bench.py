"""Speed and memory beside what else does the same, in one run on one machine.

The recipe is what the named packages' own tutorials put together; it lies with the real
documents, as `recipe.py`. Both read the same files with the same weights. Optical recognition,
which the recipe lacks, is timed apart; so is the export of the embedder, which is done once.

From the real passages corpora of 1,000 to 100,000 are made up, and asked one question at a time
(`eval.scale`); that of 10,000 is also served to many clients (`eval.service`). `make million` adds
the column of a million.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from threading import Event, Thread

import psutil
from pydantic import BaseModel

from eval import timing
from eval.inquiries import real_documents
from eval.precision import EMBEDDED, speeds
from eval.results import Figure, Result, circumstances, write
from eval.scale import MILLION, SIZES, goal, in_a_fresh_process, questions
from eval.service import served
from eval.stages import stages, texts
from eval.synthesis import originals
from eval.tables import latency_table
from eval.timing import percentile
from index.casebook import Casebook
from index.edge import EdgeEngine
from index.embedder import load_embedder
from index.export import prepare_embedder
from index.search import Query
from index.store import Filters

MODEL = "all-MiniLM-L6-v2"
PACKAGES = ("onnxruntime", "pypdf", "pypdfium2", "qdrant-client", "qdrant-edge-py", "torch")
COLD_STARTS = 5
WARM_QUERIES = 600
SERVED_AT = 10_000
"""Passages."""
SAMPLE_SECONDS = 0.02
MIB = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a command took, with its children."""

    seconds: float
    peak_mib: float
    """Resident memory of all its processes at one time, at most."""
    peak_child_mib: float
    """Of any one of its children."""
    output: str


class RecipeTimes(BaseModel):
    """What the recipe prints of itself."""

    chunks: int
    query_ms_p95: float


def run(command: Sequence[str], *, folder: Path, path: str | None = None) -> Run:
    """The command run in `folder`; `path` takes the place of PATH, so that Tesseract is not found.

    Raises CalledProcessError where it fails.
    """
    environment = os.environ | ({"PATH": path} if path is not None else {})
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    )
    watch = _Watch(process.pid)
    output, _ = process.communicate()
    seconds = time.perf_counter() - begun
    watch.end()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, output)
    return Run(seconds=seconds, peak_mib=watch.peak, peak_child_mib=watch.child, output=output)


class _Watch:
    """Samples the memory of a process and its children until told to end."""

    def __init__(self, pid: int) -> None:
        self.peak = self.child = 0.0
        self._process = psutil.Process(pid)
        self._ended = Event()
        self._thread = Thread(target=self._sample)
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            try:
                children = self._process.children(recursive=True)
                # Their own: one that was just forked seems as large as what it was forked from.
                sizes = [child.memory_full_info().uss / MIB for child in children]
                own = self._process.memory_info().rss / MIB
            except psutil.NoSuchProcess:
                continue
            self.child = max([self.child, *sizes])
            self.peak = max(self.peak, own + sum(sizes))


def measure(folder: Path, work: Path) -> list[Figure]:
    """The figures, from the real documents in `folder`; `work` is an empty folder."""
    documents = folder / "corpora" / "inquiries"
    exporting = _seconds(lambda: prepare_embedder(MODEL, work / "data" / "models"))
    built = run(_casebook("build", str(documents), data=work / "data"), folder=work, path=str(work))
    recipe = run(_recipe(folder, documents, work / "recipe"), folder=work)
    times = RecipeTimes.model_validate_json(recipe.output.strip().splitlines()[-1])
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
        # A process that serves never has PyTorch loaded, as this one has from the export.
        warm = fresh.submit(_warm_queries, work / "data", _queries(folder)).result()
    cold = _cold_starts(work / "data", work)
    recognised = run(_casebook("build", str(documents), data=work / "ocr"), folder=work)
    return [
        Figure(
            what="whole run, PDF to searchable: times faster than the recipe",
            value=round(recipe.seconds / built.seconds, 2),
            at_least=2.5,
            repeatable=False,
        ),
        _timed("whole run", built.seconds, unit="s"),
        _timed("whole run of the recipe", recipe.seconds, unit="s"),
        _timed("export of the embedder, once", exporting, unit="s"),
        _timed("whole run with optical recognition and export", recognised.seconds, unit="s"),
        _timed("peak memory of the whole run", built.peak_mib, unit="MiB", at_most=1536),
        _timed("largest child process", built.peak_child_mib, unit="MiB", at_most=1024),
        _timed("peak memory of the recipe", recipe.peak_mib, unit="MiB"),
        _timed("warm hybrid query with filter, p50", percentile(warm, 50), unit="ms"),
        _timed("warm hybrid query with filter, p95", percentile(warm, 95), unit="ms", at_most=8),
        Figure(
            what="p95 of a query: times faster than the recipe's, which is dense only",
            value=round(times.query_ms_p95 / percentile(warm, 95), 1),
            at_least=20,
            repeatable=False,
        ),
        _timed("query of the recipe, p95", times.query_ms_p95, unit="ms"),
        _timed("`casebook search` from a cold shell, median", cold, unit="s", at_most=2),
        *_at_scale(work),
    ]


def _at_scale(work: Path) -> Iterator[Figure]:
    """Over corpora made up from the passages that lie in `work`; records the latencies too."""
    models, real = work / "data" / "models", originals(work / "data")
    for passages in SIZES:
        made = work / f"made-{passages}"
        made.mkdir()
        (made / "models").symlink_to(models)
        measured = in_a_fresh_process(real, made, passages=passages, models=models)
        timing.record([measured.latency])
        yield from measured.figures
    asked, middle = questions(), work / f"made-{SERVED_AT}"
    yield _timed(
        f"`casebook search` from a cold shell over {SERVED_AT:,} passages, median",
        _cold_starts(middle, work),
        unit="s",
    )
    yield from served(middle, asked)
    embedder = load_embedder(MODEL, models)
    yield from stages(middle, embedder)
    yield from speeds(embedder, asked, texts(middle, EMBEDDED))
    yield from _of_a_million()


def _of_a_million() -> Iterator[Figure]:
    """What `make million` recorded last, if it ever ran: a goal stays in sight."""
    for latency in timing.read():
        if latency.passages == MILLION:
            yield from goal(latency.timings, MILLION)


def _timed(what: str, value: float, *, unit: str, at_most: float | None = None) -> Figure:
    return Figure(what=what, value=round(value, 2), unit=unit, at_most=at_most, repeatable=False)


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _casebook(*arguments: str, data: Path) -> list[str]:
    return [sys.executable, "-m", "api.cli", *arguments, "--json", "--data", str(data)]


def _recipe(folder: Path, documents: Path, out: Path) -> list[str]:
    queries = folder / "gold" / "retrieval" / "dev" / "queries.jsonl"
    files = sorted(map(str, documents.glob("*.pdf")))
    return [
        sys.executable,
        str(folder / "recipe.py"),
        str(out),
        *files,
        "--queries",
        str(queries),
    ]


def _queries(folder: Path) -> list[str]:
    lines = (folder / "gold" / "retrieval" / "dev" / "queries.jsonl").read_text(encoding="utf-8")
    return [str(json.loads(line)["query"]) for line in lines.splitlines()]


def _warm_queries(data: Path, queries: Sequence[str]) -> list[float]:
    """Milliseconds of each of many searches, every one with a filter, evidence and all."""
    casebook = Casebook(data, embedder=load_embedder(MODEL, data / "models"), engine=EdgeEngine())
    documents = tuple(document.id for document in casebook.documents())
    filters = Filters(documents=documents[:-1])
    asked = list(islice(cycle(queries), WARM_QUERIES))
    for text in queries:
        casebook.search(Query(text=text, k=10, filters=filters))
    times = [
        _seconds(partial(casebook.search, Query(text=text, k=10, filters=filters)))
        for text in asked
    ]
    casebook.close()
    return [1000 * seconds for seconds in times]


def _cold_starts(data: Path, work: Path) -> float:
    command = _casebook("search", "failures of leadership", data=data)
    return statistics.median(run(command, folder=work).seconds for _ in range(COLD_STARTS))


def main() -> None:
    """Measures, prints and records."""
    folder = real_documents()
    with tempfile.TemporaryDirectory() as work:
        figures = measure(folder, Path(work))
    result = Result(
        name="speed",
        title="Speed and memory, 518 pages and more",
        circumstances=circumstances(*PACKAGES),
        figures=tuple(figures),
    )
    write(result)
    print(latency_table())
    for figure in result.figures:
        bound = "" if figure.reached else "   NOT REACHED"
        print(re.sub(r"\s+", " ", f"{figure.what}: {figure.value:g} {figure.unit}") + bound)


if __name__ == "__main__":
    main()
