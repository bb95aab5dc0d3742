"""Queries to hits: the dense lane, the lexical lane, and both fused by score."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from index.context import NOBODY
from index.embedder import Embedder, Vector, Vectors
from index.generation import Rows
from index.glossary import Glossary
from index.lexical import Bm25
from index.store import DENSE, LEXICAL, Filters, Lane, Store
from ingest.errors import BadQuery
from ingest.model import Edition, Hit, LaneScore, Stance, Voice

LONGEST_QUERY = 2_000
"""Characters."""
MOST_HITS = 1_000

DEPTH = 500
"""Candidates of each lane; with 100, fusion lost up to .075 of recall at 100. On 56 judged
questions over three inquiries 1,000 found no more: nDCG@10 differs by .000 [-.005, .004]."""
DENSE_WEIGHT = 0.5
"""Even weights were within .013 nDCG@10 of the best on every collection measured."""
NEAR = 0.1
"""Standard deviations by which scores may differ and still be called near equal."""

NEIGHBOUR_WEIGHT = 0.1
"""Of the mean score of the passages before and after. Measured on 56 judged questions: nDCG@10
rises from .509 to .520 (difference .002 to .024), recall at 20 stays (.655, .650)."""
ABSENT = -2.0
"""Standardised score, at least, and of a neighbour that is no candidate."""


class Mode(StrEnum):
    HYBRID = "hybrid"
    DENSE = "dense"
    LEXICAL = "lexical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked. The first `offset` hits are passed over, the next `k` returned."""

    text: str
    k: int = 10
    offset: int = 0
    mode: Mode = Mode.HYBRID
    filters: Filters = field(default_factory=Filters)


