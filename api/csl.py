"""A citation as a CSL-JSON item, from which the other styles are written."""

from pydantic import BaseModel, Field, NonNegativeInt

from api import wire


class Name(BaseModel):
    """An author as printed: never parted into given and family names."""

    literal: str


class Issued(BaseModel):
    """A date, as year, month and day."""

    date_parts: list[list[int]] = Field(serialization_alias="date-parts")


class Custom(BaseModel):
    """What CSL has no place for: where the words stand, and how to check them."""

    recommendation: str | None = None
    paragraphs: list[str] = []
    printed_page_start: str | None = None
    printed_page_end: str | None = None
    pdf_page_start: int | None = None
    pdf_page_end: int | None = None
    char_start: NonNegativeInt
    char_end: NonNegativeInt
    document_sha256: str
    quote_sha256: str
    licence: str | None = None
    attribution: str | None = None
    notice: str | None = None


class Item(BaseModel):
    """One CSL-JSON item, as version 1.0.2 has it."""

    id: str
    type: str = "report"
    title: str
    author: list[Name] | None
    publisher: str | None
    number: str | None
    issued: Issued | None
    page: str | None
    section: str | None
    url: str | None = Field(serialization_alias="URL")
    note: str | None
    custom: Custom


def item(id: str, citation: wire.Citation, *, recommendation: str | None = None) -> Item:
    """The citation of what has this id; `recommendation` names one, `recommendation 4`."""
    day = citation.date
    custom = Custom(
        recommendation=recommendation,
        **citation.model_dump(include=set(Custom.model_fields) - {"recommendation"}),
    )
    return Item(
        id=id,
        title=citation.title,
        author=[Name(literal=citation.author)] if citation.author else None,
        publisher=citation.publisher,
        number=citation.paper_number,
        issued=Issued(date_parts=[[day.year, day.month, day.day]]) if day else None,
        page=_range(custom.printed_page_start, custom.printed_page_end, "-"),
        section=" > ".join(citation.section) or None,
        url=citation.url,
        note=_note(custom),
        custom=custom,
    )


def oscola(item: Item) -> str:
    """`Author, Title (HC 9999, 2021) para 3.12, p 34 <url>`, as OSCOLA cites official reports."""
    author = item.author[0].literal if item.author else None
    year = str(item.issued.date_parts[0][0]) if item.issued else None
    brackets = ", ".join(part for part in (item.number, year) if part)
    notice = item.custom.notice
    parts = (
        ", ".join(part for part in (author, item.title) if part),
        f"({brackets})" if brackets else None,
        _pinpoint(item.custom),
        f"<{item.url}>" if item.url and not notice else None,
        f"[{notice}]" if notice else None,
    )
    return " ".join(part for part in parts if part)


def _pinpoint(custom: Custom) -> str:
    """Where in the document, paragraph first and page second: `para 3.12, p 34`."""
    numbers = custom.paragraphs
    paragraphs = _range(numbers[0], numbers[-1]) if numbers else None
    printed = _range(custom.printed_page_start, custom.printed_page_end)
    first, last = custom.pdf_page_start, custom.pdf_page_end
    of_file = _range(str(first), str(last or first)) if first is not None else None
    parts = (
        custom.recommendation,
        _labelled("para", "paras", paragraphs),
        _labelled("p", "pp", printed) or _labelled("PDF p", "PDF pp", of_file),
    )
    return ", ".join(part for part in parts if part)


def _note(custom: Custom) -> str | None:
    """What no field of other formats has: that it is a digest, where the words are, the licence."""
    parts = (custom.notice, _pinpoint(custom), custom.attribution, custom.licence)
    return ". ".join(part.rstrip(".") for part in parts if part) or None


def _range(first: str | None, last: str | None, dash: str = "–") -> str | None:
    if first is None:
        return None
    return first if last in (None, first) else f"{first}{dash}{last}"


def _labelled(one: str, many: str, numbers: str | None) -> str | None:
    """`p 34`, or `pp 34–35`."""
    if numbers is None:
        return None
    return f"{many if '–' in numbers else one} {numbers}"
