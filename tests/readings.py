"""Readings made on the spot: paragraphs in, canonical text and spans out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from ingest.model import (
    Box,
    Extraction,
    Line,
    Page,
    PageStatus,
    Paragraph,
    ParagraphKind,
    Passage,
    Reading,
    Span,
    words_hash,
)


@dataclass(frozen=True)
class Text:
    """A paragraph to be; a heading's level is the length of its section plus one."""

    words: str
    kind: ParagraphKind = ParagraphKind.BODY
    section: tuple[str, ...] = ()
    number: str | None = None


def passage_of(text: str, *, start: int = 0, document: str = "report") -> Passage:
    """One of a document's, on its first page."""
    return Passage(
        id=f"{document}:{start}",
        document=document,
        span=Span(start, start + len(text)),
        section=(),
        paragraphs=(),
        page_start=1,
        page_end=1,
        printed_start=None,
        printed_end=None,
        quote_sha256=words_hash(text),
        extraction=Extraction.TEXT,
        hidden_text=False,
    )


def count_words(text: str) -> int:
    return len(text.split())


def reading(texts: Iterable[Text], *, pages: Sequence[str | None] = ()) -> Reading:
    """The paragraphs one after another; with `pages`, one paragraph on each page so printed."""
    joined, paragraphs = "", list[Paragraph]()
    for text in texts:
        joined += "\n\n" if joined else ""
        span = Span(len(joined), len(joined) + len(text.words))
        joined += text.words
        paragraphs.append(
            Paragraph(span=span, kind=text.kind, section=text.section, number=text.number)
        )
    return Reading(
        text=joined,
        extraction=Extraction.TEXT if pages else Extraction.MARKUP,
        pages=tuple(
            Page(
                number=number,
                status=PageStatus.TEXT,
                printed=printed,
                label=None,
                span=paragraph.span,
                width=595.0,
                height=842.0,
            )
            for number, (printed, paragraph) in enumerate(zip(pages, paragraphs, strict=False), 1)
        ),
        lines=tuple(
            Line(span=paragraph.span, page=number, box=Box(x0=0, top=0, x1=1, bottom=1))
            for number, (_, paragraph) in enumerate(zip(pages, paragraphs, strict=False), 1)
        ),
        paragraphs=tuple(paragraphs),
        notes=(),
        hidden=(),
    )


_WORD = st.text("abcdeéß’-.,:;", min_size=1, max_size=9)
_SENTENCE = st.lists(_WORD, min_size=1, max_size=12).map(lambda words: " ".join(words) + ".")
_WORDS = st.lists(_SENTENCE, min_size=1, max_size=8).map(" ".join)
_NUMBER = st.none() | st.sampled_from(["1", "2", "3.1", "3.10", "(a)", "A1.2"])
_SECTION = st.lists(st.sampled_from(["One", "Two"]), max_size=2).map(tuple)


@st.composite
def _text(draw: st.DrawFn) -> Text:
    number = draw(_NUMBER)
    words = draw(_WORDS)
    return Text(
        words=f"{number} {words}" if number else words,
        kind=draw(st.sampled_from(ParagraphKind)),
        section=draw(_SECTION),
        number=number,
    )


READINGS = st.lists(_text(), min_size=1, max_size=12).map(reading)
