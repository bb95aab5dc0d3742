"""Citations as other people's programs read them; none of these wrote any.

BibTeX goes through pybtex and pylatexenc, RIS through pybtexris, CSL-JSON through citeproc-py.
"""

import json
import re
from dataclasses import dataclass
from typing import cast

import pytest
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc.formatter import plain
from citeproc.source.json import CiteProcJSON
from pybtex.database import Entry, Person, parse_string
from pybtexris import RISParser
from pydantic import JsonValue
from pylatexenc.latex2text import LatexNodes2Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What a reader made of a citation; empty where it says nothing."""

    author: str
    title: str
    publisher: str
    number: str
    year: str
    pages: str
    url: str
    note: str


def from_bibtex(written: str) -> Reference:
    (entry,) = parse_string(written, "bibtex").entries.values()
    author = _words(_name(entry))
    return Reference(
        author=author,
        title=_field(entry, "title"),
        publisher=_field(entry, "institution"),
        number=_field(entry, "number"),
        year=_field(entry, "year"),
        pages=_field(entry, "pages"),
        url=entry.fields.get("url", ""),
        note=_field(entry, "note"),
    )


def from_ris(written: str) -> Reference:
    (entry,) = RISParser().parse_string(written).entries.values()
    fields = entry.fields
    first, _, last = fields.get("pages", "").partition("--")
    return Reference(
        author=_name(entry),
        title=fields.get("title", ""),
        publisher=fields.get("publisher", ""),
        number=fields.get("number", ""),
        year=fields.get("year", ""),
        pages=first if last == first else f"{first}–{last}",
        url=fields.get("url", ""),
        note=fields.get("note", ""),
    )


def from_csl(written: str) -> str:
    """The reference as the Harvard style prints it."""
    items = cast(list[dict[str, JsonValue]], json.loads(written))
    with pytest.warns(UserWarning, match="unsupported: custom$"):
        source = CiteProcJSON(items)
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, source, plain)
    bibliography.register(Citation([CitationItem(str(items[0]["id"]))]))
    (printed,) = bibliography.bibliography()
    return str(printed)


def from_oscola(written: str) -> dict[str, str]:
    """The parts by name, of the grammar that OSCOLA gives for official reports."""
    found = re.fullmatch(
        r"(?P<head>.+?)"
        r"(?: \((?P<brackets>[^()]*)\))?"
        r"(?P<where>(?:,? ?(?:recommendation|conclusion|paras?|pp?|PDF pp?) [^\s,<\[]+)*)"
        r"(?: <(?P<url>[^<>]+)>)?"
        r"(?: \[(?P<notice>digest, [^\]]+)\])?\n",
        written,
    )
    assert found, written
    return {name: value.strip() for name, value in found.groupdict(default="").items()}


def _field(entry: Entry, name: str) -> str:
    return _words(entry.fields.get(name, ""))


def _words(latex: str) -> str:
    """LaTeX as it is printed; its circumflex is a character of its own."""
    return LatexNodes2Text().latex_to_text(latex).replace("ˆ", "^")


def _name(entry: Entry) -> str:
    people = entry.persons.get("author", [])
    return " ".join(part for person in people for part in _parts(person))


def _parts(person: Person) -> list[str]:
    return [
        *person.first_names,
        *person.middle_names,
        *person.prelast_names,
        *person.last_names,
    ]
