"""Windows take no notice of paragraphs, and hold every character once."""

from collections.abc import Sequence

import pytest
from dossiers import dossier
from hypothesis import given
from hypothesis import strategies as st

from eval.cutting import windows
from ingest.model import Passage, words_hash

REVIEW = dossier("review", ("The board met at the quay.", "The canteen was closed.", "No plan."))


def cut(size: int) -> tuple[str, Sequence[Passage]]:
    text = REVIEW.reading.text
    return text, windows(size)(text, REVIEW.passages)


@given(size=st.integers(min_value=1, max_value=80))
def test_every_character_is_in_one_window_and_none_is_too_long(size: int) -> None:
    text, made = cut(size)
    held = "".join(each.span.of(text) for each in made)
    assert held.split() == text.split() or size < 8
    assert "".join(held.split()) == "".join(text.split())
    assert max(len(each.span) for each in made) <= size
    assert [each.quote_sha256 for each in made] == [words_hash(e.span.of(text)) for e in made]
    assert len({each.id for each in made}) == len(made)


@pytest.mark.parametrize("size", [40, 60])
def test_a_window_ends_between_words_and_goes_on_across_paragraphs(size: int) -> None:
    text, made = cut(size)
    assert any("\n\n" in each.span.of(text) for each in made)
    assert all(each.span.of(text).endswith(" ") for each in made[:-1])


def test_a_window_belongs_to_the_section_that_it_begins_in() -> None:
    _, made = cut(40)
    assert made[0].section == REVIEW.passages[0].section
    assert {each.document for each in made} == {"review"}
