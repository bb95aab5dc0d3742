"""Official documents are fetched beside their digests, and never in place of them."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import cast

import pytest
from paper import Paper, printed
from publisher import HOST, Publisher, ok, publishing, raw
from pydantic import JsonValue
from toyembedder import ToyEmbedder
from typer.testing import CliRunner, Result

from api.cli import app
from api.settings import settings

Record = dict[str, JsonValue]

MANIFEST = f"""\
inquiry = "ledger"
only_listed = true
hosts = ["{HOST}"]
licence = "not stated"
digest_licence = "CC BY 4.0"

[[document]]
id = "ledger-report"
title = "The Lost Ledger"
digest = "report.md"
landing_page = "https://{HOST}/ledger"
file_url = "https://{HOST}/ledger.pdf"

[[document]]
id = "ledger-reply"
title = "Reply to The Lost Ledger"
file_url = "https://{HOST}/reply.pdf"

[[document]]
id = "ledger-letter"
title = "A letter about the ledger"
landing_page = "https://{HOST}/letter"
"""
DIGEST = "# The Lost Ledger (digest)\n\n1. The clerk lost the ledger, the report says.\n"


@pytest.fixture(autouse=True)
def toy_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    def toy(model: str, models: Path) -> ToyEmbedder:
        return ToyEmbedder()

    monkeypatch.setattr("api.corpus.load_embedder", toy)
    monkeypatch.setattr("api.building.prepare_embedder", toy)
    monkeypatch.delenv("QDRANT_URL", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    settings.cache_clear()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "ledger"
    folder.mkdir()
    (folder / "corpus.toml").write_text(MANIFEST)
    (folder / "report.md").write_text(DIGEST)
    return folder


@pytest.fixture
def report(tmp_path: Path) -> Path:
    def draw(paper: Paper) -> None:
        paper.line("The Lost Ledger", size=20)
        paper.turn()
        paper.paragraph("1. The ledger was last seen on a Tuesday, and nobody looked for it.")
        paper.turn()

    path = tmp_path / "as-printed.pdf"
    printed(path, draw)
    return path


@pytest.fixture
def publisher(tmp_path: Path, report: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    with publishing(tmp_path) as publisher:
        publisher.replies["/ledger.pdf"] = lambda _: ok(report.read_bytes())
        monkeypatch.setattr("api.fetching.system_network", publisher.network)
        yield publisher


def run(*arguments: str | Path, data: Path) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments), "--data", str(data)])


def states(result: Result) -> dict[str, str]:
    found = cast(list[dict[str, str]], json.loads(result.stdout)["documents"])
    return {record["document"]: record["state"] for record in found}


def documents(data: Path) -> dict[str, Record]:
    result = run("documents", "--json", data=data)
    assert result.exit_code == 0, result.stderr
    found = [cast(Record, json.loads(line)) for line in result.stdout.splitlines()]
    return {str(record["id"]): record for record in found}


def passages(data: Path) -> set[str]:
    """Ids and words."""
    records = map(json.loads, run("passages", "--json", data=data).stdout.splitlines())
    return {f"{record['passage_id']} {record['text']}" for record in records}


def test_what_can_be_had_is_fetched_and_the_rest_is_said(
    publisher: Publisher, corpus: Path, tmp_path: Path
) -> None:
    result = run("fetch", corpus, "--json", data=tmp_path / "data")
    assert result.exit_code == 3
    assert states(result) == {
        "ledger-report": "fetched",
        "ledger-reply": "failed",
        "ledger-letter": "no_address",
    }
    assert "404" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_fetched_document_stands_beside_its_digest(
    publisher: Publisher, corpus: Path, report: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    assert run("build", corpus, data=data).exit_code == 0
    assert list(documents(data)) == ["ledger-report-digest"]
    digested = passages(data)
    assert run("fetch", corpus, "ledger-report", data=data).exit_code == 0
    assert run("build", corpus, data=data).exit_code == 0
    found = documents(data)
    official, digest = found["ledger-report"], found["ledger-report-digest"]
    assert (official["edition"], digest["edition"]) == ("official", "digest")
    assert official["source"] == "ledger.pdf"
    assert official["sha256"] == sha256(report.read_bytes()).hexdigest()
    assert digested < passages(data)
    assert run("doctor", data=data).exit_code == 0


def test_what_is_here_is_not_fetched_again(
    publisher: Publisher, corpus: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    for expected in ("fetched", "here"):
        result = run("fetch", corpus, "ledger-report", "--json", data=data)
        assert states(result) == {"ledger-report": expected}
    assert len(publisher.requests) == 1


def test_the_first_fetch_settles_which_bytes_the_document_is(
    publisher: Publisher, corpus: Path, report: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    assert run("fetch", corpus, "ledger-report", data=data).exit_code == 0
    (kept,) = (data / "sources").glob("*.pdf")
    kept.unlink()
    changed = report.read_bytes() + b"\n"
    publisher.replies["/ledger.pdf"] = lambda _: ok(changed)
    refused = run("fetch", corpus, "ledger-report", data=data)
    assert refused.exit_code == 1
    assert "SHA-256" in refused.stderr
    publisher.replies["/ledger.pdf"] = lambda _: ok(report.read_bytes())
    assert run("fetch", corpus, "ledger-report", data=data).exit_code == 0


def test_the_manifests_hash_is_enforced(publisher: Publisher, corpus: Path, tmp_path: Path) -> None:
    manifest = corpus / "corpus.toml"
    line = 'title = "The Lost Ledger"\n'
    manifest.write_text(manifest.read_text().replace(line, f'{line}sha256 = "{"0" * 64}"\n'))
    result = run("fetch", corpus, "ledger-report", data=tmp_path / "data")
    assert result.exit_code == 1
    assert not list((tmp_path / "data" / "sources").glob("*"))


def test_a_host_that_the_manifest_does_not_name_is_never_asked(
    publisher: Publisher, corpus: Path, tmp_path: Path
) -> None:
    manifest = corpus / "corpus.toml"
    manifest.write_text(manifest.read_text().replace(f'hosts = ["{HOST}"]', "hosts = []"))
    assert run("fetch", corpus, data=tmp_path / "data").exit_code == 1
    assert publisher.connections == []


def test_a_document_asked_for_by_name_must_have_an_address(
    publisher: Publisher, corpus: Path, tmp_path: Path
) -> None:
    result = run("fetch", corpus, "ledger-letter", data=tmp_path / "data")
    assert result.exit_code == 1
    assert f"https://{HOST}/letter" in result.stderr
    assert "--as ledger-letter" in result.stderr


def test_an_unknown_document_names_the_nearest(
    publisher: Publisher, corpus: Path, tmp_path: Path
) -> None:
    result = run("fetch", corpus, "ledger-repot", data=tmp_path / "data")
    assert result.exit_code == 1
    assert "ledger-report" in result.stderr


def test_a_fetched_file_that_was_tampered_with_is_not_read(
    publisher: Publisher, corpus: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    assert run("fetch", corpus, "ledger-report", data=data).exit_code == 0
    (kept,) = (data / "sources").glob("*.pdf")
    kept.chmod(0o644)
    kept.write_bytes(kept.read_bytes() + b" ")
    result = run("build", corpus, "--json", data=data)
    assert result.exit_code == 3
    assert states(result)["ledger-report"] == "failed"
    assert "SHA-256" in result.stderr


# What somebody downloaded by hand


def test_a_file_added_by_hand_becomes_the_official_edition_until_it_is_removed(
    corpus: Path, report: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    assert run("build", corpus, data=data).exit_code == 0
    assert run("add", report, "--as", "ledger-report", data=data).exit_code == 0
    assert documents(data)["ledger-report"]["source"] == "as-printed.pdf"
    before = passages(data)
    rebuilt = run("build", corpus, "--json", data=data)
    assert set(states(rebuilt).values()) == {"unchanged"}
    assert passages(data) == before
    assert run("remove", "ledger-report", data=data).exit_code == 0
    assert run("build", corpus, data=data).exit_code == 0
    assert list(documents(data)) == ["ledger-report-digest"]


def test_a_file_that_is_another_document_is_not_taken_unless_insisted_on(
    corpus: Path, report: Path, tmp_path: Path
) -> None:
    data, manifest = tmp_path / "data", corpus / "corpus.toml"
    line = 'title = "The Lost Ledger"\n'
    manifest.write_text(manifest.read_text().replace(line, f"{line}pages = 363\n"))
    assert run("build", corpus, data=data).exit_code == 0
    refused = run("add", report, "--as", "ledger-report", data=data)
    assert refused.exit_code == 1
    assert "it has 2 pages, not 363" in refused.stderr
    assert "--insist" in refused.stderr
    assert list(documents(data)) == ["ledger-report-digest"]
    assert not list((data / "sources").glob("*.pdf"))
    assert run("add", report, "--as", "ledger-report", "--insist", data=data).exit_code == 0
    assert "ledger-report" in documents(data)


def test_a_fetched_document_that_was_removed_stays_out_until_it_is_fetched_again(
    publisher: Publisher, corpus: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    run("fetch", corpus, "ledger-report", data=data)
    assert run("build", corpus, data=data).exit_code == 0
    assert run("remove", "ledger-report", data=data).exit_code == 0
    assert run("build", corpus, data=data).exit_code == 0
    assert list(documents(data)) == ["ledger-report-digest"]
    assert run("fetch", corpus, "ledger-report", data=data).exit_code == 0
    assert run("build", corpus, data=data).exit_code == 0
    assert "ledger-report" in documents(data)


def test_a_build_says_which_documents_are_which(
    publisher: Publisher, corpus: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    said = run("build", corpus, data=data).stdout
    assert "ledger-report-digest: built; digest edition" in said
    assert "ledger-report: only our digest of it, ledger-report-digest" in said
    assert "ledger-reply: only listed" in said
    run("fetch", corpus, "ledger-report", data=data)
    said = run("build", corpus, data=data).stdout
    assert "ledger-report: built; official edition" in said
    assert "ledger-report: only" not in said
    listed = run("documents", data=data).stdout
    assert [line.split()[:2] for line in listed.splitlines() if line.startswith("ledger")] == [
        ["ledger-report", "official"],
        ["ledger-report-digest", "digest"],
        ["ledger-reply", "listed"],
        ["ledger-letter", "listed"],
    ]


def test_the_published_id_shows_the_digest_where_only_that_is_here(
    corpus: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    assert run("build", corpus, data=data).exit_code == 0
    shown = json.loads(run("show", "ledger-report", "--json", data=data).stdout)
    assert (shown["id"], shown["digest_of"]) == ("ledger-report-digest", "ledger-report")


def test_what_breaks_off_leaves_no_document_and_is_continued(
    publisher: Publisher, corpus: Path, report: Path, tmp_path: Path
) -> None:
    data, whole = tmp_path / "data", report.read_bytes()
    tag = 'ETag: "one"'
    publisher.replies["/ledger.pdf"] = lambda _: [
        raw(200, whole[:1500], f"Content-Length: {len(whole)}", tag)
    ]
    assert run("fetch", corpus, "ledger-report", data=data).exit_code == 1
    assert not list((data / "sources").glob("*"))
    rest = f"Content-Range: bytes 1500-{len(whole) - 1}/{len(whole)}"
    publisher.replies["/ledger.pdf"] = lambda _: raw(206, whole[1500:], rest)
    result = run("fetch", corpus, "ledger-report", "--json", data=data)
    assert states(result) == {"ledger-report": "fetched"}
    assert not (data / "downloads" / "ledger-report").exists()
