"""One contract, kept by the embedded engine and by a Qdrant server."""

import math
import os
import subprocess
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from dossiers import Mark, dossier
from hypothesis import given, settings
from hypothesis import strategies as st
from qdrant_client import QdrantClient

from index.edge import SHARD, EdgeEngine, PrivateCopy, copy_sparse
from index.embedder import Vectors
from index.lexical import Bm25, words
from index.server import ServerEngine, connect
from index.store import Engine, Field, Filters, Point, Store
from ingest.errors import DamagedData, ServiceError
from ingest.model import Document, Edition, Finding, Stance, Voice

TEXTS = (
    "Vetting failed",
    "Vetting of officers failed and failed again",
    "The officers were trained",
    "A plan for the harbour",
)
AVERAGE = 3.0
FOUND: Mark = ("vetting", Voice.INQUIRY, Stance.FOUND)
ALLEGED: Mark = ("vetting", Voice.WITNESS, Stance.ALLEGED)
RACISM: Mark = ("racism", Voice.INQUIRY, Stance.ALLEGED)

REVIEW = dossier(
    "review", TEXTS[:3], day=date(2023, 3, 21), marks={0: [FOUND], 1: [ALLEGED, RACISM]}
)
LETTER = dossier("letter", TEXTS[3:], edition=Edition.DIGEST)
GENERATION = "0123456789abcdef"


def points() -> list[Point]:
    """Four passages whose vectors turn away from the first by equal steps."""
    bm25 = Bm25(average_length=AVERAGE)
    homes = [(REVIEW.document, passage) for passage in REVIEW.passages]
    homes += [(LETTER.document, passage) for passage in LETTER.passages]
    return [
        Point(
            row=row,
            passage=passage,
            document=document,
            findings=tuple(f for f in REVIEW.findings if f.passage == passage.id),
            recommendations=("review:recommendation-1",) if row == 2 else (),
            dense=np.array([math.cos(row / 2), math.sin(row / 2)], dtype=np.float32),
            lexical=bm25.passage(TEXTS[row]),
        )
        for row, (document, passage) in enumerate(homes)
    ]


def engines() -> list[str]:
    return ["edge", "memory", *(["server"] if "QDRANT_URL" in os.environ else [])]


@pytest.fixture(scope="module", params=engines())
def engine(request: pytest.FixtureRequest) -> Engine:
    match request.param:
        case "edge":
            return EdgeEngine()
        case "memory":
            return ServerEngine(QdrantClient(":memory:"))
        case _:
            client = connect(
                os.environ["QDRANT_URL"], os.environ.get("QDRANT_API_KEY"), insecure=True
            )
            return ServerEngine(client, alias="casebook-test")


