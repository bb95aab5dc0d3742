"""Every word of the body is in exactly one passage, whole, cited by page and paragraph."""

import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readings import READINGS, Text, count_words, reading

from ingest.model import (
    Extraction,
    HiddenText,
    PageStatus,
    ParagraphKind,
    Passage,
    Reading,
    Span,
    words_hash,
)
from ingest.passages import passages

LEFT_OUT = {ParagraphKind.HEADING, ParagraphKind.NOTE, ParagraphKind.CONTENTS}


def cut(source: Reading, *, limit: int = 20) -> tuple[Passage, ...]:
    return passages("doc", source, count_tokens=count_words, limit=limit)


def words_of(source: Reading, *, limit: int = 20) -> list[str]:
    return [passage.span.of(source.text) for passage in cut(source, limit=limit)]


def sentence(length: int, word: str = "word") -> str:
    return " ".join([word.capitalize(), *[word] * (length - 1)]) + "."


def characters(source: Reading, spans: list[Span]) -> list[int]:
    """Offsets of everything in the spans that is not white space."""
    return [at for span in spans for at in range(span.start, span.end) if source.text[at].strip()]


@settings(deadline=None, max_examples=60)
@given(READINGS, st.integers(1, 40))
def test_every_body_character_is_in_exactly_one_passage(source: Reading, limit: int) -> None:
    body = [paragraph.span for paragraph in source.paragraphs if paragraph.kind not in LEFT_OUT]
    found = cut(source, limit=limit)
    assert characters(source, [passage.span for passage in found]) == characters(source, body)


@settings(deadline=None, max_examples=60)
@given(READINGS, st.integers(1, 40))
def test_every_passage_is_verbatim_trimmed_and_within_its_section(
    source: Reading, limit: int
) -> None:
    for passage in cut(source, limit=limit):
        words = passage.span.of(source.text)
        assert words == words.strip()
        assert passage.quote_sha256 == words_hash(words)
        for paragraph in source.paragraphs:
            if paragraph.span.overlap(passage.span):
                assert paragraph.section == passage.section
                assert paragraph.kind not in LEFT_OUT


@settings(deadline=None, max_examples=60)
@given(READINGS, st.integers(12, 40))
def test_no_passage_is_longer_than_the_limit(source: Reading, limit: int) -> None:
    assert all(count_words(words) <= limit for words in words_of(source, limit=limit))


@settings(deadline=None, max_examples=60)
@given(READINGS, st.integers(1, 40))
def test_ids_are_unique_and_the_same_each_time(source: Reading, limit: int) -> None:
    ids = [passage.id for passage in cut(source, limit=limit)]
    assert len(set(ids)) == len(ids)
    assert ids == [passage.id for passage in cut(source, limit=limit)]


def test_short_neighbours_are_joined_up_to_the_limit() -> None:
    texts = [Text(sentence(8, word)) for word in ("one", "two", "three")]
    assert [words.count("\n\n") for words in words_of(reading(texts))] == [1, 0]


def test_a_section_heading_always_parts() -> None:
    source = reading(
        [
            Text("One.", section=("A",)),
            Text("B", ParagraphKind.HEADING),
            Text("Two.", section=("B",)),
        ]
    )
    assert words_of(source) == ["One.", "Two."]


def test_the_same_heading_twice_still_parts() -> None:
    source = reading(
        [
            Text("One.", section=("Response",)),
            Text("Response", ParagraphKind.HEADING),
            Text("Two.", section=("Response",)),
        ]
    )
    assert words_of(source) == ["One.", "Two."]


def test_a_long_paragraph_is_split_at_sentence_ends_into_even_parts() -> None:
    sentences = [sentence(7) for _ in range(6)]
    assert [words.count(".") for words in words_of(reading([Text(" ".join(sentences))]))] == [2] * 3


def test_a_title_does_not_end_a_sentence_where_a_paragraph_is_split() -> None:
    text = (
        sentence(8) + " We heard from Mr. Smith and also from Mrs. Jones about all of it at once."
    )
    assert words_of(reading([Text(text)])) == [sentence(8), text[len(sentence(8)) + 1 :]]


def test_a_sentence_longer_than_the_limit_is_cut_between_words() -> None:
    text = " ".join(f"w{count}" for count in range(50))
    parts = words_of(reading([Text(text)]))
    assert " ".join(parts) == text
    assert max(map(count_words, parts)) <= 20


def test_a_word_longer_than_the_limit_is_cut_rather_than_lost() -> None:
    source = reading([Text("x" * 95)])
    found = passages("doc", source, count_tokens=len, limit=20)
    assert "".join(passage.span.of(source.text) for passage in found) == "x" * 95


@pytest.mark.parametrize("kind", [ParagraphKind.LIST_ITEM, ParagraphKind.QUOTATION])
def test_a_list_or_quotation_stays_with_what_introduces_it(kind: ParagraphKind) -> None:
    source = reading(
        [Text(sentence(10, "before")), Text("We found the following:"), Text(sentence(9), kind)]
    )
    assert words_of(source) == [
        sentence(10, "before"),
        "We found the following:\n\n" + sentence(9),
    ]


