"""The parts of a sentence that can be evidence by themselves."""

import re
from collections.abc import Iterator

from ingest.model import Span

_JOINT = re.compile(
    r"[;:—–]\s*|\s-\s|,[”’\"']?\s+(?:and|but|or|so|yet|which|who|where|when|while|though|although"
    r"|because|until|whose|with|as|then|not)\b\s*|,[”’\"']?\s+|\s(?:but|because|although|while)\s"
    r"|[”\"]\s+"
)
_FEWEST_WORDS = 5


def clauses(sentence: str) -> Iterator[Span]:
    """In order, each of at least five words, but for a sentence that has fewer."""
    starts = [0, *(joint.end() for joint in _JOINT.finditer(sentence)), len(sentence)]
    start = 0
    for end in starts[1:]:
        rest = sentence[end:]
        is_long = _length(sentence[start:end]) >= _FEWEST_WORDS
        if start < end and (not rest or (is_long and _length(rest) >= _FEWEST_WORDS)):
            yield _trimmed(sentence, start, end)
            start = end


def _length(words: str) -> int:
    return len(words.split())


def _trimmed(sentence: str, start: int, end: int) -> Span:
    words = sentence[start:end]
    kept = words.strip(" “”\"'‘’(,;:—–-") or words
    at = start + words.index(kept)
    return Span(at, at + len(kept))
