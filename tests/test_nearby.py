"""Passages before a recommendation in its section."""

from pathlib import Path

from ingest.model import Basis, Document, Link, Passage
from ingest.passages import passages
from ingest.reading.markup import read_markup
from ingest.recommendations.extraction import recommendations
from ingest.recommendations.nearby import REACH, nearby

LAMPS = "The lamps at the outer gate had been dark since the spring, and the watch knew of it."
GATES = "The gates were left open in the storm because nobody had been told to close them."
REPAIR = "The board should publish a plan for the repair of the lamps."
CLOSE = "The harbour master should close the gates before every storm."
INSPECT = "The board should inspect the gates and the lamps once in every year."
TELL = "The board should tell masters of ships which lamps are dark."

REPORT = f"""# Report on the Harbour

## The watch

Nobody kept a watch at night, which is not the matter of any recommendation made here.

## The lights

{LAMPS}

**Recommendation 1:** {REPAIR}

## The gates

{GATES}

**Recommendation 2:** {CLOSE}

**Recommendation 3:** {INSPECT}

The masters of ships were never told which of the lamps were dark, and two ran aground.

**Recommendation 4:** {TELL}

## List of recommendations

These are the recommendations that are made in the chapters of the report.

**Recommendation 1:** {REPAIR}

**Recommendation 2:** {CLOSE}

**Recommendation 3:** {INSPECT}

**Recommendation 4:** {TELL}
"""


def _linked(folder: Path, text: str) -> tuple[dict[str, list[str]], tuple[Link, ...]]:
    """The words of the passages linked to each number, and the links."""
    path = folder / "harbour.md"
    path.write_text(text, encoding="utf-8")
    reading = read_markup(path)
    document = Document(
        id="harbour", title="Harbour", source=path.name, source_sha256="0" * 64, page_count=0
    )
    cut = passages("harbour", reading, count_tokens=lambda words: len(words.split()), limit=20)
    formal = recommendations(document, reading)
    by_id: dict[str, Passage] = {passage.id: passage for passage in cut}
    found = nearby(formal, cut)
    return {
        str(each.number): [
            by_id[link.passage].span.of(reading.text)
            for link in found
            if link.recommendation == each.id
        ]
        for each in formal
    }, found


def test_what_stands_before_a_recommendation_in_its_section_is_its_argument(tmp_path: Path) -> None:
    words, _ = _linked(tmp_path, REPORT)
    assert words["1"] == [LAMPS]
    assert words["2"] == [GATES]


def test_recommendations_in_a_row_share_the_argument_before_them(tmp_path: Path) -> None:
    words, _ = _linked(tmp_path, REPORT)
    assert words["3"] == [GATES]


def test_an_argument_ends_where_another_recommendation_is_stated(tmp_path: Path) -> None:
    (only,) = _linked(tmp_path, REPORT)[0]["4"]
    assert only.startswith("The masters")


def test_nothing_is_argued_before_a_list_of_all_recommendations(tmp_path: Path) -> None:
    listed = REPORT[: REPORT.index("## The watch")] + REPORT[REPORT.index("## List") :]
    words, found = _linked(tmp_path, listed)
    assert set(words) == {"1", "2", "3", "4"}
    assert found == ()


def test_nearer_passages_score_higher_and_few_are_shown(tmp_path: Path) -> None:
    argued = "\n\n".join(
        f"Reason number {n} for the repair is that in that month a vessel was lost in the dark."
        for n in range(1, 10)
    )
    _, found = _linked(tmp_path, REPORT.replace(LAMPS, argued))
    first = [link for link in found if link.recommendation.endswith("-1")]
    assert len(first) == REACH
    assert [link.score for link in first] == sorted((link.score for link in first), reverse=True)
    assert all(link.basis is Basis.NEARBY and 0 < link.score <= 1 for link in first)
