"""What joins the documents of a generation."""

from pathlib import Path

import numpy as np
import pytest
from harbour import GATES, REVIEW, build_harbour
from toyembedder import ToyEmbedder

from index.build import build_index
from index.casebook import Casebook
from index.edge import EdgeEngine
from index.generation import Generation
from index.semantics import IndexedSemantics
from ingest.errors import DamagedData
from ingest.library import Library


def _semantics(data: Path) -> IndexedSemantics:
    generation = Generation.open(data)
    order = {
        name: [passage.id for passage in Library(data).stored(name).passages]
        for name in Library(data).ids()
    }
    return IndexedSemantics.of(generation.rows, generation.vectors, order, ToyEmbedder())


def test_vectors_of_passages_come_from_the_generation_in_reading_order(harbour: Path) -> None:
    generation, semantics = Generation.open(harbour), _semantics(harbour)
    of_review = semantics.passages(REVIEW)
    assert len(of_review) == 3
    first = generation.vectors[generation.rows.passages.index(GATES)]
    assert of_review[0].tolist() == first.tolist()


def test_other_words_are_told_as_questions_are(harbour: Path) -> None:
    semantics = _semantics(harbour)
    asked = semantics.words(["a flood plan", "the gates"])
    assert np.allclose(asked[0], ToyEmbedder().query("a flood plan"))
    assert semantics.words([]).shape == (0, ToyEmbedder.dimension)
    assert semantics.stems("The gates were flooded") == ["gate", "flood"]


def test_a_generation_without_its_joins_is_damaged(tmp_path: Path) -> None:
    name = build_harbour(tmp_path)
    (tmp_path / "index" / name / "joins.json").unlink()
    with pytest.raises(DamagedData, match="joins"):
        Casebook(tmp_path, embedder=ToyEmbedder(), engine=EdgeEngine())
    built = build_index(tmp_path, embedder=ToyEmbedder(), engine=EdgeEngine())
    assert built.changed
