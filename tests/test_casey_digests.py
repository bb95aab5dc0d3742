"""The Casey digests say only what is marked and sourced, and can be read back from their PDFs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest
from paper import of_kind

from corpora.digest import Digest, Heading, Numbered, Sourced, Table, digest
from ingest.model import ParagraphKind, Reading, Standing
from ingest.reading.pdf import read_pdf
from ingest.reading.pdffile import pdf_facts
from ingest.sources.manifest import manifest

CORPUS = Path(__file__).parent.parent / "corpora" / "casey"
WRITTEN = sorted((CORPUS / "digests").glob("*.md"))
PRESS_NOTICE = CORPUS.parents[2] / "shared" / "corpora" / "casey" / "press-notice-2023-03-21.txt"

MARK = re.compile(r"\[(verified|secondary|unverified|about)\]")
SOURCED = {"verified", "secondary"}
PUBLISHERS = re.compile(
    r"\b(?:met\.police\.uk|gov\.uk|parliament\.uk|policeconduct\.gov\.uk|london\.gov\.uk|ucpi\.org\.uk"
    r"|angiolini\.independent-inquiry\.uk|justiceinspectorates\.gov\.uk)/"
)
COPIES = re.compile(
    # The press notice itself, opening pages of the report, the parliamentary record, the licence
    # of the Panel's report, and a statement of chief constables, all seen on other sites.
    r"crestadvisory\.com/post/the-report-of|watnews\.uk|search-prototype\.herokuapp"
    r"|parallelparliament\.co\.uk|docslib\.org/doc/135618|newsroom-npcc"
)
FORBIDDEN = re.compile(
    # False or unsupported figures and events, other inquiries, unverified claims about the living
    # and victims who need not be named.
    r"126%|1,263|\b15%|\b22%|\b300 pages|\b360\b|retired|insufficient progress"
    r"|all forces in England|grooming|rotherham|group-based|harman|euro 2020|integration review"
    r"|nicole|bibaa|smallman",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A paragraph, or a row of a table, with its standing."""

    where: str
    words: str
    standing: str
    sources: tuple[str, ...]


@cache
def written(path: Path) -> Digest:
    return digest(path)


def claims(read: Digest) -> Iterator[Claim]:
    for block in read.blocks:
        if isinstance(block, Numbered):
            words, found = block.body.words, MARK.findall(block.body.words)
            assert len(found) == 1, f"{block.number} has the marks {found}"
            assert words.endswith(f"[{found[0]}]"), f"{block.number} does not end with its mark"
            yield Claim(
                where=block.number,
                words=MARK.sub("", words),
                standing=found[0],
                sources=block.body.sources,
            )
        elif isinstance(block, Table):
            yield from (row(block, cells) for cells in block.rows[1:])


def row(table: Table, cells: tuple[Sourced, ...]) -> Claim:
    *words, standing, source = cells
    return Claim(
        where=f"{table.caption.partition(':')[0]}, {words[0].words}",
        words=" ".join(cell.words for cell in words),
        standing=standing.words,
        sources=source.sources,
    )


each_digest = pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)


@each_digest
def test_chapters_paragraphs_and_tables_are_numbered_in_order(path: Path) -> None:
    chapter, paragraph, table = 0, 0, 0
    for block in written(path).blocks:
        if isinstance(block, Heading):
            if block.level == 2:
                chapter, paragraph, table = chapter + 1, 0, 0
                assert block.words.startswith(f"{chapter} ")
        elif isinstance(block, Numbered):
            paragraph += 1
            assert block.number == f"{chapter}.{paragraph}"
        else:
            table += 1
            assert block.caption.startswith(f"Table {chapter}.{table}: ")


@each_digest
def test_every_paragraph_and_row_has_one_standing_and_its_sources(path: Path) -> None:
    for claim in claims(written(path)):
        assert claim.standing in {*Standing, "about"}, claim.where
        assert bool(claim.sources) == (claim.standing in SOURCED), claim.where
        # The numbering of a name is not a figure; every other one rests on a source or is disowned.
        figures = re.search(r"\d", re.sub(r"Casey 2|HC \d+", "", claim.words))
        assert not figures or claim.sources or claim.standing != "verified", claim.where


@each_digest
def test_what_is_called_verified_was_seen_with_the_publisher_or_word_for_word(path: Path) -> None:
    read = written(path)
    for claim in claims(read):
        if claim.standing == "verified":
            sources = " ".join(read.sources[source] for source in claim.sources)
            assert PUBLISHERS.search(sources) or COPIES.search(sources), claim.where


@each_digest
def test_the_first_chapter_names_the_document_to_check_and_its_licence(path: Path) -> None:
    read = written(path)
    first = [claim.words for claim in claims(read) if claim.where.startswith("1.")]
    assert isinstance(read.blocks[0], Heading)
    assert read.blocks[0].words == "1 About this digest"
    assert "in our own words" in first[0]
    assert re.search(r"documents? to check|text to check", first[0])
    assert any("licence" in words for words in first)


@each_digest
def test_tables_state_their_base_and_end_with_standing_and_source(path: Path) -> None:
    for block in written(path).blocks:
        if isinstance(block, Table):
            assert re.search(r"\bbase\b", block.caption), block.caption
            assert [cell.words for cell in block.rows[0][-2:]] == ["Standing", "Source"]


