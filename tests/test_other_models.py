"""Any model of sentence-transformers is served as it is meant to be, or refused in plain words."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, cast

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import (
    Dense,
    LayerNorm,
    Normalize,
    Pooling,
    Transformer,
)
from transformers import BertConfig, BertModel, FNetConfig, FNetModel

from index import export
from index.embedder import (
    Embedder,
    PartReader,
    TransformerEmbedder,
    Vectors,
    folder_sha256,
    load_embedder,
)
from index.export import packaged_model, prepare_embedder
from ingest.errors import ModelError
from ingest.model import Span

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

SIZE = 64
QUERY_PROMPT = "Represent this sentence for searching relevant passages: "
PASSAGE_PROMPT = "passage, as it was published: "
PROMPTS = {"query": QUERY_PROMPT, "document": PASSAGE_PROMPT}
TEXTS = ["Vetting was renewed.", "Nobody had asked why the first application had been refused."]


@pytest.fixture(scope="module")
def encoder_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small encoder with weights at random."""
    folder = tmp_path_factory.mktemp("encoder")
    torch.manual_seed(1)  # pyright: ignore[reportUnknownMemberType]
    settings = BertConfig(
        vocab_size=30_522,
        hidden_size=SIZE,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=128,
        max_position_embeddings=128,
        initializer_range=0.15,
    )
    BertModel(settings).save_pretrained(folder)  # pyright: ignore[reportUnknownMemberType]
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(packaged_model() / name, folder / name)
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


