"""A corpus says what to read, and a wrong one says what is wrong with it."""

from datetime import date
from pathlib import Path

import pytest

from ingest.errors import CorpusError
from ingest.model import Edition, Extraction, Kind, Reading
from ingest.sources.corpus import Corpus, Source, bundled, corpus

MANIFEST = """\
inquiry = "ledger"
licence = "CC BY 4.0"

[[document]]
file = "report.md"
id = "ledger-report"
title = "The Lost Ledger"
author = "A. Clerk"
date = 2024-02-29
kind = "final_report"
paper_number = "HC 12"
edition = "digest"
url = "https://example.org/ledger"

[[document]]
file = "reply.md"
paper_number = "CP 34"
responds_to = "ledger-report"
licence = "OGL"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "report.md").write_text("# Ledger\n\nLost.")
    (tmp_path / "reply.md").write_text("# Reply\n\nFound.")
    return tmp_path


def manifest(folder: Path, text: str) -> Corpus:
    (folder / "corpus.toml").write_text(text)
    return corpus([str(folder)])


def reading(text: str = "Words.", *, title: str | None = None) -> Reading:
    return Reading(
        text=text,
        extraction=Extraction.MARKUP,
        pages=(),
        lines=(),
        paragraphs=(),
        notes=(),
        hidden=(),
        title=title,
    )


def test_a_manifest_describes_its_documents(folder: Path) -> None:
    report, reply = manifest(folder, MANIFEST).sources
    assert report == Source(
        path=(folder / "report.md").resolve(),
        id="ledger-report",
        title="The Lost Ledger",
        author="A. Clerk",
        date=date(2024, 2, 29),
        kind=Kind.FINAL_REPORT,
        paper_number="HC 12",
        edition=Edition.DIGEST,
        url="https://example.org/ledger",
        licence="CC BY 4.0",
        inquiry="ledger",
    )
    assert (reply.id, reply.responds_to, reply.licence) == ("cp-34", "ledger-report", "OGL")


LISTED = """\
inquiry = "ledger"
name = "The ledger and what followed"
content_note = "It is about losses."
corrections = "Write to us."
hosts = ["example.org"]
only_listed = true
licence = "not stated"
digest_licence = "CC BY 4.0"
digest_attribution = "In our own words"

[[document]]
id = "ledger-report"
title = "The Lost Ledger"
digest = "report.md"
dated = "spring 2024"
pages = 12
landing_page = "https://example.org/ledger"
file_url = "https://example.org/ledger.pdf"
relation = "is"
standing = "verified"

[[document]]
id = "ledger-letter"
title = "A letter"

