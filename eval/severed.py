"""Sentences cut by a page or a note, at places drawn by seed and read by eye.

The gold names places by hashes of the words on both sides: `eval/gold/README.md`.
"""

import json
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter

from eval.extraction import letters
from eval.results import Figure
from ingest.model import Reading

GOLD = Path(__file__).parent / "gold" / "severed.jsonl"
FARTHEST = 4
"""Pages after the break on which the text may go on: whole pages of figures lie between."""


class PlaceKind(StrEnum):
    PAGE = "page"
    NOTE = "note"


class RunsOn(StrEnum):
    """What runs over a place: a sentence, only its paragraph, or nothing."""

    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"
    NO = "no"


class Outcome(StrEnum):
    """What reading made of a place; `lost` where either side is not found on its page."""

    RIGHT = "right"
    SEVERED = "severed"
    PARTED = "parted"
    FUSED = "fused"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place where text could be cut, and whether it runs on there in print."""

    document: str
    """File name of the source."""
    source_sha256: str
    page: int
    kind: PlaceKind
    runs_on: RunsOn
    before: str
    """Hash of the letters of the last words before the place."""
    before_words: int
    after: str
    after_words: int

    def __str__(self) -> str:
        return f"{self.document} page {self.page} ({self.kind})"


_place = TypeAdapter(Place)


def places(path: Path = GOLD) -> tuple[Place, ...]:
    """The places of a gold file, in its order."""
    with path.open(encoding="utf-8") as lines:
        return tuple(_place.validate_python(json.loads(line)) for line in lines)


def letters_hash(run: str) -> str:
    """SHA-256 of words already reduced to letters and run together."""
    return sha256(run.encode()).hexdigest()


class Places:
    """A reading's words, where stretches of them are found by hash."""

    def __init__(self, reading: Reading) -> None:
        self._text = reading.text
        self._words = [
            match.span() for match in re.finditer(r"\S+", reading.text) if letters(match.group())
        ]
        lines = sorted(reading.lines, key=lambda line: line.span.start)
        starts = [line.span.start for line in lines]
        self._pages = [
            lines[bisect_right(starts, start) - 1].page if start >= starts[0] else 0
            for start, _ in self._words
        ]
        self._paragraphs = sorted(
            (paragraph.span.start, paragraph.span.end) for paragraph in reading.paragraphs
        )
        self._windows: dict[int, Mapping[str, Sequence[int]]] = {}

    def outcome(self, place: Place) -> Outcome:
        """What became of the place: by the two stretches of words that stand nearest together."""
        before = [i + place.before_words - 1 for i in self._found(place.before, place.before_words)]
        after = self._found(place.after, place.after_words)
        farthest = place.page + (FARTHEST if place.kind is PlaceKind.PAGE else 1)
        pairs = [
            (last, first)
            for last in before
            for first in after
            if self._pages[last] == place.page and place.page <= self._pages[first] <= farthest
        ]
        if not pairs:
            return Outcome.LOST
        last, first = min(pairs, key=lambda pair: abs(pair[1] - pair[0] - 1))
        return _judged(place.runs_on, joined=first == last + 1 and self._is_joined(last, first))

    def _is_joined(self, last: int, first: int) -> bool:
        """Whether two neighbouring words stand in one paragraph and on one line of text."""
        start, end = self._words[last][0], self._words[first][1]
        index = bisect_right(self._paragraphs, (start, len(self._text))) - 1
        between = self._text[self._words[last][1] : self._words[first][0]]
        return index >= 0 and end <= self._paragraphs[index][1] and "\n" not in between

    def _found(self, wanted: str, count: int) -> Sequence[int]:
        if count not in self._windows:
            self._windows[count] = self._hashed(count)
        return self._windows[count].get(wanted, ())

    def _hashed(self, count: int) -> Mapping[str, Sequence[int]]:
        words = [letters(self._text[start:end]) for start, end in self._words]
        found: dict[str, list[int]] = defaultdict(list)
        for start in range(len(words) - count + 1):
            found[letters_hash("".join(words[start : start + count]))].append(start)
        return found


def _judged(runs_on: RunsOn, *, joined: bool) -> Outcome:
    match runs_on, joined:
        case RunsOn.SENTENCE, False:
            return Outcome.SEVERED
        case RunsOn.PARAGRAPH, False:
            return Outcome.PARTED
        case RunsOn.NO, True:
            return Outcome.FUSED
        case _:
            return Outcome.RIGHT


def outcomes(
    gold: Iterable[Place], readings: Mapping[str, Reading]
) -> Iterator[tuple[Place, Outcome]]:
    """Every place whose document was read, by its file name, and what became of it."""
    words: dict[str, Places] = {}
    for place in gold:
        if place.document in readings:
            if place.document not in words:
                words[place.document] = Places(readings[place.document])
            yield place, words[place.document].outcome(place)


def figures(found: Sequence[tuple[Place, Outcome]]) -> tuple[Figure, ...]:
    """Shares of places severed, parted and fused, with every one that is."""
    return (
        _figure("sentences severed by a page or note", found, RunsOn.SENTENCE, at_most=1.0),
        _figure("paragraphs parted where a sentence ends", found, RunsOn.PARAGRAPH),
        _figure("paragraphs wrongly joined", found, RunsOn.NO),
    )


def _figure(
    what: str,
    found: Sequence[tuple[Place, Outcome]],
    runs_on: RunsOn,
    *,
    at_most: float | None = None,
) -> Figure:
    here = [(place, outcome) for place, outcome in found if place.runs_on is runs_on]
    wrong = [f"{place}: {outcome}" for place, outcome in here if outcome is not Outcome.RIGHT]
    return Figure(
        what=what,
        value=100 * len(wrong) / len(here) if here else 0.0,
        unit="%",
        of=len(here),
        at_most=at_most,
        exceptions=tuple(wrong),
    )
