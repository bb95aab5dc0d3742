"""Exact words come first, what is left out never comes, wherever in the corpus they stand."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from smallcorpus import indexed

from index.casebook import Casebook
from index.conditions import meets
from index.search import Mode, Query
from index.store import Filters
from index.wording import Near, Term
from index.words import tokens

REVIEW = (
    "Stop and search was used badly, and stop-and-search forms were lost.",
    "Officers stop people. They then search them for what they said they lost.",
    "Nobody would stop, and a search began.",
    "It was what it was, and vetting failed.",
    "Vetting was slow. Officers who were vetted waited.",
    "The officer’s record was lost.",
)
LETTER = ("We will stop it. The search goes on.", "STOP AND SEARCH has a charter.")
VOCABULARY = sorted({word.lower() for text in (*REVIEW, *LETTER) for word in text.split()})


@pytest.fixture(scope="module")
def casebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Casebook]:
    with indexed(tmp_path_factory.mktemp("data"), review=REVIEW, letter=LETTER) as opened:
        yield opened


def found(casebook: Casebook, text: str, *, mode: Mode = Mode.HYBRID) -> list[str]:
    """The words of all hits, best first."""
    return [hit.text for hit in casebook.search(Query(text=text, mode=mode, k=100)).hits]


@pytest.mark.parametrize("mode", Mode)
def test_passages_with_the_exact_words_come_first(casebook: Casebook, mode: Mode) -> None:
    hits = found(casebook, '"stop and search" officers who waited', mode=mode)
    assert set(hits[:2]) == {REVIEW[0], LETTER[1]}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ('"it was what it was"', {REVIEW[3]}),
        ('lost "vetting"', {REVIEW[3], REVIEW[4]}),
        ('lost "the officer\'s record"', {REVIEW[5]}),
        ('"stop, and a search"', {REVIEW[2]}),
        ("stop NEAR/2 search lost", {REVIEW[0], LETTER[1]}),
        ("search NEAR/5 stops vetting", {REVIEW[0], REVIEW[1], REVIEW[2], LETTER[0], LETTER[1]}),
        ('vetted NEAR/3 "officers who" stop', {REVIEW[4]}),
    ],
)
def test_conditions_are_met_by_those_passages_and_no_others(
    casebook: Casebook, text: str, first: set[str]
) -> None:
    hits = casebook.search(Query(text=text, k=100)).hits
    raised = {hit.text for hit in hits if hit.hit and hit.hit.parts.get("exact")}
    assert raised == first
    assert {hit.text for hit in hits[: len(first)]} == first


def test_more_conditions_met_come_before_fewer(casebook: Casebook) -> None:
    hits = found(casebook, '"vetting failed" "vetting"')
    assert hits[:2] == [REVIEW[3], REVIEW[4]]


@pytest.mark.parametrize("mode", Mode)
def test_what_is_left_out_never_comes(casebook: Casebook, mode: Mode) -> None:
    for text in ("officers lost -vetting", "officers lost NOT vetted"):
        assert not {REVIEW[3], REVIEW[4]} & set(found(casebook, text, mode=mode))
    hits = found(casebook, 'stop search NOT "stop and search"', mode=mode)
    assert not {REVIEW[0], LETTER[1]} & set(hits)
    assert REVIEW[2] in hits


def test_what_is_both_wanted_and_left_out_is_left_out(casebook: Casebook) -> None:
    assert LETTER[1] not in found(casebook, '"stop and search" -charter')


def test_the_answer_says_what_no_passage_holds_and_what_is_left_out(casebook: Casebook) -> None:
    answer = casebook.search(Query(text='"search and stop" lost -vetting'))
    assert answer.notes[:2] == (
        "No passage searched holds “search and stop”; what is nearest follows.",
        "Left out: passages with “vetting”, 2 of them.",
    )
    assert answer.total == len(REVIEW) + len(LETTER) - 2
    held = casebook.search(Query(text='"stop and search" lost'))
    assert not any(note.startswith("No passage") for note in held.notes)


def test_the_answer_says_what_was_taken_for_plain_text(casebook: Casebook) -> None:
    answer = casebook.search(Query(text='stop NEAR/far "search'))
    assert answer.notes[:2] == (
        "NEAR/far was taken for plain text: it stands between two words, as in `one NEAR/5 other`.",
        '" was taken for plain text: quotation marks come in pairs, with a space or a stop after '
        "the second.",
    )


def test_filters_hold_for_exact_words_too(casebook: Casebook) -> None:
    asked = Query(text='"stop and search"', filters=Filters(documents=("review",)), k=100)
    assert {hit.citation.document.id for hit in casebook.search(asked).hits} == {"review"}


def test_pages_join_where_passages_are_left_out(casebook: Casebook) -> None:
    whole = found(casebook, "officers lost -vetting")
    pages = [
        casebook.search(Query(text="officers lost -vetting", k=2, offset=at)).hits
        for at in range(0, 6, 2)
    ]
    assert [hit.text for page in pages for hit in page] == whole[:6]


_LETTERS = re.compile(r"[^\W_]+")


def _folded(text: str) -> str:
    """Its words between spaces, without case and apostrophes."""
    words = _LETTERS.findall(text.replace("’", "").replace("'", "").casefold())
    return f" {' '.join(words)} "


_some = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=4)


@given(words=_some, mode=st.sampled_from(Mode))
@settings(max_examples=60, deadline=None)
def test_no_hit_without_the_exact_words_comes_before_one_with_them(
    casebook: Casebook, words: list[str], mode: Mode
) -> None:
    phrase = " ".join(words).strip(".,")
    hits = found(casebook, f'officers "{phrase}" lost', mode=mode)
    held = [meets(text, Term(phrase, exact=True)) for text in hits]
    assert held == sorted(held, reverse=True)
    every = [text for text in (*REVIEW, *LETTER) if meets(text, Term(phrase, exact=True))]
    assert sum(held) == len(every)
    assert all(_folded(phrase) in _folded(text) for text in every)


@given(some=_some, word=st.sampled_from([word for word in VOCABULARY if "-" not in word]))
@settings(max_examples=60, deadline=None)
def test_no_hit_has_a_word_that_is_left_out(casebook: Casebook, some: list[str], word: str) -> None:
    plain = word.strip(".,").replace("’", "'")
    for text in found(casebook, f"{' '.join(some)} officers -{plain}"):
        assert _folded(plain) not in _folded(text)


_PIECES = ("lost", "LOST", "loſt", "lo\u00adst", "ﬁnd", "find", "st", "1 ", "’", "'", "é", "_", " ")


@given(text=st.lists(st.sampled_from([*_PIECES, "ed", "."]), max_size=8).map("".join))
@example(text="1 st")
def test_an_exact_word_is_found_where_it_is_one_of_the_texts_words(text: str) -> None:
    words = {token.form.casefold() for token in tokens(text) if token.is_word}
    for word in ("lost", "find", "st"):
        assert meets(text, Term(word, exact=True)) == (word in words)


@given(
    before=st.lists(st.sampled_from("pqr")),
    between=st.lists(st.sampled_from("pqr"), max_size=6),
    within=st.integers(1, 8),
)
def test_near_counts_words_from_one_to_the_other_either_way_round(
    before: list[str], between: list[str], within: int
) -> None:
    text = " ".join([*before, "anchor", *between, "buoy"])
    for one, other in (("anchor", "buoy"), ("buoy", "anchor")):
        near = Near(Term(one), Term(other), within)
        assert meets(text, near) == (len(between) < within)
