"""The command line: stdout holds the result and nothing else, exit codes mean what they say."""

import csv
import json
import os
import shutil
import socket
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import cast

import pytest
from harbour import (
    DIGEST,
    DIGESTED,
    FORMER,
    GATES,
    GONE,
    PLAN,
    RECOMMENDATION,
    REVIEW,
    STATED,
    WITNESS,
    build_harbour,
)
from pydantic import JsonValue
from toyembedder import ReadingEmbedder, ToyEmbedder
from typer.testing import CliRunner, Result

from api import terminal, wire
from api.cli import app
from api.settings import settings

Record = dict[str, JsonValue]

REPORT = """# Harbour Review

1. The police board had no plan for a flood at the lower gates, and officers were not vetted.

## Recommendations

Recommendation 1: The board should publish a flood plan each year (paragraph 1).
"""


@pytest.fixture(autouse=True)
def toy_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    """No command exports or loads a model here, nor hears of the machine's own settings."""

    def toy(model: str, models: Path) -> ToyEmbedder:
        return ToyEmbedder()

    monkeypatch.setattr("api.corpus.load_embedder", toy)
    monkeypatch.setattr("api.building.prepare_embedder", toy, raising=False)
    monkeypatch.delenv("QDRANT_URL", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    settings.cache_clear()


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.md"
    path.write_text(REPORT, encoding="utf-8")
    return path


def run(*arguments: str | Path, data: Path | None = None, given: str | None = None) -> Result:
    place = ["--data", str(data)] if data else []
    return CliRunner().invoke(app, [*map(str, arguments), *place], input=given)


def lines(result: Result) -> list[Record]:
    assert result.exit_code == 0, result.stderr
    return [cast(Record, json.loads(line)) for line in result.stdout.splitlines()]


def document(result: Result) -> Record:
    assert result.exit_code == 0, result.stderr
    return cast(Record, json.loads(result.stdout))


# search


def test_a_search_prints_one_json_document_and_nothing_else(harbour: Path) -> None:
    answer = document(run("search", "flood plan", "-k", "2", "--json", data=harbour))
    hits = cast(list[Record], answer["hits"])
    assert {str(hit["passage_id"]) for hit in hits} == {GATES, STATED}
    assert answer["query"] == "flood plan"


def test_a_search_reads_as_cited_evidence(harbour: Path) -> None:
    said = run("search", "flood plan lower gates", data=harbour).stdout
    assert "The board had no plan for a flood at the lower gates." in said
    assert "Dame Ann Example, Harbour Review: Final Report" in said
    assert "para 3.12, p 34" in said
    assert "leadership_governance: board had no plan (inquiry, found)" in said
    assert "(witness, alleged)" in said
    assert "Recommendation 4 (cross reference, cited): The board should publish" in said
    assert "digest, not the published words" in said


def test_a_search_says_why_where_it_is_asked_to(harbour: Path) -> None:
    said = run("search", "flood plan", "-k", "1", "--explain", data=harbour).stdout
    why = " ".join(said.split())  # in however many lines the terminal takes
    assert "dense rank 1" in why
    assert "lexical rank 2" in why
    assert "flood x1" in why
    assert "best sentence by exact words" in why
    assert "dense" in why.partition(" score ")[2].partition("=")[2]
    assert "score" not in run("search", "flood plan", "-k", "1", data=harbour).stdout


def test_exact_words_come_first_at_the_command_line(harbour: Path) -> None:
    answer = document(run("search", 'fees "had no plan"', "--json", data=harbour))
    (first, *_) = cast(list[Record], answer["hits"])
    assert first["passage_id"] == GATES
    said = run("search", '"penguin census" flood', data=harbour).stdout
    assert "No passage searched holds “penguin census”" in said


def test_more_like_a_passage_needs_no_words(harbour: Path) -> None:
    answer = document(run("search", "--like", GATES, "--unlike", WITNESS, "--json", data=harbour))
    found = {str(hit["passage_id"]) for hit in cast(list[Record], answer["hits"])}
    assert STATED in found
    assert not {GATES, WITNESS} & found


def test_a_search_that_finds_nothing_says_so(harbour: Path) -> None:
    result = run("search", "zebra", "--mode", "lexical", data=harbour)
    assert result.exit_code == 0
    assert "Nothing strong here" in result.stdout
    assert "No passage matches" in result.stdout


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("--tag", "leadership_governance", {GATES, WITNESS}),
        ("--document", DIGEST, {DIGESTED}),
        ("--voice", "witness", {WITNESS}),
        ("--stance", "found", {GATES}),
        ("--recommendation", RECOMMENDATION, {GATES, STATED}),
        ("--edition", "digest", {DIGESTED}),
        ("--date-from", "2022-01-01", {f"{PLAN}:1"}),
        ("--date-to", "2021-12-31", {GATES, WITNESS, STATED}),
    ],
)
def test_an_option_filters_searches_and_lists(
    harbour: Path, option: str, value: str, expected: set[str]
) -> None:
    answer = document(run("search", "flood", option, value, "--json", data=harbour))
    assert {str(hit["passage_id"]) for hit in cast(list[Record], answer["hits"])} == expected
    listed = lines(run("passages", option, value, "--json", data=harbour))
    assert {str(passage["passage_id"]) for passage in listed} == expected


