"""A citation as a W3C Web Annotation: the words, their place in the text, and the page."""

from collections.abc import Iterator
from urllib.parse import quote

from pydantic import BaseModel, Field

from api import wire
from ingest.model import Edition

CONTEXT = 32
"""Characters on either side of a quotation in its selector."""
_JSON_LD = "http://www.w3.org/ns/anno.jsonld"
_PDF_FRAGMENT = "http://tools.ietf.org/rfc/rfc3778"


class TextQuoteSelector(BaseModel):
    """The words, and a few of those around them."""

    type: str = "TextQuoteSelector"
    exact: str
    prefix: str
    suffix: str


class TextPositionSelector(BaseModel):
    """Where the words stand in the document's canonical text."""

    type: str = "TextPositionSelector"
    start: int
    end: int


class FragmentSelector(BaseModel):
    """The page of the PDF."""

    type: str = "FragmentSelector"
    conforms_to: str = Field(default=_PDF_FRAGMENT, serialization_alias="conformsTo")
    value: str


_Selector = TextQuoteSelector | TextPositionSelector | FragmentSelector


class Target(BaseModel):
    """What is annotated."""

    source: str
    selector: list[_Selector]


class Body(BaseModel):
    """The citation as people write it."""

    type: str = "TextualBody"
    purpose: str = "describing"
    format: str = "text/plain"
    value: str


class Annotation(BaseModel):
    """The annotation, with the whole citation beside its selectors."""

    context: str = Field(default=_JSON_LD, serialization_alias="@context")
    id: str
    type: str = "Annotation"
    motivation: str = "identifying"
    body: Body
    target: Target
    citation: wire.Citation


def annotation(id: str, citation: wire.Citation, text: str | None) -> Annotation:
    """That of words in `text`, the canonical text; None for a document as a whole.

    A digest is the target itself, never the published file that it is of.
    """
    own = citation.url if citation.edition is Edition.OFFICIAL else None
    return Annotation(
        id=f"urn:casebook:{quote(id, safe=':.-_~')}",
        body=Body(value=citation.cite_as),
        target=Target(
            source=own.partition("#")[0] if own else f"urn:sha256:{citation.document_sha256}",
            selector=list(_selectors(citation, text)) if text else [],
        ),
        citation=citation,
    )


def _selectors(citation: wire.Citation, text: str) -> Iterator[_Selector]:
    start, end = citation.char_start, citation.char_end
    yield TextQuoteSelector(
        exact=text[start:end],
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[end : end + CONTEXT],
    )
    yield TextPositionSelector(start=start, end=end)
    if citation.pdf_page_start is not None:
        yield FragmentSelector(value=f"page={citation.pdf_page_start}")
