"""Whether a file is the published document that it is said to be, as far as a manifest can tell."""

import re
from collections.abc import Iterator

from ingest.model import Published, Reading

OPENING = 5
"""Pages on which a document says what it is."""
_OPENING_CHARACTERS = 20_000
"""As much of what has no pages."""
SHARE = 0.6
"""Of the title's words that must stand there: covers shorten titles, manifests lengthen them."""
LEEWAY = 4
"""Pages: covers and blank leaves are counted or not."""

_WORD = re.compile(r"[^\W_]{3,}")


def differences(published: Published, reading: Reading, sha256: str) -> tuple[str, ...]:
    """What speaks against the file being that document, each in words; none where the hash is its.

    Compared are the hash and the number of pages, where the manifest knows them, and the title.
    """
    if published.sha256 == sha256:
        return ()
    return tuple(_differences(published, reading, sha256))


def _differences(published: Published, reading: Reading, sha256: str) -> Iterator[str]:
    if published.sha256:
        yield f"its SHA-256 is {sha256}, not {published.sha256}"
    count = len(reading.pages)
    if published.pages and count and abs(count - published.pages) > LEEWAY:
        yield f"it has {count} pages, not {published.pages}"
    missing = _missing(published.title, _opening(reading))
    if missing:
        yield f"its first pages lack words of the title: {', '.join(missing)}"


def _missing(title: str, opening: str) -> list[str]:
    """The title's words that do not stand there, where too many do not."""
    wanted = dict.fromkeys(_WORD.findall(title.casefold()))
    there = set(_WORD.findall(opening.casefold()))
    missing = [word for word in wanted if word not in there]
    return missing if len(missing) > (1 - SHARE) * len(wanted) else []


def _opening(reading: Reading) -> str:
    ends = [page.span.end for page in reading.pages[:OPENING] if page.span]
    end = max(ends, default=0 if reading.pages else _OPENING_CHARACTERS)
    furniture = " ".join(reading.furniture)
    return f"{reading.title or ''} {reading.text[:end]} {furniture}"
