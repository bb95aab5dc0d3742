"""What was changed between a quotation and the words it was taken from, one change at a time."""

import re
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein, Opcode

from index.words import Token, key, tokens
from ingest.model import ChangeKind, Span


def _words(written: str) -> frozenset[str]:
    return frozenset(written.split())


_NEGATIONS = _words(
    "no not never none nobody nothing neither nor nowhere without cannot cant dont doesnt didnt"
    " isnt arent wasnt werent hasnt havent hadnt wont wouldnt couldnt shouldnt mustnt mightnt"
    " neednt aint hardly scarcely barely few little lack lacked lacks failed fails fail unable"
    " denied denies deny refused refuses refuse"
)
_NEGATING_PREFIX = re.compile(r"(?:un|in|im|il|ir|dis|non|mis)(?=\w{3})")
_MODALS = _words("must shall should will would may might can could ought need needs")
_NUMBERS = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
    " hundred hundreds thousand thousands million millions billion billions dozen dozens half third"
    " thirds quarter quarters first second fourth fifth sixth seventh eighth ninth tenth once twice"
    " double single january february march april june july august september october november"
    " december monday tuesday wednesday thursday friday saturday sunday"
)
_NEAR = 8
"""Words on either side among which one may be another turned round."""
_MARKS_OF_NUMBERS = frozenset("£$€%")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Words of the source that the quotation has otherwise; either side may have none.

    A side without words is an empty range at the place where they would stand.
    """

    kind: ChangeKind
    quoted: str
    source: str
    quoted_start: int
    quoted_end: int
    source_start: int
    source_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Two texts, and the ranges of them that are compared."""

    quotation: str
    quoted: Span
    source: str
    span: Span


def changes(sides: Sides) -> tuple[Change, ...]:
    """The changes in order; none where the two differ in typography alone.

    Takes time and memory in proportion to the product of the lengths, some 64 words at a time.
    """
    quoted = tokens(sides.quotation, sides.quoted.start, sides.quoted.end)
    source = tokens(sides.source, sides.span.start, sides.span.end)
    same_case = _lower_first(quoted), _lower_first(source)
    if same_case[0] == same_case[1]:
        return ()
    found: list[Change] = []
    for step in aligned(*same_case):
        if step.tag == "equal":
            continue
        here = quoted[step.src_start : step.src_end]
        there = source[step.dest_start : step.dest_end]
        found.append(
            _change(
                sides,
                here,
                there,
                at=(
                    _offset(quoted, step.src_start, sides.quoted.end),
                    _offset(source, step.dest_start, sides.span.end),
                ),
            )
        )
    return tuple(found)


def aligned(quoted: Sequence[Hashable], source: Sequence[Hashable]) -> list[Opcode]:
    """The fewest steps from one to the other: what is equal, replaced, deleted and inserted."""
    return list(Levenshtein.opcodes(quoted, source))


def _offset(found: Sequence[Token], place: int, end: int) -> int:
    return found[place].start if place < len(found) else end


def _change(
    sides: Sides, quoted: Sequence[Token], source: Sequence[Token], *, at: tuple[int, int]
) -> Change:
    here = (quoted[0].start, quoted[-1].end) if quoted else (at[0], at[0])
    there = (source[0].start, source[-1].end) if source else (at[1], at[1])
    return Change(
        kind=kind_of(quoted, source),
        quoted=sides.quotation[here[0] : here[1]],
        source=sides.source[there[0] : there[1]],
        quoted_start=here[0],
        quoted_end=here[1],
        source_start=there[0],
        source_end=there[1],
    )


def _lower_first(found: Sequence[Token]) -> list[str]:
    """The forms, the first letter of the first word in lower case."""
    forms = [token.form for token in found]
    for place, token in enumerate(found):
        if token.is_word:
            forms[place] = token.form[0].lower() + token.form[1:]
            break
    return forms


def kind_of(quoted: Sequence[Token], source: Sequence[Token]) -> ChangeKind:
    """The gravest kind that the difference between two stretches can be."""
    here = [token.form for token in quoted if token.is_word]
    there = [token.form for token in source if token.is_word]
    changed = _only_in_one(here, there)
    keys = {key(word) for word in changed}
    if keys & _NEGATIONS or _negated(here, there):
        return ChangeKind.NEGATION
    if any(any(c.isdigit() for c in word) for word in changed) or keys & _NUMBERS:
        return ChangeKind.NUMBER
    signs = {token.form for token in (*quoted, *source) if not token.is_word}
    if not changed and here != there:
        same = [key(word) for word in here] == [key(word) for word in there]
        return ChangeKind.CASE if same else ChangeKind.WORDS
    if not changed:
        return ChangeKind.NUMBER if signs & _MARKS_OF_NUMBERS else ChangeKind.PUNCTUATION
    if keys & _MODALS:
        return ChangeKind.MODAL
    if any(word[0].isupper() for word in changed):
        return ChangeKind.NAME
    return ChangeKind.WORDS


def has_negation(words: str) -> bool:
    """Whether a word among them denies."""
    return any(token.is_word and key(token.form) in _NEGATIONS for token in tokens(words))


def _only_in_one(here: Sequence[str], there: Sequence[str]) -> list[str]:
    """Words that one side has more often than the other, whatever their case."""
    left, right = Counter(map(key, here)), Counter(map(key, there))
    return [word for word in here if left[key(word)] > right[key(word)]] + [
        word for word in there if right[key(word)] > left[key(word)]
    ]


def _negated(here: Sequence[str], there: Sequence[str]) -> bool:
    """Whether one word is the other with a prefix that turns it round."""
    for left in map(key, here[:_NEAR]):
        for right in map(key, there[:_NEAR]):
            shorter, longer = sorted((left, right), key=len)
            prefix = _NEGATING_PREFIX.match(longer)
            if prefix and shorter != longer and longer[prefix.end() :] == shorter:
                return True
    return False
