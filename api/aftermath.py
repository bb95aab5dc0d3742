"""What hangs on a recommendation besides its evidence, as the wire shows it."""

from collections import Counter

from api import wire
from index.evidence import cite_passage, cite_span
from index.shelf import Shelf
from ingest.model import (
    Basis,
    Lineage,
    Link,
    Recommendation,
    Relation,
    Response,
    StatusEvent,
)


def duties(shelf: Shelf, recommended: Recommendation) -> list[wire.Duty]:
    """Its operative parts, in the order of its text."""
    volume = shelf.volume(recommended.document)
    return [
        wire.Duty(
            text=duty.span.of(volume.text),
            actor=duty.actor,
            act=duty.act,
            deadline=duty.deadline,
        )
        for duty in volume.stored.duties
        if duty.recommendation == recommended.id
    ]


def evidence_count(shelf: Shelf, recommended: Recommendation) -> wire.EvidenceCount:
    """The passages that bear on it, by the basis each is surest on; restatements are none."""
    surest: dict[str, Link] = {}
    for link in shelf.evidence.get(recommended.id, ()):
        if link.relation is not Relation.STATES:
            surest.setdefault(link.passage, link)
    first = next(iter(surest.values()), None)
    return wire.EvidenceCount(
        total=len(surest),
        by_basis=dict(Counter(str(link.basis) for link in surest.values())),
        first=first.passage if first else None,
        first_cited=_cited(shelf, first) if first else None,
    )


def _cited(shelf: Shelf, link: Link) -> str:
    """The paragraph meant where one is, else the passage."""
    volume = shelf.volume(link.passage.partition(":")[0])
    if link.basis is Basis.CURATED and link.words:
        return cite_span(volume, link.words).cite_as
    return cite_passage(volume, volume.passages[link.passage]).cite_as


def replied(shelf: Shelf, recommended: Recommendation) -> list[wire.Replied]:
    """Each answer in a word."""
    return [
        wire.Replied(
            document_id=response.document,
            status=response.status,
            quotation=_status_words(shelf, response),
            responder=response.responder,
        )
        for response in shelf.responses.get(recommended.id, ())
    ]


def _status_words(shelf: Shelf, response: Response) -> str | None:
    if response.status_span is None:
        return None
    return response.status_span.of(shelf.volume(response.document).text)


def duty_replies(shelf: Shelf, response: Response) -> list[wire.DutyReply]:
    """What the answer makes of each duty."""
    asked = shelf.volume(shelf.recommendation(response.recommendation).document).text
    said = shelf.volume(response.document).text
    return [
        wire.DutyReply(
            duty=reply.duty.of(asked),
            mention=reply.mention,
            words=reply.span.of(said) if reply.span else None,
        )
        for reply in response.duties
    ]


def latest(shelf: Shelf, recommended: Recommendation) -> wire.Event | None:
    """The last of the dated events."""
    dated = [each for each in shelf.events.get(recommended.id, ()) if each.date]
    return event(shelf, dated[-1]) if dated else None


def event(shelf: Shelf, happened: StatusEvent) -> wire.Event:
    """An event, with the passage that tells it where its document is here."""
    return wire.Event(
        recommendation_id=happened.recommendation,
        date=happened.date,
        dated=happened.dated,
        status=happened.status,
        who=happened.who,
        source=happened.source,
        quotation=happened.quotation,
        standing=happened.standing,
        passage_id=_telling(shelf, happened),
    )


def _telling(shelf: Shelf, happened: StatusEvent) -> str | None:
    volume = shelf.volumes.get(happened.document or "")
    if volume is None or happened.paragraph is None:
        return None
    return next(
        (p.id for p in volume.passages.values() if happened.paragraph in p.paragraphs), None
    )


def lineage(shelf: Shelf, line: Lineage) -> wire.Lineage:
    """Both recommendations in their words."""
    return wire.Lineage(
        recommendation_id=line.recommendation,
        recommendation_text=shelf.words(shelf.recommendation(line.recommendation)),
        earlier_id=line.earlier,
        earlier_text=shelf.words(shelf.recommendation(line.earlier)),
        relation=line.relation,
        basis=line.basis,
        score=line.score,
        why=line.why,
    )
