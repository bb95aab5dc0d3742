"""Qdrant Edge, in process: the default engine.

A shard may be open only once at a time, and opening one writes to it. So a shard in a
generation is opened once, by the build that makes it; every reader opens a private copy, and
any number of them read while a build makes the next. Shards are sparse files of a few
megabytes for thousands of passages, and are copied with their holes.
"""

import os
import shutil
import tempfile
import time
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import cast

import qdrant_edge as edge
from filelock import FileLock, Timeout

from index.embedder import Vector
from index.lexical import SparseVector
from index.store import (
    DATE,
    DENSE,
    FINDINGS,
    KEYWORDS,
    LEXICAL,
    PAGES,
    Field,
    Filters,
    Lane,
    Point,
    Scalar,
    batches,
    counted,
    lane,
)
from ingest.errors import DamagedData

SHARD = "shard"
BATCH = 512
FACET_LIMIT = 100_000
SETTLED_SECONDS = 60
"""A younger copy may not have its lock yet."""
_COPY_PREFIX = "casebook-shard-"


class EdgeEngine:
    """Keeps each generation's shard in the generation's folder."""

    name = "edge"

    def create(self, generation: str, folder: Path, *, dimension: int) -> "EdgeStore":
        shard = folder / SHARD
        shutil.rmtree(shard, ignore_errors=True)
        return EdgeStore(_create(shard, dimension))

    def open(self, generation: str, folder: Path) -> "EdgeStore":
        """Raises DamagedData where the shard cannot be loaded."""
        try:
            copy = PrivateCopy(folder / SHARD)
            return EdgeStore(edge.EdgeShard.load(str(copy.shard)), copy=copy)
        except Exception as error:  # the bindings raise bare exceptions
            raise DamagedData(
                f"{folder / SHARD} cannot be opened ({error}).",
                remedy="Delete the `index` folder and run `casebook build` again.",
            ) from error

    def publish(self, generation: str) -> None:
        """Nothing: the generation's folder is all there is."""

    def remove(self, generation: str) -> None:
        """Nothing: the generation's folder is all there is."""


class EdgeStore:
    """One shard; safe to read from many threads."""

    def __init__(self, shard: edge.EdgeShard, *, copy: "PrivateCopy | None" = None) -> None:
        self._shard = shard
        self._copy = copy

    def upsert(self, points: Iterable[Point]) -> None:
        for batch in batches(points, BATCH):
            converted = [_point(point) for point in batch]
            self._shard.update(edge.UpdateOperation.upsert_points(converted))

    def flush(self) -> None:
        self._shard.optimize()
        self._shard.flush()

    def nearest(self, vector: Vector, *, filters: Filters, limit: int) -> Lane:
        query = edge.Query.Nearest(cast(list[float], vector.tolist()), DENSE)
        return self._ask(query, filters, limit)

    def lexical(self, vector: SparseVector, *, filters: Filters, limit: int) -> Lane:
        query = edge.Query.Nearest(_sparse(vector), LEXICAL)
        return self._ask(query, filters, limit)

    def facets(self, field: Field, filters: Filters) -> Mapping[str, int]:
        # Inexact is one pass over the index, and exact here: no point is ever replaced.
        request = edge.FacetRequest(field, FACET_LIMIT, exact=False, filter=_filter(filters))
        return counted((hit.value, hit.count) for hit in self._shard.facet(request).hits)

    def count(self, filters: Filters) -> int:
        return self._shard.count(edge.CountRequest(filter=_filter(filters)))

    def close(self) -> None:
        self._shard.close()
        if self._copy:
            self._copy.remove()

    def _ask(self, query: edge.Query, filters: Filters, limit: int) -> Lane:
        request = edge.QueryRequest(
            limit=limit,
            query=query,
            filter=_filter(filters),
            params=edge.SearchParams(exact=True),
        )
        return lane((cast(int, point.id), point.score) for point in self._shard.query(request))