def test_words_cannot_command_the_terminal(tmp_path: Path) -> None:
    assert terminal.words("a\x1b[31mb\u202ec").plain == "a\ufffd[31mb\ufffdc"
    assert terminal.words("[bold]x[/bold]").plain == "[bold]x[/bold]"


# lists


@pytest.mark.parametrize(
    ("command", "count"),
    [("documents", 3), ("passages", 5), ("findings", 2), ("recommendations", 1), ("links", 2)],
)
def test_every_list_is_json_lines_and_a_table(harbour: Path, command: str, count: int) -> None:
    records = lines(run(command, "--json", data=harbour))
    assert len(records) == count
    assert all(record["citation"] for record in records)
    table = list(csv.DictReader(StringIO(run(command, "--csv", data=harbour).stdout)))
    assert len(table) == count
    assert len(run(command, data=harbour).stdout.splitlines()) == count


def test_a_recommendation_is_exported_whole(harbour: Path) -> None:
    (record,) = lines(run("recommendations", "--json", data=harbour))
    assert record["number"] == "4"
    assert record["kind"] == "recommendation"
    assert record["text"] == "The board should publish a flood plan each year"
    assert record["sub_parts"] == ["publish a flood plan"]
    assert record["addressee"] == ["the board"]
    assert record["deadline"] == "each year"


def test_a_recommendation_without_evidence_is_listed_as_such(harbour: Path) -> None:
    row = run("recommendations", data=harbour).stdout
    assert "1 passage" in row
    assert "no answer" in row
    (record,) = lines(run("recommendations", "--json", data=harbour))
    none: Record = {"total": 0, "by_basis": {}, "first": None, "first_cited": None}
    bare: Record = {**record, "evidence": none}
    cells = terminal.recommendation_row(wire.Recommendation.model_validate(bare))
    assert "no evidence" in cells


def test_findings_are_counted_by_tag_and_chapter(harbour: Path) -> None:
    counted = lines(run("findings", "--matrix", "chapter", "--json", data=harbour))
    assert sum(cast(int, cell["count"]) for cell in counted) == 2
    assert {str(cell["document_id"]) for cell in counted} == {REVIEW}
    told = run("findings", "--matrix", "chapter", data=harbour).stdout
    assert "1 found" in told and "1 alleged" in told


@pytest.mark.parametrize(
    "command",
    [
        ["search", "flood", "--json", "--csv"],
        ["findings", "--csv", "--json"],
        ["findings", "--matrix", "chapter", "--json", "--csv"],
        ["recommendations", "--markdown", "--csv"],
        ["findings", "--matrix", "chapter", "--explain", GATES],
        ["findings", "--qdpx", "none/codes.qdpx", "--json"],
        ["findings", "--qdpx", "none/codes.qdpx", "--csv"],
        ["findings", "--explain", GATES, "--csv"],
    ],
)
def test_two_forms_of_one_answer_are_refused(harbour: Path, command: list[str]) -> None:
    refused = run(*command, data=harbour)
    assert refused.exit_code == 2 and "Choose one of" in refused.stderr
    assert not refused.stdout


