"""Joins between documents: what follows from several of them, or from the meaning of passages.

They belong to a generation of the index, not to a document: they are made anew with every
generation from all documents that are in it, and none outlives a document that it leads to.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.library import StoredDossier
from ingest.model import Lineage, Link, Response
from ingest.similarity import Semantics


@dataclass(frozen=True, slots=True, kw_only=True)
class Joins:
    """What joins the documents of one generation, beside what each document holds itself."""

    links: tuple[Link, ...] = ()
    lineage: tuple[Lineage, ...] = ()
    responses: tuple[Response, ...] = ()


def joins(dossiers: Sequence[StoredDossier], semantics: Semantics) -> Joins:
    """All joins of the documents, in the order of their ids."""
    return Joins()
