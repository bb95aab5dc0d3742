"""Where a document says the same again, compared by letters and digits alone.

Bold type loses its spaces and lists gain or lose a comma, so words cannot be compared one by one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import Match, SequenceMatcher

from ingest.model import Span

ALIKE = 0.9
"""Share of the letters that must recur, in order."""
SHINGLE = 24
"""Letters in a row that no two different statements are expected to share by chance."""
VOTES = 0.25
"""Share of a statement's stretches that must recur at their own distances."""

_SLACK = 60
_CLOSING = ".!?…;:,”’\"')]"


def letters(words: str) -> str:
    """The letters and digits alone, in lower case."""
    return "".join(character.lower() for character in words if character.isalnum())


def alike(words: str, others: str) -> float:
    """Share of the letters of the longer that both have in the same order, 0 to 1."""
    first, second = letters(words), letters(others)
    if first == second:
        return 1.0
    return _common(first, second) / max(len(first), len(second), 1)


class Letters:
    """The letters of some stretches of a text, each known by its place in the text."""

    def __init__(self, text: str, spans: Iterable[Span]) -> None:
        self._text = text
        self._places: list[int] = []
        written: list[str] = []
        for span in spans:
            for at in range(span.start, span.end):
                if text[at].isalnum():
                    # A capital may lower to two characters; each letter keeps one place.
                    written.append(text[at].lower()[0])
                    self._places.append(at)
        self._letters = "".join(written)

    def restatements(self, span: Span) -> Iterator[Span]:
        """The other places that state the words of `span`, in order, none overlapping it."""
        sought = letters(span.of(self._text))
        if len(sought) < SHINGLE:
            return
        reached = 0
        for at in sorted(set(self._beginnings(sought))):
            found = self._match(sought, at)
            if found and found.start >= reached and not found.overlap(span):
                reached = found.end
                yield found

    def _beginnings(self, sought: str) -> Iterator[int]:
        """Where a restatement would begin, in the judgement of enough of its stretches."""
        votes = Counter[int]()
        offsets = range(0, len(sought) - SHINGLE + 1, SHINGLE)
        for offset in offsets:
            shingle, at = sought[offset : offset + SHINGLE], -1
            while (at := self._letters.find(shingle, at + 1)) >= 0:
                votes[(at - offset) // _SLACK] += 1
        enough = VOTES * len(offsets)
        for place, count in votes.items():
            # A beginning near the edge of a place has given votes to both sides.
            if count >= enough or count + votes[place + 1] >= enough > votes[place + 1]:
                yield from self._exact_or_near(sought, place * _SLACK)

    def _exact_or_near(self, sought: str, low: int) -> Iterator[int]:
        exact = self._letters.find(sought, max(0, low), max(0, low) + len(sought) + 2 * _SLACK)
        yield exact if exact >= 0 else max(0, low + _SLACK // 2)

    def _match(self, sought: str, at: int) -> Span | None:
        if at >= 0 and self._letters.startswith(sought, at):
            return self._span(at, at + len(sought))
        low = max(0, at - _SLACK)
        window = self._letters[low : at + len(sought) + _SLACK]
        blocks = [block for block in _blocks(sought, window) if block.size >= 4]
        if sum(block.size for block in blocks) < ALIKE * len(sought):
            return None
        return self._span(low + blocks[0].b, low + blocks[-1].b + blocks[-1].size)

    def _span(self, first: int, after: int) -> Span:
        """From the first letter to the last, with the rest of its word and the marks that close."""
        start, end = self._places[first], self._places[after - 1] + 1
        while start and self._text[start - 1] in "“‘\"'([":
            start -= 1
        while end < len(self._text) and (self._text[end].isalnum() or self._text[end] in _CLOSING):
            end += 1
        return Span(start, end)


def _common(first: str, second: str) -> int:
    return sum(block.size for block in _blocks(first, second) if block.size >= 4)


def _blocks(first: str, second: str) -> "list[Match]":
    return SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