@pytest.fixture(scope="module")
def store(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The four points, written by one store and read by another."""
    folder = tmp_path_factory.mktemp("generation")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the stand-in, which has no payload indexes
        made = engine.create(GENERATION, folder, dimension=2)
    made.upsert(points())
    made.flush()
    made.close()
    engine.publish(GENERATION)
    opened = engine.open(GENERATION, folder)
    yield opened
    opened.close()
    engine.remove(GENERATION)


pytestmark = [
    pytest.mark.filterwarnings("ignore:Payload indexes have no effect:UserWarning"),
    pytest.mark.filterwarnings("ignore:Local mode performs exact:UserWarning"),
]


def test_the_nearest_come_first_with_their_cosines(store: Store) -> None:
    lane = store.nearest(points()[0].dense, filters=Filters(), limit=3)
    assert lane.rows.tolist() == [0, 1, 2]
    assert lane.scores.tolist() == pytest.approx([1, math.cos(0.5), math.cos(1)], abs=1e-5)


def test_the_lexical_score_is_bm25_with_the_idf_of_lucene(store: Store) -> None:
    query = "officers failed"
    lane = store.lexical(Bm25(average_length=AVERAGE).query(query), filters=Filters(), limit=10)
    expected = {row: _bm25(query, text) for row, text in enumerate(TEXTS)}
    found = dict(zip(lane.rows.tolist(), lane.scores.tolist(), strict=True))
    assert found == pytest.approx({row: score for row, score in expected.items() if score})
    assert lane.scores.tolist() == sorted(found.values(), reverse=True)


def test_a_filter_does_not_change_the_scores(store: Store) -> None:
    query = Bm25(average_length=AVERAGE).query("officers failed")
    every = store.lexical(query, filters=Filters(), limit=10)
    some = store.lexical(query, filters=Filters(tags=("racism",)), limit=10)
    assert some.rows.tolist() == [1]
    assert some.scores[0] == every.scores[every.rows.tolist().index(1)]


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        (Filters(), {0, 1, 2, 3}),
        (Filters(documents=("letter",)), {3}),
        (Filters(documents=("letter", "review")), {0, 1, 2, 3}),
        (Filters(tags=("vetting",)), {0, 1}),
        (Filters(tags=("vetting",), voices=("witness",)), {1}),
        (Filters(tags=("vetting",), voices=("inquiry",), stances=("alleged",)), set[int]()),
        (Filters(voices=("inquiry",), stances=("alleged",)), {1}),
        (Filters(tags=("vetting", "racism"), voices=("inquiry",)), {0, 1}),
        (Filters(recommendations=("review:recommendation-1",)), {2}),
        (Filters(editions=("digest",)), {3}),
        (Filters(pages=(2, 3)), {1, 2}),
        (Filters(date_from=date(2023, 3, 21), date_to=date(2023, 3, 21)), {0, 1, 2}),
        (Filters(date_from=date(2023, 3, 22)), set[int]()),
        (Filters(date_to=date(2023, 3, 20)), set[int]()),
        (Filters(tags=("vetting",), documents=("letter",)), set[int]()),
    ],
)
def test_a_filter_lets_through_what_it_names(
    store: Store, filters: Filters, rows: set[int]
) -> None:
    lane = store.nearest(points()[0].dense, filters=filters, limit=10)
    assert set(lane.rows.tolist()) == rows
    assert store.count(filters) == len(rows)
    assert {point.row for point in points() if _admits(filters, point)} == rows


def test_facets_count_passages_by_value(store: Store) -> None:
    assert store.facets(Field.DOCUMENT, Filters()) == {"review": 3, "letter": 1}
    assert store.facets(Field.TAG, Filters()) == {"vetting": 2, "racism": 1}
    assert store.facets(Field.STANCE, Filters()) == {"alleged": 1, "found": 1}
    assert store.facets(Field.VOICE, Filters(tags=("racism",))) == {"inquiry": 1, "witness": 1}
    assert store.facets(Field.RECOMMENDATION, Filters()) == {"review:recommendation-1": 1}
    assert store.facets(Field.EDITION, Filters(documents=("letter",))) == {"digest": 1}


def test_the_most_frequent_value_comes_first_and_ties_by_name(store: Store) -> None:
    assert list(store.facets(Field.TAG, Filters())) == ["vetting", "racism"]
    assert list(store.facets(Field.STANCE, Filters())) == ["alleged", "found"]


def test_a_store_made_again_starts_empty(engine: Engine, tmp_path: Path) -> None:
    for _ in range(2):
        made = engine.create("again", tmp_path, dimension=2)
        assert made.count(Filters()) == 0
        made.upsert(points())
        made.close()
    engine.remove("again")


def test_what_was_removed_or_never_made_cannot_be_opened(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises((DamagedData, ServiceError)):
        engine.open("feedfeedfeedfeed", tmp_path)


@settings(max_examples=200)
@given(
    tags=st.sets(st.sampled_from(["vetting", "racism"])),
    voices=st.sets(st.sampled_from(["inquiry", "witness"])),
    stances=st.sets(st.sampled_from(["found", "alleged"])),
)
def test_facets_and_counts_agree_with_reading_every_passage(
    store: Store, tags: set[str], voices: set[str], stances: set[str]
) -> None:
    filters = Filters(tags=tuple(tags), voices=tuple(voices), stances=tuple(stances))
    admitted = [point for point in points() if _admits(filters, point)]
    assert store.count(filters) == len(admitted)
    assert store.facets(Field.DOCUMENT, filters) == Counter(p.document.id for p in admitted)
    assert store.facets(Field.TAG, filters) == Counter(
        tag for point in admitted for tag in {finding.tag for finding in point.findings}
    )


def test_what_was_flushed_outlives_a_kill(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; import test_store as t\n"
        "store = t.EdgeEngine().create(t.GENERATION, Path(sys.argv[1]), dimension=2)\n"
        "store.upsert(t.points()); store.flush(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(["tests", "."])}
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], env=environment, check=False)
    opened = EdgeEngine().open(GENERATION, tmp_path)
    assert opened.count(Filters()) == len(TEXTS)
    opened.close()


def test_reading_writes_nothing_to_the_shard(tmp_path: Path) -> None:
    made = EdgeEngine().create(GENERATION, tmp_path, dimension=2)
    made.upsert(points())
    made.flush()
    made.close()
    before = _contents(tmp_path / SHARD)
    first = EdgeEngine().open(GENERATION, tmp_path)
    second = EdgeEngine().open(GENERATION, tmp_path)
    assert first.count(Filters()) == second.count(Filters()) == len(TEXTS)
    first.close()
    second.close()
    assert _contents(tmp_path / SHARD) == before


def test_a_reader_leaves_no_copy_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / SHARD).mkdir()
    (tmp_path / SHARD / "data").write_bytes(b"data")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    copy = PrivateCopy(tmp_path / SHARD)
    assert (copy.shard / "data").read_bytes() == b"data"
    copy.remove()
    assert not list((tmp_path / "temporary").iterdir())


def test_the_copy_of_a_killed_reader_is_swept_and_a_living_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / SHARD).mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("index.edge.SETTLED_SECONDS", -1)
    dead = tmp_path / "casebook-shard-dead"
    dead.mkdir()
    living = PrivateCopy(tmp_path / SHARD)
    other = PrivateCopy(tmp_path / SHARD)
    assert not dead.exists()
    assert living.shard.is_dir()
    living.remove()
    other.remove()


def test_a_copied_file_has_the_same_bytes_and_no_more_blocks(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    with source.open("wb") as file:
        file.write(b"start")
        file.seek(8_000_000)
        file.write(b"middle")
        file.truncate(16_000_000)
    copy_sparse(str(source), str(target))
    assert target.read_bytes() == source.read_bytes()
    assert target.stat().st_blocks <= source.stat().st_blocks


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://qdrant.example.org:6333", "secret"),
        ("https://qdrant.example.org:6333", None),
        ("http://qdrant.example.org:6333", None),
    ],
)
def test_a_server_elsewhere_without_tls_and_key_is_refused(url: str, key: str | None) -> None:
    with pytest.raises(ServiceError, match="another machine"):
        connect(url, key)


def test_a_server_that_is_not_there_is_said_to_be() -> None:
    with pytest.raises(ServiceError, match=r"127\.0\.0\.1:1 "):
        connect("http://127.0.0.1:1")


def test_the_alias_follows_the_generation() -> None:
    client = QdrantClient(":memory:")
    engine = ServerEngine(client)
    for generation in ("one", "two"):
        engine.create(generation, Path(), dimension=2).upsert(points())
        engine.publish(generation)
    engine.remove("one")
    assert client.count("casebook").count == len(TEXTS)
    assert [collection.name for collection in client.get_collections().collections] == [
        "casebook-two"
    ]


def _bm25(query: str, text: str) -> float:
    """BM25 with Lucene's IDF, by the book, without the factor k1 + 1."""
    counts = Counter(stem for stem, _, _ in words(text))
    score = 0.0
    for stem in {stem for stem, _, _ in words(query)}:
        n = sum(any(stem == found for found, _, _ in words(other)) for other in TEXTS)
        idf = math.log(1 + (len(TEXTS) - n + 0.5) / (n + 0.5))
        norm = 1.5 * (0.25 + 0.75 * counts.total() / AVERAGE)
        score += idf * counts[stem] / (counts[stem] + norm)
    return score


def _admits(filters: Filters, point: Point) -> bool:
    """The same decision without an engine, as lists of findings make it."""
    findings: tuple[Finding, ...] = point.findings
    document: Document = point.document
    return (
        filters.admits_document(document)
        and filters.admits_passage(point.passage, point.recommendations)
        and (not filters.of_finding() or any(map(filters.admits_finding, findings)))
    )


def _contents(folder: Path) -> dict[Path, tuple[int, int]]:
    """When each file was last written, and how long it is."""
    stats = {path: path.stat() for path in folder.rglob("*") if path.is_file()}
    return {path: (stat.st_mtime_ns, stat.st_size) for path, stat in stats.items()}


MANY, DIMENSION = 8_000, 384
"""Enough for the engine to keep them as bytes too."""


def many(engine: Engine, folder: Path) -> tuple[Store, Vectors]:
    """Passages alike only in groups, read by a second store, and their vectors."""
    random = np.random.default_rng(0)
    themes = random.standard_normal((40, DIMENSION))[random.integers(40, size=MANY)]
    vectors = (themes + random.standard_normal((MANY, DIMENSION))).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    like = points()[0]
    made = engine.create(GENERATION, folder, dimension=DIMENSION)
    made.upsert(replace(like, row=row, dense=vector) for row, vector in enumerate(vectors))
    made.flush()
    made.close()
    return engine.open(GENERATION, folder), vectors


@pytest.mark.parametrize(("graph_from", "share"), [(200_000, 1.0), (MANY, 0.95)])
def test_of_many_passages_the_nearest_are_found(
    graph_from: int, share: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.edge.GRAPH_FROM", graph_from)
    store, vectors = many(EdgeEngine(), tmp_path)
    cosines = vectors @ vectors[0]
    lane = store.nearest(vectors[0], filters=Filters(), limit=500)
    store.close()
    links = max(path.stat().st_size for path in tmp_path.rglob("links*.bin"))
    assert (links > 10 * MANY) is (graph_from == MANY)
    nearest = set(np.argsort(-cosines)[:500].tolist())
    assert len(nearest & set(lane.rows.tolist())) >= share * 500
    assert lane.scores.tolist() == pytest.approx(cosines[lane.rows].tolist(), abs=1e-5)
