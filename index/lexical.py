"""Words to BM25 weights: sparse vectors whose dot product, with the engine's IDF, is the score.

A passage's vector holds, for each stem, tf / (tf + k1 * (1 - b + b * length / average length));
a query's holds 1. The engine multiplies by ln(1 + (N - n + 0.5) / (n + 0.5)), where n of N
passages hold the stem. The factor k1 + 1 of the textbooks is left out: it changes no ranking.

The words of the headings above a passage are a field of their own, which a query asks for a
little: as part of the passage, measured on numbered regulations, they cost the lexical lane more
than they gave. Measured on 56 judged questions over three inquiries, at a weight of .15 recall at
20 rises from .649 to .655.

Words of a glossary's other names for what is asked count for a fifth. Measured on 121 answerable
questions to the Casey digests: nDCG@10 rises by .008 [.002, .016]; a half or more costs.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b, sha256
from itertools import chain

import Stemmer

from ingest.model import Span

K1 = 1.5
B = 0.75
SECTION_WEIGHT = 0.15
ALSO_WEIGHT = 0.2
_SECTION = "\x1f"  # before a stem of the headings, which no word can hold

_WORD = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)+|[^\W_]+(?:['’][^\W_]+)*"
_PART = re.compile(_WORD)
_HYPHEN = re.compile("[-‐‑]")
_COMPOUND = re.compile(rf"(?:{_WORD})(?:[-‐‑](?:{_WORD}))*")

STOP_WORDS = frozenset(
    """
    a about after all also am an and any are as at be been before being but by can could did do
    does for from had has have he her here his how i if in into is it its me my no nor not of on
    or our out over she should so some such than that the their them then there these they this
    those through to under until up was we were what when where which while who whom whose why
    will with would you your
    """.split()  # noqa: SIM905 - a list literal of them would fill a page
)

# Its own cache, which threads would share, is left out: the one below is safe.
_STEMMER = Stemmer.Stemmer("english", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SparseVector:
    """Weights by word id, each id once."""

    indices: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bm25:
    """The weights of one index, whose passages have this many words on average."""

    average_length: float
    average_section: float = 1.0
    """Words of the headings above a passage."""

    def passage(self, text: str, section: Sequence[str] = ()) -> SparseVector:
        stems = [stem for stem, _, _ in words(text)]
        above = [_SECTION + stem for stem, _, _ in words(" ".join(section))]
        weights = _weights(stems, self.average_length) | _weights(above, self.average_section)
        return SparseVector(indices=tuple(weights), values=tuple(weights.values()))

    def query(self, text: str, also: Sequence[str] = ()) -> SparseVector:
        """Empty where the text holds nothing but stop words.

        `also` holds other names of what the text names; their words count for less.
        """
        stems = dict.fromkeys(stem for stem, _, _ in placed(text))
        others = (stem for name in also for stem, _, _ in words(name))
        weights = {word_id(stem): ALSO_WEIGHT for stem in others}
        weights |= {word_id(stem): 1.0 for stem in stems}
        weights |= {word_id(_SECTION + stem): SECTION_WEIGHT for stem in stems}
        return SparseVector(indices=tuple(weights), values=tuple(weights.values()))


def _weights(stems: Sequence[str], average: float) -> dict[int, float]:
    norm = K1 * (1 - B + B * len(stems) / average)
    # Stems that share an id count as one word: in 20,000 stems one such pair is expected in
    # every 20 indexes.
    counts = Counter(map(word_id, stems))
    return {word: count / (count + norm) for word, count in counts.items()}


def rule() -> str:
    """A hash of what decides which words a text has."""
    told = repr((_COMPOUND.pattern, _HYPHEN.pattern, sorted(STOP_WORDS)))
    return sha256(told.encode()).hexdigest()[:12]


def words(text: str) -> Iterator[tuple[str, int, int]]:
    """Stem, start and end of every word but stop words, in order.

    A hyphenated word gives its parts and then itself as one, so that `decision-making` meets
    `decision making` and `decisionmaking`. Numbers lose their thousands commas.
    """
    for compound in _COMPOUND.finditer(text):
        word = compound[0]
        # Most words have nothing but letters, which is quickly told: no hyphen then.
        if not word.isalnum() and _HYPHEN.search(word):
            yield from _parts(text, compound)
            word = _HYPHEN.sub("", word)
        stem = stem_of(word)
        if stem is not None:
            yield stem, *compound.span()


def _parts(text: str, compound: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    for part in _PART.finditer(text, *compound.span()):
        stem = stem_of(part[0])
        if stem is not None:
            yield stem, *part.span()


def length(text: str) -> int:
    """Words of the text as BM25 counts them."""
    return sum(1 for _ in words(text))


@lru_cache(maxsize=1_024)
def placed(text: str) -> tuple[tuple[str, int, int], ...]:
    """The same as `words`, of a query: kept, for each step of a search asks for them."""
    return tuple(words(text))


def stems(text: str) -> frozenset[str]:
    """The words of a query as BM25 knows them."""
    return frozenset(stem for stem, _, _ in placed(text))


@lru_cache(maxsize=4_096)
def places(text: str) -> Mapping[str, tuple[Span, ...]]:
    """Where the words of a passage stand, by their stems, in order of the first.

    Kept: the passages that answer one query answer the next.
    """
    found: defaultdict[str, list[Span]] = defaultdict(list)
    for stem, start, end in words(text):
        found[stem].append(Span(start, end))
    return {stem: tuple(spans) for stem, spans in found.items()}


def common(asked: Iterable[str], text: str) -> Mapping[str, tuple[Span, ...]]:
    """The same of those stems alone that are asked for."""
    held = places(text)
    found = {stem: held[stem] for stem in asked if stem in held}
    return dict(sorted(found.items(), key=lambda each: _in_order(each[1][0])))


def matches(query: str, text: str) -> tuple[Span, ...]:
    """Where words of the text stand whose stems the query holds; none overlaps another."""
    return apart(chain.from_iterable(common(stems(query), text).values()))


def apart(found: Iterable[Span]) -> tuple[Span, ...]:
    """The places of words in their order, those left out that overlap a later one."""
    spans: list[Span] = []
    for span in sorted(found, key=_in_order):
        # A compound comes after its parts, and takes their place.
        while spans and spans[-1].end > span.start:
            spans.pop()
        spans.append(span)
    return tuple(spans)


def _in_order(span: Span) -> tuple[int, int]:
    """As `words` has them: a compound after its parts."""
    return span.end, -span.start


@lru_cache(maxsize=100_000)
def word_id(stem: str) -> int:
    """A number of 32 bits that is the same on every machine and in every run."""
    return int.from_bytes(blake2b(stem.encode(), digest_size=4).digest(), "big")


@lru_cache(maxsize=100_000)
def stem_of(word: str) -> str | None:
    """What the word is searched by; None for a stop word."""
    plain = unicodedata.normalize("NFKC", word).lower().replace("’", "'")
    if plain[0].isdigit():
        return plain.replace(",", "")
    return None if plain in STOP_WORDS else _STEMMER.stemWord(plain)
