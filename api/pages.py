"""Pages of a document: their words, the passages on them and their pictures."""

from collections.abc import Iterator

from api import wire
from api.picture import picture
from api.problem import NotAcceptable, Refused
from api.view import page_line, permalink
from index.casebook import Casebook
from ingest.errors import UnknownId
from ingest.library import Library, StoredDossier
from ingest.model import Box, Document, Edition, Page, Passage, Span

_OPEN_LICENCES = (
    "open government licence",
    "open parliament licence",
    "cc0",
    "cc by ",
    "cc-by-4.0",
    "creative commons attribution ",
    "public domain",
)
"""How the names of licences begin that allow a page to be copied and marked."""


def detail(casebook: Casebook, document_id: str, number: int) -> wire.PageDetail:
    """A page of the file, from 1; raises UnknownId."""
    dossier = casebook.volume(document_id).stored
    page = _page(dossier, number)
    refused = image_refused(dossier.document)
    address = f"{permalink('documents', document_id)}/pages/{number}?format=png"
    return wire.PageDetail(
        **page_line(page).model_dump(),
        document_id=document_id,
        width=page.width,
        height=page.height,
        text=page.span.of(dossier.text) if page.span else "",
        char_start=page.span.start if page.span else None,
        char_end=page.span.end if page.span else None,
        passages=list(_placed(dossier.passages, page.span)) if page.span else [],
        image=None if refused else address,
        image_refused=refused,
    )


def image(
    casebook: Casebook, document_id: str, number: int, *, passage: str | None, seconds: float
) -> bytes:
    """The page as PNG with the passage's lines marked; raises Refused, NotAcceptable, UnknownId."""
    dossier = casebook.volume(document_id).stored
    if not dossier.document.page_count:
        raise NotAcceptable(f"{document_id} has no pages.", remedy="Ask for its passages.")
    page = _page(dossier, number)
    refused = image_refused(dossier.document)
    if refused:
        raise Refused(refused, remedy="Open the published document instead.")
    marked = list(_boxes(dossier, page, passage)) if passage else []
    pdf = Library(casebook.data).source(dossier.document)
    return picture(pdf, number, marked=marked, seconds=seconds)


def image_refused(document: Document) -> str | None:
    """Why no page of the document may be shown as a picture; None where one may."""
    licence = (document.licence or "not stated").strip()
    if document.edition is Edition.DIGEST:
        return "This is a digest, not the published document, and has no pictures of its pages."
    if licence.lower() == "not stated":
        return f"No licence is known for {document.title}, so its pages are not copied."
    if not f"{licence.lower()} ".startswith(_OPEN_LICENCES):
        return f"The licence of {document.title} ({licence}) does not allow its pages to be copied."
    return None


def _page(dossier: StoredDossier, number: int) -> Page:
    for page in dossier.pages:
        if page.number == number:
            return page
    raise UnknownId(
        f"{dossier.document.id} has no page {number}.",
        remedy=f"It has {len(dossier.pages)} pages, counted from 1.",
    )


def _placed(passages: tuple[Passage, ...], page: Span) -> Iterator[wire.PlacedPassage]:
    for passage in passages:
        if passage.span.overlap(page):
            start = max(passage.span.start, page.start) - page.start
            end = min(passage.span.end, page.end) - page.start
            yield wire.PlacedPassage(passage_id=passage.id, start=start, end=end)


def _boxes(dossier: StoredDossier, page: Page, passage_id: str) -> Iterator[Box]:
    spans = [passage.span for passage in dossier.passages if passage.id == passage_id]
    if not spans:
        raise UnknownId(
            f"{dossier.document.id} has no passage {passage_id}.",
            remedy="Leave it out, or ask for the page's passages.",
        )
    for line in dossier.reading.lines:
        if line.page == page.number and line.span.overlap(spans[0]):
            yield line.box
