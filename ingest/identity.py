"""Ids that keep their promise: an id once issued for some words never stands for others.

A passage is named by its document and its printed paragraph number, or by its opening words
where none is printed. Words are compared with white space folded: a change of layout is no
change of words.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from ingest.model import (
    Alias,
    AliasStatus,
    Dossier,
    Finding,
    Passage,
    Reading,
    Span,
    words_hash,
)

OPENING_WORDS = 6
"""Words of a passage that name it where no paragraph number does."""
ALIKE = 0.2
"""Share of an id's word trigrams that a passage must hold to be what its words became."""

_LONGEST_SLUG = 60
_NEIGHBOURS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """Passages under their lasting ids, and what became of every id ever issued."""

    passages: tuple[Passage, ...]
    aliases: tuple[Alias, ...]
    """In the order of issue: earlier ids first, then this reading's new ones."""
    counts: Mapping[AliasStatus, int]
    """Earlier ids by what became of them."""


def folded_hash(words: str) -> str:
    """SHA-256 of the words with every run of white space made one space: an alias's hash."""
    return words_hash(_fold(words))


def stands(alias: Alias, text: str) -> bool:
    """Whether the alias still points to the very words its id was issued for."""
    return alias.span is not None and folded_hash(alias.span.of(text)) == alias.quote_sha256


def natural_id(document_id: str, *, number: str | None, words: str) -> str:
    """The id that words ask for: by number where they open that paragraph, else by opening words.

    A further part of a numbered paragraph has its number and its own opening words.
    """
    if number is None:
        return f"{document_id}:{_slug(words)}"
    name = re.sub(r"[^a-z0-9.]+", "-", number.lower()).strip("-.") or _slug(words)
    if re.match(rf"\W*{re.escape(number)}(?!\w|\.\d)", words):
        return f"{document_id}:{name}"
    return f"{document_id}:{name}:{_slug(words)}"


def finding_ids(found: Iterable[tuple[Finding, str]]) -> Iterator[str]:
    """The id of each finding in turn, given with its trigger: it has its passage's id, its tag and
    the trigger's opening words; the same again in one passage takes a suffix."""
    taken: set[str] = set()
    for finding, trigger in found:
        identifier = free_id(f"{finding.passage}:{finding.tag}:{_slug(trigger)}", taken)
        taken.add(identifier)
        yield identifier


def free_id(natural: str, taken: Set[str]) -> str:
    """The id itself, or with the first suffix `~2`, `~3` that nothing was ever issued under."""
    identifier, count = natural, 1
    while identifier in taken:
        count += 1
        identifier = f"{natural}~{count}"
    return identifier


def reconcile(
    previous: Dossier | None, reading: Reading, passages: Sequence[Passage]
) -> Reconciled:
    """The passages with every earlier id either on its own words again or told what became of it.

    `passages` are those of `reading`, under natural ids. No id ever moves to other words: a
    passage of new words gets an id that was never issued.
    """
    if previous is None:
        return Reconciled(passages=tuple(passages), aliases=_issue(passages, reading), counts={})
    alignment = _Alignment(previous, reading, passages)
    named = _named(previous, reading, passages, alignment.places)
    earlier = tuple(_fates(previous, named, alignment))
    known = {alias.id for alias in earlier}
    fresh = _issue([passage for passage in named if passage.id not in known], reading)
    counts = Counter(alias.status for alias in earlier)
    return Reconciled(passages=named, aliases=earlier + fresh, counts=dict(counts))


def _fold(words: str) -> str:
    return " ".join(words.split())


