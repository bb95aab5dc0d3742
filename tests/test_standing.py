"""The standing of a digest's words is that of the weakest among them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model import Standing
from ingest.standing import standing

WEAKEST_FIRST = [Standing.UNVERIFIED, Standing.SECONDARY, Standing.VERIFIED]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("1.1 It has 363 pages. [secondary]", Standing.SECONDARY),
        ("Foreword\t6\t[verified]\nTerms\t347\t[secondary]", Standing.SECONDARY),
        ("1.1 This is a digest. [about]", None),
        ("1.1 This is a digest. [about]\n\n1.2 It has 16. [verified]", Standing.VERIFIED),
        ("*Verified* means seen; [sic] and [ verified ] are no marks, nor is unverified.", None),
        ("", None),
    ],
)
def test_marks_are_read_from_the_words(words: str, found: Standing | None) -> None:
    assert standing(words) is found


@given(st.lists(st.sampled_from(Standing), min_size=1))
def test_more_words_never_stand_better(marks: list[Standing]) -> None:
    words = " ".join(f"Words. [{mark}]" for mark in marks)
    assert standing(words) == min(marks, key=WEAKEST_FIRST.index)
