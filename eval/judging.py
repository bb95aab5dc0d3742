"""Fits the points by which a sentence judges (`ingest/findings/judging.py`) to coded sentences.

    python -m eval.judging      prints each sign with its points, and how well they do

Logistic regression, held close to what each sign means: with few sentences to learn from, a rare
sign keeps what is known of it. How well the points do on an inquiry is measured with those fitted
to the other inquiries. Only sentences drawn at random for development are used
(`eval/gold/speakers.jsonl`), never those kept for confirming, and none of the gold rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.inquiries import real_documents
from eval.speakers import CodedSentence, heard
from ingest.findings.judging import SIGNS, signs
from ingest.findings.voice import frame_of, lower
from ingest.model import Stance, Voice

Points = NDArray[np.float64]

_STRENGTH = 2.0
"""How firmly the points are held to what the signs mean: to about 0.7 of it."""
_STEPS = 25
_INQUIRIES = (("hc18", "covid"), ("hc1119", "post-office"), ("hc381", "hc1099"))
MEANT: Mapping[str, float] = {
    "a word of failing": 2.0,
    "what should have been": 3.0,
    "what could or would have been": 1.5,
    "a word of blame or regret": 1.5,
    "a word of lacking": 1.5,
    "too much of something": 1.2,
    "a word of concern": 0.7,
    "the inquiry says what it finds": 3.0,
    "the inquiry's opinion": 1.0,
    "the answering body's opinion": 1.5,
    "said to be somebody's view, or how it really is": 1.0,
    "something is called clear, likely, right or the like": 1.2,
    "a noun that judges": 0.5,
    "an adjective or adverb that judges": 0.6,
    "a word of importance": 0.8,
    "a cause or an effect": 0.7,
    "something is said to show something": 0.7,
    "a word of concluding": 0.5,
    "a word of contrast": 0.4,
    "a negation": 0.5,
    "would, might or may": 0.6,
    "will": 0.2,
    "a word of degree": 0.5,
    "a word of supposing": 0.5,
    "a question": 1.0,
    "if": 0.0,
    "what something is for": 0.1,
    "what is under way": -0.2,
    "a day": -0.8,
    "a number or a sum": -0.4,
    "a step that was taken": -0.7,
    "a verb of telling a story": -0.3,
    "a person": -0.4,
    "an item of a list": -0.5,
    "a cell of a table": -1.0,
}
MEANT_START = -1.5
"""What each sign means, in points, and what a sentence starts with: where the fitting begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Sentences as rows of the signs that each bears, with a last column of ones."""

    borne: NDArray[np.float64]
    judges: NDArray[np.bool_]
    inquiry: NDArray[np.int_]

    def of(self, chosen: NDArray[np.bool_]) -> "Told":
        return Told(
            borne=self.borne[chosen], judges=self.judges[chosen], inquiry=self.inquiry[chosen]
        )


def fitted(told: Told) -> Points:
    """The points of each sign in order, and last those that every sentence starts with.

    The start is moved to where judgements and background are told alike well.
    """
    points = _regression(told)
    scores = told.borne @ points
    cuts = np.unique(scores)
    recalls = [_recalls(told.judges, scores >= cut) for cut in cuts]
    points[-1] -= cuts[int(np.argmax([min(pair) for pair in recalls]))]
    return points


def crossed(told: Told) -> NDArray[np.bool_]:
    """Which sentences are taken for judgements by points fitted to the other inquiries."""
    given = np.zeros(len(told.judges), dtype=np.bool_)
    for inquiry in np.unique(told.inquiry):
        here = told.inquiry == inquiry
        given[here] = told.borne[here] @ fitted(told.of(~here)) >= 0
    return given


def _regression(told: Told) -> Points:
    """By Newton's method."""
    meant = np.array([*(MEANT[sign.why] for sign in SIGNS), MEANT_START])
    points, wanted = meant.copy(), told.judges.astype(np.float64)
    held = _STRENGTH * np.eye(len(meant))
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-(told.borne @ points)))
        slope = told.borne.T @ (chance - wanted) + held @ (points - meant)
        curve = (told.borne.T * (chance * (1 - chance))) @ told.borne + held
        points -= np.linalg.solve(curve, slope)
    return points


def _recalls(wanted: NDArray[np.bool_], given: NDArray[np.bool_]) -> tuple[float, float]:
    """Of judgements, and of background."""
    return float(given[wanted].mean()), float((~given[~wanted]).mean())


def told_of(coded: Sequence[tuple[CodedSentence, str]]) -> Told:
    """Of coded sentences with their words, those that an inquiry or a response tells itself."""
    chosen = [(row, words) for row, words in coded if _tells(row)]
    return Told(
        borne=np.array([_borne(words) for _, words in chosen]),
        judges=np.array([row.stance[0] is Stance.FOUND for row, _ in chosen]),
        inquiry=np.array([_inquiry(row.document) for row, _ in chosen]),
    )


def _tells(row: CodedSentence) -> bool:
    agreed = row.stance[0] is row.stance[1] and row.voice[0] is row.voice[1]
    own = row.voice[0] is Voice.INQUIRY or "response" in row.document
    return agreed and own and row.stance[0] in {Stance.FOUND, Stance.BACKGROUND}


def _borne(words: str) -> list[float]:
    frame, _ = frame_of(lower(words))
    borne = {sign.why for sign, _ in signs(frame)}
    return [*(float(sign.why in borne) for sign in SIGNS), 1.0]


def _inquiry(document: str) -> int:
    of = [n for n, names in enumerate(_INQUIRIES) if document.startswith(names)]
    if not of:
        raise ValueError(f"{document} is of no inquiry known here: add its name to _INQUIRIES")
    return of[0]


def _report(told: Told, others: Mapping[str, Told]) -> Iterator[str]:
    points = fitted(told)
    for sign, value in zip(SIGNS, points, strict=False):
        yield f"{value:5.1f}  {sign.why}"
    yield f"{points[-1]:5.1f}  the start"
    yield _line("fitted to the other inquiries", told.judges, crossed(told))
    for name, other in others.items():
        yield _line(name, other.judges, other.borne @ points >= 0)


def _line(name: str, wanted: NDArray[np.bool_], given: NDArray[np.bool_]) -> str:
    judgements, background = _recalls(wanted, given)
    return (
        f"{name}: {(wanted == given).mean():.1%} right of {len(wanted)}"
        f" (judgements {judgements:.0%}, background {background:.0%})"
    )


def main() -> None:
    """Prints the points fitted to the sentences for development, beside those kept apart."""
    coded = list(heard(real_documents()))
    seen = told_of([(row, words) for row, words, _ in coded if row.seen])
    kept = told_of([(row, words) for row, words, _ in coded if not row.seen])
    for line in _report(seen, {"kept for confirming": kept}):
        print(line)


if __name__ == "__main__":
    main()
