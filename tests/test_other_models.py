"""Any model of sentence-transformers is served as it is meant to be, or refused in plain words."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import (
    Dense,
    Normalize,
    Pooling,
    Transformer,
)
from transformers import AutoTokenizer, BertConfig, BertModel

from index.embedder import (
    Embedder,
    PartReader,
    load_embedder,
)
from index.export import packaged_model, prepare_embedder
from ingest.errors import ModelError
from ingest.model import Span

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

SIZE = 64
TEXTS = ["Vetting was renewed.", "Nobody had asked why the first application had been refused."]


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
        initializer_range=0.15,
    )
    BertModel(settings).save_pretrained(folder)  # pyright: ignore[reportUnknownMemberType]
    tokenizer.save_pretrained(folder)
    return folder


Make = Callable[..., Path]


@pytest.fixture(scope="module")
def make(encoder_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Saves a model of the small encoder and these modules, with these settings."""

    def made(*modules: torch.nn.Module, **settings: object) -> Path:
        folder = tmp_path_factory.mktemp("model")
        parts = [Transformer(str(encoder_folder)), *modules]
        SentenceTransformer(modules=parts, **settings).save(str(folder))  # type: ignore[arg-type]
        return folder

    return made


@pytest.fixture(scope="module")
def plain(make: Make) -> Path:
    """Token vectors averaged and normalised, as in the packaged model."""
    return make(Pooling(SIZE), Normalize())


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


MAKES: dict[str, Callable[[], list[torch.nn.Module]]] = {
    "as the packaged": lambda: [Pooling(SIZE), Normalize()],
    "not normalised": lambda: [Pooling(SIZE)],
    "first token": lambda: [Pooling(SIZE, "cls"), Normalize()],
    "dense layer": lambda: [Pooling(SIZE), Dense(SIZE, 48)],
}


@pytest.mark.parametrize("modules", MAKES.values(), ids=MAKES)
def test_every_vector_has_length_one(
    make: Make, modules: Callable[[], list[torch.nn.Module]], tmp_path: Path
) -> None:
    served = prepare_embedder(str(make(*modules())), tmp_path)
    lengths = np.linalg.norm([*served.passages(TEXTS), served.query(TEXTS[0])], axis=1)
    assert lengths.tolist() == pytest.approx([1.0] * len(lengths), abs=1e-5)


@pytest.mark.parametrize("normalised", [True, False])
def test_the_parts_of_a_text_are_told_where_its_tokens_are_averaged(
    make: Make, normalised: bool, tmp_path: Path
) -> None:
    modules = [Pooling(SIZE), *[Normalize()] * normalised]
    served = prepare_embedder(str(make(*modules)), tmp_path)
    assert isinstance(served, PartReader)
    assert served.tells_parts
    text = "Vetting was renewed. Nobody had asked why."
    first, last = Span(0, 20), Span(21, len(text))
    (read,) = served.parted([text], [[first, last, Span(0, len(text))]])
    assert read.whole.tolist() == served.passages([text])[0].tolist()
    again, *_ = served.parted([text + " Trust fell."], [[first]])
    near = read.parts @ again.parts[0]
    assert near[0] > near[1]
    assert read.parts[2] @ read.whole > read.parts[0] @ read.whole


def test_the_parts_of_a_text_are_not_told_by_its_first_token(make: Make, tmp_path: Path) -> None:
    served = prepare_embedder(str(make(Pooling(SIZE, "cls"))), tmp_path)
    assert isinstance(served, PartReader)
    assert not served.tells_parts
