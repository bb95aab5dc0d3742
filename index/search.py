"""Queries to hits: the dense lane, the lexical lane, and both fused by score."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from index.beside import Beside
from index.conditions import Conditions, Found
from index.context import NOBODY
from index.embedder import Embedder, Vector, Vectors, part_reader
from index.feedback import Feedback
from index.generation import Rows
from index.glossary import Glossary
from index.lexical import Bm25, SparseVector, placed, stem_of, stems, word_id
from index.reranker import Reranker
from index.sentences import Sentences
from index.store import DENSE, LEXICAL, Filters, Lane, Store
from index.vocabulary import MOST_WORTH, Vocabulary
from index.wording import Wording, wording
from index.wordvectors import WordVectors, reduced
from ingest.errors import BadQuery
from ingest.model import Edition, Hit, LaneScore, Span, Stance, Voice
from ingest.nearest import remedy

LONGEST_QUERY = 2_000
"""Characters."""
MOST_HITS = 1_000

DEPTH = 500
"""Candidates of each lane; with 100, fusion lost up to .075 of recall at 100. On 56 judged
questions over three inquiries 1,000 found no more: nDCG@10 differs by .000 [-.005, .004]."""
DEEPEST = 50_000
"""Candidates of the lexical lane where exact words are asked for, which may stand anywhere."""
RERANKED = 50
DENSE_WEIGHT = 0.5
"""Even weights were within .013 nDCG@10 of the best on every collection measured."""
IMPRINT = 1.0
"""Standard deviations that a digest's words about itself give up. On 121 questions to the Casey
digests nDCG@10 rose by .028 at this, by .019 to .034 from half to four times of it, and since words
are held against words by some half of that; at twice it a paragraph's own words no longer bring it
first in its own digest."""
NEAR = 0.1
"""Standard deviations by which scores may differ and still be called near equal."""

NEIGHBOUR_WEIGHT = 0.1
"""Of the mean score of the passages before and after. Measured on 56 judged questions: nDCG@10
rises from .509 to .520 (difference .002 to .024), recall at 20 stays (.655, .650)."""
WORDS_READ = 100
"""Best candidates that are read word by word."""
INTERACTION_WEIGHT = 1.5
"""Of how near a passage's words are to the query's, to 1 of both lanes. Measured on 177 judged
questions, its choice confirmed on the inquiries that it was not made on: nDCG@10 rises by .047
(.026 to .068), recall at 20 by .018 (-.003 to .039)."""
LED_INTERACTION_WEIGHT = 0.3
"""The same where examples say better than the words what is wanted. Measured with the best of
twenty hits as the example, for 107 questions: nDCG@10 of the rest is .581, at the other .564."""
RECOMMENDATION_WEIGHT = 1.0
"""For a passage in which a recommendation stands, where one is asked for. Measured on 177 judged
questions, its choice confirmed on the inquiries that it was not made on: nDCG@10 rises by .005
(.000 to .011), recall at 20 by .003 (.000 to .006)."""
FIRST = 10
"""Hits of a first page, whose order nothing below them changes."""
EXAMPLES = 3
"""Of the first hits, that what follows the first page is held against."""
ALIKE_READ = 100
"""Best candidates that are held against them."""
ALIKE_WEIGHT = 1.6
"""Of the cosine to the first hits, to 1 of both lanes, after the first page. Measured on 177
judged questions: recall at 20 rises by .018 (.002 to .037), and with its choice confirmed on the
inquiries that it was not made on by .016 (-.001 to .037); nDCG@10 cannot change."""
ALIKE = "alike"
"""The part of a score that only what is asked for after the first page has."""
_APART = 1e-4
"""By which what follows stays below the last hit of the first page."""
_RECOMMEND = stem_of("recommendation")
ABSENT = -2.0
"""Standardised score, at least, and of a neighbour that is no candidate."""

_LANES = Beside()
"""Where the second lane of a hybrid search is asked beside the first, while no other is."""


class Mode(StrEnum):
    HYBRID = "hybrid"
    DENSE = "dense"
    LEXICAL = "lexical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked. The first `offset` hits are passed over, the next `k` returned."""

    text: str = ""
    """May be empty where passages say what is looked for."""
    k: int = 10
    offset: int = 0
    mode: Mode = Mode.HYBRID
    filters: Filters = field(default_factory=Filters)
    like: tuple[str, ...] = ()
    """Ids of passages like which more are wanted; they themselves are not."""
    unlike: tuple[str, ...] = ()
    """Ids of passages that are not what is wanted."""

    @property
    def wording(self) -> Wording:
        """The text without what is asked beside its words, and that."""
        return wording(self.text)


