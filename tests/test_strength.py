"""A ranking is strong where a near passage has the rare words that were asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from dossiers import dossier
from smallcorpus import indexed
from toyembedder import ReadingEmbedder

from index.build import build_index
from index.casebook import Casebook
from index.edge import EdgeEngine
from index.search import Mode, Query
from index.store import Filters
from ingest.library import Library

REVIEW = tuple(
    f"The board of harbour {number} met, and its officers spoke of tides and of quay {number}."
    for number in range(120)
)
LETTER = ("The board asked for a barrier.",)


@pytest.fixture(scope="module")
def casebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Casebook]:
    with indexed(tmp_path_factory.mktemp("data"), review=REVIEW, letter=LETTER) as opened:
        yield opened


def score(casebook: Casebook, text: str, **asked: object) -> float:
    return casebook.search(Query(text=text, **asked)).strength.score  # type: ignore[arg-type]


def test_a_rare_word_that_the_best_passages_lack_weighs_more_than_a_common_one(
    casebook: Casebook,
) -> None:
    whole = score(casebook, "board of harbour met officers spoke tides quay")
    with_rare = score(casebook, "board of harbour met officers spoke tides quay barrier")
    assert whole > with_rare > score(casebook, "board of harbour met officers tides quay penguins")


def test_words_that_no_passage_has_are_no_answer(casebook: Casebook) -> None:
    assert casebook.search(Query(text="penguin census")).strength.grade == "none"


def test_a_question_without_a_word_is_not_answered(casebook: Casebook) -> None:
    assert score(casebook, "😀 ?!") == 0


def test_what_is_answered_elsewhere_is_not_answered_within_the_filter(casebook: Casebook) -> None:
    text = "the board asked for a barrier"
    here = casebook.search(Query(text=text)).strength
    there = casebook.search(Query(text=text, filters=Filters(documents=("review",)))).strength
    assert here.score > there.score
    assert here.grade == "strong"


@pytest.mark.parametrize("asked", [{"k": 1}, {"k": 100}, {"offset": 50}, {"mode": Mode.LEXICAL}])
def test_strength_is_of_the_query_and_not_of_the_page_or_the_mode(
    casebook: Casebook, asked: dict[str, int | Mode]
) -> None:
    text = "officers spoke of a barrier"
    assert score(casebook, text, **asked) == score(casebook, text)


def test_what_no_sentence_says_is_weaker_than_what_one_says(tmp_path: Path) -> None:
    said = ("The barrier broke. The mayor slept. Nobody paid.", *REVIEW[:20])
    apart = ("The barrier slept. The mayor broke. Nobody paid.", *REVIEW[:20])
    scores: list[float] = []
    for name, passages in (("said", said), ("apart", apart)):
        Library(tmp_path / name).write(dossier("review", passages))
        build_index(tmp_path / name, embedder=ReadingEmbedder(), engine=EdgeEngine())
        opened = Casebook(tmp_path / name, embedder=ReadingEmbedder(), engine=EdgeEngine())
        scores.append(score(opened, "The barrier broke."))
        opened.close()
    assert scores[0] > scores[1]
