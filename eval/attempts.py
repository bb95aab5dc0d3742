"""Ways to rank that were tried on top of the served search, each a score of the same candidates.

An attempt has settings; what it gives for one is added to the served score of every candidate.
None of them is in the search: those that earned a place are there, and are not tried again here.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from eval.collection import Topic
from eval.evaluation import HEADLINE
from eval.metrics import DEPTH
from index.casebook import Casebook
from index.embedder import Embedder, Vector, Vectors
from index.generation import Generation
from index.lexical import placed, stems
from index.search import (
    ALIKE_READ,
    DENSE_WEIGHT,
    EXAMPLES,
    FIRST,
    IMPRINT,
    NEIGHBOUR_WEIGHT,
    RECOMMENDATION_WEIGHT,
    SENTENCE_WEIGHT,
    Query,
    Ranking,
)
from ingest.model import Kind
from ingest.sentences import sentences

Scores = NDArray[np.float64]
_FEWEST_WORDS = 4
"""Of a sentence that is embedded."""
_SATURATION = 1.2


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One indexed collection, with what the attempts need of it."""

    casebook: Casebook
    embedder: Embedder

    @cached_property
    def generation(self) -> Generation:
        return Generation.read(self.casebook.data, self.casebook.generation)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """By row."""
        rows = self.generation.rows
        volumes = self.casebook.shelf.volumes
        return tuple(
            volumes[document].passages[passage].span.of(volumes[document].text)
            for passage, document in zip(rows.passages, rows.documents, strict=True)
        )

    @cached_property
    def pairs(self) -> tuple[Counter[tuple[str, str]], ...]:
        """Neighbouring stems of each row, and how often."""
        return tuple(Counter(pairwise(s for s, _, _ in placed(text))) for text in self.texts)

    @cached_property
    def pair_counts(self) -> Counter[tuple[str, str]]:
        """How many rows hold each pair."""
        return Counter(pair for pairs in self.pairs for pair in pairs)

    @cached_property
    def spoken(self) -> tuple[NDArray[np.int64], Vectors]:
        """The row of every sentence that is not all too short, and the sentences' vectors."""
        each = [
            (row, words)
            for row, text in enumerate(self.texts)
            for words in (sentence.of(text) for sentence in sentences(text))
            if len(words.split()) >= _FEWEST_WORDS
        ]
        rows = np.array([row for row, _ in each], dtype=np.int64)
        return rows, self.embedder.passages([words for _, words in each])

    @cached_property
    def replies(self) -> NDArray[np.bool_]:
        """Rows of documents that answer others."""
        documents = self.casebook.shelf.documents
        return np.array(
            [documents[each].kind is Kind.RESPONSE for each in self.generation.rows.documents]
        )

    @cached_property
    def titles(self) -> Mapping[str, frozenset[str]]:
        documents = self.casebook.shelf.documents
        return {name: stems(document.title) for name, document in documents.items()}


@dataclass(frozen=True, kw_only=True)
class Case:
    """A judged query with the candidates of the served search."""

    desk: Desk
    topic: Topic
    group: str
    """The inquiry, or else the collection: what is left out when it is confirmed."""
    ranking: Ranking

    @property
    def rows(self) -> NDArray[np.int64]:
        return self.ranking.rows

    @property
    def listed(self) -> list[int]:
        """The rows as plain numbers."""
        rows: list[int] = self.ranking.rows.tolist()
        return rows

    @cached_property
    def served(self) -> Scores:
        """But for what follows the first page being like its first hits: it would hold back
        whatever an attempt brings up from there."""
        return np.asarray(self.ranking.scores, dtype=np.float64) - self.part("alike")

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """Stems in their order."""
        return tuple(stem for stem, _, _ in placed(self.topic.text))

    @cached_property
    def vector(self) -> Vector:
        return self.desk.embedder.query(self.topic.text)

    @cached_property
    def by_pairs(self) -> Scores:
        """BM25 of neighbouring words, standardised."""
        total, held = len(self.desk.texts), self.desk.pair_counts
        worth = {p: math.log(1 + (total - held[p] + 0.5) / (held[p] + 0.5)) for p in self._pairs}
        return standardised(
            [
                sum(value * n[p] / (n[p] + _SATURATION) for p, value in worth.items() if n[p])
                for n in (self.desk.pairs[row] for row in self.listed)
            ]
        )

    @property
    def _pairs(self) -> set[tuple[str, str]]:
        return set(pairwise(self.asked))

    @cached_property
    def by_sentence(self) -> Scores:
        """The cosine of each candidate's best sentence, embedded by itself, standardised."""
        rows, vectors = self.desk.spoken
        best = np.zeros(len(self.desk.texts), dtype=np.float32)
        np.maximum.at(best, rows, vectors @ self.vector)
        return standardised(best[self.rows].tolist())

    @cached_property
    def by_title(self) -> Scores:
        """How much of what tells the titles apart the query says of each candidate's document."""
        titles = self.desk.titles
        held = Counter(stem for title in titles.values() for stem in title)
        asked = set(self.asked)
        named = {
            name: sum(math.log(1 + len(titles) / held[stem]) for stem in title & asked)
            for name, title in titles.items()
        }
        documents = self.desk.generation.rows.documents
        return np.array([named[documents[row]] for row in self.listed])

    @cached_property
    def by_sentence_in_passage(self) -> Scores:
        """The same of sentences as they are kept, of all candidates and not of the best alone."""
        found = self.desk.generation.sentences.best(self.rows, self.vector)
        least = min(found[~np.isnan(found)].tolist(), default=0.0)
        return standardised(np.nan_to_num(found, nan=least).tolist())

    def part(self, name: str) -> Scores:
        """What the served score has of it; 0 where it has none."""
        return np.asarray(self.ranking.parts.get(name, np.zeros(len(self.rows))), dtype=np.float64)

    def nearness(self, vector: NDArray[np.floating]) -> Scores:
        """The part that meaning would have if the query's vector pointed there."""
        cosines = self.desk.generation.context[self.rows] @ (vector / np.linalg.norm(vector))
        return DENSE_WEIGHT * standardised(cosines.tolist())


