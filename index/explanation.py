"""Why a passage was found: which of the words asked for it has, and which sentence says most."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import Self

from index.lexical import apart, common, placed, word_id
from index.vocabulary import Vocabulary
from ingest.model import Evidence, Hit, MatchedTerm, Span
from ingest.sentences import sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The words of a query by their stems, to hold every passage against that is shown."""

    written: Mapping[str, str]
    """As the query writes them."""
    worth: Mapping[str, float]

    @classmethod
    def of(cls, query: str, vocabulary: Vocabulary) -> Self:
        written = {stem: query[start:end] for stem, start, end in placed(query)}
        worth = {stem: vocabulary.worth(word_id(stem)) for stem in written}
        return cls(written=written, worth=worth)


def explained(evidence: Evidence, hit: Hit, asked: Asked) -> Evidence:
    """The evidence as a hit, with the words of the query that it has, the rarest first, and the
    sentence that has the most of what they are worth; of equal ones the first."""
    found = common(asked.written, evidence.text)
    terms = [
        MatchedTerm(word=asked.written[stem], count=len(spans), worth=asked.worth[stem])
        for stem, spans in found.items()
    ]
    return replace(
        evidence,
        hit=hit,
        highlights=apart(chain.from_iterable(found.values())),
        terms=tuple(sorted(terms, key=lambda term: -term.worth)),
        sentence=_best(evidence.text, found, asked.worth),
    )


@lru_cache(maxsize=4_096)
def _sentences(text: str) -> tuple[Span, ...]:
    """Kept: the passages that answer one query answer the next."""
    return sentences(text)


def _best(
    text: str, found: Mapping[str, tuple[Span, ...]], worth: Mapping[str, float]
) -> Span | None:
    """None where no word of the query stands in the text."""
    if not found:
        return None
    spans = _sentences(text)
    begins = [span.start for span in spans]
    told = [0.0] * len(spans)
    for stem, places in found.items():
        # Each sentence counts a word once, however often it has it.
        for sentence in {bisect_right(begins, place.start) - 1 for place in places}:
            told[sentence] += worth[stem]
    return spans[told.index(max(told))]
