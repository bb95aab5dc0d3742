"""An id once issued stands for its words for ever, or says what became of them."""

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from readings import READINGS, Text, count_words, reading

from ingest.identity import Reconciled, folded_hash, free_id, natural_id, reconcile, stands
from ingest.model import (
    Alias,
    AliasStatus,
    Document,
    Dossier,
    ParagraphKind,
    Passage,
    Reading,
    Stamp,
)
from ingest.passages import passages

KEPT, MOVED, CHANGED, GONE = AliasStatus


def ingest(source: Reading, previous: Dossier | None = None, *, limit: int = 20) -> Dossier:
    done = reconciled(source, previous, limit=limit)
    return Dossier(
        document=Document(
            id="doc", title="Doc", source="doc.md", source_sha256="0" * 64, page_count=0
        ),
        stamp=Stamp(source_sha256="0" * 64, pipeline="1", settings={}),
        reading=source,
        passages=done.passages,
        aliases=done.aliases,
    )


def reconciled(source: Reading, previous: Dossier | None = None, *, limit: int = 20) -> Reconciled:
    cut = passages("doc", source, count_tokens=count_words, limit=limit)
    return reconcile(previous, source, cut)


def fold(words: str) -> str:
    return " ".join(words.split())


def words_of(dossier: Dossier, passage: Passage) -> str:
    return fold(passage.span.of(dossier.reading.text))


def alias(dossier: Dossier, identifier: str) -> Alias:
    return next(alias for alias in dossier.aliases if alias.id == identifier)


def resolved(dossier: Dossier, identifier: str) -> str | None:
    span = alias(dossier, identifier).span
    return fold(span.of(dossier.reading.text)) if span else None


def sentence(word: str, length: int = 15) -> str:
    return " ".join([word.capitalize(), *(f"{word}{count}" for count in range(length - 1))]) + "."


def body(*words: str) -> Reading:
    return reading([Text(each) for each in words])


def numbered(**words: str) -> Reading:
    """Paragraphs by number, `n1="Words."` becoming `1. Words.`"""
    return reading([Text(f"{k[1:]}. {v}", number=k[1:]) for k, v in words.items()])


def edited(source: Reading, *, share: float, seed: int) -> Reading:
    """The same paragraphs with some words replaced, removed or added."""
    dice = random.Random(seed)
    texts: list[Text] = []
    for paragraph in source.paragraphs:
        words: list[str] = []
        for word in paragraph.span.of(source.text).split():
            if dice.random() >= share:
                words.append(word)
            else:
                words += dice.choice([[], ["altered"], [word, "added"]])
        texts.append(
            Text(
                " ".join(words) or "emptied",
                kind=paragraph.kind,
                section=paragraph.section,
                number=paragraph.number,
            )
        )
    return reading(texts)


THRICE = reading(
    [Text("Agreed by all.", kind=ParagraphKind.HEADING), *[Text("Agreed by all.")] * 2]
)
"""Its one passage says the same twice, and begins a second time where its heading does."""


@settings(deadline=None, max_examples=60)
@given(READINGS)
@example(THRICE)
def test_the_same_input_again_keeps_every_id(source: Reading) -> None:
    first = ingest(source)
    again = reconciled(source, first)
    assert again.passages == first.passages
    assert again.aliases == first.aliases
    assert set(again.counts) <= {KEPT}


@settings(deadline=None, max_examples=60)
@given(READINGS, st.integers(5, 40), st.integers(5, 40))
def test_another_passage_size_leaves_every_id_on_its_words(
    source: Reading, before: int, after: int
) -> None:
    first = ingest(source, limit=before)
    second = ingest(source, first, limit=after)
    for passage in first.passages:
        assert resolved(second, passage.id) == words_of(first, passage)
        assert alias(second, passage.id).status in (KEPT, MOVED)
        assert alias(second, passage.id).passage in {found.id for found in second.passages}


