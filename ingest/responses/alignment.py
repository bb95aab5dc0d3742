"""Answers that one document gives to the recommendations of another: aligned and judged.

A document that responds is held against the reports it says it answers, or whose words it
restates. Each recommendation of such a report gets an answer, which may be that none is given.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from ingest.library import StoredDossier
from ingest.model import Document, Edition, Kind, Response, ResponseStatus
from ingest.recommendations.echoes import Echo
from ingest.recommendations.extraction import is_response
from ingest.responses.acceptance import Verdict, stated, verdict
from ingest.responses.answers import Asked, Reply
from ingest.responses.replies import replies

RESTATES = 0.3
"""Share of a report's recommendations whose words a document must repeat to be held its answer."""
TAKEN_UP = 0.6
"""Share of a recommendation's letters that stand in a document that restates it."""
NAMED = 0.6
"""Share of the telling words of a report's title that its answer must open with."""

_OPENING = 4000
_TELLING = re.compile(r"[^\W_]{3,}")
_GENERIC = frozenset(
    {
        *("the", "and", "for", "into", "from", "with", "report", "reports", "inquiry", "inquiries"),
        *("review", "reviews", "independent", "public", "final", "interim", "volume", "phase"),
        *("module", "part", "response", "government", "committee", "session", "first", "second"),
        *("third", "recommendations", "department"),
    }
)


def responses(dossiers: Sequence[StoredDossier]) -> Iterator[Response]:
    """What every responding document answers to each recommendation of the reports it answers."""
    reports = [each for each in dossiers if _recommends(each)]
    for dossier in dossiers:
        if not dossier.recommendations and _responds(dossier):
            for report in answered(dossier, reports):
                yield from _responses(dossier, report)


def _recommends(dossier: StoredDossier) -> bool:
    return dossier.document.edition is Edition.OFFICIAL and bool(dossier.recommendations)


def _responds(dossier: StoredDossier) -> bool:
    document = dossier.document
    if document.edition is not Edition.OFFICIAL:
        return False
    if document.kind is not Kind.OTHER:
        return document.kind is Kind.RESPONSE
    return is_response(document, dossier.reading)


# --- Which reports ----------------------------------------------------------------------------


def answered(
    responding: StoredDossier, reports: Iterable[StoredDossier]
) -> tuple[StoredDossier, ...]:
    """The reports that the document answers: as is said of it, or as its own words show."""
    candidates = [each for each in reports if each.document.id != responding.document.id]
    if responding.document.responds_to:
        return tuple(
            each for each in candidates if each.document.id == responding.document.responds_to
        )
    said = Echo(responding.text)
    restated = [each for each in candidates if _restated(each, said) >= RESTATES]
    return tuple(restated or [each for each in candidates if _names(responding, each.document)])


def _restated(report: StoredDossier, said: Echo) -> float:
    """Share of the report's recommendations whose words the other document repeats."""
    asked = [each for each in report.recommendations if each.kind == "recommendation"]
    taken = sum(said.share_of(each.span.of(report.text)) >= TAKEN_UP for each in asked)
    return taken / len(asked) if asked else 0.0


def _names(responding: StoredDossier, report: Document) -> bool:
    """Whether the document opens with the report's title or paper number."""
    opening = f"{responding.document.title} {responding.text[:_OPENING]}"
    number = re.escape(report.paper_number or "")
    if number and re.search(rf"\b{number}\b", opening):
        return True
    telling = _telling(report.title)
    there = telling & _telling(opening)
    return len(telling) > 1 and len(there) >= NAMED * len(telling)


def _telling(words: str) -> set[str]:
    return set(_TELLING.findall(words.casefold())) - _GENERIC


# --- Answers ----------------------------------------------------------------------------------


def _responses(responding: StoredDossier, report: StoredDossier) -> Iterator[Response]:
    asked = [Asked.of(each, report.text) for each in report.recommendations]
    found = defaultdict[tuple[str, str | None], list[Reply]](list)
    given = replies(responding.text, responding.paragraphs, asked)
    several = len({reply.responder for reply in given if reply.responder}) > 1
    for reply in given:
        key = reply.asked.recommendation.id, reply.responder if several else None
        found[key].append(reply)
    said = {recommendation for recommendation, _ in found}
    for each in asked:
        for (recommendation, responder), several_places in found.items():
            if recommendation == each.recommendation.id:
                yield _response(responding, several_places, responder)
        if each.recommendation.id not in said and each.recommendation.kind == "recommendation":
            yield _unanswered(responding.document, each)


def _response(
    responding: StoredDossier, places: Sequence[Reply], responder: str | None
) -> Response:
    """The fullest answer, with the plainest words on its status from whichever place has them."""
    judged = [(reply, _judged(responding.text, reply)) for reply in places]
    reply, own = max(
        judged, key=lambda each: (not each[0].shared, each[1].explicit, len(each[0].span))
    )
    return Response(
        recommendation=reply.asked.recommendation.id,
        document=responding.document.id,
        span=reply.span,
        status=own.status,
        status_span=own.span,
        date=responding.document.date,
        alignment=reply.alignment,
        responder=responder,
        restatement=reply.restatement,
    )


def _judged(text: str, reply: Reply) -> Verdict:
    printed = stated(reply.verdict.of(text)) if reply.verdict else None
    if printed and reply.verdict:
        return Verdict(status=printed, span=reply.verdict, explicit=True)
    return verdict(text, reply.span, number=reply.asked.recommendation.number)


def _unanswered(document: Document, asked: Asked) -> Response:
    return Response(
        recommendation=asked.recommendation.id,
        document=document.id,
        span=None,
        status=ResponseStatus.NOT_ADDRESSED,
        status_span=None,
        date=document.date,
    )
