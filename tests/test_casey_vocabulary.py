"""The Casey glossary and themes: true synonyms, no people, and themes that fit the taxonomy."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter

from corpora.digest import Heading, digest
from index.glossary import Glossary
from ingest.findings.taxonomy import bundled_taxonomy
from ingest.model import Term
from ingest.sources.glossary import glossary

CORPUS = Path(__file__).parent.parent / "corpora" / "casey"
STRICT = ConfigDict(extra="forbid")
GROUPS = {
    "Cleaning up the Met": {
        "overhaul-misconduct-system",
        "behaviour-standards",
        "vetting-standards",
        "commissioner-powers",
        "disband-padp-and-reform-armed-units",
    },
    "A new offer to women and children": {"womens-protection-service", "childrens-strategy"},
    "Building trust with London's communities to restore consent": {
        "borough-based-policing",
        "apology-and-consent",
        "stop-and-search-reset",
    },
    "A new police deal for Londoners": {"frontline-policing"},
    "New leadership and new management": {"leadership-and-management"},
    "New oversight and accountability": {"london-policing-board", "independent-scrutiny"},
    "Showing London that reform is working": {"progress-reviews", "structural-break-up"},
}
NAMES = re.compile(
    r"\b(?:louise|rowley|dick|house|khan|linden|comer-schwartz|braverman|quin|cleverly|cooper"
    r"|mahmood|parr|cooke|freeman|o'loan|daniels|naseem|andy george|everard|couzens"
    r"|carrick|mitchell|port)\b",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    __pydantic_config__ = STRICT

    tag: str
    recommendations: list[str]
    groups: list[str]


def read(name: str) -> object:
    return tomllib.loads((CORPUS / name).read_text(encoding="utf-8"))


TERMS = glossary(CORPUS)
THEMES = TypeAdapter(dict[str, list[Theme]]).validate_python(read("themes.toml"))["theme"]


def forms(term: Term) -> set[str]:
    return {form.casefold() for form in (term.name, *term.same)}


def test_a_form_belongs_to_one_term_only() -> None:
    written = [form for term in TERMS for form in forms(term)]
    assert len(written) == len(set(written)) > 200
    assert all(len(forms(term)) == 1 + len(term.same) for term in TERMS)


def test_what_searchers_call_a_thing_leads_to_what_documents_call_it() -> None:
    pairs = [
        ("sacked", "dismissal"),
        ("MPS", "Scotland Yard"),
        ("Met", "MPS"),
        ("PaDP", "diplomatic protection"),
        ("rape kits", "rape evidence"),
        ("BCU", "borough"),
        ("IOPC", "police watchdog"),
        ("disablism", "ableism"),
        ("sexism", "misogyny"),
        ("special measures", "Engage"),
    ]
    for one, other in pairs:
        also = {name.casefold() for name in Glossary(TERMS).also(f"Why {one}?")}
        assert other.casefold() in also, one


def test_no_person_is_a_term() -> None:
    assert [term.name for term in TERMS for form in forms(term) if NAMES.search(form)] == []


def test_every_tag_has_a_theme_and_every_theme_a_tag() -> None:
    assert [theme.tag for theme in THEMES] == [tag.id for tag in bundled_taxonomy().tags]


def test_a_theme_stands_under_the_headings_of_its_recommendations() -> None:
    for theme in THEMES:
        assert set(theme.recommendations) <= set().union(*GROUPS.values()), theme.tag
        fitting = [group for group, members in GROUPS.items() if members & {*theme.recommendations}]
        assert theme.groups == fitting, theme.tag


def test_every_recommendation_bears_on_some_theme() -> None:
    named = {slug for theme in THEMES for slug in theme.recommendations}
    assert named == set().union(*GROUPS.values())


def test_the_headings_are_those_of_the_reports_digest() -> None:
    blocks = digest(CORPUS / "digests" / "casey-final-report.md").blocks
    headings = [block.words for block in blocks if isinstance(block, Heading) and block.level == 3]
    assert headings[-len(GROUPS) :] == list(GROUPS)
