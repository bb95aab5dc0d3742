"""The contract's objects: their examples, their conversion from the nouns, their tables."""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from harbour import DIGESTED, GATES, RECOMMENDATION, REVIEW, STATED, TAG, WITNESS
from pydantic import BaseModel
from toyembedder import ToyEmbedder

from api import selection, table, view, wire
from index.casebook import Casebook, Cell
from index.edge import EdgeEngine
from index.search import Query
from index.store import Filters
from ingest.model import Stance, Voice, words_hash


@pytest.fixture(scope="module")
def casebook(harbour: Path) -> Iterator[Casebook]:
    opened = Casebook(harbour, embedder=ToyEmbedder(), engine=EdgeEngine())
    yield opened
    opened.close()


def _models() -> list[type[BaseModel]]:
    return [kind for kind in vars(wire).values() if _is_exemplified(kind)]


def _is_exemplified(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel) and kind not in _BASES


_BASES = (BaseModel, wire.Listing)


@pytest.mark.parametrize("model", _models(), ids=lambda model: model.__name__)
def test_every_object_has_an_example_that_is_one(model: type[BaseModel]) -> None:
    (example,) = model.model_json_schema()["examples"]
    assert model.model_validate(example).model_dump(mode="json") == example


def test_the_quotation_and_its_hash_are_those_of_the_canonical_text(casebook: Casebook) -> None:
    for passage in selection.passages(casebook, Filters()):
        shown = view.evidence(casebook.passage(passage.id))
        text = casebook.volume(shown.citation.document_id).text
        assert shown.text == text[shown.citation.char_start : shown.citation.char_end]
        assert words_hash(shown.text) == shown.citation.quote_sha256


def test_a_finding_counts_within_its_own_text(casebook: Casebook) -> None:
    shown = view.evidence(casebook.passage(WITNESS))
    (finding,) = shown.findings
    assert shown.text[finding.start : finding.end] == finding.trigger
    for found in casebook.findings():
        record = view.finding(casebook.shelf, found)
        assert record.text[record.start : record.end] == record.trigger


def test_testimony_is_shown_as_testimony(casebook: Casebook) -> None:
    (finding,) = view.evidence(casebook.passage(WITNESS)).findings
    assert (finding.voice, finding.stance) == (Voice.WITNESS, Stance.ALLEGED)


def test_a_hit_shows_its_recommendations_words_and_why(casebook: Casebook) -> None:
    (linked,) = view.evidence(casebook.passage(GATES)).recommendations
    assert linked.text == "The board should publish a flood plan each year"
    assert (linked.number, linked.relation, linked.basis) == ("4", "cross_reference", "cited")


def test_a_digest_says_that_it_is_one_and_what_to_check(casebook: Casebook) -> None:
    citation = view.evidence(casebook.passage(DIGESTED)).citation
    assert citation.edition == "digest"
    assert citation.notice is not None
    assert citation.notice.startswith("digest, not the published words")
    assert "Letter to the Harbour Board" in citation.notice


def test_published_words_carry_no_notice(casebook: Casebook) -> None:
    assert view.evidence(casebook.passage(GATES)).citation.notice is None


def test_what_has_no_pages_has_none_in_its_citation(casebook: Casebook) -> None:
    citation = view.evidence(casebook.passage(DIGESTED)).citation
    assert citation.pdf_page_start is None
    assert citation.printed_page_start is None


def test_a_page_is_cited_as_printed_and_as_in_the_file(casebook: Casebook) -> None:
    citation = view.evidence(casebook.passage(STATED)).citation
    assert (citation.pdf_page_start, citation.printed_page_start) == (2, "35")
    assert citation.url == "https://example.org/harbour-review.pdf#page=2"


def test_a_recommendation_has_its_exact_words_and_parts(casebook: Casebook) -> None:
    shown = view.recommendation(casebook.shelf, casebook.recommendation(RECOMMENDATION))
    text = casebook.volume(REVIEW).text
    assert shown.text == text[shown.citation.char_start : shown.citation.char_end]
    assert shown.sub_parts == ["publish a flood plan"]
    assert shown.addressee == ["the board"]


def test_a_link_quotes_the_documents_own_words_for_it(casebook: Casebook) -> None:
    links = [view.link(casebook, link) for link in selection.links(casebook, (), ())]
    assert {link.passage_id: link.words for link in links} == {
        GATES: "(see paragraph 3.12)",
        STATED: None,
    }


def test_a_document_is_cited_as_a_whole(casebook: Casebook) -> None:
    shown = view.document(casebook.shelf, casebook.volume(REVIEW))
    assert shown.citation is not None
    assert shown.citation.quote_sha256 == words_hash(casebook.volume(REVIEW).text)
    assert (shown.citation.pdf_page_start, shown.citation.pdf_page_end) == (1, 2)


