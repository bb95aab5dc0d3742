"""Places given by page and offset, or by their words, found again in the canonical text.

The canonical text leaves out running heads and the marks of notes, and joins what a page or a line
parts. So words are compared, not characters: the page's own in their order with the canonical ones
that stand on it, and where the order differs, the words of one place with those of the page.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, cached_property
from pathlib import Path

from eval.collection import Judgement, Place
from eval.plaintext import plain_pages
from ingest.library import StoredDossier
from ingest.model import Span

_WORD = re.compile(r"[^\W\d_]+|\d+")
_SHORTEST = 3
"""Words that have to agree in a row: one alone stands everywhere."""
_FORGIVEN = 40
"""Characters between two stretches that are one all the same: a hyphenated word, a note's mark."""
_FAR = 2
"""Lengths of a text within which all of it lies, heads and notes between its parts included."""
_ENOUGH = 0.5
"""The share of a place's words below which another order of words is tried."""

Regions = tuple[Span, ...]
"""Of the canonical text, in order, apart from each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """The words of a text and where they stand."""

    words: list[str]
    spans: list[Span]

    def within(self, span: Span) -> range:
        """Which of them lie in the span, if only in part."""
        inside = [at for at, each in enumerate(self.spans) if each.overlap(span)]
        return range(inside[0], inside[-1] + 1) if inside else range(0)


class Located:
    """A document's canonical text, in which places are found again."""

    def __init__(self, stored: StoredDossier, source: Path | None) -> None:
        """`source` is the file that pages are counted in; None for what has no pages."""
        self._stored = stored
        self._source = source
        self._canonical = cache(self._canonical_words)
        self._aligned = cache(self._alignment)
        self._printed = cache(self._printed_places)

    @cached_property
    def whole(self) -> Regions:
        return (Span(0, len(self._stored.text)),)

    @cached_property
    def plain(self) -> list[str]:
        """The plain text of each page, as judgements count in it."""
        return plain_pages(self._source) if self._source else []

    def judged(self, judgement: Judgement) -> Regions:
        """Where a judged place lies; empty where its words are not in the canonical text."""
        if not judgement.places:
            return self.whole
        return self.placed(judgement.places)

    def placed(self, places: Sequence[Place]) -> Regions:
        """Where the words of these places lie in the canonical text, as far as they are in it."""
        return merged([span for place in places for span in self._found(place)])

    def holds(self, anchor: str, place: Place) -> bool:
        """Whether the place opens with these words."""
        wanted, given = _split(anchor).words, _split(self._words_of(place)).words
        shared = min(len(wanted), len(given))
        return shared > 0 and wanted[:shared] == given[:shared]

    def quoted(self, text: str, pages: Sequence[int]) -> Regions:
        """Where text that stands on these pages lies; of the whole document where none are named.

        Another system's passage, with other hyphens, notes and running heads than ours.
        """
        return merged(_blocks(_split(text).words, self._canonical(*pages)))

    def places(self, span: Span) -> tuple[Place, ...]:
        """Where canonical words stand in the plain text, one place on each of their pages.

        None where a page has too few of them in their order, as in a table or a scan.
        """
        return self._printed(span)

    def between(self, first: Place, last: Place) -> str:
        """What the pages have from one place to another, notes and running heads included."""
        pages = self.plain[(first.page or 1) - 1 : last.page]
        text = "\n".join(pages)
        return text[first.span.start : len(text) - len(pages[-1]) + last.span.end]

    def _printed_places(self, span: Span) -> tuple[Place, ...]:
        if self._source is None:
            return (Place(page=None, span=span),)
        pages = sorted(page for page, on_it in self._stretches.items() if shared((span,), on_it))
        found = [self._place_on(page, span) for page in pages]
        places = tuple(place for place in found if place is not None)
        return places if len(places) == len(pages) else ()

    def _place_on(self, page: int, span: Span) -> Place | None:
        words = {canonical: plain for plain, canonical in self._aligned(page).items()}
        wanted = self._canonical(page).within(span)
        in_order = [words[at] for at in wanted if at in words]
        if not in_order or len(in_order) < _ENOUGH * len(wanted):
            return None
        plain = _split(self.plain[page - 1]).spans
        found = Span(plain[in_order[0]].start, plain[in_order[-1]].end)
        return Place(page=page, span=found) if len(found) <= _FAR * len(span) else None

    def _words_of(self, place: Place) -> str:
        if place.page is None:
            return self._stored.text[place.span.start : place.span.end]
        if not 1 <= place.page <= len(self.plain):
            return ""
        return self.plain[place.page - 1][place.span.start : place.span.end]

    def _found(self, place: Place) -> list[Span]:
        if place.page is None:
            return [place.span] if place.span.end <= len(self._stored.text) else []
        if not 1 <= place.page <= len(self.plain):
            return []
        canonical, page = self._canonical(place.page), _split(self.plain[place.page - 1])
        wanted = page.within(place.span)
        in_order = [
            at for at in (self._aligned(place.page).get(n) for n in wanted) if at is not None
        ]
        if len(in_order) >= _ENOUGH * len(wanted):
            return [canonical.spans[at] for at in in_order]
        return _blocks(page.words[wanted.start : wanted.stop], canonical)

    def _alignment(self, page: int) -> dict[int, int]:
        """The canonical word that each word of the plain page is."""
        plain, canonical = _split(self.plain[page - 1]).words, self._canonical(page).words
        matcher = SequenceMatcher(None, plain, canonical, autojunk=False)
        return {
            block.a + n: block.b + n
            for block in matcher.get_matching_blocks()
            for n in range(block.size)
        }

    def _canonical_words(self, *pages: int) -> _Words:
        """Of these pages together, or of the whole text where none are named."""
        text = self._stored.text
        on_pages = [span for page in pages for span in self._stretches.get(page, ())]
        stretches = merged(on_pages, gap=2) if pages else self.whole
        found = [
            (match[0].lower(), Span(match.start() + stretch.start, match.end() + stretch.start))
            for stretch in stretches
            for match in _WORD.finditer(text[stretch.start : stretch.end])
        ]
        return _Words(words=[word for word, _ in found], spans=[span for _, span in found])

    @cached_property
    def _stretches(self) -> dict[int, Regions]:
        """What of the text stands on each page."""
        spans: dict[int, list[Span]] = {}
        for line in self._stored.reading.lines:
            spans.setdefault(line.page, []).append(line.span)
        return {page: merged(found, gap=2) for page, found in spans.items()}


