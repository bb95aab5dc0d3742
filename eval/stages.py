"""How fast each stage of a build is, one after the other in one process."""

import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypeVar

from eval.inquiries import ReadDocument, read_anew, real_documents, sources
from eval.results import Figure
from index.edge import EdgeEngine
from index.embedder import Embedder
from index.generation import Generation
from index.shelf import Shelf
from index.store import Point
from ingest.findings.tagger import PassageText, findings
from ingest.model import Finding

_T = TypeVar("_T")
EMBEDDED = 256
"""Passages that are enough to see how fast the embedder is."""


def stages(data: Path, embedder: Embedder) -> Iterator[Figure]:
    """Of a document read anew, and of the index in `data` made once more."""
    folder = real_documents()
    source = max(sources(folder), key=lambda each: each.pages)
    document, seconds = _timed(lambda: read_anew(folder, source))
    yield _rate("pages read a second, words to passages", source.pages, seconds)
    found, seconds = _timed(lambda: _findings(document))
    yield _rate("passages searched for findings a second", len(found), seconds)
    points, seconds = _timed(lambda: _points(data))
    yield _rate("passages made into points a second", len(points), seconds)
    some = texts(data, EMBEDDED)
    _, seconds = _timed(lambda: embedder.passages(some))
    yield _rate("passages embedded a second", len(some), seconds)
    with tempfile.TemporaryDirectory() as place:
        dimension = len(points[0].dense)
        store = EdgeEngine().create("stages", Path(place), dimension=dimension)
        _, seconds = _timed(lambda: store.upsert(points))
        yield _rate("points put into the engine a second", len(points), seconds)
        _, seconds = _timed(store.flush)
        yield _rate("points the engine then settles a second", len(points), seconds)
        store.close()


def _findings(document: ReadDocument) -> list[tuple[Finding, ...]]:
    text = document.reading.text
    given = [
        PassageText(passage=passage, text=passage.span.of(text)) for passage in document.passages
    ]
    return list(findings(given))


def _points(data: Path) -> list[Point]:
    """Of all passages, words weighed and payload made."""
    generation = Generation.open(data)
    shelf, bm25 = Shelf(generation.folder, generation.joins), generation.stamp.bm25
    points: list[Point] = []
    homes = zip(generation.rows.passages, generation.rows.documents, strict=True)
    for row, (name, home) in enumerate(homes):
        volume = shelf.volume(home)
        passage = volume.passages[name]
        point = Point(
            row=row,
            passage=passage,
            document=volume.document,
            findings=volume.findings.get(name, ()),
            recommendations=tuple(link.recommendation for link in shelf.links.get(name, ())),
            dense=generation.context[row],
            lexical=bm25.passage(passage.span.of(volume.text), passage.section),
        )
        point.payload()
        points.append(point)
    return points


def texts(data: Path, count: int) -> list[str]:
    """Of the first passages in `data`."""
    generation = Generation.open(data)
    shelf = Shelf(generation.folder, generation.joins)
    homes = zip(generation.rows.passages, generation.rows.documents, strict=True)
    return [
        shelf.volume(home).passages[name].span.of(shelf.volume(home).text)
        for name, home in islice(homes, count)
    ]


def _timed(work: Callable[[], _T]) -> tuple[_T, float]:
    begun = time.perf_counter()
    made = work()
    return made, time.perf_counter() - begun


def _rate(what: str, count: int, seconds: float) -> Figure:
    return Figure(what=what, value=round(count / seconds), of=count, repeatable=False)
