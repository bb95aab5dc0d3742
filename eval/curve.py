"""What more labelled sentences buy: the tagger learned from an eighth of them up to all.

Each round keeps one writer's file apart and draws from the others at random, every draw holding
the smaller ones, and learns anew from each: terms, bounds and calibration too. What was learned
tags the sentences written for development, which nobody's file holds, and the sentences of the
writer kept apart. `python -m eval.learning --curve` records it and draws it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from eval.findings import Answer, macro_f1, of_kind, tag_score, written
from eval.results import FOLDER, Circumstances, circumstances
from ingest.findings.examples import Example, bundled_examples
from ingest.findings.learned import Learned, stamp_of
from ingest.findings.learning import Lessons, learn, only, settings
from ingest.findings.tagger import Tagger, bundled_tagger
from ingest.findings.taxonomy import bundled_taxonomy
from ingest.similarity import Encoder, Vectors

FILE, PICTURE = "learning.json", "learning.svg"
SHARES = (1 / 8, 1 / 4, 1 / 2, 1.0)
"""Of the rows of all writers but the one kept apart."""
_MOST_ROUNDS = 6
_SEED = 20261126


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """How well sentences are tagged."""

    macro_f1: float
    implicit_recall: float

    @classmethod
    def of(cls, answers: Sequence[Answer]) -> "Read":
        implicit = tag_score(of_kind(answers, "implicit")).recall.ratio
        return cls(macro_f1=round(macro_f1(answers).mean, 4), implicit_recall=round(implicit, 4))


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What was learned from some rows, and how well it reads others."""

    share: float
    rows: int
    apart: str
    """The writer kept apart."""
    development: Read
    writer: Read
    """On the sentences of the writer kept apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """All rounds, and the ends that need no learning."""

    circumstances: Circumstances
    points: tuple[Point, ...]
    rules: Read
    """On the sentences for development, rules alone."""
    shipped: Read
    """On them, what the project ships: learned from every writer."""
    shipped_rows: int


_file = TypeAdapter(Curve)


def read(folder: Path = FOLDER) -> Curve:
    """The curve last recorded."""
    return _file.validate_json((folder / FILE).read_bytes())


def write(curve: Curve, folder: Path = FOLDER) -> Path:
    """The file written."""
    path = folder / FILE
    path.write_bytes(_file.dump_json(curve, indent=2) + b"\n")
    return path


class Remembered:
    """An encoder that is asked for the vector of each text once, whatever learns from it."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.weights_sha256 = encoder.name, encoder.weights_sha256
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}

    def passages(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, in their order."""
        if not texts:
            return self._encoder.passages(texts)
        fresh = [text for text in dict.fromkeys(texts) if text not in self._known]
        if fresh:
            self._known |= zip(fresh, self._encoder.passages(fresh), strict=True)
        return np.array([self._known[text] for text in texts], dtype=np.float32)


def writers(examples: Iterable[Example]) -> Sequence[str]:
    """Those to keep apart in turn: the six with the most rows, whose rows have every tag."""
    tags = {tag.id for tag in bundled_taxonomy().tags}
    rows: dict[str, list[Example]] = {}
    for example in examples:
        rows.setdefault(example.writer, []).append(example)
    whole = [
        writer
        for writer, own in rows.items()
        if tags <= {tag for example in own for tag in example.tags}
    ]
    return sorted(sorted(whole, key=lambda writer: (-len(rows[writer]), writer))[:_MOST_ROUNDS])


def points(
    lessons: Lessons,
    encoder: Encoder,
    development: Callable[[Tagger], Sequence[Answer]],
    *,
    apart: Iterable[str],
) -> Iterator[Point]:
    """Round by round, from the fewest rows to all."""
    examples = bundled_examples()
    for number, writer in enumerate(apart):
        others = np.flatnonzero([each != writer for each in lessons.writers])
        own = [example for example in examples if example.writer == writer]
        drawn = np.random.default_rng([_SEED, number]).permutation(others)
        for share in SHARES:
            rows = np.sort(drawn[: round(share * len(drawn))])
            weights = learn(only(lessons, rows), stamp_of(encoder, settings()))
            learned = Learned(weights, encoder, [examples[int(row)] for row in rows])
            tagger = Tagger(bundled_taxonomy(), learned)
            yield Point(
                share=share,
                rows=len(rows),
                apart=writer,
                development=Read.of(development(tagger)),
                writer=Read.of(answers(own, tagger)),
            )


def answers(examples: Iterable[Example], by: Tagger) -> list[Answer]:
    """What the tagger makes of labelled sentences, beside their labels."""
    return [
        Answer(
            id=example.id,
            kind=example.kind.value,
            stance=example.stance,
            voice=example.voice,
            wanted=example.tags,
            spans=tuple((evidence.tag, evidence.span) for evidence in example.spans),
            tagged=by.tag(example.text),
        )
        for example in examples
    ]


def curve(
    lessons: Lessons, encoder: Encoder, real_documents: Path, *, tell: Callable[[Point], object]
) -> Curve:
    """Learned and measured now, each point told as it comes: some twenty minutes on two cores."""
    about = circumstances("numpy", "spacy")
    remembered = Remembered(encoder)

    def development(by: Tagger) -> Sequence[Answer]:
        return written(real_documents, by=by)

    found: list[Point] = []
    for point in points(lessons, remembered, development, apart=writers(bundled_examples())):
        tell(point)
        found.append(point)
    return Curve(
        circumstances=about,
        points=tuple(found),
        rules=Read.of(development(Tagger(bundled_taxonomy()))),
        shipped=Read.of(development(bundled_tagger(encoder))),
        shipped_rows=len(bundled_examples()),
    )
