"""A hit tells the words it has, its best sentence, and what its score is the sum of."""

from collections.abc import Iterator

import pytest
from dossiers import dossier
from toyembedder import ToyEmbedder

from index.build import build_index
from index.casebook import Casebook
from index.edge import EdgeEngine
from index.search import Mode, Query
from ingest.library import Library
from ingest.model import Edition

REVIEW = (
    "The board met often. It had no plan for a flood. Boards have boards.",
    "The board met. Nobody was vetted, and the board did not ask.",
    "Tides were read at the quay.",
)


@pytest.fixture(scope="module")
def casebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Casebook]:
    data = tmp_path_factory.mktemp("data")
    Library(data).write(dossier("review", REVIEW))
    Library(data).write(dossier("letter", REVIEW[:2], edition=Edition.DIGEST))
    build_index(data, embedder=ToyEmbedder(), engine=EdgeEngine())
    opened = Casebook(data, embedder=ToyEmbedder(), engine=EdgeEngine())
    yield opened
    opened.close()


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("text", ["board flood", '"the board met" flood -vetted', "zebra"])
def test_the_parts_of_a_score_add_up_to_it(casebook: Casebook, mode: Mode, text: str) -> None:
    for shown in casebook.search(Query(text=text, mode=mode)).hits:
        assert shown.hit is not None
        assert sum(shown.hit.parts.values()) == pytest.approx(shown.hit.score, abs=1e-6)


def test_the_words_that_match_are_told_with_their_count_the_rarest_first(
    casebook: Casebook,
) -> None:
    shown = casebook.search(Query(text="boards in a flood, zebras")).hits[0]
    assert [(term.word, term.count) for term in shown.terms] == [("flood", 1), ("boards", 3)]
    assert shown.terms[0].worth > shown.terms[1].worth


def test_the_best_sentence_has_the_rarest_words(casebook: Casebook) -> None:
    shown = casebook.search(Query(text="board flood", mode=Mode.LEXICAL)).hits[0]
    assert shown.sentence is not None
    assert shown.sentence.of(shown.text) == "It had no plan for a flood."


def test_what_was_found_by_meaning_alone_has_no_best_sentence(casebook: Casebook) -> None:
    hits = casebook.search(Query(text="zebra", mode=Mode.DENSE)).hits
    assert {hit.sentence for hit in hits} == {None}
    assert {hit.terms for hit in hits} == {()}
