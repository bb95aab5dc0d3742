"""The standing of a digest's words is that of the weakest among them."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from dossiers import dossier
from hypothesis import given
from hypothesis import strategies as st
from toyembedder import ToyEmbedder

from index.build import build_index
from index.casebook import Casebook
from index.edge import EdgeEngine
from index.search import Mode, Query
from ingest.library import Library
from ingest.model import Edition, Standing
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


IMPRINT = "An account of the lost ledger, of the clerk who lost the ledger, and of the ledger."
MARKED = "The clerk lost the ledger in March. [verified]"


def first(data: Path, digest: Sequence[str], *, edition: Edition, mode: Mode) -> str:
    """The passage that is found first when the lost ledger is asked for."""
    Library(data).write(dossier("digest", [*digest, *OTHERS], edition=edition))
    build_index(data, embedder=ToyEmbedder(), engine=EdgeEngine())
    casebook = Casebook(data, embedder=ToyEmbedder(), engine=EdgeEngine())
    (hit,) = casebook.searcher(mode)(Query(text="the clerk who lost the ledger", k=1))
    casebook.close()
    return hit.passage


OTHERS = (
    "No clerk met a board in May. [verified]",
    "It rained all week on the clerk. [secondary]",
    "No. [verified]",
    "A clerk came. [verified]",
)


@pytest.mark.parametrize("mode", Mode)
def test_what_a_digest_says_of_itself_comes_after_what_it_claims(
    tmp_path: Path, mode: Mode
) -> None:
    said = (IMPRINT, MARKED)
    assert first(tmp_path, said, edition=Edition.DIGEST, mode=mode) == "digest:2"


def test_published_words_are_ranked_without_marks(tmp_path: Path) -> None:
    said = (IMPRINT, MARKED)
    assert first(tmp_path, said, edition=Edition.OFFICIAL, mode=Mode.HYBRID) == "digest:1"


def test_an_imprint_can_still_be_found(tmp_path: Path) -> None:
    assert first(tmp_path, (IMPRINT,), edition=Edition.DIGEST, mode=Mode.LEXICAL) == "digest:1"
