"""Links between recommendations and passages, on the document's own word."""

from pathlib import Path

import pytest

from ingest.model import Basis, Document, Link, Passage, Reading, Recommendation, Relation
from ingest.passages import passages
from ingest.reading.markup import read_markup
from ingest.recommendations.extraction import recommendations
from ingest.recommendations.links import links

REPORT = """# Report on the Harbour

## The lights

16. The lamps at the outer gate had been dark since the spring, and the watch knew of it. Several
masters complained in writing and none of them was answered by anybody at the board.

17. The board had no plan for their repair. It had not asked for one, and the harbour master told
us that he had stopped raising the matter because nothing ever came of it.

## Conclusions and recommendations

1. The lamps were neglected by those who were paid to keep them. (Conclusion, Paragraph 16)

2. The board should publish a plan for the repair of the lamps. (Recommendation, Paragraph 17)
"""


@pytest.fixture(scope="module")
def linked(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Reading, tuple[Passage, ...], tuple[Recommendation, ...], tuple[Link, ...]]:
    path: Path = tmp_path_factory.mktemp("links") / "harbour.md"
    path.write_text(REPORT, encoding="utf-8")
    reading = read_markup(path)
    document = Document(
        id="harbour", title="Harbour", source=path.name, source_sha256="0" * 64, page_count=0
    )
    cut = passages("harbour", reading, count_tokens=lambda text: len(text.split()), limit=40)
    formal = recommendations(document, reading)
    return reading, cut, formal, links(formal, cut, reading)


Linked = tuple[Reading, tuple[Passage, ...], tuple[Recommendation, ...], tuple[Link, ...]]


def test_a_passage_that_holds_the_words_states_the_recommendation(linked: Linked) -> None:
    _, cut, formal, found = linked
    by_id = {passage.id: passage for passage in cut}
    for recommendation in formal:
        (stating,) = [
            link
            for link in found
            if link.recommendation == recommendation.id and link.relation is Relation.STATES
        ]
        assert by_id[stating.passage].span.holds(recommendation.span)


def test_a_printed_cross_reference_leads_to_the_paragraph_not_to_the_list(linked: Linked) -> None:
    _, cut, formal, found = linked
    (second,) = [each for each in formal if each.number == "2"]
    referred = [
        link.passage
        for link in found
        if link.recommendation == second.id and link.relation is Relation.CROSS_REFERENCE
    ]
    sections = {passage.id: passage.section[-1] for passage in cut}
    numbers = {passage.id: passage.paragraphs for passage in cut}
    assert referred
    assert {sections[passage] for passage in referred} == {"The lights"}
    assert all("17" in numbers[passage] for passage in referred)


def test_every_link_shows_its_basis_and_the_words_that_make_it(linked: Linked) -> None:
    reading, _, _, found = linked
    for link in found:
        assert link.basis is Basis.CITED
        if link.relation is Relation.CROSS_REFERENCE:
            assert link.words is not None
            assert "Paragraph" in link.words.of(reading.text)


def test_no_link_is_given_twice(linked: Linked) -> None:
    found = linked[3]
    keys = [(link.recommendation, link.passage, link.relation) for link in found]
    assert len(keys) == len(set(keys))
