"""What lies in a data directory is whole, unaltered, or said not to be."""

import os
import resource
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ingest.errors import (
    CorpusError,
    DamagedData,
    StaleData,
    UnknownId,
    UnreadableFile,
    WriteFailed,
)
from ingest.library import Library
from ingest.model import (
    Alias,
    AliasStatus,
    Basis,
    Box,
    Document,
    Dossier,
    Duty,
    Extraction,
    Fidelity,
    Finding,
    HiddenText,
    Kind,
    Line,
    Lineage,
    LineageRelation,
    Link,
    Note,
    Page,
    PageStatus,
    Paragraph,
    ParagraphKind,
    Passage,
    Pointer,
    Reading,
    Recommendation,
    Relation,
    Response,
    ResponseStatus,
    Span,
    Stamp,
    Stance,
    StatusEvent,
    Voice,
    words_hash,
)

TEXT = "1. The ledger was lost.\r\n\n2. Nobody asked why — “not once”."
WHOLE = Span(0, len(TEXT))
UNSAFE_IDS = [
    "",
    ".",
    "..",
    "../x",
    "a/b",
    "/etc",
    "a\0b",
    "Upper",
    "a b",
    "-a",
    "a" * 81,
    ".a.old",
]


def dossier(document_id: str = "ledger", *, text: str = TEXT) -> Dossier:
    """One of everything, so that nothing can be forgotten on the way to disk and back."""
    passage = f"{document_id}:1"
    recommendation = f"{document_id}:recommendation-1"
    return Dossier(
        document=Document(
            id=document_id,
            title="The Lost Ledger",
            source="ledger.pdf",
            source_sha256="0" * 64,
            page_count=1,
            date=date(2024, 2, 29),
            kind=Kind.FINAL_REPORT,
        ),
        stamp=Stamp(source_sha256="0" * 64, pipeline="1", settings={"tokens": "180"}),
        reading=Reading(
            text=text,
            extraction=Extraction.TEXT,
            pages=(
                Page(
                    number=1,
                    status=PageStatus.TEXT,
                    printed="iv",
                    label=None,
                    span=WHOLE,
                    width=595.0,
                    height=842.0,
                ),
            ),
            lines=(Line(span=WHOLE, page=1, box=Box(x0=1.5, top=2.0, x1=3.0, bottom=4.0)),),
            paragraphs=(
                Paragraph(span=WHOLE, kind=ParagraphKind.BODY, section=("A",), number="1"),
            ),
            notes=(Note(marker="1", span=Span(0, 2), anchor=None),),
            hidden=(HiddenText(span=Span(0, 1), reason="white"),),
            title="The Lost Ledger",
            furniture=("Page 1",),
        ),
        passages=(
            Passage(
                id=passage,
                document=document_id,
                span=WHOLE,
                section=("A",),
                paragraphs=("1", "2"),
                page_start=1,
                page_end=1,
                printed_start="iv",
                printed_end="iv",
                quote_sha256=words_hash(text),
                extraction=Extraction.TEXT,
                hidden_text=True,
            ),
        ),
        findings=(
            Finding(
                passage=passage,
                tag="records",
                span=Span(3, 9),
                sentence=Span(3, 22),
                voice=Voice.INQUIRY,
                stance=Stance.FOUND,
                confidence=0.75,
                rule="records.lost",
            ),
        ),
        recommendations=(
            Recommendation(
                id=recommendation,
                document=document_id,
                number="1",
                kind="recommendation",
                span=WHOLE,
                title=None,
                sub_parts=(Span(0, 3),),
                addressee=("The Board",),
                deadline=None,
                occurrences=(Span(0, 4),),
            ),
        ),
        duties=(
            Duty(
                recommendation=recommendation,
                span=WHOLE,
                actor=None,
                act="ask",
                deadline=None,
            ),
        ),
        responses=(
            Response(
                recommendation=recommendation,
                document=document_id,
                span=WHOLE,
                status=ResponseStatus.ACCEPTED_IN_PART,
                status_span=None,
                date=None,
            ),
        ),
        links=(
            Link(
                recommendation=recommendation,
                passage=passage,
                relation=Relation.STATES,
                basis=Basis.CITED,
                score=1.0,
                words=Span(0, 5),
            ),
        ),
        pointers=(
            Pointer(
                recommendation=recommendation,
                document="older-digest",
                paragraph="2.1",
                relation=Relation.MOTIVATES,
            ),
        ),
        lineage=(
            Lineage(
                recommendation=recommendation,
                earlier="older:recommendation-2",
                relation=LineageRelation.BUILDS_ON,
                basis=Basis.SIMILAR,
                score=0.5,
            ),
        ),
        events=(
            StatusEvent(
                dated="1 January 2025",
                recommendation=recommendation,
                date=date(2025, 1, 1),
                status="accepted",
                who="The Board",
                source="https://example.org/minutes",
                quotation="We accept it.",
            ),
        ),
        aliases=(
            Alias(
                id=passage,
                quote_sha256=words_hash(text),
                status=AliasStatus.KEPT,
                span=WHOLE,
                passage=passage,
            ),
        ),
        fidelity=Fidelity(
            pages={"text": 1},
            source_words=9,
            words_lost=0,
            words_added=0,
            sentences=2,
            sentences_severed=0,
            furniture_in_body=0,
            passages=1,
            exceptions=("p. 1: none",),
        ),
    )


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "data")


