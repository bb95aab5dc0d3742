"""The points by which a sentence judges, and how they are fitted."""

import numpy as np

from eval import judging
from eval.judging import MEANT, Told, fitted
from ingest.findings.judging import SIGNS, points, signs


def test_every_sign_has_a_meaning_to_start_from() -> None:
    assert [sign.why for sign in SIGNS] == list(MEANT)


def test_points_move_to_what_the_sentences_show() -> None:
    borne = np.zeros((200, len(SIGNS) + 1))
    borne[:, -1] = 1
    judges = np.arange(200) % 2 == 0
    borne[judges, 0] = 1
    borne[~judges, 1] = 1
    found = fitted(Told(borne=borne, judges=judges, inquiry=np.zeros(200, dtype=np.int_)))
    assert found[0] > MEANT[SIGNS[0].why]
    assert found[1] < MEANT[SIGNS[1].why]
    assert ((borne @ found >= 0) == judges).all()


def test_points_of_an_inquiry_are_fitted_to_the_others() -> None:
    borne = np.zeros((400, len(SIGNS) + 1))
    borne[:, -1] = 1
    borne[:200, 0] = 1
    judges = np.arange(400) < 200
    inquiry = np.arange(400) % 2
    judges[inquiry == 1] = ~judges[inquiry == 1]
    given = judging.crossed(Told(borne=borne, judges=judges, inquiry=inquiry))
    assert (given != judges).all()


def test_a_paragraph_number_hides_no_sign() -> None:
    assert points(signs("12.3 so nobody came.")) == points(signs("so nobody came."))
    assert [s.why for s, _ in signs("3. so it was.")] == [s.why for s, _ in signs("so it was.")]
