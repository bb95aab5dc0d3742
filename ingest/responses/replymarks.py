"""How a response document marks what it answers: labels with numbers, and who replies where.

A mark is read from the first words of a paragraph, heading or cell alone; whether the numbers are
those of a report that is here is for others to say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.reading.numbering import SPELT_OUT

_NUMBER = (
    r"(?:\d{1,3}(?:\.\d{1,3}){0,2}(?:\s?\([a-z]\)|[a-z](?!\w))?|[A-Z]{1,2}\d{1,3}|"
    rf"[IVXLC]{{1,6}}(?!\w)|(?i:{SPELT_OUT})(?!\w))"
)
_IN_FIGURES = {word: value for value, word in enumerate(SPELT_OUT.split("|"), start=1)}
_JOIN = r"(?:\s*(?:,|;|&|/)\s*(?:and\s+)?|\s+(?:and|to|or)\s+|\s*[–—-]\s*)"
_NUMBERS = rf"{_NUMBER}(?:{_JOIN}(?:(?i:recommendations?)\s+)?{_NUMBER})*(?![\w/%])"
_RANGE = re.compile(rf"({_NUMBER})(?:(?:\s+to\s+|\s*[–—-]\s*)({_NUMBER}))?")
_LONGEST_RANGE = 60
_KIND = r"(?i:recommendations?|recs?\b\.?|conclusions?(?:\s+and\s+recommendations?)?)"
_LABEL = (
    rf"(?:(?P<kind>{_KIND})(?:\(s\))?\s*(?i:no(?:s|\b)\.?\s*|numbers?\s+|\#\s*)?"
    rf"(?P<numbers>{_NUMBERS})|(?P<short>[A-Z]{{0,2}}R\d{{1,3}})(?!\w))"
)
_BEFORE = (
    r"(?:[•●▪■]\s*)?(?:(?i:formal|key|interim|urgent|final|main|strategic|national|joint|headline|"
    r"inquiry|committee|report|priority|further)\s+)?"
)
_FIRM = re.compile(rf"{_BEFORE}{_LABEL}(?P<after>\s*[:.)\]–—|\t-]+\s*|\s+|$)")
_ON = re.compile(
    r"(?:[•●▪■]\s*)?(?i:(?:firstly|secondly|finally|lastly|next|i\s+now\s+)?,?\s*"
    r"(?:turn(?:ing)?\s+to|in\s+(?:relation|respect|regard|response|answer)\s+(?:to|of)|"
    r"with\s+(?:regards?|respect)\s+to|regarding|concerning|on|as\s+(?:to|regards|for)|for|under)\s+)"
    rf"(?:(?i:the\s+|your\s+|its\s+|(?:inquiry|committee|review|coroner)(?:[’']s)?\s+)*){_LABEL}"
)
_PASSING = re.compile(rf"\b{_LABEL}")
_UNNUMBERED = re.compile(
    r"(?:[•●▪■]\s*)?(?:(?:the|formal|key|inquiry|committee)(?:[’']s)?\s+)?"
    r"(?:recommendation|conclusions?\s+and\s+recommendations?)\s*(?P<colon>:|$)\s*",
    re.I,
)

_SMALL = r"(?:of|and|for|the|&|in|on|to|at)"
_NAME = rf"(?:[A-Z][\w’'&.-]*|(?i:government))(?:,?\s+(?:{_SMALL}\s+)*[A-Z(][\w’'&.)-]*){{0,9}}"
_MANNER = r"(?i:formal|full|initial|official|detailed|substantive|joint|collective|updated|final)"
_OUR = r"(?i:the\s+|our\s+|my\s+|hm\s+|his\s+majesty[’']s\s+|her\s+majesty[’']s\s+|this\s+)*"
_ANSWER = r"(?i:response|reply|answer|position|comments?)"
_TO = (
    rf"(?:\s+(?i:to|on)\s+(?i:the\s+|this\s+)?(?:(?i:recommendations?|conclusions?)"
    rf"(?:\s+(?P<to>{_NUMBERS}))?))?"
)
_RESPONSE = re.compile(
    rf"{_OUR}(?P<who>{_NAME}(?i:\s+government)?)?(?:[’']s?)?\s*(?:{_MANNER}\s+)*{_ANSWER}{_TO}"
    r"(?:\s+(?i:from|by|of)\s+(?i:the\s+)?(?P<by>[^:.]{2,90}))?\s*(?P<end>[:–—]|\s-\s|$)\s*"
)
_GOVERNMENT = re.compile(
    r"(?:the\s+)?(?P<who>(?:uk|united\s+kingdom|scottish|welsh|northern\s+ireland|devolved)\s+"
    r"(?:government|executive|administrations?)s?)\s*(?::|$)\s*",
    re.I,
)
_LONGEST_LABEL = 140
_NOBODY = re.compile(r"(?i:the|our|my|government|hm government|response|initial|summary|next|this)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What the first words name: numbers of recommendations, or "Recommendation" without one."""

    numbers: tuple[str, ...]
    end: int
    """Offset in the words where the label is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyLabel:
    """ "Government response:" and the like."""

    responder: str | None
    numbers: tuple[str, ...]
    end: int


def label(words: str, *, set_off: bool) -> Label | None:
    """The label that opens the words: "Recommendation 4: ...", "R4", "Recommendation:".

    `set_off` says that the words stand apart as a heading or cell does. A sentence about a
    recommendation ("Recommendation 4 is accepted.") has none.
    """
    if found := _FIRM.match(words):
        rest = words[found.end() :]
        punctuated = bool(found["after"].strip())
        sentence = rest[:1].islower() and not re.match(r"that\b", rest)
        if (not rest or punctuated or set_off or not sentence) and not (sentence and not set_off):
            return Label(numbers=_named(found), end=found.end())
    found = _UNNUMBERED.match(words)
    if found and (found["colon"] or not words[found.end() :]):
        return Label(numbers=(), end=found.end())
    return None


def turning_to(words: str) -> tuple[str, ...]:
    """Numbers that a sentence opens with: "Turning to recommendation 4, we ..."."""
    found = _ON.match(words) or _FIRM.match(words)
    return _named(found) if found else ()


def named(words: str) -> tuple[str, ...]:
    """All numbers of recommendations that the words name, in order, each once."""
    numbers = (number for found in _PASSING.finditer(words) for number in _named(found))
    return tuple(dict.fromkeys(numbers))


def reply_label(words: str, *, alone: bool) -> ReplyLabel | None:
    """The label after which somebody replies; `alone` where nothing but a colon can end it."""
    found = _RESPONSE.match(words)
    if found and found.end("end") <= _LONGEST_LABEL and (found["end"] or not words[found.end() :]):
        who = found["by"] or found["who"]
        return ReplyLabel(
            responder=_somebody(who),
            numbers=tuple(_expanded(found["to"])) if found["to"] else (),
            end=found.end(),
        )
    found = _GOVERNMENT.match(words)
    if found and (alone or found.end() < len(words)):
        return ReplyLabel(responder=found["who"], numbers=(), end=found.end())
    return None


def number_key(number: str) -> str:
    """The number without brackets, spaces or case, in figures."""
    key = "".join(each for each in number.casefold() if each.isalnum() or each == ".")
    return str(_IN_FIGURES.get(key, key))


def _somebody(name: str | None) -> str | None:
    """The name, unless it tells nobody apart."""
    bare = re.sub(r"\s+", " ", re.sub(r"[’']s?$", "", name or "")).strip()
    return None if not bare or _NOBODY.fullmatch(bare) else bare


def _named(found: re.Match[str]) -> tuple[str, ...]:
    if found["short"]:
        return (found["short"],)
    return tuple(_expanded(found["numbers"]))


def _expanded(words: str) -> Iterator[str]:
    """Each number of a list, ranges written out."""
    for first, last in _RANGE.findall(re.sub(r"(?i:recommendations?)\s+", "", words)):
        yield from _between(first, last) if last else [first]


def _between(first: str, last: str) -> list[str]:
    head, low = _split(first)
    other, high = _split(last)
    if low is None or high is None or head != other or not 0 < high - low <= _LONGEST_RANGE:
        return [first, last]
    return [f"{head}{value}" for value in range(low, high + 1)]


def _split(number: str) -> tuple[str, int | None]:
    found = re.fullmatch(r"(.*?)(\d+)", number)
    return (found[1], int(found[2])) if found else (number, None)
