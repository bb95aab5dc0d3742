"""The documents of one generation, and the joins between them."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TypeVar

from index.editions import ids_of
from index.notes import covers
from ingest.errors import UnknownId
from ingest.identity import finding_ids
from ingest.library import Library, StoredDossier
from ingest.model import (
    Alias,
    Basis,
    Catalogue,
    Document,
    Edition,
    Finding,
    Joins,
    Lineage,
    Link,
    ParagraphKind,
    Passage,
    Recommendation,
    Response,
    Span,
    StatusEvent,
)
from ingest.nearest import remedy

_K = TypeVar("_K", bound=Hashable)
_T = TypeVar("_T")


class Volume:
    """One document with its parts by passage; each is read when first asked for."""

    def __init__(self, stored: StoredDossier) -> None:
        self.stored = stored

    @property
    def document(self) -> Document:
        return self.stored.document

    @property
    def text(self) -> str:
        return self.stored.text

    @cached_property
    def passages(self) -> Mapping[str, Passage]:
        """By id, in reading order."""
        return {passage.id: passage for passage in self.stored.passages}

    @cached_property
    def findings(self) -> Mapping[str, tuple[Finding, ...]]:
        """By passage."""
        return _grouped((finding.passage, finding) for finding in self.stored.findings)

    @cached_property
    def finding_ids(self) -> Mapping[Finding, str]:
        """The id of each finding."""
        found = self.stored.findings
        ids = finding_ids((each, each.span.of(self.text)) for each in found)
        return dict(zip(found, ids, strict=True))

    @cached_property
    def findings_by_id(self) -> Mapping[str, Finding]:
        """In reading order."""
        return {id: finding for finding, id in self.finding_ids.items()}

    @cached_property
    def labels(self) -> Mapping[int, str | None]:
        """The file's own page labels by page."""
        return {page.number: page.label for page in self.stored.pages}

    @cached_property
    def quotations(self) -> tuple[Span, ...]:
        """Paragraphs that are set as quotations, in reading order."""
        paragraphs = self.stored.paragraphs
        found = (each.span for each in paragraphs if each.kind is ParagraphKind.QUOTATION)
        return tuple(sorted(found, key=lambda span: span.start))

    @cached_property
    def order(self) -> Mapping[str, int]:
        """Place of each passage in reading order, from 0."""
        return {passage: place for place, passage in enumerate(self.passages)}


