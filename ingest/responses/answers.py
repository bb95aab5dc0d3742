"""A recommendation as a document may answer it, and what is said to it in one place."""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.model import Alignment, Recommendation, Span
from ingest.recommendations.echoes import Echo
from ingest.responses.acceptance import opens_in_reply, stated

RESTATED = 0.5
"""Share of a paragraph's letters taken from a recommendation from which it restates it."""
HEARD = 0.25
"""Share of a recommendation that a paragraph must take up to stand for it without a label."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A recommendation that a document may answer, and its words wherever its own states it."""

    recommendation: Recommendation
    words: tuple[str, ...]
    echoes: tuple[Echo, ...]

    @classmethod
    def of(cls, recommendation: Recommendation, text: str) -> "Asked":
        places = (recommendation.span, *recommendation.occurrences)
        words = tuple(place.of(text) for place in places)
        return cls(recommendation, words, tuple(map(Echo, words)))

    def share_of(self, words: str) -> float:
        """How much of the words is taken from the recommendation, 0 to 1."""
        return max(echo.share_of(words) for echo in self.echoes)

    def share_in(self, words: str) -> float:
        """How much of the recommendation the words take up, 0 to 1."""
        return max(echo.share_in(words) for echo in self.echoes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is said to one recommendation in one place."""

    asked: Asked
    alignment: Alignment
    span: Span
    restatement: Span | None
    verdict: Span | None
    """A printed label of its status that stands before the restatement."""
    responder: str | None
    shared: bool
    """Whether others are answered by the same words without being named there."""


def best_heard(words: str, asked: Sequence[Asked]) -> Asked | None:
    """The recommendation that a paragraph restates in whole or for a good part."""
    if stated(words) or opens_in_reply(words):
        return None
    heard = [(each.share_of(words), each.share_in(words), each) for each in asked]
    fitting = [each for each in heard if each[0] >= RESTATED and each[1] >= HEARD]
    return max(fitting, key=lambda each: each[0] + each[1])[2] if fitting else None
