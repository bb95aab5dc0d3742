"""One id leads to the published words where they are here, and to our digest where only that is."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from dossiers import dossier
from toyembedder import ToyEmbedder

from api import selection, view
from index.build import build_index
from index.casebook import Casebook
from index.edge import EdgeEngine
from index.search import Mode, Query
from index.store import Filters
from ingest.errors import BadQuery, UnknownId
from ingest.library import Library
from ingest.model import Catalogue, Dossier, Edition, NotPart, Published

WORDS = ("The clerk lost the ledger.", "Nobody looked for it.", "The board was not told of it.")
DIGEST = (
    "The clerk lost the ledger. [verified]",
    "Nobody looked for it. [secondary]",
    "A clerk called Tuesday a bad day for ledgers. [unverified]",
)
CATALOGUE = Catalogue(
    id="ledger",
    inquiry="ledger",
    content_note="It is about losses.",
    corrections="Write to the clerk.",
    documents=(
        Published(id="report", title="The Lost Ledger", digest="report-digest"),
        Published(id="reply", title="The Reply"),
    ),
    not_part=(
        NotPart(name="The Ledger of 1999", words=("ledger", "1999"), why="It is another."),
        NotPart(name="Ledger Review", words=("bank", "north street"), why="It is about a bank."),
    ),
)


def official() -> Dossier:
    return dossier("report", WORDS)


def digest() -> Dossier:
    made = dossier("report-digest", DIGEST, edition=Edition.DIGEST)
    return replace(made, document=replace(made.document, digest_of="report"))


def opened(data: Path, dossiers: Sequence[Dossier]) -> Casebook:
    for each in dossiers:
        Library(data).write(each)
    Library(data).keep_catalogue(CATALOGUE)
    build_index(data, embedder=ToyEmbedder(), engine=EdgeEngine())
    return Casebook(data, embedder=ToyEmbedder(), engine=EdgeEngine())


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Casebook]:
    """Only the digest is here, and another document."""
    casebook = opened(tmp_path_factory.mktemp("alone"), [digest(), dossier("other", WORDS[1:])])
    yield casebook
    casebook.close()


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Casebook]:
    """The published words are here too."""
    casebook = opened(tmp_path_factory.mktemp("both"), [digest(), official()])
    yield casebook
    casebook.close()


def found(casebook: Casebook, *documents: str) -> set[str]:
    query = Query(text="ledger", k=100, filters=Filters(documents=documents))
    answer = casebook.search(query)
    assert answer.total == len(answer.hits)
    return {hit.passage.document for hit in answer.hits}


def test_the_published_id_reaches_the_digest_where_only_that_is_here(alone: Casebook) -> None:
    assert alone.volume("report").document.id == "report-digest"
    assert found(alone, "report") == {"report-digest"}
    assert found(alone, "report", "other") == {"report-digest", "other"}


def test_the_published_id_reaches_both_where_both_are_here(both: Casebook) -> None:
    assert both.volume("report").document.id == "report"
    assert found(both, "report") == {"report", "report-digest"}
    assert found(both, "report-digest") == {"report-digest"}


def test_lists_are_filtered_as_searches_are(alone: Casebook, both: Casebook) -> None:
    asked = Filters(documents=("report",))
    assert {p.document for p in selection.passages(alone, asked)} == {"report-digest"}
    assert {p.document for p in selection.passages(both, asked)} == {"report", "report-digest"}
    assert alone.searcher()(Query(text="ledger", filters=asked))


def test_what_is_not_here_at_all_is_not_found(alone: Casebook) -> None:
    with pytest.raises(UnknownId):
        alone.volume("reply")
    with pytest.raises(BadQuery):
        found(alone, "reply")


def test_a_digests_passages_keep_their_ids_when_the_published_words_arrive(
    alone: Casebook, both: Casebook
) -> None:
    ids = [list(each.volume("report-digest").passages) for each in (alone, both)]
    assert ids[0] == ids[1]


@pytest.mark.parametrize("mode", Mode)
def test_of_near_equal_passages_the_published_one_comes_first(both: Casebook, mode: Mode) -> None:
    hits = both.search(Query(text="the clerk lost the ledger", mode=mode)).hits
    assert [hit.passage.document for hit in hits[:2]] == ["report", "report-digest"]
    scores = [hit.hit.score for hit in hits if hit.hit]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("mode", Mode)
def test_a_digest_that_is_plainly_better_stays_first(both: Casebook, mode: Mode) -> None:
    hits = both.search(Query(text="who called Tuesday a bad day", mode=mode)).hits
    assert hits[0].passage.id == "report-digest:3"


def test_a_digest_without_its_document_gives_nothing_up(alone: Casebook) -> None:
    """Its scores are those of an index that knows nothing of editions."""
    (first, *_) = alone.searcher(Mode.LEXICAL)(Query(text="nobody looked"))
    assert first.score == first.lanes["lexical"].score


# What is said beside the hits


def test_hits_on_digests_say_whose_words_they_are_and_what_to_check(alone: Casebook) -> None:
    said = alone.search(Query(text="clerk lost", filters=Filters(documents=("report",)))).notes
    assert said == (
        "Hits on digests are in our own words, not the published ones. "
        "Check: Report-digest (https://example.org/report-digest.pdf).",
        "It is about losses.",
    )


def test_hits_outside_the_corpus_carry_none_of_its_notes(alone: Casebook) -> None:
    assert alone.search(Query(text="clerk", filters=Filters(documents=("other",)))).notes == ()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("what did the LEDGER of 1999 find?", "The Ledger of 1999"),
        ("1999: which ledger?", "The Ledger of 1999"),
        ("the Ledger  Review, please", "Ledger Review"),
        ("a bank in North Street", "Ledger Review"),
        ("ledgers of 19999", None),
        ("a ledger in the north", None),
    ],
)
def test_a_query_that_means_another_document_is_told_so(
    alone: Casebook, query: str, said: str | None
) -> None:
    told = [note for note in alone.search(Query(text=query)).notes if "not part" in note]
    assert len(told) == (said is not None)
    assert all(note.startswith(f"{said} is not part of this corpus: ") for note in told)


def test_a_document_carries_what_its_corpus_says(alone: Casebook) -> None:
    shown = view.document(alone.shelf, alone.volume("report"))
    assert (shown.digest_of, shown.content_note) == ("report", "It is about losses.")
    assert shown.corrections == "Write to the clerk."
    other = view.document(alone.shelf, alone.volume("other"))
    assert (other.content_note, other.corrections) == (None, None)


def test_only_digests_have_a_standing(both: Casebook) -> None:
    shown = [view.evidence(both.passage(f"report-digest:{n}")).trust.standing for n in (1, 2, 3)]
    assert shown == ["verified", "secondary", "unverified"]
    assert view.evidence(both.passage("report:1")).trust.standing is None
