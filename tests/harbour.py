"""A small corpus made by hand: a review with two pages, our digest of a letter, and a plan.

Every word is invented. It is stored and indexed by the same code as any other, with an embedder
that hashes words instead of a model.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas
from toyembedder import ToyEmbedder

from index.build import build_index
from index.edge import EdgeEngine
from ingest.identity import folded_hash
from ingest.library import Library
from ingest.model import (
    Alias,
    AliasStatus,
    Basis,
    Box,
    Document,
    Dossier,
    Edition,
    Extraction,
    Finding,
    Kind,
    Line,
    Link,
    Page,
    PageStatus,
    Paragraph,
    ParagraphKind,
    Passage,
    Reading,
    Recommendation,
    Relation,
    Span,
    Stamp,
    Stance,
    Voice,
    words_hash,
)
from ingest.pipeline import pipeline

REVIEW = "harbour-review"
GATES = f"{REVIEW}:3.12"
WITNESS = f"{REVIEW}:3.13"
STATED = f"{REVIEW}:4.1"
RECOMMENDATION = f"{REVIEW}:recommendation-4"
DIGEST = "harbour-letter"
DIGESTED = f"{DIGEST}:the-letter-asked-for-lower-fees"
PLAN = "harbour-plan"
FORMER = f"{REVIEW}:3.11"
"""An id whose words are in another passage now."""
GONE = f"{REVIEW}:3.9"
"""An id whose words are no longer there."""

TAG = "leadership_governance"

_REVIEW_PASSAGES = (
    ("3.12", "3.12 The board had no plan for a flood at the lower gates. Nobody asked for one."),
    ("3.13", "3.13 A gatekeeper told us that “=alarms were switched off” during the storm."),
    ("4.1", "4.1 The board should publish a flood plan each year (see paragraph 3.12)."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    id: str
    number: str | None
    span: Span
    page: int | None


def build_harbour(data: Path) -> str:
    """Stores the corpus in `data` and indexes it; the generation's name comes back."""
    library = Library(data)
    sources = data / "given"
    sources.mkdir(parents=True, exist_ok=True)
    for dossier in (_review(library, sources), _digest(library, sources), _plan(library, sources)):
        library.write(dossier)
    built = build_index(data, embedder=ToyEmbedder(), engine=EdgeEngine(), tags=(TAG, "racism"))
    return built.generation


def _review(library: Library, sources: Path) -> Dossier:
    text, pieces = _pieces(REVIEW, _REVIEW_PASSAGES, pages=(1, 1, 2))
    source = _printed(sources / "harbour-review.pdf", pieces, text)
    gates, witness, stated = pieces
    statement = _span(text, "The board should publish a flood plan each year")
    document = Document(
        id=REVIEW,
        title="Harbour Review: Final Report",
        source=source.name,
        source_sha256=library.keep_source(source),
        page_count=2,
        author="Dame Ann Example",
        publisher="Harbour Office",
        date=datetime.date(2021, 6, 1),
        kind=Kind.FINAL_REPORT,
        paper_number="HC 9999",
        url="https://example.org/harbour-review.pdf",
        licence="Open Government Licence v3.0",
        attribution="Contains public sector information.",
        inquiry="harbour",
    )
    return Dossier(
        document=document,
        stamp=_stamp(document),
        reading=_reading(text, pieces),
        passages=tuple(_passage(REVIEW, piece, text) for piece in pieces),
        findings=(
            _finding(gates, text, "board had no plan", Voice.INQUIRY, Stance.FOUND),
            _finding(witness, text, "=alarms were switched off", Voice.WITNESS, Stance.ALLEGED),
        ),
        recommendations=(
            Recommendation(
                id=RECOMMENDATION,
                document=REVIEW,
                number="4",
                kind="recommendation",
                span=statement,
                title=None,
                sub_parts=(_span(text, "publish a flood plan"),),
                addressee=("the board",),
                deadline="each year",
                cited_paragraphs=("3.12",),
            ),
        ),
        links=(
            Link(
                recommendation=RECOMMENDATION,
                passage=gates.id,
                relation=Relation.CROSS_REFERENCE,
                basis=Basis.CITED,
                score=0.9,
                words=_span(text, "(see paragraph 3.12)"),
            ),
            Link(
                recommendation=RECOMMENDATION,
                passage=stated.id,
                relation=Relation.STATES,
                basis=Basis.CITED,
                score=1.0,
            ),
        ),
        aliases=(*_issued(pieces, text), *_former(pieces, text)),
    )


def _digest(library: Library, sources: Path) -> Dossier:
    words = "The letter asked for lower fees. It said nothing of a flood."
    text, pieces = _pieces(DIGEST, ((None, words),), ids=(DIGESTED,))
    source = sources / "harbour-letter.md"
    source.write_text(text, encoding="utf-8")
    document = Document(
        id=DIGEST,
        title="Letter to the Harbour Board",
        source=source.name,
        source_sha256=library.keep_source(source),
        page_count=0,
        kind=Kind.LETTER,
        edition=Edition.DIGEST,
        url="https://example.org/letter.pdf",
    )
    return Dossier(
        document=document,
        stamp=_stamp(document),
        reading=_reading(text, pieces),
        passages=tuple(_passage(DIGEST, piece, text) for piece in pieces),
        aliases=_issued(pieces, text),
    )


