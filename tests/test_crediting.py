"""Crediting: the same words earn the same, wherever and however a passage is cut."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from harbour import DIGEST, GATES, PLAN, REVIEW, STATED, WITNESS
from paper import Paper, printed
from readings import count_words

from eval import collection
from eval.collection import Collection, Judgement, Place, Topic
from eval.crediting import Assessor, Excerpt
from eval.locating import Located, shared, size
from eval.metrics import recall
from eval.plaintext import plain_pages
from index.shelf import Shelf
from ingest.build import Method, build
from ingest.library import Library
from ingest.model import Span
from ingest.sources.corpus import corpus

PARAGRAPH = (
    "The gates were left to one keeper, who had asked four times for a second, and whose letters "
    "nobody answered in the two years before the storm came up the estuary."
)


def assessor(harbour: Path, *judgements: Judgement) -> Assessor:
    topics = (Topic(id="q", text="gates"),)
    judged = Collection(name="harbour", topics=topics, judgements=judgements)
    return Assessor(judged, Shelf(harbour), Library(harbour))


def page_place(harbour: Path, words: str, *, page: int = 1) -> Place:
    library = Library(harbour)
    text = plain_pages(library.source(library.stored(REVIEW).document))[page - 1]
    start = text.index(words)
    return Place(page=page, span=Span(start, start + len(words)))


def gates(harbour: Path, *, grade: int = 3) -> Judgement:
    return Judgement(
        query="q",
        document="harbour-review.pdf",
        grade=grade,
        places=(page_place(harbour, "The board had no plan for a flood at the lower gates."),),
    )


def test_a_judged_place_is_credited_to_the_first_passage_that_holds_it(harbour: Path) -> None:
    found = assessor(harbour, gates(harbour))
    ranking = [(WITNESS, REVIEW), (GATES, REVIEW), (GATES, REVIEW)]
    steps = found.steps("q", [found.passage(*each) for each in ranking])
    assert [step.earned for step in steps] == [(), (3,), ()]
    assert [step.met for step in steps] == [False, True, True]


def test_a_passage_has_a_place_on_each_of_its_pages(harbour: Path) -> None:
    found = assessor(harbour)
    volume = found.shelf.volume(REVIEW)
    located = found.located(volume.document)
    (place,) = located.places(volume.passages[GATES].span)
    assert place.page == 1
    assert located.plain[0][place.span.start : place.span.end].startswith("3.12 The board")
    assert located.plain[0][place.span.start : place.span.end].endswith("asked for one")
    both = Span(volume.passages[WITNESS].span.start, volume.passages[STATED].span.end)
    first, last = located.places(both)
    assert (first.page, last.page) == (1, 2)
    words = " ".join(located.between(first, last).split())
    assert words.startswith("3.13 A gatekeeper told us")
    assert words.endswith("(see paragraph 3.12")


def test_a_passage_of_a_document_without_pages_stands_where_it_does(harbour: Path) -> None:
    found = assessor(harbour)
    volume = found.shelf.volume(DIGEST)
    (passage,) = volume.passages.values()
    (place,) = found.located(volume.document).places(passage.span)
    assert place == Place(page=None, span=passage.span)


def test_half_of_a_place_earns_it_and_less_does_not(harbour: Path) -> None:
    found = assessor(harbour, gates(harbour))
    (target,) = found.targets["q"]
    (region,) = target.regions
    middle = (region.start + region.end) // 2
    more, less = Span(region.start, middle + 2), Span(region.start, middle - 2)
    assert target.is_met(Excerpt(document=REVIEW, regions=(more,), length=1))
    assert not target.is_met(Excerpt(document=REVIEW, regions=(less,), length=1))
    assert not target.is_met(Excerpt(document=PLAN, regions=(more,), length=1))


def test_a_whole_document_is_met_by_any_of_its_passages(harbour: Path) -> None:
    for name in (REVIEW, "harbour-review.pdf", "harbour-review"):
        found = assessor(harbour, Judgement(query="q", document=name, grade=1))
        (target,) = found.targets["q"]
        assert target.is_met(found.passage(STATED, REVIEW)), name


def test_a_passage_can_be_judged_by_its_id(harbour: Path) -> None:
    found = assessor(harbour, Judgement(query="q", document=STATED, grade=2))
    steps = found.steps("q", [found.passage(each, REVIEW) for each in (GATES, STATED)])
    assert [step.gain for step in steps] == [0, 2]


def test_what_is_not_in_the_index_is_named_and_never_found(harbour: Path) -> None:
    elsewhere = Judgement(query="q", document="other.pdf", grade=2)
    found = assessor(harbour, elsewhere, gates(harbour))
    assert found.lost == (elsewhere,)


def test_offsets_of_another_edition_are_not_used(harbour: Path) -> None:
    judged = Judgement(
        query="q",
        document="harbour-review.pdf",
        grade=2,
        places=(Place(page=1, span=Span(0, 30)),),
        anchor="Quite different words",
    )
    assert assessor(harbour, judged).lost == (judged,)


def test_canonical_offsets_serve_where_there_are_no_pages(harbour: Path) -> None:
    judged = Judgement(
        query="q",
        document="harbour-letter.md",
        grade=1,
        places=(Place(page=None, span=Span(0, 30)),),
    )
    (target,) = assessor(harbour, judged).targets["q"]
    assert (target.document, target.regions) == (DIGEST, (Span(0, 30),))


def test_text_that_was_looked_at_counts_as_judged_and_earns_nothing(harbour: Path) -> None:
    found = assessor(harbour, gates(harbour, grade=0))
    (step,) = found.steps("q", [found.passage(GATES, REVIEW)])
    assert (step.earned, step.met, step.judged) == ((), False, True)


def test_the_words_of_another_system_are_found(harbour: Path) -> None:
    found = assessor(harbour, gates(harbour))
    shown = "the board had no PLAN for a\nflood at the lower gates. Nobody asked"
    for pages in ((1,), (1, 2), ()):
        (step,) = found.steps("q", [found.quoted(shown, "harbour-review.pdf", pages)])
        assert step.gain == 3
        assert step.length == len(shown)
    assert found.quoted("nothing of the kind", "harbour-review.pdf", (1,)).regions == ()


def test_every_passage_is_found_again_by_its_own_words(casey: Path) -> None:
    shelf = Shelf(casey)
    nothing = Collection(name="none", topics=(), judgements=())
    found = Assessor(nothing, shelf, Library(casey))
    for volume in shelf.volumes.values():
        for passage in volume.passages.values():
            text = passage.span.of(volume.text)
            if "...." in text:
                continue  # a line of contents is dots and no words
            pages = range(passage.page_start or 1, (passage.page_end or 1) + 1)
            regions = found.quoted(text, volume.document.source, pages).regions
            assert shared(regions, (passage.span,)) >= 0.95 * len(text), passage.id
            assert size(regions) <= len(text), passage.id


def test_a_place_is_found_past_note_marks_hyphens_and_running_heads(tmp_path: Path) -> None:
    first, rest = PARAGRAPH[:60], PARAGRAPH[60:]

    def draw(paper: Paper) -> None:
        for number in range(1, 5):
            paper.line("Harbour Review", x=250, y=40, size=8)
            paper.line(f"Page {number}", x=280, y=800, size=8)
            paper.paragraph(f"{number}.1 {first}")
            paper.marker(str(number), after=f"{number}.1 {first}")
            paper.paragraph(rest)
            paper.line(f"{number} Letter of the keeper, {number} May.", y=760, size=8)
            paper.turn()

    printed(tmp_path / "review.pdf", draw)
    library = Library(tmp_path / "data")
    (source,) = corpus([str(tmp_path / "review.pdf")]).sources
    list(build([source], library, Method(count_tokens=count_words, tokenizer="words")))
    stored = library.stored(source.id)
    located = Located(stored, library.source(stored.document))
    for page, text in enumerate(plain_pages(tmp_path / "review.pdf"), start=1):
        start, end = text.index("The gates"), text.index("estuary.") + len("estuary.")
        regions = located.judged(
            Judgement(
                query="q",
                document="review.pdf",
                grade=1,
                places=(Place(page=page, span=Span(start, end)),),
            )
        )
        assert size(regions) >= 0.95 * len(PARAGRAPH)
        assert all("Letter" not in region.of(stored.text) for region in regions)
        assert stored.text[: regions[0].start].count("The gates") == page - 1


def test_credit_agrees_with_the_reference_where_that_finds_the_text(
    real_documents: Path, tmp_path: Path
) -> None:
    """Against the scorer that comes with the real collection, over 900-character passages."""
    gold = real_documents / "gold" / "retrieval"
    inquiries = real_documents / "corpora" / "inquiries"
    judged = collection.read(gold / "dev")
    chosen = corpus([str(inquiries / "hc381-summer-disorder-report.pdf")]).sources
    library = Library(tmp_path)
    list(build(chosen, library, Method(count_tokens=count_words, tokenizer="words")))
    pages = plain_pages(chosen[0].path)
    run = [
        {
            **{"query_id": topic.id, "rank": rank, "source": chosen[0].path.name},
            **{"pdf_page": page, "text": text[:900]},
        }
        for number, topic in enumerate(judged.judged)
        for rank, (page, text) in enumerate(
            [(p, pages[p - 1]) for p in range(1 + number % 3, len(pages) + 1, 2) if pages[p - 1]], 1
        )
    ]
    (tmp_path / "run.jsonl").write_text("".join(json.dumps(line) + "\n" for line in run))
    subprocess.run(
        [
            *(sys.executable, str(gold / "score.py"), "--run", f"pages={tmp_path / 'run.jsonl'}"),
            *("--json", str(tmp_path / "scores.json"), "--boot", "2"),
        ],
        check=True,
        capture_output=True,
    )
    expected = json.loads((tmp_path / "scores.json").read_text())["pages"]
    found = Assessor(judged, Shelf(tmp_path), library)
    differing, positive = 0, 0
    for topic in judged.judged:
        lines = [line for line in run if line["query_id"] == topic.id]
        steps = found.steps(
            topic.id,
            [
                found.quoted(str(line["text"]), str(line["source"]), (int(str(line["pdf_page"])),))
                for line in lines
            ],
        )
        grades = [each.grade for each in judged.by_query[topic.id] if each.grade]
        differing += recall(steps, grades, k=20) != pytest.approx(expected[topic.id]["Recall@20"])
        positive += expected[topic.id]["Recall@20"] > 0
    assert positive >= 10
    assert differing <= 2
