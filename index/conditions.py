"""Which passages meet what a query asks beside its words: looked for in all, not in the best.

The engine's lexical lane gives the passages with a word; of those with the rarest word of what is
asked, the texts are read. Only words in a row that are all stop words or numbers take a look at
every passage that passes the filters.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce

import numpy as np
from numpy.typing import NDArray

from index.embedder import Vectors
from index.lexical import SparseVector, stem_of, word_id
from index.store import Filters, Store
from index.vocabulary import Vocabulary
from index.wording import Near, Term
from index.words import UNSEEN, tokens

Found = NDArray[np.int64]
_FETCHED = 2
"""Words whose passages are fetched: the third rarest would hardly leave any more out."""
_ENDLESS = 10**9
_HIDING = re.compile(f"[{UNSEEN}]")
_AFTER_NUMBERS = frozenset(("st", "nd", "rd", "th"))
_ATTACHED = r"[^\x00-\x7f]|[A-Za-z0-9']"
"""What may belong to a word that it stands beside: a letter, digit or apostrophe, or a character
that is none of ASCII, whatever it be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """Looks among the passages of one index that pass the filters."""

    store: Store
    vocabulary: Vocabulary
    text: Callable[[int], str]
    vectors: Vectors
    filters: Filters

    def rows(self, condition: Term | Near) -> Found:
        """The passages that meet it, in order."""
        seeds = sorted(map(word_id, _seeds(condition)), key=self.vocabulary.count)[:_FETCHED]
        rows = reduce(np.intersect1d, map(self._with, seeds)) if seeds else self._all()
        found = [row for row in rows.tolist() if meets(self.text(row), condition)]
        return np.array(found, dtype=np.int64)

    def _with(self, word: int) -> Found:
        count = self.vocabulary.count(word)
        if not count:
            return np.empty(0, dtype=np.int64)
        vector = SparseVector(indices=(word,), values=(1.0,))
        return np.sort(self.store.lexical(vector, filters=self.filters, limit=count).rows)

    def _all(self) -> Found:
        """Whatever is asked for near any vector, with no limit, is everything."""
        if not len(self.vectors):
            return np.empty(0, dtype=np.int64)
        lane = self.store.nearest(self.vectors[0], filters=self.filters, limit=len(self.vectors))
        return np.sort(lane.rows)


def meets(text: str, condition: Term | Near) -> bool:
    """Whether the text does."""
    if isinstance(condition, Near):
        others = list(_places(text, condition.other))
        return any(
            _between(one, other) < condition.within
            for one in _places(text, condition.one)
            for other in others
        )
    plainly = _plainly(text, condition)
    return any(True for _ in _places(text, condition)) if plainly is None else plainly


def _plainly(text: str, term: Term) -> bool | None:
    """Whether the text has an exact word of plain letters, where that shows without cutting it up.

    Thousands of passages may have a common word's stem.
    """
    form = term.words.casefold()
    if not (term.exact and form.isascii() and form.isalpha()) or form in _AFTER_NUMBERS:
        return None
    if form not in text.casefold():
        return None if _HIDING.search(text) else False
    return True if _alone(form).search(text) else None


@lru_cache(maxsize=256)
def _alone(word: str) -> re.Pattern[str]:
    """The word where nothing beside it can belong to it."""
    return re.compile(rf"(?<!{_ATTACHED}){word}(?!{_ATTACHED})", re.IGNORECASE | re.ASCII)


def _between(one: range, other: range) -> int:
    """How many words lie between them; endlessly many where they overlap."""
    first, second = sorted((one, other), key=lambda place: place.start)
    apart = second.start - first.stop
    return apart if apart >= 0 else _ENDLESS


@dataclass(frozen=True, slots=True)
class _Token:
    form: str
    stem: str
    """Of a sign or a stop word, itself."""
    word: int
    """How many words stand before it."""
    is_word: bool


def _places(text: str, term: Term) -> Iterator[range]:
    """Where the term stands, as words of the text counted from 0."""
    wanted, read = _tokens(term.words), _tokens(text)
    is_one_word = len(wanted) == 1
    by_form = term.exact or not is_one_word
    want = [token.form if by_form else token.stem for token in wanted]
    have = [token.form if by_form else token.stem for token in read]
    words = sum(token.is_word for token in wanted)
    for place in range(len(have) - len(want) + 1):
        if have[place] == want[0] and have[place : place + len(want)] == want:
            yield range(read[place].word, read[place].word + words)


@lru_cache(maxsize=2_048)
def _tokens(text: str) -> tuple[_Token, ...]:
    read: list[_Token] = []
    before = 0
    for token in tokens(text):
        form = token.form.casefold()
        stem = stem_of(form) if token.is_word else None
        read.append(_Token(form, stem or form, before, token.is_word))
        before += token.is_word
    return tuple(read)


def _seeds(condition: Term | Near) -> set[str]:
    """Stems that every passage that meets it has.

    Words with signs in them, numbers and other letters than a to z are cut otherwise there.
    """
    if isinstance(condition, Near):
        return _seeds(condition.one) | _seeds(condition.other)
    plain = (token for token in _tokens(condition.words) if token.form.isascii())
    return {stem for token in plain if token.form.isalpha() and (stem := stem_of(token.form))}