def test_everything_written_is_read_back_equal(library: Library) -> None:
    library.write(dossier())
    assert library.dossier("ledger") == dossier()
    assert library.documents() == (dossier().document,)


def test_a_dossier_without_fidelity_is_read_back_without(library: Library) -> None:
    bare = replace(dossier(), fidelity=None, events=())
    library.write(bare)
    assert library.dossier("ledger") == bare


def test_an_empty_directory_has_no_documents(library: Library) -> None:
    assert library.documents() == ()


def test_writing_again_replaces(library: Library) -> None:
    library.write(dossier())
    library.write(dossier(text="Another text."))
    assert library.stored("ledger").text == "Another text."
    assert library.ids() == ("ledger",)


def test_a_part_is_read_only_when_asked_for(library: Library) -> None:
    library.write(dossier())
    stored = library.stored("ledger")
    (library.root / "documents/ledger/lines.jsonl").unlink()
    assert stored.passages == dossier().passages
    with pytest.raises(DamagedData, match=r"lines\.jsonl.*casebook doctor"):
        _ = stored.reading


def test_removal_takes_the_document_and_nothing_else(library: Library) -> None:
    library.write(dossier("one"))
    library.write(dossier("two"))
    library.remove("one")
    assert library.ids() == ("two",)
    assert {path.name for path in (library.root / "documents").iterdir()} == {"two"}
    with pytest.raises(UnknownId):
        library.remove("one")


@pytest.mark.parametrize("document_id", UNSAFE_IDS)
def test_no_unsafe_id_reaches_the_disk(library: Library, document_id: str) -> None:
    library.write(dossier())
    for read in (library.dossier, library.remove, library.resolve):
        with pytest.raises(UnknownId):
            read(document_id)
    with pytest.raises(CorpusError, match="document id"):
        library.write(dossier(document_id))
    assert library.ids() == ("ledger",)


def test_an_unknown_id_names_the_nearest(library: Library) -> None:
    library.write(dossier())
    with pytest.raises(UnknownId, match="Did you mean ledger"):
        library.dossier("leger")
    with pytest.raises(UnknownId, match="Did you mean ledger:1"):
        library.resolve("ledger:11")


def test_an_id_once_issued_resolves(library: Library) -> None:
    library.write(dossier())
    assert library.resolve("ledger:1") == dossier().aliases[0]


def test_any_altered_byte_of_any_part_is_noticed(library: Library) -> None:
    library.write(dossier())
    folder = library.root / "documents/ledger"
    for path in sorted(folder.iterdir()):
        if path.name == "document.json":
            continue
        content = path.read_bytes()
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        with pytest.raises(DamagedData, match=path.name):
            library.dossier("ledger")
        with pytest.raises(DamagedData, match=path.name):
            library.stored("ledger").check()
        path.write_bytes(content)
    library.stored("ledger").check()


@pytest.mark.parametrize("content", [b"", b"{", b'{"format": 1}', b"\xff"])
def test_a_damaged_header_is_said_to_be(library: Library, content: bytes) -> None:
    library.write(dossier())
    (library.root / "documents/ledger/document.json").write_bytes(content)
    with pytest.raises(DamagedData, match=r"document\.json"):
        library.dossier("ledger")


def test_a_folder_without_header_is_damaged_not_absent(library: Library) -> None:
    library.write(dossier())
    (library.root / "documents/ledger/document.json").unlink()
    with pytest.raises(DamagedData):
        library.documents()


def test_another_format_is_stale(library: Library) -> None:
    library.write(dossier())
    header = library.root / "documents/ledger/document.json"
    header.write_bytes(header.read_bytes().replace(b'"format": 1', b'"format": 99'))
    with pytest.raises(StaleData, match=r"format 99.*casebook build"):
        library.documents()


def test_a_document_rebuilt_under_a_reader_is_stale_not_damaged(library: Library) -> None:
    library.write(dossier())
    stored = library.stored("ledger")
    library.write(dossier(text="Another text."))
    with pytest.raises(StaleData, match="Ask again"):
        _ = stored.text


def test_the_source_is_kept_by_its_hash_and_cannot_be_edited(
    library: Library, tmp_path: Path
) -> None:
    source = tmp_path / "Report.PDF"
    source.write_bytes(b"%PDF-1.7 words")
    digest = library.keep_source(source)
    document = replace(dossier().document, source="Report.PDF", source_sha256=digest)
    kept = library.source(document)
    assert kept.name == f"{digest}.pdf"
    assert kept.read_bytes() == b"%PDF-1.7 words"
    assert not kept.stat().st_mode & 0o222
    assert library.keep_source(source) == digest


