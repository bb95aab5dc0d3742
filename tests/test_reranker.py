"""A cross-encoder that a user has puts the best passages in another order, and says so."""

import json
import shutil
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from dossiers import dossier
from numpy.typing import NDArray
from toyembedder import ToyEmbedder

from api.corpus import open_casebook
from api.settings import Settings
from eval.retrieval import maker
from index.build import build_index
from index.casebook import Casebook
from index.edge import EdgeEngine
from index.reranker import CrossEncoderReranker
from index.search import Mode, Query
from ingest.errors import ModelError
from ingest.library import Library

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

REVIEW = (
    "The board met often and had no plan for a flood at all.",
    "A flood plan.",
    "Tides were read at the quay in the morning, and at night.",
)
WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "flood", "plan", "board", "tides", "the")


class Shortest:
    """Likes the shortest passage best."""

    name = "shortest"
    weights_sha256 = "1" * 64

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([-len(text) for text in texts], dtype=np.float32)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("data")
    Library(data).write(dossier("review", REVIEW))
    build_index(data, embedder=ToyEmbedder(), engine=EdgeEngine())
    return data


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder with weights at random, saved as any other is."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    folder = tmp_path_factory.mktemp("cross-encoder")
    (folder / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    torch.manual_seed(1)  # pyright: ignore[reportUnknownMemberType]
    model = BertForSequenceClassification(
        BertConfig(
            vocab_size=len(WORDS),
            hidden_size=8,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=16,
            id2label={0: "answers"},
        )
    )
    model.save_pretrained(folder)  # pyright: ignore[reportUnknownMemberType]
    tokenizer = BertTokenizer(str(folder / "vocab.txt"))
    tokenizer.save_pretrained(folder)  # pyright: ignore[reportUnknownMemberType]
    return folder


def opened(data: Path, reranker: object = None) -> Casebook:
    return Casebook(data, embedder=ToyEmbedder(), engine=EdgeEngine(), reranker=reranker)  # type: ignore[arg-type]


def found(casebook: Casebook, query: Query) -> list[tuple[str, float]]:
    hits = [(hit.passage, hit.score) for hit in casebook.searcher(query.mode)(query)]
    casebook.close()
    return hits


def test_the_order_is_the_rerankers_and_the_scores_still_fall(data: Path) -> None:
    plain = found(opened(data), Query(text="board tides flood"))
    again = found(opened(data, Shortest()), Query(text="board tides flood"))
    assert [passage for passage, _ in again] == ["review:2", "review:1", "review:3"]
    assert [score for _, score in again] == pytest.approx([score for _, score in plain])


def test_exact_words_still_come_first(data: Path) -> None:
    hits = found(opened(data, Shortest()), Query(text='"at night" flood'))
    assert hits[0][0] == "review:3"


@pytest.mark.parametrize("mode", [Mode.DENSE, Mode.LEXICAL])
def test_one_lane_alone_is_left_as_it_is(data: Path, mode: Mode) -> None:
    asked = Query(text="board flood", mode=mode)
    assert found(opened(data, Shortest()), asked) == found(opened(data), asked)


def test_a_hit_says_what_the_reranker_changed(data: Path) -> None:
    casebook = opened(data, Shortest())
    hits = casebook.search(Query(text="board tides flood")).hits
    assert any(hit.hit and hit.hit.parts["reranker"] for hit in hits)
    casebook.close()


def test_any_cross_encoder_in_a_folder_judges_every_pair(cross_encoder: Path) -> None:
    reranker = CrossEncoderReranker(cross_encoder)
    scores = reranker.scores("flood", REVIEW)
    assert scores.shape == (3,)
    assert len(set(scores.tolist())) > 1
    assert reranker.scores("flood", REVIEW[:1])[0] == pytest.approx(scores[0], abs=1e-5)


def test_it_is_named_in_one_setting_and_off_without_it(
    data: Path, cross_encoder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def toy(model: str, models: Path) -> ToyEmbedder:
        return ToyEmbedder()

    def any_pipeline() -> None:
        return None

    monkeypatch.setattr("api.corpus.load_embedder", toy)
    monkeypatch.setattr("api.corpus.pipeline", any_pipeline)
    monkeypatch.setenv("CASEBOOK_RERANKER", str(cross_encoder))
    asked = Query(text="board tides flood")
    named, unnamed = (open_casebook(each, data) for each in (Settings(), Settings(reranker=None)))
    (with_it, without) = (casebook.search(asked).hits[0].hit for casebook in (named, unnamed))
    assert with_it is not None
    assert without is not None
    assert "reranker" in with_it.parts
    assert "reranker" not in without.parts
    named.close()
    unnamed.close()


def test_a_folder_that_is_not_there_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no reranker"):
        CrossEncoderReranker(tmp_path / "nothing")


def test_a_folder_that_holds_no_cross_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="Set CASEBOOK_RERANKER to the folder"):
        CrossEncoderReranker(tmp_path)


def test_a_hybrid_run_records_what_reranked_it(data: Path) -> None:
    with closing(opened(data, Shortest())) as casebook:
        assert maker(casebook, Mode.HYBRID.value).reranker == f"shortest {'1' * 64}"
        assert maker(casebook, Mode.DENSE.value).reranker is None
    with closing(opened(data)) as casebook:
        assert maker(casebook, Mode.HYBRID.value).reranker is None


def test_a_reranker_says_what_it_is(cross_encoder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(cross_encoder, other)
    one, same = CrossEncoderReranker(cross_encoder), CrossEncoderReranker(other)
    assert same.name == "other"
    assert same.weights_sha256 == one.weights_sha256
    settings = json.loads((other / "config.json").read_text())
    (other / "config.json").write_text(json.dumps(settings | {"layer_norm_eps": 0.1}))
    assert CrossEncoderReranker(other).weights_sha256 != one.weights_sha256
