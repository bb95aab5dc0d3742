"""What a glossary says a thing is called is searched for too, and what it says wrong is refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.glossary import Glossary
from index.lexical import ALSO_WEIGHT, Bm25, word_id, words
from ingest.errors import CorpusError
from ingest.model import Term
from ingest.sources.glossary import GLOSSARY, glossary

TERMS = (
    Term(name="Harbour Board", kind="body", same=("HB", "the Board of the Harbour")),
    Term(name="dredging", kind="term", same=("channel clearance",)),
    Term(name="of the", kind="term", same=("silt",)),
)
NAMES = [name for term in TERMS for name in (term.name, *term.same)]


@pytest.mark.parametrize(
    ("query", "also"),
    [
        ("What did the HB decide?", ("Harbour Board", "the Board of the Harbour")),
        ("who dredged the channel", ("channel clearance",)),
        ("harbour boards", ("HB", "the Board of the Harbour")),
        ("the board and the harbour", ("Harbour Board", "HB")),
        ("a board of harbour masters", ("Harbour Board", "HB")),
        ("clearance of the channel", ()),
        ("of the", ()),
        ("", ()),
    ],
)
def test_a_thing_named_one_way_is_searched_for_by_its_other_names(
    query: str, also: tuple[str, ...]
) -> None:
    assert Glossary(TERMS).also(query) == also


@pytest.mark.parametrize(
    ("query", "name", "words"),
    [
        ("What did the HB decide?", "Harbour Board", "HB"),
        ("who dredged the channel, and when", "channel clearance", "dredged"),
        ("the late harbour-boards", "HB", "harbour-boards"),
        ("a board of harbour masters", "Harbour Board", "board of harbour"),
        ("Boards? The board of harbour, the HB", "Harbour Board", "HB"),
    ],
)
def test_an_added_name_tells_the_words_of_the_query_that_it_is_for(
    query: str, name: str, words: str
) -> None:
    assert Glossary(TERMS).others(query)[name] == words


@given(st.text(max_size=60), st.sampled_from(NAMES))
def test_no_name_that_the_query_uses_is_added_to_it(text: str, name: str) -> None:
    assert name not in Glossary(TERMS).also(f"{text} {name} {text}")


def test_other_names_count_for_less_than_the_words_asked_for() -> None:
    vector = Bm25(average_length=10).query("harbour board", ("HB", "board room"))
    weights = dict(zip(vector.indices, vector.values, strict=True))
    (hb,), (room,), (board,) = ([s for s, _, _ in words(w)] for w in ("HB", "room", "board"))
    assert (weights[word_id(hb)], weights[word_id(room)]) == (ALSO_WEIGHT, ALSO_WEIGHT)
    assert weights[word_id(board)] == 1


def written(folder: Path, text: str) -> Path:
    (folder / GLOSSARY).write_text(text, encoding="utf-8")
    return folder


def test_a_corpus_without_a_glossary_has_no_terms(tmp_path: Path) -> None:
    assert glossary(tmp_path) == ()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[[term]]\nname = "A"\nkind = "unit"\nsame = ["a"]\n', "'a' is said of 'A' and 'A'"),
        (
            '[[term]]\nname = "A"\nkind = "unit"\nsame = ["C"]\n'
            '[[term]]\nname = "B"\nkind = "unit"\nsame = ["c"]\n',
            "'c' is said of 'A' and 'B'",
        ),
        ('[[term]]\nname = "A"\nkind = "person"\nsame = []\n', "entry 1: kind"),
        ('[[term]]\nkind = "unit"\nsame = []\n', "entry 1: name"),
        ('[[word]]\nname = "A"\n', "'word' is not known here"),
        ("[[term", "glossary.toml"),
    ],
)
def test_a_faulty_glossary_says_where(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(CorpusError, match=fault):
        glossary(written(tmp_path, text))
