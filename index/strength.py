"""How far a ranking looks like an answer at all."""

import math
from dataclasses import dataclass
from enum import StrEnum

from index.lexical import words
from index.search import Index, Query, Ranking
from index.store import Lane

# Fitted by logistic regression on 56 judged questions over three inquiries (1,842 passages),
# asked of all documents, against 4 unanswerable ones and the same 60 asked only of the other
# inquiries' documents, where at best a near theme is found. Fitted without the inquiry asked
# about: area under the curve .94, Brier score .08; 86% of the answerable and 8% of the others
# come out strong. A cosine alone reaches .92.
COSINE = 11.0
COVERAGE = 48.0
INTERCEPT = -10.1

STRONG = 0.5
WEAK = 0.2


class Grade(StrEnum):
    STRONG = "strong"
    WEAK = "weak"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """`score` is the estimated chance, 0 to 1, that some passage answers the query."""

    grade: Grade
    score: float


def strength(index: Index, query: Query, ranking: Ranking) -> Strength:
    """From the best cosine and the best BM25 of a hybrid ranking."""
    if len(ranking.rows) == 0:
        return Strength(grade=Grade.NONE, score=0.0)
    cosine = _best(ranking.dense)
    coverage = _best(ranking.lexical) / _most(index, query)
    score = 1 / (1 + math.exp(-(INTERCEPT + COSINE * cosine + COVERAGE * coverage)))
    return Strength(grade=_grade(score), score=score)


def _grade(score: float) -> Grade:
    if score >= STRONG:
        return Grade.STRONG
    return Grade.WEAK if score >= WEAK else Grade.NONE


def _best(lane: Lane | None) -> float:
    return float(lane.scores[0]) if lane is not None and len(lane.scores) else 0.0


def _most(index: Index, query: Query) -> float:
    """BM25 of a passage full of the query's words, were each in that passage alone.

    It grows with the index as the scores do, so that their share of it does not.
    """
    stems = {stem for stem, _, _ in words(query.text)}
    return max(1, len(stems)) * math.log(1 + (len(index.rows.passages) + 0.5) / 1.5)
