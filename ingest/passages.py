"""Passages: a document's own paragraphs, short neighbours joined, long ones split at sentences.

Headings stay out: they are each passage's section path. Notes and contents pages stay out too.
Every other word of the text is in exactly one passage.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from math import ceil

from langchain_text_splitters import RecursiveCharacterTextSplitter, TextSplitter

from ingest.identity import free_id, natural_id
from ingest.model import (
    Extraction,
    Line,
    PageStatus,
    Paragraph,
    ParagraphKind,
    Passage,
    Reading,
    Span,
    words_hash,
)
from ingest.sentences import sentences

LIMIT = 220
"""Tokens of the embedder that a passage is filled up to, which leaves room for a header of the 256
it reads. Against 180, on 56 judged questions: nDCG@10 .504 for .499, recall at 20 .630 for .606;
at 250 nDCG@10 falls to .495."""

CountTokens = Callable[[str], int]

_LEFT_OUT = {ParagraphKind.HEADING, ParagraphKind.NOTE, ParagraphKind.CONTENTS}
_EXHIBITS = {ParagraphKind.TABLE, ParagraphKind.CAPTION, ParagraphKind.FIGURE}
_LABEL = 12
"""Tokens; more is a sentence without its stop."""
_CLINGING = {ParagraphKind.LIST_ITEM, ParagraphKind.QUOTATION}


def passages(
    document_id: str, reading: Reading, *, count_tokens: CountTokens, limit: int = LIMIT
) -> tuple[Passage, ...]:
    """The passages in reading order, disjoint, under natural ids.

    None holds more than `limit` tokens unless one character does. A list or block quotation
    stays with the words before it where they fit; boxes and tables are never joined to prose.
    """
    packing = _Packing(reading.text, count_tokens=count_tokens, limit=limit)
    shelf = _Paper(reading)
    taken: set[str] = set()
    made: list[Passage] = []
    for blocks in packing.packed(_blocks(reading, count_tokens)):
        passage = shelf.passage(document_id, blocks)
        passage = replace(passage, id=free_id(passage.id, taken))
        taken.add(passage.id)
        made.append(passage)
    return tuple(made)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """A paragraph or a part of one, on its way into a passage."""

    span: Span
    kind: ParagraphKind
    section: tuple[str, ...]
    number: str | None
    """The number it is printed under: its own, or that of the paragraph it carries on."""
    tokens: int


def _blocks(reading: Reading, count_tokens: CountTokens) -> Iterator[_Block]:
    section: tuple[str, ...] | None = None
    number: str | None = None
    for paragraph in reading.paragraphs:
        if paragraph.kind is ParagraphKind.HEADING or paragraph.section != section:
            section, number = paragraph.section, None
        span = _trimmed(reading.text, paragraph.span)
        if paragraph.kind in _LEFT_OUT or span is None:
            continue
        number = _number(paragraph, carried=number)
        yield _Block(
            span=span,
            kind=paragraph.kind,
            section=paragraph.section,
            number=number if _group(paragraph.kind) == "prose" else paragraph.number,
            tokens=count_tokens(span.of(reading.text)),
        )


def _number(paragraph: Paragraph, *, carried: str | None) -> str | None:
    """The number in force after the paragraph; letters of list items are no paragraph numbers."""
    if paragraph.number and _group(paragraph.kind) == "prose":
        return carried if paragraph.kind is ParagraphKind.LIST_ITEM else paragraph.number
    return carried


def _group(kind: ParagraphKind) -> str:
    """What may share a passage: prose, boxes, or exhibits with their captions."""
    if kind is ParagraphKind.BOX:
        return "box"
    return "exhibit" if kind in _EXHIBITS else "prose"


def _trimmed(text: str, span: Span) -> Span | None:
    words = span.of(text)
    start = span.start + len(words) - len(words.lstrip())
    end = start + len(words.strip())
    return Span(start, end) if start < end else None


class _Packing:
    """Blocks into passages: what belongs together first, then as many as fit."""

    def __init__(self, text: str, *, count_tokens: CountTokens, limit: int) -> None:
        self._text = text
        self._limit = limit
        self._count_tokens = count_tokens

    def packed(self, blocks: Iterable[_Block]) -> Iterator[list[_Block]]:
        """The blocks of each passage; only neighbours in one section with nothing in between."""
        held: list[_Block] = []
        for cluster in self._clusters(blocks):
            if held and not (self._adjoin(held[-1], cluster[0]) and self._fit(held, cluster)):
                yield held
                held = []
            if self._fit(held, cluster):
                held = held + cluster
                continue
            for block in self._unpacked(cluster):
                if held and not self._fit(held, [block]):
                    yield held
                    held = []
                held = [*held, block]
        if held:
            yield held

    def _clusters(self, blocks: Iterable[_Block]) -> Iterator[list[_Block]]:
        cluster: list[_Block] = []
        for block in blocks:
            if cluster and not (self._adjoin(cluster[-1], block) and self._clings(cluster, block)):
                yield cluster
                cluster = []
            cluster = [*cluster, block]
        if cluster:
            yield cluster

    def _clings(self, cluster: Sequence[_Block], block: _Block) -> bool:
        """Lists, quotations and tables to what introduces them; anything to a colon."""
        before = cluster[-1]
        return (
            block.kind in _CLINGING
            or before.kind is ParagraphKind.CAPTION
            or before.span.of(self._text).endswith(":")
            or self._is_label(before)
        )

    def _is_label(self, block: _Block) -> bool:
        """A few words that are no sentence, such as `51. conclusion` over a box."""
        words = block.span.of(self._text)
        return block.tokens <= _LABEL and words[-1].isalnum()

    def _adjoin(self, before: _Block, after: _Block) -> bool:
        between = self._text[before.span.end : after.span.start]
        together = (before.section, _group(before.kind)) == (after.section, _group(after.kind))
        return together and not between.strip()

    def _fit(self, held: Iterable[_Block], more: Iterable[_Block]) -> bool:
        return sum(block.tokens for block in (*held, *more)) <= self._limit

    def _unpacked(self, cluster: Iterable[_Block]) -> Iterator[_Block]:
        for block in self._labels_joined(cluster):
            if block.tokens <= self._limit:
                yield block
            else:
                yield from self._parts(block)

    def _labels_joined(self, cluster: Iterable[_Block]) -> list[_Block]:
        joined: list[_Block] = []
        for block in cluster:
            if joined and self._is_label(joined[-1]):
                span = Span(joined[-1].span.start, block.span.end)
                tokens = self._count_tokens(span.of(self._text))
                joined[-1] = replace(joined[-1], span=span, tokens=tokens)
            else:
                joined.append(block)
        return joined

    def _parts(self, block: _Block) -> Iterator[_Block]:
        splitter = _SentenceSplitter(self._limit, self._count_tokens)
        start = block.span.start
        for part in splitter.split_text(block.span.of(self._text)):
            span = _trimmed(self._text, Span(start, start + len(part)))
            start += len(part)
            if span is not None:
                yield replace(block, span=span, tokens=self._count_tokens(span.of(self._text)))


class _SentenceSplitter(TextSplitter):
    """Parts of whole sentences and much the same size, which concatenate to the text given.

    A sentence of more than `limit` tokens is cut at lines, semicolons, commas or words.
    """

    def __init__(self, limit: int, count_tokens: CountTokens) -> None:
        def at_least_one(words: str) -> int:
            # A piece of no tokens, as white space is, would be repeated in the next part.
            return max(1, count_tokens(words))

        super().__init__(
            chunk_size=limit, chunk_overlap=0, length_function=at_least_one, strip_whitespace=False
        )
        self._limit = limit
        self._within_sentence = RecursiveCharacterTextSplitter(
            separators=["\n", "; ", ", ", " ", ""],
            keep_separator="end",
            chunk_size=limit,
            chunk_overlap=0,
            length_function=at_least_one,
            strip_whitespace=False,
        )

    def split_text(self, text: str) -> list[str]:
        pieces = list(self._pieces(text))
        sizes = [self._length_function(piece) for piece in pieces]
        # A tenth of slack, as sentences never fill a part exactly, but room for the longest.
        even = ceil(1.1 * sum(sizes) / ceil(sum(sizes) / self._limit))
        self._chunk_size = max(min(even, self._limit), *sizes)
        return self._merge_splits(pieces, separator="")

    def _pieces(self, text: str) -> Iterator[str]:
        """Sentences, each with the white space before the next."""
        starts = [sentence.start for sentence in sentences(text)]
        for start, end in pairwise([0, *starts[1:], len(text)]):
            sentence = text[start:end]
            if self._length_function(sentence) <= self._limit:
                yield sentence
            else:
                yield from self._within_sentence.split_text(sentence)


class _Paper:
    """Where the words of a reading stand on paper, and how they were got."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._pages = {page.number: page for page in reading.pages}
        self._line_starts = [line.span.start for line in reading.lines]
        hidden = sorted(reading.hidden, key=lambda hidden: hidden.span.start)
        self._hidden_starts = [hidden.span.start for hidden in hidden]
        self._hidden_ends = list(accumulate((hidden.span.end for hidden in hidden), max))

    def passage(self, document_id: str, blocks: Sequence[_Block]) -> Passage:
        """The passage that the blocks make, under its natural id."""
        span = Span(blocks[0].span.start, blocks[-1].span.end)
        words = span.of(self._reading.text)
        pages = [self._pages[number] for number in self._page_numbers(span)]
        recognised = any(page.status is PageStatus.OCR for page in pages)
        return Passage(
            id=natural_id(document_id, number=blocks[0].number, words=words),
            document=document_id,
            span=span,
            section=blocks[0].section,
            paragraphs=tuple(dict.fromkeys(b.number for b in blocks if b.number is not None)),
            page_start=pages[0].number if pages else None,
            page_end=pages[-1].number if pages else None,
            printed_start=pages[0].printed if pages else None,
            printed_end=pages[-1].printed if pages else None,
            quote_sha256=words_hash(words),
            extraction=Extraction.OCR if recognised else self._reading.extraction,
            hidden_text=self._is_hidden(span),
        )

    def _page_numbers(self, span: Span) -> list[int]:
        return sorted({line.page for line in self._lines(span)})

    def _lines(self, span: Span) -> Sequence[Line]:
        first = max(0, bisect_right(self._line_starts, span.start) - 1)
        last = bisect_left(self._line_starts, span.end)
        lines = self._reading.lines[first:last]
        return [line for line in lines if line.span.overlap(span)]

    def _is_hidden(self, span: Span) -> bool:
        before_end = bisect_left(self._hidden_starts, span.end)
        return before_end > 0 and self._hidden_ends[before_end - 1] > span.start
