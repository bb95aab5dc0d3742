"""A hit tells the words it has, its best sentence, and what its score is the sum of."""

from collections.abc import Iterator

import pytest
from dossiers import dossier
from toyembedder import ReadingEmbedder, ToyEmbedder

from index.build import build_index
from index.casebook import Casebook
from index.edge import EdgeEngine
from index.search import Mode, Query
from ingest.library import Library
from ingest.model import Catalogue, Edition, Published, Term
from ingest.sentences import sentences

REVIEW = (
    "The board met often. It had no plan for a flood. Boards have boards.",
    "The board met. Nobody was vetted, and the board did not ask.",
    "Tides were read at the quay.",
)
SENTENCES = (
    "Vetting is done by two clerks. Who was it that vetted them?",
    "The clerks told nobody why it had all gone wrong with their slow vetting. Vetting slow.",
    "Gulls sat on a wall. Who was it that rose?",
)
PUBLISHED = (Published(id="clerks", title="The Clerks"),)
GLOSSARY = (Term(name="Vetting", kind="term", same=("check on the past", "a check of the past")),)


@pytest.fixture(scope="module")
def casebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Casebook]:
    data = tmp_path_factory.mktemp("data")
    Library(data).write(dossier("review", REVIEW))
    Library(data).write(dossier("letter", REVIEW[:2], edition=Edition.DIGEST))
    build_index(data, embedder=ToyEmbedder(), engine=EdgeEngine())
    opened = Casebook(data, embedder=ToyEmbedder(), engine=EdgeEngine())
    yield opened
    opened.close()


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("text", ["board flood", '"the board met" flood -vetted', "zebra"])
def test_the_parts_of_a_score_add_up_to_it(casebook: Casebook, mode: Mode, text: str) -> None:
    for shown in casebook.search(Query(text=text, mode=mode)).hits:
        assert shown.hit is not None
        assert sum(shown.hit.parts.values()) == pytest.approx(shown.hit.score, abs=1e-6)


def test_the_words_that_match_are_told_with_their_count_the_rarest_first(
    casebook: Casebook,
) -> None:
    shown = casebook.search(Query(text="boards in a flood, zebras")).hits[0]
    assert [(term.word, term.count) for term in shown.terms] == [("flood", 1), ("boards", 3)]
    assert shown.terms[0].worth > shown.terms[1].worth


def test_the_best_sentence_has_the_rarest_words(casebook: Casebook) -> None:
    shown = casebook.search(Query(text="board flood", mode=Mode.LEXICAL)).hits[0]
    assert shown.sentence is not None
    assert shown.sentence.of(shown.text) == "It had no plan for a flood."


def test_what_was_found_by_meaning_alone_has_no_best_sentence(casebook: Casebook) -> None:
    hits = casebook.search(Query(text="zebra", mode=Mode.DENSE)).hits
    assert {hit.sentence for hit in hits} == {None}
    assert {hit.terms for hit in hits} == {()}


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Casebook]:
    """Knows what every sentence means."""
    data = tmp_path_factory.mktemp("data")
    Library(data).write(dossier("clerks", SENTENCES))
    Library(data).keep_catalogue(Catalogue(id="clerks", documents=PUBLISHED, glossary=GLOSSARY))
    build_index(data, embedder=ReadingEmbedder(), engine=EdgeEngine())
    opened = Casebook(data, embedder=ReadingEmbedder(), engine=EdgeEngine())
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("text", "mode", "row", "sentence", "by"),
    [
        # Both have the one word asked for.
        ("who was it that vetted", Mode.LEXICAL, 0, 0, "words"),
        ("who was it that vetted", Mode.HYBRID, 0, 1, "words and meaning"),
        ("who was it that vetted", Mode.DENSE, 0, 1, "meaning"),
        # The second is nearer as a whole, and has both words.
        ("slow vetting", Mode.HYBRID, 1, 0, "exact words"),
        ('"gone wrong" vetting slow', Mode.HYBRID, 1, 0, "exact words"),
        ("vetting, slow", Mode.HYBRID, 1, 1, "words and meaning"),
        # None has a word of it.
        ("who was it that vetted", Mode.HYBRID, 2, 1, "meaning"),
    ],
)
def test_the_sentence_that_is_shown_is_chosen_by_what_the_search_goes_by(
    reading: Casebook, text: str, mode: Mode, row: int, sentence: int, by: str
) -> None:
    hits = reading.search(Query(text=text, mode=mode)).hits
    (shown,) = (hit for hit in hits if hit.text == SENTENCES[row])
    assert shown.sentence == sentences(SENTENCES[row])[sentence]
    assert shown.sentence_by == by


def test_words_of_another_name_say_what_they_stand_for(reading: Casebook) -> None:
    hits = reading.search(Query(text="Who does the checks of the PAST?", k=3)).hits
    (shown,) = (hit for hit in hits if hit.text == SENTENCES[0])
    assert [(term.word, term.stands_for) for term in shown.terms] == [
        ("Vetting", "checks of the PAST")
    ]
    own = reading.search(Query(text="Vetting, or checks of the PAST", k=3)).hits
    assert {term.stands_for for hit in own for term in hit.terms} == {None}
