"""A Qdrant server or cluster: one collection for each generation, and an alias on the live one."""

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ApiException

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
from ingest.errors import ServiceError

BATCH = 256
FACET_LIMIT = 100_000


class ServerEngine:
    """Keeps each generation as the collection `<alias>-<generation>`."""

    name = "server"

    def __init__(
        self, client: QdrantClient, *, alias: str = "casebook", shards: int = 1, replicas: int = 1
    ) -> None:
        """`shards` and `replicas` are a new collection's shard number and replication factor."""
        self._client = client
        self._alias = alias
        self._shards = shards
        self._replicas = replicas

    def create(self, generation: str, folder: Path, *, dimension: int) -> "ServerStore":
        collection = self._collection(generation)
        with _as_service_error():
            self._client.delete_collection(collection)
            self._client.create_collection(
                collection,
                vectors_config={
                    DENSE: models.VectorParams(size=dimension, distance=models.Distance.COSINE)
                },
                sparse_vectors_config={
                    LEXICAL: models.SparseVectorParams(modifier=models.Modifier.IDF)
                },
                shard_number=self._shards,
                replication_factor=self._replicas,
            )
            self._index_payload(collection)
        return ServerStore(self._client, collection)

    def open(self, generation: str, folder: Path) -> "ServerStore":
        """Raises ServiceError where the server does not hold the generation."""
        collection = self._collection(generation)
        with _as_service_error():
            known = self._client.collection_exists(collection)
        if not known:
            raise ServiceError(
                f"The Qdrant server has no collection {collection}.",
                remedy="Run `casebook build` with the same QDRANT_URL.",
            )
        return ServerStore(self._client, collection)

    def publish(self, generation: str) -> None:
        swap = models.CreateAliasOperation(
            create_alias=models.CreateAlias(
                collection_name=self._collection(generation), alias_name=self._alias
            )
        )
        drop = models.DeleteAliasOperation(delete_alias=models.DeleteAlias(alias_name=self._alias))
        with _as_service_error():
            taken = {alias.alias_name for alias in self._client.get_aliases().aliases}
            self._client.update_collection_aliases([drop, swap] if self._alias in taken else [swap])

    def remove(self, generation: str) -> None:
        with _as_service_error():
            self._client.delete_collection(self._collection(generation))

    def _collection(self, generation: str) -> str:
        return f"{self._alias}-{generation}"

    def _index_payload(self, collection: str) -> None:
        kinds = dict.fromkeys(KEYWORDS, models.PayloadSchemaType.KEYWORD) | {
            PAGES: models.PayloadSchemaType.INTEGER,
            DATE: models.PayloadSchemaType.DATETIME,
        }
        for path, kind in kinds.items():
            self._client.create_payload_index(collection, path, kind)


class ServerStore:
    """One collection."""

    def __init__(self, client: QdrantClient, collection: str) -> None:
        self._client = client
        self._collection = collection

    def upsert(self, points: Iterable[Point]) -> None:
        for batch in batches(points, BATCH):
            with _as_service_error():
                self._client.upsert(self._collection, [_point(point) for point in batch])

    def flush(self) -> None:
        """Nothing to do: an upsert returns once the server's own log holds it."""

    def nearest(self, vector: Vector, *, filters: Filters, limit: int) -> Lane:
        return self._ask(vector.tolist(), using=DENSE, filters=filters, limit=limit)

    def lexical(self, vector: SparseVector, *, filters: Filters, limit: int) -> Lane:
        return self._ask(_sparse(vector), using=LEXICAL, filters=filters, limit=limit)

    def facets(self, field: Field, filters: Filters) -> Mapping[str, int]:
        with _as_service_error():
            response = self._client.facet(
                self._collection, field, _filter(filters), limit=FACET_LIMIT, exact=True
            )
        return counted((hit.value, hit.count) for hit in response.hits)

    def count(self, filters: Filters) -> int:
        with _as_service_error():
            return self._client.count(self._collection, _filter(filters), exact=True).count

    def close(self) -> None:
        """Nothing: the client belongs to whoever made it."""

    def _ask(
        self,
        query: list[float] | models.SparseVector,
        *,
        using: str,
        filters: Filters,
        limit: int,
    ) -> Lane:
        with _as_service_error():
            response = self._client.query_points(
                self._collection,
                query,
                using=using,
                query_filter=_filter(filters),
                limit=limit,
                with_payload=False,
                search_params=models.SearchParams(exact=True),
            )
        rows = cast(list[int], [point.id for point in response.points])
        return lane(rows, [point.score for point in response.points])


def connect(url: str, api_key: str | None = None, *, insecure: bool = False) -> QdrantClient:
    """A client of a server that is there; raises ServiceError where it is not, or is not safe.

    A server elsewhere must have TLS and a key unless `insecure`: without them anyone on the way
    reads and alters what is shown as evidence.
    """
    parts = urlsplit(url)
    if not (insecure or _is_loopback(parts.hostname) or (parts.scheme == "https" and api_key)):
        raise ServiceError(
            f"{url} is on another machine, without {'a key' if api_key is None else 'TLS'}.",
            remedy="Use an https address and QDRANT_API_KEY, or allow an insecure server.",
        )
    with _as_service_error(url):
        client = QdrantClient(url=url, api_key=api_key, check_compatibility=False)
        client.get_collections()
    return client


def _is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False


@contextmanager
def _as_service_error(place: str = "The Qdrant server") -> Generator[None]:
    try:
        yield
    except ApiException as error:
        raise ServiceError(
            f"{place} did not do what was asked: {error}.",
            remedy="Check that it runs, and QDRANT_URL and QDRANT_API_KEY.",
        ) from error


def _point(point: Point) -> models.PointStruct:
    vectors: dict[str, list[float] | models.SparseVector] = {
        DENSE: cast(list[float], point.dense.tolist()),
        LEXICAL: _sparse(point.lexical),
    }
    return models.PointStruct(
        id=point.row, vector=cast(models.VectorStruct, vectors), payload=dict(point.payload())
    )


def _sparse(vector: SparseVector) -> models.SparseVector:
    return models.SparseVector(indices=list(vector.indices), values=list(vector.values))


def _filter(filters: Filters) -> models.Filter | None:
    conditions: list[models.Condition] = [
        _any_of(path, values) for path, values in filters.of_passage().items()
    ]
    if finding := filters.of_finding():
        asked = [_any_of(path, values) for path, values in finding.items()]
        conditions.append(
            models.NestedCondition(
                nested=models.Nested(key=FINDINGS, filter=models.Filter(must=[*asked]))
            )
        )
    if filters.date_from or filters.date_to:
        days = models.DatetimeRange(gte=filters.date_from, lte=filters.date_to)
        conditions.append(models.FieldCondition(key=DATE, range=days))
    return models.Filter(must=conditions) if conditions else None


def _any_of(path: str, values: Iterable[Scalar]) -> models.FieldCondition:
    return models.FieldCondition(key=path, match=models.MatchAny(any=cast(list[str], list(values))))
