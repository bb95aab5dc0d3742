"""Citations in the styles that other programs read, for `casebook cite` and `/v1/citations`."""

from collections.abc import Callable
from urllib.parse import quote

import rispy
from bibtexparser.entrypoint import (
    write_string,  # pyright: ignore[reportUnknownVariableType]
)
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field
from pydantic import BaseModel

from api import csl, view, wire
from api.annotation import annotation
from api.former import present
from api.parameters import Style
from index.casebook import Casebook
from index.editions import ids_of
from index.evidence import cite_document
from index.shelf import Volume
from ingest.errors import UnknownId
from ingest.model import Span

MEDIA_TYPES = {
    Style.OSCOLA: "text/plain",
    Style.BIBTEX: "application/x-bibtex",
    Style.RIS: "application/x-research-info-systems",
    Style.CSL: "application/vnd.citationstyles.csl+json",
    Style.CSL_JSON: "application/vnd.citationstyles.csl+json",
    Style.ANNOTATION: "application/ld+json",
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Letters beyond ASCII stay: BibTeX files are UTF-8.
_SPECIAL = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"{\lbrace}",
        "}": r"{\rbrace}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        **{sign: f"\\{sign}" for sign in "&%$#_"},
    }
)


class _Found(BaseModel):
    """What has an id, with all that a style may need of it."""

    item: csl.Item
    citation: wire.Citation
    around: str | None
    """The canonical text that its words stand in; None for a document as a whole."""

    @property
    def text(self) -> str | None:
        span = Span(self.citation.char_start, self.citation.char_end)
        return span.of(self.around) if self.around else None


def cited(casebook: Casebook, id: str, style: Style) -> wire.Cited:
    """The citation of a passage, recommendation or document; raises UnknownId or Gone."""
    found = _found(casebook, id)
    return wire.Cited(
        id=found.item.id,
        style=style,
        media_type=MEDIA_TYPES[style],
        content=_WRITERS[style](found),
        text=found.text,
        citation=found.citation,
    )


def _found(casebook: Casebook, id: str) -> _Found:
    shelf = casebook.shelf
    recommendation: str | None = None
    if ids_of(id, shelf.documents):
        return _document(casebook.volume(id))
    if shelf.is_recommendation(id):
        recommended = view.recommendation(shelf, shelf.recommendation(id))
        citation, id = recommended.citation, recommended.id
        recommendation = f"{recommended.kind} {recommended.number or ''}".strip()
    else:
        shown = _passage(casebook, id)
        citation, id = shown.citation, shown.passage_id
    return _Found(
        item=csl.item(id, citation, recommendation=recommendation),
        citation=citation,
        around=casebook.volume(citation.document_id).text,
    )


def _passage(casebook: Casebook, id: str) -> wire.Evidence:
    """The passage; an id whose words have moved leads to where they are now."""
    try:
        return view.evidence(casebook.passage(id))
    except UnknownId:
        return view.evidence(casebook.passage(present(casebook, id)))


def _document(volume: Volume) -> _Found:
    id = volume.document.id
    whole = cite_document(volume)
    if whole is None:
        raise UnknownId(f"{id} has no words to cite.", remedy="Cite another document.")
    citation = view.citation(whole, view.permalink("documents", id))
    # A document is not cited by its first and last pages.
    nowhere = citation.model_copy(update={"pdf_page_start": None, "pdf_page_end": None})
    return _Found(item=csl.item(id, nowhere), citation=citation, around=None)


def bibtex(item: csl.Item) -> str:
    """A BibTeX entry in UTF-8."""
    year, month, day = item.issued.date_parts[0] if item.issued else (0, 0, 0)
    author = _escaped(item.author[0].literal) if item.author else None
    fields = {
        "author": f"{{{author}}}" if author else None,
        "title": _escaped(item.title),
        "institution": _escaped(item.publisher),
        "number": _escaped(item.number),
        "year": str(year) if year else None,
        "month": _MONTHS[month - 1] if month else None,
        "day": str(day) if day else None,
        "pages": _escaped(item.page).replace("-", "--"),
        "url": item.url,
        "note": _escaped(item.note),
    }
    entry = Entry(
        entry_type="techreport",
        key=quote(item.id, safe=":.-_"),
        fields=[Field(name, value) for name, value in fields.items() if value],
    )
    return write_string(Library([entry]))


class _Record(rispy.RisWriter):
    """Writes one record alone, without a number above it."""

    def set_header(self, count: int) -> str:
        return ""


def ris(item: csl.Item) -> str:
    """A record of the RIS format."""
    day = item.issued.date_parts[0] if item.issued else None
    first, _, last = (item.page or "").partition("-")
    record = {
        "type_of_reference": "RPRT",
        "id": item.id,
        "title": _line(item.title),
        "authors": [_line(author.literal) for author in item.author or ()],
        "publisher": _line(item.publisher),
        "number": _line(item.number),
        "year": str(day[0]) if day else "",
        "date": "{:04}/{:02}/{:02}/".format(*day) if day else "",
        "start_page": first,
        "end_page": last or first,
        "urls": [item.url] if item.url else [],
        "notes": [_line(item.note)] if item.note else [],
    }
    given = {name: value for name, value in record.items() if value}
    return rispy.dumps([given], implementation=_Record).lstrip()


def csl_json(item: csl.Item) -> str:
    """A CSL-JSON list of the one item."""
    listed = item.model_dump_json(by_alias=True, exclude_none=True, indent=1)
    return f"[{listed}]\n"


def _annotation(found: _Found) -> str:
    made = annotation(found.item.id, found.citation, found.around)
    return made.model_dump_json(by_alias=True, indent=1) + "\n"


_WRITERS: dict[Style, Callable[[_Found], str]] = {
    Style.OSCOLA: lambda found: csl.oscola(found.item) + "\n",
    Style.BIBTEX: lambda found: bibtex(found.item),
    Style.RIS: lambda found: ris(found.item),
    Style.CSL: lambda found: csl_json(found.item),
    Style.CSL_JSON: lambda found: csl_json(found.item),
    Style.ANNOTATION: _annotation,
}


def _escaped(words: str | None) -> str:
    """The words on one line, what LaTeX would obey written out."""
    return _line(words).translate(_SPECIAL)


def _line(words: str | None) -> str:
    return " ".join((words or "").split())
