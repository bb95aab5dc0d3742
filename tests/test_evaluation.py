"""Evaluations: every judged query counts, and a command shows what was measured."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from harbour import GATES, REVIEW, TAG
from rich.console import Console
from toyembedder import ToyEmbedder
from typer.testing import CliRunner, Result

from api.cli import app
from api.settings import settings
from eval import collection, measure
from eval.collection import Collection, Judgement, Place, Topic
from eval.crediting import Assessor
from eval.evaluation import evaluation
from eval.overview import overview
from eval.results import Figure
from eval.retrieval import Answered, Ranked, Run, fused, runs
from index.casebook import Casebook
from index.edge import EdgeEngine
from ingest.library import Library
from ingest.model import Span

TOPICS = (
    Topic(id="q1", text="plan for a flood", labels={"type": "keyword"}),
    Topic(id="q2", text="alarms", labels={"type": "keyword"}),
    Topic(id="q3", text="who paid the pilots?", answerable=False),
    Topic(id="q4", text="nobody judged this"),
)
JUDGEMENTS = (
    Judgement(query="q1", document=GATES, grade=3),
    Judgement(query="q2", document="lost.pdf", grade=2),
)
HARBOUR = Collection(name="harbour", topics=TOPICS, judgements=JUDGEMENTS)


@pytest.fixture
def casebook(harbour: Path) -> Casebook:
    return Casebook(harbour, embedder=ToyEmbedder(), engine=EdgeEngine())


@pytest.fixture
def assessor(harbour: Path, casebook: Casebook) -> Assessor:
    return Assessor(HARBOUR, casebook.shelf, Library(harbour))


def a_run(name: str, assessor: Assessor, *, found: bool, flagged: bool | None = None) -> Run:
    excerpt = assessor.passage(GATES, REVIEW)
    ranking = (Ranked(id=GATES, score=1.0, excerpt=excerpt),) if found else ()
    answered = Answered(ranking=ranking, flagged=flagged)
    return Run(name=name, maker=None, answers={topic.id: answered for topic in TOPICS})


def test_the_denominator_is_the_judged_queries(assessor: Assessor) -> None:
    found = evaluation(HARBOUR, assessor, [a_run("one", assessor, found=True)], subject="one")
    assert found.judged == 2
    assert found.score("one").means["nDCG@10"].mean == 0.5
    assert found.score("one").values("R@20") == {"q1": 1.0, "q2": 0.0}
    assert found.lost == ("q2: lost.pdf",)


def test_a_query_that_a_run_leaves_out_counts_as_nought(assessor: Assessor) -> None:
    nothing = Run(name="nothing", maker=None)
    found = evaluation(HARBOUR, assessor, [nothing], subject="nothing")
    assert found.score("nothing").means["nDCG@10"].mean == 0


def test_unanswerable_queries_are_scored_on_whether_that_is_said(assessor: Assessor) -> None:
    for flagged, rightly, wrongly in ((True, 1, 2), (False, 0, 0)):
        run = a_run("one", assessor, found=True, flagged=flagged)
        flags = evaluation(HARBOUR, assessor, [run], subject="one").score("one").flags
        assert flags is not None
        assert (flags.unanswerable_flagged, flags.unanswerable) == (rightly, 1)
        assert (flags.answerable_flagged, flags.answerable) == (wrongly, 2)


@pytest.mark.parametrize(
    ("answerable", "unanswerable", "chance"),
    [(0.9, 0.1, 1.0), (0.1, 0.9, 0.0), (0.5, 0.5, 0.5)],
)
def test_separation_is_the_chance_to_tell_the_two_apart(
    assessor: Assessor, answerable: float, unanswerable: float, chance: float
) -> None:
    scores = {"q1": answerable, "q2": answerable, "q3": unanswerable, "q4": 0.0}
    run = Run(
        name="one",
        maker=None,
        answers={
            query: Answered(ranking=(), score=score, flagged=False)
            for query, score in scores.items()
        },
    )
    flags = evaluation(HARBOUR, assessor, [run], subject="one").score("one").flags
    assert flags is not None
    assert flags.separation == chance


def test_six_runs_are_shown_whole_on_eighty_columns(assessor: Assessor) -> None:
    names = ("hybrid", "dense", "lexical", "rrf", "earlier", "of-another-system")
    made = [a_run(name, assessor, found=name != "dense") for name in names]
    terminal = Console(width=80, file=StringIO())
    with terminal.capture() as captured:
        terminal.print(*overview(evaluation(HARBOUR, assessor, made, subject="hybrid")), sep="\n")
    lines = captured.get().splitlines()
    assert not any("…" in line for line in lines)
    assert any(
        line.split() == [".000-.000" if n == 1 else ".000-1.000" for n in range(6)]
        for line in lines
    )
    assert sum(" to +" in line for line in lines) == 10


def test_a_run_that_says_nothing_of_strength_has_no_flags(assessor: Assessor) -> None:
    run = a_run("one", assessor, found=True)
    assert evaluation(HARBOUR, assessor, [run], subject="one").score("one").flags is None


def test_runs_are_compared_query_by_query(assessor: Assessor) -> None:
    good, bad = a_run("good", assessor, found=True), a_run("bad", assessor, found=False)
    found = evaluation(HARBOUR, assessor, [good, bad], subject="good")
    assert {(each.measure, each.difference.interval.mean) for each in found.comparisons} == {
        ("nDCG@10", 0.5),
        ("R@20", 0.5),
    }


def test_slices_hold_the_judged_queries_of_their_label(assessor: Assessor) -> None:
    run = a_run("one", assessor, found=True)
    (sliced,) = evaluation(HARBOUR, assessor, [run], subject="one").score("one").slices
    assert (sliced.label, sliced.value, sliced.queries) == ("type", "keyword", 2)
    assert sliced.means["nDCG@10"] == 0.5


def test_every_mode_is_run_with_what_made_it(casebook: Casebook, assessor: Assessor) -> None:
    made = runs(casebook, HARBOUR, assessor)
    assert [run.name for run in made] == ["hybrid", "dense", "lexical", "rrf"]
    for run in made[:3]:
        assert run.maker is not None
        assert run.maker.model == "toy"
        assert run.maker.weights_sha256 == "0" * 64
        assert run.maker.generation == casebook.generation
        assert len(run.milliseconds) == len(TOPICS)
        assert set(run.answers) == {topic.id for topic in TOPICS}


def test_ranks_are_fused_as_published(assessor: Assessor) -> None:
    excerpt = assessor.passage(GATES, REVIEW)

    def ranked(*names: str) -> Run:
        ranking = tuple(Ranked(id=name, score=1.0, excerpt=excerpt) for name in names)
        return Run(name="one", maker=None, answers={"q1": Answered(ranking=ranking)})

    both = fused(ranked("a", "b", "c"), ranked("c", "d", "b")).answers["q1"].ranking
    assert [each.id for each in both] == ["c", "b", "a", "d"]
    scores = [1 / 63 + 1 / 61, 1 / 62 + 1 / 63, 1 / 61, 1 / 62]
    assert [each.score for each in both] == pytest.approx(scores)


@pytest.fixture
def command(harbour: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Command":
    def toy(model: str, models: Path) -> ToyEmbedder:
        return ToyEmbedder()

    monkeypatch.setattr("api.corpus.load_embedder", toy)
    monkeypatch.delenv("QDRANT_URL", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    settings.cache_clear()
    collection.write(HARBOUR, tmp_path / "judged")
    return Command(harbour, tmp_path / "judged")


class Command:
    def __init__(self, data: Path, judged: Path) -> None:
        self.data = data
        self.judged = judged

    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, ["eval", *arguments, "--data", str(self.data)])


def test_the_command_shows_measures_differences_and_what_made_them(command: Command) -> None:
    result = command(str(command.judged))
    assert result.exit_code == 0
    for shown in (
        "nDCG@10",
        "dcg='exp-log2'",
        "R@100",
        "hybrid - lexical",
        "type: keyword",
        "toy",
        "q2: lost.pdf",
    ):
        assert shown in result.stdout


def test_the_command_prints_one_json_document(command: Command) -> None:
    told = json.loads(command(str(command.judged), "--json").stdout)
    assert [score["run"] for score in told["scores"]] == ["hybrid", "dense", "lexical", "rrf"]
    assert told["judged"] == 2


def test_a_collection_about_other_documents_is_refused(command: Command) -> None:
    elsewhere = Collection(name="elsewhere", topics=TOPICS, judgements=JUDGEMENTS[1:])
    collection.write(elsewhere, command.judged)
    result = command(str(command.judged))
    assert result.exit_code == 1
    assert "None of the documents" in result.stderr


def test_places_that_are_not_in_a_document_that_is_here_are_said_to_be_so(command: Command) -> None:
    beyond = Place(page=1, span=Span(90_000, 90_010))
    judged = Judgement(query="q1", document="harbour-review.pdf", grade=2, places=(beyond,))
    collection.write(replace(HARBOUR, judgements=(judged,)), command.judged)
    result = command(str(command.judged))
    assert result.exit_code == 1
    assert "harbour-review.pdf is in" in result.stderr
    assert "None of the documents" not in result.stderr


def test_a_query_that_cannot_be_asked_is_named(command: Command) -> None:
    topics = (*TOPICS, Topic(id="q5", text="flood " * 2_000))
    collection.write(replace(HARBOUR, topics=topics), command.judged)
    assert "Query q5: " in command(str(command.judged)).stderr


def test_options_that_would_do_nothing_are_refused(command: Command, tmp_path: Path) -> None:
    codes = tmp_path / "codes.csv"
    codes.write_text(f"coder,document,tag,quotation\nann,{REVIEW},{TAG},board had no plan\n")
    page = f"--report={tmp_path}/page.html"
    for arguments in (
        (str(command.judged), "--form=beir"),
        (str(codes), page),
        (str(codes), "--relevant=1"),
        (str(command.judged), page, "--unpack=files"),
    ):
        result = command(*arguments)
        assert result.exit_code == 2, arguments
        assert arguments[-1].partition("=")[0] in result.stderr
    assert command(str(codes)).exit_code == 0


def test_the_least_grade_that_counts_can_be_told(command: Command) -> None:
    marginal = Judgement(query="q1", document=GATES, grade=1)
    collection.write(replace(HARBOUR, judgements=(marginal,)), command.judged)
    untold = json.loads(command(str(command.judged), "--json").stdout)
    told = json.loads(command(str(command.judged), "--json", "--relevant=1").stdout)
    assert (untold["relevant"], told["relevant"]) == (2, 1)
    assert "R@20" not in untold["scores"][0]["means"]
    assert told["scores"][0]["means"]["R@20"]["mean"] == 1


def test_queries_that_nothing_answers_are_measured_by_themselves(
    command: Command, tmp_path: Path
) -> None:
    collection.write(replace(HARBOUR, topics=TOPICS[2:], judgements=()), command.judged)
    result = command(str(command.judged), f"--report={tmp_path}/page.html")
    assert result.exit_code == 0, result.output
    assert "2 queries, 0 of them judged on 0 places, 1 unanswerable, 1 not judged" in result.stdout
    assert "of 1 (" in result.stdout
    assert "Measures of each run" not in (tmp_path / "page.html").read_text()


def test_queries_of_other_splits_are_said_not_to_be_asked(
    assessor: Assessor,
) -> None:
    found = evaluation(
        replace(HARBOUR, left_out=7), assessor, [a_run("one", assessor, found=True)], subject="one"
    )
    said = str(next(iter(overview(found))))
    assert "7 more queries without judgements were not asked" in said


def test_what_is_neither_a_collection_nor_a_measurement_is_named(command: Command) -> None:
    result = command("nonsense")
    assert result.exit_code == 1
    assert "nonsense does not exist" in result.stderr
    assert "lineage" in result.stderr


def test_any_other_measurement_is_made_by_its_name(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def figures(folder: Path) -> tuple[Figure, ...]:
        return (
            Figure(
                what="quotations told", value=75.0, unit="%", of=4, at_least=90, exceptions=("x",)
            ),
        )

    monkeypatch.setitem(measure.MEASURED, "verification", ("Quotations checked", figures))
    monkeypatch.setattr("eval.command.real_documents", lambda: command.judged)
    for name in ("verification", "verify"):
        told = command(name).stdout
        for shown in ("Quotations checked", "75% (of 4)", ">= 90%", "not reached", "told: x"):
            assert shown in told
    assert json.loads(command("verify", "--json").stdout)["figures"][0]["value"] == 75
    assert command("verify", "--report=page.html").exit_code == 2


def _figure(what: str) -> Callable[[Path], tuple[Figure, ...]]:
    return lambda folder: (Figure(what=what, value=1.0),)


def test_recommendations_are_measured_with_all_that_hangs_on_them(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("recommendations", "duties", "similar", "responses", "lineage")
    for name in names:
        monkeypatch.setitem(measure.MEASURED, name, (f"On {name}", _figure(f"{name} found")))
    monkeypatch.setattr("eval.command.real_documents", lambda: command.judged)
    told = command("recommendations").stdout
    assert all(f"{name} found" in told for name in names)
    assert "duties found" not in command("similar").stdout
    listed = json.loads(command("recommendations", "--json").stdout)
    assert [each["name"] for each in listed] == list(names)


def test_a_report_and_runs_are_written_beside_the_table(command: Command, tmp_path: Path) -> None:
    written = [f"--report={tmp_path}/new/page.html", f"--run={tmp_path}/new/out.run"]
    assert command(str(command.judged), *written).exit_code == 0
    names = {path.name for path in (tmp_path / "new").iterdir()}
    runs = {"out.run", "out.dense.run", "out.lexical.run", "out.rrf.run"}
    assert names == {"page.html", *runs, *(f"{name}.made-by.json" for name in runs)}
    made_by = json.loads((tmp_path / "new" / "out.run.made-by.json").read_text())
    assert (made_by["model"], made_by["passages"]) == ("toy", 5)
    again = command(str(command.judged), f"--against={tmp_path}/new/out.dense.run")
    assert "hybrid - out.dense" in again.stdout


def test_runs_of_one_name_are_told_apart(command: Command, tmp_path: Path) -> None:
    mine, theirs = tmp_path / "hybrid.run", tmp_path / "theirs" / "hybrid.run"
    command(str(command.judged), f"--run={mine}")
    theirs.parent.mkdir()
    theirs.write_text("q1 Q0 nowhere 1 0.5 theirs\n")
    compared = [f"--against={mine}", f"--against={theirs}", f"--report={tmp_path}/page.html"]
    result = command(str(command.judged), *compared)
    assert result.exit_code == 0
    assert "hybrid - hybrid (2)" in result.stdout
    page = " ".join((tmp_path / "page.html").read_text().split())
    counts = re.findall(r"− hybrid \(\d\)</b>:.*?(\d) better</span>, (\d) the same", page)
    assert counts == [("0", "2"), ("1", "1")]
