"""Which of several texts says in other words what a short one says."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence

import Stemmer

COVERED = 0.4
"""Share of the short text's words, weighed by how few of the texts have them, at least."""
AHEAD = 1.25
"""How many times as much as the next best text, at least."""

_WORD = re.compile(r"[^\W_]+")
_STEMMER = Stemmer.Stemmer("english", 0)


class Likeness:
    """Texts that are told apart by the words that only some of them have."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = [_stems(text) for text in texts]
        self._counts = Counter(stem for text in self._texts for stem in text)

    def pairs(self, sought: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Places of a short text and of the one it fits, where each is clearly the other's best."""
        shares = [[self._share(_stems(each), text) for text in self._texts] for each in sought]
        for mine, row in enumerate(shares):
            best = _clear_best(row)
            if best is not None and row[best] >= COVERED:
                column = [other[best] for other in shares]
                if _clear_best(column) == mine:
                    yield mine, best

    def _share(self, sought: frozenset[str], text: frozenset[str]) -> float:
        weights = {stem: self._weight(stem) for stem in sought}
        total = sum(weights.values())
        return sum(weights[stem] for stem in sought & text) / total if total else 0.0

    def _weight(self, stem: str) -> float:
        """A word of every text tells nothing."""
        return math.log((1 + len(self._texts)) / (1 + self._counts[stem]))


def _clear_best(scores: Sequence[float]) -> int | None:
    ordered = sorted(range(len(scores)), key=lambda place: -scores[place])
    if not ordered or scores[ordered[0]] == 0:
        return None
    second = scores[ordered[1]] if len(ordered) > 1 else 0.0
    return ordered[0] if scores[ordered[0]] >= AHEAD * second else None


def _stems(text: str) -> frozenset[str]:
    words = (word.casefold() for word in _WORD.findall(text))
    return frozenset(_STEMMER.stemWord(word) for word in words)
