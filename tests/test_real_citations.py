"""Two hundred passages of the real documents, cited in every format and read by others."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from pydantic import JsonValue
from referencemanager import from_bibtex, from_csl, from_oscola, from_ris

from api.citing import cited
from api.parameters import Style
from eval import indexed
from index.casebook import Casebook
from ingest.errors import CorpusError
from ingest.model import words_hash

PASSAGES = 200


@pytest.fixture(scope="module")
def casebook(real_documents: Path) -> Iterator[Casebook]:
    subjects = {subject.name: subject for subject in indexed.subjects()}
    if indexed.INQUIRIES not in subjects:
        pytest.skip(f"no inquiries in {real_documents}")
    try:
        opened = indexed.opened(subjects[indexed.INQUIRIES])
    except CorpusError as error:
        pytest.skip(str(error))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def ids(casebook: Casebook) -> list[str]:
    every = [id for volume in casebook.shelf.volumes.values() for id in volume.passages]
    return random.Random(200).sample(sorted(every), PASSAGES)


def test_every_format_says_the_same_to_others(casebook: Casebook, ids: list[str]) -> None:
    for id in ids:
        citation = casebook.passage(id).citation
        title = " ".join(citation.document.title.split())
        bibtex = from_bibtex(cited(casebook, id, Style.BIBTEX).content)
        ris = from_ris(cited(casebook, id, Style.RIS).content)
        assert bibtex == ris
        assert bibtex.title == title
        first, last = citation.printed_page_start, citation.printed_page_end
        printed = first or ""
        assert bibtex.pages == (printed if last in (None, first) else f"{printed}–{last}")
        assert title in from_csl(cited(casebook, id, Style.CSL_JSON).content)
        from_oscola(cited(casebook, id, Style.OSCOLA).content)


def test_every_selector_leads_back_to_the_words(casebook: Casebook, ids: list[str]) -> None:
    for id in ids:
        made = cited(casebook, id, Style.ANNOTATION)
        citation = casebook.passage(id).citation
        text = casebook.volume(citation.document.id).text
        target = cast(dict[str, JsonValue], json.loads(made.content)["target"])
        quoted, placed, page = cast(list[dict[str, str]], target["selector"])
        start, end = int(placed["start"]), int(placed["end"])
        assert text[start:end] == quoted["exact"] == made.text
        around = quoted["prefix"] + quoted["exact"] + quoted["suffix"]
        assert text.index(around) + len(quoted["prefix"]) == start
        assert page["value"] == f"page={citation.pdf_page_start}"
        assert words_hash(quoted["exact"]) == citation.quote_sha256
