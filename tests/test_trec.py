"""TREC's and BEIR's forms, and runs as files: what is written is what is read back."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from harbour import FORMER, GATES, GONE, REVIEW, STATED
from toyembedder import ToyEmbedder

from eval import beir, collection, command, runfile, trec
from eval.collection import Collection, Judgement, Place, Topic
from eval.crediting import Assessor
from eval.evaluation import evaluation
from eval.metrics import MEASURES
from eval.retrieval import runs
from index.casebook import Casebook
from index.edge import EdgeEngine
from index.search import Mode
from ingest.errors import CorpusError
from ingest.library import Library
from ingest.model import Span

PASSAGES = Collection(
    name="judged",
    topics=(Topic(id="q1", text="plan for a flood"), Topic(id="q2", text="fees, lower")),
    judgements=(
        Judgement(query="q1", document=GATES, grade=3),
        Judgement(query="q2", document=STATED, grade=1),
    ),
    relevant=1,
)
PLACES = Collection(
    name="judged",
    topics=PASSAGES.topics,
    judgements=(
        Judgement(
            query="q2",
            document="harbour-letter.md",
            grade=2,
            places=(Place(page=None, span=Span(0, 30)),),
        ),
        Judgement(query="q1", document=GATES, grade=3),
    ),
)


@pytest.fixture
def casebook(harbour: Path) -> Casebook:
    return Casebook(harbour, embedder=ToyEmbedder(), engine=EdgeEngine())


@pytest.fixture
def assessor(harbour: Path, casebook: Casebook) -> Assessor:
    return Assessor(PLACES, casebook.shelf, Library(harbour))


def test_topics_and_qrels_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    folder = tmp_path / "judged"
    trec.write(PASSAGES, folder)
    assert trec.read(folder) == PASSAGES
    assert command.named(str(folder)) == PASSAGES


def test_the_older_form_of_topics_is_read(tmp_path: Path) -> None:
    topics = (
        "<top>\n<num> Number: 301\n<title> Flood\n plans\n\n<desc> Description:\nAny.\n</top>\n"
        "<top><num>302</num><title>Topic: lower fees</title></top>\n"
    )
    (tmp_path / "topics.301-302.txt").write_text(topics)
    (tmp_path / "qrels.301-302.txt").write_text("301 0 doc-1 1\n302 0 doc-2 -2\n")
    read = trec.read(tmp_path)
    assert [(topic.id, topic.text) for topic in read.topics] == [
        ("301", "Flood plans"),
        ("302", "lower fees"),
    ]
    assert [judgement.grade for judgement in read.judgements] == [1, 0]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("qrels.txt", "q1 0 doc\n", "qrels.txt, line 1"),
        ("qrels.txt", "q1 0 doc good\n", "qrels.txt, line 1"),
        ("topics.txt", "q1 no tab\n", "topics.txt, line 1"),
        ("topics.txt", "<top><num>1</top>", "without <num> or <title>"),
    ],
)
def test_a_line_that_is_wrong_is_named(tmp_path: Path, name: str, content: str, said: str) -> None:
    trec.write(PASSAGES, tmp_path)
    (tmp_path / name).write_text(content)
    with pytest.raises(CorpusError, match=said):
        trec.read(tmp_path)


def test_a_name_with_a_space_is_refused_where_the_form_has_no_place_for_it(tmp_path: Path) -> None:
    spaced = Judgement(query="q1", document="annual report.pdf", grade=1)
    judged = Collection(name="judged", topics=PASSAGES.topics, judgements=(spaced,))
    with pytest.raises(CorpusError, match="annual report"):
        trec.write(judged, tmp_path)


def test_a_beir_folder_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    folder = tmp_path / "judged"
    texts = [beir.Text(GATES, "No plan.", "Review"), beir.Text("a/b c", "Fees.")]
    beir.write(PASSAGES, texts, folder)
    assert beir.read(folder) == PASSAGES
    assert list(beir.corpus(folder)) == texts
    assert command.named(str(folder)) == PASSAGES


def test_a_beir_folder_has_queries_that_nothing_answers_and_those_of_other_splits(
    tmp_path: Path,
) -> None:
    unanswerable = Topic(id="q3", text="who paid?", answerable=False)
    other = Topic(id="q4", text="of the training split")
    beir.write(replace(PASSAGES, topics=(*PASSAGES.topics, unanswerable, other)), (), tmp_path)
    read = beir.read(tmp_path)
    assert read.topics == (*PASSAGES.topics, unanswerable)
    assert (read.unanswerable, read.left_out) == ((unanswerable,), 1)


def test_a_beir_corpus_is_unpacked_into_files_with_safe_names(tmp_path: Path) -> None:
    texts = [beir.Text("../a/b", "Fees.", "Title"), beir.Text("plain", "Gates.")]
    beir.write(PASSAGES, texts, tmp_path / "judged")
    assert command.unpack(str(tmp_path / "judged"), tmp_path / "files") == 2
    files = {path.name: path.read_text() for path in (tmp_path / "files").iterdir()}
    assert files == {"..%2Fa%2Fb.txt": "Title\n\nFees.\n", "plain.txt": "Gates.\n"}


def test_places_become_the_passages_that_meet_them(assessor: Assessor) -> None:
    judged = assessor.by_passage().judgements
    assert [(each.query, each.document, each.grade) for each in judged] == [
        ("q1", GATES, 3),
        ("q2", "harbour-letter:the-letter-asked-for-lower-fees", 2),
    ]


@pytest.mark.parametrize("form", command.Form)
def test_a_collection_means_the_same_in_every_form(
    form: command.Form, assessor: Assessor, casebook: Casebook, tmp_path: Path
) -> None:
    command.export(assessor, tmp_path / "out", form)
    read = command.named(str(tmp_path / "out"))
    assert read is not None
    again = command.assessor(casebook, read)
    made = runs(casebook, PLACES, assessor, modes=[Mode.HYBRID])
    first, second = (
        evaluation(each.collection, each, made, subject="hybrid").score("hybrid")
        for each in (assessor, again)
    )
    measures = ["nDCG@10"] if read.relevant == trec.RELEVANT else list(MEASURES)
    for measure in measures:
        assert first.values(measure) == second.values(measure)


@pytest.mark.parametrize("ending", ["run", "jsonl"])
def test_a_run_is_read_back_with_the_same_worth(
    assessor: Assessor, casebook: Casebook, tmp_path: Path, ending: str
) -> None:
    made = runs(casebook, PLACES, assessor)
    command.write_runs(made, tmp_path / f"out.{ending}", assessor)
    names = [f"out{mode}.{ending}" for mode in ("", ".dense", ".lexical", ".rrf")]
    read = [runfile.read(tmp_path / name, assessor) for name in names]
    for one, other in zip(made, read, strict=True):
        both = evaluation(PLACES, assessor, [one, other], subject=one.name).scores
        assert both[0].by_query == both[1].by_query


def test_lines_of_a_run_have_offsets_and_are_as_good_without_their_text(
    assessor: Assessor, casebook: Casebook, tmp_path: Path
) -> None:
    made = runs(casebook, PLACES, assessor, modes=[Mode.HYBRID])
    command.write_runs(made, tmp_path / "out.jsonl", assessor)
    rows = [json.loads(row) for row in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert all(row["start"] < row["end"] for row in rows)
    assert {row.get("pdf_page") for row in rows if row["document"] == REVIEW} == {1, 2}
    bare = [{name: row[name] for name in row if name != "text"} for row in rows]
    (tmp_path / "bare.jsonl").write_text("".join(json.dumps(row) + "\n" for row in bare))
    read = runfile.read(tmp_path / "bare.jsonl", assessor)
    both = evaluation(PLACES, assessor, [*made, read], subject="hybrid").scores
    assert both[0].by_query == both[1].by_query


def test_a_line_as_we_write_it_is_its_passage_and_one_of_other_words_is_not(
    assessor: Assessor, casebook: Casebook, tmp_path: Path
) -> None:
    made = runs(casebook, PLACES, assessor, modes=[Mode.HYBRID])
    path = tmp_path / "out.jsonl"
    command.write_runs(made, path, assessor)
    (run,) = made
    assert runfile.read(path, assessor).answers.keys() == run.answers.keys()
    for query, answered in runfile.read(path, assessor).answers.items():
        excerpts = [ranked.excerpt for ranked in run.answers[query].ranking]
        assert [ranked.excerpt for ranked in answered.ranking] == excerpts
    rows = [json.loads(row) for row in path.read_text().splitlines()]
    path.write_text("".join(json.dumps(row | {"text": "Gates."}) + "\n" for row in rows))
    for answered in runfile.read(path, assessor).answers.values():
        assert {ranked.excerpt.length for ranked in answered.ranking} == {len("Gates.")}


def test_a_line_that_shows_nothing_is_named(assessor: Assessor, tmp_path: Path) -> None:
    path = tmp_path / "theirs.jsonl"
    row = {"query_id": "q1", "rank": 4, "source": "harbour-review.pdf", "pdf_page": 1, "start": 9}
    for end in ({}, {"end": 9}):
        path.write_text(json.dumps(row | end))
        with pytest.raises(CorpusError, match=r"shows nothing of .* for q1 at rank 4"):
            runfile.read(path, assessor)


def test_equal_scores_keep_their_order_in_a_run(tmp_path: Path) -> None:
    lines = [trec.Line(query="q", document=name, score=0.5) for name in ("b", "a", "c")]
    trec.write_run(tmp_path / "run", [("q", lines)], tag="tag")
    written = (tmp_path / "run").read_text().splitlines()
    read = sorted(trec.read_run(tmp_path / "run", written), key=lambda line: -line.score)
    assert [line.document for line in read] == ["b", "a", "c"]


def test_the_text_that_another_system_shows_is_a_run(assessor: Assessor, tmp_path: Path) -> None:
    rows = [
        {
            **{"query_id": "q1", "rank": 1, "source": "harbour-review.pdf", "pdf_page": 1},
            "text": "The board had no plan for a flood at the lower gates. Nobody asked for one.",
        },
        {"query_id": "unasked", "rank": 1, "source": "harbour-review.pdf", "text": "gates"},
    ]
    path = tmp_path / "theirs.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    read = runfile.read(path, assessor)
    assert list(read.answers) == ["q1"]
    (step,) = assessor.steps("q1", [ranked.excerpt for ranked in read.answers["q1"].ranking])
    assert step.gain == 3


@pytest.mark.parametrize("score", ["nan", "inf", "-Infinity"])
def test_a_score_that_nothing_can_be_sorted_by_is_refused(
    assessor: Assessor, tmp_path: Path, score: str
) -> None:
    path = tmp_path / "other.run"
    path.write_text(f"q1 Q0 {GATES} 1 0.5 tag\nq1 Q0 {REVIEW} 2 {score} tag\n")
    with pytest.raises(CorpusError, match="line 2"):
        runfile.read(path, assessor)


def test_trec_files_that_begin_with_a_mark_of_their_encoding_are_read(
    assessor: Assessor, tmp_path: Path
) -> None:
    trec.write(PASSAGES, tmp_path / "judged")
    for path in (tmp_path / "judged").iterdir():
        path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert trec.read(tmp_path / "judged") == PASSAGES
    (tmp_path / "one.run").write_text(f"q1 Q0 {GATES} 1 0.5 tag\n", encoding="utf-8-sig")
    assert list(runfile.read(tmp_path / "one.run", assessor).answers) == ["q1"]


def test_topics_in_another_encoding_are_refused_and_not_a_defect(tmp_path: Path) -> None:
    trec.write(PASSAGES, tmp_path)
    (tmp_path / "topics.txt").write_bytes("q1\tcafé\n".encode("latin-1"))
    with pytest.raises(CorpusError, match=r"topics\.txt cannot be read"):
        trec.read(tmp_path)


def test_a_run_of_another_collection_is_refused(assessor: Assessor, tmp_path: Path) -> None:
    path = tmp_path / "other.run"
    path.write_text(f"q77 Q0 {GATES} 1 0.5 tag\n")
    with pytest.raises(CorpusError, match="none of the queries"):
        runfile.read(path, assessor)
    path.write_text(f"q1 Q0 {GATES}\n")
    with pytest.raises(CorpusError, match="line 1"):
        runfile.read(path, assessor)


def test_what_a_run_names_and_the_index_lacks_earns_nothing(assessor: Assessor) -> None:
    assert assessor.named("nowhere").regions == ()
    assert assessor.named(REVIEW).document == REVIEW
    assert assessor.named(FORMER).regions == assessor.named(GATES).regions
    assert assessor.named(GONE).regions == ()
    assert assessor.named(GATES).length == len(assessor.named(GATES).regions[0])


def test_a_folder_of_ours_is_still_read_as_ours(tmp_path: Path) -> None:
    collection.write(PLACES, tmp_path / "judged")
    assert command.named(str(tmp_path / "judged")) == collection.read(tmp_path / "judged")
