"""Counting what reading did to the words."""

from dataclasses import replace
from pathlib import Path

import pytest
from paper import Paper, printed

from ingest.model import Reading
from ingest.reading.fidelity import fidelity, losses

PROSE = "The gate was left open all night and nobody on the watch could say who had the key."


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    def draw(paper: Paper) -> None:
        paper.paragraph(PROSE)

    return printed(tmp_path_factory.mktemp("paper") / "gate.pdf", draw)


def test_a_whole_reading_loses_and_adds_nothing(reading: Reading) -> None:
    found = losses({1: PROSE}, reading)
    assert (found.lost, found.added) == ((), ())
    assert found.source_words == len(PROSE.split())


def test_a_word_that_is_missing_is_named_with_its_page(reading: Reading) -> None:
    found = losses({1: f"{PROSE} Nevertheless"}, reading)
    assert found.lost == ("page 1: Nevertheless",)


def test_a_word_that_was_never_printed_is_named(reading: Reading) -> None:
    found = losses({1: PROSE.replace("nobody", "somebody")}, reading)
    assert found.added == ("page 1: nobody",)


def test_a_word_joined_over_a_line_is_neither_lost_nor_added(reading: Reading) -> None:
    cut = losses({1: PROSE.replace("nobody", "no-\nbody")}, reading)
    assert (cut.lost, cut.added) == ((), ())


def test_furniture_left_out_is_not_lost(reading: Reading) -> None:
    headed = replace(reading, furniture=("Harbour Report",))
    assert losses({1: f"Harbour Report {PROSE}"}, headed).lost == ()


def test_a_sentence_severed_in_a_full_line_is_counted(tmp_path: Path) -> None:
    def draw(paper: Paper) -> None:
        paper.line("The watch said that the gate had been shut by the porter before the storm and")
        paper.y += 60
        paper.line("that the key was never found, though several people had been looking for it.")

    assert fidelity(printed(tmp_path / "severed.pdf", draw), ()).sentences_severed == 1


def test_pages_are_counted_by_status(reading: Reading) -> None:
    assert fidelity(reading, ()).pages == {"text": 1}
