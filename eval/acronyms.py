"""Acronyms that a text explains where it brings them in: `Horizon Shortfall Scheme (HSS)`.

By the rule of Schwartz and Hearst ("A simple algorithm for identifying abbreviation definitions in
biomedical text", 2003): the letters are looked for from the last to the first, each as near the
bracket as can be, and the first of them has to begin a word.
"""

import re
from collections.abc import Iterator

_SHORT = re.compile(r"\(([A-Z][A-Za-z&-]{0,8}[A-Z])s?\)")
_READ = 200
"""Characters before the bracket."""


def explained(text: str) -> Iterator[tuple[str, str]]:
    """The long form and the short one of each, as often as it is explained."""
    for found in _SHORT.finditer(text):
        short = found[1]
        before = text[max(0, found.start() - _READ) : found.start()].split()
        most = min(len(short) + 5, 2 * len(short))
        if long := _long(short, " ".join(before[-most:])):
            yield long, short


def _long(short: str, before: str) -> str | None:
    """The end of what stands before that the letters stand for, if they do."""
    at, lower = len(before), before.lower()
    first, *others = (letter for letter in short.lower() if letter.isalpha())
    for letter in reversed(others):
        at = lower.rfind(letter, 0, at)
        if at < 0:
            return None
    begins = [each.start() for each in re.finditer(rf"\b{first}", lower[:at])]
    return before[begins[-1] :] if begins else None
