"""How well the passages that led to a recommendation are told by likeness, on pairs read by hand.

`gold/similar.jsonl` holds the pairs of three inquiries. Weights and cut are found on two of them
and tried on the third; the documents' own cross-references are hidden, and so is `nearby`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from eval.inquiries import ReadDocument, read, sources
from eval.lineage import MODELS
from index.build import header
from index.embedder import DEFAULT_MODEL, Embedder
from index.export import prepare_embedder
from index.semantics import IndexedSemantics
from ingest.model import Recommendation, words_hash
from ingest.recommendations.extraction import recommendations
from ingest.recommendations.motives import ENOUGH, SHOWN, Compared, Features, Report, chances
from ingest.recommendations.nearby import nearby
from ingest.recommendations.restatements import letters

GOLD = Path(__file__).parent / "gold" / "similar.jsonl"
MOTIVATES = 2
"""The grade of what states a problem, a finding or a reason that the recommendation answers."""
WANTED = 0.85
"""Share right from which a cut is taken, on pairs that the weights were not fitted on."""
CUTS = tuple(cut / 40 for cut in range(12, 39))

Fitted = Callable[[Features], Features]
Pair = tuple[str, str, str, str]
"""File, kind and number of the recommendation, and the hash of the passage's letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldPair:
    """A recommendation and a passage of the same document, as readers judged them.

    0 is another subject, 1 the same subject, 2 what led to it; `repeats`, with grade 0, what says
    a recommendation again and no more.
    """

    document: str
    kind: str
    number: str
    page: int
    """Of the file, on which the passage begins."""
    letters: int
    sha256: str
    """Of the passage's letters and digits."""
    grade: int
    repeats: bool = False
    first: int
    """The grade of the first reader, who saw no scores; `grade` is what stands after a second."""
    second: int | None = None
    """The grade of a second reader, who saw neither the first's nor any score."""

    @property
    def pair(self) -> Pair:
        return (self.document, self.kind, self.number, self.sha256)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A passage shown for a recommendation; `grade` is None where nobody judged the pair."""

    pair: Pair
    chance: float
    grade: int | None
    is_near: bool
    """Whether it is tied on basis `nearby` too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarScores:
    """What is shown with weights and cut of the other inquiries, and with those that serve."""

    pairs: tuple[GoldPair, ...]
    found: int
    """Pairs whose passage is cut today as it was judged."""
    confirmed: tuple[Shown, ...]
    served: tuple[Shown, ...]
    near: tuple[Shown, ...]
    """What `nearby` shows, for comparison."""
    known: int
    """Passages judged to have led to a recommendation."""
    recommendations: int
    weights: tuple[float, ...]
    """As they come out today of all pairs, the intercept last."""


def measure(real_documents: Path) -> SimilarScores:
    """With the packaged embedder; every passage of the three reports is embedded."""
    pairs = gold()
    inquiries = list(_inquiries(real_documents, pairs))
    return SimilarScores(
        pairs=pairs,
        found=sum(len(each.judged) for each in inquiries),
        confirmed=tuple(shown for each in inquiries for shown in _confirmed(each, inquiries)),
        served=tuple(shown for each in inquiries for shown in each.shown(chances, ENOUGH)),
        near=tuple(shown for each in inquiries for shown in each.near()),
        known=sum(pair.grade == MOTIVATES for pair in pairs),
        recommendations=sum(len(each.recommendations) for each in inquiries),
        weights=fit(inquiries),
    )


def gold() -> tuple[GoldPair, ...]:
    """Every pair judged."""
    adapter = TypeAdapter(GoldPair)
    return tuple(adapter.validate_json(line) for line in GOLD.read_text("utf-8").splitlines())


def _inquiries(folder: Path, pairs: Sequence[GoldPair]) -> Iterator["Inquiry"]:
    embedder = prepare_embedder(DEFAULT_MODEL, MODELS)
    named = {pair.document for pair in pairs}
    for source in sources(folder):
        if source.file in named:
            yield Inquiry(read(folder, source), embedder, pairs)


