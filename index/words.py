"""Words and signs of a text under forms that typography does not change, each with its place.

Two stretches with the same tokens differ in nothing but quotation marks, dashes, spaces, ligatures
and characters that do not show. Case, punctuation and apostrophes inside words count.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import normalize

from ingest.reading.characters import LIGATURES, SOFT_HYPHEN

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
APOSTROPHES = "'\u2018\u2019\u02bc\uff07\u2032"
UNSEEN = SOFT_HYPHEN + "\u200b\u200c\u200d\u2060\ufeff"
"""Characters that do not show, wherever they stand."""
QUOTATION_MARKS = '"`´“”„‟«»‹›‚‛＂「」『』'
BULLETS = "•●▪◦·∙■□‣⁃"

WORD = re.compile(
    r"[0-9]{1,4}\s(?:st|nd|rd|th)\b"
    rf"|[^\W_](?:[\u0300-\u036f]|[{APOSTROPHES}{UNSEEN}]*[^\W_])*"
)
"""A word: letters and digits, with the apostrophes between them; `10 th` is `10th`, whose letters
are set above the line."""
ELLIPSIS = "…"
_TOKEN = re.compile(
    rf"(?P<word>{WORD.pattern})|(?P<ellipsis>…|\.(?:\s?\.){{2,}})|(?P<sign>[^\s{UNSEEN}])"
)
_IGNORED = frozenset(APOSTROPHES + QUOTATION_MARKS + BULLETS)
_BREAK = re.compile(r" *[\t\n\v\f\r][ \t\n\v\f\r]*")
_SPACES = "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace())
_KEY = str.maketrans({**LIGATURES, **dict.fromkeys(APOSTROPHES + UNSEEN + _SPACES, "")})
_SHOWN = str.maketrans(
    {**LIGATURES, **dict.fromkeys(UNSEEN + _SPACES, ""), **dict.fromkeys(APOSTROPHES, "'")}
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a sign, as it compares, and where it stands."""

    form: str
    start: int
    end: int
    is_word: bool


def key(word: str) -> str:
    """What a word is looked up by: neither case nor apostrophes count."""
    return normalize("NFC", word.translate(_KEY)).casefold()


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The words and signs between two offsets, in order; quotation marks and bullets are none."""
    return list(_tokens(text, start, len(text) if end is None else end))


def _tokens(text: str, start: int, end: int) -> Iterator[Token]:
    for found in _TOKEN.finditer(text, start, end):
        kind, written = found.lastgroup, found.group()
        if kind == "word":
            form = normalize("NFC", written.translate(_SHOWN))
        elif kind == "ellipsis":
            form = ELLIPSIS
        elif written in _IGNORED:
            continue
        else:
            form = "-" if written in DASHES else written
        yield Token(form, found.start(), found.end(), kind == "word")


def unbroken(text: str) -> str:
    """The text on one line: breaks and tabs made spaces, none at its ends, other spaces kept."""
    return _BREAK.sub(" ", text.strip())
