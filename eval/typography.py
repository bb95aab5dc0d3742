"""Other ways to set the same words, none of which makes a true quotation a false one."""

import random
import re
from collections.abc import Callable, Mapping

from eval.stretches import Stretch

Setting = Callable[[Stretch, random.Random], str | None]
"""The stretch set otherwise; None where it has nothing that could be."""
_LIGATURES = {"ffi": "ﬃ", "ffl": "ﬄ", "ff": "ﬀ", "fi": "ﬁ", "fl": "ﬂ"}
_SPACES = ("\u00a0", "  ", "\n", "\u2009", "\t")
_LETTERS = re.compile(r"[a-z]{8,}")
_FEWEST_AROUND = 4
"""Words that stay on either side of an omission or insertion."""
_ELLIPSES = ("…", "...", ". . .", "[...]", "[…]")
_INSERTED = ("[the witness]", "[in that year]", "[sic]", "[emphasis added]")
_INSTEAD = ("[they]", "[it]", "[the body]")
_LONGEST_OMISSION, _LONGEST_REPLACED = 25, 3
_SIGNIFICANT = re.compile(r"\b(?:not?|never|nor|none|without|cannot|\w+n[’']t)\b|\d", re.IGNORECASE)


def marks(stretch: Stretch, chance: random.Random) -> str | None:
    """Curly quotation marks and apostrophes made straight, or double ones angular."""
    straight = str.maketrans("“”‘’", "\"\"''")
    angular = str.maketrans("“”", "«»")
    return _changed(stretch, stretch.text.translate(chance.choice((straight, angular))))


def dashes(stretch: Stretch, chance: random.Random) -> str | None:
    """Every dash another."""
    dash = chance.choice("-–—‑−")
    return _changed(stretch, re.sub("[-–—]", dash, stretch.text))


def spaces(stretch: Stretch, chance: random.Random) -> str | None:
    """A character that does not show, and spaces of other widths, between the words."""
    words = stretch.text.split(" ")
    at = chance.randrange(1, len(words))
    words[at] = "\u200b" + words[at]
    return chance.choice(_SPACES).join(words)


def ligatures(stretch: Stretch, chance: random.Random) -> str | None:
    """`fi` and its like as one sign."""
    text = stretch.text
    for written, sign in _LIGATURES.items():
        text = text.replace(written, sign)
    return _changed(stretch, text)


def hyphenation(stretch: Stretch, chance: random.Random) -> str | None:
    """A long word broken at a line's end."""
    return _parted(stretch, chance, chance.choice(("-\n", "- ", "‐\n")))


def soft_hyphen(stretch: Stretch, chance: random.Random) -> str | None:
    """A place in a long word where it may be broken."""
    return _parted(stretch, chance, "\u00ad")


def first_letter(stretch: Stretch, chance: random.Random) -> str | None:
    """The first letter small or a capital, in brackets or without."""
    first = stretch.text[:1].swapcase()
    if not stretch.text[:2].isalpha() or not stretch.text[1].islower():
        return None
    return (f"[{first}]" if chance.random() < 0.5 else first) + stretch.text[1:]


def insertion(stretch: Stretch, chance: random.Random) -> str | None:
    """Words in brackets, between others or in place of a few."""
    words = stretch.text.split(" ")
    replaced = chance.choice((0, 0, 1, _LONGEST_REPLACED))
    return _spliced(words, chance, replaced, chance.choice(_INSTEAD if replaced else _INSERTED))


def ellipsis(stretch: Stretch, chance: random.Random) -> str | None:
    """Words left out, with a sign that says so; no number and no negation among them."""
    words = stretch.text.split(" ")
    omitted = chance.randint(1, _LONGEST_OMISSION)
    return _spliced(words, chance, omitted, chance.choice(_ELLIPSES))


def label_left_out(stretch: Stretch, chance: random.Random) -> str | None:
    """Without the paragraph numbers and list markers within it, as people quote."""
    text = stretch.text
    for label in reversed(stretch.labels):
        text = text[: label.start] + text[label.end :]
    return _changed(stretch, text)


def note_called(stretch: Stretch, chance: random.Random) -> str | None:
    """With the note markers, as they come out when words are copied from a page."""
    text = stretch.text
    sign = chance.choice(("{}", "[{}]", " {}"))
    for at, marker in reversed(stretch.notes):
        text = text[:at] + sign.format(marker) + text[at:]
    return _changed(stretch, text)


SETTINGS: Mapping[str, Setting] = {
    "quotation marks": marks,
    "dashes": dashes,
    "spaces": spaces,
    "ligatures": ligatures,
    "hyphenation": hyphenation,
    "soft hyphen": soft_hyphen,
    "first letter": first_letter,
    "insertion": insertion,
    "ellipsis": ellipsis,
    "label left out": label_left_out,
    "note called": note_called,
}


def _changed(stretch: Stretch, text: str) -> str | None:
    return text if text != stretch.text else None


def _parted(stretch: Stretch, chance: random.Random, sign: str) -> str | None:
    found = list(_LETTERS.finditer(stretch.text))
    if not found:
        return None
    word = chance.choice(found)
    at = chance.randint(word.start() + 3, word.end() - 3)
    return stretch.text[:at] + sign + stretch.text[at:]


def _spliced(words: list[str], chance: random.Random, length: int, sign: str) -> str | None:
    """The words with `length` of them made the sign; None where too few would stay or matter."""
    last = len(words) - _FEWEST_AROUND - length
    if last < _FEWEST_AROUND:
        return None
    at = chance.randint(_FEWEST_AROUND, last)
    if _SIGNIFICANT.search(" ".join(words[at : at + length])):
        return None
    return " ".join((*words[:at], sign, *words[at + length :]))
