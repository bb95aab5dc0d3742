"""What a word is worth is what the engine counts it for."""

import math
from pathlib import Path

import pytest
from dossiers import dossier
from toyembedder import ToyEmbedder

from index.build import build_index
from index.edge import EdgeEngine
from index.generation import Generation
from index.lexical import SparseVector, stem_of, word_id
from index.store import Filters
from index.vocabulary import Vocabulary
from ingest.library import Library

PASSAGES = ("The harbour board met.", "The board had no plan.", "Boards plan. The board plans.")


def word(written: str) -> int:
    return word_id(stem_of(written) or "")


@pytest.fixture
def generation(tmp_path: Path) -> Generation:
    Library(tmp_path).write(dossier("review", PASSAGES))
    build_index(tmp_path, embedder=ToyEmbedder(), engine=EdgeEngine())
    return Generation.open(tmp_path)


@pytest.mark.parametrize(
    ("written", "held"), [("board", 3), ("plans", 2), ("harbour", 1), ("the", 0), ("quay", 0)]
)
def test_a_word_counts_once_for_each_passage_that_holds_it(
    generation: Generation, written: str, held: int
) -> None:
    assert generation.vocabulary.count(word(written)) == held


@pytest.mark.parametrize("written", ["board", "plan", "harbour"])
def test_a_words_worth_is_the_engines_own(generation: Generation, written: str) -> None:
    store = EdgeEngine().open(generation.name, generation.folder)
    asked = SparseVector(indices=(word(written),), values=(1.0,))
    best = store.lexical(asked, filters=Filters(), limit=1)
    store.close()
    text = PASSAGES[int(best.rows[0])]
    weights = generation.stamp.bm25.passage(text)
    weight = dict(zip(weights.indices, weights.values, strict=True))[word(written)]
    expected = generation.vocabulary.worth(word(written)) * weight
    assert float(best.scores[0]) == pytest.approx(expected, rel=1e-4)


def test_a_word_that_no_passage_has_is_worth_most(generation: Generation) -> None:
    vocabulary = generation.vocabulary
    assert vocabulary.worth(word("quay")) == pytest.approx(math.log(1 + 3.5 / 0.5))
    assert vocabulary.worth(word("quay")) > vocabulary.worth(word("harbour"))


def test_of_no_passages_nothing_is_known() -> None:
    assert Vocabulary.of(()).count(7) == 0
