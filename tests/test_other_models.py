"""Any model of sentence-transformers is served as it is meant to be, or refused in plain words."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from transformers import AutoTokenizer, BertConfig, BertModel

from index.embedder import Embedder, load_embedder
from index.export import packaged_model, prepare_embedder
from ingest.errors import ModelError

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

SIZE = 64


@pytest.fixture(scope="module")
def encoder_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small encoder with weights at random."""
    folder = tmp_path_factory.mktemp("encoder")
    torch.manual_seed(1)  # pyright: ignore[reportUnknownMemberType]
    tokenizer = AutoTokenizer.from_pretrained(packaged_model())
    settings = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=SIZE,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=128,
        max_position_embeddings=128,
    )
    BertModel(settings).save_pretrained(folder)  # pyright: ignore[reportUnknownMemberType]
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def plain(encoder_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Token vectors averaged and normalised, as in the packaged model."""
    folder = tmp_path_factory.mktemp("plain")
    modules = [Transformer(str(encoder_folder)), Pooling(SIZE), Normalize()]
    SentenceTransformer(modules=modules).save(str(folder))
    return folder


@pytest.mark.parametrize("load", [load_embedder, prepare_embedder])
@pytest.mark.parametrize("name", ["some/name", "nonesuch", "/no/such/folder", "./no", "a b"])
def test_a_model_that_is_not_here_is_refused_with_what_to_name(
    name: str, load: Callable[[str, Path], Embedder], tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match=f"{name}.* Set CASEBOOK_MODEL to the folder"):
        load(name, tmp_path)


def test_a_name_is_read_from_the_hubs_cache(
    plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path))
    held = tmp_path / "models--some--name"
    shutil.copytree(plain, held / "snapshots" / "1")
    (held / "refs").mkdir()
    (held / "refs" / "main").write_text("1")
    assert load_embedder("some/name", tmp_path).dimension == SIZE


@pytest.mark.parametrize("load", [load_embedder, prepare_embedder])
def test_a_folder_without_weights_is_refused(
    load: Callable[[str, Path], Embedder], tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match=r"holds no model\.safetensors"):
        load(str(tmp_path), tmp_path)


@pytest.mark.parametrize("broken", ["model.safetensors", "config.json", "tokenizer.json"])
def test_a_folder_with_a_broken_file_is_refused(plain: Path, tmp_path: Path, broken: str) -> None:
    folder = tmp_path / "model"
    shutil.copytree(plain, folder)
    (folder / broken).write_bytes(b"broken")
    with pytest.raises(ModelError, match="cannot be read"):
        prepare_embedder(str(folder), tmp_path / "models")
    assert not list((tmp_path / "models").iterdir())