class Inquiry:
    """A report with its judged pairs, each in the row and column of the tables that it has."""

    def __init__(self, taken: ReadDocument, embedder: Embedder, pairs: Iterable[GoldPair]) -> None:
        self._file, text = taken.path.name, taken.reading.text
        self.recommendations: tuple[Recommendation, ...] = recommendations(
            taken.document, taken.reading
        )
        self.passages = sorted(taken.passages, key=lambda passage: passage.span.start)
        texts = [passage.span.of(text) for passage in self.passages]
        headed = (
            f"{header(taken.document, passage)}\n{words}"
            for passage, words in zip(self.passages, texts, strict=True)
        )
        compared = Compared(
            Report(
                text=text,
                recommendations=self.recommendations,
                passages=self.passages,
                vectors=embedder.passages(list(headed)),
            ),
            IndexedSemantics(embedder, {}),
        )
        self.features = compared.features()
        self.admitted = compared.admitted()
        self._hashes = [words_hash(letters(words)) for words in texts]
        self._grades = {pair.pair: pair.grade for pair in pairs if pair.document == self._file}

    @cached_property
    def judged(self) -> Mapping[tuple[int, int], int]:
        """Grades by row and column."""
        return {
            (row, column): self._grades[pair]
            for row in range(len(self.recommendations))
            for column in range(len(self.passages))
            if (pair := self._pair(row, column)) in self._grades
        }

    def examples(self) -> Iterator[tuple[NDArray[np.float64], bool]]:
        """Features of the judged pairs that could be shown, and whether they should be."""
        for place, grade in self.judged.items():
            if self.admitted[place]:
                yield self.features[place], grade == MOTIVATES

    def shown(self, chance: Fitted, cut: float) -> Iterator[Shown]:
        """For each recommendation what would be shown."""
        table = np.where(self.admitted, chance(self.features), 0.0)
        near = {shown.pair for shown in self.near()}
        for row in range(len(table)):
            for column in np.argsort(-table[row], kind="stable")[:SHOWN].tolist():
                if table[row, column] >= cut:
                    yield self._shown(row, column, chance=float(table[row, column]), near=near)

    def near(self) -> Iterator[Shown]:
        """What stands before the recommendation in its section."""
        rows = {each.id: row for row, each in enumerate(self.recommendations)}
        columns = {each.id: column for column, each in enumerate(self.passages)}
        for link in nearby(self.recommendations, self.passages):
            place = (rows[link.recommendation], columns[link.passage])
            yield Shown(
                pair=self._pair(*place),
                chance=link.score,
                grade=self._grades.get(self._pair(*place)),
                is_near=True,
            )

    def _shown(self, row: int, column: int, *, chance: float, near: set[Pair]) -> Shown:
        pair = self._pair(row, column)
        return Shown(pair=pair, chance=chance, grade=self._grades.get(pair), is_near=pair in near)

    def _pair(self, row: int, column: int) -> Pair:
        asked = self.recommendations[row]
        return (self._file, asked.kind, asked.number or "", self._hashes[column])


def _confirmed(tried: Inquiry, inquiries: Sequence[Inquiry]) -> Iterator[Shown]:
    """What is shown of one inquiry with weights and a cut found without it."""
    others = [each for each in inquiries if each is not tried]
    unseen = [
        shown
        for each in others
        for shown in each.shown(fitted([one for one in others if one is not each]), CUTS[0])
    ]
    return tried.shown(fitted(others), cut_off(unseen))


def cut_off(shown: Sequence[Shown]) -> float:
    """The lowest cut above which enough is right; 1 where there is none."""
    for cut in CUTS:
        above = [each.grade == MOTIVATES for each in shown if each.chance >= cut]
        if above and sum(above) >= WANTED * len(above):
            return cut
    return 1.0


def fitted(inquiries: Sequence[Inquiry]) -> Fitted:
    """Chances by weights that these inquiries give."""
    *weights, intercept = fit(inquiries)
    return lambda features: 1 / (1 + np.exp(-(features @ np.array(weights) + intercept)))


def fit(inquiries: Sequence[Inquiry]) -> tuple[float, ...]:
    """Weights and intercept of a logistic regression, squared weights counting as one half.

    By Newton's method, which needs a handful of steps.
    """
    rows, right = zip(*(one for each in inquiries for one in each.examples()), strict=True)
    features = np.column_stack([np.array(rows), np.ones(len(rows))])
    penalty = np.diag([1.0] * (features.shape[1] - 1) + [0.0])
    found = np.zeros(features.shape[1])
    for _ in range(25):
        chance = 1 / (1 + np.exp(-features @ found))
        slope = features.T @ (chance - np.array(right)) + penalty @ found
        bend = (features.T * (chance * (1 - chance))) @ features + penalty
        found = found - np.linalg.solve(bend, slope)
    return tuple(found.tolist())
