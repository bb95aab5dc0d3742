"""Ways to alter a quotation by as little as its sense needs, each with what was changed."""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from eval.stretches import Stretch
from ingest.model import ChangeKind, Span

_MODALS = ("must", "shall", "should", "will", "would", "may", "might", "can", "could")
_AUXILIARIES = "is|are|was|were|has|have|had|do|did|does|been|must|should|will|would|could|can"
_NUMBERS = (
    *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("twenty", "thirty", "hundred", "thousand", "million"),
)
_PREFIXED = {
    "adequate": "inadequate",
    "able": "unable",
    "appropriate": "inappropriate",
    "reliable": "unreliable",
    "likely": "unlikely",
    "possible": "impossible",
    "effective": "ineffective",
    "sufficient": "insufficient",
    "fair": "unfair",
    "necessary": "unnecessary",
    "clear": "unclear",
    "accurate": "inaccurate",
    "aware": "unaware",
    "lawful": "unlawful",
    "proven": "unproven",
}
_DATES = re.compile(
    "(?:Jan|Febr)uary|March|April|May|June|July|August|(?:Sept|Nov|Dec)ember|October|[A-Z][a-z]+day"
)
_GRAVE = re.compile(
    r"(?:no|not|none|never|nor|neither|nobody|nothing|nowhere|without|cannot|hardly|barely|few"
    r"|little|lack|fail|den[iy]|refus|once|twice|half|first|second|third|quarter|double|single"
    r"|doubl|hundred|thousand|million|billion|dozen|ought|need|must|shall|should|will|would|may"
    r"|might|can|could|un|in|im|ir|il|dis|non|mis).*|\w*(?:teen|ty|nth)|" + "|".join(_NUMBERS)
)
"""Words that are left alone where an ordinary one is to be changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tampered:
    """A quotation that is no longer the document's."""

    text: str
    changed: Span
    """Of `text`: the new words, or one character on either side of where words are gone."""
    kind: ChangeKind
    """What the change has to be called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Words of the documents to put in the place of others."""

    ordinary: Sequence[str]
    names: Sequence[str]


Tampering = Callable[[Stretch, random.Random, Vocabulary], Tampered | None]
"""The stretch altered; None where it has nothing to alter so."""


def vocabulary(texts: Sequence[str]) -> Vocabulary:
    """Words in small letters, and words with a capital in the midst of a sentence."""
    ordinary: set[str] = set()
    names: set[str] = set()
    for text in texts:
        ordinary.update(re.findall(r"(?<= )[a-z]{4,12}(?= )", text))
        names.update(re.findall(r"(?<=[a-z] )[A-Z][a-z]{3,12}(?= )", text))
    return Vocabulary(
        ordinary=sorted(word for word in ordinary if not _GRAVE.fullmatch(word)),
        names=sorted(n for n in names if n.lower() not in ordinary and not _DATES.fullmatch(n)),
    )


def word_replaced(stretch: Stretch, chance: random.Random, words: Vocabulary) -> Tampered | None:
    """One ordinary word another."""
    found = _ordinary(stretch, chance)
    return _put(stretch, found, _other(chance, words.ordinary, found), ChangeKind.WORDS)


def word_inflected(stretch: Stretch, chance: random.Random, words: Vocabulary) -> Tampered | None:
    """One ordinary word in another form."""
    found = _ordinary(stretch, chance)
    if found is None:
        return None
    word = found.group()
    other = word[:-1] if word.endswith("s") else f"{word}s"
    return _put(stretch, found, other, ChangeKind.WORDS)


def word_dropped(stretch: Stretch, chance: random.Random, words: Vocabulary) -> Tampered | None:
    """One ordinary word left out without a sign."""
    found = _ordinary(stretch, chance)
    if found is None:
        return None
    start, end = found.start(), found.end() + 1
    return Tampered(
        text=stretch.text[:start] + stretch.text[end:],
        changed=Span(start - 1, start + 1),
        kind=ChangeKind.WORDS,
    )


def word_added(stretch: Stretch, chance: random.Random, words: Vocabulary) -> Tampered | None:
    """One ordinary word more."""
    found = _ordinary(stretch, chance)
    other = _other(chance, words.ordinary, found)
    return _put(stretch, found, f"{other} {found.group()}" if found else "", ChangeKind.WORDS)


