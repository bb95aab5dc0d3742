"""Passages that stand just before a recommendation in its section: where reports argue for it.

Only places in the body count: before a list of all recommendations nothing is argued. The
argument ends where the section begins, or where another recommendation is stated.
"""

from collections.abc import Iterator, Sequence

from ingest.model import Basis, Link, Passage, Recommendation, Relation
from ingest.recommendations.arguments import Argument, Place

REACH = 4
"""Passages before the place."""


def nearby(
    recommendations: Sequence[Recommendation], passages: Sequence[Passage]
) -> tuple[Link, ...]:
    """Links on basis `nearby`, each recommendation's together, the nearest first.

    The score falls with every passage that stands between.
    """
    argument = Argument(recommendations, passages)
    return tuple(
        link for recommendation in recommendations for link in _of(recommendation, argument)
    )


def _of(recommendation: Recommendation, argument: Argument) -> Iterator[Link]:
    seen: set[int] = set()
    for place in argument.in_body(recommendation):
        for distance, index in enumerate(_before(place, argument), start=1):
            if index not in seen:
                seen.add(index)
                yield Link(
                    recommendation=recommendation.id,
                    passage=argument.passages[index].id,
                    relation=Relation.MOTIVATES,
                    basis=Basis.NEARBY,
                    score=1 / (1 + distance),
                )


def _before(place: Place, argument: Argument) -> Iterator[int]:
    """At most REACH passages of the argument, from the place backwards."""
    found = 0
    section = argument.passages[place.first].section
    for index in reversed(range(place.first)):
        if argument.passages[index].section != section or found == REACH:
            return
        if index not in argument.stating:
            found += 1
            yield index
        elif found:
            return
