"""Where the words of a quotation stand in the texts, letter for letter or nearly.

A place is found by whole words and then compared sign by sign on the canonical text. Nothing is
believed for being similar: a place where anything but typography differs is an altered one.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Opcode

from index.alignment import Change, Sides, aligned, changes
from index.wordindex import Positions, WordIndex
from index.words import (
    APOSTROPHES,
    BULLETS,
    DASHES,
    ELLIPSIS,
    QUOTATION_MARKS,
    WORD,
    Token,
    tokens,
    unbroken,
)
from ingest.model import Span, Verdict

LONGEST_OMISSION = 200
"""Words that an ellipsis may stand for; what is further apart is another place."""
LONGEST_INSERTION = 6
"""Words of the source that a bracketed insertion may replace."""
SILENT_OMISSION = 10
"""Words that may be missing without a sign before one place becomes two."""
SHORTEST_PIECE = 5
"""Words that a piece must have for its place to be believed."""
COVERED = 0.8
"""Share of a quotation's words that its pieces must make up."""
RECOGNISED = 0.6
"""Share of a quotation's words that must stand in order at a place for it to be that place."""
DENSE = 0.5
"""Share of a place's words that must be the quotation's."""
FEWEST_RECOGNISED = 3
MOST_PLACES = 100
_MOST_SEEDS = 50_000
_MOST_WINDOWS = 6
_MOST_PIECES = 40
_MOST_JOINTS = 60
"""Ellipses and insertions beyond which a quotation is not put together from its parts."""
_DRIFT = 30
"""Words by which a place may be longer or shorter than its quotation."""
_BY_CHANCE = 3
"""Words that may match far off by chance."""
_MOST_GAPS = 4
"""Gaps at either end of a place that are tried without what stands beyond them."""
_NARROWEST = 8
"""Words within which the seeds of one place lie at least."""
_NOTE_REACH = 2
"""Characters between a word and the marker of its note: a stop, a quotation mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A place, and what the quotation makes of its words."""

    text: int
    """Which text, counted from 0."""
    parts: tuple[Span, ...]
    """Several where an ellipsis or an insertion joins them."""
    verdict: Verdict
    """Exact, typographic or altered."""
    changes: tuple[Change, ...] = ()
    layout: tuple[str, ...] = ()
    """What the place has by its layout and the quotation left out, or the other way round."""
    recognised: int = 0
    """Words of the quotation that stand there in order."""

    @property
    def span(self) -> Span:
        """From the first word to the last."""
        return Span(self.parts[0].start, self.parts[-1].end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a stitched quotation, and every place it stands at."""

    quoted: str
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Where a quotation was found: as a whole, in pieces, or not at all."""

    matches: tuple[Match, ...] = ()
    total: int = 0
    """Places altogether; no more than a hundred are given."""
    pieces: tuple[Piece, ...] = ()

    @property
    def is_accepted(self) -> bool:
        return any(match.verdict is not Verdict.ALTERED for match in self.matches)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What stands in a text for its layout alone, each in order."""

    labels: tuple[tuple[int, int], ...] = ()
    """Ranges of paragraph numbers and list markers that open a paragraph."""
    notes: tuple[tuple[int, str], ...] = ()
    """Offsets at which a note is called, with its marker, which is not in the text."""
    line_ends: tuple[int, ...] = ()
    """Offsets at which a printed line ends."""

    def label_over(self, start: int, end: int) -> bool:
        """Whether the range is of one label, or of the space after it."""
        place = bisect_right(self.labels, (start, end)) - 1
        near = self.labels[max(0, place) : place + 2]
        return any(low <= start and end <= high + 1 for low, high in near)

    def note_in(self, start: int, end: int, marker: str) -> bool:
        """Whether a note of this marker is called there, give or take a closing mark."""
        first = bisect_left(self.notes, (start - _NOTE_REACH, ""))
        last = bisect_right(self.notes, (end + _NOTE_REACH + 1, ""))
        return any(called == marker for _, called in self.notes[first:last])

    def line_ends_in(self, start: int, end: int) -> bool:
        """Whether a printed line ends after `start` and no later than just past `end`."""
        place = bisect_right(self.line_ends, start)
        return place < len(self.line_ends) and self.line_ends[place] <= end + 1


@dataclass(frozen=True, slots=True)
class _Joint:
    """What stands between two parts: how many words of the source it may stand for."""

    room: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """One way to read a quotation: its text, the parts of it that are quoted, and their joints."""

    text: str
    parts: tuple[Span, ...]
    joints: tuple[_Joint, ...] = ()
    is_literal: bool = False
    """Whether it is the whole quotation, character for character."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A range of positions in the row of words."""

    start: int
    end: int
    recognised: int


Votes = NDArray[np.float64]

_ELLIPSIS = re.compile(r"[\[(]\s*(?:…|\.(?:\s?\.){2,})\s*[\])]|…|\.(?:\s?\.){2,}")
INSERTION = re.compile(r"\[[^\[\]]{0,300}\]")
_PART_OF_WORD = re.compile(r"(?<=\w)\[[^\W_]{1,20}\]|\[[^\W_]{1,20}\](?=\w)")
_WORD_IN_PART = re.compile(r"\w{0,40}\[[^\W_]{1,20}\]\w{0,40}")
_BROKEN = re.compile(rf"(?<=[^\W\d_])[{DASHES}]\s+(?=[^\W\d_A-Z])")
_HYPHENS = re.compile(rf"[{DASHES}\s]+")
_JOINER = "\u2060"
_LENIENT = frozenset(".,;:")


class Matcher:
    """Finds quotations in the texts; safe to share between threads."""

    def __init__(
        self, texts: Sequence[str], *, layout: Callable[[int], Layout] = lambda text: Layout()
    ) -> None:
        self._texts = texts
        self._layout = layout

    @cached_property
    def _index(self) -> WordIndex:
        return WordIndex(self._texts)

    def locate(self, quotation: str) -> Located:
        """Where the quotation's words stand. What is found letter for letter wins."""
        nearly: list[Located] = []
        for form in _forms(quotation, self._index):
            found = self._verbatim(form)
            if found.is_accepted:
                return found
            if len(form.text) == len(quotation):
                nearly.append(found)
        # An ellipsis or a bracket may be the quotation's or the document's own.
        readings = [form for form in (_joined(quotation), _whole(quotation)) if form]
        if not readings:
            return Located()
        altered = min((self._altered(form) for form in readings), key=_departure)
        if altered.is_accepted:
            return altered
        pieces = self._pieces(readings[0], best=_recognised_as_one(altered))
        if pieces:
            return Located(pieces=pieces)
        by_signs = next((found for found in nearly if found.matches), None)
        return by_signs or altered

    def set_otherwise(self, quotation: str) -> tuple[Match, ...]:
        """Places at which a label, a note's marker or a hyphen stands among the words for layout.

        `locate` gives these only where the words stand nowhere without.
        """
        form = _whole(quotation)
        if form is None:
            return ()
        compared = [self._compared(form, chain) for chain in self._believed(form)]
        return tuple(m for m in compared if m and m.verdict is not Verdict.ALTERED)

    def _verbatim(self, form: _Form) -> Located:
        """Places at which all words stand, though signs or case may differ."""
        stretches = self._chained(form)
        matches = [self._compared(form, places) for places in stretches[:MOST_PLACES]]
        return _ranked([m for m in matches if m], total=len(stretches))

    def _chained(self, form: _Form) -> list[tuple[_Stretch, ...]]:
        """Places of all parts, each after the one before within the room of their joint."""
        words = [_words(form.text, part) for part in form.parts]
        numbers = [self._index.numbers(each) for each in words]
        starts = self._index.occurrences(numbers[0])
        chains = [starts]
        for joint, part, before in zip(form.joints, numbers[1:], words, strict=False):
            chains = self._prolonged(chains, len(before), self._index.occurrences(part), joint)
        return [
            tuple(
                _Stretch(int(chain[place]), int(chain[place]) + len(each), len(each))
                for chain, each in zip(chains, words, strict=True)
            )
            for place in range(len(chains[0]))
        ]

    def _prolonged(
        self, chains: list[Positions], length: int, following: Positions, joint: _Joint
    ) -> list[Positions]:
        """The chains that go on with the nearest following place, each place ending one chain."""
        ends = chains[-1] + length
        nearest = np.searchsorted(following, ends)
        inside = nearest < len(following)
        chains, ends, nearest = [c[inside] for c in chains], ends[inside], nearest[inside]
        found = following[nearest]
        near = (found - ends <= joint.room) & (
            self._index.text_of(found) == self._index.text_of(ends - 1)
        )
        chains, found = [c[near] for c in chains], found[near]
        # Of several beginnings that lead to one place the last leaves out least.
        last = np.append(found[1:] != found[:-1], True) if len(found) else np.empty(0, dtype=bool)
        return [*(c[last] for c in chains), found[last]]

    def _compared(self, form: _Form, stretches: Sequence[_Stretch]) -> Match | None:
        """The quotation beside a place, sign by sign."""
        text_number = int(self._index.text_of(np.array([stretches[0].start]))[0])
        text = self._texts[text_number]
        spans = [self._index.span(s.start, s.end - s.start) for s in stretches]
        if form.is_literal and (exact := _exact(form, text, spans[0])):
            return Match(
                text=text_number,
                parts=(exact,),
                verdict=Verdict.EXACT,
                recognised=stretches[0].recognised,
            )
        found: list[Change] = []
        parts: list[Span] = []
        for part, span in zip(form.parts, spans, strict=True):
            quoted, wider = _bounds(form.text, part, text, span)
            sides = Sides(quotation=form.text, quoted=quoted, source=text, span=wider)
            found += changes(sides)
            parts.append(wider)
        counted, layout = self._without_layout(found, text_number)
        return Match(
            text=text_number,
            parts=tuple(parts),
            verdict=Verdict.ALTERED if counted else Verdict.TYPOGRAPHIC,
            changes=tuple(counted),
            layout=tuple(layout),
            recognised=sum(s.recognised for s in stretches),
        )

    def _without_layout(
        self, found: Sequence[Change], text_number: int
    ) -> tuple[list[Change], list[str]]:
        """The changes that count, and in words those that are of the layout only."""
        if not found:
            return [], []
        layout, text = self._layout(text_number), self._texts[text_number]
        counted: list[Change] = []
        passed: list[str] = []
        for change in found:
            reason = _layout_reason(change, layout, text)
            if reason:
                passed.append(reason)
            else:
                counted.append(change)
        return counted, passed

    def _altered(self, form: _Form) -> Located:
        """Places at which most of the words stand in order, best first."""
        chains = self._believed(form)
        best = max(map(_likeness, chains), default=0)
        chosen = [chain for chain in chains if _likeness(chain) == best]
        matches = [self._compared(form, chain) for chain in chosen[:_MOST_WINDOWS]]
        return _ranked([m for m in matches if m], total=len(chosen))

    def _believed(self, form: _Form) -> list[tuple[_Stretch, ...]]:
        """Places that could be what the quotation was taken from."""
        words = [_words(form.text, part) for part in form.parts]
        options = [self._windows(each) for each in words]
        total = sum(map(len, words))
        return [c for c in self._chains(options, form.joints) if _is_believed(c, total)]

    def _chains(
        self, options: Sequence[Sequence[_Stretch]], joints: Sequence[_Joint]
    ) -> Iterator[tuple[_Stretch, ...]]:
        """One stretch for each part, in order and within the room of the joints."""
        chains: list[tuple[_Stretch, ...]] = [(first,) for first in options[0]]
        for joint, following in zip(joints, options[1:], strict=True):
            chains = [
                (*chain, stretch)
                for chain in chains
                for stretch in following
                if 0 <= stretch.start - chain[-1].end <= joint.room + LONGEST_INSERTION
                and self._same_text(chain[-1], stretch)
            ][: _MOST_WINDOWS * _MOST_WINDOWS]
        yield from chains

    def _same_text(self, one: _Stretch, other: _Stretch) -> bool:
        texts = self._index.text_of(np.array([one.start, other.start]))
        return bool(texts[0] == texts[1])

    def _windows(self, words: Sequence[str]) -> list[_Stretch]:
        """Stretches that share most with the words, best first."""
        numbers = self._index.numbers(words)
        if not len(numbers):
            return []
        places, positions = self._seeds(numbers)
        if not len(places):
            return []
        diagonals = positions - places
        width = min(max(len(words), _NARROWEST), 2 * _DRIFT)
        buckets = diagonals // width
        names, votes = self._votes(buckets, places)
        # A window may lie across the border of two buckets.
        after = np.where(np.isin(names + 1, names), np.append(votes[1:], 0), 0)
        best = np.argsort(-(votes + after), kind="stable")[:_MOST_WINDOWS]
        found = {
            stretch
            for name in names[best].tolist()
            if (stretch := self._window(numbers, diagonals, positions, buckets - name))
        }
        return sorted(found, key=lambda s: (-s.recognised, s.end - s.start, s.start))

    def _votes(self, buckets: Positions, places: Positions) -> tuple[Positions, Votes]:
        """Every bucket, in order, and how much its seeds tell: the rarer they are, the more."""
        telling = np.log(len(self._index) / np.maximum(1, np.bincount(places)))
        size = len(telling)
        pairs = np.unique(buckets * size + places)
        names, of = np.unique(pairs // size, return_inverse=True)
        votes = np.zeros(len(names))
        np.add.at(votes, of, telling[pairs % size])
        return names, votes

    def _seeds(self, numbers: Positions) -> tuple[Positions, Positions]:
        known = int((numbers >= 0).sum())
        sizes = [3, *([2] if known <= 16 else []), *([1] if known <= 6 else [])]
        found = [
            self._index.seeds(numbers, size=size, most=_MOST_SEEDS)
            for size in sizes
            if size <= len(numbers)
        ]
        return (
            np.concatenate([places for places, _ in found]),
            np.concatenate([positions for _, positions in found]),
        )

    def _window(
        self, numbers: Positions, diagonals: Positions, positions: Positions, offsets: Positions
    ) -> _Stretch | None:
        """The stretch of the row that seeds point to, cut where the words begin and end.

        The seeds are those whose bucket is at offset 0 or 1.
        """
        chosen = (offsets == 0) | (offsets == 1)
        near = diagonals[chosen]
        near = near[np.abs(near - int(np.median(near))) <= _DRIFT]
        if not len(near):
            return None
        # A quotation may have more words before its first seed than the text has.
        middle = np.sort(positions[chosen])[[chosen.sum() // 2]]
        first, last = self._index.edges(int(self._index.text_of(middle)[0]))
        low = max(first, int(near.min()) - SILENT_OMISSION)
        high = min(last, int(near.max()) + len(numbers) + SILENT_OMISSION)
        if low >= high:
            return None
        return _cut(numbers.tolist(), self._index.row[low:high].tolist(), low)

    def _pieces(self, form: _Form, *, best: int) -> tuple[Piece, ...]:
        """The pieces that make up most of the quotation, if they stand in different places."""
        spans = [found.span() for part in form.parts for found in _found(form.text, part)]
        numbers = self._index.numbers([form.text[start:end] for start, end in spans])
        runs: list[tuple[int, int, Positions]] = []
        at = 0
        while at <= len(numbers) - SHORTEST_PIECE and len(runs) < _MOST_PIECES:
            run = self._index.longest(numbers[at:])
            if run.length >= SHORTEST_PIECE:
                runs.append((at, run.length, run.positions))
                at += run.length
            else:
                at += 1
        covered = sum(length for _, length, _ in runs)
        groups = self._places_of(runs)
        if (
            len(groups) < 2
            or covered < COVERED * len(numbers)
            or covered - best < SHORTEST_PIECE - 1
        ):
            return ()
        return tuple(self._piece(form, spans, group) for group in groups)

    def _places_of(
        self, runs: Sequence[tuple[int, int, Positions]]
    ) -> list[list[tuple[int, int, Positions]]]:
        """The runs, those together that stand near each other, in order, somewhere."""
        groups: list[list[tuple[int, int, Positions]]] = []
        for at, length, positions in runs:
            if groups:
                _, before_length, before = groups[-1][-1]
                ends = before + before_length
                nearest = np.searchsorted(positions, ends)
                inside = nearest < len(positions)
                following = positions[nearest[inside]]
                near = (following - ends[inside] <= SILENT_OMISSION) & (
                    self._index.text_of(following) == self._index.text_of(before[inside])
                )
                if near.any():
                    groups[-1].append((at, length, following[near]))
                    continue
            groups.append([(at, length, positions)])
        return groups

    def _piece(
        self,
        form: _Form,
        spans: Sequence[tuple[int, int]],
        group: Sequence[tuple[int, int, Positions]],
    ) -> Piece:
        (first, length, positions), last = group[0], group[-1]
        quoted = Span(spans[first][0], spans[last[0] + last[1] - 1][1])
        if len(group) == 1:
            stretches = [_Stretch(p, p + length, length) for p in positions.tolist()]
        else:
            stretches = self._windows(_words(form.text, quoted))[:1]
        part = _Form(text=form.text, parts=(quoted,))
        matches = [m for s in stretches[:MOST_PLACES] if (m := self._compared(part, (s,)))]
        return Piece(quoted=quoted.of(form.text), matches=tuple(matches))


def _cut(quoted: Sequence[int], source: Sequence[int], low: int) -> _Stretch | None:
    """The stretch of the source, which begins at `low`, that the words are a version of."""
    while True:
        steps = aligned(quoted, source)
        recognised = _equal(steps)
        if not recognised:
            return None
        first, last = _loose_ends(steps)
        if (first, last) == (0, len(source)):
            first, last = _tightened(quoted, source, steps)
        if (first, last) == (0, len(source)):
            return _Stretch(low, low + len(source), recognised)
        source, low = source[first:last], low + first


def _is_believed(chain: Sequence[_Stretch], total: int) -> bool:
    """Whether enough of all the words stand there, and not too many others among them."""
    recognised = sum(stretch.recognised for stretch in chain)
    length = sum(stretch.end - stretch.start for stretch in chain)
    return recognised >= max(FEWEST_RECOGNISED, RECOGNISED * total, DENSE * length)


def _likeness(chain: Sequence[_Stretch]) -> int:
    """How many more of its words are the quotation's than are not."""
    return sum(2 * stretch.recognised - (stretch.end - stretch.start) for stretch in chain)


def _equal(steps: Sequence[Opcode]) -> int:
    """Words that are the same."""
    return sum(step.src_end - step.src_start for step in steps if step.tag == "equal")


def _tightened(
    quoted: Sequence[int], source: Sequence[int], steps: Sequence[Opcode]
) -> tuple[int, int]:
    """The source less what stands before or after a gap, if as many words are equal without it.

    Where a text says the same twice, the words could be aligned across both.
    """
    first, last, recognised = 0, len(source), _equal(steps)
    gaps = [step for step in steps if step.tag == "insert"]
    for gap in gaps[-_MOST_GAPS:]:
        end = gap.dest_start + len(quoted) - gap.src_start
        if first < end < last and _equal(aligned(quoted, source[first:end])) >= recognised:
            last = end
    for gap in reversed(gaps[:_MOST_GAPS]):
        start = gap.dest_end - gap.src_start
        if first < start < last and _equal(aligned(quoted, source[start:last])) >= recognised:
            first = start
    return first, last


def _loose_ends(steps: Sequence[Opcode]) -> tuple[int, int]:
    """Where the source begins and ends without a few words far off that match by chance."""
    if steps[0].tag == "insert":
        steps = steps[1:]
    if steps[-1].tag == "insert":
        steps = steps[:-1]
    first, last = steps[0].dest_start, steps[-1].dest_end
    if len(steps) < 3:
        return first, last
    head, gap = steps[0], steps[1]
    size = head.src_end - head.src_start
    if gap.tag == "insert" and size <= _BY_CHANCE < gap.dest_end - gap.dest_start:
        first = gap.dest_end - size - _BY_CHANCE
    tail, gap = steps[-1], steps[-2]
    size = tail.src_end - tail.src_start
    if gap.tag == "insert" and size <= _BY_CHANCE < gap.dest_end - gap.dest_start:
        last = gap.dest_start + size + _BY_CHANCE
    return first, last


def _forms(quotation: str, index: WordIndex) -> Iterator[_Form]:
    """Ways to read the quotation, the most literal first; those without words left out."""
    whole = _whole(quotation)
    if whole is not None:
        yield replace(whole, is_literal=True)
    texts = [quotation]
    if _BROKEN.search(quotation):
        texts.append(_BROKEN.sub(lambda found: _mended(quotation, found, index), quotation))
    for text in texts:
        readings = (_joined(text), _joined(text, parts_of_words=False))
        yield from filter(None, readings if text is quotation else (_whole(text), *readings))


def _mended(quotation: str, found: re.Match[str], index: WordIndex) -> str:
    """Nothing where the two halves are a word of the texts, else the hyphen without the space."""
    before = re.search(r"\w+$", quotation[: found.start()][-60:])
    after = re.match(r"\w+", quotation[found.end() : found.end() + 60])
    whole = (before.group() if before else "") + (after.group() if after else "")
    return "" if index.knows(whole) else found.group().strip()


def _whole(text: str) -> _Form | None:
    part = _between(text, 0, len(text))
    return _Form(text=text, parts=(part,)) if part else None


def _joined(text: str, *, parts_of_words: bool = True) -> _Form | None:
    """The quotation in parts at its ellipses and insertions; None where it has neither.

    A letter in brackets within a word is of that word, or else the whole word is an insertion.
    """
    if parts_of_words:
        text = _PART_OF_WORD.sub(lambda found: _unbracketed(found.group()), text)
    omissions = [found.span() for found in _ELLIPSIS.finditer(text)]
    gaps = [(span, LONGEST_OMISSION) for span in omissions]
    pattern = (
        INSERTION if parts_of_words else re.compile(rf"{_WORD_IN_PART.pattern}|{INSERTION.pattern}")
    )
    for found in pattern.finditer(text):
        place = bisect_right(omissions, (found.start(), len(text)))
        if place == 0 or found.start() >= omissions[place - 1][1]:
            gaps.append((found.span(), LONGEST_INSERTION))
    if (not gaps and _JOINER not in text) or len(gaps) > _MOST_JOINTS:
        return None
    return _parted(text, sorted(gaps))


def _unbracketed(written: str) -> str:
    return written.replace("[", _JOINER).replace("]", _JOINER)


def _parted(text: str, gaps: Sequence[tuple[tuple[int, int], int]]) -> _Form | None:
    parts: list[Span] = []
    joints: list[_Joint] = []
    room, at = 0, 0
    for (start, end), allowed in [*gaps, ((len(text), len(text)), 0)]:
        part = _between(text, at, start)
        if part:
            if parts:
                joints.append(_Joint(room))
            parts.append(part)
            room = 0
        room += allowed
        at = max(at, end)
    return _Form(text=text, parts=tuple(parts), joints=tuple(joints)) if parts else None


def _between(text: str, start: int, end: int) -> Span | None:
    """From the first word to the last; None where there is no word."""
    first = WORD.search(text, start, end)
    if first is None:
        return None
    ends = [found.end() for found in WORD.finditer(text, first.start(), end)]
    return Span(first.start(), ends[-1])


def _found(text: str, part: Span) -> Iterator[re.Match[str]]:
    return WORD.finditer(text, part.start, part.end)


def _words(text: str, part: Span) -> list[str]:
    return [found.group() for found in _found(text, part)]


def _exact(form: _Form, text: str, span: Span) -> Span | None:
    """The place with the signs around it, where only line breaks differ; else None."""
    part = form.parts[0]
    lead = "".join(form.text[: part.start].split())
    tail = "".join(form.text[part.end :].split())
    start, end = span.start, span.end
    for _ in lead:
        start = len(text[:start].rstrip()) - 1 if start > 0 else 0
    for _ in tail:
        end += len(text[end : end + _AROUND]) - len(text[end : end + _AROUND].lstrip()) + 1
    wider = Span(max(0, start), min(len(text), end))
    return wider if unbroken(wider.of(text)) == unbroken(form.text) else None


def _bounds(quotation: str, part: Span, text: str, span: Span) -> tuple[Span, Span]:
    """Both ranges with the signs around them that count: `£`, `%`, `?`, but no closing stop."""
    before = _signs_before(quotation, part)
    after = _signs_after(quotation, part)
    if not before and not after:
        return part, span
    there_before = _signs_before(text, span)[-len(before) :] if before else []
    there_after = _signs_after(text, span)[: len(after)] if after else []
    quoted = Span(before[0].start if before else part.start, after[-1].end if after else part.end)
    source = Span(
        there_before[0].start if there_before else span.start,
        there_after[-1].end if there_after else span.end,
    )
    return quoted, source


_AROUND = 12
_NOT_OF_WORDS = " \n\t.,;:!?)]" + QUOTATION_MARKS + APOSTROPHES + BULLETS


def _signs_before(text: str, span: Span) -> list[Token]:
    found = tokens(text, max(0, span.start - _AROUND), span.start)
    words = [place for place, token in enumerate(found) if token.is_word]
    signs = found[words[-1] + 1 :] if words else found
    return [
        s
        for s in signs
        if s.form not in _LENIENT and s.form not in (ELLIPSIS, "-", "[", "]", "(", ")")
    ]


def _signs_after(text: str, span: Span) -> list[Token]:
    found = tokens(text, span.end, min(len(text), span.end + _AROUND))
    words = [place for place, token in enumerate(found) if token.is_word]
    signs = found[: words[0]] if words else found
    return [
        s
        for s in signs
        if s.form not in _LENIENT and s.form not in (ELLIPSIS, "-", "[", "]", "(", ")")
    ]


def _layout_reason(change: Change, layout: Layout, text: str) -> str | None:
    """Why the change is of the layout alone; None where it is of the words."""
    if not change.quoted:
        for start, end in _slid(change, text):
            if layout.label_over(start, end):
                return f"the label {text[start:end].rstrip(' .)')} is left out"
    if marker := _marker(change):
        start = change.source_end if change.source else _end_before(text, change.source_start)
        # Set close after a number, a marker is no other than more digits.
        in_number = bool(change.source) and text[start - 1].isdigit()
        if not in_number and layout.note_in(start, max(start, change.source_start), marker):
            return f"note {marker} is called here"
    if _HYPHENS.sub("", change.quoted) == _HYPHENS.sub("", change.source) and layout.line_ends_in(
        change.source_start, change.source_end
    ):
        return "a word is cut at a line's end"
    return None


def _marker(change: Change) -> str | None:
    """What could be a note's marker: words with none beside them, or what is set after a word."""
    if not change.source:
        return change.quoted.strip("[]() ")
    if change.quoted.startswith(change.source):
        return change.quoted.removeprefix(change.source)
    return None


def _end_before(text: str, offset: int) -> int:
    """Where the last word before the offset ends, if only a few signs stand between."""
    near = text[max(0, offset - _AROUND) : offset]
    return offset - (len(near) - len(near.rstrip(_NOT_OF_WORDS)))


def _slid(change: Change, text: str) -> Iterator[tuple[int, int]]:
    """Ranges of the text that could as well be what is left out: of `. 4.2.`, `4.2.` or `. 4.2`."""
    start, end = change.source_start, change.source_end
    yield start, end
    moved = 0
    while end < len(text) and moved < _AROUND and text[start] == text[end]:
        start, end, moved = start + 1, end + 1, moved + 1
    lead = len(text[start:end]) - len(text[start:end].lstrip())
    if moved:
        yield start + lead, end


def _ranked(matches: Sequence[Match], *, total: int) -> Located:
    """The accepted if there are any, exact ones first, then in the order of the texts."""
    order = list(Verdict)
    accepted = [m for m in matches if m.verdict is not Verdict.ALTERED]
    kept = accepted or sorted(matches, key=lambda m: len(m.changes))
    kept = sorted(kept, key=lambda m: order.index(m.verdict))
    lost = len(matches) - len(kept)
    return Located(matches=tuple(kept), total=total - lost)


def _departure(located: Located) -> tuple[bool, bool, int, int]:
    """How far the quotation is from its best place, the nearest first."""
    if not located.matches:
        return True, True, 0, 0
    best = located.matches[0]
    return (False, not located.is_accepted, len(best.changes), -best.recognised)


def _recognised_as_one(located: Located) -> int:
    """Words of the quotation that stand together at one of the places."""
    return max((m.recognised for m in located.matches if not _skips(m)), default=0)


def _skips(match: Match) -> bool:
    """Whether the quotation leaves out more than goes unnoticed."""
    return any(
        not change.quoted and len(WORD.findall(change.source)) > SILENT_OMISSION
        for change in match.changes
    )