# batch


def test_a_batch_writes_a_run(harbour: Path, tmp_path: Path) -> None:
    queries = tmp_path / "queries.jsonl"
    queries.write_text('{"id": "a", "query": "flood"}\n\n{"id": "b", "query": "dusk"}\n', "utf-8")
    out = tmp_path / "run.jsonl"
    result = run("batch", queries, "-k", "2", "--out", out, data=harbour)
    assert (result.exit_code, result.stdout) == (0, "")
    ranked = [cast(Record, json.loads(line)) for line in out.read_text("utf-8").splitlines()]
    assert [(line["query_id"], line["rank"]) for line in ranked] == [
        ("a", 1),
        ("a", 2),
        ("b", 1),
        ("b", 2),
    ]
    assert list(ranked[0]) == [
        "query_id",
        "rank",
        "score",
        "passage_id",
        "document",
        "source",
        "pdf_page",
        "pdf_page_end",
        "text",
    ]


def test_a_batch_reads_stdin_and_writes_stdout(harbour: Path) -> None:
    given = '{"id": "a", "query": "dusk"}\n'
    (best,) = lines(run("batch", "-", "-k", "1", data=harbour, given=given))
    assert best["document"] == PLAN


@pytest.mark.parametrize(
    "bad",
    ["{", "[]", '{"id": "b"}', '{"id": 1, "query": "x"}', '{"id": "b", "query": " "}', "\xff"],
)
def test_a_bad_line_is_named_and_leaves_nothing_half_written(
    harbour: Path, tmp_path: Path, bad: str
) -> None:
    queries = tmp_path / "queries.jsonl"
    queries.write_bytes(b'{"id": "a", "query": "flood"}\n' + bad.encode("latin-1"))
    out = tmp_path / "run.jsonl"
    out.write_text("before", encoding="utf-8")
    result = run("batch", queries, "--out", out, data=harbour)
    assert result.exit_code == 1
    assert "line 2" in result.stderr
    assert out.read_text("utf-8") == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["queries.jsonl", "run.jsonl"]