def _plan(library: Library, sources: Path) -> Dossier:
    text, pieces = _pieces(PLAN, (("1", "1 Gates close at dusk."),), pages=(1,))
    source = _printed(sources / "harbour-plan.pdf", pieces, text)
    document = Document(
        id=PLAN,
        title="Harbour Plan",
        source=source.name,
        source_sha256=library.keep_source(source),
        page_count=1,
        date=datetime.date(2022, 2, 2),
        kind=Kind.PLAN,
        licence="not stated",
    )
    return Dossier(
        document=document,
        stamp=_stamp(document),
        reading=_reading(text, pieces),
        passages=tuple(_passage(PLAN, piece, text) for piece in pieces),
        aliases=_issued(pieces, text),
    )


def _pieces(
    document: str,
    passages: Sequence[tuple[str | None, str]],
    *,
    pages: Sequence[int] = (),
    ids: Sequence[str] = (),
) -> tuple[str, tuple[_Piece, ...]]:
    text = "\n\n".join(words for _, words in passages)
    names = ids or [f"{document}:{number}" for number, _ in passages]
    places: Sequence[int | None] = pages or [None] * len(passages)
    return text, tuple(
        _Piece(id=name, number=number, span=_span(text, words), page=page)
        for (number, words), name, page in zip(passages, names, places, strict=True)
    )


def _span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def _printed(path: Path, pieces: Sequence[_Piece], text: str) -> Path:
    """A PDF with each piece on a line of its page, 100 points from the top."""
    canvas = Canvas(str(path), pagesize=(595, 842), invariant=1)
    for page in sorted({piece.page or 1 for piece in pieces}):
        canvas.drawString(72, 742, " ".join(p.span.of(text) for p in pieces if p.page == page))
        canvas.showPage()
    canvas.save()
    return path


def _reading(text: str, pieces: Sequence[_Piece]) -> Reading:
    numbers = sorted({piece.page for piece in pieces if piece.page is not None})
    return Reading(
        text=text,
        extraction=Extraction.TEXT if numbers else Extraction.MARKUP,
        pages=tuple(_page(number, pieces) for number in numbers),
        lines=tuple(
            Line(span=piece.span, page=piece.page, box=Box(x0=72, top=88, x1=400, bottom=104))
            for piece in pieces
            if piece.page is not None
        ),
        paragraphs=tuple(
            Paragraph(
                span=piece.span, kind=ParagraphKind.BODY, section=("Gates",), number=piece.number
            )
            for piece in pieces
        ),
        notes=(),
        hidden=(),
    )


def _page(number: int, pieces: Sequence[_Piece]) -> Page:
    here = [piece.span for piece in pieces if piece.page == number]
    return Page(
        number=number,
        status=PageStatus.TEXT,
        printed=str(number + 33),
        label=None,
        span=Span(here[0].start, here[-1].end),
        width=595,
        height=842,
    )


def _passage(document: str, piece: _Piece, text: str) -> Passage:
    printed = str(piece.page + 33) if piece.page else None
    return Passage(
        id=piece.id,
        document=document,
        span=piece.span,
        section=("Gates",),
        paragraphs=(piece.number,) if piece.number else (),
        page_start=piece.page,
        page_end=piece.page,
        printed_start=printed,
        printed_end=printed,
        quote_sha256=words_hash(piece.span.of(text)),
        extraction=Extraction.TEXT if piece.page else Extraction.MARKUP,
        hidden_text=False,
    )


def _finding(piece: _Piece, text: str, words: str, voice: Voice, stance: Stance) -> Finding:
    return Finding(
        passage=piece.id,
        tag=TAG,
        span=_span(text, words),
        sentence=piece.span,
        voice=voice,
        stance=stance,
        confidence=0.8,
        rule=f"{TAG}.made_by_hand",
    )


def _issued(pieces: Sequence[_Piece], text: str) -> tuple[Alias, ...]:
    return tuple(
        Alias(
            id=piece.id,
            quote_sha256=folded_hash(piece.span.of(text)),
            status=AliasStatus.KEPT,
            span=piece.span,
            passage=piece.id,
        )
        for piece in pieces
    )


def _former(pieces: Sequence[_Piece], text: str) -> tuple[Alias, ...]:
    moved = pieces[0].span
    return (
        Alias(
            id=FORMER,
            quote_sha256=folded_hash(moved.of(text)),
            status=AliasStatus.MOVED,
            span=moved,
            passage=pieces[0].id,
        ),
        Alias(
            id=GONE,
            quote_sha256=folded_hash("words no longer there"),
            status=AliasStatus.GONE,
            span=None,
            passage=None,
        ),
    )


def _stamp(document: Document) -> Stamp:
    return Stamp(source_sha256=document.source_sha256, pipeline=pipeline(), settings={})