def merged(spans: Sequence[Span], *, gap: int = _FORGIVEN) -> Regions:
    """The spans in order, those less than `gap` characters apart as one."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, each.end)):
        if found and span.start - found[-1].end <= gap:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)


def size(regions: Regions) -> int:
    """Characters."""
    return sum(map(len, regions))


def shared(some: Regions, others: Regions) -> int:
    """Characters that both hold."""
    return sum(each.overlap(other) for each in some for other in others)


def _split(text: str) -> _Words:
    found = list(_WORD.finditer(text))
    return _Words(
        words=[match[0].lower() for match in found], spans=[Span(*match.span()) for match in found]
    )


def _blocks(wanted: Sequence[str], canonical: _Words) -> list[Span]:
    """Where stretches of the words stand: the longest, and others in their order not far from it.

    A few words in a row stand in many places, so that far ones are others' words.
    """
    matcher = SequenceMatcher(None, wanted, canonical.words, autojunk=False)
    least = max(1, min(_SHORTEST, len(wanted)))
    blocks = [block for block in matcher.get_matching_blocks() if block.size >= least]
    longest = max(blocks, key=lambda block: block.size, default=None)
    return [
        Span(canonical.spans[block.b].start, canonical.spans[block.b + block.size - 1].end)
        for block in blocks
        if longest is not None and abs(block.b - longest.b) <= _FAR * len(wanted)
    ]