def test_a_run_that_cannot_be_written_is_told(harbour: Path, tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "run.jsonl"
    result = run("batch", "-", "--out", out, data=harbour, given='{"id":"a","query":"x"}')
    assert result.exit_code == 1
    assert "nowhere" in result.stderr


# show


@pytest.mark.parametrize(
    ("id", "field"),
    [(GATES, "passage_id"), (RECOMMENDATION, "recommendation"), (REVIEW, "pages")],
)
def test_anything_can_be_shown(harbour: Path, id: str, field: str) -> None:
    assert field in document(run("show", id, "--json", data=harbour))
    assert run("show", id, data=harbour).exit_code == 0


def test_a_recommendation_is_shown_with_its_evidence(harbour: Path) -> None:
    said = run("show", RECOMMENDATION, data=harbour).stdout
    stated, argued = said.partition("\nStated")[2].split("\nEvidence", 1)
    assert STATED in stated and GATES not in stated
    assert "should publish a flood plan" in " ".join(stated.split())
    assert GATES in argued and STATED not in argued
    assert "The board should publish a flood plan each year" in said
    assert "The board had no plan for a flood" in said


def test_a_former_id_is_shown_with_what_became_of_its_words(harbour: Path) -> None:
    moved = document(run("show", FORMER, "--json", data=harbour))
    assert (moved["status"], moved["passage_id"]) == ("moved", GATES)
    assert "moved" in run("show", FORMER, data=harbour).stdout
    gone = document(run("show", GONE, "--json", data=harbour))
    assert (gone["status"], gone["evidence"]) == ("gone", None)


def test_a_citation_is_printed_and_nothing_else(harbour: Path) -> None:
    assert run("cite", GATES, data=harbour).stdout == (
        "Dame Ann Example, Harbour Review: Final Report (HC 9999, 2021) para 3.12, p 34"
        " <https://example.org/harbour-review.pdf#page=1>\n"
    )
    assert run("cite", GATES, "--style", "ris", data=harbour).stdout.startswith("TY  - RPRT\n")
    whole = document(run("cite", GATES, "--style", "bibtex", "--json", data=harbour))
    assert str(whole["content"]).startswith("@techreport{")


def test_a_citation_that_does_not_hold_fails(harbour: Path, tmp_path: Path) -> None:
    citation = tmp_path / "citation.json"
    citation.write_text(run("cite", DIGESTED, "--json", data=harbour).stdout, encoding="utf-8")
    sources = harbour / "given"
    sound = run("check-citation", citation, sources / "harbour-letter.md")
    assert sound.exit_code == 0
    assert "The citation is sound." in sound.stdout
    other = run("check-citation", citation, sources / "harbour-plan.pdf")
    assert other.exit_code == 1
    assert "NO   file: SHA-256 is" in other.stdout


def test_an_unknown_id_fails_in_words(harbour: Path) -> None:
    result = run("show", f"{REVIEW}:9.99", data=harbour)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")
    assert "Traceback" not in result.stderr


# tag


def test_text_is_tagged_line_by_line(modelled: Path) -> None:
    texts = ["Police officers were not vetted. 😀", "The weather was fine."]
    given = "\n".join(json.dumps({"id": str(n), "text": text}) for n, text in enumerate(texts))
    tagged = lines(run("tag", "-", given=given, data=modelled))
    assert [line["id"] for line in tagged] == ["0", "1"]
    assert [list(line) for line in tagged] == [["id", "findings", "sentences"]] * 2
    (finding,) = cast(list[dict[str, int | str]], tagged[0]["findings"])
    assert list(finding) == ["tag", "start", "end", "voice", "stance", "confidence", "rule"]
    assert finding["tag"] == "vetting_failure"
    assert "vetted" in texts[0][int(finding["start"]) : int(finding["end"])]
    assert tagged[1]["findings"] == []


@pytest.mark.parametrize("bad", ["{", '{"id": "a"}', '{"id": "a", "text": 1}'])
def test_a_text_that_cannot_be_tagged_is_named(modelled: Path, bad: str) -> None:
    result = run("tag", "-", data=modelled, given=f'{{"id": "a", "text": "x"}}\n{bad}\n')
    assert result.exit_code == 1
    assert "stdin, line 2" in result.stderr and "--plain" in result.stderr


def test_one_text_is_tagged_without_a_file(modelled: Path) -> None:
    (tagged,) = lines(run("tag", "--text", "Officers were not vetted.", data=modelled))
    assert [found["tag"] for found in cast(list[Record], tagged["findings"])] == ["vetting_failure"]


SPOKEN = (
    "A witness spoke of the gates.\n\nShe said that officers\nwere not vetted.\n \n\nIt rained."
)


@pytest.mark.parametrize("from_stdin", [True, False])
def test_plain_text_is_tagged_by_paragraphs(
    modelled: Path, tmp_path: Path, from_stdin: bool
) -> None:
    path = tmp_path / "notes.TXT"
    path.write_text(SPOKEN, encoding="utf-8")
    asked = ["--plain"] if from_stdin else [path]
    tagged = lines(run("tag", *asked, data=modelled, given=SPOKEN if from_stdin else None))
    assert [line["id"] for line in tagged] == ["1", "2", "3"]
    (finding,) = cast(list[Record], tagged[1]["findings"])
    # "She" is somebody only to who has read the paragraph before.
    assert (finding["tag"], finding["voice"]) == ("vetting_failure", "witness")


def test_a_kind_of_document_goes_for_whatever_names_no_other(modelled: Path) -> None:
    ours = {"id": "a", "text": "Officers were not vetted."}
    given = "\n".join(map(json.dumps, [ours, ours | {"document_kind": "final_report"}]))
    by_line = lines(run("tag", "--kind", "response", data=modelled, given=given))
    (alone,) = lines(run("tag", "--kind", "response", "--text", ours["text"], data=modelled))
    voices = [
        finding["voice"]
        for line in (*by_line, alone)
        for finding in cast(list[Record], line["findings"])
    ]
    assert voices == ["official", "inquiry", "official"]


def test_words_and_the_reason_of_the_voice_are_added_where_asked_for(modelled: Path) -> None:
    said = "A witness told us that officers were not vetted."
    (tagged,) = lines(run("tag", "--words", "--text", said, data=modelled))
    (finding,) = cast(list[Record], tagged["findings"])
    (sentence,) = cast(list[Record], tagged["sentences"])
    assert finding["text"] == "vetted" and sentence["text"] == said
    assert (sentence["by"], sentence["why"]) == ("told us", "evidence that was given")


def test_a_text_and_a_file_together_are_refused(modelled: Path) -> None:
    refused = run("tag", "--text", "x", "somewhere.jsonl", data=modelled)
    assert refused.exit_code == 1 and "A text was given, and a file" in refused.stderr


def test_a_long_text_is_said_to_take_a_while(
    modelled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.tagging.LONG", 10)
    assert "12 characters" in run("tag", "--text", "It rained a.", data=modelled).stderr


def test_tagging_makes_no_data_directory_that_was_named_in_error(tmp_path: Path) -> None:
    refused = run("tag", "--text", "x", data=tmp_path / "nowhere")
    assert refused.exit_code == 1 and "no data directory" in refused.stderr
    assert not (tmp_path / "nowhere").exists()


# build, add, remove


def test_a_folder_is_built_and_can_be_searched(report: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    built = run("build", report, data=data)
    assert built.exit_code == 0, built.stderr
    assert built.stdout.startswith("report: built; ")
    answer = document(run("search", "flood plan", "--json", data=data))
    assert cast(list[Record], answer["hits"])[0]["passage_id"]
    again = document(run("build", report, "--json", data=data))
    assert [doc["state"] for doc in cast(list[Record], again["documents"])] == ["unchanged"]
    assert again["embedded"] == 0


def test_a_document_that_fails_leaves_the_rest_in(report: Path, tmp_path: Path) -> None:
    empty = report.with_name("empty.pdf")
    empty.touch()
    result = run("build", report, empty, "--json", data=tmp_path / "data")
    assert result.exit_code == 3
    states = [doc["state"] for doc in json.loads(result.stdout)["documents"]]
    assert sorted(states) == ["built", "failed"]
    assert "empty.pdf" in result.stderr


def test_where_nothing_can_be_read_the_build_fails(tmp_path: Path) -> None:
    result = run("build", tmp_path / "missing.pdf", data=tmp_path / "data")
    assert result.exit_code == 1
    assert "missing.pdf" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_file_is_added_under_an_id_and_removed_again(report: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    build_harbour(data)
    assert run("add", report, "--as", "annual-report", data=data).exit_code == 0
    (record,) = [
        record
        for record in lines(run("documents", "--json", data=data))
        if record["id"] == "annual-report"
    ]
    assert record["edition"] == "official"
    assert run("remove", "annual-report", data=data).exit_code == 0
    assert len(lines(run("documents", "--json", data=data))) == 3


def test_a_file_that_is_here_is_not_taken_in_under_another_name(
    report: Path, tmp_path: Path
) -> None:
    data, copy = tmp_path / "data", report.with_name("copy.html")
    copy.write_bytes(report.read_bytes())
    assert run("build", report, data=data).exit_code == 0
    built = document(run("build", copy, "--json", data=data))
    assert (built["documents"], len(cast(list[str], built["left_out"]))) == ([], 1)
    added = run("add", copy, data=data)
    assert added.exit_code == 1
    assert "was read from" in added.stderr
    assert len(lines(run("documents", "--json", data=data))) == 1


def test_a_file_without_a_word_is_said_to_hold_nothing(report: Path, tmp_path: Path) -> None:
    blank = tmp_path / "blank.html"
    blank.write_text("<html><body></body></html>", encoding="utf-8")
    built = run("build", report, blank, data=tmp_path / "data")
    assert "NOTHING to search in it" in built.stdout


def test_what_is_not_there_cannot_be_removed(harbour: Path) -> None:
    result = run("remove", "nothing", data=harbour)
    assert (result.exit_code, result.stdout) == (1, "")


def test_an_id_that_is_none_is_refused(report: Path, tmp_path: Path) -> None:
    result = run("add", report, "--as", "../escape", data=tmp_path / "data")
    assert result.exit_code == 1
    assert "Traceback" not in result.stderr


def test_a_build_that_is_interrupted_says_what_is_kept(
    report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("api.building.build_casebook", stop)
    result = run("build", report, data=tmp_path / "data")
    assert (result.exit_code, result.stdout) == (130, "")
    assert "kept" in result.stderr


def test_a_host_that_is_no_address_is_said_to_be_none() -> None:
    result = run("serve", "--host", "256.1.1.1")
    assert result.exit_code == 2
    assert "'256.1.1.1' is no address" in result.stderr
    assert "other machines" not in result.stderr


@pytest.mark.parametrize("host", ["256.1.1.1", "192.0.2.1", ""])
def test_a_host_is_refused_by_the_name_of_its_setting(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("CASEBOOK_HOST", host)
    settings.cache_clear()
    from_outside, given = run("serve").stderr, run("serve", "--host", host).stderr
    assert "CASEBOOK_HOST" in from_outside and "--host" not in from_outside
    assert "--host" in given and "CASEBOOK_HOST" not in given


def test_a_port_that_is_taken_is_said_to_be(harbour: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        result = run("serve", "--port", str(port), data=harbour)
    assert result.exit_code == 1
    assert f"port {port}" in result.stderr
    assert "Serving" not in result.stderr


# doctor


def test_pages_that_are_pictures_are_read_where_tesseract_is(
    harbour: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for missing, said in ((None, "reads pages"), ("It is not there", "stay unread")):
        monkeypatch.setattr("api.doctor.available", lambda missing=missing: missing)
        assert said in run("doctor", data=harbour).stdout


def test_a_sound_data_directory_is_called_sound(harbour: Path) -> None:
    examined = document(run("doctor", "--json", data=harbour))
    assert examined["sound"] is True
    names = [str(check["name"]) for check in cast(list[Record], examined["checks"])]
    assert {"packaged model", "Tesseract", "lock", f"document {REVIEW}", "index"} <= set(names)


def test_the_doctor_says_what_the_model_cannot(
    harbour: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "toy tells nothing of single sentences" in run("doctor", data=harbour).stdout

    def reading(model: str, models: Path) -> ReadingEmbedder:
        return ReadingEmbedder()

    monkeypatch.setattr("api.corpus.load_embedder", reading)
    said = run("doctor", data=harbour).stdout
    assert "toy tells what each sentence says" in said
    assert "PyTorch" not in said
    monkeypatch.setenv("CASEBOOK_MODEL", "some/name")
    settings.cache_clear()
    assert "it is run by PyTorch, which is slower" in run("doctor", data=harbour).stdout


@pytest.mark.parametrize(
    ("name", "words", "others", "at"),
    [
        ("text.txt", b"flood", b"fl00d", f"document {REVIEW}"),
        ("passages.jsonl", b"3.12", b"3.21", f"document {REVIEW}"),
        ("document.json", b"Dame Ann", b"Dame Zoe", "index"),
    ],
)
def test_a_changed_file_is_found_and_named(
    tmp_path: Path, name: str, words: bytes, others: bytes, at: str
) -> None:
    build_harbour(tmp_path)
    path = tmp_path / "documents" / REVIEW / name
    changed = path.read_bytes().replace(words, others)
    path.unlink()
    path.write_bytes(changed)
    result = run("doctor", "--json", data=tmp_path)
    assert result.exit_code == 1
    wrong = [check for check in json.loads(result.stdout)["checks"] if check["problem"]]
    assert at in [check["name"] for check in wrong]
    assert all(check["remedy"] for check in wrong)


def test_a_changed_source_is_found(tmp_path: Path) -> None:
    build_harbour(tmp_path)
    for source in (tmp_path / "sources").glob("*.pdf"):
        source.chmod(0o644)
        source.write_bytes(b"other bytes")
    assert run("doctor", data=tmp_path).exit_code == 1


def test_an_index_of_other_documents_is_found(tmp_path: Path) -> None:
    build_harbour(tmp_path)
    shutil.rmtree(tmp_path / "documents" / PLAN)
    result = run("doctor", data=tmp_path)
    assert result.exit_code == 1
    assert "casebook build" in result.stdout


# usage, errors and pipes


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["search"],
        ["search", ""],
        ["search", " "],
        ["search", "x", "-k", "0"],
        ["search", "x", "--mode", "psychic"],
        ["search", "x", "--voice", "nobody"],
        ["search", "x", "--date-from", "yesterday"],
        ["serve", "--host", "0.0.0.0"],
        ["serve", "--host", "192.0.2.1"],
        ["serve", "--port", "70000"],
        ["build"],
    ],
)
def test_wrong_usage_has_its_own_code(arguments: list[str]) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize("command", ["search", "show"])
def test_before_the_first_build_every_question_says_to_build(tmp_path: Path, command: str) -> None:
    result = run(command, "x", data=tmp_path / "none")
    assert result.exit_code == 1
    assert "Run `casebook build` first" in result.stderr
    assert not (tmp_path / "none").exists()


def test_a_file_in_place_of_a_data_directory_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("search", "x", data=tmp_path / "file")
    assert result.exit_code == 1
    assert "Run `casebook build` first" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "x", "--tag", "nothing"],
        ["search", "x" * 2_001],
        ["passages", "--document", "nothing"],
        ["links", "--recommendation", "nothing"],
    ],
)
def test_a_question_that_cannot_be_answered_fails_in_words(
    harbour: Path, arguments: list[str]
) -> None:
    result = run(*arguments, data=harbour)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error: ")


def test_a_setting_that_makes_no_sense_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CASEBOOK_WORKERS", "none")
    settings.cache_clear()
    result = run("search", "x", data=tmp_path)
    assert result.exit_code == 1
    assert "WORKERS" in result.stderr


def test_the_data_directory_can_come_from_the_environment(
    harbour: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEBOOK_DATA", str(harbour))
    settings.cache_clear()
    assert len(lines(run("documents", "--json"))) == 3


def test_a_defect_keeps_its_traceback(harbour: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(self: ToyEmbedder, text: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(ToyEmbedder, "query", breaks)
    assert isinstance(run("search", "x", data=harbour).exception, ZeroDivisionError)


_IN_PROCESS = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from toyembedder import ToyEmbedder
import api.corpus
api.corpus.load_embedder = lambda model, models: ToyEmbedder()
from api.cli import main
try:
    main()
finally:
    {after}
"""


def _process(
    harbour: Path, *arguments: str, after: str = "pass", shell: str = ""
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, whose embedder is the toy."""
    program = _IN_PROCESS.format(tests=str(Path(__file__).parent), after=after)
    command = [sys.executable, "-c", program, *arguments, "--data", str(harbour)]
    environment = {name: value for name, value in os.environ.items() if name != "QDRANT_URL"}
    return subprocess.run(
        ["sh", "-c", f'"$@" {shell}', "sh", *command],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=environment,
    )


def test_a_reader_who_has_had_enough_is_no_error(harbour: Path) -> None:
    ended = _process(harbour, "passages", "--json", shell="| true")
    assert (ended.returncode, ended.stderr) == (0, "")


def test_an_interrupt_ends_quietly(harbour: Path) -> None:
    interrupting = "signal.raise_signal(signal.SIGINT)"
    # A shell that starts a job in the background has it ignore interrupts.
    program = (
        "import signal, api.cli, api.corpus\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"api.corpus.load_embedder = lambda *_: {interrupting}\n"
        "api.cli.main()"
    )
    command = [sys.executable, "-c", program, "search", "x", "--data", str(harbour)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 130
    assert "Traceback" not in ended.stderr


_HEAVY = ("torch", "spacy", "sentence_transformers", "pypdf", "langchain_text_splitters", "fastapi")


def test_a_search_imports_nothing_that_only_a_build_or_the_service_needs(harbour: Path) -> None:
    after = f"print(sorted(set({_HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    ended = _process(harbour, "search", "flood", "--json", after=after)
    assert ended.returncode == 0
    assert ended.stderr.strip() == "[]"
    assert json.loads(ended.stdout)["hits"]


def test_the_module_is_the_command_too() -> None:
    command = [sys.executable, "-m", "api.cli", "--help"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 0
    for name in ("build", "search", "batch", "show", "tag", "serve", "doctor", "add", "remove"):
        assert f"  {name} " in ended.stdout
