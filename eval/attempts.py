"""Ways to rank that were tried on top of the served search, each a score of the same candidates.

An attempt has settings; what it gives for one is added to the served score of every candidate.
None of them is in the search: those that earned a place are there, and are not tried again here.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from eval.acronyms import explained
from eval.collection import Topic
from eval.evaluation import HEADLINE
from eval.metrics import DEPTH
from index.casebook import Casebook
from index.context import contextual
from index.embedder import Embedder, Vector, Vectors
from index.generation import Generation
from index.lexical import SECTION_WEIGHT, placed, stems, word_id, words
from index.search import (
    ALIKE_READ,
    DENSE_WEIGHT,
    EXAMPLES,
    FIRST,
    IMPRINT,
    INTERACTION_WEIGHT,
    NEIGHBOUR_WEIGHT,
    RECOMMENDATION_WEIGHT,
    Query,
    Ranking,
)
from ingest.model import Kind, Passage
from ingest.sentences import sentences

Scores = NDArray[np.float64]
_FEWEST_WORDS = 4
"""Of a sentence that is embedded."""
_SATURATION = 1.2
_WORD = re.compile(r"[\w-]+")


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One indexed collection, with what the attempts need of it."""

    casebook: Casebook
    embedder: Embedder

    @cached_property
    def generation(self) -> Generation:
        return Generation.read(self.casebook.data, self.casebook.generation)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """By row."""
        rows, volumes = self.generation.rows, self.casebook.shelf.volumes
        pairs = zip(rows.passages, rows.documents, strict=True)
        return tuple(volumes[document].passages[passage] for passage, document in pairs)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """By row."""
        volumes = self.casebook.shelf.volumes
        return tuple(each.span.of(volumes[each.document].text) for each in self.passages)

    @cached_property
    def weights(self) -> tuple[Mapping[int, float], ...]:
        """BM25's weight of each word in each row, headings as a field of their own."""
        bm25 = self.generation.stamp.bm25
        found = (
            bm25.passage(text, passage.section)
            for text, passage in zip(self.texts, self.passages, strict=True)
        )
        return tuple(dict(zip(each.indices, each.values, strict=True)) for each in found)

    @cached_property
    def headings(self) -> tuple[frozenset[str], ...]:
        """Stems of the headings above each row."""
        return tuple(stems(" ".join(passage.section)) for passage in self.passages)

    @cached_property
    def without_header(self) -> Vectors:
        """The vector of each row in its context, had the passage been embedded by itself."""
        return self._in_context(self.texts)

    @cached_property
    def with_whole_header(self) -> Vectors:
        """The same, under the whole title and all headings, where eight words of the title, the
        first heading and the last are embedded as it is served."""
        documents = self.casebook.shelf.documents
        above = (
            " > ".join(dict.fromkeys((documents[each.document].title, *each.section)))
            for each in self.passages
        )
        return self._in_context([f"{a}\n{text}" for a, text in zip(above, self.texts, strict=True)])

    def _in_context(self, texts: Sequence[str]) -> Vectors:
        numbers: dict[tuple[str, ...], int] = {}
        sections = [
            numbers.setdefault((passage.document, *passage.section), len(numbers))
            for passage in self.passages
        ]
        around = self.generation.rows.neighbours
        return contextual(self.embedder.passages(texts), sections=sections, neighbours=around)

    @cached_property
    def acronyms(self) -> tuple[tuple[str, str], ...]:
        """What the documents themselves explain: the long form and the short one."""
        volumes = self.casebook.shelf.volumes.values()
        return tuple(dict.fromkeys(pair for each in volumes for pair in explained(each.text)))

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

    @cached_property
    def by_words(self) -> Scores:
        """BM25 as the lane of words has it; 0 of what it did not find, or not soon enough."""
        lane = self.ranking.lexical
        found = dict(zip(lane.rows.tolist(), lane.scores.tolist(), strict=True)) if lane else {}
        return np.array([found.get(row, 0.0) for row in self.listed])

    def bm25(self, asked: Iterable[int]) -> Scores:
        """What words of these ids come to in each candidate."""
        worth = {word: self.desk.generation.vocabulary.worth(word) for word in asked}
        held = [self.desk.weights[row] for row in self.listed]
        return np.array([sum(worth[w] * each[w] for w in worth if w in each) for each in held])

    @cached_property
    def in_headings(self) -> Scores:
        """BM25 of the query's words in the field of the headings."""
        query = self.desk.generation.stamp.bm25.query(self.topic.text)
        pairs = zip(query.indices, query.values, strict=True)
        return self.bm25(word for word, weight in pairs if weight == SECTION_WEIGHT)

    @cached_property
    def by_headings(self) -> Scores:
        """How much of what the query's words are worth stands in headings, standardised."""
        vocabulary = self.desk.generation.vocabulary
        worth = {stem: vocabulary.worth(word_id(stem)) for stem in self.asked}
        held = [self.desk.headings[row] for row in self.listed]
        return standardised([sum(worth[s] for s in worth if s in each) for each in held])

    @cached_property
    def also(self) -> tuple[str, ...]:
        """What a glossary has for it, which the search asks for as well."""
        return self.desk.casebook.search(Query(text=self.topic.text, k=1)).also

    @cached_property
    def long_forms(self) -> tuple[str, ...]:
        """Long forms of its acronyms and acronyms of its long forms that no glossary has."""
        text, plain = set(_WORD.findall(self.topic.text)), self.topic.text.casefold()
        found = {
            (long if short in text else short).casefold(): long if short in text else short
            for long, short in self.desk.acronyms
            if short in text or long.casefold() in plain
        }
        known = {name.casefold() for name in self.also}
        return tuple(name for key, name in found.items() if key not in known and key not in plain)

    def named(self, length: int) -> frozenset[str]:
        """The documents in whose titles so many of the query's names stand in a row.

        A name begins with a capital or is a number; what over a third of titles have names none.
        """
        text, documents = self.topic.text, self.desk.casebook.shelf.documents
        asked = [(stem, not text[start].islower()) for stem, start, _ in placed(text)]
        runs = [asked[at : at + length] for at in range(len(asked) - length + 1)]
        names = {tuple(s for s, _ in run) for run in runs if all(is_name for _, is_name in run)}
        titles = {id: _in_a_row(document.title, length) for id, document in documents.items()}
        return frozenset(
            id
            for name in names
            for holding in [[id for id, title in titles.items() if name in title]]
            if len(holding) <= len(titles) / 3
            for id in holding
        )

    def part(self, name: str) -> Scores:
        """What the served score has of it; 0 where it has none."""
        return np.asarray(self.ranking.parts.get(name, np.zeros(len(self.rows))), dtype=np.float64)

    def nearness(self, vector: NDArray[np.floating]) -> Scores:
        """The part that meaning would have if the query's vector pointed there."""
        return self.near(self.desk.generation.context, vector / np.linalg.norm(vector))

    def near(self, vectors: Vectors, vector: NDArray[np.floating]) -> Scores:
        """The part that meaning would have if these were the passages' vectors."""
        return DENSE_WEIGHT * standardised((vectors[self.rows] @ vector).tolist())

    def worded(self, more: Scores) -> Scores:
        """The served score if BM25 had so much more of each candidate."""
        bm25 = standardised(np.maximum(self.by_words + more, 0).tolist())
        return self.served - self.part("lexical") + (1 - DENSE_WEIGHT) * bm25


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
    return case.served + setting[0] * case.by_sentence_in_passage


