"""A hit as it is shown: the words, checked; where they are; and what hangs on them."""

from dataclasses import dataclass, replace

from index.shelf import Shelf, Volume
from ingest.errors import DamagedData
from ingest.model import (
    Citation,
    Document,
    Edition,
    Evidence,
    Link,
    LinkedRecommendation,
    Passage,
    Span,
    words_hash,
)

DIGEST = "digest, not the published words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """First and last page, of the file and as printed; paragraph numbers; section path."""

    pages: tuple[int | None, int | None]
    printed: tuple[str | None, str | None]
    paragraphs: tuple[str, ...]
    section: tuple[str, ...]


def evidence(shelf: Shelf, passage: Passage) -> Evidence:
    """The passage as evidence; raises DamagedData where its words are not those indexed."""
    volume = shelf.volume(passage.document)
    text = quotation(volume, passage)
    return Evidence(
        passage=passage,
        text=text,
        citation=cite_passage(volume, passage),
        findings=volume.findings.get(passage.id, ()),
        recommendations=tuple(_linked(shelf, link) for link in shelf.links.get(passage.id, ())),
    )


def quotation(volume: Volume, passage: Passage) -> str:
    """The passage's words; raises DamagedData where they do not match their hash."""
    try:
        text = passage.span.of(volume.text)
    except ValueError:
        text = ""
    if words_hash(text) != passage.quote_sha256:
        raise DamagedData(
            f"The words of {passage.id} do not match their hash.",
            remedy=f"Build {passage.document} again from its source.",
        )
    return text


def cite_passage(volume: Volume, passage: Passage) -> Citation:
    """Where the passage's words stand."""
    place = Place(
        pages=(passage.page_start, passage.page_end),
        printed=(passage.printed_start, passage.printed_end),
        paragraphs=passage.paragraphs,
        section=passage.section,
    )
    return _citation(volume, passage.span, place)


def cite_span(volume: Volume, span: Span) -> Citation:
    """Where any other words of the document stand: a recommendation, a response, a finding."""
    return _citation(volume, span, _place(volume, span))


def cite_document(volume: Volume) -> Citation | None:
    """The document as a whole; None where it has no words."""
    if not volume.text:
        return None
    nowhere = Place(pages=(None, None), printed=(None, None), paragraphs=(), section=())
    citation = _citation(volume, Span(0, len(volume.text)), nowhere)
    last = volume.document.page_count or None
    return replace(citation, pdf_page_start=1 if last else None, pdf_page_end=last)


def _citation(volume: Volume, span: Span, place: Place) -> Citation:
    first, last = place.pages
    return Citation(
        document=volume.document,
        span=span,
        pdf_page_start=first,
        pdf_page_end=last,
        printed_page_start=place.printed[0],
        printed_page_end=place.printed[1],
        page_label=volume.labels.get(first) if first is not None else None,
        paragraphs=place.paragraphs,
        section=place.section,
        quote_sha256=words_hash(span.of(volume.text)),
        url=_url(volume.document, first),
        cite_as=_cite_as(volume.document, place),
    )


def _place(volume: Volume, span: Span) -> Place:
    """Pages from the page table; numbers from the paragraphs, or the passages, that hold it."""
    holders = [passage for passage in volume.passages.values() if passage.span.overlap(span)]
    pages = [page for page in volume.stored.pages if page.span and page.span.overlap(span)]
    first, last = (pages[0], pages[-1]) if pages else (None, None)
    own = [
        paragraph.number
        for paragraph in volume.stored.paragraphs
        if paragraph.number and paragraph.span.overlap(span)
    ]
    return Place(
        pages=(first.number if first else None, last.number if last else None),
        printed=(first.printed if first else None, last.printed if last else None),
        paragraphs=tuple(own) or tuple(n for holder in holders for n in holder.paragraphs),
        section=holders[0].section if holders else (),
    )


def _linked(shelf: Shelf, link: Link) -> LinkedRecommendation:
    recommendation = shelf.recommendation(link.recommendation)
    return LinkedRecommendation(
        recommendation=recommendation, text=shelf.words(recommendation), link=link
    )


def _cite_as(document: Document, place: Place) -> str:
    """`Author, Title (Paper number, date) para 3.12, p 34`, of what is known."""
    title = ", ".join(part for part in (document.author, document.title) if part)
    day = f"{document.date.day} {document.date:%B %Y}" if document.date else document.dated
    brackets = ", ".join(part for part in (document.paper_number, day) if part)
    where = ", ".join(_where(place))
    cited = " ".join(part for part in (title, f"({brackets})" if brackets else "", where) if part)
    if document.edition is not Edition.DIGEST:
        return cited
    check = f"; check {document.url}" if document.url else ""
    return f"{cited} [{DIGEST}{check}]"


def _where(place: Place) -> list[str]:
    """Paragraphs, then pages: as printed, or else of the file, which is then said."""
    numbers = place.paragraphs
    paragraphs = _range("para", "paras", numbers[0], numbers[-1]) if numbers else None
    pages = _range("p", "pp", *place.printed)
    first, last = place.pages
    if pages is None and first is not None:
        pages = _range("PDF p", "PDF pp", str(first), str(last or first))
    return [part for part in (paragraphs, pages) if part]


def _range(one: str, many: str, first: str | None, last: str | None) -> str | None:
    if first is None:
        return None
    return f"{one} {first}" if last in (None, first) else f"{many} {first}–{last}"


def _url(document: Document, page: int | None) -> str | None:
    """The published file at its page; the address as it is for a digest or what has no pages."""
    if document.url is None or page is None or document.edition is Edition.DIGEST:
        return document.url
    return f"{document.url.partition('#')[0]}#page={page}"
