"""Joins between documents: what follows from several of them, or from the meaning of passages.

They belong to a generation of the index, not to a document: they are made anew with every
generation from all documents that are in it, and none outlives a document that it leads to.
"""

from collections.abc import Iterable, Iterator, Sequence

from ingest.errors import CorpusError
from ingest.library import StoredDossier
from ingest.model import Basis, Edition, Joins, Lineage, Link, Pointer, Span
from ingest.recommendations.lineage import lineage
from ingest.recommendations.motives import Report, motives
from ingest.responses.alignment import responses
from ingest.similarity import Semantics
from ingest.sources.curation import paragraph_named


def joins(dossiers: Sequence[StoredDossier], semantics: Semantics) -> Joins:
    """All joins of the documents, in the order of their ids."""
    curated = tuple(pointed(dossiers))
    return Joins(
        links=(*curated, *_alike(dossiers, curated, semantics)),
        lineage=tuple(_beyond_the_written(dossiers, semantics)),
        responses=tuple(responses(dossiers)),
    )


def _alike(
    dossiers: Sequence[StoredDossier], curated: Iterable[Link], semantics: Semantics
) -> Iterator[Link]:
    """Passages of each report that likely led to its recommendations, where nobody says so.

    An account of recommendations in our words has no evidence of its own.
    """
    for dossier in dossiers:
        if dossier.document.edition is Edition.OFFICIAL and dossier.recommendations:
            report = Report(
                text=dossier.text,
                recommendations=dossier.recommendations,
                passages=dossier.passages,
                vectors=semantics.passages(dossier.document.id),
            )
            yield from motives(report, semantics, _linked((*curated, *dossier.links)))


def _linked(links: Iterable[Link]) -> frozenset[tuple[str, str]]:
    """Recommendation and passage of what the document itself or somebody ties together."""
    return frozenset(
        (link.recommendation, link.passage)
        for link in links
        if link.basis in (Basis.CITED, Basis.CURATED)
    )


def _beyond_the_written(
    dossiers: Sequence[StoredDossier], semantics: Semantics
) -> Iterator[Lineage]:
    """What follows what by meaning, save where somebody wrote how."""
    written = {(line.recommendation, line.earlier) for each in dossiers for line in each.lineage}
    for line in lineage(dossiers, semantics):
        if (line.recommendation, line.earlier) not in written:
            yield line


def pointed(dossiers: Sequence[StoredDossier]) -> Iterator[Link]:
    """Curated links to the paragraphs pointed at, in those of their documents that are here.

    A paragraph that several passages share is pointed at where it begins; `words` of a link is as
    much of it as the passage holds. Raises CorpusError for a paragraph that its document lacks.
    """
    here = {dossier.document.id: dossier for dossier in dossiers}
    for dossier in dossiers:
        for pointer in dossier.pointers:
            if pointer.document in here:
                yield _link(pointer, here[pointer.document])


def _link(pointer: Pointer, dossier: StoredDossier) -> Link:
    place = paragraph_named(pointer.paragraph, dossier.paragraphs, dossier.text)
    held = [passage for passage in dossier.passages if place and passage.span.overlap(place)]
    if place is None or not held:
        raise CorpusError(
            f"{pointer.recommendation}: {pointer.document} has no {pointer.paragraph!r}.",
            remedy="Correct recommendations.toml, or build the document again.",
        )
    return Link(
        recommendation=pointer.recommendation,
        passage=held[0].id,
        relation=pointer.relation,
        basis=Basis.CURATED,
        score=1.0,
        words=Span(max(place.start, held[0].span.start), min(place.end, held[0].span.end)),
    )
