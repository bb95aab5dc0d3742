"""An id that nothing has is answered with few words: the nearest, and where all of them are."""

import pytest

from ingest.nearest import remedy

LISTED = "`casebook documents` lists them all."
DOCUMENTS = ["casey-final-report", "casey-interim-report", "casey-letter", "casey-plan", "review"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("zzz", LISTED),
        ("", LISTED),
        ("reviews", f"Did you mean review? {LISTED}"),
        ("interim", f"Did you mean casey-interim-report? {LISTED}"),
        ("INTERIM", f"Did you mean casey-interim-report? {LISTED}"),
    ],
)
def test_what_is_near_is_named_and_so_is_the_list(asked: str, said: str) -> None:
    assert remedy("document", asked, DOCUMENTS) == said


def test_no_more_than_three_are_named() -> None:
    assert remedy("document", "cas", DOCUMENTS).count("casey-") == 3


def test_a_word_of_few_is_answered_with_all_of_them() -> None:
    assert remedy("edition", "zzz", ["official", "digest"]) == "Did you mean digest, official?"


def test_where_there_is_nothing_that_is_said() -> None:
    assert remedy("recommendation", "x", []) == "No recommendation is indexed."


def test_among_many_those_of_the_same_document_are_compared() -> None:
    names = [f"report-{number}:1.{place}" for number in range(300) for place in range(10)]
    assert "report-299:1.9" in remedy("passage", "report-299:1.99", names)
