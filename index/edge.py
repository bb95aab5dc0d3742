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
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
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
GRAPH_FROM = 200_000
"""Passages. Fewer are all compared, as bytes: of 50,000 that finds all the 500 nearest in 1.6 ms,
for 3.9 as floats; by a graph of neighbours 97% of them in 1.5, after 13 s of building."""
OVERSAMPLING = 2.0
"""Candidates by bytes, to one that is wanted; the floats of these decide, so that scores are exact.
With 1.0 it finds 98% of the 500 nearest, with one bit for a byte 38%."""
QUANTILE = 0.99
"""Of the numbers in all vectors, which a byte can tell apart; those beyond count as the last."""
LINKS, BUILDING_BEAM = 16, 100
"""Of the graph: neighbours kept of a passage, and candidates looked at for them."""
WHOLE_BELOW = 10_000
"""Kilobytes of vectors that pass a filter: no more are compared without the graph."""
SETTLED_SECONDS = 60
"""A younger copy may not have its lock yet."""
_COPY_PREFIX = "casebook-shard-"


class EdgeEngine:
    """Keeps each generation's shard in the generation's folder."""

    name = "edge"

    def create(self, generation: str, folder: Path, *, dimension: int) -> "EdgeStore":
        shard = folder / SHARD
        shutil.rmtree(shard, ignore_errors=True)
        graph = partial(edge.EdgeShard.load, str(shard), _config(dimension, links=LINKS))
        return EdgeStore(_create(shard, dimension), reopen=graph)

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

    parameters = edge.SearchParams(
        quantization=edge.QuantizationSearchParams(rescore=True, oversampling=OVERSAMPLING)
    )
    """Of a search by cosine."""

    def __init__(
        self,
        shard: edge.EdgeShard,
        *,
        reopen: Callable[[], edge.EdgeShard] | None = None,
        copy: "PrivateCopy | None" = None,
    ) -> None:
        """`reopen` opens the shard of a build as one with a graph; `copy` is what a reader has."""
        self._shard = shard
        self._reopen = reopen
        self._copy = copy

    def upsert(self, points: Iterable[Point]) -> None:
        for batch in batches(points, BATCH):
            converted = [_point(point) for point in batch]
            self._shard.update(edge.UpdateOperation.upsert_points(converted))

    def flush(self) -> None:
        if self._reopen is not None and self.count(Filters()) >= GRAPH_FROM:
            # How many there will be is not known when the shard is made.
            self._shard.flush()
            self._shard.close()
            self._shard = self._reopen()
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
            params=self.parameters,
        )
        found = self._shard.query(request)
        rows = cast(list[int], [point.id for point in found])
        return lane(rows, [point.score for point in found])


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


def _config(dimension: int, *, links: int = 0) -> edge.EdgeConfig:
    """That of a shard with so many links a passage in its graph; by default it has none."""
    # No log beside the data: a generation is published after its flush, or never.
    return edge.EdgeConfig(
        vectors={
            DENSE: edge.EdgeVectorParams(
                dimension,
                edge.Distance.Cosine,
                hnsw_config=edge.HnswIndexConfig(links, BUILDING_BEAM, WHOLE_BELOW),
                quantization_config=edge.ScalarQuantizationConfig(
                    edge.ScalarType.Int8, quantile=QUANTILE, memory=edge.Memory.Pinned
                ),
            )
        },
        sparse_vectors={LEXICAL: edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf)},
        wal_enabled=False,
    )


def _create(shard: Path, dimension: int) -> edge.EdgeShard:
    created = edge.EdgeShard.create(str(shard), _config(dimension))
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
