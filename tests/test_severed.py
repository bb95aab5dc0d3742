"""Places where text could be cut: what reading made of them is told apart."""

import json
import re
from pathlib import Path

import pytest
from paper import Paper, printed

from eval.extraction import letters
from eval.severed import (
    GOLD,
    Outcome,
    Place,
    PlaceKind,
    Places,
    RunsOn,
    figures,
    letters_hash,
    places,
)
from ingest.model import Reading


def report(paper: Paper) -> None:
    """A sentence over a page break, then a paragraph that ends with its page."""
    paper.paragraph(
        "The board was told in the spring that nobody had read the letters it was sent."
    )
    paper.line("An officer said on the second day that the matter had been raised with the whole")
    paper.turn()
    paper.line("board before the summer recess, and that no reply had ever come back to him.")
    paper.y += 12
    paper.paragraph("Nothing more was heard of it.")
    paper.turn()
    paper.paragraph("Harbour dues were a matter for the treasurer, who kept them in a tin.")


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    return printed(tmp_path_factory.mktemp("paper") / "report.pdf", report)


def place(before: str, after: str, runs_on: RunsOn, *, page: int = 1) -> Place:
    return Place(
        document="report.pdf",
        source_sha256="0" * 64,
        page=page,
        kind=PlaceKind.PAGE,
        runs_on=runs_on,
        before=letters_hash(letters(before)),
        before_words=len(before.split()),
        after=letters_hash(letters(after)),
        after_words=len(after.split()),
    )


@pytest.mark.parametrize(
    ("before", "after", "page", "runs_on", "outcome"),
    [
        ("raised with the whole", "board before the", 1, RunsOn.SENTENCE, Outcome.RIGHT),
        ("raised with the whole", "board before the", 1, RunsOn.NO, Outcome.FUSED),
        ("heard of it.", "Harbour dues were", 2, RunsOn.NO, Outcome.RIGHT),
        ("heard of it.", "Harbour dues were", 2, RunsOn.PARAGRAPH, Outcome.PARTED),
        ("heard of it.", "Harbour dues were", 2, RunsOn.SENTENCE, Outcome.SEVERED),
        ("with the whole", "summer recess, and", 1, RunsOn.SENTENCE, Outcome.SEVERED),
        ("words never printed", "board before the", 1, RunsOn.SENTENCE, Outcome.LOST),
        ("raised with the whole", "board before the", 2, RunsOn.SENTENCE, Outcome.LOST),
    ],
)
def test_a_place_is_judged_by_what_stands_on_both_its_sides(
    harbour: Reading, before: str, after: str, page: int, runs_on: RunsOn, outcome: Outcome
) -> None:
    assert Places(harbour).outcome(place(before, after, runs_on, page=page)) is outcome


def test_a_lost_place_counts_as_severed(harbour: Reading) -> None:
    gone = place("words never printed", "board before the", RunsOn.SENTENCE)
    severed, parted, fused = figures([(gone, Places(harbour).outcome(gone))])
    assert (severed.value, severed.exceptions) == (100.0, ("report.pdf page 1 (page): lost",))
    assert (parted.of, fused.of) == (0, 0)


def test_the_gold_has_enough_places_of_both_kinds() -> None:
    gold = places()
    assert len(gold) >= 200
    assert len(set(gold)) == len(gold)
    assert {each.kind for each in gold} == set(PlaceKind)
    assert {each.runs_on for each in gold} == set(RunsOn)


def test_the_gold_holds_none_of_the_published_words() -> None:
    for line in GOLD.read_text(encoding="utf-8").splitlines():
        for key in ("before", "after", "source_sha256"):
            assert re.fullmatch(r"[0-9a-f]{64}", json.loads(line)[key])
        assert not re.search(r"\w \w+ \w", line)


def test_the_gold_is_of_the_documents_listed(real_documents: Path) -> None:
    listed = (real_documents / "corpora" / "inquiries" / "sources.toml").read_text("utf-8")
    assert all(each.document in listed and each.source_sha256 in listed for each in places())
