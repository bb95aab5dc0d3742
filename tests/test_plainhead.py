"""The plainest that learns from the same rows, read and scored as the tagger is."""

from dataclasses import replace

import pytest
from toyembedder import ToyEmbedder

from eval.findings import (
    Answer,
    WrittenRow,
    answered,
    denied_as_found,
    found_stances,
    tag_score,
)
from eval.plainhead import Contender, PlainHead, apart, figures
from eval.tally import Tally
from ingest.findings.examples import Example, bundled_examples
from ingest.sentences import sentences


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    """Half of one writer's, which are of every tag."""
    return [example for example in bundled_examples() if example.writer == "first"][::2]


@pytest.fixture(scope="module")
def head(examples: list[Example]) -> PlainHead:
    return PlainHead(examples, ToyEmbedder(), weighing="balanced")


@pytest.fixture(scope="module")
def rows(examples: list[Example]) -> list[WrittenRow]:
    """What was learned from, as rows to read."""
    return [
        WrittenRow(
            id=example.id,
            text=example.text,
            tags=tuple(sorted(example.tags)),
            spans=(),
            stance=example.stance,
            voice=example.voice,
            kind=example.kind.value,
        )
        for example in examples
    ]


def _read(rows: list[WrittenRow], head: PlainHead) -> list[Answer]:
    read = head.read([row.text for row in rows])
    return [answered(row, found) for row, found in zip(rows, read, strict=True)]


def test_a_head_knows_what_it_learned_and_how_it_is_put(
    head: PlainHead, rows: list[WrittenRow]
) -> None:
    answers = _read(rows, head)
    assert tag_score(answers).recall.ratio > 0.95
    assert found_stances(answers).right.ratio > 0.9
    assert denied_as_found(answers).ratio < 0.1


def test_sentences_read_apart_keep_what_each_says(head: PlainHead, rows: list[WrittenRow]) -> None:
    single = [row for row in rows if len(row.tags) == 1 and len(sentences(row.text)) == 1]
    one = single[0]
    other = next(row for row in single if row.tags != one.tags)
    both = replace(one, text=f"{one.text} {other.text}")
    (answer,) = apart([both], head)
    assert answer.given >= {*one.tags, *other.tags}


def test_a_contender_is_told_by_rates_with_intervals(
    head: PlainHead, rows: list[WrittenRow]
) -> None:
    answers, strays = _read(rows, head), Tally.of([(1, 20), (0, 30)])
    contender = Contender(name="plain", answers=answers, among=answers, strays=strays)
    ids = frozenset(row.id for row in rows[::2])
    told = {figure.what: figure for figure in figures(contender, ids)}
    assert all(figure.interval is not None for figure in told.values())
    whole, half = told["plain: macro F1 over 17 tags"], told["plain: macro F1, confirmed"]
    assert whole.value != half.value
    stray = told["plain: tags per 1,000 sentences of other inquiries"]
    assert (stray.value, stray.of) == (20, 50)
