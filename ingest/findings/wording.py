"""The terms that a text is told by: stems, pairs of neighbouring stems, and how telling each is."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
import Stemmer
from numpy.typing import NDArray

from ingest.model import Span

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+")
_NUMBER = "#"
# A term of one example alone is that example's, not the theme's.
_FEWEST = 2

Weighted = tuple[NDArray[np.intp], NDArray[np.float32]]
"""Which terms of a vocabulary a text has, and their weights; a unit vector."""


def words(text: str) -> Sequence[str]:
    """In order, in lower case."""
    return _WORD.findall(text.lower())


def stems(text: str) -> Sequence[str]:
    """Of every word in order; one stem stands for all numbers."""
    return [_stem(word) for word in words(text)]


def terms(text: str) -> Sequence[str]:
    """Every stem, and every pair of neighbours."""
    single = stems(text)
    return [*single, *(f"{first} {second}" for first, second in pairwise(single))]


def occurrences(text: str) -> Mapping[str, Span]:
    """Where each term first stands in the text."""
    found = [(_stem(word.group().lower()), word.span()) for word in _WORD.finditer(text)]
    places: dict[str, Span] = {}
    for stem, (start, end) in found:
        places.setdefault(stem, Span(start, end))
    for (first, (start, _)), (second, (_, end)) in pairwise(found):
        places.setdefault(f"{first} {second}", Span(start, end))
    return places


def vocabulary(texts: Iterable[str]) -> Sequence[str]:
    """The terms that occur in at least two of the texts, in order of spelling."""
    documents = Counter(term for text in texts for term in set(terms(text)))
    return sorted(term for term, count in documents.items() if count >= _FEWEST)


def rarity(known: Sequence[str], texts: Sequence[str]) -> NDArray[np.float32]:
    """How telling each known term is: its smoothed inverse document frequency."""
    documents = Counter(term for text in texts for term in set(terms(text)))
    counts = np.array([documents[term] for term in known], dtype=np.float32)
    return np.asarray(np.log((1 + len(texts)) / (1 + counts)) + 1, dtype=np.float32)


def weighted(text: str, places: Mapping[str, int], rarities: NDArray[np.float32]) -> Weighted:
    """The text's known terms with weights that grow with the logarithm of their number."""
    counts = Counter(places[term] for term in terms(text) if term in places)
    found = np.fromiter(counts, dtype=np.intp, count=len(counts))
    often = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
    weights = (1 + np.log(often)) * rarities[found]
    length = float(np.linalg.norm(weights))
    return found, np.asarray(weights / length if length else weights, dtype=np.float32)


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english", 0)


@cache
def _stem(word: str) -> str:
    return _NUMBER if word[0].isdigit() else _stemmer().stemWord(word)
