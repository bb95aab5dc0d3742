"""Evidence is verbatim, cited, and joined to what hangs on it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from dossiers import dossier
from harbour import DIGESTED, FORMER, GATES, RECOMMENDATION, REVIEW, STATED, WITNESS
from toyembedder import ToyEmbedder

from index.casebook import Casebook
from index.edge import EdgeEngine
from index.evidence import cite_passage, cite_span
from index.search import Mode, Query
from index.shelf import Shelf
from index.store import Field, Filters
from ingest.errors import UnknownId
from ingest.library import Library
from ingest.model import Basis, Dossier, Edition, Joins, Link, Relation, Span, words_hash


@pytest.fixture(scope="module")
def casebook(harbour: Path) -> Iterator[Casebook]:
    opened = Casebook(harbour, embedder=ToyEmbedder(), engine=EdgeEngine())
    yield opened
    opened.close()


def test_every_quotation_is_a_slice_of_its_document_and_keeps_its_hash(casebook: Casebook) -> None:
    answer = casebook.search(Query(text="flood gates and fees", k=100))
    assert len(answer.hits) == answer.total > 3
    for hit in answer.hits:
        whole = casebook.volume(hit.passage.document).text
        assert hit.text == hit.citation.span.of(whole)
        assert words_hash(hit.text) == hit.passage.quote_sha256 == hit.citation.quote_sha256


def test_a_displayed_text_never_holds_the_header(casebook: Casebook) -> None:
    for hit in casebook.search(Query(text="harbour", k=100)).hits:
        assert " > " not in hit.text


def test_marked_words_are_words_of_the_query(casebook: Casebook) -> None:
    hit = casebook.search(Query(text="gates", mode=Mode.LEXICAL)).hits[0]
    assert hit.highlights
    assert {span.of(hit.text).lower().rstrip("s") for span in hit.highlights} == {"gate"}


def test_facets_and_total_count_what_passes_the_filters(casebook: Casebook) -> None:
    every = casebook.search(Query(text="harbour"))
    assert sum(count.count for count in every.facets["document"]) == every.total
    some = casebook.search(Query(text="harbour", filters=Filters(documents=(REVIEW,))))
    assert [(count.value, count.count) for count in some.facets["document"]] == [
        (REVIEW, some.total)
    ]
    assert set(every.facets) == {field.name.lower() for field in Field}


def test_strength_is_the_same_in_every_mode(casebook: Casebook) -> None:
    scores = {casebook.search(Query(text="flood gates", mode=mode)).strength for mode in Mode}
    assert len(scores) == 1


def test_a_recommendation_comes_earlier_where_one_is_asked_for(casebook: Casebook) -> None:
    hits = casebook.search(Query(text="which recommendation is about the flood", k=10)).hits
    raised = {hit.passage.id for hit in hits if hit.hit and hit.hit.parts["recommendation"]}
    assert raised == {STATED}
    assert "recommendation" not in casebook.rank(Query(text="which is about the flood")).parts


def test_an_answer_is_stronger_than_a_near_miss(casebook: Casebook) -> None:
    words = casebook.passage(GATES).text
    near, far = (casebook.search(Query(text=text)).strength for text in (words, "penguin census"))
    assert near.score > far.score
    assert far.grade == "none"


def test_a_linked_recommendation_comes_in_its_words_with_the_reason(casebook: Casebook) -> None:
    beside = casebook.passage(STATED).recommendations
    recommendation = casebook.recommendation(RECOMMENDATION)
    assert [linked.recommendation for linked in beside] == [recommendation]
    assert beside[0].text == casebook.shelf.words(recommendation)
    assert beside[0].link.passage == STATED


def test_evidence_for_a_recommendation_is_every_passage_linked_to_it(casebook: Casebook) -> None:
    supports = casebook.evidence_for(RECOMMENDATION)
    assert STATED in {support.evidence.passage.id for support in supports}
    scores = [support.link.score for support in supports]
    assert scores == sorted(scores, reverse=True)


def test_links_of_one_rank_keep_the_order_in_which_they_are_stored(tmp_path: Path) -> None:
    link = Link(
        recommendation=RECOMMENDATION,
        passage=GATES,
        relation=Relation.CROSS_REFERENCE,
        basis=Basis.CITED,
        score=1.0,
    )
    equal = tuple(replace(link, words=Span(start, 100)) for start in range(8))
    assert Shelf(tmp_path, Joins(links=equal)).links[GATES] == equal


def test_context_is_what_stands_before_and_after(casebook: Casebook) -> None:
    around = casebook.context(WITNESS)
    assert [evidence.passage.id for evidence in around.before] == [GATES]
    assert [evidence.passage.id for evidence in around.after] == [STATED]
    assert casebook.context(GATES, reach=5).before == ()


def test_similar_passages_leave_out_the_passage_itself(casebook: Casebook) -> None:
    similar = casebook.similar(GATES, k=2)
    assert len(similar) == 2
    assert GATES not in {evidence.passage.id for evidence in similar}


def test_findings_are_filtered_as_passages_are(casebook: Casebook) -> None:
    findings = casebook.findings()
    assert findings
    tag = findings[0].tag
    chosen = casebook.findings(Filters(tags=(tag,), documents=(REVIEW,)))
    assert chosen
    assert all(finding.tag == tag for finding in chosen)
    passages = {finding.passage for finding in chosen}
    found = casebook.search(
        Query(text="harbour", k=100, filters=Filters(tags=(tag,), documents=(REVIEW,)))
    )
    assert {hit.passage.id for hit in found.hits} == passages


def test_the_matrix_counts_every_finding_once(casebook: Casebook) -> None:
    assert sum(cell.count for cell in casebook.matrix()) == len(casebook.findings())


@pytest.mark.parametrize("ask", ["passage", "context", "similar", "recommendation", "volume"])
def test_an_unknown_id_is_named_with_the_nearest(casebook: Casebook, ask: str) -> None:
    with pytest.raises(UnknownId, match="nowhere"):
        getattr(casebook, ask)("nowhere")


def test_a_former_id_resolves_to_where_its_words_are_now(casebook: Casebook) -> None:
    assert casebook.resolve(FORMER).passage in {GATES, WITNESS, STATED}


def test_a_digest_says_so_in_its_citation(casebook: Casebook) -> None:
    cited = casebook.passage(DIGESTED).citation.cite_as
    assert "digest, not the published words" in cited


CITED = dossier("review", ["Words."], day=date(2023, 3, 21))


@pytest.mark.parametrize(
    ("made", "cited"),
    [
        (CITED, "Review (21 March 2023) para 1, PDF p 1"),
        (
            replace(
                CITED,
                document=replace(
                    CITED.document, author="Baroness Example", paper_number="HC 1", date=None
                ),
                passages=(
                    replace(
                        CITED.passages[0],
                        paragraphs=("3.12", "3.13"),
                        printed_start="34",
                        printed_end="35",
                    ),
                ),
            ),
            "Baroness Example, Review (HC 1) paras 3.12–3.13, pp 34–35",
        ),
        (
            replace(CITED, document=replace(CITED.document, edition=Edition.DIGEST, date=None)),
            "Review para 1, PDF p 1 [digest, not the published words; "
            "check https://example.org/review.pdf]",
        ),
    ],
)
def test_a_citation_reads_as_people_write_it(tmp_path: Path, made: Dossier, cited: str) -> None:
    Library(tmp_path).write(made)
    volume = Shelf(tmp_path).volume("review")
    citation = cite_passage(volume, made.passages[0])
    assert citation.cite_as == cited
    # A digest's pages are not those of the document at the address.
    page = "" if made.document.edition is Edition.DIGEST else "#page=1"
    assert citation.url == f"https://example.org/review.pdf{page}"


def test_any_span_is_cited_as_the_passage_that_holds_it(casebook: Casebook) -> None:
    volume = casebook.volume(REVIEW)
    passage = volume.passages[GATES]
    whole, part = cite_passage(volume, passage), cite_span(volume, passage.span)
    assert part == whole


def test_searching_imports_nothing_heavy(harbour: Path) -> None:
    """PyTorch, spaCy and the like take seconds to import: they belong to building."""
    program = (
        "import json, sys; from pathlib import Path\n"
        "from toyembedder import ToyEmbedder\n"
        "import index.embedder\n"
        "from index.casebook import Casebook; from index.edge import EdgeEngine\n"
        "from index.search import Query\n"
        "casebook = Casebook(Path(sys.argv[1]), embedder=ToyEmbedder(), engine=EdgeEngine())\n"
        "assert casebook.search(Query(text='flood gates')).hits\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    tests = Path(__file__).parent
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tests), str(tests.parent)])}
    output = subprocess.run(
        [sys.executable, "-c", program, str(harbour)],
        env=environment,
        capture_output=True,
        check=True,
    ).stdout
    heavy = {"torch", "spacy", "sentence_transformers", "langchain_text_splitters", "pypdf"}
    heavy |= {"transformers", "qdrant_client", "sklearn", "pypdfium2"}
    assert not heavy & set(json.loads(output))
