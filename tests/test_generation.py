"""An index is whole or absent, says what made it, and has one writer at a time."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from dossiers import dossier
from toyembedder import ToyEmbedder

from index import build as building
from index.build import Built, build_index, header
from index.casebook import Casebook, Live
from index.edge import SHARD, EdgeEngine
from index.embedder import Vectors
from index.generation import Generation, current, generation_folder, generations
from index.lock import hold, holder
from index.search import Query
from ingest.errors import (
    DamagedData,
    HeldElsewhere,
    NotBuilt,
    StaleData,
    UnknownId,
    WriteFailed,
)
from ingest.library import Library

FIRST = ("Vetting failed twice.", "The harbour has a plan.")


class CountingEmbedder(ToyEmbedder):
    """Remembers what it was given."""

    def __init__(self, weights: str = "0") -> None:
        self.weights_sha256 = weights * 64
        self.given: list[str] = []

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.given.extend(texts)
        return super().passages(texts)


def build(data: Path, embedder: ToyEmbedder | None = None) -> Built:
    return build_index(data, embedder=embedder or ToyEmbedder(), engine=EdgeEngine())


def opened(
    data: Path, embedder: ToyEmbedder | None = None, pipeline: str | None = None
) -> Casebook:
    return Casebook(
        data, embedder=embedder or ToyEmbedder(), engine=EdgeEngine(), pipeline=pipeline
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    Library(tmp_path).write(dossier("review", FIRST))
    build(tmp_path)
    return tmp_path


def test_nothing_built_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match="casebook build"):
        opened(tmp_path)


def test_building_the_same_again_changes_nothing(data: Path) -> None:
    before = current(data)
    assert build(data) == Built(generation=str(before), passages=2, embedded=0, changed=False)
    assert generations(data) == (before,)


def test_the_same_documents_give_the_same_name_anywhere(data: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    Library(other).write(dossier("review", FIRST))
    assert build(other).generation == current(data)


def test_only_new_words_are_embedded(data: Path) -> None:
    before = Generation.open(data)
    kept = {p: before.vectors[i].tolist() for i, p in enumerate(before.rows.passages)}
    Library(data).write(dossier("review", (FIRST[0], "The harbour has none.", "More.")))
    embedder = CountingEmbedder()
    assert build(data, embedder).embedded == len(embedder.given) == 2
    after = Generation.open(data)
    assert after.vectors[after.rows.passages.index("review:1")].tolist() == kept["review:1"]


def test_passages_are_embedded_by_stretches_and_progress_is_told(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = (FIRST[0], *(f"Nothing was said of matter {at}." for at in range(5)), FIRST[1])
    Library(data).write(dossier("review", texts))
    monkeypatch.setattr(building, "EMBEDDED_AT_ONCE", 2)
    told: list[tuple[int, int]] = []
    build_index(
        data,
        embedder=ToyEmbedder(),
        engine=EdgeEngine(),
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 5), (3, 5), (5, 5)]
    whole = tmp_path / "whole"
    Library(whole).write(dossier("review", texts))
    monkeypatch.undo()
    build(whole)
    assert (Generation.open(data).vectors == Generation.open(whole).vectors).all()


def test_an_embedder_that_gives_a_vector_too_many_is_refused(data: Path) -> None:
    class Doubling(ToyEmbedder):
        def passages(self, texts: Sequence[str]) -> Vectors:
            return super().passages([*texts, *texts[:1]])

    Library(data).write(dossier("review", ("Quite other words.",)))
    with pytest.raises(ValueError, match="shorter"):
        build(data, Doubling())


def test_other_weights_embed_everything_anew(data: Path) -> None:
    embedder = CountingEmbedder(weights="1")
    assert build(data, embedder).embedded == len(embedder.given) == 2


def test_the_old_generation_goes_when_the_new_one_is_live(data: Path) -> None:
    Library(data).write(dossier("review", ("Other words.",)))
    built = build(data)
    assert generations(data) == (built.generation,) == (current(data),)


def test_a_reader_keeps_its_words_while_documents_are_read_anew(data: Path) -> None:
    casebook = opened(data)
    Library(data).write(dossier("review", ("Quite other words.",)))
    assert {hit.text for hit in casebook.search(Query(text="vetting harbour")).hits} == set(FIRST)
    casebook.close()


def test_a_service_takes_up_a_new_generation_and_a_removal(data: Path) -> None:
    live = Live(data, embedder=ToyEmbedder(), engine=EdgeEngine())
    assert live.now() is live.now()
    Library(data).write(dossier("letter", ("A letter.",)))
    build(data)
    assert [document.id for document in live.now().documents()] == ["letter", "review"]
    Library(data).remove("review")
    build(data)
    with pytest.raises(UnknownId):
        live.now().passage("review:1")
    live.now().close()


def test_an_index_of_no_documents_answers_with_nothing(data: Path) -> None:
    Library(data).remove("review")
    build(data)
    casebook = opened(data)
    assert casebook.search(Query(text="vetting")).hits == ()
    casebook.close()


def test_other_weights_are_stale(data: Path) -> None:
    with pytest.raises(StaleData, match="casebook build"):
        opened(data, CountingEmbedder(weights="1"))


def test_another_pipeline_is_stale(data: Path) -> None:
    opened(data, pipeline="1").close()
    with pytest.raises(StaleData, match="review was read by pipeline 1, not 2"):
        opened(data, pipeline="2")


def test_another_engine_is_stale(data: Path) -> None:
    with pytest.raises(StaleData, match="built for the edge engine, not for server"):
        Generation.open(data).check_engine("server")


def test_another_format_is_stale_even_with_other_fields(data: Path) -> None:
    (generation_folder(data, str(current(data))) / "stamp.json").write_text('{"format": 0}')
    with pytest.raises(StaleData, match="format 0"):
        opened(data)


@pytest.mark.parametrize("name", ["stamp.json", "rows.json", "vectors.npy", SHARD])
def test_a_missing_part_is_damage_and_the_next_build_mends_it(data: Path, name: str) -> None:
    part = generation_folder(data, str(current(data))) / name
    shutil.rmtree(part) if part.is_dir() else part.unlink()
    with pytest.raises(DamagedData):
        opened(data)
    assert build(data).changed
    opened(data).close()


@pytest.mark.parametrize("name", ["stamp.json", "rows.json", "vectors.npy"])
def test_a_truncated_part_is_damage(data: Path, name: str) -> None:
    part = generation_folder(data, str(current(data))) / name
    part.write_bytes(part.read_bytes()[:40])
    with pytest.raises(DamagedData, match=name):
        opened(data)


def test_vectors_that_run_code_when_loaded_are_refused(data: Path) -> None:
    np.save(
        generation_folder(data, str(current(data))) / "vectors.npy",
        np.array([{"a": 1}], dtype=object),
        allow_pickle=True,
    )
    with pytest.raises(DamagedData):
        opened(data)


def test_altered_words_never_leave(data: Path) -> None:
    folder = generation_folder(data, str(current(data))) / "documents" / "review"
    text = (folder / "text.txt").read_text()
    (folder / "text.txt").unlink()
    (folder / "text.txt").write_text(text.replace("twice", "never"))
    casebook = opened(data)
    with pytest.raises(DamagedData):
        casebook.search(Query(text="vetting"))
    casebook.close()


def test_words_that_are_not_those_indexed_never_leave(data: Path) -> None:
    casebook = opened(data)
    made = dossier("review", FIRST)
    moved = replace(made.passages[0], quote_sha256="0" * 64)
    Library(data / "moved").write(replace(made, passages=(moved, made.passages[1])))
    casebook._shelf = type(casebook._shelf)(data / "moved")  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(DamagedData, match="review:1"):
        casebook.passage("review:1")
    casebook.close()


@pytest.mark.parametrize("step", ["_gathered", "pin", "_fill", "seal", "make_current"])
@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_build_that_fails_leaves_the_old_index_answering(
    data: Path, monkeypatch: pytest.MonkeyPatch, step: str, failure: BaseException
) -> None:
    before = current(data)
    Library(data).write(dossier("review", ("Quite other words.",)))

    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(building, step, fail)
    with pytest.raises((WriteFailed, KeyboardInterrupt)):
        build(data)
    assert generations(data) == (before,)
    casebook = opened(data)
    assert casebook.passage("review:1").text == FIRST[0]
    casebook.close()


def test_a_killed_build_leaves_the_old_index_and_no_lock(data: Path) -> None:
    Library(data).write(dossier("review", ("Quite other words.",)))
    _run("kill", data)
    casebook = opened(data)
    assert casebook.passage("review:1").text == FIRST[0]
    casebook.close()
    assert build(data).changed
    assert generations(data) == (current(data),)


def test_the_second_writer_is_told_who_holds_the_directory(data: Path) -> None:
    with _started("hold", data) as process:
        assert process.stdout
        process.stdout.readline()
        with pytest.raises(HeldElsewhere, match=f"process {process.pid} on "):
            build(data)
        process.kill()
        process.wait()
    assert not build(data).changed


def test_the_same_process_may_hold_it_within(data: Path) -> None:
    with hold(data):
        assert (found := holder(data)) and found.pid == os.getpid()
        build(data)
        assert holder(data)
    assert holder(data) is None


def test_readers_in_other_processes_answer_while_a_build_goes_on(data: Path) -> None:
    """Two processes search without a pause while this one builds ten generations."""
    with _started("read", data) as one, _started("read", data) as two:
        for reader in (one, two):
            assert reader.stdout
            reader.stdout.readline()
        for number in range(10):
            Library(data).write(dossier("review", (*FIRST, f"Words number {number}.")))
            build(data)
        for reader in (one, two):
            output, _ = reader.communicate(b"stop\n", timeout=60)
            assert reader.returncode == 0
            assert json.loads(output)["answers"] > 0


def test_a_header_is_short_and_says_each_thing_once() -> None:
    made = dossier("review", FIRST)
    passage = replace(made.passages[0], section=("Chapter one", "Part", "Vetting"))
    long = replace(made.document, title="one two three four five six seven eight nine ten")
    assert (
        header(long, passage) == "one two three four five six seven eight > Chapter one > Vetting"
    )
    assert header(made.document, replace(passage, section=("Review",))) == "Review"


def _program(action: str) -> list[str]:
    return [sys.executable, "-m", "neighbour", action]


def _environment() -> dict[str, str]:
    tests = Path(__file__).parent
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(tests), str(tests.parent)])}


def _run(action: str, data: Path) -> None:
    subprocess.run([*_program(action), str(data)], env=_environment(), check=False, timeout=120)


def _started(action: str, data: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*_program(action), str(data)],
        env=_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
