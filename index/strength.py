"""How far a ranking looks like an answer at all."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from index.lexical import places, stems, word_id
from index.search import ALIKE, Index, Query, Ranking
from index.vocabulary import MOST_WORTH

_WORD = re.compile(r"\w")
"""Of a question without any, nothing can be said."""
READ = 20
"""The best passages, in which an answer is looked for."""
MISSING = 0.12
"""Of cosine, what each unit of a word's worth takes from a passage that has not got it."""

# Fitted by logistic regression on 177 questions that are answered and 78 that are not, over three
# inquiries (1,520 passages) and the Casey digests (177). Fitted without the inquiry asked about,
# and flagging what is weaker than 95.5% of the other inquiries' answered questions: 36% of the
# unanswerable and 3% of the answerable are flagged, area under the curve .70 (Casey, whose
# unanswerable questions are near misses) to .86, Brier score .18 (.21 for the same chance for all);
# of what is said to have a chance of .2 to .4, .4 to .6, .6 to .8, .8 to .9 and more, 35, 62, 75,
# 83 and 96% are answered. With the passages' cosines for their sentences' it is 31% of the
# unanswerable, and with ten passages read 32%. README.md in `eval` has what else was tried.
SLOPE = 3.96
INTERCEPT = 1.27

LIKELY = 0.8
"""From it on, nine of ten questions are answered."""
STRONG = 0.38
"""Below it fall 4.5% of the answerable questions, and 33% of the others."""
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
    """From the best passages of a hybrid ranking, and whether the query's words are in them.

    The passage that answers is near in meaning and has the rarest words that were asked for. One
    that is as near and lacks such a word is most often about the theme and not the question.
    """
    if len(ranking.rows) == 0 or not _WORD.search(query.wording.plain):
        return Strength(grade=Grade.NONE, score=0.0)
    score = 1 / (1 + math.exp(-(INTERCEPT + SLOPE * _best(index, query, ranking))))
    return Strength(grade=_grade(score), score=score)


def _grade(score: float) -> Grade:
    if score >= STRONG:
        return Grade.STRONG
    return Grade.WEAK if score >= WEAK else Grade.NONE


def _best(index: Index, query: Query, ranking: Ranking) -> float:
    """The highest cosine of a passage's sentence, less what the words take that it has not got."""
    # Whoever asks for a second page is told the same.
    ranking = ranking.without(ALIKE)
    rows: list[int] = ranking.rows[:READ].tolist()
    asked = stems(query.wording.plain)
    worth = _worth(index, asked)
    cosines: list[float] = _nearest(index, ranking).tolist()
    return max(
        cosine - MISSING * max((worth[stem] for stem in asked if stem not in held), default=0.0)
        for cosine, held in zip(cosines, (places(index.text(row)) for row in rows), strict=True)
    )


def _nearest(index: Index, ranking: Ranking) -> NDArray[np.float32]:
    """The cosine of each of the best passages' nearest sentence; its own where none was read."""
    if ranking.cosines is None or ranking.vector is None:
        return np.empty(0, dtype=np.float32)
    best = index.sentences.best(ranking.rows[:READ], ranking.vector)
    return np.where(np.isnan(best), ranking.cosines[:READ], best)


def _worth(index: Index, asked: Iterable[str]) -> dict[str, float]:
    """What each word is worth; twice as much as any can be where no passage has one of them."""
    ids = {stem: word_id(stem) for stem in asked}
    if not any(index.vocabulary.count(word) for word in ids.values()):
        return dict.fromkeys(ids, 2 * MOST_WORTH)
    return {stem: min(MOST_WORTH, index.vocabulary.worth(word)) for stem, word in ids.items()}