Search = Callable[[Query], Sequence[Hit]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """The passages that meet what a query asks beside its words."""

    first: tuple[Found, ...] = ()
    """For each of the wording's `first`."""
    without: tuple[Found, ...] = ()
    """For each of its `without`."""

    @property
    def wanted(self) -> Found:
        return _union(self.first)

    @property
    def unwanted(self) -> Found:
        return _union(self.without)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedWords:
    """What the words of a query mean in it."""

    vectors: Vectors
    """One row for each, as the index keeps them."""
    worth: NDArray[np.float32]
    """What each counts for, of 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Every candidate of a query, best first, ties by passage id; all arrays run in step."""

    rows: NDArray[np.int64]
    parts: Mapping[str, NDArray[np.floating]]
    """What each score is the sum of, by name."""
    dense: Lane | None = None
    lexical: Lane | None = None
    cosines: NDArray[np.float32] | None = None
    """None where meaning was not asked for."""
    vector: Vector | None = None
    """What they are cosines to."""
    asked: AskedWords | None = None
    """The words asked for; None where the embedder tells none, or a lane is asked alone."""
    met: Met = field(default_factory=Met)

    @property
    def scores(self) -> NDArray[np.floating]:
        return np.sum(list(self.parts.values()), axis=0) if self.parts else np.empty(0)

    def plus(self, name: str, part: NDArray[np.floating]) -> "Ranking":
        """The same with one more part of each score; no longer in order."""
        return replace(self, parts={**self.parts, name: part})

    def without(self, name: str) -> "Ranking":
        """The same in the order that it would have without that part of each score."""
        if name not in self.parts:
            return self
        kept = {part: scores for part, scores in self.parts.items() if part != name}
        return _sorted(replace(self, parts=kept))

    def at(self, order: NDArray[np.int64]) -> "Ranking":
        """The same candidates in this order."""
        return replace(
            self,
            rows=self.rows[order],
            parts={name: part[order] for name, part in self.parts.items()},
            cosines=None if self.cosines is None else self.cosines[order],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """What a search needs: the open parts of one generation."""

    embedder: Embedder
    store: Store
    bm25: Bm25
    rows: Rows
    vectors: Vectors
    """Of each passage in its context."""
    neighbours: NDArray[np.int64]
    """The rows before and after each in its document; shape (rows, 2)."""
    superseded: NDArray[np.bool_]
    """Rows of our digests of documents whose published words are here too."""
    imprint: NDArray[np.bool_]
    """Rows of digests that claim nothing, in digests that mark what they claim."""
    glossary: Glossary
    vocabulary: Vocabulary
    text: Callable[[int], str]
    """The words of the passage in a row."""
    recommends: NDArray[np.bool_]
    """Rows in which a recommendation stands."""
    sentences: Sentences
    words: WordVectors
    reranker: Reranker | None = None
    """Reads the best of a hybrid ranking again, where there is one."""
    feedback: Feedback = field(default_factory=Feedback)

    def rank(self, query: Query) -> Ranking:
        """All candidates of the query, whatever its `k`; where that asks for no more than a first
        page, in the order that holds for that."""
        asked = _asked(self, query)
        ranking = _sorted(_RANKERS[query.mode](self, asked))
        for step in (
            _interacting,
            _recommending,
            _preferring,
            _claiming,
            _going_on,
            _reranked,
            _met_first,
        ):
            moved = step(self, asked, ranking)
            ranking = ranking if moved is ranking else _sorted(moved)
        return ranking

    def rows_of(self, passages: Iterable[str]) -> NDArray[np.int64]:
        """The rows of those passages that are here, each once, in order."""
        names = self.rows.passages
        places = ((bisect_left(names, passage), passage) for passage in passages)
        found = {at for at, passage in places if at < len(names) and names[at] == passage}
        return np.array(sorted(found), dtype=np.int64)

    def hits(self, ranking: Ranking, query: Query) -> tuple[Hit, ...]:
        """The stretch of the ranking that the query asks for."""
        asked = slice(query.offset, query.offset + query.k)
        rows: list[int] = ranking.rows[asked].tolist()
        scores: list[float] = ranking.scores[asked].tolist()
        lanes = {DENSE: _places(ranking.dense, rows), LEXICAL: _places(ranking.lexical, rows)}
        parts = {name: part[asked].tolist() for name, part in ranking.parts.items()}
        return tuple(
            Hit(
                passage=self.rows.passages[row],
                document=self.rows.documents[row],
                score=score,
                lanes={name: lane[row] for name, lane in lanes.items() if row in lane},
                parts={name: part[at] for name, part in parts.items()},
            )
            for at, (row, score) in enumerate(zip(rows, scores, strict=True))
        )

    def sentences_near(self, ranking: Ranking, query: Query) -> list[Mapping[Span, float]]:
        """The cosine of each sentence of those hits; none where meaning was not asked for."""
        rows = ranking.rows[query.offset : query.offset + query.k]
        if ranking.vector is None:
            return [{} for _ in rows]
        return self.sentences.cosines(rows, ranking.vector)


def search(index: Index, mode: Mode) -> Search:
    """A search that answers every query in this mode."""

    def answer(query: Query) -> Sequence[Hit]:
        asked = replace(query, mode=mode)
        check_text(asked)
        return index.hits(index.rank(asked), asked)

    return answer


def check_text(query: Query) -> None:
    """Raises BadQuery where the text or the numbers cannot be answered."""
    if not query.text.strip() and not query.like:
        raise BadQuery("The query is empty.", remedy="Ask something in words.")
    try:
        query.text.encode()
    except UnicodeEncodeError as error:
        raise BadQuery(
            "The query holds half a character (a lone surrogate).", remedy="Send it as UTF-8."
        ) from error
    if len(query.text) > LONGEST_QUERY:
        raise BadQuery(
            f"The query has {len(query.text):,} characters.",
            remedy=f"Ask in {LONGEST_QUERY:,} or fewer.",
        )
    if not (1 <= query.k <= MOST_HITS and query.offset >= 0):
        raise BadQuery(
            f"{query.k} hits from {query.offset} cannot be returned.",
            remedy=f"Ask for 1 to {MOST_HITS:,} hits, from 0 on.",
        )


def check_filters(
    filters: Filters,
    *,
    documents: Iterable[str],
    tags: Iterable[str],
    recommendations: Iterable[str],
) -> None:
    """Raises BadQuery at the first value that is not among those known, naming the nearest."""
    _check("document", filters.documents, documents)
    _check("tag", filters.tags, tags)
    _check("recommendation", filters.recommendations, recommendations)
    _check("voice", filters.voices, Voice)
    _check("stance", filters.stances, Stance)
    _check("edition", filters.editions, Edition)
    if filters.date_from and filters.date_to and filters.date_from > filters.date_to:
        raise BadQuery(
            f"No day is both after {filters.date_from} and before {filters.date_to}.",
            remedy="Exchange the two dates.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A query and all that was looked up for it."""

    query: Query
    met: Met
    examples: tuple[NDArray[np.int64], NDArray[np.int64]]
    """Rows of the passages like which more are wanted, and of those that are not."""

    left_out: NDArray[np.int64]
    """Rows of no use as hits, ascending."""

    @property
    def depth(self) -> int:
        return max(DEPTH, self.query.offset + self.query.k)


def _asked(index: Index, query: Query) -> _Asked:
    conditions = Conditions(
        store=index.store,
        vocabulary=index.vocabulary,
        text=index.text,
        vectors=index.vectors,
        filters=query.filters,
    )
    met = Met(
        first=tuple(map(conditions.rows, query.wording.first)),
        without=tuple(map(conditions.rows, query.wording.without)),
    )
    examples = index.rows_of(query.like), index.rows_of(query.unlike)
    return _Asked(
        query=query, met=met, examples=examples, left_out=_union((met.unwanted, *examples))
    )


def _dense(index: Index, asked: _Asked) -> Ranking:
    vector = _vector(index, asked)
    found = _dense_lane(index, asked, vector)
    rows = _union((found.rows, _wanted(asked)))
    cosine = _cosines(index.vectors, rows, vector, known=found)
    return Ranking(
        rows=rows,
        parts={DENSE: cosine},
        dense=found,
        cosines=cosine,
        vector=vector,
        met=asked.met,
    )


def _lexical(index: Index, asked: _Asked) -> Ranking:
    found = _lexical_lane(index, asked)
    rows = _union((found.rows[: asked.depth], _wanted(asked)))
    return Ranking(rows=rows, parts={LEXICAL: _of(found, rows)}, lexical=found, met=asked.met)


def _hybrid(index: Index, asked: _Asked) -> Ranking:
    """Candidates of both lanes by the mean of their standardised scores, and their neighbours'.

    A passage that only the words found has its true cosine computed; one that only the vector
    found shares no word with the query, or too little to be a candidate: its BM25 counts as 0.
    """
    # The words need no vector: they are looked for while the text is embedded.
    with _LANES.doing(_lexical_lane, index, asked) as beside:
        vector, meant = _read(index, asked)
        dense = _dense_lane(index, asked, vector)
        lexical = beside()
    rows = _union((dense.rows, lexical.rows[: asked.depth], _wanted(asked)))
    cosine = _cosines(index.vectors, rows, vector, known=dense)
    by_meaning = DENSE_WEIGHT * _standardised(cosine)
    by_words = (1 - DENSE_WEIGHT) * _standardised(_of(lexical, rows))
    around = _around(by_meaning + by_words, index.neighbours[rows], rows)
    return Ranking(
        rows=rows,
        parts={DENSE: by_meaning, LEXICAL: by_words, "neighbours": NEIGHBOUR_WEIGHT * around},
        dense=dense,
        lexical=lexical,
        cosines=cosine,
        vector=vector,
        asked=meant,
        met=asked.met,
    )


def _wanted(asked: _Asked) -> NDArray[np.int64]:
    wanted = asked.met.wanted
    return np.setdiff1d(wanted, asked.left_out) if len(wanted) else wanted


def _of(lane: Lane, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """The lane's scores of those rows, which ascend; 0 where it has none."""
    scores = np.zeros(len(rows), dtype=np.float32)
    place, known = _sought(rows, lane.rows)
    scores[place[known]] = lane.scores[known]
    return scores


def _sought(
    rows: NDArray[np.int64], wanted: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Where each row that is wanted stands among these, which ascend, and whether it does.

    NumPy's own `isin` sorts both, which takes ten times as long.
    """
    if not len(rows):
        return np.zeros_like(wanted), np.zeros(wanted.shape, dtype=np.bool_)
    place = np.minimum(np.searchsorted(rows, wanted), len(rows) - 1)
    return place, rows[place] == wanted


def _around(
    scores: NDArray[np.floating], neighbours: NDArray[np.int64], rows: NDArray[np.int64]
) -> NDArray[np.floating]:
    """The mean score of the passages before and after each; `rows`, which ascend, have scores."""
    if len(rows) == 0:
        return scores
    place, known = _sought(rows, neighbours)
    found = np.where(known, np.maximum(scores[place], ABSENT), ABSENT)
    beside: NDArray[np.floating] = np.where(neighbours == NOBODY, 0, found)
    return (beside[:, 0] + beside[:, 1]) / 2


def _cosines(
    vectors: Vectors, rows: NDArray[np.int64], vector: Vector, *, known: Lane
) -> NDArray[np.float32]:
    """Of those rows, which ascend; `known` has those of some."""
    cosines = np.empty(len(rows), dtype=np.float32)
    unknown = np.ones(len(rows), dtype=np.bool_)
    place = np.searchsorted(rows, known.rows)
    cosines[place], unknown[place] = known.scores, False
    # Not by BLAS: it shares so small a product among threads, which then wait for one another,
    # on a busy machine for many times as long as the product takes.
    cosines[unknown] = np.einsum("ij,j->i", vectors[rows[unknown]], vector)
    return cosines


def _interacting(index: Index, asked: _Asked, ranking: Ranking) -> Ranking:
    """Of the best of both lanes, earlier those that have a word near each word of the query.

    Those further down stay below by as much as the worst of the best loses.
    """
    if ranking.asked is None:
        return ranking
    nearest = index.words.nearest(ranking.rows[:WORDS_READ], ranking.asked.vectors)
    near = np.einsum("ij,j->i", nearest, ranking.asked.worth)
    read = ~np.isnan(near)
    if not read.any():
        return ranking
    said = np.zeros(len(near), dtype=np.float32)
    said[read] = _standardised(near[read])
    part = np.full(len(ranking.rows), said.min(), dtype=np.float32)
    part[: len(said)] = said
    like, _ = asked.examples
    weight = LED_INTERACTION_WEIGHT if len(like) else INTERACTION_WEIGHT
    return ranking.plus("interaction", weight * part)


def _recommending(index: Index, asked: _Asked, ranking: Ranking) -> Ranking:
    """Of both lanes' best, recommendations somewhat earlier where the query asks for one."""
    asks = _RECOMMEND in stems(asked.query.wording.plain)
    if not asks or asked.query.mode is not Mode.HYBRID:
        return ranking
    return ranking.plus("recommendation", RECOMMENDATION_WEIGHT * index.recommends[ranking.rows])


def _preferring(index: Index, asked: _Asked, ranking: Ranking) -> Ranking:
    """Of two passages that are near equal, the published one first.

    Every candidate of a digest whose document is here gives up a little of its score: as much as
    `NEAR` of the spread of all scores, which means the same in every mode. One that is plainly
    better stays ahead, and without such digests nothing changes.
    """
    digests = index.superseded[ranking.rows]
    if not digests.any():
        return ranking
    return ranking.plus("superseded", -NEAR * float(np.std(ranking.scores)) * digests)


def _claiming(index: Index, asked: _Asked, ranking: Ranking) -> Ranking:
    """What is no evidence well behind what is: the words in which a digest tells of itself.

    They name the subject, the document and everybody in it, and answer nothing.
    """
    imprint = index.imprint[ranking.rows]
    if not imprint.any():
        return ranking
    return ranking.plus("imprint", -IMPRINT * float(np.std(ranking.scores)) * imprint)


def _going_on(index: Index, asked: _Asked, ranking: Ranking) -> Ranking:
    """After the first page, somewhat earlier what is like its first hits.

    Whoever reads on wants more of what was found first. Nobody has looked at those hits, so they
    have no say about the first page, where one that misleads would cost most; and none where a
    query brings examples of its own, or exact words, or a reranker reads on. Nor is it worked out
    where no more than the first page is asked for.
    """
    asks_on = asked.query.offset + asked.query.k > FIRST
    rest = ranking.rows[FIRST:ALIKE_READ]
    led = index.reranker is not None or any(map(len, (*asked.examples, asked.met.wanted)))
    if not asks_on or asked.query.mode is not Mode.HYBRID or led or len(rest) == 0:
        return ranking
    example = index.vectors[ranking.rows[:EXAMPLES]].mean(axis=0)
    said = ALIKE_WEIGHT * _standardised(np.einsum("ij,j->i", index.vectors[rest], example))
    part = np.full(len(ranking.rows), said.min(), dtype=np.float64)
    part[FIRST:ALIKE_READ], part[:FIRST] = said, 0
    above = float((ranking.scores + part)[FIRST:].max() - ranking.scores[FIRST - 1])
    part[FIRST:] -= max(0.0, above + _APART)
    return ranking.plus(ALIKE, part)


def _reranked(index: Index, asked: _Asked, ranking: Ranking) -> Ranking:
    """The best candidates in the reranker's order, under the scores they had between them."""
    text = asked.query.wording.plain
    if index.reranker is None or asked.query.mode is not Mode.HYBRID or not text.strip():
        return ranking
    best: list[int] = ranking.rows[:RERANKED].tolist()
    if not best:
        return ranking
    judged = index.reranker.scores(text, [index.text(row) for row in best])
    change = np.zeros(len(ranking.rows))
    order = np.argsort(-judged, kind="stable")
    change[order] = ranking.scores[: len(best)] - ranking.scores[order]
    return ranking.plus("reranker", change)


def _met_first(index: Index, asked: _Asked, ranking: Ranking) -> Ranking:
    """What meets one of the conditions above all that meet fewer, whatever their scores."""
    if not len(asked.met.wanted):
        return ranking
    met = np.sum([np.isin(ranking.rows, each) for each in asked.met.first], axis=0)
    return ranking.plus("exact", met * (float(np.ptp(ranking.scores)) + 1))


_RANKERS: dict[Mode, Callable[[Index, _Asked], Ranking]] = {
    Mode.HYBRID: _hybrid,
    Mode.DENSE: _dense,
    Mode.LEXICAL: _lexical,
}


def _vector(index: Index, asked: _Asked) -> Vector:
    text = asked.query.wording.plain
    return _moved(index, asked, index.embedder.query(text) if text.strip() else None)


def _read(index: Index, asked: _Asked) -> tuple[Vector, AskedWords | None]:
    """The vector of the query and its words, of one reading."""
    text = asked.query.wording.plain
    found = placed(text)
    reader = part_reader(index.embedder)
    if reader is None or not found:
        return _vector(index, asked), None
    read = reader.parted_query(text, [Span(start, end) for _, start, end in found])
    worth = np.array([index.vocabulary.worth(word_id(stem)) for stem, _, _ in found])
    worth = np.minimum(worth, MOST_WORTH) * read.parts.any(axis=1)
    share = np.asarray(worth / max(1e-9, float(worth.sum())), dtype=np.float32)
    return (
        _moved(index, asked, read.whole),
        AskedWords(vectors=reduced(read.parts), worth=share),
    )


def _moved(index: Index, asked: _Asked, vector: Vector | None) -> Vector:
    """The query's vector, moved by the examples that it brings."""
    like, unlike = asked.examples
    if vector is not None and not len(like) and not len(unlike):
        return vector
    return index.feedback.moved(vector, index.vectors[like], index.vectors[unlike])


def _weights(index: Index, asked: _Asked) -> SparseVector:
    text = asked.query.wording.plain
    weights = index.bm25.query(text, index.glossary.also(text))
    like, _ = asked.examples
    if not len(like):
        return weights
    told = [index.bm25.passage(index.text(row)) for row in like.tolist()]
    return index.feedback.widened(weights, told, index.vocabulary)


def _dense_lane(index: Index, asked: _Asked, vector: Vector) -> Lane:
    limit = asked.depth + len(asked.left_out)
    lane = index.store.nearest(vector, filters=asked.query.filters, limit=limit)
    return _without(lane, asked.left_out, asked.depth)


def _lexical_lane(index: Index, asked: _Asked) -> Lane:
    """To the usual depth, or as deep as it goes where passages are wanted that may lie there."""
    weights = _weights(index, asked)
    if not weights.indices:
        return Lane(rows=np.empty(0, dtype=np.int64), scores=np.empty(0, dtype=np.float32))
    depth = max(asked.depth, DEEPEST if len(asked.met.wanted) else 0)
    limit = depth + len(asked.left_out)
    lane = index.store.lexical(weights, filters=asked.query.filters, limit=limit)
    return _without(lane, asked.left_out, depth)


def _without(lane: Lane, rows: NDArray[np.int64], depth: int) -> Lane:
    """What else the lane has, to this depth."""
    if not len(rows):
        return lane
    kept = np.flatnonzero(~np.isin(lane.rows, rows))[:depth]
    return Lane(rows=lane.rows[kept], scores=lane.scores[kept])


def _union(several: Iterable[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Each row once, ascending; NumPy's own takes five times as long for so few."""
    held = [each for each in several if len(each)]
    if not held:
        return np.empty(0, dtype=np.int64)
    rows: NDArray[np.int64] = np.sort(np.concatenate(held))
    first: NDArray[np.bool_] = np.append(True, rows[1:] != rows[:-1])
    return rows[first]


def _standardised(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean 0 and standard deviation 1; all 0 where the scores do not differ."""
    if not len(scores):
        return scores
    centred: NDArray[np.float32] = scores - scores.mean()
    spread = np.sqrt((centred * centred).mean())
    return centred / spread if spread > 1e-6 else np.zeros_like(scores)


def _sorted(ranking: Ranking) -> Ranking:
    # Rows are numbered in the order of passage ids.
    return ranking.at(np.lexsort((ranking.rows, -ranking.scores)))


def _places(lane: Lane | None, rows: Sequence[int]) -> dict[int, LaneScore]:
    """Rank and score in the lane of those rows that it found."""
    if lane is None:
        return {}
    order = np.argsort(lane.rows)
    place, known = _sought(lane.rows[order], np.array(rows, dtype=np.int64))
    ranks: list[int] = order[place[known]].tolist()
    found = (row for row, is_known in zip(rows, known, strict=True) if is_known)
    return {
        row: LaneScore(rank=rank + 1, score=float(lane.scores[rank]))
        for row, rank in zip(found, ranks, strict=True)
    }


def _check(noun: str, asked: Sequence[str], known: Iterable[str]) -> None:
    if not asked:
        return
    valid = frozenset(known)
    for value in asked:
        if value not in valid:
            raise BadQuery(f"There is no {noun} {value!r}.", remedy=remedy(noun, value, valid))
