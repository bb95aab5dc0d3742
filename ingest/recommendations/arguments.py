"""Where a document argues for what it recommends: its passages by their part in that.

A recommendation is stated in the body, after the words that lead to it, and often once more in a
list that gathers all of them; only the first place has an argument before it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from ingest.model import Passage, Recommendation, Span

GATHERED = 4
"""Statements in a row, at least, that make a list of recommendations where they are most of all."""
STATED = 0.5
"""Share of a passage from which it is a statement, not an argument that leads to one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a recommendation is stated: the first and last of the passages that hold it."""

    recommendation: Recommendation
    span: Span
    first: int
    last: int


class Argument:
    """A document's passages in reading order, and the places of its recommendations in them."""

    def __init__(
        self, recommendations: Sequence[Recommendation], passages: Sequence[Passage]
    ) -> None:
        self.passages = sorted(passages, key=lambda passage: passage.span.start)
        self.recommendations = tuple(recommendations)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every place of every recommendation, in reading order."""
        starts = [passage.span.start for passage in self.passages]
        found = [
            Place(
                recommendation=recommendation,
                span=span,
                first=max(0, bisect_right(starts, span.start) - 1),
                last=max(0, bisect_left(starts, span.end) - 1),
            )
            for recommendation in self.recommendations
            for span in (recommendation.span, *recommendation.occurrences)
            if self.passages
        ]
        return tuple(sorted(found, key=lambda place: place.span.start))

    @cached_property
    def gathered(self) -> frozenset[int]:
        """The passages of lists that gather most of the recommendations."""
        found: set[int] = set()
        for run in self._runs():
            stated = {place.recommendation.id for place in run}
            if len(stated) >= GATHERED and 2 * len(stated) > len(self.recommendations):
                found.update(range(run[0].first, run[-1].last + 1))
        return frozenset(found)

    @cached_property
    def stating(self) -> frozenset[int]:
        """The passages that are a statement of some recommendation for the greater part."""
        covered: dict[int, int] = {}
        for place in self.places:
            for index in range(place.first, place.last + 1):
                shared = place.span.overlap(self.passages[index].span)
                covered[index] = covered.get(index, 0) + shared
        return frozenset(
            index
            for index, shared in covered.items()
            if shared >= STATED * len(self.passages[index].span)
        )

    def in_body(self, recommendation: Recommendation) -> Iterator[Place]:
        """The places of a recommendation outside the lists."""
        for place in self.places:
            if place.recommendation.id == recommendation.id and place.first not in self.gathered:
                yield place

    def chapter(self, index: int) -> tuple[str, ...]:
        """The outermost headings above a passage, down to the first that they do not all share."""
        return self.passages[index].section[: self._shared + 1]

    @cached_property
    def _shared(self) -> int:
        sections = {passage.section for passage in self.passages if passage.section}
        columns = zip(*sections, strict=False)
        return sum(1 for _ in takewhile(lambda headings: len(set(headings)) == 1, columns))

    def _runs(self) -> Iterator[list[Place]]:
        """Places of one chapter with no whole passage between one and the next."""
        run: list[Place] = []
        for place in self.places:
            if run and not self._follows(run[-1], place):
                yield run
                run = []
            run.append(place)
        if run:
            yield run

    def _follows(self, before: Place, after: Place) -> bool:
        near = after.first <= before.last + 1
        return near and self.chapter(before.last) == self.chapter(after.first)
