"""A published document and our digest of it: two documents that people ask for by one id."""

from collections.abc import Mapping
from dataclasses import replace

from index.store import Filters
from ingest.model import Document


def ids_of(document_id: str, documents: Mapping[str, Document]) -> tuple[str, ...]:
    """Under which ids the document is here: the published words first, then our digest of them.

    A digest's own id means the digest alone; an id that nothing has gives none.
    """
    digests = (each.id for each in documents.values() if each.digest_of == document_id)
    own = (document_id,) if document_id in documents else ()
    return (*own, *digests)


def widened(filters: Filters, documents: Mapping[str, Document]) -> Filters:
    """The filters, with every id under which a document asked for is here; others are left."""
    if not filters.documents:
        return filters
    asked = (each for id in filters.documents for each in ids_of(id, documents) or (id,))
    return replace(filters, documents=tuple(dict.fromkeys(asked)))


def superseded(documents: Mapping[str, Document]) -> frozenset[str]:
    """Digests of documents whose published words are here too."""
    return frozenset(each.id for each in documents.values() if each.digest_of in documents)
