"""Whatever a reader does, the caller sees a Reading or a typed error that names the file."""

import os
import sys
from pathlib import Path

import pytest

from ingest.errors import (
    DamagedFile,
    EncryptedFile,
    OverLimit,
    SourceError,
    UnreadableFile,
)
from ingest.reading import sandbox
from ingest.reading.sandbox import Limits, read, read_all

SCRIPT = Path(__file__).parent / "misbehaving.py"
TIGHT = Limits(memory=200 * 2**20, seconds=2, seconds_per_megabyte=0, output=2**20)


needs_proc = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="this system has no /proc to ask"
)


@pytest.fixture(autouse=True)
def misbehaving_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_COMMAND", (sys.executable, "-P", str(SCRIPT)))


def file_saying(folder: Path, word: str) -> Path:
    path = folder / f"{word}: x.txt"
    path.write_text(word)
    return path


def refusal(path: Path, limits: Limits = TIGHT) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read(path, limits)
    return caught.value


def test_what_a_library_prints_does_not_spoil_the_answer(tmp_path: Path) -> None:
    assert read(file_saying(tmp_path, "text"), TIGHT).text == "words that were read"


@pytest.mark.parametrize(
    ("word", "kind", "says"),
    [
        ("crash", DamagedFile, "SIGSEGV"),
        ("spin", OverLimit, "longer than 2 seconds"),
        ("sleep", OverLimit, "longer than 2 seconds"),
        ("hoard", OverLimit, "more memory"),
        ("recurse", DamagedFile, "RecursionError"),
        ("exit", DamagedFile, "SystemExit"),
        ("vanish", DamagedFile, "no usable answer"),
        ("interrupt", DamagedFile, "KeyboardInterrupt"),
        ("refuse", EncryptedFile, "it is locked: twice."),
        ("surrogate", DamagedFile, "ValueError"),
        ("unsendable", DamagedFile, "surrogates not allowed"),
        ("overrun", DamagedFile, "no usable answer"),
        ("bulky", OverLimit, "writes more"),
        ("flood", OverLimit, "writes more"),
    ],
)
def test_misbehaviour_becomes_a_typed_error_that_names_the_file(
    tmp_path: Path, word: str, kind: type[SourceError], says: str
) -> None:
    path = file_saying(tmp_path, word)
    error = refusal(path)
    assert type(error) is kind
    assert says in str(error)
    assert error.file == str(path)
    assert error.remedy


def test_a_crash_names_the_page_that_was_reached(tmp_path: Path) -> None:
    error = refusal(file_saying(tmp_path, "crash"))
    assert error.page == 7
    assert "page 7" in str(error)


def test_a_readers_own_error_keeps_its_page_and_words(tmp_path: Path) -> None:
    path = file_saying(tmp_path, "refuse")
    error = refusal(path)
    assert str(error) == f"{path}, page 3: it is locked: twice. Unlock it."


def test_a_defect_keeps_its_traceback_as_a_note(tmp_path: Path) -> None:
    assert "in recurse" in "".join(refusal(file_saying(tmp_path, "recurse")).__notes__)


def test_one_bad_file_does_not_keep_the_others_from_being_read(tmp_path: Path) -> None:
    paths = [file_saying(tmp_path, word) for word in ("crash", "text", "recurse", "nap")]
    outcomes = dict(read_all([*paths, tmp_path / "missing.txt"], TIGHT, workers=2))
    kinds = [type(outcomes[path]).__name__ for path in paths]
    assert kinds == ["DamagedFile", "Reading", "DamagedFile", "Reading"]
    assert isinstance(outcomes[tmp_path / "missing.txt"], UnreadableFile)


def test_outcomes_come_in_order_of_completion(tmp_path: Path) -> None:
    slow, quick = file_saying(tmp_path, "nap"), file_saying(tmp_path, "text")
    assert [path for path, _ in read_all([slow, quick], TIGHT, workers=2)] == [quick, slow]


@needs_proc
def test_a_crash_with_memory_full_is_over_the_limit(tmp_path: Path) -> None:
    error = refusal(file_saying(tmp_path, "burst"))
    assert isinstance(error, OverLimit)
    assert "more memory" in str(error)


def children() -> set[int]:
    """Process ids of whatever this process has started and not yet reaped."""
    listing = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    return {int(pid) for pid in listing.split()}


@needs_proc
def test_an_interrupted_batch_leaves_no_process_behind(tmp_path: Path) -> None:
    before = children()
    outcomes = read_all(
        [file_saying(tmp_path, word) for word in ("text", "sleep", "spin")], TIGHT, workers=3
    )
    next(outcomes)
    assert len(children() - before) == 2
    with pytest.raises(KeyboardInterrupt):
        outcomes.throw(KeyboardInterrupt())
    assert children() - before == set()


def test_the_process_is_given_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QDRANT_API_KEY", "secret")
    names = read(file_saying(tmp_path, "secrets"), TIGHT).text.split()
    assert "PATH" in names
    assert "QDRANT_API_KEY" not in names


def test_a_file_larger_than_the_limit_is_refused_unread(tmp_path: Path) -> None:
    error = refusal(file_saying(tmp_path, "text"), Limits(source=3))
    assert isinstance(error, OverLimit)
    assert "4 bytes" in str(error)


def test_larger_files_are_given_more_time(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_bytes(b"nap " * 2**18)
    patient = Limits(seconds=0.5, seconds_per_megabyte=5)
    assert read(path, patient).text
    assert isinstance(refusal(path, Limits(seconds=0.5, seconds_per_megabyte=0)), OverLimit)


def test_no_folder_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for word in ("text", "crash", "sleep"):
        list(read_all([file_saying(tmp_path, word)], TIGHT))
    assert list(tmp_path.glob("casebook-*")) == []
