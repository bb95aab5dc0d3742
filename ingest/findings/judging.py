"""Whether a sentence judges, where it could as well tell plain background.

Each sign adds its points once. Then it counts how far the sentences beside it judge, for judgements
stand together, and what the sentence is about: a direction among sentences' vectors. At none or
more in all, the sentence judges. All of these were learned from real sentences that two readers
coded apart (`python -m eval.judging`); without the embedder that they were learned with, signs and
neighbours tell.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from ingest.errors import CorpusError
from ingest.findings.examples import FOLDER
from ingest.findings.frame import frame_of, lower
from ingest.findings.learned import embedder_stamp
from ingest.findings.signs import SIGNS, Borne, Sign, signs
from ingest.similarity import Encoder, Vectors

FILE = "judging.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What is added up of a sentence and of those beside it."""

    own: float
    """For each point of its signs."""
    before: float
    after: float
    """For a neighbour that judges without doubt; less for any other."""
    start: float
    direction: Sequence[float] = ()
    """Along which vectors count; none where vectors do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """Everything that was learned, as it is stored."""

    embedder: str
    """Name and weights hash."""
    signs: Mapping[str, float]
    """Points of each sign."""
    start: float
    """Points that a sentence has without any: most tell background."""
    worded: Sum
    full: Sum


@cache
def weighing() -> Weighing:
    """What the project ships; raises CorpusError where it is missing or not of these signs."""
    resource = files("corpora") / FOLDER / FILE
    found = (
        TypeAdapter(Weighing).validate_json(resource.read_bytes()) if resource.is_file() else None
    )
    if found is None or set(found.signs) != {sign.why for sign in SIGNS}:
        raise CorpusError(
            f"{FOLDER}/{FILE} is missing, or was learned with other signs.",
            remedy="Run `python -m eval.judging --record`, which learns it again.",
        )
    return found


def points(borne: Iterable[Borne]) -> float:
    """What a sentence has to start with and by these signs; at 0 or more it judges by itself."""
    return weighing().start + sum(worth(sign) for sign, _ in borne)


def worth(sign: Sign) -> float:
    """The points of a sign."""
    return weighing().signs[sign.why]


class Judge:
    """Tells which sentences of a text judge."""

    def __init__(self, encoder: Encoder | None = None) -> None:
        known = encoder is not None and embedder_stamp(encoder) == weighing().embedder
        self._encoder = encoder if known else None

    def judges(
        self, sentences: Sequence[str], *, before: str = "", after: str = ""
    ) -> Sequence[bool]:
        """Whether each does; they stand beside each other in this order.

        What somebody else says is left empty: it neither judges nor counts beside what does.
        """
        alone = [told(words) if words else 0.0 for words in (before, *sentences, after)]
        scores = beside(alone)[1:-1] @ self._parts
        own = [number for number, words in enumerate(sentences) if words]
        if self._encoder is not None and own:
            vectors = self._encoder.passages([sentences[number] for number in own])
            scores[own] += vectors @ self._direction
        return [score >= 0 for score in scores.tolist()]

    @property
    def _sum(self) -> Sum:
        return weighing().worded if self._encoder is None else weighing().full

    @property
    def _parts(self) -> NDArray[np.float64]:
        return np.array([self._sum.own, self._sum.before, self._sum.after, self._sum.start])

    @property
    def _direction(self) -> Vectors:
        return np.array(self._sum.direction, dtype=np.float32)


def told(words: str) -> float:
    """The points of a sentence by itself."""
    frame, _ = frame_of(lower(words))
    return points(signs(frame))


def beside(alone: Sequence[float]) -> NDArray[np.float64]:
    """A row for each sentence of these points: they, how far the one before it and the one after it
    judge, from -1 to 1, and 1."""
    given = np.array(alone, dtype=np.float64)
    sure = np.tanh(given / 2)
    none = np.zeros(min(1, len(given)))
    before = np.concatenate([none, sure[:-1]])
    after = np.concatenate([sure[1:], none])
    return np.stack([given, before, after, np.ones_like(given)], axis=1)
