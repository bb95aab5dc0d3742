"""How far the words of a digest were checked: each of its paragraphs and rows ends with a mark."""

import re

from ingest.model import Standing

_MARK = re.compile(rf"\[({'|'.join(Standing)})\]")
_WEAKEST_FIRST = (Standing.UNVERIFIED, Standing.SECONDARY, Standing.VERIFIED)


def standing(words: str) -> Standing | None:
    """The weakest mark among the words; None where they hold none.

    `[about]`, which ends what a digest says of itself, claims nothing and counts for nothing.
    """
    marks = set(_MARK.findall(words))
    return next((mark for mark in _WEAKEST_FIRST if mark in marks), None)
