"""Hits are ranked by both lanes, the same every time, and a bad query is refused."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np
import pytest
from dossiers import dossier
from toyembedder import ToyEmbedder

from index.build import build_index
from index.casebook import Casebook
from index.edge import EdgeEngine
from index.search import ABSENT, LONGEST_QUERY, MOST_HITS, NEIGHBOUR_WEIGHT, Mode, Query
from index.store import DENSE, LEXICAL, Filters
from ingest.errors import BadQuery
from ingest.library import Library
from ingest.model import Hit, Stance, Voice

REVIEW = (
    "Vetting failed, and officers with convictions were let in.",
    "Officers said that vetting was slow.",
    "The canteen was closed.",
    "The canteen was closed.",
    "Training of new officers was cut short.",
)
LETTER = ("The canteen will open again.", "We accept what was said of vetting.")


@pytest.fixture(scope="module")
def casebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Casebook]:
    data = tmp_path_factory.mktemp("data")
    marks = {0: [("vetting_failure", Voice.INQUIRY, Stance.FOUND)]}
    Library(data).write(dossier("review", REVIEW, day=date(2023, 3, 21), marks=marks))
    Library(data).write(dossier("letter", LETTER))
    build_index(data, embedder=ToyEmbedder(), engine=EdgeEngine(), tags=["firearms_units"])
    opened = Casebook(data, embedder=ToyEmbedder(), engine=EdgeEngine())
    yield opened
    opened.close()


def ids(hits: Sequence[Hit]) -> list[str]:
    return [hit.passage for hit in hits]


@pytest.mark.parametrize("mode", Mode)
def test_the_passage_that_answers_comes_first(casebook: Casebook, mode: Mode) -> None:
    hits = casebook.searcher(mode)(Query(text="vetting failed and convictions"))
    assert hits[0].passage == "review:1"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_the_hybrid_score_is_that_of_both_lanes_and_a_little_of_the_neighbours(
    casebook: Casebook,
) -> None:
    text = "was vetting slow"
    hybrid = casebook.searcher()(Query(text=text, k=100))
    cosines = {h.passage: h.score for h in casebook.searcher(Mode.DENSE)(Query(text=text, k=100))}
    bm25 = {h.passage: h.score for h in casebook.searcher(Mode.LEXICAL)(Query(text=text, k=100))}
    dense = np.array([cosines[hit.passage] for hit in hybrid])
    lexical = np.array([bm25.get(hit.passage, 0.0) for hit in hybrid])
    fused = ((dense - dense.mean()) / dense.std() + (lexical - lexical.mean()) / lexical.std()) / 2
    of = dict(zip(ids(hybrid), fused, strict=True))
    expected = [
        of[p] + NEIGHBOUR_WEIGHT * np.mean([_near(of, p, by) for by in (-1, 1)]) for p in of
    ]
    assert [hit.score for hit in hybrid] == pytest.approx(expected, abs=1e-4)


def _near(of: Mapping[str, float], passage: str, by: int) -> float:
    document, number = passage.split(":")
    return max(ABSENT, of.get(f"{document}:{int(number) + by}", 0.0))


def test_a_hit_says_where_each_lane_found_it(casebook: Casebook) -> None:
    hits = casebook.searcher()(Query(text="slow", k=100))
    assert hits[0].passage == "review:2"
    assert hits[0].lanes[LEXICAL].rank == 1
    assert {lane for hit in hits[1:] for lane in hit.lanes} == {DENSE}
    assert sorted(hit.lanes[DENSE].rank for hit in hits) == list(range(1, 8))


def test_equal_scores_are_ordered_by_passage_id(casebook: Casebook) -> None:
    found = ids(casebook.searcher(Mode.LEXICAL)(Query(text="canteen closed")))
    assert found[:2] == ["review:3", "review:4"]


def test_of_equal_passages_the_one_in_fitting_company_comes_first(casebook: Casebook) -> None:
    for mode in (Mode.DENSE, Mode.HYBRID):
        found = ids(casebook.searcher(mode)(Query(text="canteen closed, training cut")))
        assert found.index("review:4") < found.index("review:3")


@pytest.mark.parametrize("mode", Mode)
def test_pages_of_a_ranking_join_without_gap_or_repeat(casebook: Casebook, mode: Mode) -> None:
    search = casebook.searcher(mode)
    whole = ids(search(Query(text="officers canteen", k=100)))
    pages = [ids(search(Query(text="officers canteen", k=2, offset=at))) for at in (0, 2, 4, 6)]
    assert [passage for page in pages for passage in page] == whole
    assert search(Query(text="officers canteen", offset=100)) == ()


def test_words_that_stand_nowhere_find_nothing_by_words(casebook: Casebook) -> None:
    lexical = casebook.searcher(Mode.LEXICAL)
    assert lexical(Query(text="submarine")) == lexical(Query(text="of the")) == ()


def test_a_query_of_stop_words_is_still_answered_by_meaning(casebook: Casebook) -> None:
    assert len(casebook.searcher()(Query(text="who was it?"))) == 7


def test_a_filter_that_nothing_passes_gives_nothing(casebook: Casebook) -> None:
    answer = casebook.search(Query(text="vetting", filters=Filters(tags=("firearms_units",))))
    assert (answer.total, answer.hits) == (0, ())
    assert answer.strength.grade == "none"


@pytest.mark.parametrize("text", ["", "  \n", "\u00a0", "x" * (LONGEST_QUERY + 1), "vetting\ud800"])
def test_a_query_that_is_empty_too_long_or_no_text_is_refused(
    casebook: Casebook, text: str
) -> None:
    for ask in (casebook.search, casebook.searcher()):
        with pytest.raises(BadQuery):
            ask(Query(text=text))


@pytest.mark.parametrize(
    "query",
    [Query(text="a", k=0), Query(text="a", k=MOST_HITS + 1), Query(text="a", offset=-1)],
)
def test_a_stretch_that_is_none_is_refused(casebook: Casebook, query: Query) -> None:
    with pytest.raises(BadQuery):
        casebook.search(query)


@pytest.mark.parametrize("text", ["\x00", "🙂", "a" * LONGEST_QUERY, "' OR 1=1 --"])
def test_odd_characters_are_only_characters(casebook: Casebook, text: str) -> None:
    assert casebook.search(Query(text=text)).total == 7


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        (Filters(documents=("reviews",)), r"no document 'reviews'. Did you mean review\?"),
        (Filters(tags=("vetting",)), r"no tag 'vetting'. Did you mean vetting_failure"),
        (Filters(tags=("zzz",)), r"no tag .zzz.\. `casebook findings --matrix stance` lists"),
        (Filters(voices=("witnesses",)), r"no voice 'witnesses'. Did you mean witness\?"),
        (Filters(stances=("fond",)), "Did you mean found"),
        (Filters(editions=("zzz",)), "Did you mean digest, official"),
        (Filters(recommendations=("x",)), "No recommendation is indexed"),
        (Filters(date_from=date(2024, 1, 1), date_to=date(2023, 1, 1)), "Exchange"),
    ],
)
def test_an_unknown_filter_is_refused_with_the_nearest_known(
    casebook: Casebook, filters: Filters, message: str
) -> None:
    with pytest.raises(BadQuery, match=message):
        casebook.search(Query(text="vetting", filters=filters))
