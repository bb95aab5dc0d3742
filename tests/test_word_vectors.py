"""Each word of a query is held against the words of a passage, as they are meant there."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from dossiers import dossier
from numpy.typing import NDArray
from toyembedder import ReadingEmbedder, ToyEmbedder

from index.build import build_index
from index.casebook import Casebook
from index.edge import EdgeEngine
from index.embedder import Embedder, PartReader, Vectors
from index.generation import Generation, current, generation_folder
from index.lexical import STOP_WORDS
from index.ragged import gathering
from index.search import INTERACTION_WEIGHT, LED_INTERACTION_WEIGHT, Mode, Query
from index.wordvectors import (
    MOST_DIMENSIONS,
    PassageWords,
    WordVectors,
    kept_dimensions,
    reduced,
    word_spans,
)
from ingest.errors import DamagedData
from ingest.library import Library

TEXTS = (
    "Vetting was slow. The canteen was closed for a year. Nobody was told of the plan.",
    "The plan was slow. Nobody closed the canteen. Vetting was told of a year for the.",
    "Training was cut short.",
)


@pytest.fixture
def read(tmp_path: Path) -> Iterator[Casebook]:
    _built(tmp_path, ReadingEmbedder())
    casebook = Casebook(tmp_path, embedder=ReadingEmbedder(), engine=EdgeEngine())
    yield casebook
    casebook.close()


def _built(
    data: Path, embedder: ToyEmbedder, texts: Sequence[str] = TEXTS, title: str = "review"
) -> Generation:
    Library(data).write(dossier(title, texts))
    build_index(data, embedder=embedder, engine=EdgeEngine())
    return Generation.open(data)


def _unit(rows: int, dimension: int = 384) -> Vectors:
    vectors = np.random.default_rng(3).standard_normal((rows, dimension), dtype=np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def _kept(folder: Path, passages: Sequence[Vectors]) -> WordVectors:
    dimension = passages[0].shape[1]
    with gathering(folder, width=kept_dimensions(dimension), kind=np.int8) as words:
        for vectors in passages:
            words.add(PassageWords.of(vectors).vectors)
        return WordVectors(vectors=words.whole(), offsets=words.offsets)


def test_the_nearest_word_of_each_row_is_found_whatever_rows_are_asked_for(tmp_path: Path) -> None:
    vectors, counts = _unit(9, 32), (3, 0, 1, 5)
    ends = np.cumsum(counts).tolist()
    kept = _kept(tmp_path, [vectors[start:end] for start, end in pairwise((0, *ends))])
    asked = _unit(4, 32)[2:]
    nearest = kept.nearest(np.array([3, 1, 0]), reduced(asked))
    assert nearest[0] == pytest.approx((vectors[4:] @ asked.T).max(axis=0), abs=0.02)
    assert np.isnan(nearest[1]).all()
    assert nearest[2] == pytest.approx((vectors[:3] @ asked.T).max(axis=0), abs=0.02)


def test_fewer_dimensions_keep_what_is_like_what() -> None:
    vectors = _unit(400)
    near = vectors[:200] + 0.5 * vectors[200:]
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    kept, asked = reduced(vectors[:200]), reduced(near)
    assert kept.shape == (200, MOST_DIMENSIONS)
    assert ((asked @ kept.T).argmax(axis=1) == np.arange(200)).all()


def test_a_word_beside_itself_is_as_near_as_can_be(tmp_path: Path) -> None:
    vectors = 7 * _unit(3)
    nearest = _kept(tmp_path, [vectors]).nearest(np.array([0]), reduced(vectors))
    assert nearest == pytest.approx(np.ones((1, 3)), abs=1e-3)


def test_a_word_that_was_not_read_is_not_kept() -> None:
    vectors = np.vstack([_unit(2), np.zeros((1, 384), dtype=np.float32)])
    assert PassageWords.of(vectors).vectors.shape == (2, MOST_DIMENSIONS)


def test_words_of_the_header_and_the_text_are_kept_but_for_stop_words(tmp_path: Path) -> None:
    generation = _built(tmp_path, ReadingEmbedder())
    assert [span.of(TEXTS[2]) for span in word_spans(TEXTS[2])] == ["Training", "cut", "short"]
    told = [len(generation.words.passage(row).vectors) for row in range(3)]
    header = told[2] - 3
    assert told == [header + len(word_spans(text)) for text in TEXTS]
    assert header > 0


def test_a_passage_that_has_the_words_is_nearer_than_one_that_has_not(read: Casebook) -> None:
    ranking = read.rank(Query(text="training cut short"))
    assert ranking.rows.tolist()[0] == 2
    near = ranking.parts["interaction"]
    assert near.max() == near[0]
    assert float(np.mean(near)) == pytest.approx(0, abs=1e-6)
    assert float(np.std(near)) == pytest.approx(INTERACTION_WEIGHT, abs=1e-5)


@pytest.mark.parametrize("mode", [Mode.DENSE, Mode.LEXICAL])
def test_a_lane_alone_reads_no_words(read: Casebook, mode: Mode) -> None:
    assert "interaction" not in read.rank(Query(text="was vetting slow", mode=mode)).parts


@pytest.mark.parametrize("text", ["of the", "?!", "no such thing was"])
def test_whatever_is_asked_is_ranked(read: Casebook, text: str) -> None:
    ranking = read.rank(Query(text=text))
    assert len(ranking.rows) == len(TEXTS)
    assert np.isfinite(ranking.scores).all()


def test_passages_like_others_are_ranked_without_words(read: Casebook) -> None:
    first = read.rank(Query(text="vetting")).rows[0]
    like = (Generation.open(read.data).rows.passages[int(first)],)
    assert "interaction" not in read.rank(Query(like=like)).parts


def test_words_count_for_less_beside_an_example(read: Casebook) -> None:
    passages = Generation.open(read.data).rows.passages
    led = read.rank(Query(text="training cut short", like=passages[:1])).parts["interaction"]
    assert float(np.std(led)) == pytest.approx(LED_INTERACTION_WEIGHT, abs=1e-5)


def test_what_is_not_wanted_takes_nothing_from_the_words(read: Casebook) -> None:
    passages = Generation.open(read.data).rows.passages
    apart = read.rank(Query(text="training cut short", unlike=passages[:1])).parts["interaction"]
    assert float(np.std(apart)) == pytest.approx(INTERACTION_WEIGHT, abs=1e-5)


def test_an_embedder_that_tells_no_parts_ranks_without_them(tmp_path: Path) -> None:
    assert len(_built(tmp_path, ToyEmbedder()).words.vectors) == 0
    casebook = Casebook(tmp_path, embedder=ToyEmbedder(), engine=EdgeEngine())
    assert "interaction" not in casebook.rank(Query(text="was vetting slow")).parts
    casebook.close()


def test_words_of_passages_that_stay_are_kept_and_not_read_again(tmp_path: Path) -> None:
    before = _built(tmp_path, ReadingEmbedder()).words.passage(1)
    embedder = ReadingEmbedder()
    after = _built(tmp_path, embedder, (*TEXTS[:2], "Training is as it was.")).words
    assert len(embedder.given) == 1
    assert after.passage(1).vectors.tolist() == before.vectors.tolist()


def test_where_other_words_count_every_passage_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _built(tmp_path, ReadingEmbedder())
    monkeypatch.setattr("index.lexical.STOP_WORDS", STOP_WORDS | {"training"})
    embedder = ReadingEmbedder()
    _built(tmp_path, embedder)
    assert len(embedder.given) == len(TEXTS)


@pytest.mark.parametrize("name", ["word_vectors", "sentences", "sentence_spans", "context"])
def test_rows_of_another_width_are_refused(tmp_path: Path, name: str) -> None:
    _built(tmp_path, ReadingEmbedder())
    file = generation_folder(tmp_path, str(current(tmp_path))) / f"{name}.npy"
    np.save(file, np.load(file)[:, :-1])
    with pytest.raises(DamagedData, match=name):
        Generation.open(tmp_path)


@pytest.mark.parametrize("rows", [np.ones((2, 5), np.int8), np.ones((2, 4), np.int16)])
def test_rows_of_another_kind_are_not_gathered(
    tmp_path: Path, rows: NDArray[np.signedinteger]
) -> None:
    with gathering(tmp_path, width=4, kind=np.int8) as gathered:
        with pytest.raises(ValueError, match="among rows of 4 int8"):
            gathered.add(rows)
        assert gathered.whole().shape == (0, 4)
        assert gathered.offsets.tolist() == [0]


def test_the_served_model_reads_a_query_as_it_embeds_it(encoder: Embedder) -> None:
    assert isinstance(encoder, PartReader)
    text = "Was vetting slow at the border?"
    read = encoder.parted_query(text, word_spans(text))
    assert read.whole.tolist() == encoder.query(text).tolist()
    assert np.linalg.norm(read.parts, axis=1) == pytest.approx(1, abs=1e-5)


def test_a_word_meant_in_another_sense_is_less_near(encoder: Embedder) -> None:
    assert isinstance(encoder, PartReader)
    texts = ("The officer was charged with assault.", "The battery of the radio was charged.")
    asked = "Who was prosecuted?"
    (prosecuted,) = word_spans(asked)
    word = reduced(encoder.parted_query(asked, [prosecuted]).parts)
    charged = [next(s for s in word_spans(text) if s.of(text) == "charged") for text in texts]
    read = encoder.parted(texts, [[span] for span in charged])
    court, radio = (float((reduced(each.parts) @ word.T)[0, 0]) for each in read)
    assert court > radio