@settings(deadline=None, max_examples=60)
@given(READINGS, st.integers(0, 10**6), st.integers(5, 40))
def test_after_edits_an_id_is_on_its_own_words_or_on_none(
    source: Reading, seed: int, limit: int
) -> None:
    first = ingest(source)
    second = ingest(edited(source, share=0.05, seed=seed), first, limit=limit)
    padded = f" {fold(second.reading.text)} "
    for passage in first.passages:
        words = words_of(first, passage)
        if f" {words} " in padded:
            assert resolved(second, passage.id) == words
        else:
            assert resolved(second, passage.id) in (None, words)


@settings(deadline=None, max_examples=60)
@given(READINGS, st.lists(st.tuples(st.integers(0, 10**6), st.integers(5, 40)), max_size=4))
def test_over_any_history_no_id_is_lost_or_issued_for_other_words(
    source: Reading, edits: list[tuple[int, int]]
) -> None:
    dossier = ingest(source)
    for seed, limit in edits:
        before = dossier
        dossier = ingest(edited(dossier.reading, share=0.1, seed=seed), before, limit=limit)
        ids = [alias.id for alias in dossier.aliases]
        assert ids[: len(before.aliases)] == [alias.id for alias in before.aliases]
        assert len(set(ids)) == len(ids)
        for old, new in zip(before.aliases, dossier.aliases, strict=False):
            assert new.quote_sha256 == old.quote_sha256
        for passage in dossier.passages:
            own = alias(dossier, passage.id)
            assert own.quote_sha256 == folded_hash(passage.span.of(dossier.reading.text))
        for each in dossier.aliases:
            assert stands(each, dossier.reading.text) == (each.status in (KEPT, MOVED))
            assert (each.passage is None) <= (each.status in (MOVED, GONE))


def test_a_first_ingest_issues_every_id() -> None:
    first = ingest(body(sentence("one"), sentence("two")))
    assert [alias.id for alias in first.aliases] == [passage.id for passage in first.passages]
    assert {alias.status for alias in first.aliases} == {KEPT}


def test_an_id_whose_number_now_has_other_words_is_not_repointed() -> None:
    first = ingest(numbered(n1=sentence("old")))
    second = ingest(numbered(n1=sentence("new"), n2=sentence("old")), first)
    assert [passage.id for passage in second.passages] == ["doc:1~2", "doc:2"]
    assert alias(second, "doc:1").status is CHANGED
    third = ingest(numbered(n1=sentence("old")), second)
    assert [passage.id for passage in third.passages] == ["doc:1"]
    assert alias(third, "doc:1").status is KEPT


def test_words_that_move_take_their_id_along() -> None:
    first = ingest(body(sentence("one"), sentence("two"), sentence("three")))
    second = ingest(body(sentence("three"), sentence("one"), sentence("two")), first)
    assert {p.id: words_of(first, p) for p in first.passages} == {
        p.id: words_of(second, p) for p in second.passages
    }


def test_words_inside_another_passage_have_moved_there() -> None:
    source = body(sentence("one", 8), sentence("two", 8))
    first = ingest(source, limit=8)
    again = reconciled(source, first, limit=16)
    assert again.counts == {MOVED: 2}
    (whole,) = again.passages
    assert [alias.passage for alias in again.aliases[:2]] == [whole.id] * 2


def test_changed_words_name_the_passage_they_became() -> None:
    first = ingest(body(sentence("one"), sentence("two"), sentence("three")))
    source = body(sentence("one"), sentence("two").replace("two7", "seven"), sentence("three"))
    second = ingest(source, first)
    changed = alias(second, first.passages[1].id)
    assert (changed.status, changed.span) == (CHANGED, None)
    assert changed.passage == second.passages[1].id
    assert changed.passage != changed.id


def test_words_that_left_are_gone() -> None:
    first = ingest(body(sentence("one"), sentence("two"), sentence("three")))
    second = ingest(body(sentence("one"), sentence("three")), first)
    gone = alias(second, first.passages[1].id)
    assert (gone.status, gone.span, gone.passage) == (GONE, None, None)


