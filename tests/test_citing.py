"""A citation survives the way through every format, as programs of others read it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from harbour import DIGEST, DIGESTED, FORMER, GATES, GONE, RECOMMENDATION, REVIEW
from hypothesis import given
from hypothesis.strategies import characters, text
from pydantic import JsonValue
from referencemanager import Reference, from_bibtex, from_csl, from_oscola, from_ris
from toyembedder import ToyEmbedder

from api import csl, wire
from api.citing import bibtex, cited, csl_json, ris
from api.parameters import Style
from api.problem import Gone
from index.casebook import Casebook
from index.edge import EdgeEngine
from ingest.errors import UnknownId
from ingest.model import words_hash

PRINTED = "https://example.org/harbour-review.pdf#page=1"
_WORDS = text(
    characters(categories=("L", "Nd"), include_characters="&%$#_{}~^\\ .,:;()"), max_size=40
)


@pytest.fixture(scope="module")
def casebook(harbour: Path) -> Iterator[Casebook]:
    opened = Casebook(harbour, embedder=ToyEmbedder(), engine=EdgeEngine())
    yield opened
    opened.close()


def written(casebook: Casebook, id: str, style: Style) -> str:
    return cited(casebook, id, style).content


def expected(note: str) -> Reference:
    return Reference(
        author="Dame Ann Example",
        title="Harbour Review: Final Report",
        publisher="Harbour Office",
        number="HC 9999",
        year="2021",
        pages="34",
        url=PRINTED,
        note=note,
    )


def test_a_report_is_cited_with_its_paragraph_first_and_its_page_second(casebook: Casebook) -> None:
    assert written(casebook, GATES, Style.OSCOLA) == (
        "Dame Ann Example, Harbour Review: Final Report (HC 9999, 2021) para 3.12, p 34"
        f" <{PRINTED}>\n"
    )


def test_reference_managers_of_others_read_what_was_written(casebook: Casebook) -> None:
    note = "para 3.12, p 34. Contains public sector information. Open Government Licence v3.0"
    assert from_bibtex(written(casebook, GATES, Style.BIBTEX)) == expected(note)
    assert from_ris(written(casebook, GATES, Style.RIS)) == expected(note)
    assert from_csl(written(casebook, GATES, Style.CSL_JSON)) == (
        "Dame Ann Example (2021) Harbour Review: Final Report. HC 9999. Harbour Office, p. 34."
        f" Available at: {PRINTED}."
    )


@given(title=_WORDS, author=_WORDS)
def test_no_sign_of_a_title_is_lost_or_obeyed(title: str, author: str) -> None:
    given = _example().model_copy(update={"title": f"A {title}", "author": f"B {author}"})
    item = csl.item("a:1", given)
    read = from_bibtex(bibtex(item))
    assert read.title == " ".join(given.title.split())
    assert read.author == " ".join((given.author or "").split())
    assert from_ris(ris(item)).title == " ".join(given.title.split())
    assert json.loads(csl_json(item))[0]["title"] == given.title


def test_a_recommendation_is_cited_by_its_number(casebook: Casebook) -> None:
    parts = from_oscola(written(casebook, RECOMMENDATION, Style.OSCOLA))
    assert parts["where"] == "recommendation 4, para 4.1, p 35"


def test_a_document_is_cited_without_a_place(casebook: Casebook) -> None:
    whole = cited(casebook, REVIEW, Style.OSCOLA)
    assert from_oscola(whole.content)["where"] == ""
    assert whole.text is None


@pytest.mark.parametrize("style", Style)
@pytest.mark.parametrize("id", [DIGESTED, DIGEST])
def test_a_digest_is_cited_as_one_and_names_what_to_check(
    casebook: Casebook, id: str, style: Style
) -> None:
    content = written(casebook, id, style)
    assert "digest, not the published words; check" in content
    assert "https://example.org/letter.pdf" in content


def test_an_annotation_of_a_digest_is_not_of_the_published_file(casebook: Casebook) -> None:
    target = _annotation(casebook, DIGESTED)["target"]
    assert str(cast(dict[str, JsonValue], target)["source"]).startswith("urn:sha256:")


def test_an_annotation_selects_the_words_by_quotation_place_and_page(casebook: Casebook) -> None:
    target = cast(dict[str, JsonValue], _annotation(casebook, RECOMMENDATION)["target"])
    quoted, placed, page = cast(list[dict[str, str]], target["selector"])
    document = casebook.volume(REVIEW).text
    around = quoted["prefix"] + quoted["exact"] + quoted["suffix"]
    assert document.count(around) == 1
    assert document[int(placed["start"]) : int(placed["end"])] == quoted["exact"]
    assert (target["source"], page["value"]) == (PRINTED.partition("#")[0], "page=2")


def test_the_words_cited_have_the_hash_cited(casebook: Casebook) -> None:
    made = cited(casebook, GATES, Style.CSL)
    (item,) = json.loads(made.content)
    assert words_hash(made.text or "") == item["custom"]["quote_sha256"]


def test_words_that_moved_are_cited_where_they_are(casebook: Casebook) -> None:
    assert cited(casebook, FORMER, Style.OSCOLA).id == GATES


def test_words_that_are_gone_are_not_cited(casebook: Casebook) -> None:
    with pytest.raises(Gone, match="gone"):
        cited(casebook, GONE, Style.OSCOLA)
    with pytest.raises(UnknownId):
        cited(casebook, "harbour-review:9.99", Style.OSCOLA)


def _annotation(casebook: Casebook, id: str) -> dict[str, JsonValue]:
    return cast(dict[str, JsonValue], json.loads(written(casebook, id, Style.ANNOTATION)))


def _example() -> wire.Citation:
    (example,) = wire.Citation.model_json_schema()["examples"]
    return wire.Citation.model_validate(example)