Setting = tuple[float, ...]
Scorer = Callable[[Case, Setting], Scores]
"""The new score of each candidate."""


def served(case: Case) -> Scores:
    """As the search gives them."""
    return case.served


def without(name: str) -> Callable[[Case], Scores]:
    """As it would give them without one of their parts."""
    return lambda case: case.served - case.part(name)


def weighing(name: str, weight: float) -> Scorer:
    """Another weight of a part that is served with this one."""
    return lambda case, setting: case.served + (setting[0] / weight - 1) * case.part(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A way to rank, its settings, and what it is compared with."""

    name: str
    scorer: Scorer
    settings: Sequence[Setting]
    baseline: Callable[[Case], Scores] = served
    chosen_by: str = HEADLINE[0]
    """The measure in which the best setting is best."""


def pairs_of_words(case: Case, setting: Setting) -> Scores:
    return case.served + setting[0] * case.by_pairs


def sentence_alone(case: Case, setting: Setting) -> Scores:
    return case.served + setting[0] * case.by_sentence


def sentence_lane(case: Case, setting: Setting) -> Scores:
    return without("sentence")(case) + setting[0] * case.by_sentence_in_passage


def best_as_examples(case: Case, setting: Setting) -> Scores:
    """Rocchio's formula on the three best, which nobody has looked at."""
    best = case.desk.generation.vectors[case.rows[:3]].mean(axis=0)
    moved = case.vector + np.float32(setting[0]) * best
    return without("dense")(case) + case.nearness(moved)


def what_goes_on(case: Case, setting: Setting) -> Scores:
    """After the first page, what is like its first hits: as served, but by the setting."""
    order = np.lexsort((case.rows, -case.served))
    rest = order[FIRST:ALIKE_READ]
    if len(rest) == 0:
        return case.served
    vectors = case.desk.generation.context[case.rows[order]]
    cosines = vectors[FIRST:ALIKE_READ] @ vectors[:EXAMPLES].mean(axis=0)
    said = setting[0] * standardised(cosines.tolist())
    scores: Scores = case.served + said.min()
    scores[rest] += said - said.min()
    scores[order[:FIRST]] = scores[order[FIRST:]].max() + np.arange(FIRST, 0, -1)
    return scores


def other_names(case: Case, setting: Setting) -> Scores:
    """The query's vector moved towards that of the query with a glossary's other names."""
    also = case.desk.casebook.search(Query(text=case.topic.text, k=1)).also
    if not also:
        return case.served
    named = case.desk.embedder.query(" ".join((case.topic.text, *also)))
    moved = case.vector + np.float32(setting[0]) * named
    return without("dense")(case) + case.nearness(moved)


def meaning_against_words(case: Case, setting: Setting) -> Scores:
    shift = setting[0] / DENSE_WEIGHT - 1
    return case.served + shift * (case.part("dense") - case.part("lexical"))


def named_document(case: Case, setting: Setting) -> Scores:
    return case.served + setting[0] * case.by_title


def neighbours_by_kind(case: Case, setting: Setting) -> Scores:
    """Another weight of the neighbours in reports, and in replies."""
    report, reply = setting
    weights = np.where(case.desk.replies[case.rows], reply, report)
    return case.served + (weights / NEIGHBOUR_WEIGHT - 1) * case.part("neighbours")


def without_duplicates(case: Case, setting: Setting) -> Scores:
    """Whatever is nearer than the setting to a better candidate goes below all that is not."""
    vectors = case.desk.generation.vectors[case.rows[:_COMPARED]]
    near = np.triu(vectors @ vectors.T, k=1) > setting[0]
    repeated = np.zeros(len(case.rows))
    repeated[: len(vectors)] = near.any(axis=0)
    return case.served - repeated * (np.ptp(case.served) + 1)


_COMPARED = 200


_PARTS = ("dense", "lexical", "neighbours", "sentence", "recommendation", "imprint")


def features(case: Case) -> NDArray[np.float64]:
    """What a learned fusion is told of each candidate; shape (candidates, features)."""
    lengths = [math.log(1 + len(case.desk.texts[row])) for row in case.listed]
    return np.stack(
        [
            *(case.part(name) for name in _PARTS),
            case.by_pairs,
            case.by_sentence,
            case.by_title,
            np.array(lengths),
            case.desk.replies[case.rows].astype(np.float64),
        ],
        axis=1,
    )


ATTEMPTS = (
    Attempt(
        name="recommendations, where asked for (served)",
        scorer=weighing("recommendation", RECOMMENDATION_WEIGHT),
        settings=[(w,) for w in (0.25, 0.5, 1.0, 2.0)],
        baseline=without("recommendation"),
    ),
    Attempt(
        name="the best sentence's cosine, of the best hundred (served)",
        scorer=weighing("sentence", SENTENCE_WEIGHT),
        settings=[(w,) for w in (0.1, 0.2, 0.4, 0.8)],
        baseline=without("sentence"),
    ),
    Attempt(
        name="what a digest says of itself behind what it claims (served)",
        scorer=weighing("imprint", IMPRINT),
        settings=[(w,) for w in (0.5, 1.0, 2.0, 4.0)],
        baseline=without("imprint"),
    ),
    Attempt(
        name="what is like the first three, after the first ten (served)",
        scorer=what_goes_on,
        settings=[(w,) for w in (0.1, 0.2, 0.4, 0.8, 1.6)],
        chosen_by="R@20",
    ),
    Attempt(
        name="sentences as a lane over all candidates",
        scorer=sentence_lane,
        settings=[(w,) for w in (0.2, 0.3, 0.4, 0.5)],
    ),
    Attempt(
        name="the best sentence embedded by itself, besides",
        scorer=sentence_alone,
        settings=[(w,) for w in (0.1, 0.2, 0.4, 0.8)],
    ),
    Attempt(
        name="the three best as examples (Rocchio)",
        scorer=best_as_examples,
        settings=[(w,) for w in (0.1, 0.2, 0.4, 0.8)],
    ),
    Attempt(
        name="a glossary's other names by meaning",
        scorer=other_names,
        settings=[(w,) for w in (0.25, 0.5, 1.0)],
    ),
    Attempt(
        name="another weight of meaning against words",
        scorer=meaning_against_words,
        settings=[(w,) for w in (0.3, 0.4, 0.6, 0.7)],
    ),
    Attempt(
        name="pairs of words as a lane",
        scorer=pairs_of_words,
        settings=[(w,) for w in (0.05, 0.1, 0.2, 0.4)],
    ),
    Attempt(
        name="the document that a query names",
        scorer=named_document,
        settings=[(w,) for w in (0.05, 0.1, 0.2, 0.4)],
    ),
    Attempt(
        name="neighbours by kind of document",
        scorer=neighbours_by_kind,
        settings=list(product((0.0, 0.1, 0.2, 0.3), repeat=2)),
    ),
    Attempt(
        name="near duplicates collapsed",
        scorer=without_duplicates,
        settings=[(cosine,) for cosine in (0.98, 0.95, 0.9, 0.85)],
    ),
)


def standardised(values: Sequence[float]) -> Scores:
    """Mean 0 and standard deviation 1; all 0 where they do not differ."""
    found: Scores = np.array(values, dtype=np.float64)
    spread = float(found.std()) if len(found) else 0.0
    return (found - float(found.mean())) / spread if spread > 1e-9 else np.zeros_like(found)


def cases(desk: Desk, topics: Sequence[Topic], *, name: str) -> list[Case]:
    """The judged queries of one collection."""
    return [
        Case(
            desk=desk,
            topic=topic,
            group=topic.labels.get("inquiry", name),
            ranking=desk.casebook.rank(Query(text=topic.text, k=DEPTH)),
        )
        for topic in topics
    ]