@pytest.mark.parametrize("settings", ['{"unknown": 1}', "[]"])
def test_a_folder_with_settings_of_another_form_is_refused(
    plain: Path, tmp_path: Path, settings: str
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(plain, folder)
    (folder / "1_Pooling" / "config.json").write_text(settings)
    with pytest.raises(ModelError, match="cannot be read"):
        prepare_embedder(str(folder), tmp_path / "models")


def cosines(one: Vectors, other: Vectors) -> Vectors:
    return np.asarray((one * other).sum(axis=1), dtype=np.float32)


MAKES: dict[str, Callable[[], list[torch.nn.Module]]] = {
    "as the packaged": lambda: [Pooling(SIZE), Normalize()],
    "not normalised": lambda: [Pooling(SIZE)],
    "first token": lambda: [Pooling(SIZE, "cls"), Normalize()],
    "dense layer": lambda: [Pooling(SIZE), Dense(SIZE, 48)],
}


class Meant(Protocol):
    """The part of a SentenceTransformer used here, whose own types accept far more."""

    def encode(self, inputs: Sequence[str], **options: str | bool) -> Vectors: ...

    def encode_query(self, inputs: Sequence[str], **options: str | bool) -> Vectors: ...

    def encode_document(self, inputs: Sequence[str], **options: str | bool) -> Vectors: ...


@pytest.mark.parametrize("named", ["document", "passage"])
@pytest.mark.parametrize("modules", MAKES.values(), ids=MAKES)
def test_a_model_is_served_with_its_prompts(
    make: Make, modules: Callable[[], list[torch.nn.Module]], named: str, tmp_path: Path
) -> None:
    folder = make(*modules(), prompts={"query": QUERY_PROMPT, named: PASSAGE_PROMPT})
    meant = cast(Meant, SentenceTransformer(str(folder)))
    served = prepare_embedder(str(folder), tmp_path)
    passages = meant.encode_document(TEXTS, prompt_name=named, normalize_embeddings=True)
    queries = meant.encode_query(TEXTS, normalize_embeddings=True)
    unprompted = meant.encode(TEXTS, normalize_embeddings=True)
    assert cosines(served.passages(TEXTS), passages).min() >= 0.99
    assert cosines(np.array([*map(served.query, TEXTS)]), queries).min() >= 0.99
    assert max(cosines(each, unprompted).max() for each in (passages, queries)) <= 0.98


@pytest.mark.parametrize("modules", MAKES.values(), ids=MAKES)
def test_every_vector_has_length_one(
    make: Make, modules: Callable[[], list[torch.nn.Module]], tmp_path: Path
) -> None:
    served = prepare_embedder(str(make(*modules())), tmp_path)
    lengths = np.linalg.norm([*served.passages(TEXTS), served.query(TEXTS[0])], axis=1)
    assert lengths.tolist() == pytest.approx([1.0] * len(lengths), abs=1e-5)


@pytest.mark.parametrize("prompts", [{"query": "query: "}, {"passage": "query: "}])
def test_another_prompt_is_another_model(
    make: Make, plain: Path, prompts: dict[str, str], tmp_path: Path
) -> None:
    folder = make(Pooling(SIZE), Normalize(), prompts=prompts)
    assert folder_sha256(folder) != folder_sha256(plain)
    one, other = (TransformerEmbedder(str(each)).weights_sha256 for each in (plain, folder))
    assert one != other


def test_a_module_of_other_settings_is_another_model_whatever_its_folder_is_called(
    make: Make, plain: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(plain, folder)
    (folder / "1_Pooling").rename(folder / "pooling")
    modules = folder / "modules.json"
    modules.write_text(modules.read_text().replace("1_Pooling", "pooling"))
    before = folder_sha256(folder)
    first_token = make(Pooling(SIZE, "cls"), Normalize())
    shutil.copyfile(first_token / "1_Pooling" / "config.json", folder / "pooling" / "config.json")
    assert folder_sha256(folder) != before


def test_what_is_written_about_a_model_is_no_part_of_it(plain: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(plain, folder)
    before = folder_sha256(folder)
    (folder / "README.md").write_text("Trained again.")
    assert folder_sha256(folder) == before


REFUSED: dict[str, tuple[Callable[[], list[torch.nn.Module]], dict[str, object]]] = {
    "other vectors": (lambda: [Pooling(SIZE, include_prompt=False)], {"prompts": PROMPTS}),
    "made of Transformer, Pooling, LayerNorm": (lambda: [Pooling(SIZE), LayerNorm(SIZE)], {}),
    "cut short": (lambda: [Pooling(SIZE)], {"truncate_dim": 8}),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_a_model_that_no_graph_can_stand_for_is_refused(
    make: Make, reason: str, tmp_path: Path
) -> None:
    modules, settings = REFUSED[reason]
    folder = make(*modules(), **settings)
    with pytest.raises(ModelError, match=f"cannot be served as it is: .*{reason}"):
        prepare_embedder(str(folder), tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_model_that_cannot_be_traced_is_refused_with_what_it_lacks(
    encoder_folder: Path, tmp_path: Path
) -> None:
    encoder = tmp_path / "encoder"
    settings = FNetConfig(
        vocab_size=30_522,
        hidden_size=SIZE,
        num_hidden_layers=1,
        intermediate_size=128,
        max_position_embeddings=128,
    )
    FNetModel(settings).save_pretrained(encoder)  # pyright: ignore[reportUnknownMemberType]
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(encoder_folder / name, encoder / name)
    folder = tmp_path / "model"
    SentenceTransformer(modules=[Transformer(str(encoder)), Pooling(SIZE)]).save(str(folder))
    with pytest.raises(ModelError, match=r"served as it is: no graph can be made of it \(.*fft"):
        prepare_embedder(str(folder), tmp_path / "models")
    assert not list((tmp_path / "models").iterdir())


def test_a_model_larger_than_a_graph_is_refused(
    plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "LARGEST", 4 * 30_522 * SIZE)
    with pytest.raises(
        ModelError, match=r"its weights take 8,\d+,\d+ bytes, .* less than 7,813,632"
    ):
        prepare_embedder(str(plain), tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("normalised", [True, False])
def test_the_parts_of_a_text_are_told_where_its_tokens_are_averaged(
    make: Make, normalised: bool, tmp_path: Path
) -> None:
    modules = [Pooling(SIZE), *[Normalize()] * normalised]
    served = prepare_embedder(str(make(*modules, prompts=PROMPTS)), tmp_path)
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


@pytest.mark.parametrize("prompt", [PASSAGE_PROMPT, "“Naïve” résumé – "])
def test_a_prompt_before_a_text_moves_none_of_its_parts(
    make: Make, plain: Path, prompt: str, tmp_path: Path
) -> None:
    folder = make(Pooling(SIZE), Normalize(), prompts={"document": prompt})
    prompted, served = (prepare_embedder(str(each), tmp_path) for each in (folder, plain))
    assert isinstance(prompted, PartReader) and isinstance(served, PartReader)
    parts = [Span(0, 20), Span(21, 42)]
    moved = [Span(part.start + len(prompt), part.end + len(prompt)) for part in parts]
    (read,) = prompted.parted(["Vetting was renewed. Nobody had asked why."], [parts])
    (meant,) = served.parted([f"{prompt}Vetting was renewed. Nobody had asked why."], [moved])
    assert read.parts == pytest.approx(meant.parts, abs=1e-5)
    assert np.linalg.norm(read.parts, axis=1) == pytest.approx(1, abs=1e-5)


def test_the_parts_of_a_text_are_not_told_by_its_first_token(make: Make, tmp_path: Path) -> None:
    served = prepare_embedder(str(make(Pooling(SIZE, "cls"))), tmp_path)
    assert isinstance(served, PartReader)
    assert not served.tells_parts


def test_a_model_of_half_precision_is_served(make: Make, plain: Path, tmp_path: Path) -> None:
    half = tmp_path / "half"
    SentenceTransformer(str(plain)).half().save(str(half))
    served, whole = (prepare_embedder(str(each), tmp_path / "models") for each in (half, plain))
    assert cosines(served.passages(TEXTS), whole.passages(TEXTS)).min() >= 0.999
