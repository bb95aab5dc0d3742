"""Recommendations of one document that ask again for what an earlier document asked for.

Two are held against each other by meaning and by the words that few recommendations have; the
later of the two is told by the dates of their documents, so that what has no date has no lineage.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from ingest.library import StoredDossier
from ingest.model import Basis, Edition, Lineage, LineageRelation, Recommendation
from ingest.similarity import Semantics

ALIKE = 0.75
"""Cosine and a quarter of the shared words' weight. On 24 pairs written for it (eval/gold) two
thirds of the true ones pass, and 1 of 1,104 others on like themes; of 461 pairs of recommendations
from three unrelated inquiries none does."""
WORDS = 0.25
"""What the shared words count, to 1 of the cosine."""
WORTH_COMPARING = ALIKE - WORDS
LONGER = 1.6
"""How many times the earlier one's telling words the later one has that adds to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A recommendation with its words and the day of its document."""

    recommendation: Recommendation
    published: str
    """Id of the published document, whichever edition the words are of."""
    day: date
    text: str


def lineage(dossiers: Sequence[StoredDossier], semantics: Semantics) -> Iterator[Lineage]:
    """What follows what, on basis `similar`, in the order of the earlier ones' ids."""
    asked = sorted(_asked(dossiers), key=lambda each: (each.day, each.recommendation.id))
    if len({each.published for each in asked}) < 2:
        return
    vectors = semantics.words([each.text for each in asked])
    weighed = Weighed([semantics.stems(each.text) for each in asked])
    cosines = vectors @ vectors.T
    for earlier, later in combinations(range(len(asked)), 2):
        if _follows(asked[earlier], asked[later]) and cosines[earlier, later] >= WORTH_COMPARING:
            score = likeness(float(cosines[earlier, later]), weighed.shared(earlier, later))
            if score >= ALIKE:
                yield Lineage(
                    recommendation=asked[later].recommendation.id,
                    earlier=asked[earlier].recommendation.id,
                    relation=_relation(weighed.weight(earlier), weighed.weight(later)),
                    basis=Basis.SIMILAR,
                    score=min(1.0, score),
                )


def likeness(cosine: float, shared: float) -> float:
    """How alike two recommendations are; above ALIKE they are shown."""
    return cosine + WORDS * shared


class Weighed:
    """Texts by their words, each word weighed by how few of the texts have it."""

    def __init__(self, stems: Sequence[Sequence[str]]) -> None:
        self._stems = [frozenset(each) for each in stems]
        counts = Counter(stem for each in self._stems for stem in each)
        self._weights = {
            stem: math.log((len(stems) + 1) / (count + 0.5)) for stem, count in counts.items()
        }

    def weight(self, text: int) -> float:
        return sum(self._weights[stem] for stem in self._stems[text])

    def shared(self, one: int, other: int) -> float:
        """Weight of the words that both have, as a share of the lighter one's, 0 to 1."""
        lighter = min(self.weight(one), self.weight(other))
        both = sum(self._weights[stem] for stem in self._stems[one] & self._stems[other])
        return both / lighter if lighter else 0.0


def _asked(dossiers: Sequence[StoredDossier]) -> Iterator[Asked]:
    """Each recommendation once, in the published words where they are here."""
    seen: set[str] = set()
    for dossier in sorted(dossiers, key=lambda each: each.document.edition is Edition.DIGEST):
        document = dossier.document
        for each in dossier.recommendations:
            if each.kind == "recommendation" and each.id not in seen and document.date:
                seen.add(each.id)
                yield Asked(
                    recommendation=each,
                    published=document.digest_of or document.id,
                    day=document.date,
                    text=each.span.of(dossier.text),
                )


def _follows(earlier: Asked, later: Asked) -> bool:
    return earlier.day < later.day and earlier.published != later.published


def _relation(earlier: float, later: float) -> LineageRelation:
    """The later one adds to the earlier where it says much more."""
    return LineageRelation.BUILDS_ON if later >= LONGER * earlier else LineageRelation.REPEATS
