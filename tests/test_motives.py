"""Passages that are so like a recommendation that they likely led to it."""

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pytest
from toyembedder import ToyEmbedder

from index.semantics import IndexedSemantics
from ingest.model import Basis, Document, Link, Relation
from ingest.passages import passages
from ingest.reading.markup import read_markup
from ingest.recommendations.extraction import recommendations
from ingest.recommendations.motives import ENOUGH, SHOWN, InWords, Report, motives

LAMPS = (
    "Since the spring the lamps by the gate were dark. The watch asked the board for a repair of "
    "the outer lamps, and when no plan was made wrote to the board again; the gate stayed without "
    "lamps."
)
PILOTS = (
    "Of nine pilots two had no examination in the channel. A pilot who failed his examination "
    "could take ships up the northern channel next morning, since of pilots who failed the board "
    "wrote no record that a master of a ship, or anybody else, might have asked to see."
)
HISTORY = (
    "The harbour was dug by hand under an act of the old parliament, and its first stones came by "
    "barge from a quarry that has been a garden for as long as anybody in the town remembers."
)
REPAIR = "The board should publish a plan for the repair of the lamps at the outer gate."
EXAMINE = "The board should keep a record of the examination of pilots in the northern channel."
COUNT = "The treasurer should count the takings of the toll house on the first day of each month."

REPORT = f"""# Report on the Harbour

## Summary

We ask the board to publish a plan for the repair of the lamps at the outer gate, and to keep a
record of the examination of pilots in the northern channel.

## History

{HISTORY}

## The lights

{LAMPS}

**Recommendation 1:** {REPAIR}

## The channel

{PILOTS}

**Recommendation 2:** {EXAMINE}

## The toll house

**Recommendation 3:** {COUNT}
"""


class Linked:
    """The links of a report in Markdown, by the number of the recommendation."""

    def __init__(
        self, folder: Path, text: str, linked: Collection[tuple[str, str]] = frozenset()
    ) -> None:
        path = folder / "harbour.md"
        path.write_text(text, encoding="utf-8")
        reading = read_markup(path)
        document = Document(
            id="harbour", title="Harbour", source=path.name, source_sha256="0" * 64, page_count=0
        )
        cut = passages("harbour", reading, count_tokens=lambda words: len(words.split()), limit=50)
        formal = recommendations(document, reading)
        self._words = {passage.id: passage.span.of(reading.text) for passage in cut}
        self._ids = {str(each.number): each.id for each in formal}
        report = Report(
            text=reading.text,
            recommendations=formal,
            passages=cut,
            vectors=ToyEmbedder().passages(list(self._words.values())),
        )
        self.links: tuple[Link, ...] = tuple(
            motives(report, IndexedSemantics(ToyEmbedder(), {}), linked)
        )

    def of(self, number: str) -> list[str]:
        """The words of what is linked to it."""
        own = self._ids[number]
        return [self._words[link.passage] for link in self.links if link.recommendation == own]


def test_what_argues_for_a_recommendation_in_its_own_words_is_linked(tmp_path: Path) -> None:
    found = Linked(tmp_path, REPORT)
    assert found.of("1") == [LAMPS]
    assert found.of("2") == [PILOTS]
    for link in found.links:
        assert (link.basis, link.relation) == (Basis.SIMILAR, Relation.MOTIVATES)
        assert ENOUGH <= link.score <= 1


def test_a_copy_of_recommendations_is_no_evidence(tmp_path: Path) -> None:
    linked = Linked(tmp_path, REPORT.replace(LAMPS, "").replace(PILOTS, ""))
    assert linked.links == ()


def test_a_recommendation_that_nothing_argues_for_gets_none(tmp_path: Path) -> None:
    assert Linked(tmp_path, REPORT).of("3") == []


def test_what_is_tied_on_a_surer_basis_is_not_linked_again(tmp_path: Path) -> None:
    first = Linked(tmp_path, REPORT)
    cited = {(link.recommendation, link.passage) for link in first.links}
    again = Linked(tmp_path, REPORT, cited)
    assert first.links
    assert again.links == ()


def test_few_are_shown_the_likeliest_first(tmp_path: Path) -> None:
    argued = "\n\n".join(
        f"In {month} the lamps by the gate were dark and the board had no plan; {vessel} with nine "
        f"men was lost on rocks in sight of the outer gate, and once more a repair of the lamps "
        f"was put off by the treasurer to a better year."
        for month, vessel in (("May", "a lugger"), ("June", "a ketch"), ("July", "a brig"))
    )
    found = Linked(tmp_path, REPORT.replace(LAMPS, argued))
    scores = [link.score for link in found.links if link.recommendation.endswith("-1")]
    assert len(scores) == SHOWN
    assert scores == sorted(scores, reverse=True)


def test_a_report_without_recommendations_has_no_links(tmp_path: Path) -> None:
    assert Linked(tmp_path, f"# Report\n\n{HISTORY}\n").links == ()


def test_words_that_few_texts_have_tell_more() -> None:
    table = InWords([["gate", "lamp"], ["gate", "pilot"], ["gate", "toll"]]).to(
        [["gate", "lamp"], ["gate", "lamp", "unheard"], ["unheard"]]
    )
    assert table[0] == pytest.approx(table[1])
    assert table[0, 0] == pytest.approx(1.0)
    assert table[0, 1] == pytest.approx(table[0, 2])
    assert 0 < table[0, 1] < 0.5
    assert np.all(table[2] == 0)
