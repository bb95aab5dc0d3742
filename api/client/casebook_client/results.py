"""What comes back: sequences of the contract's objects, which become tables and cards."""

from collections.abc import Iterable, Sequence
from textwrap import shorten
from typing import TYPE_CHECKING, Generic, TypeVar, overload

from pydantic import BaseModel

from casebook_client import cards, frames, wire

if TYPE_CHECKING:
    import pandas
    import polars

_T = TypeVar("_T", bound=BaseModel, covariant=True)


class Results(Sequence[_T], Generic[_T]):
    """Records in the service's order; unchanging."""

    def __init__(self, items: Iterable[_T], *, kind: type[_T]) -> None:
        self._items = tuple(items)
        self._kind = kind

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> _T: ...
    @overload
    def __getitem__(self, index: slice) -> "Results[_T]": ...
    def __getitem__(self, index: int | slice) -> "_T | Results[_T]":
        if isinstance(index, slice):
            return Results(self._items[index], kind=self._kind)
        return self._items[index]

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self)} of {self._kind.__name__}>"

    def _repr_html_(self) -> str:
        return cards.page(map(cards.record, self))

    def to_pandas(self) -> "pandas.DataFrame":
        """A row for each record, nested fields as `citation_title`; raises PackageMissing."""
        return frames.to_pandas(self._items, self._kind)

    def to_polars(self) -> "polars.DataFrame":
        """A row for each record, nested fields as `citation_title`; raises PackageMissing."""
        return frames.to_polars(self._items, self._kind)


class Passage(wire.Evidence):
    """A passage as it is shown: quotation, citation, findings and recommendations."""

    def __repr__(self) -> str:
        return f"<Passage {self.passage_id}: {shorten(self.text, 60, placeholder=' …')!r}>"

    def __str__(self) -> str:
        return f"{self.text}\n({self.citation.cite_as})"

    def _repr_html_(self) -> str:
        return cards.page([cards.evidence(self)])


class Explanation(wire.FindingExplanation):
    """Why a finding was given, in sentences and in what weighed."""

    def __repr__(self) -> str:
        return f"<Explanation {self.finding.id}>"

    def __str__(self) -> str:
        return "\n".join([f"{self.label}: “{self.finding.trigger}”", *self.summary])

    def _repr_html_(self) -> str:
        return cards.page([cards.explanation(self)])


class Hits(Results[Passage]):
    """What a search found, best first, and how strong it is."""

    def __init__(self, answer: wire.Answer, hits: Iterable[wire.Evidence]) -> None:
        super().__init__(map(_passage, hits), kind=Passage)
        self.query = answer.query
        self.mode = answer.mode
        self.total = answer.total
        """Passages that match, as far as the search looked."""
        self.generation = answer.generation
        self.strength = answer.strength
        """`strong`, `weak` or `none`."""
        self.strength_score = answer.strength_score
        self.facets = answer.facets
        self.notes = answer.notes
        """What to know beside the hits: digests among them, content, look-alikes."""

    def _repr_html_(self) -> str:
        return cards.page(
            map(cards.evidence, self),
            head=cards.strength(self.strength, total=self.total),
            notes=self.notes,
        )


class Support(Results[Passage]):
    """The passages that bear on a recommendation, the surest first, and what followed it."""

    def __init__(self, support: wire.Support) -> None:
        super().__init__(map(_passage, support.items), kind=Passage)
        self.recommendation = support.recommendation
        self.generation = support.generation
        self.responses = support.responses
        self.events = support.events
        self.lineage = support.lineage

    def _repr_html_(self) -> str:
        return cards.page(map(cards.evidence, self), head=cards.recommendation(self.recommendation))


class Verdicts(Results[wire.Verified]):
    """The quotations of a text in its order, each with what it is and every place it stands at."""

    def __init__(self, verification: wire.Verification) -> None:
        super().__init__(verification.quotations, kind=wire.Verified)
        self.counts = verification.counts
        """Quotations by verdict."""
        self.generation = verification.generation

    def _repr_html_(self) -> str:
        return cards.page(map(cards.verified, self))


def _passage(evidence: wire.Evidence) -> Passage:
    return Passage.model_construct(**dict(evidence))
