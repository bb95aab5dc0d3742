"""How the tagger's weights are learned from labelled sentences.

Two kernel logistic regressions, one of evidence and one of which tag, over a kernel that adds up
likeness of terms, of rules that fired and of vectors. What has to be chosen (from which
probability a tag is given, how confident that is) is chosen on scores out of fold: no file of
examples is on both sides.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_array

from ingest.findings.examples import Example
from ingest.findings.learned import (
    LearnedStamp,
    Neighbours,
    Scores,
    Sums,
    Weights,
    claims,
    evidence,
    own,
    shares,
)
from ingest.findings.wording import rarity, vocabulary, weighted
from ingest.model import Stance
from ingest.similarity import Vectors

Matrix = NDArray[np.float32]
Flags = NDArray[np.bool_]

# Chosen out of fold among halves and doubles of each; the differences are small.
WORDS, RULES, VECTORS, REACH, PENALTY = 4.0, 1.0, 3.0, 1.0, 0.1
"""Shares of terms, rules and vectors in the kernel, fall of nearness, and weight of the penalty."""
STRAYS = 0.07
"""Share of examples that are evidence of nothing which may be tagged, out of fold."""
PRECISION = 0.7
"""Least precision of each tag, out of fold."""
OWN = 0.3
"""Probability of a tag by itself from which what is evidence is given it, whatever its share."""
RULED = 0.5
"""Probability of evidence, and share, from which a tag is given whose rule fired: even odds."""
PASSED_OVER = 0.01
"""Share of evidence that may be lost by asking for no vector where words make it unlikely."""
FOLDS = 3
"""Parts that the files of examples are divided into."""
_STEPS, _STILL = 300, 1e-2
_BOUNDS = np.arange(0.1, 0.5, 0.02)


def settings() -> dict[str, float]:
    """What the weights depend on besides the examples, for their stamp."""
    return {
        "words": WORDS,
        "rules": RULES,
        "vectors": VECTORS,
        "reach": REACH,
        "penalty": PENALTY,
        "strays": STRAYS,
        "precision": PRECISION,
        "own": OWN,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """Examples in numbers; a row for each."""

    texts: Sequence[str]
    writers: Sequence[str]
    rules: Scores
    """Confidence of the surest rule that fired, by tag."""
    vectors: Vectors
    tags: Flags
    stances: Flags
    """How the evidence is put; a row of what is evidence of nothing is not asked for."""

    @property
    def positive(self) -> Flags:
        return np.asarray(self.tags.any(axis=1))

    @classmethod
    def of(
        cls, examples: Sequence[Example], rules: Scores, vectors: Vectors, tags: Sequence[str]
    ) -> "Lessons":
        return cls(
            texts=[example.text for example in examples],
            writers=[example.writer for example in examples],
            rules=rules,
            vectors=vectors,
            tags=np.array([[tag in example.tags for tag in tags] for example in examples]),
            stances=np.array([[each is example.stance for each in Stance] for example in examples]),
        )


@dataclass(frozen=True, slots=True)
class _Terms:
    """Terms of all examples: spelling, rarity, and a unit vector for each example."""

    known: Sequence[str]
    rarities: NDArray[np.float32]
    rows: csr_array

    @classmethod
    def of(cls, texts: Sequence[str]) -> "_Terms":
        known = vocabulary(texts)
        rarities = rarity(known, texts)
        places = {term: place for place, term in enumerate(known)}
        found = [weighted(text, places, rarities) for text in texts]
        amounts = np.concatenate([amounts for _, amounts in found])
        columns = np.concatenate([columns for columns, _ in found])
        ends = [0, *accumulate(len(columns) for columns, _ in found)]
        rows = csr_array((amounts, columns, ends), shape=(len(texts), len(known)))
        return cls(known, rarities, rows)


def learn(lessons: Lessons, stamp: LearnedStamp) -> Weights:
    """Weights with everything chosen; takes two minutes for 11,561 examples on two cores."""
    terms = _Terms.of(lessons.texts)
    worded, full = _kernels(lessons, terms)
    # What serves where there are no vectors is asked for less care.
    apart = out_of_fold(lessons, worded, 2)
    neighbours, sums = _full(lessons, terms, fitted(lessons, full))
    return Weights(
        stamp=stamp,
        terms=terms.known,
        rarities=terms.rarities,
        worded=_chosen(_sums(lessons, terms, fitted(lessons, worded)), lessons, apart),
        full=_chosen(sums, lessons, out_of_fold(lessons, full)),
        neighbours=neighbours,
        floor=float(np.quantile(evidence(apart)[lessons.positive], PASSED_OVER)),
    )


def _full(lessons: Lessons, terms: _Terms, weights: Matrix) -> tuple[Neighbours, Sums]:
    neighbours = Neighbours(
        vectors=lessons.vectors,
        weights=np.asarray(VECTORS * weights, dtype=np.float32),
        reach=REACH,
    )
    return neighbours, _sums(lessons, terms, weights)


def _kernels(lessons: Lessons, terms: _Terms) -> tuple[Matrix, Matrix]:
    worded: Matrix = np.asarray((terms.rows @ terms.rows.T).toarray(), dtype=np.float32)
    worded *= WORDS
    worded += RULES * (lessons.rules @ lessons.rules.T) + 1
    near = lessons.vectors @ lessons.vectors.T
    # In place: what is squared here has half a gigabyte.
    near -= 1
    near *= 2 * REACH
    np.exp(near, out=near)
    near *= VECTORS
    near += worded
    return worded, near


def fitted(lessons: Lessons, kernel: Matrix) -> Matrix:
    """Weights of the examples: a column for evidence, then, from what is evidence, one for each
    tag and one for each stance."""
    positive = np.flatnonzero(lessons.positive)
    wanted = np.hstack([lessons.tags, lessons.stances])
    weights = np.zeros((len(lessons.texts), 1 + wanted.shape[1]), dtype=np.float32)
    weights[:, :1] = solved(kernel, lessons.positive[:, None])
    weights[positive, 1:] = solved(kernel[np.ix_(positive, positive)], wanted[positive])
    return weights


def solved(kernel: Matrix, wanted: Flags) -> Matrix:
    """The weights that kernel logistic regression gives each row, by column.

    Steps against a bound on the curvature (Boehning 1992) need one factor for all columns, which
    Cholesky gives in a fifth of the time of an inverse; momentum that starts again where it
    overshoots (O'Donoghue and Candes 2015) makes them few.
    """
    bounded = kernel.copy()
    bounded[np.diag_indices_from(bounded)] += 4 * PENALTY
    factor = cho_factor(bounded, lower=True, overwrite_a=True, check_finite=False)
    weights = ahead = np.zeros(wanted.shape, dtype=np.float32)
    momentum = 1.0
    for _ in range(_STEPS):
        scores: Matrix = kernel @ ahead
        missing = np.asarray(wanted - 1 / (1 + np.exp(-scores)), dtype=np.float32)
        aim = np.asarray(scores + 4 * missing, dtype=np.float32)
        following = cho_solve(factor, aim, overwrite_b=True, check_finite=False)
        if np.abs(following - weights).max() < _STILL:
            return following
        overshot = bool(((ahead - following) * (following - weights)).sum() > 0)
        grown = 1.0 if overshot else (1 + math.sqrt(1 + 4 * momentum**2)) / 2
        gain = 0.0 if overshot else (momentum - 1) / grown
        ahead = np.asarray(following + gain * (following - weights), dtype=np.float32)
        weights, momentum = following, grown
    return weights


def out_of_fold(lessons: Lessons, kernel: Matrix, parts: int = FOLDS) -> Scores:
    """Scores of examples by what is learned from others: no file is on both sides."""
    columns = 1 + lessons.tags.shape[1] + lessons.stances.shape[1]
    scores = np.zeros((len(lessons.texts), columns), dtype=np.float32)
    names = sorted(set(lessons.writers))
    folds = np.array([names.index(writer) % parts for writer in lessons.writers])
    for fold in range(min(parts, len(names))):
        others, own = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        weights = fitted(only(lessons, others), kernel[np.ix_(others, others)])
        scores[own] = kernel[np.ix_(own, others)] @ weights
    return scores


def only(lessons: Lessons, rows: NDArray[np.intp]) -> Lessons:
    """Those of these rows, in their order."""
    return Lessons(
        texts=[lessons.texts[int(row)] for row in rows],
        writers=[lessons.writers[int(row)] for row in rows],
        rules=lessons.rules[rows],
        vectors=lessons.vectors[rows],
        tags=lessons.tags[rows],
        stances=lessons.stances[rows],
    )


def _sums(lessons: Lessons, terms: _Terms, weights: Matrix) -> Sums:
    return Sums(
        by_term=np.asarray(WORDS * (terms.rows.T @ weights), dtype=np.float32),
        by_rule=np.asarray(RULES * (lessons.rules.T @ weights), dtype=np.float32),
        constant=np.asarray(weights.sum(axis=0), dtype=np.float32),
        bounds=np.zeros(4 + len(lessons.tags[0]), dtype=np.float32),
        likely=np.zeros(3, dtype=np.float32),
    )


def _chosen(sums: Sums, lessons: Lessons, scores: Scores) -> Sums:
    """With bounds and calibration from scores out of fold."""
    return Sums(
        by_term=sums.by_term,
        by_rule=sums.by_rule,
        constant=sums.constant,
        bounds=_bounds(lessons, scores),
        likely=_calibration(lessons, evidence(scores), claims(scores)),
    )


def _bounds(lessons: Lessons, scores: Scores) -> Scores:
    """See `Sums.bounds`."""
    likely, shared, empty = evidence(scores), shares(scores), ~lessons.positive
    rough = float(np.quantile(likely[empty], 1 - 2 * STRAYS))
    by_tag = _share_bounds(lessons.tags[likely >= rough], shared[likely >= rough])
    of_some = ((shared >= by_tag) | (own(scores) >= OWN)).any(axis=1)
    strays = np.where(of_some, likely, 0)[empty]
    least = float(np.quantile(strays, 1 - STRAYS))
    return np.array([least, RULED, RULED, OWN, *by_tag], dtype=np.float32)


def _share_bounds(wanted: Flags, shared: Scores) -> Scores:
    """From which share each tag is given: where F1 is best while precision is high enough."""
    pooled = [_f1(shared >= bound, wanted)[0] for bound in _BOUNDS]
    chosen: list[float] = []
    for column in range(wanted.shape[1]):
        found = [_f1(shared[:, column] >= bound, wanted[:, column]) for bound in _BOUNDS]
        # A tag's own few examples are steadied by what holds for all.
        worth = [
            (precision >= PRECISION, own + common)
            for (own, precision), common in zip(found, pooled, strict=True)
        ]
        chosen.append(float(_BOUNDS[max(range(len(worth)), key=worth.__getitem__)]))
    return np.array(chosen, dtype=np.float32)


def _f1(given: Flags, wanted: Flags) -> tuple[float, float]:
    """F1 and precision."""
    right = int((given & wanted).sum())
    total = int(given.sum())
    return 2 * right / max(total + int(wanted.sum()), 1), right / total if total else 1.0


def _calibration(lessons: Lessons, likely: Scores, claimed: Scores) -> Scores:
    """Slopes and constant (Platt scaling of two scores) over pairs of example and likely tag."""
    near = claimed >= _BOUNDS[0]
    unscaled = [
        np.log(p / (1 - p))
        for p in (
            np.broadcast_to(likely[:, None], claimed.shape)[near].clip(1e-4, 1 - 1e-4),
            claimed[near].clip(1e-4, 1 - 1e-4),
        )
    ]
    columns = np.column_stack([*unscaled, np.ones(int(near.sum()))]).astype(np.float64)
    wanted = lessons.tags[near].astype(np.float64)
    weights = np.zeros(3)
    for _ in range(30):
        probability = 1 / (1 + np.exp(-columns @ weights))
        slope = columns.T @ (wanted - probability) - 1e-3 * weights
        curve = (columns.T * (probability * (1 - probability))) @ columns + 1e-3 * np.eye(3)
        weights = weights + np.linalg.solve(curve, slope)
    return np.asarray(weights, dtype=np.float32)