def negation_added(stretch: Stretch, chance: random.Random, words: Vocabulary) -> Tampered | None:
    """`not` after a verb that takes it."""
    found = _inside(rf"(?<= )(?:{_AUXILIARIES})(?= (?!not\b))", stretch, chance)
    return _put(stretch, found, f"{found.group()} not" if found else "", ChangeKind.NEGATION)


def negation_removed(stretch: Stretch, chance: random.Random, words: Vocabulary) -> Tampered | None:
    """`not` left out, `no` and `never` turned round."""
    found = _inside(r"(?<= )(?:not|no|never) (?=\w)", stretch, chance)
    if found is None:
        return None
    instead = {"not ": "", "no ": "some ", "never ": "always "}[found.group()]
    return Tampered(
        text=stretch.text[: found.start()] + instead + stretch.text[found.end() :],
        changed=Span(found.start() - 1, found.start() + max(1, len(instead))),
        kind=ChangeKind.NEGATION,
    )


def prefix_turned(stretch: Stretch, chance: random.Random, words: Vocabulary) -> Tampered | None:
    """`adequate` made `inadequate`, or the other way round."""
    turned = _PREFIXED | {other: word for word, other in _PREFIXED.items()}
    found = _inside(rf"(?<= )(?:{'|'.join(turned)})(?= )", stretch, chance)
    return _put(stretch, found, turned[found.group()] if found else "", ChangeKind.NEGATION)


def digits_changed(stretch: Stretch, chance: random.Random, words: Vocabulary) -> Tampered | None:
    """One digit of a number another."""
    found = _inside(r"(?<=[ £,])\d(?=[\d ,%])", stretch, chance)
    return _put(stretch, found, _other(chance, "123456789", found), ChangeKind.NUMBER)


def number_word_changed(
    stretch: Stretch, chance: random.Random, words: Vocabulary
) -> Tampered | None:
    """One number in words another."""
    found = _inside(rf"(?<= )(?:{'|'.join(_NUMBERS)})(?= )", stretch, chance)
    return _put(stretch, found, _other(chance, _NUMBERS, found), ChangeKind.NUMBER)


def modal_changed(stretch: Stretch, chance: random.Random, words: Vocabulary) -> Tampered | None:
    """`should` made `must`, and the like."""
    found = _inside(rf"(?<= )(?:{'|'.join(_MODALS)})(?= )", stretch, chance)
    return _put(stretch, found, _other(chance, _MODALS, found), ChangeKind.MODAL)


def name_changed(stretch: Stretch, chance: random.Random, words: Vocabulary) -> Tampered | None:
    """One name another."""
    found = _inside(rf"(?<=[a-z] )(?!{_DATES.pattern})[A-Z][a-z]{{3,}}(?=[ ,])", stretch, chance)
    return _put(stretch, found, _other(chance, words.names, found), ChangeKind.NAME)


TAMPERINGS: Mapping[str, Tampering] = {
    "word replaced": word_replaced,
    "word inflected": word_inflected,
    "word dropped": word_dropped,
    "word added": word_added,
    "negation added": negation_added,
    "negation removed": negation_removed,
    "prefix turned": prefix_turned,
    "digits changed": digits_changed,
    "number word changed": number_word_changed,
    "modal changed": modal_changed,
    "name changed": name_changed,
}


def _ordinary(stretch: Stretch, chance: random.Random) -> re.Match[str] | None:
    """A word of no gravity, neither the first nor the last."""
    found = [
        each
        for each in re.finditer(r"(?<=[\w,] )[a-z]{4,}(?= [a-z])", stretch.text)
        if not _GRAVE.fullmatch(each.group())
    ]
    return chance.choice(found) if found else None


def _inside(pattern: str, stretch: Stretch, chance: random.Random) -> re.Match[str] | None:
    found = list(re.finditer(pattern, stretch.text))
    return chance.choice(found) if found else None


def _other(chance: random.Random, words: Sequence[str], found: re.Match[str] | None) -> str:
    return chance.choice([word for word in words if not found or word != found.group()])


def _put(
    stretch: Stretch, found: re.Match[str] | None, words: str, kind: ChangeKind
) -> Tampered | None:
    if found is None:
        return None
    start, end = found.span()
    return Tampered(
        text=stretch.text[:start] + words + stretch.text[end:],
        changed=Span(start, start + len(words)),
        kind=kind,
    )
