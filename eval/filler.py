"""Documents made of a language's habits alone, to stand among real ones.

Each word follows two others as it does somewhere in the real texts, so that short runs of words
are as common as in a large collection, and sentences mean nothing.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ingest.library import Library
from ingest.model import (
    Document,
    Dossier,
    Extraction,
    Paragraph,
    ParagraphKind,
    Passage,
    Reading,
    Span,
    Stamp,
    words_hash,
)

_WORDS_OF_PARAGRAPH = (40, 140)
_PARAGRAPHS = 200
"""Of one document; each is a passage."""
_Habits = Mapping[tuple[str, ...], Sequence[str]]


def fill(data: Path, texts: Sequence[str], *, passages: int, chance: random.Random) -> None:
    """Writes documents of this many passages altogether, or a few more."""
    library = Library(data)
    words = babble(texts, chance, order=2)
    for number in range(-(-passages // _PARAGRAPHS)):
        library.write(_dossier(f"filler-{number:03}", words, chance))


def babble(texts: Sequence[str], chance: random.Random, *, order: int) -> Iterator[str]:
    """Words without end, each following `order` others as it does somewhere in the texts."""
    habits = _habits(texts, order)
    beginnings = sorted(habits)
    while True:
        before = chance.choice(beginnings)
        yield from before
        while before in habits:
            word = chance.choice(habits[before])
            yield word
            before = tuple([*before, word][1:])


def _habits(texts: Sequence[str], order: int) -> _Habits:
    found: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for text in texts:
        words = text.split()
        for at in range(len(words) - order):
            found[tuple(words[at : at + order])].append(words[at + order])
    return found


def _dossier(id: str, words: Iterator[str], chance: random.Random) -> Dossier:
    paragraphs = [
        " ".join(next(words) for _ in range(chance.randint(*_WORDS_OF_PARAGRAPH)))
        for _ in range(_PARAGRAPHS)
    ]
    text = "\n\n".join(paragraphs)
    spans = list(_spans(paragraphs))
    return Dossier(
        document=Document(
            id=id, title=id, source=f"{id}.txt", source_sha256=words_hash(text), page_count=0
        ),
        stamp=Stamp(source_sha256=words_hash(text), pipeline="filler", settings={}),
        reading=Reading(
            text=text,
            extraction=Extraction.MARKUP,
            pages=(),
            lines=(),
            paragraphs=tuple(
                Paragraph(span=span, kind=ParagraphKind.BODY, section=(), number=None)
                for span in spans
            ),
            notes=(),
            hidden=(),
        ),
        passages=tuple(_passage(id, number, span, text) for number, span in enumerate(spans)),
    )


def _spans(paragraphs: Sequence[str]) -> Iterator[Span]:
    at = 0
    for paragraph in paragraphs:
        yield Span(at, at + len(paragraph))
        at += len(paragraph) + 2


def _passage(document: str, number: int, span: Span, text: str) -> Passage:
    return Passage(
        id=f"{document}:{number}",
        document=document,
        span=span,
        section=(),
        paragraphs=(),
        page_start=None,
        page_end=None,
        printed_start=None,
        printed_end=None,
        quote_sha256=words_hash(span.of(text)),
        extraction=Extraction.MARKUP,
        hidden_text=False,
    )