def test_a_list_too_long_for_one_passage_still_begins_with_its_introduction() -> None:
    items = [Text(sentence(7, word), ParagraphKind.LIST_ITEM) for word in ("one", "two", "three")]
    found = words_of(reading([Text("We found:"), *items]))
    assert found[0].startswith("We found:\n\nOne")
    assert found[1].endswith(sentence(7, "three"))


@pytest.mark.parametrize("kind", [ParagraphKind.BOX, ParagraphKind.TABLE, ParagraphKind.FIGURE])
def test_boxes_and_tables_are_not_joined_to_prose(kind: ParagraphKind) -> None:
    source = reading([Text("Before."), Text("Apart.", kind), Text("After.")])
    assert words_of(source) == ["Before.", "Apart.", "After."]


def test_a_caption_stays_with_its_table() -> None:
    source = reading(
        [Text("Table 1: Ledgers", ParagraphKind.CAPTION), Text("1 | 2", ParagraphKind.TABLE)]
    )
    assert words_of(source) == ["Table 1: Ledgers\n\n1 | 2"]


def test_notes_and_contents_are_no_passages() -> None:
    source = reading(
        [
            Text("Contents", ParagraphKind.CONTENTS),
            Text("Body."),
            Text("1 See.", ParagraphKind.NOTE),
        ]
    )
    assert words_of(source) == ["Body."]


def test_a_text_of_headings_alone_has_no_passages() -> None:
    assert cut(reading([Text("Part One", ParagraphKind.HEADING)])) == ()


def test_what_carries_a_numbered_paragraph_on_belongs_to_its_number() -> None:
    source = reading(
        [
            Text("3.12 " + sentence(12), number="3.12"),
            Text("“" + sentence(12) + "”", ParagraphKind.QUOTATION),
            Text("(a) " + sentence(14), ParagraphKind.LIST_ITEM, number="(a)"),
            Text("Box words.", ParagraphKind.BOX),
            Text("Next", ParagraphKind.HEADING),
            Text("Unnumbered.", section=("Next",)),
        ]
    )
    assert [passage.paragraphs for passage in cut(source)] == [
        ("3.12",),
        ("3.12",),
        ("3.12",),
        (),
        (),
    ]


def test_ids_come_from_the_number_and_further_parts_add_their_opening_words() -> None:
    text = f"3.12 {sentence(15, 'first')} {sentence(15, 'second')}"
    source = reading(
        [Text(text, number="3.12"), Text("Über-long “Préface” ends it.", section=("B",))]
    )
    assert [passage.id for passage in cut(source)] == [
        "doc:3.12",
        "doc:3.12:second-second-second-second-second-second",
        "doc:uber-long-preface-ends-it",
    ]


def test_the_same_number_again_takes_a_suffix() -> None:
    texts = [Text(f"1. {sentence(15, word)}", number="1") for word in ("one", "two", "three")]
    ids = [passage.id for passage in cut(reading(texts))]
    assert ids == ["doc:1", "doc:1~2", "doc:1~3"]


def test_pages_of_both_kinds_are_the_first_and_last_that_hold_it() -> None:
    texts = [Text("One."), Text("Two."), Text(sentence(19)), Text(sentence(19))]
    found = cut(reading(texts, pages=["iv", None, "1", "2"]))
    assert [
        (p.page_start, p.page_end, p.printed_start, p.printed_end, p.extraction) for p in found
    ] == [
        (1, 2, "iv", None, Extraction.TEXT),
        (3, 3, "1", "1", Extraction.TEXT),
        (4, 4, "2", "2", Extraction.TEXT),
    ]


def test_what_has_no_pages_has_null_pages() -> None:
    (passage,) = cut(reading([Text("One.")]))
    assert (passage.page_start, passage.page_end) == (None, None)
    assert passage.extraction is Extraction.MARKUP


def test_a_passage_on_a_recognised_page_says_so() -> None:
    source = reading([Text(sentence(18)), Text(sentence(18))], pages=["1", "2"])
    pages = (source.pages[0], replace(source.pages[1], status=PageStatus.OCR))
    found = cut(replace(source, pages=pages))
    assert [passage.extraction for passage in found] == [Extraction.TEXT, Extraction.OCR]


def test_hidden_text_is_flagged_where_it_stands_and_nowhere_else() -> None:
    source = reading([Text(sentence(18)), Text(sentence(18)), Text(sentence(18))])
    second = source.paragraphs[1].span
    hidden = (
        HiddenText(span=Span(second.end - 1, second.end), reason="white"),
        HiddenText(span=Span(second.start, second.start + 1), reason="tiny"),
    )
    found = cut(replace(source, hidden=hidden))
    assert [passage.hidden_text for passage in found] == [False, True, False]


def test_the_splitter_is_imported_by_nothing_that_answers_queries() -> None:
    program = "import ingest.library, sys; sys.exit('langchain_text_splitters' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