Search = Callable[[Query], Sequence[Hit]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Every candidate of a query, best first, ties by passage id; all arrays run in step."""

    rows: NDArray[np.int64]
    scores: NDArray[np.floating]
    dense: Lane | None
    lexical: Lane | None


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
    glossary: Glossary

    def rank(self, query: Query) -> Ranking:
        """All candidates of the query, whatever its `k`."""
        return _preferring(_RANKERS[query.mode](self, query), self.superseded)

    def hits(self, ranking: Ranking, query: Query) -> tuple[Hit, ...]:
        """The stretch of the ranking that the query asks for."""
        asked = slice(query.offset, query.offset + query.k)
        rows: list[int] = ranking.rows[asked].tolist()
        scores: list[float] = ranking.scores[asked].tolist()
        lanes = {DENSE: _places(ranking.dense, rows), LEXICAL: _places(ranking.lexical, rows)}
        return tuple(
            Hit(
                passage=self.rows.passages[row],
                document=self.rows.documents[row],
                score=score,
                lanes={name: lane[row] for name, lane in lanes.items() if row in lane},
            )
            for row, score in zip(rows, scores, strict=True)
        )


def search(index: Index, mode: Mode) -> Search:
    """A search that answers every query in this mode."""

    def answer(query: Query) -> Sequence[Hit]:
        asked = replace(query, mode=mode)
        check_text(asked)
        return index.hits(index.rank(asked), asked)

    return answer


def check_text(query: Query) -> None:
    """Raises BadQuery where the text or the numbers cannot be answered."""
    if not query.text.strip():
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


def _dense(index: Index, query: Query) -> Ranking:
    found = _dense_lane(index, query, index.embedder.query(query.text))
    return _sorted(found.rows, found.scores, dense=found)


def _lexical(index: Index, query: Query) -> Ranking:
    found = _lexical_lane(index, query)
    return _sorted(found.rows, found.scores, lexical=found)


def _hybrid(index: Index, query: Query) -> Ranking:
    """Candidates of both lanes by the mean of their standardised scores, and their neighbours'.

    A passage that only the words found has its true cosine computed; one that only the vector
    found shares no word with the query, or too little to be a candidate: its BM25 counts as 0.
    """
    vector = index.embedder.query(query.text)
    dense = _dense_lane(index, query, vector)
    lexical = _lexical_lane(index, query)
    rows = _union(dense.rows, lexical.rows)
    cosine = _cosines(index.vectors, rows, vector, known=dense)
    bm25 = np.zeros(len(rows), dtype=np.float32)
    bm25[np.searchsorted(rows, lexical.rows)] = lexical.scores
    fused = DENSE_WEIGHT * _standardised(cosine) + (1 - DENSE_WEIGHT) * _standardised(bm25)
    scores = fused + NEIGHBOUR_WEIGHT * _around(fused, index.neighbours[rows], rows)
    return _sorted(rows, scores, dense=dense, lexical=lexical)


def _around(
    scores: NDArray[np.floating], neighbours: NDArray[np.int64], rows: NDArray[np.int64]
) -> NDArray[np.floating]:
    """The mean score of the passages before and after each; `rows`, which ascend, have scores."""
    if len(rows) == 0:
        return scores
    place = np.minimum(np.searchsorted(rows, neighbours), len(rows) - 1)
    found = np.where(rows[place] == neighbours, np.maximum(scores[place], ABSENT), ABSENT)
    mean: NDArray[np.floating] = np.where(neighbours == NOBODY, 0, found).mean(axis=1)
    return mean


def _union(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    """All rows of both, each once, ascending; NumPy's own takes five times as long for so few."""
    rows: NDArray[np.int64] = np.sort(np.concatenate((one, other)))
    first: NDArray[np.bool_] = np.diff(rows, prepend=NOBODY - 1) != 0
    return rows[first]


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


def _preferring(ranking: Ranking, superseded: NDArray[np.bool_]) -> Ranking:
    """Of two passages that are near equal, the published one first.

    Every candidate of a digest whose document is here gives up a little of its score: as much as
    `NEAR` of the spread of all scores, which means the same in every mode. One that is plainly
    better stays ahead, and without such digests nothing changes.
    """
    digests = superseded[ranking.rows]
    if not digests.any():
        return ranking
    scores = ranking.scores - NEAR * float(np.std(ranking.scores)) * digests
    return _sorted(ranking.rows, scores, dense=ranking.dense, lexical=ranking.lexical)


_RANKERS: dict[Mode, Callable[[Index, Query], Ranking]] = {
    Mode.HYBRID: _hybrid,
    Mode.DENSE: _dense,
    Mode.LEXICAL: _lexical,
}


def _dense_lane(index: Index, query: Query, vector: Vector) -> Lane:
    return index.store.nearest(vector, filters=query.filters, limit=_depth(query))


def _lexical_lane(index: Index, query: Query) -> Lane:
    weights = index.bm25.query(query.text, index.glossary.also(query.text))
    if not weights.indices:
        return Lane(rows=np.empty(0, dtype=np.int64), scores=np.empty(0, dtype=np.float32))
    return index.store.lexical(weights, filters=query.filters, limit=_depth(query))


def _depth(query: Query) -> int:
    return max(DEPTH, query.offset + query.k)


def _standardised(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean 0 and standard deviation 1; all 0 where the scores do not differ."""
    spread = scores.std() if len(scores) else 0.0
    return (scores - scores.mean()) / spread if spread > 1e-6 else np.zeros_like(scores)


def _sorted(
    rows: NDArray[np.int64],
    scores: NDArray[np.floating],
    *,
    dense: Lane | None = None,
    lexical: Lane | None = None,
) -> Ranking:
    # Rows are numbered in the order of passage ids.
    order = np.lexsort((rows, -scores))
    return Ranking(rows=rows[order], scores=scores[order], dense=dense, lexical=lexical)


def _places(lane: Lane | None, rows: Iterable[int]) -> dict[int, LaneScore]:
    """Rank and score in the lane of those rows that it found."""
    if lane is None:
        return {}
    place = {row: at for at, row in enumerate(lane.rows.tolist())}
    return {
        row: LaneScore(rank=place[row] + 1, score=float(lane.scores[place[row]]))
        for row in rows
        if row in place
    }


def _check(noun: str, asked: Sequence[str], known: Iterable[str]) -> None:
    if not asked:
        return
    valid = frozenset(known)
    for value in asked:
        if value not in valid:
            near = get_close_matches(value, sorted(valid), n=3, cutoff=0.4) or sorted(valid)[:20]
            raise BadQuery(
                f"There is no {noun} {value!r}.",
                remedy=f"Did you mean {', '.join(near)}?" if near else f"No {noun} is indexed.",
            )
