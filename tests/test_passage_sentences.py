"""What a passage's sentences say is kept beside what it says as a whole."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from dossiers import dossier
from toyembedder import ReadingEmbedder, ToyEmbedder

from index.build import build_index
from index.edge import EdgeEngine
from index.embedder import Embedder, PartReader, Vectors
from index.generation import Generation, current, generation_folder
from index.sentences import PassageSentences, Sentences
from ingest.errors import DamagedData
from ingest.library import Library
from ingest.model import Span
from ingest.sentences import sentences

TEXTS = (
    "Vetting was slow. The canteen was closed for a year. Nobody was told of the plan.",
    "The plan was slow. Nobody closed the canteen. Vetting was told of a year for the.",
    "Training was cut short.",
)


def built(data: Path, texts: Sequence[str], embedder: ToyEmbedder) -> Generation:
    Library(data).write(dossier("review", texts))
    build_index(data, embedder=embedder, engine=EdgeEngine())
    return Generation.open(data)


def unit(rows: int) -> Vectors:
    vectors = np.random.default_rng(3).standard_normal((rows, 16), dtype=np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def test_the_best_sentence_of_each_row_is_found_whatever_rows_are_asked_for() -> None:
    vectors, counts = unit(9), (3, 0, 1, 5)
    ends = np.cumsum(counts).tolist()
    each = [
        PassageSentences.of([Span(at, at + 1) for at in range(end - start)], vectors[start:end])
        for start, end in pairwise((0, *ends))
    ]
    asked = unit(1)[0]
    kept = Sentences(
        spans=np.concatenate([found.spans for found in each]),
        vectors=np.concatenate([found.vectors for found in each]),
        offsets=np.array([0, *ends], dtype=np.int64),
    )
    best = kept.best(np.array([3, 1, 0]), asked)
    assert best[0] == pytest.approx(float((vectors[4:] @ asked).max()), abs=0.01)
    assert np.isnan(best[1])
    assert best[2] == pytest.approx(float((vectors[:3] @ asked).max()), abs=0.01)
    assert len(kept.best(np.array([], dtype=np.int64), asked)) == 0


def test_a_sentence_that_was_not_read_is_not_kept() -> None:
    vectors = np.vstack([unit(2), np.zeros((1, 16), dtype=np.float32)])
    kept = PassageSentences.of([Span(0, 3), Span(4, 8), Span(9, 12)], vectors)
    assert kept.spans.tolist() == [[0, 3], [4, 8]]


def test_sentences_are_told_of_the_text_without_its_header(tmp_path: Path) -> None:
    kept = built(tmp_path, TEXTS, ReadingEmbedder()).sentences
    spans = [Span(start, end) for start, end in kept.passage(0).spans.tolist()]
    assert [span.of(TEXTS[0]) for span in spans] == [
        "Vetting was slow.",
        "The canteen was closed for a year.",
        "Nobody was told of the plan.",
    ]
    asked = ToyEmbedder().query("Vetting was slow.")
    assert kept.best(np.array([0]), asked)[0] == pytest.approx(1, abs=1e-3)


def test_sentences_of_words_that_stay_are_kept_and_not_read_again(tmp_path: Path) -> None:
    before = built(tmp_path, TEXTS, ReadingEmbedder()).sentences.passage(1)
    embedder = ReadingEmbedder()
    after = built(tmp_path, (*TEXTS[:2], "Training is as it was."), embedder).sentences
    assert len(embedder.given) == 1
    assert after.passage(1).vectors.tolist() == before.vectors.tolist()


@pytest.mark.parametrize(
    "name", ["sentences", "sentence_spans", "sentence_offsets", "word_vectors", "word_offsets"]
)
def test_sentences_and_words_that_are_damaged_are_refused(tmp_path: Path, name: str) -> None:
    built(tmp_path, TEXTS, ReadingEmbedder())
    file = generation_folder(tmp_path, str(current(tmp_path))) / f"{name}.npy"
    np.save(file, np.load(file)[:-1])
    with pytest.raises(DamagedData, match=name):
        Generation.open(tmp_path)
    file.unlink()
    with pytest.raises(DamagedData, match=name):
        Generation.open(tmp_path)


def test_the_served_model_tells_parts_and_the_same_whole(encoder: Embedder) -> None:
    assert isinstance(encoder, PartReader)
    assert encoder.tells_parts
    parts = [sentences(text) for text in TEXTS]
    read = encoder.parted(TEXTS, parts)
    assert [each.whole.tolist() for each in read] == encoder.passages(TEXTS).tolist()
    for text, own, each in zip(TEXTS, parts, read, strict=True):
        alone = encoder.passages([part.of(text) for part in own])
        assert np.linalg.norm(each.parts, axis=1) == pytest.approx(1, abs=1e-5)
        assert (each.parts @ alone.T).argmax(axis=1).tolist() == list(range(len(own)))


def test_a_part_behind_the_last_token_read_says_nothing(encoder: Embedder) -> None:
    assert isinstance(encoder, PartReader)
    text = f"{'word ' * encoder.max_tokens}Vetting was slow."
    (read,) = encoder.parted([text], [[Span(0, 4), Span(len(text) - 17, len(text))]])
    assert np.linalg.norm(read.parts, axis=1).tolist() == pytest.approx([1, 0], abs=1e-5)