def _slug(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    opening = re.findall(r"[a-z0-9]+", re.sub(r"['`]", "", plain[:1000]))[:OPENING_WORDS]
    return "-".join(opening)[:_LONGEST_SLUG].rstrip("-") or "passage"


def _issue(passages: Iterable[Passage], reading: Reading) -> tuple[Alias, ...]:
    return tuple(
        Alias(
            id=passage.id,
            quote_sha256=folded_hash(passage.span.of(reading.text)),
            status=AliasStatus.KEPT,
            span=passage.span,
            passage=passage.id,
        )
        for passage in passages
    )


class _FoldedText:
    """A text with white space folded, where stretches of it can be looked up."""

    def __init__(self, text: str) -> None:
        self._words = [match.span() for match in re.finditer(r"\S+", text)]
        self._folded = " ".join(text[start:end] for start, end in self._words)
        self._starts: list[int] = []
        position = 0
        for start, end in self._words:
            self._starts.append(position)
            position += end - start + 1

    def occurrences(self, words: str, *, whole: bool) -> tuple[Span, ...]:
        """Where the folded words stand in the text; `whole` refuses the middle of longer words."""
        return tuple(self._search(words, whole=whole))

    def _search(self, words: str, *, whole: bool) -> Iterator[Span]:
        start = self._folded.find(words)
        while start >= 0:
            end = start + len(words)
            if not whole or not _cuts_a_word(self._folded, start, end):
                yield Span(self._original(start), self._original(end - 1) + 1)
            # What repeats itself may begin again before it has ended.
            start = self._folded.find(words, start + 1)

    def _original(self, offset: int) -> int:
        index = bisect_right(self._starts, offset) - 1
        return self._words[index][0] + offset - self._starts[index]


def _cuts_a_word(text: str, start: int, end: int) -> bool:
    before = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    after = end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
    return before or after


@dataclass(frozen=True, slots=True)
class _Known:
    """An earlier id whose words are still known, because the last text held them."""

    id: str
    words: str
    start: int
    whole: bool


class _Alignment:
    """Where the words of earlier ids stand in the new text, for those that still do."""

    def __init__(self, previous: Dossier, reading: Reading, passages: Sequence[Passage]) -> None:
        self.new = reading.text
        self._ends = [passage.span.end for passage in passages]
        self._starts = [passage.span.start for passage in passages]
        self.known = {known.id: known for known in _known(previous)}
        groups: dict[str, list[_Known]] = defaultdict(list)
        for known in self.known.values():
            groups[known.words].append(known)
        text = _FoldedText(reading.text)
        found = {
            words: self._quotable(text.occurrences(words, whole=all(each.whole for each in group)))
            for words, group in groups.items()
        }
        self._anchors = sorted(
            (group[0].start, found[words][0].start)
            for words, group in groups.items()
            if len(group) == 1 and len(found[words]) == 1
        )
        self.places = {
            identifier: place
            for words, group in groups.items()
            for identifier, place in self._shared_out(group, found[words])
        }

    def expected(self, start: int) -> int:
        """Where a place of the old text should be in the new, by the nearest words still there."""
        after = bisect_left(self._anchors, (start, 0))
        nearest = min(
            self._anchors[max(0, after - 1) : after + 1],
            key=lambda anchor: abs(anchor[0] - start),
            default=(0, 0),
        )
        return nearest[1] + start - nearest[0]

    def _quotable(self, places: Sequence[Span]) -> Sequence[Span]:
        """The places that lie in passages, rather than in headings or notes, where any does."""
        inside = [
            place
            for place in places
            if bisect_left(self._starts, place.end) > bisect_right(self._ends, place.start)
        ]
        return inside or places

    def _shared_out(
        self, group: Sequence[_Known], places: Sequence[Span]
    ) -> Iterator[tuple[str, Span]]:
        """Ids of the same words, each on its own place in order; or on the nearest to expect."""
        ids_at: dict[int, list[str]] = defaultdict(list)
        for known in group:
            ids_at[known.start].append(known.id)
        old = sorted(ids_at)
        if len(old) == len(places):
            matched = dict(zip(old, places, strict=True))
        else:
            matched = self._nearest_first(old, places)
        for start, place in matched.items():
            yield from ((identifier, place) for identifier in ids_at[start])

    def _nearest_first(self, old: Sequence[int], places: Sequence[Span]) -> dict[int, Span]:
        """The nearest place for each, in order of nearness: the first on a place has most claim."""
        nearest = {start: _nearest(places, self.expected(start)) for start in old if places}
        return dict(
            sorted(nearest.items(), key=lambda item: abs(item[1].start - self.expected(item[0])))
        )


def _known(previous: Dossier) -> Iterator[_Known]:
    text = previous.reading.text
    for alias in previous.aliases:
        if alias.span is not None:
            span = alias.span
            whole = not _cuts_a_word(text, span.start, span.end)
            yield _Known(alias.id, _fold(span.of(text)), span.start, whole)


def _nearest(places: Sequence[Span], start: int) -> Span:
    after = bisect_left(places, start, key=lambda place: place.start)
    return min(places[max(0, after - 1) : after + 1], key=lambda place: abs(place.start - start))


def _named(
    previous: Dossier, reading: Reading, passages: Sequence[Passage], places: Mapping[str, Span]
) -> tuple[Passage, ...]:
    """The passages, each under the id of its very words where one was issued, else a free one."""
    ids_at: dict[Span, list[str]] = defaultdict(list)
    for identifier, place in places.items():
        ids_at[place].append(identifier)
    lost: dict[str, str] = {}
    for alias in reversed(previous.aliases):
        if alias.id not in places:
            lost[alias.quote_sha256] = alias.id
    live = {passage.id for passage in previous.passages}
    taken = {alias.id for alias in previous.aliases}
    named: list[Passage] = []
    for passage in passages:
        identifier = (
            _own_id(ids_at[passage.span], live)
            or lost.pop(folded_hash(passage.span.of(reading.text)), None)
            or free_id(passage.id.partition("~")[0], taken)
        )
        taken.add(identifier)
        named.append(replace(passage, id=identifier))
    return tuple(named)


def _own_id(candidates: Sequence[str], live: Set[str]) -> str | None:
    """Of several ids for the same words, one in use; of those, the one with most claim."""
    return min(candidates, key=lambda identifier: identifier not in live, default=None)


def _fates(previous: Dossier, named: Sequence[Passage], alignment: _Alignment) -> Iterator[Alias]:
    """Every earlier alias, brought up to date with the new text."""
    shelf = _Shelf(named, alignment.new)
    told = {
        alias.id: _fate(alias, shelf, alignment)
        for alias in previous.aliases
        if alias.span is not None or alias.id in shelf.by_id
    }
    for alias in previous.aliases:
        if alias.id in told:
            yield told[alias.id]
        else:
            # Its words were lost before; whatever replaced them may have been replaced since.
            heir = told.get(alias.passage or "")
            yield _lost(alias, heir.passage if heir else None)


def _fate(alias: Alias, shelf: "_Shelf", alignment: _Alignment) -> Alias:
    if alias.id in shelf.by_id:
        span = shelf.by_id[alias.id].span
        return replace(alias, status=AliasStatus.KEPT, span=span, passage=alias.id)
    place = alignment.places.get(alias.id)
    if place is not None:
        holder = shelf.holder(place)
        return replace(alias, status=AliasStatus.MOVED, span=place, passage=holder)
    known = alignment.known[alias.id]
    return _lost(alias, shelf.successor(known, near=alignment.expected(known.start)))


def _lost(alias: Alias, successor: str | None) -> Alias:
    status = AliasStatus.CHANGED if successor else AliasStatus.GONE
    return replace(alias, status=status, span=None, passage=successor)


class _Shelf:
    """The new passages in order, found by place and by likeness."""

    def __init__(self, passages: Sequence[Passage], text: str) -> None:
        self.by_id = {passage.id: passage for passage in passages}
        self._passages = sorted(passages, key=lambda passage: passage.span.start)
        self._starts = [passage.span.start for passage in self._passages]
        self._text = text

    def holder(self, place: Span) -> str | None:
        """The passage with the largest part of the place; None where no passage touches it."""
        first = max(0, bisect_right(self._starts, place.start) - 1)
        last = bisect_left(self._starts, place.end)
        best = max(
            self._passages[first:last],
            key=lambda passage: passage.span.overlap(place),
            default=None,
        )
        return best.id if best and best.span.overlap(place) else None

    def successor(self, known: _Known, *, near: int) -> str | None:
        """What the words became: the likest passage near by, or the one at their number there."""
        at = bisect_right(self._starts, near)
        around = self._passages[max(0, at - _NEIGHBOURS - 1) : at + _NEIGHBOURS]
        likest = max(around, key=lambda passage: self._likeness(known, passage), default=None)
        if likest is None or self._likeness(known, likest) >= ALIKE:
            return likest.id if likest else None
        natural = known.id.partition("~")[0]
        return next((p.id for p in around if p.id.partition("~")[0] == natural), None)

    def _likeness(self, known: _Known, passage: Passage) -> float:
        wanted = _trigrams(known.words)
        return len(wanted & _trigrams(passage.span.of(self._text))) / len(wanted)


def _trigrams(words: str) -> set[tuple[str, ...]]:
    """Runs of three words, which passages on one subject hardly ever share by chance."""
    each = words.split()
    return {tuple(each[start : start + 3]) for start in range(max(1, len(each) - 2))}
