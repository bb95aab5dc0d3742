"""What lists hold: the passages, recommendations and links that pass the filters, in order."""

from collections.abc import Iterable, Sequence

from index.casebook import Casebook
from index.shelf import Shelf, Volume
from index.store import Filters
from ingest.model import Link, Passage, Recommendation


def passages(casebook: Casebook, filters: Filters) -> Sequence[Passage]:
    """In the order of documents, then of the text; raises BadQuery."""
    filters = casebook.checked(filters)
    shelf = casebook.shelf
    return [
        passage
        for volume in shelf.volumes.values()
        if filters.admits_document(volume.document)
        for passage in volume.passages.values()
        if _admits(filters, passage, volume, shelf)
    ]


def _admits(filters: Filters, passage: Passage, volume: Volume, shelf: Shelf) -> bool:
    links = shelf.links.get(passage.id, ())
    found = volume.findings.get(passage.id, ())
    return filters.admits_passage(passage, {link.recommendation for link in links}) and (
        not filters.of_finding() or any(filters.admits_finding(finding) for finding in found)
    )


def recommendations(casebook: Casebook, documents: Iterable[str]) -> Sequence[Recommendation]:
    """Those of the documents, or all where none is named; raises BadQuery."""
    filters = casebook.checked(Filters(documents=tuple(documents)))
    wanted = set(filters.documents)
    return [
        recommended
        for recommended in casebook.recommendations()
        if not wanted or recommended.document in wanted
    ]


def links(
    casebook: Casebook, documents: Iterable[str], recommended: Iterable[str]
) -> Sequence[Link]:
    """Those of the recommendations, or of the documents that recommend; raises BadQuery."""
    filters = casebook.checked(Filters(recommendations=tuple(recommended)))
    wanted = set(filters.recommendations)
    return [
        link
        for recommendation in recommendations(casebook, documents)
        if not wanted or recommendation.id in wanted
        for link in casebook.shelf.evidence.get(recommendation.id, ())
    ]