[[not_part]]
name = "The Ledger of 1999"
words = ["ledger", "1999"]
why = "It is another ledger."
"""


def test_a_digest_is_a_document_beside_the_published_one(folder: Path) -> None:
    found = manifest(folder, LISTED)
    (digest,) = found.sources
    assert digest == Source(
        path=(folder / "report.md").resolve(),
        id="ledger-report-digest",
        title="The Lost Ledger",
        dated="spring 2024",
        edition=Edition.DIGEST,
        digest_of="ledger-report",
        url="https://example.org/ledger",
        licence="CC BY 4.0",
        attribution="In our own words",
        inquiry="ledger",
    )
    (catalogue,) = found.catalogues
    report, letter = catalogue.documents
    assert (report.id, report.licence, report.digest) == (
        "ledger-report",
        "not stated",
        "ledger-report-digest",
    )
    assert (letter.id, letter.digest) == ("ledger-letter", None)
    assert catalogue.not_part[0].words == ("ledger", "1999")


def test_a_manifest_that_lists_everything_keeps_other_files_out(folder: Path) -> None:
    (folder / "README.md").write_text("About these files.")
    assert [source.path.name for source in manifest(folder, LISTED).sources] == ["report.md"]


def test_files_that_the_manifest_leaves_out_are_read_after_the_others(folder: Path) -> None:
    (folder / "annexes").mkdir()
    (folder / "annexes" / "Annex É (2).TXT").write_text("Annex.")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / ".hidden.md").write_text("Draft.")
    assert [source.id for source in manifest(folder, MANIFEST).sources] == [
        "ledger-report",
        "cp-34",
        "annex-e-2",
    ]


def test_a_folder_without_a_manifest_is_read_in_order_of_names(folder: Path) -> None:
    found = corpus([str(folder)]).sources
    assert [source.path.name for source in found] == ["reply.md", "report.md"]


def test_files_are_read_as_given(folder: Path) -> None:
    found = corpus([str(folder / "report.md"), "absent/nowhere.pdf"]).sources
    assert [source.id for source in found] == ["report", "nowhere"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[document]\n", "corpus.toml: "),
        ('colour = "red"\n', "colour: "),
        ('[[document]]\nid = "a"\n', "document a: file: "),
        ('[[document]]\nfile = "report.md"\nkind = "novel"\n', "document report.md: kind: "),
        ('[[document]]\nfile = "report.md"\npages = 0\n', "document report.md: pages: "),
        ('[[document]]\nfile = "report.md"\nsize = 3\n', "document report.md: size: "),
        ('[[document]]\ntitle = "Report"\n', "without one has no id"),
        (
            '[[document]]\nfile = "report.md"\ndate = 2024-01-01\ndated = "January 2024"\n',
            "document report.md: dated: it has a date",
        ),
        ('hosts = ["https://example.org"]\n', "hosts.0: "),
        ('[[not_part]]\nname = "A"\nwords = []\nwhy = "B"\n', "not_part A: words: "),
        ('[[document]]\nfile = "report.md"\nid = "../x"\n', "document ../x: id: "),
        ('[[document]]\nfile = "report.md"\ndate = "soon"\n', "date: "),
        ('[[document]]\nfile = "report.md"\nurl = "javascript:alert(1)"\n', "url: "),
        ('[[document]]\nfile = "absent.md"\n', "there is no such file"),
        ('[[document]]\nfile = "../corpus.toml"\n', "outside the corpus's folder"),
        ('[[document]]\nfile = "/etc/hosts"\n', "outside the corpus's folder"),
        ('[[document]]\nfile = "a\\u0000b"\n', "null"),
        ('[[document]]\nfile = "."\n', "there is no such file"),
        (
            '[[document]]\nfile = "report.md"\nid = "a"\n'
            '[[document]]\nfile = "reply.md"\nid = "a"\n',
            "both have the id 'a'",
        ),
    ],
)
def test_a_faulty_manifest_names_file_document_and_field(
    folder: Path, text: str, said: str
) -> None:
    with pytest.raises(CorpusError) as refusal:
        manifest(folder, text)
    assert said in str(refusal.value)
    assert refusal.value.remedy


def test_a_manifest_may_not_reach_out_through_a_link(folder: Path, tmp_path: Path) -> None:
    inner = folder / "inner"
    inner.mkdir()
    (inner / "link.md").symlink_to(folder / "report.md")
    with pytest.raises(CorpusError, match="outside"):
        manifest(inner, '[[document]]\nfile = "link.md"\n')


def test_an_unknown_name_lists_the_bundled_corpora() -> None:
    with pytest.raises(CorpusError, match=r"'kasey'.*casey"):
        corpus(["kasey"])


def test_an_empty_folder_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="nothing to read"):
        corpus([str(tmp_path)])


def test_the_same_bytes_under_two_names_are_one_document(folder: Path) -> None:
    (folder / "copy.md").write_bytes((folder / "report.md").read_bytes())
    found = corpus([str(folder)])
    assert [source.id for source in found.sources] == ["copy", "reply"]
    (duplicate,) = found.duplicates
    assert (duplicate.path.name, duplicate.of.name) == ("report.md", "copy.md")


def test_the_same_file_given_twice_is_no_duplicate(folder: Path) -> None:
    found = corpus([str(folder), str(folder / "report.md")])
    assert len(found.sources) == 2
    assert found.duplicates == ()


def test_the_same_name_in_two_folders_is_an_error(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "report.md").write_text("Another.")
    with pytest.raises(CorpusError, match="both have the id 'report'"):
        corpus([str(folder / "report.md"), str(other / "report.md")])


def test_a_document_has_the_manifests_word_or_else_its_own(folder: Path) -> None:
    given = Source(path=folder / "report.md", id="report", title="As printed", kind=Kind.PLAN)
    document = given.document(reading(title="As marked up"), "0" * 64)
    assert (document.title, document.kind, document.source) == (
        "As printed",
        Kind.PLAN,
        "report.md",
    )
    bare = Source(path=folder / "report.md", id="report")
    assert bare.document(reading(title="As marked up"), "0" * 64).title == "As marked up"
    assert bare.document(reading(), "0" * 64).title == "report"


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        ("Government Response to the Ledger Report", "", Kind.RESPONSE),
        ("The department’s response to the recommendations", "", Kind.RESPONSE),
        ("Ledgers", "The Government’s response to the ledger inquiry was laid.", Kind.RESPONSE),
        ("Police response to the storms of 2019", "A report.", Kind.OTHER),
        ("The Lost Ledger", "x" * 1000 + "Government response", Kind.OTHER),
    ],
)
def test_a_response_says_so_in_its_title_or_first_lines(title: str, text: str, kind: Kind) -> None:
    source = Source(path=Path("a.md"), id="a")
    assert source.document(reading(text, title=title), "0" * 64).kind is kind


def test_a_fingerprint_changes_with_the_description_and_not_with_the_folder() -> None:
    source = Source(path=Path("one/a.md"), id="a")
    assert source.fingerprint == Source(path=Path("two/a.md"), id="a").fingerprint
    assert source.fingerprint != Source(path=Path("one/b.md"), id="a").fingerprint
    assert source.fingerprint != Source(path=Path("one/a.md"), id="a", title="A").fingerprint


def test_the_casey_corpus_is_digests_that_say_whose_words_they_are() -> None:
    assert "casey" in bundled()
    found = corpus(["casey"])
    assert len(found.sources) == 28
    assert found.duplicates == ()
    for source in found.sources:
        assert source.edition is Edition.DIGEST
        assert source.kind is not None
        assert source.licence and source.licence.startswith("CC BY 4.0")
        assert source.attribution and "Casebook" in source.attribution
