"""What becomes of ids when documents are cut otherwise, or their words are altered."""

import random
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from ingest.identity import folded_hash, reconcile, stands
from ingest.model import Alias, Document, Dossier, Passage, Reading, Span, Stamp
from ingest.passages import passages

SEED = 20261124
LIMITS = (120, 250)
"""Passage sizes, in tokens, to cut by again."""
SHARE = 0.01
"""Of the words that are altered."""
CountTokens = Callable[[str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Altered:
    """A reading with some words changed, and where those stood in the reading before."""

    reading: Reading
    places: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """Ids after a re-ingest, counted; the lists name the ones that fell short."""

    untouched: int
    """Ids of whose words none was altered."""
    lost: tuple[str, ...]
    """Of those, the ids that no longer lead to their words."""
    touched: int
    repointed: tuple[str, ...]
    """Ids that lead to other words than they were issued for, and do not say so."""


def cut_again(
    document: Document, reading: Reading, *, count_tokens: CountTokens
) -> tuple[Resolved, ...]:
    """A document taken in, cut twice otherwise, and then with one word in a hundred altered."""
    cut = partial(passages, document.id, count_tokens=count_tokens)
    change = altered(reading)
    versions = [(reading, cut(reading, limit=limit)) for limit in LIMITS]
    dossier = ingested(None, document, reading, cut(reading))
    steps: list[Resolved] = []
    for text, cuttings in [*versions, (change.reading, cut(change.reading))]:
        following = ingested(dossier, document, text, cuttings)
        places = change.places if text is change.reading else ()
        steps.append(resolved(dossier, following, altered=places))
        dossier = following
    return tuple(steps)


def ingested(
    previous: Dossier | None, document: Document, reading: Reading, cut: Sequence[Passage]
) -> Dossier:
    """The dossier after these passages were taken in."""
    reconciled = reconcile(previous, reading, cut)
    return Dossier(
        document=document,
        stamp=Stamp(source_sha256=document.source_sha256, pipeline="", settings={}),
        reading=reading,
        passages=reconciled.passages,
        aliases=reconciled.aliases,
    )


def resolved(before: Dossier, after: Dossier, *, altered: Sequence[Span]) -> Resolved:
    """What became of every id whose words were known before."""
    known = [alias for alias in before.aliases if alias.span is not None]
    touched = {alias.id for alias in known if _holds_any(alias, altered)}
    now = {alias.id: alias for alias in after.aliases}
    lost = [
        alias.id
        for alias in known
        if alias.id not in touched and not stands(now[alias.id], after.reading.text)
    ]
    return Resolved(
        untouched=len(known) - len(touched),
        lost=tuple(lost),
        touched=len(touched),
        repointed=tuple(_repointed(before, after)),
    )


def _holds_any(alias: Alias, altered: Sequence[Span]) -> bool:
    """Whether any of these spans, in order, begins within the alias's words."""
    if alias.span is None:
        return False
    first = bisect_left(altered, alias.span.start, key=lambda span: span.start)
    return first < len(altered) and altered[first].start < alias.span.end


def _repointed(before: Dossier, after: Dossier) -> Iterator[str]:
    """Ids that now lead to other words: by their alias, or as the name of a passage."""
    issued = {alias.id: alias.quote_sha256 for alias in before.aliases}
    text = after.reading.text
    for alias in after.aliases:
        moved = alias.span is not None and not stands(alias, text)
        if moved or issued.get(alias.id, alias.quote_sha256) != alias.quote_sha256:
            yield alias.id
    for passage in after.passages:
        words = folded_hash(passage.span.of(text))
        if issued.get(passage.id, words) != words:
            yield passage.id


def altered(reading: Reading, *, share: float = SHARE, seed: int = SEED) -> Altered:
    """The reading with words drawn by seed replaced by other words of it, longer or shorter."""
    words = [match.span() for match in re.finditer(r"[^\W\d_]{3,}", reading.text)]
    draw = random.Random(seed)
    vocabulary = sorted({reading.text[start:end] for start, end in words})
    edits = [
        (Span(start, end), _other(reading.text[start:end], vocabulary, draw))
        for start, end in sorted(draw.sample(words, round(share * len(words))))
    ]
    return Altered(reading=_rewritten(reading, edits), places=tuple(place for place, _ in edits))


def _rewritten(reading: Reading, edits: Sequence[tuple[Span, str]]) -> Reading:
    moved = _Moved(edits)
    return replace(
        reading,
        text=moved.text(reading.text),
        pages=tuple(
            replace(page, span=moved.span(page.span) if page.span else None)
            for page in reading.pages
        ),
        lines=tuple(replace(line, span=moved.span(line.span)) for line in reading.lines),
        paragraphs=tuple(replace(each, span=moved.span(each.span)) for each in reading.paragraphs),
        notes=tuple(
            replace(
                note,
                span=moved.span(note.span),
                anchor=None if note.anchor is None else moved.place(note.anchor),
            )
            for note in reading.notes
        ),
        hidden=tuple(replace(each, span=moved.span(each.span)) for each in reading.hidden),
    )


def _other(word: str, vocabulary: Sequence[str], draw: random.Random) -> str:
    other = draw.choice(vocabulary)
    return other if other != word else word + word


class _Moved:
    """Where places of a text lie once words in it were replaced."""

    def __init__(self, edits: Sequence[tuple[Span, str]]) -> None:
        self._edits = edits
        self._gained = [0]
        for span, word in edits:
            self._gained.append(self._gained[-1] + len(word) - len(span))

    def text(self, text: str) -> str:
        pieces, at = list[str](), 0
        for span, word in self._edits:
            pieces += [text[at : span.start], word]
            at = span.end
        return "".join([*pieces, text[at:]])

    def place(self, place: int) -> int:
        """A place inside a replaced word goes no further than that word's new end."""
        index = bisect_left(self._edits, place, key=lambda edit: edit[0].start)
        if index and place < self._edits[index - 1][0].end:
            span, word = self._edits[index - 1]
            return span.start + self._gained[index - 1] + min(place - span.start, len(word))
        return place + self._gained[index]

    def span(self, span: Span) -> Span:
        return Span(self.place(span.start), self.place(span.end))