def test_a_damaged_kept_source_is_mended(library: Library, tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_bytes(b"words")
    digest = library.keep_source(source)
    kept = library.root / "sources" / f"{digest}.txt"
    kept.unlink()
    kept.write_bytes(b"wards")
    library.keep_source(source)
    assert kept.read_bytes() == b"words"


def test_a_source_that_is_not_there_is_refused(library: Library, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"absent\.pdf"):
        library.keep_source(tmp_path / "absent.pdf")
    with pytest.raises(UnreadableFile):
        library.keep_source(tmp_path)
    with pytest.raises(DamagedData, match="missing"):
        library.source(dossier().document)


def test_a_data_directory_that_is_a_file_is_a_failed_write(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"")
    with pytest.raises(WriteFailed):
        Library(tmp_path / "data").write(dossier())


def in_child(act: Callable[[], None]) -> int:
    """Exit status of a forked child that runs `act`; -9 where it was killed."""
    with warnings.catch_warnings():
        # Other tests may have left threads; the child only touches files and then exits.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        status = 1
        try:
            act()
            status = 0
        except WriteFailed:
            status = 3
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_at(step: int, act: Callable[[], None]) -> bool:
    """Whether `act` died at its `step`-th change to the disk; False where it had fewer."""

    def run() -> None:
        left = step

        def count(event: str, _arguments: tuple[object, ...]) -> None:
            nonlocal left
            if event in {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir"}:
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), 9)

        sys.addaudithook(count)
        act()

    return in_child(run) == -9


def every_death(act: Callable[[], None], *, restore: Callable[[], None]) -> Iterator[int]:
    """One state of the disk for each step at which `act` can be killed."""
    step = 0
    while True:
        restore()
        if not killed_at(step, act):
            return
        yield step
        step += 1


def test_a_kill_at_any_step_leaves_the_old_document_or_the_new(library: Library) -> None:
    old, new = dossier(text="Old words."), dossier(text="New words.")

    library.write(dossier("other"))
    library.write(old)
    before = library.root.with_name("before")
    shutil.copytree(library.root, before)

    def restore() -> None:
        shutil.rmtree(library.root)
        shutil.copytree(before, library.root)

    seen: list[bool] = []
    for _ in every_death(lambda: library.write(new), restore=restore):
        found = Library(library.root).dossier("ledger")
        assert found in (old, new)
        seen.append(found == new)
        Library(library.root).tidy()
        assert library.dossier("ledger") == found
        assert library.ids() == ("ledger", "other")
        assert {path.name for path in (library.root / "documents").iterdir()} == {"ledger", "other"}
    assert seen == sorted(seen), "once the new document stands, it stays"
    assert {True, False} <= set(seen)


def test_a_write_after_a_kill_finds_nothing_in_its_way(library: Library) -> None:
    library.write(dossier())
    new = dossier(text="New words.")
    for step in (8, 20, 24):
        killed_at(step, lambda: library.write(dossier(text="Other words.")))
        library.write(new)
        assert library.dossier("ledger") == new


def test_a_source_half_copied_is_cleared_away(library: Library) -> None:
    library.write(dossier())
    (library.root / "sources").mkdir()
    (library.root / "sources" / ".tmp123").write_bytes(b"half")
    library.tidy()
    assert list((library.root / "sources").iterdir()) == []


def test_a_kill_during_the_first_write_leaves_the_document_absent_or_whole(
    library: Library,
) -> None:
    for _ in every_death(
        lambda: library.write(dossier()),
        restore=lambda: shutil.rmtree(library.root, ignore_errors=True),
    ):
        assert library.ids() in ((), ("ledger",))
        for document_id in library.ids():
            assert library.dossier(document_id) == dossier()
        library.tidy()


def test_a_kill_during_removal_leaves_the_document_whole_or_absent(library: Library) -> None:
    for _ in every_death(
        lambda: library.remove("ledger"), restore=lambda: library.write(dossier())
    ):
        for document_id in library.ids():
            assert library.dossier(document_id) == dossier()
        present = library.ids()
        library.tidy()
        assert library.ids() == present


def test_a_write_that_outgrows_the_file_limit_leaves_the_old_document(library: Library) -> None:
    library.write(dossier())

    def write_too_much() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        library.write(dossier(text="Too much. " * 10_000))

    assert in_child(write_too_much) == 3
    assert library.dossier("ledger") == dossier()
    assert {path.name for path in (library.root / "documents").iterdir()} == {"ledger"}


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KiB; skips where this user may not mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "casebook-test", str(place)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount command")
    if done.returncode:
        pytest.skip(f"cannot mount a small disk: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_leaves_the_old_document(tiny_disk: Path) -> None:
    library = Library(tiny_disk)
    library.write(dossier())
    with pytest.raises(WriteFailed, match=r"No space left.*still stands"):
        library.write(dossier(text="Too much. " * 50_000))
    assert library.dossier("ledger") == dossier()
    big = tiny_disk.parent / "big.txt"
    big.write_bytes(b"x" * 1_000_000)
    with pytest.raises(WriteFailed):
        library.keep_source(big)
    library.write(dossier("second"))
    assert library.ids() == ("ledger", "second")
