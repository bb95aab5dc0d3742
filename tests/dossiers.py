"""Small documents made from the words of their passages."""

from collections.abc import Mapping, Sequence
from datetime import date

from ingest.model import (
    Document,
    Dossier,
    Edition,
    Extraction,
    Finding,
    Link,
    Page,
    PageStatus,
    Passage,
    Reading,
    Recommendation,
    Span,
    Stamp,
    Stance,
    Voice,
    words_hash,
)

Mark = tuple[str, Voice, Stance]


def dossier(
    id: str,
    passages: Sequence[str],
    *,
    edition: Edition = Edition.OFFICIAL,
    day: date | None = None,
    marks: Mapping[int, Sequence[Mark]] | None = None,
    links: Sequence[Link] = (),
) -> Dossier:
    """A document of one passage a page, with `marks` on the passages counted from 0.

    Passage ids are `<id>:1` and so on.
    """
    text = "\n\n".join(passages)
    spans = _spans(passages)
    found = [
        _finding(f"{id}:{place + 1}", spans[place], mark)
        for place, several in (marks or {}).items()
        for mark in several
    ]
    return Dossier(
        document=Document(
            id=id,
            title=id.capitalize(),
            source=f"{id}.pdf",
            source_sha256=words_hash(text),
            page_count=len(passages),
            edition=edition,
            date=day,
            url=f"https://example.org/{id}.pdf",
        ),
        stamp=Stamp(source_sha256=words_hash(text), pipeline="1", settings={}),
        reading=Reading(
            text=text,
            extraction=Extraction.TEXT,
            pages=tuple(_page(number, span) for number, span in enumerate(spans, 1)),
            lines=(),
            paragraphs=(),
            notes=(),
            hidden=(),
        ),
        passages=tuple(_passage(id, number, span, text) for number, span in enumerate(spans, 1)),
        findings=tuple(found),
        links=tuple(links),
    )


def _spans(passages: Sequence[str]) -> list[Span]:
    spans: list[Span] = []
    start = 0
    for words in passages:
        spans.append(Span(start, start + len(words)))
        start += len(words) + 2
    return spans


def _passage(document: str, number: int, span: Span, text: str) -> Passage:
    return Passage(
        id=f"{document}:{number}",
        document=document,
        span=span,
        section=(),
        paragraphs=(str(number),),
        page_start=number,
        page_end=number,
        printed_start=None,
        printed_end=None,
        quote_sha256=words_hash(span.of(text)),
        extraction=Extraction.TEXT,
        hidden_text=False,
    )


def _page(number: int, span: Span) -> Page:
    return Page(
        number=number,
        status=PageStatus.TEXT,
        printed=None,
        label=None,
        span=span,
        width=595,
        height=842,
    )


def _finding(passage: str, span: Span, mark: Mark) -> Finding:
    tag, voice, stance = mark
    return Finding(
        passage=passage,
        tag=tag,
        span=span,
        sentence=span,
        voice=voice,
        stance=stance,
        confidence=1.0,
        rule="made-by-hand",
    )


def recommendation(document: str, span: Span) -> Recommendation:
    """The first of the document, in as many words as `span` has and nothing else."""
    return Recommendation(
        id=f"{document}:recommendation-1",
        document=document,
        number="1",
        kind="recommendation",
        span=span,
        title=None,
        sub_parts=(),
        addressee=(),
        deadline=None,
    )
