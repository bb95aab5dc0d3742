"""What documents say of themselves as pairs of which one asks and the other answers.

A recommendation and the passages argued for it, cited for it or replied to it; headings and the
passages under them. No query that is judged is among them, and what likeness ties is not: that
is what the embedder knows already.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from index.shelf import Shelf, Volume
from ingest.model import Basis, Passage, Relation, Response

MOST = 200
"""Pairs of which one document holds the passage: a long one would drown out the others."""
FEWEST_WORDS = 10
"""Of a passage: a scrap answers nothing."""
SEED = 20261126
_SAID = (Basis.CITED, Basis.CURATED, Basis.NEARBY)


class Origin(StrEnum):
    """What makes a pair."""

    ARGUMENT = "argument"
    REPLY = "reply"
    HEADING = "heading"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A text that asks, and the words of a passage that answers it."""

    origin: Origin
    asks: str
    answers: str
    asking: str
    """Id of the document that asks."""
    answering: str
    """Id of the document that answers."""

    @property
    def documents(self) -> frozenset[str]:
        return frozenset((self.asking, self.answering))

    @property
    def texts(self) -> frozenset[str]:
        return frozenset((self.asks, self.answers))


def pairs(shelf: Shelf) -> Iterator[Pair]:
    """Those of all documents, save what a scrap would answer."""
    headings = (_under_headings(volume) for volume in shelf.volumes.values())
    for pair in chain(_argued(shelf), _replied(shelf), *headings):
        if len(pair.answers.split()) >= FEWEST_WORDS:
            yield pair


def _argued(shelf: Shelf) -> Iterator[Pair]:
    """Recommendations, and what is said to lead to them; not where they are stated."""
    for id, links in shelf.evidence.items():
        for link in links:
            if link.basis in _SAID and link.relation is not Relation.STATES:
                volume = shelf.volume(link.passage.partition(":")[0])
                yield _pair(shelf, id, volume.passages[link.passage], origin=Origin.ARGUMENT)


def _replied(shelf: Shelf) -> Iterator[Pair]:
    """Recommendations, and the passages of replies to them; not where these reprint them."""
    for id, responses in shelf.responses.items():
        for response in responses:
            for passage in shelf.volume(response.document).passages.values():
                if _replies(response, passage):
                    yield _pair(shelf, id, passage, origin=Origin.REPLY)


def _replies(response: Response, passage: Passage) -> bool:
    reply, reprint = response.span, response.restatement
    if reply is None or not passage.span.overlap(reply):
        return False
    return reprint is None or not passage.span.overlap(reprint)


def _pair(shelf: Shelf, id: str, passage: Passage, *, origin: Origin) -> Pair:
    recommendation = shelf.recommendation(id)
    return Pair(
        origin=origin,
        asks=shelf.words(recommendation),
        answers=passage.span.of(shelf.volume(passage.document).text),
        asking=recommendation.document,
        answering=passage.document,
    )


def _under_headings(volume: Volume) -> Iterator[Pair]:
    """Headings, outermost first. Passages have no header here: they would be told by that."""
    for passage in volume.passages.values():
        if passage.section:
            yield Pair(
                origin=Origin.HEADING,
                asks=": ".join(passage.section),
                answers=passage.span.of(volume.text),
                asking=passage.document,
                answering=passage.document,
            )


def fair(found: Iterable[Pair]) -> Iterator[Pair]:
    """Of each document at most `MOST`, drawn at random: headings where no others are left."""
    drawing, by_document = random.Random(SEED), defaultdict[str, list[Pair]](list)
    for pair in found:
        by_document[pair.answering].append(pair)
    for own in by_document.values():
        drawing.shuffle(own)
        own.sort(key=lambda pair: pair.origin is Origin.HEADING)
        yield from own[:MOST]


def kin(shelf: Shelf, judged: Set[str]) -> frozenset[str]:
    """These documents, those of the same inquiry, and what replies to any or is replied to."""
    here = frozenset(judged & shelf.documents.keys())
    inquiries = {shelf.documents[id].inquiry for id in here} - {None}
    here |= {id for id, each in shelf.documents.items() if each.inquiry in inquiries}
    replies = [
        {shelf.recommendation(recommendation).document, response.document}
        for recommendation, responses in shelf.responses.items()
        for response in responses
    ]
    return here.union(*(both for both in replies if both & here))
