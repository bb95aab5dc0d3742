"""Words are found however they are written, and weighed by BM25."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import K1, SECTION_WEIGHT, STOP_WORDS, B, Bm25, length, matches, word_id, words

SENTENCE = "Vetting was refused; the officer’s decision-making cost £1,263 under paragraph 3.12."


def stems(text: str) -> list[str]:
    return [stem for stem, _, _ in words(text)]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("vetting", "Vetted officers"),
        ("decision making", "poor decision-making"),
        ("decisionmaking", "poor decision-making"),
        ("decision-making", "poor decision‑making"),
        ("1263", "1,263 officers"),
        ("1,263", "1263 officers"),
        ("3.12", "see paragraph 3.12."),
        ("officers'", "the officer’s"),
        ("COVID-19", "covid-19"),
    ],
)
def test_a_word_is_found_however_it_is_written(query: str, text: str) -> None:
    assert set(stems(query)) & set(stems(text))


@pytest.mark.parametrize(
    ("query", "text"),
    [("3.12", "3.1 and 12"), ("12", "3.12"), ("1", "1,263"), ("racial", "racing")],
)
def test_another_word_is_not_found(query: str, text: str) -> None:
    assert not set(stems(query)) & set(stems(text))


def test_stop_words_weigh_nothing() -> None:
    bm25 = Bm25(average_length=10)
    assert bm25.query(" ".join(STOP_WORDS)).indices == ()
    assert length("it was of the") == 0


def test_a_list_of_numbers_is_not_one_number() -> None:
    assert stems("3,4") == ["3", "4"]


def test_a_word_id_never_changes() -> None:
    assert word_id("vet") == 3259647174


def test_a_weight_is_that_of_bm25_without_its_constant_factor() -> None:
    vector = Bm25(average_length=4).passage("vetting vetting failure")
    weights = dict(zip(vector.indices, vector.values, strict=True))
    norm = K1 * (1 - B + B * 3 / 4)
    assert weights == pytest.approx(
        {word_id("vet"): 2 / (2 + norm), word_id("failur"): 1 / (1 + norm)}
    )


def test_a_query_weighs_each_word_once() -> None:
    vector = Bm25(average_length=1).query("vetting, vetted, vetting")
    assert dict(zip(vector.indices, vector.values, strict=True))[word_id("vet")] == 1.0
    assert len(vector.indices) == 2  # once in the passage, once above it


def test_words_of_the_headings_are_not_those_of_the_passage() -> None:
    vector = Bm25(average_length=4, average_section=2).passage("canteen closed", ["The canteen"])
    assert len(vector.indices) == 3
    query = Bm25(average_length=4).query("canteen")
    shared = set(vector.indices) & set(query.indices)
    assert len(shared) == 2
    weights = dict(zip(query.indices, query.values, strict=True))
    assert sorted(weights.values()) == [SECTION_WEIGHT, 1.0]


def test_matched_words_are_marked_where_they_stand() -> None:
    found = [span.of(SENTENCE) for span in matches("officers refuse decision-making", SENTENCE)]
    assert found == ["refused", "officer’s", "decision-making"]


def test_a_part_of_a_compound_is_marked_alone() -> None:
    found = [span.of(SENTENCE) for span in matches("making 1263", SENTENCE)]
    assert found == ["making", "1,263"]


@given(st.text())
def test_every_word_lies_where_it_says_and_in_order(text: str) -> None:
    found = list(words(text))
    assert all(0 <= start < end <= len(text) for _, start, end in found)
    assert [end for _, _, end in found] == sorted(end for _, _, end in found)


@given(st.text(), st.text())
def test_marks_never_overlap(query: str, text: str) -> None:
    spans = matches(query, text)
    assert all(one.end <= other.start for one, other in pairwise(spans))


@given(st.text(min_size=1))
def test_a_text_matches_itself_wherever_it_has_words(text: str) -> None:
    assert bool(matches(text, text)) == (length(text) > 0)


@given(st.text())
def test_weights_lie_between_0_and_1_and_each_word_has_one(text: str) -> None:
    vector = Bm25(average_length=5).passage(text)
    assert len(set(vector.indices)) == len(vector.indices) == len(vector.values)
    assert all(0 < value < 1 for value in vector.values)
    assert all(0 <= index < 2**32 for index in vector.indices)
