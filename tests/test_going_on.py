"""After the first page, what is like its first hits comes earlier; the first page stays."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from smallcorpus import indexed

from index.casebook import Casebook
from index.generation import Generation
from index.search import ALIKE, ALIKE_WEIGHT, EXAMPLES, FIRST, Mode, Query, Ranking

_WORDS = ("harbour", "tide", "quay", "mooring", "ferry", "lantern")
REVIEW = tuple(
    f"Vetting was slow{' indeed' * (12 - at)}, and the {_WORDS[at % 6]} near the "
    f"{_WORDS[(at * 5 + 1) % 6]} was seen by the {_WORDS[at // 6]}."
    for at in range(30)
)
ASKED = "vetting was slow indeed"


@pytest.fixture(scope="module")
def casebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Casebook]:
    with indexed(tmp_path_factory.mktemp("data"), review=REVIEW) as opened:
        yield opened


def before(ranking: Ranking) -> list[int]:
    """The rows as they would stand without it."""
    scores = ranking.scores - ranking.parts["alike"]
    rows: list[int] = ranking.rows[np.lexsort((ranking.rows, -scores))].tolist()
    return rows


def test_the_first_page_stays_as_it_was(casebook: Casebook) -> None:
    ranking = casebook.rank(Query(text=ASKED, k=30))
    assert ranking.rows.tolist()[:FIRST] == before(ranking)[:FIRST]
    assert ranking.rows.tolist() != before(ranking)
    assert not ranking.parts["alike"][:FIRST].any()


def test_how_likely_anything_answers_does_not_go_by_it(casebook: Casebook) -> None:
    first, later = (casebook.rank(Query(text=ASKED, k=k)) for k in (FIRST, 30))
    assert later.without(ALIKE).rows.tolist() == first.rows.tolist() == before(later)
    assert first.without(ALIKE).rows.tolist() == first.rows.tolist()
    strengths = [casebook.search(Query(text=ASKED, k=k)).strength for k in (FIRST, 30)]
    assert strengths[0] == strengths[1]


def test_below_it_what_is_nearest_the_first_hits_gains_most(casebook: Casebook) -> None:
    ranking = casebook.rank(Query(text=ASKED, k=30))
    vectors = Generation.open(casebook.data).context[ranking.rows]
    cosines = vectors[FIRST:] @ vectors[:EXAMPLES].mean(axis=0)
    gained = ranking.parts["alike"][FIRST:]
    assert float(np.corrcoef(gained, cosines)[0, 1]) == pytest.approx(1, abs=1e-6)
    assert float(np.std(gained)) == pytest.approx(ALIKE_WEIGHT, abs=1e-5)


def test_scores_still_descend_and_pages_still_join(casebook: Casebook) -> None:
    whole = casebook.searcher(Mode.HYBRID)(Query(text=ASKED, k=30))
    assert all(first.score >= then.score for first, then in pairwise(whole))
    pages = [
        hit.passage
        for offset in range(0, 30, 5)
        for hit in casebook.searcher(Mode.HYBRID)(Query(text=ASKED, k=5, offset=offset))
    ]
    assert pages == [hit.passage for hit in whole]


@pytest.mark.parametrize(
    "query",
    [
        Query(text=ASKED, k=30, mode=Mode.DENSE),
        Query(text=ASKED, k=30, mode=Mode.LEXICAL),
        Query(text=ASKED, k=30, like=("review:1",)),
        Query(text=ASKED, k=30, unlike=("review:1",)),
        Query(text='vetting "near the tide"', k=30),
    ],
)
def test_one_lane_examples_or_exact_words_are_left_alone(casebook: Casebook, query: Query) -> None:
    assert "alike" not in casebook.rank(query).parts


def test_it_is_not_worked_out_for_a_first_page(casebook: Casebook) -> None:
    first, whole = (casebook.rank(Query(text=ASKED, k=k)) for k in (FIRST, FIRST + 1))
    assert "alike" not in first.parts and "alike" in whole.parts
    assert first.rows.tolist()[:FIRST] == whole.rows.tolist()[:FIRST]


def test_with_a_page_or_less_there_is_nothing_to_go_on_to(tmp_path: Path) -> None:
    with indexed(tmp_path, review=REVIEW[:FIRST]) as casebook:
        few = casebook.rank(Query(text=ASKED, k=30))
    assert len(few.rows) == FIRST
    assert "alike" not in few.parts
