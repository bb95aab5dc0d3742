"""Joins between documents: what follows from several of them, or from the meaning of passages.

They belong to a generation of the index, not to a document: they are made anew with every
generation from all documents that are in it, and none outlives a document that it leads to.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.library import StoredDossier
from ingest.lineage import lineage
from ingest.model import Basis, Lineage, Link, Response
from ingest.similarity import Semantics


@dataclass(frozen=True, slots=True, kw_only=True)
class Joins:
    """What joins the documents of one generation, beside what each document holds itself."""

    links: tuple[Link, ...] = ()
    lineage: tuple[Lineage, ...] = ()
    responses: tuple[Response, ...] = ()


def joins(dossiers: Sequence[StoredDossier], semantics: Semantics) -> Joins:
    """All joins of the documents, in the order of their ids."""
    return Joins(
        links=tuple(pointed(dossiers)),
        lineage=tuple(_beyond_the_written(dossiers, semantics)),
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
    """Curated links to the passages of the paragraphs pointed at, where their documents are here.

    A paragraph that several passages share is pointed at where it begins.
    """
    pointers = [pointer for dossier in dossiers for pointer in dossier.pointers]
    wanted = {pointer.document for pointer in pointers}
    holding: dict[tuple[str, str], str] = {}
    for dossier in dossiers:
        if dossier.document.id in wanted:
            for passage in dossier.passages:
                for paragraph in passage.paragraphs:
                    holding.setdefault((dossier.document.id, paragraph), passage.id)
    for pointer in pointers:
        held = holding.get((pointer.document, pointer.paragraph))
        if held is not None:
            yield Link(
                recommendation=pointer.recommendation,
                passage=held,
                relation=pointer.relation,
                basis=Basis.CURATED,
                score=1.0,
            )
