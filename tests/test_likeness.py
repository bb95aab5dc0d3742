"""A file is taken for a published document only where nothing speaks against it."""

from dataclasses import replace

import pytest
from dossiers import dossier

from ingest.model import Published, Reading
from ingest.sources.likeness import differences

HASH, OTHER = "a" * 64, "b" * 64
REPORT = Published(
    id="report",
    title="The Lost Ledger: Final Report - An inquiry into the keeping of ledgers",
    pages=20,
)


def reading(*, pages: int = 20, cover: str = "THE LOST LEDGER Final Report An inquiry") -> Reading:
    return dossier("any", [cover, *["Words."] * (pages - 1)]).reading


def test_a_file_with_the_title_and_the_pages_is_taken() -> None:
    assert differences(REPORT, reading(), HASH) == ()


@pytest.mark.parametrize("pages", [18, 24])
def test_covers_and_blank_leaves_make_no_difference(pages: int) -> None:
    assert differences(REPORT, reading(pages=pages), HASH) == ()


def test_another_title_is_told_with_the_words_it_lacks() -> None:
    (said,) = differences(REPORT, reading(cover="The Found Purse: Final Report"), HASH)
    assert "lost, ledger" in said


def test_the_title_must_stand_at_the_beginning() -> None:
    far = dossier("any", ["Words."] * 10 + [REPORT.title] + ["Words."] * 9).reading
    assert len(differences(REPORT, far, HASH)) == 1


@pytest.mark.parametrize("pages", [3, 40])
def test_another_number_of_pages_is_told(pages: int) -> None:
    assert differences(REPORT, reading(pages=pages), HASH) == (f"it has {pages} pages, not 20",)


def test_the_known_hash_settles_it() -> None:
    known = replace(REPORT, sha256=HASH)
    assert differences(known, reading(pages=3, cover="Scanned"), HASH) == ()
    assert differences(known, reading(), OTHER) == (f"its SHA-256 is {OTHER}, not {HASH}",)


def test_what_is_not_known_is_not_compared() -> None:
    assert differences(replace(REPORT, pages=None), reading(pages=3), HASH) == ()


def test_a_page_without_pages_is_judged_by_its_words() -> None:
    page = replace(reading(), pages=(), text=f"{REPORT.title}. Words.")
    assert differences(REPORT, page, HASH) == ()
    assert len(differences(REPORT, replace(page, text="Please accept cookies."), HASH)) == 1