class Shelf:
    """All documents under `root`, each opened once, and what joins them."""

    def __init__(self, root: Path, joins: Joins | None = None) -> None:
        self._library = Library(root)
        self._joins = joins or Joins()

    @cached_property
    def volumes(self) -> Mapping[str, Volume]:
        """By document id, sorted."""
        library = self._library
        return {name: Volume(library.stored(name)) for name in library.ids()}

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        """By id, sorted."""
        return {name: volume.document for name, volume in self.volumes.items()}

    @cached_property
    def catalogues(self) -> tuple[Catalogue, ...]:
        """Of the corpora of which a document is here; raises DamagedData."""
        return tuple(
            catalogue
            for catalogue in self._library.catalogues()
            if any(covers(catalogue, document) for document in self.documents.values())
        )

    def volume(self, document_id: str) -> Volume:
        """The document, or our digest of it where only that is here; raises UnknownId."""
        if document_id in self.volumes:
            # Asked for with every hit: looking for digests goes through all documents.
            return self.volumes[document_id]
        here = ids_of(document_id, self.documents)
        return found("document", here[0] if here else document_id, self.volumes)

    def finding(self, finding_id: str) -> Finding:
        """Raises UnknownId, which names the findings of the passage that the id begins with."""
        here = ids_of(finding_id.partition(":")[0], self.documents)
        volume = self.volumes[here[0]] if here else None
        if volume and finding_id in volume.findings_by_id:
            return volume.findings_by_id[finding_id]
        raise _no_finding(finding_id, volume)

    def resolve(self, passage_id: str) -> Alias:
        """What became of a passage id, present or past; raises UnknownId."""
        return self._library.resolve(passage_id)

    @cached_property
    def recommendations(self) -> Mapping[str, Recommendation]:
        """By id, in the order of documents and then of the text.

        Where the published words and our digest of them have the same one, it is the former's.
        """
        chosen: dict[str, Recommendation] = {}
        for volume in self.volumes.values():
            for recommendation in volume.stored.recommendations:
                if volume.document.edition is Edition.OFFICIAL:
                    chosen[recommendation.id] = recommendation
                else:
                    chosen.setdefault(recommendation.id, recommendation)
        return chosen

    def recommendation(self, recommendation_id: str) -> Recommendation:
        """By its id or another that it is known by; raises UnknownId."""
        own = self.own_id(recommendation_id)
        return found("recommendation", own, self.recommendations)

    def own_id(self, recommendation_id: str) -> str:
        """The recommendation's own id, given any it is known by; an unknown one comes back."""
        return self._also_known.get(recommendation_id, recommendation_id)

    def is_recommendation(self, id: str) -> bool:
        """Whether a recommendation has this id, or is known by it."""
        return id in self.recommendations or id in self._also_known

    @cached_property
    def _also_known(self) -> Mapping[str, str]:
        return {alias: r.id for r in self.recommendations.values() for alias in r.aliases}

    def words(self, recommendation: Recommendation) -> str:
        """The recommendation's statement."""
        return recommendation.span.of(self.volume(recommendation.document).text)

    @cached_property
    def links(self) -> Mapping[str, tuple[Link, ...]]:
        """By passage, best first: a document may hold links from passages of another."""
        return _grouped((link.passage, link) for link in self._links())

    @cached_property
    def evidence(self) -> Mapping[str, tuple[Link, ...]]:
        """By recommendation, best first."""
        return _grouped((link.recommendation, link) for link in self._links())

    @cached_property
    def responses(self) -> Mapping[str, tuple[Response, ...]]:
        """By recommendation."""
        held = (volume.stored.responses for volume in self.volumes.values())
        return _grouped(
            (response.recommendation, response) for response in chain(self._joins.responses, *held)
        )

    @cached_property
    def lineage(self) -> Mapping[str, tuple[Lineage, ...]]:
        """By either recommendation, of which both are here."""
        held = (volume.stored.lineage for volume in self.volumes.values())
        lines = dict.fromkeys(chain(self._joins.lineage, *held))
        return _grouped(
            (end, line)
            for line in lines
            if {line.recommendation, line.earlier} <= self.recommendations.keys()
            for end in (line.recommendation, line.earlier)
        )

    @cached_property
    def events(self) -> Mapping[str, tuple[StatusEvent, ...]]:
        """By recommendation, in order of date, the undated last."""
        held = (volume.stored.events for volume in self.volumes.values())
        events = dict.fromkeys(chain.from_iterable(held))
        return _grouped((event.recommendation, event) for event in events)

    def _links(self) -> list[Link]:
        held = (volume.stored.links for volume in self.volumes.values())
        links = dict.fromkeys(chain(self._joins.links, *held))
        return sorted(links, key=_order)


_BASES = (Basis.CITED, Basis.CURATED, Basis.SIMILAR, Basis.NEARBY)
"""The surest first. Of the judged passages that stand near, 75% led to the recommendation; of those
that are like it, 86%."""


def _order(link: Link) -> tuple[int, float, str, str]:
    """By basis, then score."""
    return _BASES.index(link.basis), -link.score, link.recommendation, link.passage


def _grouped(pairs: Iterable[tuple[_K, _T]]) -> dict[_K, tuple[_T, ...]]:
    groups: defaultdict[_K, list[_T]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}


def _no_finding(asked: str, volume: Volume | None) -> UnknownId:
    """Names the findings of the passage that the id is of or begins with."""
    said = f"There is no finding {asked!r}."
    held = (
        [each for each in volume.passages if f"{asked}:".startswith(f"{each}:")] if volume else []
    )
    if volume is None or not held:
        return UnknownId(said, remedy="`casebook findings` lists the findings with their ids.")
    passage = max(held, key=len)
    ids = [volume.finding_ids[each] for each in volume.findings.get(passage, ())]
    if asked == passage:
        said = f"{asked!r} is a passage, not a finding."
    named = f"Those of the passage {passage}: {', '.join(ids)}."
    return UnknownId(said, remedy=named if ids else f"None was found in the passage {passage}.")


def found(noun: str, asked: str, known: Mapping[str, _T]) -> _T:
    """What has this id; raises UnknownId, which names the nearest."""
    if asked in known:
        return known[asked]
    raise UnknownId(f"There is no {noun} {asked!r}.", remedy=remedy(noun, asked, known))
