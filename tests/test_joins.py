"""What joins the documents of a generation."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from dossiers import dossier, recommendation
from harbour import GATES, REVIEW, build_harbour
from toyembedder import ToyEmbedder

from index.build import build_index
from index.casebook import Casebook
from index.edge import EdgeEngine
from index.generation import Generation
from index.semantics import IndexedSemantics
from index.shelf import Shelf
from ingest.errors import DamagedData
from ingest.joins import joins
from ingest.library import Library, StoredDossier
from ingest.model import Basis, Edition, Link, Relation


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


ARGUED = (
    "Since the spring the lamps by the gate were dark. The watch asked the board for a repair of "
    "the outer lamps, and when no plan was made wrote to the board again; two ships with nine men "
    "were lost for want of lamps at the outer gate."
)
ASKED = "The board should publish a plan for the repair of the lamps at the outer gate."


def _report(data: Path, *, edition: Edition = Edition.OFFICIAL, basis: Basis | None = None) -> Link:
    """Stores an argument and a recommendation; the link that may tie them comes back."""
    made = dossier("report", [ARGUED, ASKED], edition=edition)
    asked = recommendation("report", made.passages[1].span)
    tied = Link(
        recommendation=asked.id,
        passage=made.passages[0].id,
        relation=Relation.MOTIVATES,
        basis=basis or Basis.NEARBY,
        score=0.5,
    )
    links = (tied,) if basis else ()
    Library(data).write(replace(made, recommendations=(asked,), links=links))
    return tied


def _joined(data: Path) -> tuple[Link, ...]:
    stored: StoredDossier = Library(data).stored("report")
    vectors = ToyEmbedder().passages([each.span.of(stored.text) for each in stored.passages])
    return joins([stored], IndexedSemantics(ToyEmbedder(), {"report": vectors})).links


def test_passages_like_a_recommendation_are_joined_to_it(tmp_path: Path) -> None:
    tied = _report(tmp_path)
    (link,) = _joined(tmp_path)
    assert (link.recommendation, link.passage) == (tied.recommendation, tied.passage)
    assert link.basis is Basis.SIMILAR


def test_what_the_document_itself_cites_is_not_joined_by_likeness_too(tmp_path: Path) -> None:
    _report(tmp_path, basis=Basis.CITED)
    assert _joined(tmp_path) == ()


def test_our_account_of_a_report_has_no_evidence_by_likeness(tmp_path: Path) -> None:
    _report(tmp_path, edition=Edition.DIGEST)
    assert _joined(tmp_path) == ()


def test_likeness_is_surer_than_nearness(tmp_path: Path) -> None:
    tied = _report(tmp_path, basis=Basis.NEARBY)
    alike = replace(tied, basis=Basis.SIMILAR, score=0.1)
    dossier = Library(tmp_path).dossier("report")
    Library(tmp_path).write(replace(dossier, links=(tied, alike)))
    evidence = Shelf(tmp_path).evidence[tied.recommendation]
    assert [link.basis for link in evidence] == [Basis.SIMILAR, Basis.NEARBY]
