"""Results: what was measured is what is read back, shown and compared."""

from dataclasses import replace
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pytest

from eval.measure import changes
from eval.results import Circumstances, Figure, Result, circumstances, differences, read, write
from eval.tables import UNMEASURED, quantity, rendered, table

PAGES = Figure(what="pages accounted for", value=100.0, unit="%", of=518, at_least=100.0)
QUERY = Figure(what="query, p95", value=9.26, unit="ms", at_most=8.0, repeatable=False)
RESULT = Result(
    name="structure",
    title="what",
    circumstances=Circumstances(
        commit="0123456789ab",
        date=date(2026, 11, 24),
        processor="a processor",
        cores=2,
        memory_gib=24.0,
        system="Linux x86_64",
        python="3.11.7",
        packages={"pypdf": "7.1.0"},
    ),
    figures=(PAGES, QUERY),
)


def test_a_result_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    write(RESULT, folder=tmp_path / "results")
    assert read("structure", folder=tmp_path / "results") == RESULT


def test_a_measurement_never_made_has_no_result(tmp_path: Path) -> None:
    assert read("structure", folder=tmp_path) is None


@pytest.mark.parametrize(
    ("value", "at_least", "at_most", "reached"),
    [
        (99.5, 99.5, None, True),
        (99.4, 99.5, None, False),
        (8.0, None, 8.0, True),
        (8.1, None, 8.0, False),
        (5.0, 1.0, 4.0, False),
        (0.0, None, None, True),
    ],
)
def test_a_figure_on_its_bound_is_reached(
    value: float, at_least: float | None, at_most: float | None, reached: bool
) -> None:
    figure = Figure(what="figure", value=value, at_least=at_least, at_most=at_most)
    assert figure.reached is reached


def test_only_what_is_repeatable_is_compared() -> None:
    slower = replace(RESULT, figures=(PAGES, replace(QUERY, value=20.0)))
    assert differences(RESULT, slower) == []


def test_a_repeatable_figure_that_changed_is_named() -> None:
    worse = replace(RESULT, figures=(replace(PAGES, value=99.0), QUERY))
    assert differences(RESULT, worse) == ["pages accounted for: recorded 100.0, now 99.0"]


def test_a_figure_that_disappeared_is_named() -> None:
    assert differences(RESULT, replace(RESULT, figures=())) == [
        "pages accounted for: recorded 100.0, now None"
    ]


@pytest.mark.parametrize(
    ("value", "interval", "loosely", "differs"),
    [
        (0.8, (0.7, 0.9), False, False),
        (0.81, (0.7, 0.9), False, True),
        (0.8, (0.7, 0.91), False, True),
        (0.8, None, False, True),
        (0.84, (0.74, 0.86), True, False),
        (0.86, (0.7, 0.9), True, True),
        (0.8, (0.7, 0.96), True, True),
        (0.8, None, True, True),
    ],
)
def test_loosely_a_quarter_of_its_interval_is_no_difference(
    value: float, interval: tuple[float, float] | None, loosely: bool, differs: bool
) -> None:
    was = Figure(what="macro F1", value=0.8, interval=(0.7, 0.9))
    now = replace(was, value=value, interval=interval)
    recorded, repeated = replace(RESULT, figures=(was,)), replace(RESULT, figures=(now,))
    assert bool(differences(recorded, repeated, loosely=loosely)) is differs


@pytest.mark.parametrize(("value", "differs"), [(0.055, False), (0.0551, True)])
def test_loosely_a_tenth_of_a_figure_without_an_interval_is_none(
    value: float, differs: bool
) -> None:
    was = Figure(what="calibration error", value=0.05)
    recorded = replace(RESULT, figures=(was,))
    repeated = replace(RESULT, figures=(replace(was, value=value),))
    assert bool(differences(recorded, repeated, loosely=True)) is differs


@pytest.mark.parametrize(
    ("name", "processor", "as_recorded"),
    [
        ("findings", "a processor", False),
        ("findings", "another", True),
        ("structure", "another", False),
    ],
)
def test_only_what_rests_on_vectors_may_differ_on_other_processors(
    name: str, processor: str, as_recorded: bool
) -> None:
    recorded = replace(RESULT, name=name)
    elsewhere = replace(RESULT.circumstances, processor=processor)
    repeated = replace(
        recorded, circumstances=elsewhere, figures=(replace(PAGES, value=99.0), QUERY)
    )
    assert (changes(recorded, repeated) == []) is as_recorded


def test_circumstances_tell_the_machine_and_the_packages_asked_for() -> None:
    about = circumstances("pytest", "pydantic")
    assert about.packages == {"pydantic": version("pydantic"), "pytest": version("pytest")}
    assert about.cores >= 1
    assert about.memory_gib > 0
    assert about.processor


def test_a_table_shows_a_missed_goal_as_missed() -> None:
    assert rendered(RESULT).splitlines() == [
        "| what | goal | measured | |",
        "|---|---|---|---|",
        "| pages accounted for | >= 100% | 100% (of 518) | reached |",
        "| query, p95 | <= 8 ms | 9.26 ms | **not reached** |",
        "",
        "Measured 24 November 2026 at commit 0123456789ab on a processor, 2 cores, 24 GiB, "
        "Linux x86_64, Python 3.11.7, pypdf 7.1.0.",
    ]


def test_a_table_of_nothing_says_so() -> None:
    assert table("never-measured") == UNMEASURED


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [(99.99812, "%", "99.99812%"), (12345.6, "ms", "12,346 ms"), (0.7, "", "0.7"), (0, "", "0")],
)
def test_a_quantity_is_written_as_people_write_it(value: float, unit: str, written: str) -> None:
    assert quantity(value, unit) == written
