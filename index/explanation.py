"""Why a passage was found: which of the words asked for it has, and which sentence says most."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from index.lexical import placed, word_id, words
from index.vocabulary import Vocabulary
from ingest.model import Evidence, MatchedTerm, Span
from ingest.sentences import sentences


def explained(evidence: Evidence, query: str, vocabulary: Vocabulary) -> Evidence:
    """The evidence with the words of the query that it has, the rarest first, and the sentence
    that has the most of what they are worth; of equal ones the first."""
    asked = _asked(query)
    places: defaultdict[str, list[int]] = defaultdict(list)
    for stem, start, _ in placed(evidence.text):
        if stem in asked:
            places[stem].append(start)
    terms = [
        MatchedTerm(word=asked[stem], count=len(found), worth=vocabulary.worth(word_id(stem)))
        for stem, found in places.items()
    ]
    worth = {stem: vocabulary.worth(word_id(stem)) for stem in places}
    return replace(
        evidence,
        terms=tuple(sorted(terms, key=lambda term: -term.worth)),
        sentence=_best(evidence.text, places, worth),
    )


@lru_cache(maxsize=256)
def _asked(query: str) -> Mapping[str, str]:
    """The query's words by their stems, kept: it is held against every passage that is shown."""
    return {stem: query[start:end] for stem, start, end in words(query)}


@lru_cache(maxsize=4_096)
def _sentences(text: str) -> tuple[Span, ...]:
    """Kept: the passages that answer one query answer the next."""
    return sentences(text)


def _best(text: str, places: Mapping[str, list[int]], worth: Mapping[str, float]) -> Span | None:
    """None where no word of the query stands in the text."""
    if not places:
        return None

    def told(sentence: Span) -> float:
        return sum(
            worth[stem]
            for stem, starts in places.items()
            if any(sentence.start <= start < sentence.end for start in starts)
        )

    return max(_sentences(text), key=told)
