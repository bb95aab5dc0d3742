"""Where sentences begin and end in the prose of reports.

Written for what printed reports do: initials and abbreviations, paragraph numbers before the
first word, quotation marks that close after the stop, and note numbers left where the stop was.
"""

import re
from collections.abc import Iterator

from ingest.model import Span

_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "rev",
        "hon",
        "rt",
        "st",
        "lt",
        "col",
        "gen",
        "capt",
        "sgt",
        "insp",
        "supt",
        "det",
        "v",
        "vs",
    ]
)
# These go on only before a number: "no" and "art" are words as well.
_REFERENCES = frozenset(
    [
        "para",
        "paras",
        "p",
        "pp",
        "no",
        "nos",
        "vol",
        "ch",
        "chs",
        "art",
        "arts",
        "reg",
        "regs",
        "cl",
        "sch",
        "fig",
        "figs",
        "s",
        "ss",
        "app",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sept",
        "sep",
        "oct",
        "nov",
        "dec",
    ]
)
# The stop, the marks that close after it, and a note number that stands where the stop was.
_STOP = re.compile(r"""[.!?…]+[”’"')\]]*(?:\d{1,3}(?:,\d{1,3})*)?(?=\s)""")
_OPENING = re.compile(r"""\s+[“‘"'(\[]*[A-Z0-9£•]""")
_PARAGRAPH_BREAK = re.compile(r"\n[ \t]*\n\s*")
_PARAGRAPH_NUMBER = re.compile(r"\(?(?:\d{1,3}|[A-Z]\d{0,2})(?:\.\d{1,3})*\)?")
_INITIALS = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]")
# "15.10", not "2019.23": a note number may follow a year.
_DECIMAL = re.compile(r"(?<!\d)\d{1,3}\.\d+$")


def sentences(text: str) -> tuple[Span, ...]:
    """The sentences in order; none overlap, none begins or ends with white space.

    A blank line always ends one. Every character that is not white space lies in one.
    """
    return tuple(
        sentence
        for block in _blocks(text)
        for sentence in _split(text, block, _boundaries(text, block))
    )


def _blocks(text: str) -> Iterator[Span]:
    start = 0
    for gap in _PARAGRAPH_BREAK.finditer(text):
        yield from _trimmed(text, start, gap.start())
        start = gap.end()
    yield from _trimmed(text, start, len(text))


def _boundaries(text: str, block: Span) -> Iterator[int]:
    sentence_start = block.start
    for stop in _STOP.finditer(text, block.start, block.end):
        opening = _OPENING.match(text, stop.end(), block.end)
        before = text[sentence_start : stop.start()].lstrip()
        if opening and not _goes_on(before, stop=stop.group(), after=opening.group().strip()):
            yield stop.end()
            sentence_start = stop.end()


def _goes_on(before: str, *, stop: str, after: str) -> bool:
    """Whether the sentence goes on after a stop, `before` being its words so far."""
    if not stop.startswith(".") or stop.startswith(".."):
        return False
    if stop != ".":
        return bool(_DECIMAL.search(before + stop))
    if _PARAGRAPH_NUMBER.fullmatch(before):
        return True
    word = before.split()[-1].lstrip("([“‘\"'") if before else ""
    if word.lower() in _REFERENCES:
        return after[0].isdigit() or after[0] == "("
    # A lone "I" ends sentences ("as did I."); other single letters are initials.
    return word.lower() in _TITLES or (word != "I" and bool(_INITIALS.fullmatch(word)))


def _split(text: str, block: Span, boundaries: Iterator[int]) -> Iterator[Span]:
    start = block.start
    for boundary in boundaries:
        yield from _trimmed(text, start, boundary)
        start = boundary
    yield from _trimmed(text, start, block.end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    end -= len(words) - len(words.rstrip())
    if start < end:
        yield Span(start, end)
