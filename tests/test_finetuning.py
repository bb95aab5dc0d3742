"""What documents say of themselves is taught; of the inquiry that is judged, nothing is."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from dossiers import dossier, recommendation
from harbour import DIGEST, GATES, PLAN, REVIEW, STATED, WITNESS
from toyembedder import ToyEmbedder

from eval import finetuning, lessons
from eval.collection import Collection, Judgement, Topic
from eval.finetuning import (
    BATCH,
    Fold,
    Form,
    Holding,
    batches,
    digest,
    outcomes,
    pace,
    table,
    taught,
)
from eval.lessons import Origin, Pair, fair, kin, pairs
from index.build import build_index
from index.casebook import Casebook
from index.edge import EdgeEngine
from index.shelf import Shelf
from ingest.library import Library
from ingest.model import (
    Alignment,
    Dossier,
    Response,
    ResponseStatus,
    Span,
)

RECOMMENDED = "The board should publish a plan for floods every single year."
REPRINTED = f"They recommended: {RECOMMENDED}"
REPLIED = "We accept this and will print the plan for floods in March of each year."
ELSEWHERE = "The canteen was closed for most of that year and nobody was told."


@pytest.fixture
def shelf(harbour: Path) -> Shelf:
    return Shelf(harbour)


def test_a_recommendation_asks_for_what_is_cited_for_it_and_not_for_where_it_is_stated(
    shelf: Shelf,
) -> None:
    (pair,) = (pair for pair in pairs(shelf) if pair.origin is not Origin.HEADING)
    assert pair.origin is Origin.ARGUMENT
    assert pair.asks == "The board should publish a flood plan each year"
    assert pair.answers == _words(shelf, GATES)
    assert pair.documents == {REVIEW}


def test_a_heading_asks_for_the_passages_under_it_but_for_scraps(shelf: Shelf) -> None:
    headings = [pair for pair in pairs(shelf) if pair.origin is Origin.HEADING]
    assert {pair.asks for pair in headings} == {"Gates"}
    found = {pair.answers for pair in headings}
    assert found >= {_words(shelf, id) for id in (GATES, WITNESS, STATED)}
    assert not any("Gates close at dusk" in words for words in found)


def _words(shelf: Shelf, passage: str) -> str:
    volume = shelf.volume(passage.partition(":")[0])
    return volume.passages[passage].span.of(volume.text)


def test_documents_that_have_no_tie_are_no_kin(shelf: Shelf) -> None:
    assert kin(shelf, {REVIEW, "not-here.pdf"}) == {REVIEW}
    assert kin(shelf, {DIGEST, PLAN}) == {DIGEST, PLAN}


def _report(id: str) -> Dossier:
    """A report of two passages, of which the second is a recommendation."""
    made = dossier(id, (ELSEWHERE, RECOMMENDED))
    return replace(
        made,
        passages=tuple(replace(each, section=(f"Chapter of {id}",)) for each in made.passages),
        recommendations=(recommendation(id, made.passages[1].span),),
    )


def _reply(id: str, *, to: str) -> Dossier:
    """A reply that reprints the recommendation, and speaks of something else too."""
    made = dossier(id, (REPRINTED, REPLIED, ELSEWHERE))
    reprint, reply, _ = (passage.span for passage in made.passages)
    response = Response(
        recommendation=f"{to}:recommendation-1",
        document=id,
        span=Span(reply.start, reply.end),
        status=ResponseStatus.ACCEPTED,
        status_span=None,
        date=None,
        alignment=Alignment.NUMBER,
        restatement=Span(reprint.start, reprint.end),
    )
    return replace(made, responses=(response,))


@pytest.fixture(scope="module")
def holding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Holding]:
    """Two inquiries with a report each, a reply to each that nobody judged, and a stray."""
    data = tmp_path_factory.mktemp("data")
    for name in ("quay", "mill"):
        Library(data).write(_report(name))
        Library(data).write(_reply(f"{name}-reply", to=name))
    Library(data).write(_report("stray"))
    build_index(data, embedder=ToyEmbedder(), engine=EdgeEngine())
    casebook = Casebook(data, embedder=ToyEmbedder(), engine=EdgeEngine())
    judged = Collection(
        name="rivers",
        topics=tuple(
            Topic(id=name, text=f"floods at the {name}", labels={"inquiry": name})
            for name in ("quay", "mill")
        ),
        judgements=tuple(
            Judgement(query=name, document=f"{name}:1", grade=2) for name in ("quay", "mill")
        ),
    )
    yield Holding(name="rivers", collection=judged, casebook=casebook)
    casebook.close()


def test_a_recommendation_asks_for_the_reply_and_not_for_where_it_is_reprinted(
    holding: Holding,
) -> None:
    found = [each for each in pairs(holding.casebook.shelf) if each.origin is Origin.REPLY]
    assert [(pair.asks, pair.answers) for pair in found] == [(RECOMMENDED, REPLIED)] * 2
    assert [pair.documents for pair in found] == [{"mill", "mill-reply"}, {"quay", "quay-reply"}]


def test_a_reply_that_nobody_judged_belongs_to_the_inquiry(holding: Holding) -> None:
    assert holding.documents == {
        "quay": {"quay", "quay-reply"},
        "mill": {"mill", "mill-reply"},
    }


@pytest.mark.parametrize(("group", "other"), [("quay", "mill"), ("mill", "quay")])
def test_nothing_of_the_inquiry_that_is_judged_is_taught(
    holding: Holding, group: str, other: str
) -> None:
    found = taught([holding], group)
    assert {id for pair in found for id in pair.documents} == {other, f"{other}-reply"}
    assert {pair.origin for pair in found} == {Origin.HEADING, Origin.REPLY}


def test_no_query_is_taught(holding: Holding) -> None:
    queries = {topic.text for topic in holding.collection.topics}
    assert not any(pair.texts & queries for pair in pairs(holding.casebook.shelf))


def _pairs(count: int, *, asks: int, document: str = "quay") -> list[Pair]:
    """So many pairs with so many texts that ask, headings but for the first."""
    return [
        Pair(
            origin=Origin.HEADING if number else Origin.ARGUMENT,
            asks=f"question {number % asks}",
            answers=f"answer {number}",
            asking=document,
            answering=document,
        )
        for number in range(count)
    ]


def test_no_document_drowns_out_the_others_and_recommendations_come_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lessons, "MOST", 3)
    quay, mill = _pairs(50, asks=50), _pairs(2, asks=2, document="mill")
    found = list(fair([*reversed(quay), *mill]))
    assert [pair.answering for pair in found].count("quay") == 3
    assert [pair for pair in found if pair.answering == "mill"] == mill
    assert quay[0] in found
    assert found == list(fair([*reversed(quay), *mill]))


def test_no_batch_has_a_text_twice_and_all_are_whole() -> None:
    found = list(batches(_pairs(200, asks=40), random.Random(1)))
    assert len(found) >= 4
    for batch in found:
        assert len(batch) == BATCH
        assert len({text for pair in batch for text in pair.texts}) == 2 * BATCH
    assert len({pair for batch in found for pair in batch}) == BATCH * len(found)
    assert list(batches(_pairs(200, asks=BATCH - 1), random.Random(1))) == []


def test_a_model_is_named_after_what_it_was_taught_and_how(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = _pairs(3, asks=3), _pairs(3, asks=2)
    assert digest([one]) == digest([list(one)])
    assert len({digest([one]), digest([other]), digest([one, other]), digest([other, one])}) == 4
    before = digest([one])
    monkeypatch.setattr(finetuning, "RATE", 1e-5)
    assert digest([one]) != before


def test_the_rate_rises_and_falls() -> None:
    rates = [pace(step, 50) for step in range(50)]
    assert rates.index(max(rates)) == 4
    assert max(rates) == 1
    assert rates[:5] == sorted(rates[:5])
    assert rates[4:] == sorted(rates[4:], reverse=True)
    assert 0 < min(rates) < 0.1


def test_all_queries_count_alike_whatever_inquiry_they_are_of() -> None:
    before, after = dict.fromkeys(finetuning.COLUMNS, 0.25), dict.fromkeys(finetuning.COLUMNS, 1.0)
    every = [
        Fold(
            group=group,
            form=form,
            lessons=_pairs(3, asks=3),
            before=[before] * queries,
            after=[gained] * queries,
        )
        for form, group, queries, gained in (
            (Form.FLOAT32, "quay", 3, after),
            (Form.FLOAT32, "mill", 1, before),
            (Form.SERVED, "quay", 3, before),
        )
    ]
    *each, together, served = outcomes(every)
    assert [(one.group, one.gained["dense R@20"].interval.mean) for one in each] == [
        ("quay", 0.75),
        ("mill", 0),
        ("quay", 0),
    ]
    assert (together.form, together.queries) == (Form.FLOAT32, 4)
    assert together.pairs == {"argument": 2, "heading": 4}
    assert together.before["dense R@20"] == 0.25
    assert together.gained["hybrid nDCG@10"].interval.mean == pytest.approx(0.75 * 3 / 4)
    assert (served.form, served.queries) == (Form.SERVED, 3)


def test_the_table_of_the_readme_is_what_was_recorded() -> None:
    record = finetuning.read()
    assert record is not None
    text = (Path(finetuning.__file__).parent / "README.md").read_text("utf-8")
    assert table(record.outcomes) in text
