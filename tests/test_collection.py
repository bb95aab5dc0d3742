"""Collections: what is read is what was written, and what is wrong is named."""

import json
from pathlib import Path

import pytest

from eval.collection import Collection, Judgement, Place, Topic, bundled, read, write
from ingest.errors import CorpusError
from ingest.model import Span

QUERIES = [
    {"id": "q1", "query": "flood plans", "type": "keyword", "inquiry": "harbour"},
    {"id": "q2", "query": "who paid?", "type": "unanswerable"},
    {"id": "q3", "query": "nobody has looked yet"},
]
JUDGMENTS = [
    {
        **{"query_id": "q1", "document": "review.pdf", "pdf_page": 1, "start": 3, "end": 9},
        **{"grade": 2, "span": 1, "anchor": "The board"},
    },
    {
        **{"query_id": "q1", "document": "review.pdf", "pdf_page": 2, "start": 0, "end": 4},
        **{"grade": 3, "span": 1},
    },
    {"query_id": "q1", "document": "letter.md", "grade": 1},
]


def written(folder: Path, *, judgments: list[dict[str, object]] | None = None) -> Path:
    rows: dict[str, list[dict[str, object]]] = {
        "queries.jsonl": [dict(query) for query in QUERIES],
        "judgments.jsonl": judgments or [dict(each) for each in JUDGMENTS],
    }
    for name, lines in rows.items():
        content = "".join(json.dumps(line) + "\n" for line in lines)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_lines_that_share_a_span_are_one_place_under_the_highest_grade(tmp_path: Path) -> None:
    first, second = read(written(tmp_path)).judgements
    assert first.grade == 3
    assert first.places == (
        Place(page=1, span=Span(3, 9)),
        Place(page=2, span=Span(0, 4)),
    )
    assert second == Judgement(query="q1", document="letter.md", grade=1)


def test_a_query_that_nobody_judged_is_neither_judged_nor_unanswerable(tmp_path: Path) -> None:
    collection = read(written(tmp_path))
    assert [topic.id for topic in collection.judged] == ["q1"]
    assert [topic.id for topic in collection.unanswerable] == ["q2"]


def test_a_collection_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    collection = Collection(
        name="harbour",
        topics=(
            Topic(id="a", text="“gates”", labels={"type": "keyword"}),
            Topic(id="b", text="who?", labels={"type": "unanswerable"}, answerable=False),
        ),
        judgements=(
            Judgement(
                query="a",
                document="review.pdf",
                grade=2,
                places=(Place(page=1, span=Span(3, 9)), Place(page=2, span=Span(0, 4))),
                anchor="The board",
            ),
            Judgement(query="a", document="letter.md", grade=1),
            Judgement(
                query="a", document="plan.md", grade=0, places=(Place(page=None, span=Span(1, 2)),)
            ),
        ),
    )
    write(collection, tmp_path / "harbour")
    assert read(tmp_path / "harbour") == collection


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"query_id": "q9", "document": "review.pdf", "grade": 1}, "judges q9"),
        ({"query_id": "q1", "document": "review.pdf", "grade": "good"}, "line 1: grade"),
        ({"query_id": "q1", "document": "review.pdf", "grade": -7}, "review.pdf -7 for q1"),
        ({"query_id": "q1", "document": "review.pdf", "grade": 2000}, "review.pdf 2000 for q1"),
        (
            {"query_id": "q1", "document": "a.pdf", "pdf_page": 1, "start": 5, "end": 5},
            "not a span",
        ),
    ],
)
def test_a_wrong_judgement_is_named(tmp_path: Path, row: dict[str, object], said: str) -> None:
    with pytest.raises(CorpusError, match=said):
        read(written(tmp_path, judgments=[row]))


def test_the_same_id_twice_is_refused(tmp_path: Path) -> None:
    folder = written(tmp_path)
    with (folder / "queries.jsonl").open("a", encoding="utf-8") as queries:
        queries.write('{"id": "q1", "query": "again"}\n')
    with pytest.raises(CorpusError, match="q1 twice"):
        read(folder)


def test_a_query_without_words_is_named(tmp_path: Path) -> None:
    folder = written(tmp_path)
    with (folder / "queries.jsonl").open("a", encoding="utf-8") as queries:
        queries.write('{"id": "q4", "query": " "}\n')
    with pytest.raises(CorpusError, match="asks nothing with q4"):
        read(folder)


def test_files_that_begin_with_a_mark_of_their_encoding_are_read(tmp_path: Path) -> None:
    plain = read(written(tmp_path))
    for path in tmp_path.iterdir():
        path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert read(tmp_path) == plain


def test_the_bundled_collection_has_answerable_and_unanswerable_queries() -> None:
    collection = read(bundled("casey"))
    assert len(collection.judged) + len(collection.unanswerable) == len(collection.topics)
    assert len(collection.unanswerable) >= 20
