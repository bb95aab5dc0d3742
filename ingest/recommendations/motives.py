"""Passages of a report that are so like one of its recommendations that they likely led to it.

Likeness finds the subject. What tells the words that lead to a recommendation from others on its
subject is that they are more like it than like the rest of the recommendations, and that they
stand near the place where it is argued. Whatever says recommendations again is left out: a copy
is as like as can be, and proves nothing.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from ingest.model import Basis, Link, Passage, Recommendation, Relation, Span
from ingest.recommendations.arguments import Argument
from ingest.recommendations.echoes import Echo
from ingest.similarity import Semantics, Vectors

SHOWN = 2
"""Passages for each recommendation, at most."""
ENOUGH = 0.55
"""Chance from which a passage is shown: the lowest at which 85% of what is shown is right, both
with these weights and with weights fitted without the inquiry asked about."""
REPEATED = 0.5
"""Share of a passage's letters that stand in recommendations, from which it says them again."""
FEWEST_WORDS = 20
"""Of a passage: a caption or a scrap of a picture argues nothing."""
NEIGHBOURHOOD = 8.0
"""Passages over which the nearness to the statement falls to a third."""

# Fitted by logistic regression on 465 pairs from three inquiries, read by two readers without
# scores (eval/gold/similar.jsonl); a pair is right where both say so. With weights found on two
# inquiries, 65 of 75 passages shown of the third led to the recommendation; with the cut found on
# them too, 36 of 45.
INTERCEPT = -3.34
WEIGHTS = (2.84, 1.84, 1.93, 2.67, 2.03)
"""Of the cosine, the likeness in words, how far each is ahead of that to any other recommendation,
and the nearness."""

Features = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is asked of a document that recommends: its passages with a vector for each."""

    text: str
    recommendations: Sequence[Recommendation]
    passages: Sequence[Passage]
    vectors: Vectors


def motives(
    report: Report, semantics: Semantics, linked: Collection[tuple[str, str]]
) -> Iterator[Link]:
    """Links on basis `similar`, each recommendation's together, the likeliest first.

    The score is the chance that the passage led to the recommendation. `linked` are pairs of
    recommendation and passage that are tied on a surer basis already.
    """
    compared = Compared(report, semantics)
    for recommendation, passage, chance in compared.likely(linked):
        yield Link(
            recommendation=recommendation,
            passage=passage,
            relation=Relation.MOTIVATES,
            basis=Basis.SIMILAR,
            score=chance,
        )


class Compared:
    """Each recommendation beside each passage: the rows and columns of every table."""

    def __init__(self, report: Report, semantics: Semantics) -> None:
        order = np.argsort([passage.span.start for passage in report.passages], kind="stable")
        self._argument = Argument(report.recommendations, report.passages)
        self._statements = [each.span.of(report.text) for each in report.recommendations]
        self._texts = [each.span.of(report.text) for each in self._argument.passages]
        self._vectors = report.vectors[order]
        self._semantics = semantics
        self._words = [list(semantics.stems(text)) for text in self._texts]

    def features(self) -> Features:
        """Shape (recommendations, passages, 5), in the order of the weights."""
        meant = self._semantics.words(self._statements) @ self._vectors.T
        cosines = meant.astype(np.float64)
        words = InWords(self._words).to([self._semantics.stems(each) for each in self._statements])
        kinds = [each.kind for each in self._argument.recommendations]
        return np.stack(
            [cosines, words, _ahead(cosines, kinds), _ahead(words, kinds), self._nearness()],
            axis=-1,
        )

    def admitted(self) -> NDArray[np.bool_]:
        """Whether the passage can be evidence for the recommendation at all."""
        repeated = Echo("\n".join(self._statements))
        argues = [
            len(words) >= FEWEST_WORDS
            and index not in self._argument.stating
            and repeated.share_of(text) < REPEATED
            for index, (text, words) in enumerate(zip(self._texts, self._words, strict=True))
        ]
        return np.array([argues] * len(self._statements)) & ~self._stated()

    def likely(self, linked: Collection[tuple[str, str]]) -> Iterator[tuple[str, str, float]]:
        """Recommendation, passage and chance of what is shown."""
        if not self._statements or not self._texts:
            return
        table = np.where(self.admitted(), chances(self.features()), 0.0)
        for recommendation, row in zip(self._argument.recommendations, table, strict=True):
            likely = (
                (recommendation.id, self._argument.passages[index].id, float(row[index]))
                for index in _best_first(row)
                if row[index] >= ENOUGH
            )
            yield from islice((each for each in likely if each[:2] not in linked), SHOWN)

    def _nearness(self) -> Features:
        """Nearest 1, towards 0 far away; 0 where the statement stands in no argument."""
        places = np.arange(len(self._texts))
        return np.array(
            [
                np.max(
                    [
                        np.exp(-np.abs(places - place.first) / NEIGHBOURHOOD)
                        for place in self._argument.in_body(each)
                    ]
                    or [np.zeros(len(places))],
                    axis=0,
                )
                for each in self._argument.recommendations
            ]
        )

    def _stated(self) -> NDArray[np.bool_]:
        """Where the passage holds some of the recommendation itself."""
        return np.array(
            [
                [_holds_any(passage, each) for passage in self._argument.passages]
                for each in self._argument.recommendations
            ]
        )


class InWords:
    """Texts by their words, each weighed by how few of the texts have it."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        counts = Counter(stem for text in texts for stem in set(text))
        self._weights = {
            stem: math.log(1 + (len(texts) - count + 0.5) / (count + 0.5))
            for stem, count in counts.items()
        }
        self._texts = [
            {stem: (1 + math.log(n)) * self._weights[stem] for stem, n in Counter(text).items()}
            for text in texts
        ]

    def to(self, sought: Sequence[Sequence[str]]) -> Features:
        """Cosine of the weighed words of each sought to each text."""
        return np.array([self._row(frozenset(stems)) for stems in sought])

    def _row(self, sought: frozenset[str]) -> list[float]:
        weights = {stem: self._weights.get(stem, 0.0) for stem in sought}
        length = math.sqrt(sum(weight**2 for weight in weights.values()))
        return [
            sum(text[stem] * weight for stem, weight in weights.items() if stem in text)
            / ((length * math.sqrt(sum(weight**2 for weight in text.values()))) or 1.0)
            for text in self._texts
        ]


def chances(features: Features) -> Features:
    """The estimated chance of each pair, 0 to 1."""
    chance: Features = 1 / (1 + np.exp(-(features @ np.array(WEIGHTS) + INTERCEPT)))
    return chance


def _best_first(row: Features) -> list[int]:
    ordered: list[int] = np.argsort(-row, kind="stable").tolist()
    return ordered


def _ahead(likeness: NDArray[np.floating], kinds: Sequence[str]) -> Features:
    """How far each is above the best of the others of its kind; 0 where there are none."""
    ahead = np.zeros(likeness.shape)
    for row, kind in enumerate(kinds):
        others = [other for other, each in enumerate(kinds) if each == kind and other != row]
        if others:
            ahead[row] = likeness[row] - likeness[others].max(axis=0)
    return ahead


def _holds_any(passage: Passage, recommendation: Recommendation) -> bool:
    places: tuple[Span, ...] = (recommendation.span, *recommendation.occurrences)
    return any(passage.span.overlap(place) for place in places)