def best_sentence(case: Case, setting: Setting) -> Scores:
    """Those further down stay below by as much as the worst of the best loses."""
    best = standardised(case.by_sentence_in_passage[:_READ].tolist())
    part = np.full(len(case.rows), best.min() if len(best) else 0.0)
    part[: len(best)] = best
    return case.served + setting[0] * part


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
    return case.served + _moved(case, case.also, setting[0])


def long_forms(case: Case, setting: Setting) -> Scores:
    """As a glossary's other names: their words in the lane of words, and the query's vector moved
    towards that of the query with them."""
    of_words, of_meaning = setting
    if not case.long_forms:
        return case.served
    more = {word_id(s) for name in case.long_forms for s, _, _ in words(name)}
    asked = {word_id(stem) for stem in case.asked}
    worded = case.worded(of_words * case.bm25(sorted(more - asked)))
    return worded + _moved(case, case.long_forms, of_meaning)


def _moved(case: Case, names: Sequence[str], weight: float) -> Scores:
    """What the part of meaning changes by if the query's vector goes so far towards the names."""
    if not names or not weight:
        return np.zeros(len(case.rows))
    named = case.desk.embedder.query(" ".join((case.topic.text, *names)))
    return case.nearness(case.vector + np.float32(weight) * named) - case.part("dense")