def test_a_permalink_survives_what_an_id_may_hold() -> None:
    assert view.permalink("passages", "a:1.2~3") == "/v1/passages/a:1.2~3"
    assert view.permalink("passages", "a b/../c?") == "/v1/passages/a%20b%2F..%2Fc%3F"


def test_the_matrix_counts_every_finding_once(casebook: Casebook) -> None:
    cells = casebook.matrix(Filters())
    for by in ("document", "chapter", "voice", "stance"):
        counted = view.matrix(cells, by=by, generation=casebook.generation)
        assert sum(cell.count for cell in counted.items) == len(casebook.findings())
        assert all(sum(cell.stances.values()) == cell.count for cell in counted.items)


def test_chapters_of_one_name_are_counted_by_document_in_the_order_of_the_text() -> None:
    cells = [
        Cell(document=d, chapter=c, tag=TAG, voice=Voice.INQUIRY, stance=stance, count=1)
        for d, c, stance in (
            ("letter", "Summary", Stance.DENIED),
            ("review", "Summary", Stance.FOUND),
            ("review", "A plan", Stance.FOUND),
            ("review", "A plan", Stance.REPORTED),
        )
    ]
    counted = view.matrix(cells, by="chapter", generation="")
    assert [(cell.document_id, cell.value, cell.count) for cell in counted.items] == [
        ("letter", "Summary", 1),
        ("review", "Summary", 1),
        ("review", "A plan", 2),
    ]
    assert counted.items[2].stances == {"found": 1, "reported": 1}
    assert not any(c.document_id for c in view.matrix(cells, by="stance", generation="").items)


def test_the_taxonomy_says_how_often_each_tag_was_found(casebook: Casebook) -> None:
    counts = {tag.tag: tag.findings for tag in view.tags(casebook)}
    assert counts.pop(TAG) == 2
    assert set(counts.values()) == {0}


def test_filters_of_findings_are_asked_of_one_finding(casebook: Casebook) -> None:
    chosen = Filters(tags=(TAG,), voices=("witness",), stances=("alleged",))
    assert [passage.id for passage in selection.passages(casebook, chosen)] == [WITNESS]
    crossed = Filters(tags=(TAG,), voices=("witness",), stances=("found",))
    assert not selection.passages(casebook, crossed)


def test_a_table_of_the_matrix_has_a_column_for_each_stance() -> None:
    cell = wire.Cell(
        tag=TAG, value="review", count=3, document_id="review", stances={Stance.FOUND: 3}
    )
    (row,) = csv.DictReader(StringIO("".join(table.lines([cell], wire.Cell))))
    by_stance = {stance: int(row[f"stances.{stance}"]) for stance in Stance}
    assert by_stance == dict.fromkeys(Stance, 0) | {Stance.FOUND: 3}
    assert "stances" not in row


def test_a_table_has_a_column_for_every_field_and_the_words_verbatim(casebook: Casebook) -> None:
    shown = view.evidence(casebook.passage(WITNESS))
    (row,) = csv.DictReader(StringIO("".join(table.lines([shown], wire.Evidence))))
    assert row["text"] == shown.text
    assert row["citation.date"] == "2021-06-01"
    assert row["citation.paragraphs"] == "3.13"
    assert row["trust.hidden_text"] == "false"


def test_every_row_of_a_table_is_as_wide_as_its_head(casebook: Casebook) -> None:
    scanned = view.document(casebook.shelf, casebook.volume(REVIEW)).model_copy(
        update={"citation": None}
    )
    cited = view.document(casebook.shelf, casebook.volume(REVIEW))
    rows = list(csv.reader(StringIO("".join(table.lines([cited, scanned], wire.Document)))))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert rows[1][rows[0].index("citation.document_id")] == REVIEW
    assert rows[2][rows[0].index("citation.document_id")] == ""


def test_a_table_of_nothing_still_has_its_head() -> None:
    (head,) = table.lines([], wire.Link)
    assert head.startswith("recommendation_id,")


def test_an_answer_carries_its_query_its_strength_and_its_facets(casebook: Casebook) -> None:
    answer = view.answer(casebook.search(Query(text="flood plan", k=2)), following=None)
    assert (answer.query, answer.mode, answer.generation) == (
        "flood plan",
        "hybrid",
        casebook.generation,
    )
    assert answer.hits[0].lanes["dense"].rank >= 1
    assert {value.value: value.count for value in answer.facets["edition"]} == {
        "official": 4,
        "digest": 1,
    }
