"""A sentence without what it quotes, and words of it that tell something."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.model import Span


@dataclass(frozen=True, slots=True)
class Cue:
    """Why a sentence has its label: in words, and those of the sentence that it goes by."""

    why: str
    words: Span | None = None


_QUOTATION_MARKS = frozenset('“”"')
_QUOTATION_MARK = re.compile('([“”"])')


def mentions(words: str, hints: Sequence[str]) -> bool:
    """Whether any of the hints is among the words: far sooner told than by a long pattern."""
    return any(hint in words for hint in hints)


def lower(words: str) -> str:
    """The words in lower case, character for character: offsets stay what they were."""
    lowered = words.lower()
    if len(lowered) == len(words):
        return lowered
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in words)


def frame_of(sentence: str, *, inside: bool = False) -> tuple[str, bool]:
    """The sentence with its quoted characters blanked, and whether a quotation is open at its end.

    Single quotation marks are left alone, being apostrophes as often.
    """
    kept: list[str] = []
    for piece in _QUOTATION_MARK.split(sentence):
        if piece in _QUOTATION_MARKS:
            inside = piece == "“" or (piece == '"' and not inside)
        kept.append(" " * len(piece) if inside and piece not in _QUOTATION_MARKS else piece)
    return "".join(kept), inside


def frame_around(sentence: str, trigger: Span) -> str:
    """The frame; the sentence as it is where what is quoted holds the trigger."""
    frame, _ = frame_of(sentence)
    return frame if trigger.of(frame) == trigger.of(sentence) else sentence