def headings_field(case: Case, setting: Setting) -> Scores:
    """Another weight of the headings in BM25."""
    return case.worded((setting[0] - SECTION_WEIGHT) * case.in_headings)


def without_headings(case: Case) -> Scores:
    return headings_field(case, (0.0,))


def words_in_headings(case: Case, setting: Setting) -> Scores:
    return case.served + setting[0] * case.by_headings


def as_served(case: Case, _: Setting) -> Scores:
    return case.served


def without_header(case: Case) -> Scores:
    """Sentences' cosines and neighbours' scores stay as they are."""
    return without("dense")(case) + case.near(case.desk.without_header, case.vector)


def whole_header(case: Case, setting: Setting) -> Scores:
    """Some of the vectors under short headers, and for the rest those under whole ones."""
    share = setting[0]
    whole = case.near(case.desk.with_whole_header, case.vector)
    return case.served + share * (whole - case.part("dense"))


def meaning_against_words(case: Case, setting: Setting) -> Scores:
    shift = setting[0] / DENSE_WEIGHT - 1
    return case.served + shift * (case.part("dense") - case.part("lexical"))


def named_document(case: Case, setting: Setting) -> Scores:
    return case.served + setting[0] * case.by_title


def named_document_first(case: Case, setting: Setting) -> Scores:
    """All candidates of the documents that are named above all others, as a filter has it."""
    named = case.named(int(setting[0]))
    documents = case.desk.generation.rows.documents
    kept = np.array([documents[row] in named for row in case.listed], dtype=np.float64)
    return case.served + kept * (np.ptp(case.served) + 1)


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
_READ = 100
"""Best candidates whose sentences are looked at, one by one."""


_PARTS = ("dense", "lexical", "neighbours", "interaction", "recommendation", "imprint")


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
        name="each word of the query beside the words of the hundred best (served)",
        scorer=weighing("interaction", INTERACTION_WEIGHT),
        settings=[(w,) for w in (0.25, 0.5, 1.0, 1.5, 2.0, 3.0)],
        baseline=without("interaction"),
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
        settings=[(w,) for w in (0.4, 0.8, 1.6, 2.4, 3.2, 6.4)],
        chosen_by="R@20",
    ),
    Attempt(
        name="headings as a field of BM25 (served)",
        scorer=headings_field,
        settings=[(w,) for w in (SECTION_WEIGHT, 0.3, 0.6, 1.0)],
        baseline=without_headings,
    ),
    Attempt(
        name="a header of title, chapter and section on what is embedded (served)",
        scorer=as_served,
        settings=[(1.0,)],
        baseline=without_header,
    ),
    Attempt(
        name="the whole title and all headings as that header",
        scorer=whole_header,
        settings=[(share,) for share in (0.5, 1.0)],
    ),
    Attempt(
        name="the share of the query's words that stand in headings",
        scorer=words_in_headings,
        settings=[(w,) for w in (0.05, 0.1, 0.2, 0.4)],
    ),
    Attempt(
        name="the best sentence's cosine, of the best hundred",
        scorer=best_sentence,
        settings=[(w,) for w in (0.1, 0.2, 0.4, 0.8)],
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
        name="acronyms and long forms that documents explain",
        scorer=long_forms,
        settings=[s for s in product((0.0, 0.2, 0.5, 1.0), (0.0, 0.25, 0.5)) if any(s)],
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
        name="the document that a query names, as a filter",
        scorer=named_document_first,
        settings=[(length,) for length in (3, 2, 1)],
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


def _in_a_row(text: str, length: int) -> frozenset[tuple[str, ...]]:
    """All stretches of so many stems."""
    all_stems = [stem for stem, _, _ in placed(text)]
    places = range(len(all_stems) - length + 1)
    return frozenset(tuple(all_stems[at : at + length]) for at in places)


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
