"""Whoever asks for a paragraph of a Casey digest by its words is led to its page and number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pypdf import PdfReader

from api import view
from api.corpus import open_casebook
from api.settings import Settings
from corpora.digest import Numbered, digest
from eval.judgements import TypesetDigest, spoken
from index.casebook import Casebook
from index.search import LONGEST_QUERY, Query
from index.store import Filters
from ingest.library import Library
from ingest.model import Citation, Edition, Evidence
from ingest.standing import imprint

CORPUS = Path(__file__).parent.parent / "corpora" / "casey"
DIGESTS = sorted((CORPUS / "digests").glob("*.md"))
NUMBERED = sum(len(re.findall(r"^\d+\.\d+ ", path.read_text("utf-8"), re.M)) for path in DIGESTS)
FEW_WORDS = 6

each_digest = pytest.mark.parametrize("path", DIGESTS, ids=lambda path: path.stem)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A numbered paragraph and where pdfium and pypdf find it in print."""

    document: str
    number: str
    words: str
    pdf_pages: tuple[int, ...]
    labels: tuple[str, ...]


@pytest.fixture(scope="module")
def casebook(casey: Path) -> Iterator[Casebook]:
    opened = open_casebook(Settings(data=casey), casey)
    yield opened
    opened.close()


def printed(path: Path) -> Iterator[Printed]:
    typeset = TypesetDigest.of(CORPUS, path.stem)
    labels = PdfReader(path.with_suffix(".pdf")).page_labels
    for block in digest(path).blocks:
        if isinstance(block, Numbered):
            pages = [stretch.pdf_page for stretch in typeset.stretches(block.number)]
            yield Printed(
                document=path.stem,
                number=block.number,
                words=spoken(block)[:LONGEST_QUERY],
                pdf_pages=tuple(pages),
                labels=tuple(labels[page - 1] for page in pages),
            )


def holds(hit: Evidence, paragraph: Printed) -> bool:
    cited = hit.citation
    return cited.document.digest_of == paragraph.document and paragraph.number in cited.paragraphs


def stands_on(cited: Citation, paragraph: Printed) -> bool:
    """Whether the citation's pages, in the file and as printed, take in the paragraph's."""
    first, last = cited.pdf_page_start, cited.pdf_page_end
    assert first is not None and last is not None
    within = all(first <= page <= last for page in paragraph.pdf_pages)
    ends = {first: cited.printed_page_start, last: cited.printed_page_end}
    shown = zip(paragraph.pdf_pages, paragraph.labels, strict=True)
    return within and all(ends.get(page, label) == label for page, label in shown)


@each_digest
def test_its_words_find_every_paragraph_with_its_page_and_number(
    path: Path, casebook: Casebook
) -> None:
    for paragraph in printed(path):
        within = Filters(documents=(paragraph.document,))
        hits = casebook.search(Query(text=paragraph.words, k=2, filters=within)).hits
        found = [hit for hit in hits if holds(hit, paragraph)]
        assert found, f"{paragraph.number}: {paragraph.words}"
        assert stands_on(found[0].citation, paragraph), f"{paragraph}: {found[0].citation}"
        assert found[0].citation.document.edition is Edition.DIGEST
        assert "digest" in found[0].citation.cite_as


@each_digest
def test_what_no_other_digest_says_is_found_among_all_of_them(
    path: Path, casebook: Casebook
) -> None:
    for paragraph in printed(path):
        # What a first chapter says of its digest, and a bare count, others say in the same words.
        if paragraph.number.startswith("1.") or len(paragraph.words.split()) < FEW_WORDS:
            continue
        hits = casebook.search(Query(text=paragraph.words, k=3)).hits
        assert any(holds(hit, paragraph) for hit in hits), f"{paragraph.number}: {paragraph.words}"


def test_no_paragraph_was_left_out() -> None:
    assert sum(1 for path in DIGESTS for _ in printed(path)) == NUMBERED


def test_every_tag_leads_to_recommendations_of_the_final_report(casebook: Casebook) -> None:
    for tag in view.tags(casebook):
        assert tag.recommendations and tag.groups, tag.tag
        for id in tag.recommendations:
            assert tag.tag in casebook.recommendation(id).themes


def test_nothing_is_found_in_what_a_digest_says_of_itself(casey: Path) -> None:
    dossiers = [Library(casey).dossier(id) for id in Library(casey).ids()]
    of_itself = {
        id for each in dossiers for id in imprint(each.document, each.reading.text, each.passages)
    }
    found = [finding.passage for each in dossiers for finding in each.findings]
    assert len(of_itself) >= len(DIGESTS) and len(found) > 100
    assert not of_itself.intersection(found)
