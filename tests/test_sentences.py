"""Sentence boundaries hold in the prose that printed reports are made of."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sentences import sentences


def _split(text: str) -> list[str]:
    return [sentence.of(text) for sentence in sentences(text)]


@pytest.mark.parametrize(
    "whole",
    [
        "The note on p. 12 was read by Mr. Ames and Dr. Bell.",
        "See para. 14 and No. 6 in vol. 2 of the bundle.",
        "It began at 15.10 Tuesday and cost £3.5 million.",
        "3.12. Learning was slow in both commands.",
        "J. R. Hollis signed the form.",
    ],
)
def test_a_stop_that_ends_no_sentence_is_passed_over(whole: str) -> None:
    assert _split(whole) == [whole]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("“We knew.” The force did not act.", ["“We knew.”", "The force did not act."]),
        ("Nobody asked.14 The file was closed.", ["Nobody asked.14", "The file was closed."]),
        ("She said no. He went on.", ["She said no.", "He went on."]),
        ("It ended in 2019.3 Then it began.", ["It ended in 2019.3", "Then it began."]),
        ("It was late.7 8. The next day he left.", ["It was late.7", "8. The next day he left."]),
        ("A heading\n\nA paragraph follows", ["A heading", "A paragraph follows"]),
    ],
)
def test_a_sentence_ends_where_a_reader_would_end_it(text: str, parts: list[str]) -> None:
    assert _split(text) == parts


@given(st.text(alphabet="aA1 .?!”“\"'(),\n", max_size=80))
def test_sentences_hold_every_word_once_and_in_order(text: str) -> None:
    spans = sentences(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert "".join("".join(_split(text)).split()) == "".join(text.split())
    assert all(span.of(text) == span.of(text).strip() for span in spans)
