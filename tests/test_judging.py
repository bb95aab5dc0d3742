"""What tells that a sentence judges, and how it is learned."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from eval.judging import MEANT, Told, crossed, learned, scores
from ingest.findings.judging import Judge, beside, points, told, weighing
from ingest.findings.learned import bundled_weights, embedder_stamp
from ingest.findings.signs import SIGNS, signs

DIMENSIONS = 3
PLAIN = "The panel met on 3 May 2019."
HARSH = "It was wholly inadequate and the failure was inexcusable."


class Towards:
    """Gives each text the vector that it is told."""

    def __init__(self, vectors: dict[str, Sequence[float]]) -> None:
        self._vectors = vectors
        self.name, _, self.weights_sha256 = weighing().embedder.rpartition(" ")

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        none = np.zeros(len(weighing().full.direction))
        return np.array([self._vectors.get(text, none) for text in texts], dtype=np.float32)


def made(borne: NDArray[np.float64], judges: NDArray[np.bool_], inquiry: NDArray[np.int_]) -> Told:
    """Sentences that stand alone, of these signs."""
    around = np.zeros((len(borne), 3, len(SIGNS) + 1))
    around[:, 1, :-1], around[:, 1, -1] = borne, 1
    vectors = np.zeros((len(borne), DIMENSIONS))
    return Told(around=around, vectors=vectors, judges=judges, inquiry=inquiry)


def test_every_sign_has_a_meaning_to_start_from() -> None:
    assert [sign.why for sign in SIGNS] == list(MEANT)


def test_points_move_to_what_the_sentences_show() -> None:
    judges = np.arange(200) % 2 == 0
    borne = np.zeros((200, len(SIGNS)))
    borne[judges, 0] = 1
    borne[~judges, 1] = 1
    sentences = made(borne, judges, np.zeros(200, dtype=np.int_))
    found = learned(sentences)
    assert found.signs[SIGNS[0].why] > MEANT[SIGNS[0].why]
    assert found.signs[SIGNS[1].why] < MEANT[SIGNS[1].why]
    for given in scores(sentences, found):
        assert ((given >= 0) == judges).all()


def test_what_is_learned_of_an_inquiry_is_tried_on_others() -> None:
    judges = np.arange(400) < 200
    borne = np.zeros((400, len(SIGNS)))
    borne[:200, 0] = 1
    inquiry = np.arange(400) % 2
    judges[inquiry == 1] = ~judges[inquiry == 1]
    given = crossed(made(borne, judges, inquiry))
    assert ((given >= 0) != judges[:, None]).all()


def test_a_vector_is_learned_where_signs_tell_nothing() -> None:
    judges = np.arange(200) % 2 == 0
    sentences = made(np.zeros((200, len(SIGNS))), judges, np.zeros(200, dtype=np.int_))
    sentences.vectors[judges, 0] = 1
    alone, _, full = scores(sentences, learned(sentences))
    assert len(set(alone)) == 1
    assert ((full >= 0) == judges).all()


def test_a_paragraph_number_hides_no_sign() -> None:
    assert points(signs("12.3 so nobody came.")) == points(signs("so nobody came."))
    assert [s.why for s, _ in signs("3. so it was.")] == [s.why for s, _ in signs("so it was.")]


def test_neighbours_count_from_minus_one_to_one_and_none_for_nothing() -> None:
    rows = beside([0.0, 9.0, -9.0])
    assert rows[:, 1].tolist() == pytest.approx([0, 0, 1], abs=1e-3)
    assert rows[:, 2].tolist() == pytest.approx([1, -1, 0], abs=1e-3)
    assert beside([]).shape == (0, 4)


def test_a_judgement_is_told_from_plain_background() -> None:
    assert told(HARSH) > 0 > told(PLAIN)
    assert Judge().judges([HARSH, PLAIN, PLAIN]) == [True, False, False]
    assert Judge().judges([]) == []


def test_a_sentence_judges_rather_beside_others_that_do() -> None:
    between = "The board had the papers and might have read them."
    alone, beside_two = (
        Judge().judges([neighbour, between, neighbour])[1] for neighbour in (PLAIN, HARSH)
    )
    assert (alone, beside_two) == (False, True)


def test_what_a_sentence_is_about_can_decide() -> None:
    direction = np.array(weighing().full.direction)
    towards = 9 * direction / np.linalg.norm(direction)
    for vector, judges in ((towards, True), (-towards, False)):
        given = Towards({PLAIN: vector.tolist()})
        assert Judge(given).judges([PLAIN]) == [judges]


def test_vectors_of_another_embedder_are_not_asked_for() -> None:
    other = Towards({})
    other.name = "another"
    assert embedder_stamp(other) != weighing().embedder
    assert Judge(other).judges([HARSH]) == Judge().judges([HARSH])


def test_judgements_and_tags_were_learned_with_one_embedder() -> None:
    assert weighing().embedder == bundled_weights().stamp.embedder
