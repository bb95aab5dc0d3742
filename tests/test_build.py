"""From sources to dossiers: what is read, what is left alone, and what a failure costs."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.build import Method, Outcome, State, build
from ingest.errors import DamagedData, WrongFormat
from ingest.library import Library
from ingest.model import AliasStatus, Relation
from ingest.sources.corpus import corpus

REPORT = """# Report of the Harbour Inquiry

## The vetting of constables

3.1 The inquiry found that the force had failed to check the references of police officers who
joined from elsewhere, and that vetting had lapsed for a third of them.

3.2 A constable told us that nobody had ever asked her for a reference.

## Recommendations

1. The Chief Constable should check the references of every officer within six months.

2. The Home Office should publish the number of officers without vetting each year.
"""


def words(text: str) -> int:
    return len(text.split())


METHOD = Method(count_tokens=words, tokenizer="words")
Built = Callable[[Mapping[str, str]], list[Outcome]]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "data")


def outcomes(folder: Path, library: Library, method: Method = METHOD) -> dict[str, Outcome]:
    return {
        outcome.document: outcome
        for outcome in build(corpus([str(folder)]).sources, library, method)
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "harbour.md").write_text(REPORT, encoding="utf-8")
    return sources


def test_a_source_becomes_a_dossier_with_everything_that_follows(
    folder: Path, library: Library
) -> None:
    (outcome,) = outcomes(folder, library).values()
    dossier = library.dossier("harbour")
    assert outcome.state is State.BUILT
    assert dossier.passages[0].paragraphs == ("3.1", "3.2")
    assert {finding.tag for finding in dossier.findings} >= {"vetting_failure"}
    assert [each.number for each in dossier.recommendations] == ["1", "2"]
    assert {link.relation for link in dossier.links} == {Relation.STATES}
    assert dossier.fidelity is not None


def test_an_unchanged_source_is_not_read_again(folder: Path, library: Library) -> None:
    outcomes(folder, library)
    assert outcomes(folder, library)["harbour"].state is State.UNCHANGED


def test_a_changed_source_or_method_is_read_again(folder: Path, library: Library) -> None:
    outcomes(folder, library)
    assert outcomes(folder, library, replace(METHOD, limit=60))["harbour"].state is State.BUILT
    (folder / "harbour.md").write_text(REPORT.replace("a third", "a half"), encoding="utf-8")
    assert outcomes(folder, library)["harbour"].state is State.BUILT


def test_a_rebuild_tells_what_became_of_every_id(folder: Path, library: Library) -> None:
    outcomes(folder, library)
    issued = len(library.dossier("harbour").passages)
    (folder / "harbour.md").write_text(REPORT.replace("a third", "a half"), encoding="utf-8")
    ids = outcomes(folder, library)["harbour"].ids
    assert ids[AliasStatus.CHANGED] == 1
    assert sum(ids.values()) == issued


def test_a_file_that_cannot_be_read_costs_only_itself(folder: Path, library: Library) -> None:
    (folder / "picture.pdf").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    found = outcomes(folder, library)
    assert found["harbour"].state is State.BUILT
    assert found["picture"].state is State.FAILED
    assert isinstance(found["picture"].error, WrongFormat)
    assert "picture.pdf" in str(found["picture"].error)


def test_a_failed_rebuild_leaves_what_was_there(folder: Path, library: Library) -> None:
    outcomes(folder, library)
    before = library.dossier("harbour")
    (folder / "harbour.md").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    assert outcomes(folder, library)["harbour"].state is State.FAILED
    assert library.dossier("harbour") == before


def test_a_damaged_dossier_is_reported_and_not_written_over(
    folder: Path, library: Library, tmp_path: Path
) -> None:
    outcomes(folder, library)
    text = tmp_path / "data" / "documents" / "harbour" / "text.txt"
    text.write_text("other words", encoding="utf-8")
    found = outcomes(folder, library, replace(METHOD, limit=60))["harbour"]
    assert isinstance(found.error, DamagedData)
    assert text.read_text(encoding="utf-8") == "other words"


def test_the_source_is_kept_under_its_hash(folder: Path, library: Library) -> None:
    outcomes(folder, library)
    document = library.dossier("harbour").document
    assert library.source(document).read_bytes() == (folder / "harbour.md").read_bytes()