@each_digest
def test_every_footnote_is_defined_once_and_used(path: Path) -> None:
    defined = re.findall(r"^\[\^([\w-]+)\]: ", path.read_text(encoding="utf-8"), re.MULTILINE)
    used = {source for claim in claims(written(path)) for source in claim.sources}
    assert len(defined) == len(set(defined))
    assert set(defined) == used


@each_digest
def test_a_number_of_a_recommendation_is_printed_only_where_it_is_verified(path: Path) -> None:
    for claim in claims(written(path)):
        if re.search(r"\brecommendation \d", claim.words, re.I):
            assert claim.standing == "verified", claim.where


def test_the_final_report_numbers_one_recommendation_and_disowns_the_rest() -> None:
    read = written(CORPUS / "digests" / "casey-final-report.md")
    assert re.findall(r"Recommendation (\d+)", " ".join(c.words for c in claims(read))) == ["10"]
    under_headings = (c for c in claims(read) if re.fullmatch(r"5\.(?:[4-9]|1\d|20)", c.where))
    listed = [claim for claim in under_headings if claim.standing != "unverified"]
    disowned = [c for c in listed if "number in our list is a reconstruction" in c.words]
    assert (len(listed), len(disowned)) == (16, 15)


@pytest.mark.parametrize(
    "path",
    sorted([*CORPUS.rglob("*.md"), *CORPUS.glob("glossary.toml"), *CORPUS.glob("themes.toml")]),
    ids=lambda path: path.name,
)
def test_nothing_rejected_or_left_out_with_care_appears(path: Path) -> None:
    assert FORBIDDEN.findall(path.read_text(encoding="utf-8")) == []


def test_every_digest_is_listed_under_its_id_and_title() -> None:
    listed = {
        entry.digest: entry for entry in manifest(CORPUS / "corpus.toml").entries if entry.digest
    }
    assert set(listed) == {f"digests/{path.stem}.pdf" for path in WRITTEN}
    for path in WRITTEN:
        entry = listed[f"digests/{path.stem}.pdf"]
        assert (entry.id, entry.title) == (path.stem, written(path).title)


def test_every_document_has_what_a_reader_needs_to_judge_it() -> None:
    entries = manifest(CORPUS / "corpus.toml").entries
    for entry in entries:
        assert entry.kind and entry.standing, entry.name
        assert entry.date or entry.dated or entry.id == "casey-responses", entry.name
        assert entry.digest or (entry.note and entry.note.startswith("No digest")), entry.name
    assert {e.relation for e in entries} >= {"is", "interim_of", "responds_to", "precedes"}


def test_files_are_fetched_from_the_hosts_of_the_publishers_only() -> None:
    listed = manifest(CORPUS / "corpus.toml")
    addresses = [a for e in listed.entries for a in (e.landing_page, e.file_url) if a]
    hosts = {address.split("/")[2] for address in addresses}
    assert {host.removeprefix("www.") for host in listed.shared.hosts} == hosts - {
        "crestadvisory.com"
    }
    assert all(address.startswith("https://") for address in addresses)


@cache
def set_as_pdf(path: Path) -> Reading:
    pdf = path.with_suffix(".pdf")
    return read_pdf(pdf, facts=pdf_facts(pdf))


def squeezed(words: str) -> str:
    return "".join(words.replace("*", "").split())


@each_digest
def test_every_paragraph_is_read_back_from_its_pdf_under_its_number(path: Path) -> None:
    reading = set_as_pdf(path)
    numbered = [b for b in written(path).blocks if isinstance(b, Numbered)]
    found = {p.number: p.span.of(reading.text) for p in of_kind(reading, ParagraphKind.BODY)}
    for block in numbered:
        assert squeezed(found[block.number]) == squeezed(block.number + block.body.words)
    assert reading.losses is not None and reading.losses.lost == ()


@each_digest
def test_every_row_and_every_source_is_read_back_from_its_pdf(path: Path) -> None:
    reading = set_as_pdf(path)
    text = squeezed(reading.text)
    for block in written(path).blocks:
        if isinstance(block, Table):
            for cells in block.rows:
                assert squeezed(cells[0].words) in text
    notes = {squeezed(note.span.of(reading.text)) for note in reading.notes}
    sources = (squeezed(words) for words in written(path).sources.values())
    assert all(any(words in note for note in notes) for words in sources)


def shared_run(one: list[str], other: list[str], length: int = 8) -> Iterator[str]:
    runs = {tuple(other[at : at + length]) for at in range(len(other) - length + 1)}
    hits = ((tuple(one[at : at + length]) in runs, at) for at in range(len(one) - length + 1))
    for shared, group in groupby(hits, key=lambda hit: hit[0]):
        if shared:
            yield " ".join(one[next(group)[1] :][:length])


@pytest.mark.skipif(not PRESS_NOTICE.exists(), reason="the published press notice is not here")
@each_digest
def test_no_sentence_of_the_press_notice_was_copied(path: Path) -> None:
    theirs = re.findall(r"[a-z0-9]+", PRESS_NOTICE.read_text(encoding="utf-8").lower())
    ours = " ".join(claim.words for claim in claims(written(path)))
    assert list(shared_run(re.findall(r"[a-z0-9]+", ours.lower()), theirs)) == []
