"""What takes a quotation apart does work in proportion to it, however it was made to be costly."""

import sys
from types import FrameType

import pytest

from index.matching import Matcher
from index.quotations import plain_prose, quotations

TEXTS = ["The board had no plan for the gates of the harbour, and a board is a board. " * 40]
COSTLY = {
    "insertions": "[a] board ",
    "openings": "[a ",
    "ellipses": "a … board ",
    "dots": "the ... board ",
    "one word": "the ",
    "single letters": "a ",
    "broken words": "bo- ard ",
    "one long word": "a",
    "stops": ". ",
    "marks": "a” “",
    "apostrophes": "a's' ",
}


def steps(words: str) -> int:
    """Calls that locating the words takes, of Python and of C: the same on every machine."""
    matcher = Matcher(TEXTS)
    matcher.locate("The board had a plan for the gates")
    count = 0

    def called(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(called)
    try:
        matcher.locate(words)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("form", COSTLY)
def test_twice_the_quotation_takes_little_more_than_twice_the_steps(form: str) -> None:
    once, twice = (steps(f"The board {COSTLY[form] * count}") for count in (600, 1_200))
    assert twice <= 2.5 * once + 10_000


@pytest.mark.parametrize("form", COSTLY)
def test_the_longest_quotation_is_answered(form: str) -> None:
    words = (COSTLY[form] * 50_000)[:49_000]
    Matcher(TEXTS).locate(f"The board {words}")


@pytest.mark.parametrize(
    "words", ["“", "“a ", "‘a’s ", "\"' ", "\n", "> a\n", "> words\n> — A\n\n", "s' “a "]
)
def test_quotations_are_looked_for_in_the_longest_text(words: str) -> None:
    text = (words * 300_000)[:300_000]
    found = quotations(plain_prose(text))
    assert all(0 <= each.span.start < each.span.end <= len(text) for each in found)
