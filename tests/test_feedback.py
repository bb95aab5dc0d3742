"""More like these: examples move a query, and are not among what it finds."""

from collections.abc import Iterator

import numpy as np
import pytest
from smallcorpus import indexed

from index.casebook import Casebook
from index.feedback import Feedback
from index.lexical import SparseVector
from index.search import Mode, Query
from index.store import Filters
from ingest.errors import BadQuery, UnknownId

REVIEW = (
    "Officers were vetted late, and convictions went unseen.",
    "Convictions went unseen where files were vetted late.",
    "Tides were read at the quay.",
)
LETTER = ("The canteen was closed for the winter.", "The canteen roof let in rain all winter.")


@pytest.fixture(scope="module")
def casebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Casebook]:
    with indexed(tmp_path_factory.mktemp("data"), review=REVIEW, letter=LETTER) as opened:
        yield opened


def ids(casebook: Casebook, query: Query) -> list[str]:
    return [hit.passage for hit in casebook.searcher(query.mode)(query)]


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(("like", "first"), [("review:1", "review:2"), ("letter:1", "letter:2")])
def test_the_most_like_it_comes_first_and_it_does_not_come(
    casebook: Casebook, mode: Mode, like: str, first: str
) -> None:
    found = ids(casebook, Query(like=(like,), mode=mode))
    assert found[0] == first
    assert like not in found


def test_examples_move_what_the_words_alone_would_find(casebook: Casebook) -> None:
    alone = ids(casebook, Query(text="winter rain"))
    moved = ids(casebook, Query(text="winter rain", like=("review:1",)))
    assert alone.index("review:2") > moved.index("review:2")


def test_what_is_like_a_bad_example_falls(casebook: Casebook) -> None:
    text = "convictions canteen"
    both = {hit.passage: hit.score for hit in casebook.searcher(Mode.DENSE)(Query(text=text))}
    asked = Query(text=text, unlike=("letter:1",))
    away = {hit.passage: hit.score for hit in casebook.searcher(Mode.DENSE)(asked)}
    assert away["letter:2"] / away["review:2"] < both["letter:2"] / both["review:2"]
    assert "letter:1" not in away


def test_filters_hold_for_examples_and_no_words_at_all_are_refused(casebook: Casebook) -> None:
    elsewhere = Filters(pages=(3,))
    assert ids(casebook, Query(like=("review:1",), filters=elsewhere)) == ["review:3"]
    with pytest.raises(BadQuery):
        casebook.search(Query(unlike=("review:1",)))
    with pytest.raises(UnknownId):
        casebook.search(Query(like=("review:9",)))


def test_a_query_that_is_moved_by_nothing_is_itself() -> None:
    nothing = np.empty((0, 4), dtype=np.float32)
    vector = np.array([0, 1, 0, 0], dtype=np.float32)
    assert Feedback().moved(vector, nothing, nothing).tolist() == vector.tolist()


def test_a_good_example_draws_and_a_bad_one_pushes() -> None:
    vector, good, bad = np.eye(3, dtype=np.float32)
    found = Feedback().moved(vector, good[None], bad[None])
    assert found @ good > 0 > found @ bad
    assert float(np.linalg.norm(found)) == pytest.approx(1)


def test_the_words_taken_from_examples_never_outweigh_as_many_of_the_querys_own(
    casebook: Casebook,
) -> None:
    own = SparseVector(indices=(1, 2), values=(1.0, 1.0))
    told = SparseVector(indices=tuple(range(2, 60)), values=(0.5,) * 58)
    found = Feedback().widened(own, [told], casebook._index.vocabulary)  # pyright: ignore[reportPrivateUsage]
    weights = dict(zip(found.indices, found.values, strict=True))
    assert len(weights) <= 2 + Feedback().terms
    assert weights[1] == 1.0