class PrivateCopy:
    """A copy of a shard for one reader, in the system's folder for temporary files."""

    def __init__(self, shard: Path) -> None:
        sweep()
        self._folder = Path(tempfile.mkdtemp(prefix=_COPY_PREFIX))
        self._lock = FileLock(self._folder / "lock")
        self._lock.acquire(timeout=0)
        self.shard = self._folder / SHARD
        shutil.copytree(shard, self.shard, copy_function=copy_sparse)
        self.remove = weakref.finalize(self, _remove, self._folder, self._lock)


def _remove(folder: Path, lock: FileLock) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    lock.release()


def sweep() -> None:
    """Removes the copies of readers that were killed: nobody holds their locks."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_COPY_PREFIX}*"):
        with suppress(OSError, Timeout):
            if time.time() - folder.stat().st_mtime > SETTLED_SECONDS:
                with FileLock(folder / "lock").acquire(timeout=0):
                    shutil.rmtree(folder, ignore_errors=True)


def copy_sparse(source: str, target: str) -> None:
    """Copies a file without filling its holes, where the system can tell them."""
    if not hasattr(os, "SEEK_DATA"):
        shutil.copyfile(source, target)
        return
    with Path(source).open("rb") as read, Path(target).open("wb") as write:
        size = os.fstat(read.fileno()).st_size
        for start, end in _stretches(read.fileno(), size):
            read.seek(start)
            write.seek(start)
            write.write(read.read(end - start))
        write.truncate(size)


def _stretches(descriptor: int, size: int) -> Iterator[tuple[int, int]]:
    """Where the file holds data."""
    end = 0
    while end < size:
        try:
            start = os.lseek(descriptor, end, os.SEEK_DATA)
        except OSError:  # no data to the end of the file
            return
        end = os.lseek(descriptor, start, os.SEEK_HOLE)
        yield start, end


def _create(shard: Path, dimension: int) -> edge.EdgeShard:
    # No log beside the data: a generation is published after its flush, or never.
    config = edge.EdgeConfig(
        vectors={DENSE: edge.EdgeVectorParams(dimension, edge.Distance.Cosine)},
        sparse_vectors={LEXICAL: edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf)},
        wal_enabled=False,
    )
    created = edge.EdgeShard.create(str(shard), config)
    _index_payload(created)
    return created


def _index_payload(shard: edge.EdgeShard) -> None:
    index = edge.UpdateOperation.create_field_index
    for path in KEYWORDS:
        # Indexed object by object: without it each nested condition reads every payload.
        nested = FINDINGS if path.startswith(FINDINGS) else None
        shard.update(index(path, edge.KeywordIndexParams(nested=nested)))
    shard.update(index(PAGES, edge.PayloadSchemaType.Integer))
    shard.update(index(DATE, edge.PayloadSchemaType.Datetime))


def _point(point: Point) -> edge.Point:
    vectors: dict[str, list[float] | edge.SparseVector] = {
        DENSE: cast(list[float], point.dense.tolist()),
        LEXICAL: _sparse(point.lexical),
    }
    return edge.Point(point.row, cast("edge.Vector", vectors), dict(point.payload()))


def _sparse(vector: SparseVector) -> edge.SparseVector:
    return edge.SparseVector(list(vector.indices), list(vector.values))


def _filter(filters: Filters) -> edge.Filter | None:
    conditions: list[edge.FieldCondition | edge.NestedCondition] = [
        _any_of(path, values) for path, values in filters.of_passage().items()
    ]
    if finding := filters.of_finding():
        asked = [_any_of(path, values) for path, values in finding.items()]
        conditions.append(edge.NestedCondition(FINDINGS, edge.Filter(must=[*asked])))
    if filters.date_from or filters.date_to:
        days = edge.RangeDateTime(
            gte=filters.date_from.isoformat() if filters.date_from else None,
            lte=filters.date_to.isoformat() if filters.date_to else None,
        )
        conditions.append(edge.FieldCondition(DATE, range=days))
    return edge.Filter(must=[*conditions]) if conditions else None


def _any_of(path: str, values: Iterable[Scalar]) -> edge.FieldCondition:
    return edge.FieldCondition(path, match=edge.MatchAny(cast(list[str], list(values))))
