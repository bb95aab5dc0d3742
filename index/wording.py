"""The words of a query, and what is asked of them beside: exact words, nearness, words left out.

    "stop and search"        passages with these words, letter for letter, come first
    stop NEAR/5 search       so do those where they stand within 5 words of each other, either
                             way round and whatever their endings; NEAR alone means 10
    NOT vetting  -vetting    no passage with the word, whatever its ending
    NOT "dip sampling"       nor with exactly these words

Anything else is plain text: quotation marks that do not close, a sign or a word in capitals that
has nothing after it, NOT and NEAR where everything is in capitals. A query that only says what is
left out is plain too.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from index.words import WORD

WITHIN = 10
"""Words, where NEAR does not say."""

_QUOTED = r'"(?P<straight>[^"]*)"|“(?P<curly>[^“”]*)”'
_PIECE = re.compile(
    rf"(?P<minus>(?<!\S)-)?(?<![^\s(\-])(?:{_QUOTED})(?=[\s.,;:?!)\]]|$)|(?P<bare>[^\s(]+|\()"
)
_MINUS = re.compile(r"-(?=[^\W\d_])")
_NEAR = re.compile(r"NEAR(?:/(\d{1,3}))?")
_MEANT = re.compile(r"NOT|NEAR(?:/\S*)?")
"""What is likely no word of the question, though it may not do what it should."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word in any of its forms, or words in a row that are meant letter for letter."""

    words: str
    exact: bool = False

    def __str__(self) -> str:
        return f"“{self.words}”"


@dataclass(frozen=True, slots=True)
class Near:
    """Two terms that are to stand within some words of each other."""

    one: Term
    other: Term
    within: int

    def __str__(self) -> str:
        return f"{self.one} within {self.within} words of {self.other}"


@dataclass(frozen=True, slots=True)
class Wording:
    """A query, taken apart."""

    plain: str
    """What is searched for by meaning and by its words."""
    first: tuple[Term | Near, ...] = ()
    """Passages that meet one come before all that meet fewer."""
    without: tuple[Term, ...] = ()
    """A passage with one of these is left out."""
    idle: tuple[str, ...] = ()
    """What was likely meant as NOT, NEAR or a quotation mark, and was taken for plain text."""

    @property
    def whole(self) -> Term:
        """The plain text letter for letter, which has to hold a word."""
        return Term(_trimmed(self.plain), exact=True)


@dataclass(frozen=True, slots=True)
class _Piece:
    written: str
    term: Term | None
    """None for what holds no word."""
    minus: bool = False

    @property
    def is_not(self) -> bool:
        return self.written == "NOT"

    @property
    def near(self) -> int | None:
        found = _NEAR.fullmatch(self.written)
        return (int(found[1]) if found[1] else WITHIN) if found else None

    @property
    def is_operator(self) -> bool:
        return self.is_not or self.near is not None


@lru_cache(maxsize=1_024)
def wording(text: str) -> Wording:
    """The text taken apart; it never fails."""
    pieces = list(_pieces(text))
    if text.isupper():
        return Wording(plain=text, first=tuple(dict.fromkeys(_quoted(pieces))))
    without, kept = _without(pieces)
    first: tuple[Term | Near, ...] = (*_quoted(kept), *_near(kept))
    plain = text if len(kept) == len(pieces) and not any(_nears(kept)) else _joined(kept)
    if not WORD.search(plain):
        return Wording(plain=text, idle=tuple(dict.fromkeys(_idle(pieces))))
    return Wording(
        plain=plain,
        first=tuple(dict.fromkeys(first)),
        without=tuple(dict.fromkeys(without)),
        idle=tuple(dict.fromkeys(_idle(kept))),
    )


def _pieces(text: str) -> Iterator[_Piece]:
    for found in _PIECE.finditer(text):
        quoted = found["straight"] if found["curly"] is None else found["curly"]
        if quoted is not None:
            exact = Term(quoted.strip(), exact=True) if WORD.search(quoted) else None
            yield _Piece(found[0], exact, minus=bool(found["minus"] and exact))
        else:
            minus = found.start() == 0 or text[found.start() - 1].isspace()
            yield _bare(found["bare"], minus=minus and bool(_MINUS.match(found["bare"])))


def _bare(written: str, *, minus: bool) -> _Piece:
    word = WORD.search(written)
    return _Piece(written, Term(_trimmed(written)) if word else None, minus=minus)


def _trimmed(written: str) -> str:
    """Without the signs around it."""
    words = list(WORD.finditer(written))
    return written[words[0].start() : words[-1].end()]


def _without(pieces: list[_Piece]) -> tuple[list[Term], list[_Piece]]:
    """What is left out, and the pieces that are not about it."""
    without: list[Term] = []
    kept: list[_Piece] = []
    place = 0
    while place < len(pieces):
        piece, after = pieces[place], pieces[place + 1 : place + 2]
        if piece.is_not and after and after[0].term and not after[0].is_operator:
            without.append(after[0].term)
            place += 2
            continue
        if piece.minus and piece.term:
            without.append(piece.term)
        else:
            kept.append(piece)
        place += 1
    return without, kept


def _quoted(pieces: Iterable[_Piece]) -> Iterator[Term]:
    yield from (piece.term for piece in pieces if piece.term and piece.term.exact)


def _near(pieces: list[_Piece]) -> Iterator[Near]:
    for place, within in enumerate(_nears(pieces)):
        if within is not None:
            one, other = pieces[place - 1].term, pieces[place + 1].term
            if one and other:
                yield Near(one, other, within)


def _nears(pieces: list[_Piece]) -> list[int | None]:
    """For each piece, within how many words those beside it are to stand, if it says that."""
    nothing = _Piece("", None)
    padded = [nothing, *pieces, nothing]
    return [
        piece.near if _is_operand(padded[place]) and _is_operand(padded[place + 2]) else None
        for place, piece in enumerate(pieces)
    ]


def _idle(pieces: list[_Piece]) -> Iterator[str]:
    for piece, within in zip(pieces, _nears(pieces), strict=True):
        if within is None and _MEANT.fullmatch(piece.written):
            yield piece.written
        elif piece.term and not piece.term.exact and piece.written[0] in '"“':
            yield piece.written[0]


def _is_operand(piece: _Piece) -> bool:
    return piece.term is not None and not piece.is_operator


def _joined(pieces: list[_Piece]) -> str:
    kept = zip(pieces, _nears(pieces), strict=True)
    return " ".join(piece.written for piece, within in kept if within is None)
