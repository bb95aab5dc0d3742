"""Every word of many texts in one row, where any stretch of words is looked up at once.

All triples of neighbouring words are sorted; a look-up goes by the rarest triple of the stretch
and compares the rest. Ten thousand passages are built in a few seconds and take some 40 MB.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.words import WORD, key
from ingest.model import Span

Positions = NDArray[np.int64]
"""Places in the row of words."""
_UNKNOWN = -1
_APART = 0
"""Stands between two texts, and is no word's number."""
_TRIPLE = 3


@dataclass(frozen=True, slots=True)
class Run:
    """The longest stretch of a quotation, from one of its words on, that stands anywhere."""

    length: int
    positions: Positions


class WordIndex:
    """The words of the texts, numbered; safe to share between threads."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._numbers: dict[str, int] = {}
        numbers: list[int] = []
        starts: list[int] = []
        ends: list[int] = []
        firsts: list[int] = []
        for text in texts:
            firsts.append(len(numbers))
            for word in WORD.finditer(text):
                numbers.append(self._numbers.setdefault(key(word.group()), len(self._numbers) + 1))
                starts.append(word.start())
                ends.append(word.end())
            numbers.append(_APART)
            starts.append(len(text))
            ends.append(len(text))
        self.row: Positions = np.array(numbers + [_APART] * _TRIPLE, dtype=np.int64)
        self._starts = np.array(starts, dtype=np.int64)
        self._ends = np.array(ends, dtype=np.int64)
        self._firsts = np.array(firsts, dtype=np.int64)
        self._base = len(self._numbers) + 1
        triples = self._triples(self.row)
        self._order = np.argsort(triples, kind="stable")
        self._sorted = triples[self._order]

    def __len__(self) -> int:
        return len(self._starts)

    def numbers(self, words: Sequence[str]) -> Positions:
        """The number of each word's key, -1 for what no text has."""
        return np.array([self._numbers.get(key(w), _UNKNOWN) for w in words], dtype=np.int64)

    def knows(self, word: str) -> bool:
        """Whether any text has the word."""
        return key(word) in self._numbers

    def text_of(self, positions: Positions) -> Positions:
        """Which text each position lies in, counted from 0."""
        return np.searchsorted(self._firsts, positions, side="right") - 1

    def span(self, position: int, length: int) -> Span:
        """Where `length` words stand in their text; the range may not leave it."""
        return Span(int(self._starts[position]), int(self._ends[position + length - 1]))

    def edges(self, text: int) -> tuple[int, int]:
        """Positions of a text's first word, and just after its last."""
        last = self._firsts[text + 1] if text + 1 < len(self._firsts) else len(self._starts)
        return int(self._firsts[text]), int(last) - 1

    def occurrences(self, words: Positions) -> Positions:
        """Every position, in order, at which these words stand one after another."""
        if len(words) == 0 or words.min() < 0:
            return np.empty(0, dtype=np.int64)
        lows, highs = self._ranges(words)
        rarest = int(np.argmin(highs - lows))
        found = np.sort(self._order[lows[rarest] : highs[rarest]]) - rarest
        found = found[(found >= 0) & (found + len(words) <= len(self))]
        for place, word in enumerate(words.tolist()):
            if not len(found):
                break
            found = found[self.row[found + place] == word]
        return found

    def seeds(self, words: Positions, *, size: int, most: int) -> tuple[Positions, Positions]:
        """Where stretches of `size` (1 to 3) of these words stand: places in `words`, positions.

        The rarest first, until `most` would be passed: what is everywhere tells nothing.
        """
        lows, highs = self._ranges(words, size)
        counts = highs - lows
        rarest = np.argsort(counts, kind="stable")
        wanted = rarest[(np.cumsum(counts[rarest]) <= most) & (counts[rarest] > 0)]
        empty = np.empty(0, dtype=np.int64)
        places = [np.full(counts[i], i, dtype=np.int64) for i in wanted]
        positions = [self._order[lows[i] : highs[i]] for i in wanted]
        return np.concatenate([empty, *places]), np.concatenate([empty, *positions])

    def longest(self, words: Positions) -> Run:
        """The longest beginning of `words`, of three or more, that stands anywhere."""
        nothing = Run(0, np.empty(0, dtype=np.int64))
        if len(words) < _TRIPLE or words[:_TRIPLE].min() < 0:
            return nothing
        lows, highs = self._ranges(words[:_TRIPLE])
        found, length = self._order[lows[0] : highs[0]], _TRIPLE
        if not len(found):
            return nothing
        while length < len(words):
            longer = found[self.row[found + length] == words[length]]
            if not len(longer):
                break
            found, length = longer, length + 1
        return Run(length, np.sort(found))

    def _triples(self, row: Positions) -> Positions:
        return (row[:-2] * self._base + row[1:-1]) * self._base + row[2:]

    def _ranges(self, words: Positions, size: int = _TRIPLE) -> tuple[Positions, Positions]:
        """For each stretch of `size` words, or of all if fewer: its range among the sorted."""
        size = min(size, len(words))
        stretches = np.lib.stride_tricks.sliding_window_view(words, size)
        weights: Positions = self._base ** np.arange(size - 1, -1, -1, dtype=np.int64)
        rest: int = self._base ** (_TRIPLE - size)
        known = stretches.min(axis=1) >= 0
        prefixes: Positions = stretches @ weights
        lows = np.searchsorted(self._sorted, prefixes * rest)
        highs = np.searchsorted(self._sorted, (prefixes + 1) * rest)
        return np.where(known, lows, 0), np.where(known, highs, 0)
