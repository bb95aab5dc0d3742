"""Every hostile file ends as a Reading or as a typed error that names it, within its limits."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile import CASES, Case

from ingest.errors import DamagedFile, OverLimit, SourceError
from ingest.model import Reading
from ingest.reading.pdffile import pdf_facts
from ingest.reading.sandbox import Limits, read_all

LIMITS = Limits(seconds=4)
GIGABYTE = 10**9

Outcomes = dict[str, Reading | SourceError]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    for case in CASES:
        (folder / f"{case.name}.pdf").write_bytes(case.build())
    return folder


class Peaks(logging.Handler):
    """The resident bytes at most of every reading process, as the sandbox logs them."""

    def __init__(self) -> None:
        super().__init__()
        self.peaks: list[int] = []

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.args, tuple):
            peak = record.args[-1]
            self.peaks.append(peak if isinstance(peak, int) else 0)


@pytest.fixture(scope="module")
def peaks() -> Iterator[list[int]]:
    handler, logger = Peaks(), logging.getLogger("ingest.reading.sandbox")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield handler.peaks
    logger.removeHandler(handler)
    logger.setLevel(level)


@pytest.fixture(scope="module")
def outcomes(folder: Path, peaks: list[int]) -> Outcomes:
    """What came of each case, by its name; all were read in one batch, two at a time."""
    paths = [folder / f"{case.name}.pdf" for case in CASES]
    return {path.stem: outcome for path, outcome in read_all(paths, LIMITS)}


def named(case: Case) -> str:
    return case.name


def test_there_are_enough_cases_and_no_two_of_one_name() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 45


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_hostile_file_ends_as_it_should(case: Case, outcomes: Outcomes, folder: Path) -> None:
    outcome = outcomes[case.name]
    assert type(outcome) in case.outcomes, outcome
    if isinstance(outcome, SourceError):
        assert outcome.file == str(folder / f"{case.name}.pdf")
        assert str(outcome).startswith(outcome.file)
        assert "Traceback" not in str(outcome)
        assert outcome.remedy


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="this system has no /proc to ask"
)
def test_no_reading_process_needs_more_than_a_gigabyte(
    outcomes: Outcomes, peaks: list[int]
) -> None:
    assert len(peaks) > len(outcomes) / 2
    assert min(peaks) > 0
    assert max(peaks) < GIGABYTE


def test_a_reading_always_accounts_for_its_pages(outcomes: Outcomes) -> None:
    readings = [outcome for outcome in outcomes.values() if isinstance(outcome, Reading)]
    assert readings
    for reading in readings:
        assert [page.number for page in reading.pages] == list(range(1, len(reading.pages) + 1))
        assert all(page.span or page.reason for page in reading.pages)


@pytest.mark.parametrize(
    "name", ["plain", "xref stream", "owner's password only", "script on opening"]
)
def test_an_odd_but_sound_file_gives_its_words(name: str, outcomes: Outcomes) -> None:
    outcome = outcomes[name]
    assert isinstance(outcome, Reading)
    assert outcome.text == "The force kept no record of the complaint."


@pytest.mark.parametrize(
    "name",
    [
        "outline that loops",
        "outline of 100,000 entries",
        "outline 2,000 deep",
        "outline entry of odd types",
        "label tree that loops",
        "labels of odd types",
        "label of a billion",
        "page size zero",
        "page size a loop",
    ],
)
def test_a_damaged_part_costs_only_itself(name: str, folder: Path) -> None:
    facts = pdf_facts(folder / f"{name}.pdf")
    assert facts.page_count == 1
    assert len(facts.outline) <= 1
    assert facts.labels == ()


@pytest.mark.parametrize(
    ("name", "kind"),
    [("page tree that loops", DamagedFile), ("page tree that doubles 30 times", OverLimit)],
)
def test_a_damaged_page_tree_costs_the_file(
    name: str, kind: type[SourceError], folder: Path
) -> None:
    with pytest.raises(kind, match=name):
        pdf_facts(folder / f"{name}.pdf")
