"""How far the words of a digest were checked: each of its paragraphs and rows ends with a mark."""

import re
from collections.abc import Iterable

from ingest.model import Document, Edition, Passage, Standing

_MARK = re.compile(rf"\[({'|'.join(Standing)})\]")
_WEAKEST_FIRST = (Standing.UNVERIFIED, Standing.SECONDARY, Standing.VERIFIED)


def standing(words: str) -> Standing | None:
    """The weakest mark among the words; None where they hold none.

    `[about]`, which ends what a digest says of itself, claims nothing and counts for nothing.
    """
    marks = set(_MARK.findall(words))
    return next((mark for mark in _WEAKEST_FIRST if mark in marks), None)


def imprint(document: Document, text: str, cut: Iterable[Passage]) -> frozenset[str]:
    """Ids of the passages in which a digest speaks of itself: others have a mark, and they none."""
    if document.edition is not Edition.DIGEST or standing(text) is None:
        return frozenset()
    return frozenset(each.id for each in cut if standing(each.span.of(text)) is None)
