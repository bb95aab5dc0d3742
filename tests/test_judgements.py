"""The judged questions about the Casey digests stand where their paragraphs stand in print."""

import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from corpora.digest import Numbered, digest
from eval.judgements import (
    JUDGMENTS,
    QUERIES,
    SOURCE,
    Judgment,
    TypesetDigest,
    judged_queries,
    judgment_lines,
    query_lines,
    spoken,
)
from eval.plaintext import plain_pages
from ingest.errors import CorpusError

CORPUS = Path(__file__).parent.parent / "corpora" / "casey"
DIGESTS = sorted((CORPUS / "digests").glob("*.md"))
ONE_QUERY = '[[query]]\nid = "c1"\nquery = "why"\ntype = "keyword"\n'


@pytest.fixture(scope="module")
def recorded() -> list[Judgment]:
    lines = (CORPUS / JUDGMENTS).read_text(encoding="utf-8").splitlines()
    return TypeAdapter(list[Judgment]).validate_python([json.loads(line) for line in lines])


def test_the_lines_are_those_that_the_judgements_and_the_pdfs_give() -> None:
    remedy = "Run `python -m eval.judgements corpora/casey`."
    assert (CORPUS / QUERIES).read_text(encoding="utf-8") == query_lines(CORPUS), remedy
    assert (CORPUS / JUDGMENTS).read_text(encoding="utf-8") == judgment_lines(CORPUS), remedy


def test_a_span_holds_the_words_of_its_paragraph_and_no_others(recorded: list[Judgment]) -> None:
    written = {
        (f"{path.stem}.pdf", block.number): spoken(block).split()
        for path in DIGESTS
        for block in digest(path).blocks
        if isinstance(block, Numbered)
    }
    pages = {f"{path.stem}.pdf": plain_pages(path.with_suffix(".pdf")) for path in DIGESTS}
    printed: defaultdict[tuple[int, str, str], list[str]] = defaultdict(list)
    for each in recorded:
        words = pages[each.document][each.pdf_page - 1][each.start : each.end].split()
        printed[each.span, each.document, each.paragraph] += words
    numbered = {key: words for key, words in printed.items() if key[1:] in written}
    assert len(numbered) > 300
    for (_, document, paragraph), words in numbered.items():
        assert words == written[document, paragraph], f"{document} {paragraph}"


@pytest.mark.parametrize("path", DIGESTS, ids=lambda path: path.stem)
def test_every_place_of_a_digest_can_be_judged(path: Path) -> None:
    typeset = TypesetDigest(CORPUS, path.stem)
    assert all(typeset.stretches(place) for place in typeset.places())


def test_a_question_without_an_answer_says_what_comes_nearest() -> None:
    queries = judged_queries(CORPUS)
    for query in queries:
        unanswerable = query.type == "unanswerable"
        assert unanswerable == (not any(query.graded)) == (query.near is not None), query.id
    assert len(queries) >= 100
    assert Counter(query.type for query in queries)["unanswerable"] >= 20


def test_a_place_that_the_digests_lack_is_refused(tmp_path: Path) -> None:
    (tmp_path / "digests").symlink_to(CORPUS / "digests")
    for place in ("white-paper-2026 9.9", "operation-jorica table 2.1: Nobody"):
        (tmp_path / SOURCE).write_text(f'{ONE_QUERY}3 = ["{place}"]\n', encoding="utf-8")
        with pytest.raises(CorpusError, match=place.partition(" ")[0]):
            judgment_lines(tmp_path)


def test_a_place_judged_twice_is_refused(tmp_path: Path) -> None:
    twice = f'{ONE_QUERY}3 = ["white-paper-2026 2.1"]\n1 = ["white-paper-2026 2.1"]\n'
    (tmp_path / SOURCE).write_text(twice, encoding="utf-8")
    with pytest.raises(CorpusError, match="twice"):
        judged_queries(tmp_path)
