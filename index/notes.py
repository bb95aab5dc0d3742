"""What a reader of an answer should know beside the hits: whose words, how sensitive, what else."""

import re
from collections.abc import Iterable, Iterator

from index.search import Met
from index.wording import Wording
from ingest.model import Catalogue, Document, Edition, NotPart

_WORD = re.compile(r"\w+")


def notes(
    query: str, shown: Iterable[Document], catalogues: Iterable[Catalogue]
) -> tuple[str, ...]:
    """In this order: which hits are digests, content notes, and documents that are not meant."""
    documents = {document.id: document for document in shown}.values()
    return (
        *_digests(documents),
        *_content(documents, catalogues := tuple(catalogues)),
        *_confusions(query, catalogues),
    )


def told(wording: Wording, met: Met) -> Iterator[str]:
    """What came of conditions on exact words: those that no passage meets, and what is left out."""
    for condition, rows in zip(wording.first, met.first, strict=True):
        if not len(rows):
            yield f"No passage searched holds {condition}; what is nearest follows."
    for term, rows in zip(wording.without, met.without, strict=True):
        yield f"Left out: passages with {term}, {len(rows):,} of them."
    for sign in wording.idle:
        yield f"{sign} was taken for plain text: {_wants(sign)}."


def _wants(sign: str) -> str:
    if sign == "NOT":
        return "it leaves out the word or the quoted words after it, where others are asked for"
    if sign.startswith("NEAR"):
        return "it stands between two words, as in `one NEAR/5 other`"
    return "quotation marks come in pairs, with a space or a stop after the second"


def covers(catalogue: Catalogue, document: Document) -> bool:
    """Whether the document belongs to the corpus that the catalogue describes."""
    listed = {published.id for published in catalogue.documents}
    same_inquiry = catalogue.inquiry is not None and document.inquiry == catalogue.inquiry
    return same_inquiry or document.id in listed or document.digest_of in listed


def _digests(documents: Iterable[Document]) -> Iterator[str]:
    digests = [each for each in documents if each.edition is Edition.DIGEST]
    if digests:
        check = "; ".join(
            f"{each.title} ({each.url})" if each.url else each.title for each in digests
        )
        yield f"Hits on digests are in our own words, not the published ones. Check: {check}."


def _content(documents: Iterable[Document], catalogues: Iterable[Catalogue]) -> Iterator[str]:
    for catalogue in catalogues:
        if catalogue.content_note and any(covers(catalogue, each) for each in documents):
            yield catalogue.content_note


def _confusions(query: str, catalogues: Iterable[Catalogue]) -> Iterator[str]:
    for catalogue in catalogues:
        for other in catalogue.not_part:
            if _names(query, other):
                yield f"{other.name} is not part of this corpus: {other.why}"


def _names(query: str, other: NotPart) -> bool:
    """Whether the query has the document's name, or all the words that give it away."""
    asked = _plain(query)
    return _plain(other.name) in asked or all(_plain(word) in asked for word in other.words)


def _plain(text: str) -> str:
    """The words alone, each between spaces, so that one text in another is whole words of it."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "
