"""A query is taken apart as a reader would, and odd input stays plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.wording import WITHIN, Near, Term, Wording, wording

PARTS = st.sampled_from(
    [
        '"',
        "“",
        "”",
        "NOT",
        "NEAR",
        "NEAR/3",
        "NEAR/",
        "-",
        "(",
        ")",
        "stop",
        "and",
        "search",
        " ",
        "",
    ]
)


def exact(words: str) -> Term:
    return Term(words, exact=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"stop and search" powers', (exact("stop and search"),)),
        ("the “dip sampling” of files", (exact("dip sampling"),)),
        ('What does "institutional" mean?', (exact("institutional"),)),
        ('("dip sampling")', (exact("dip sampling"),)),
        ('"PADP"', (exact("PADP"),)),
        ("stop NEAR/5 search", (Near(Term("stop"), Term("search"), 5),)),
        ("stop NEAR search", (Near(Term("stop"), Term("search"), WITHIN),)),
        ("a NEAR/2 b NEAR c", (Near(Term("a"), Term("b"), 2), Near(Term("b"), Term("c"), WITHIN))),
        ('x NEAR/2 "y z"', (exact("y z"), Near(Term("x"), exact("y z"), 2))),
    ],
)
def test_what_comes_first_is_read_from_quotation_marks_and_near(
    text: str, expected: tuple[Term | Near, ...]
) -> None:
    assert wording(text).first == expected


@pytest.mark.parametrize(
    ("text", "plain", "without"),
    [
        ("officers NOT vetting", "officers", (Term("vetting"),)),
        ("officers -vetting, please", "officers please", (Term("vetting"),)),
        ('officers NOT "dip sampling"', "officers", (exact("dip sampling"),)),
        ('-"dip sampling" officers', "officers", (exact("dip sampling"),)),
        ("stop NEAR/5 search -police", "stop search", (Term("police"),)),
    ],
)
def test_what_is_left_out_is_not_searched_for(
    text: str, plain: str, without: tuple[Term, ...]
) -> None:
    found = wording(text)
    assert (found.plain, found.without) == (plain, without)


@pytest.mark.parametrize(
    "text",
    [
        'a board of 6" by 8" wide',
        "NOT",
        "-vetting",
        "vetting - and after",
        "pre- and post-war",
        "cost -5 degrees",
        "THEY DID NOT ACT NEAR THE QUAY",
        "not near",
        '"" vetting',
        "“”",
    ],
)
def test_anything_else_is_plain_text(text: str) -> None:
    assert wording(text) == Wording(plain=text)


@pytest.mark.parametrize(
    ("text", "idle"),
    [
        ('"unbalanced quotation', ('"',)),
        ("the “unbalanced quotation", ("“",)),
        ('was said "late"and early', ('"',)),
        ("officers NOT", ("NOT",)),
        ("NOT vetting", ("NOT",)),
        ("NEAR/5 search", ("NEAR/5",)),
        ("stop NEAR", ("NEAR",)),
        ("stop NEAR/far search NOT", ("NEAR/far", "NOT")),
    ],
)
def test_what_does_not_do_what_it_likely_should_is_plain_text_and_named(
    text: str, idle: tuple[str, ...]
) -> None:
    assert wording(text) == Wording(plain=text, idle=idle)


@given(st.lists(PARTS).map("".join) | st.text() | st.lists(PARTS).map(" ".join))
def test_no_text_breaks_it_or_leaves_nothing_to_search_for(text: str) -> None:
    found = wording(text)
    assert bool(found.plain.strip()) == bool(text.strip())
    written = set(text.split())
    assert all(set(term.words.split()) or not written for term in found.without)


@given(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1))
def test_words_alone_ask_for_nothing_beside_them(some: list[str]) -> None:
    text = " ".join(some)
    assert wording(text) == Wording(plain=text)