def test_words_that_come_back_get_their_id_back() -> None:
    first = ingest(body(sentence("one"), sentence("two")))
    second = ingest(body(sentence("one")), first)
    third = ingest(body(sentence("one"), sentence("two")), second)
    assert third.passages == first.passages
    assert {alias.status for alias in third.aliases} == {KEPT}


def test_changed_words_follow_what_replaced_them() -> None:
    first = ingest(body(sentence("one"), sentence("two")))
    second = ingest(body(sentence("one"), sentence("two").replace("two3", "x")), first)
    third = ingest(
        body(sentence("one"), sentence("two").replace("two3", "x").replace("two9", "y")), second
    )
    assert alias(third, first.passages[1].id).passage == third.passages[1].id


def test_repeated_words_each_keep_their_own_place() -> None:
    same = sentence("same")
    first = ingest(body(same, sentence("one"), same, sentence("two"), same))
    second = ingest(
        body(sentence("new"), same, sentence("one"), same, sentence("two"), same), first
    )
    ids = [passage.id for passage in second.passages]
    assert ids[1:] == [passage.id for passage in first.passages]


@pytest.mark.parametrize("lost", [0, 2, 4])
def test_of_repeated_words_the_one_removed_is_not_the_one_that_keeps_its_id(lost: int) -> None:
    same = sentence("same")
    words = [same, sentence("one"), same, sentence("two"), same]
    first = ingest(body(*words))
    second = ingest(body(*words[:lost], *words[lost + 1 :]), first)
    left = [passage.id for at, passage in enumerate(first.passages) if at != lost]
    assert [passage.id for passage in second.passages] == left
    assert alias(second, first.passages[lost].id).status is MOVED


def test_a_short_id_is_not_found_inside_longer_words() -> None:
    first = ingest(reading([Text("9 in all", ParagraphKind.BOX), Text(sentence("one"))]))
    second = ingest(reading([Text("19 in allotments " + sentence("one"))]), first, limit=40)
    assert alias(second, first.passages[0].id).span is None


def test_a_change_of_white_space_is_no_change_of_words() -> None:
    first = ingest(body(sentence("one")))
    again = reconciled(body(sentence("one").replace(" ", "\n")), first)
    assert again.counts == {KEPT: 1}
    assert again.passages[0].id == first.passages[0].id
    assert again.passages[0].quote_sha256 != first.passages[0].quote_sha256


@pytest.mark.parametrize(
    ("number", "words", "expected"),
    [
        ("3.12", "3.12 The ledger was lost", "doc:3.12"),
        ("17", "17. The ledger", "doc:17"),
        ("17", "17.4 litres of ink", "doc:17:17-4-litres-of-ink"),
        (
            "3.12",
            "That was “not” the Élan’s end, we find now",
            "doc:3.12:that-was-not-the-elans-end",
        ),
        ("A1.2", "A1.2 Appendix", "doc:a1.2"),
        ("(a)", "(a) lettered", "doc:a"),
        (None, "Nobody asked.", "doc:nobody-asked"),
        (None, "•••", "doc:passage"),
        (None, "x" * 500, "doc:" + "x" * 60),
    ],
)
def test_an_id_is_a_number_or_opening_words(number: str | None, words: str, expected: str) -> None:
    assert natural_id("doc", number=number, words=words) == expected


@given(st.text(min_size=1), st.none() | st.text(min_size=1))
def test_an_id_is_safe_in_an_address(words: str, number: str | None) -> None:
    identifier = natural_id("doc", number=number, words=words)
    assert set(identifier) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-:")
    assert len(identifier) < 200 or number is not None


def test_a_suffix_counts_from_two_and_skips_what_was_issued() -> None:
    assert free_id("doc:1", set()) == "doc:1"
    assert free_id("doc:1", {"doc:1", "doc:1~2"}) == "doc:1~3"
