"""Claims that a text raises and does not make, and what it then says of them.

"It was suggested that supervisors had ignored the messages. We looked at each. There is nothing in
that." The failing stands in a sentence that denies nothing, and the denial in one that names none.
"""

import re
from collections.abc import Iterable
from itertools import islice

from ingest.findings.denial import is_denial
from ingest.findings.frame import lower
from ingest.model import Span, Voice

_CLAIM = (
    r"(?:suggestion|allegation|accusation|charge|assertion|contention|insinuation|proposition"
    r"|submission|claim|criticism|rumour|theory|belief|supposition|inference|story)s?"
)
_JUDGE = r"(?:we|i|us|me|the (?:inquiry|panel|review|committee))"
_HOLD = r"(?:consider|find|conclude|infer|accept|hold|say|decide|suppose|believe|expect)"
_RAISED = re.compile(
    rf"\b{_CLAIM}(?: (?:was|is|were|are|made|put|advanced|raised|heard)\b[^.;]{{0,40}}?)?,? that\b"
    rf"|\b(?:asked|invited|urged|pressed|led|encouraged)(?: {_JUDGE})? to {_HOLD}\b"
    rf"|\b{_JUDGE} (?:has |have |had )?(?:also )?"
    r"(?:considered|examined|explored|investigated|tested|asked|looked)\b[^.;]{0,40}?\bwhether\b"
    r"|\bthe (?:question|issue) (?:is|was|arose|arises|of|as to)?\s*whether\b"
    r"|\bhad it that\b|\bit (?:is|was|had been|has been) (?:\w+ )?"
    r"(?:believed|supposed|rumoured|reported|suggested|said|argued|thought|claimed|put to)\b"
    r"|\bbelieved (?:him|her|them)sel(?:f|ves)\b"
)
_WORDS_FOR_WRONG = (
    r"(?:unfounded|mistaken|wrong|baseless|misplaced|misconceived|untrue|abandoned|withdrawn)"
)
_DISMISSED = re.compile(
    # of few words, for which the claim supplies the rest
    r"^\W*(?:\d[\d.]*\s+)?(?:but |yet |in fact,? )?"
    r"(?:he|she|it|they|there|that|this|these|those) (?:\w+ )?"
    r"(?:did|do|does|was|were|is|are|had|has|have|could|would)(?: not|n[’']t)"
    r"(?: (?:so|right|correct|true|accurate|the case|what [^.;:]{1,40}))?(?:[.;:]|, )"
    # of the claim itself
    rf"|\b{_CLAIM}\b[^.;]{{0,80}}\b{_WORDS_FOR_WRONG}\b"
    r"|\bnot (?:made out|borne out|substantiated|established|well founded)\b"
    r"|\bdo(?:es)? not survive\b|\bto the contrary\b|\bshow otherwise\b"
    # nothing of the kind
    r"|\bno (?:such|criticism arises)\b|\bnothing (?:irregular|improper|untoward|discriminatory"
    r"|wrong|unusual|of (?:the|that) (?:kind|sort)|in (?:it|this|that|them|the point))\b"
    r"|\b(?:not one|not a single one|none)(?: of (?:them|these|those|whom))? (?:had|has|have|was"
    r"|were|did|could|recognised|supported|confirmed|bore|showed|experienced|saw|heard)\b"
    # by whoever judges
    r"|\b(?:we|i) (?:do not|cannot|did not|could not) (?:draw|accept|share|adopt|uphold|make)"
    r" (?:that|this|the|it|any)\b"
    r"|\b(?:we|i) (?:have )?(?:reject|dismiss)(?:ed)? (?:it|this|that|them|the)\b"
    r"|\b(?:we|i) (?:can |could )?(?:find|found|saw|see) (?:nothing|no)\b"
)
_OF_THE_CLAIM = re.compile(rf"\b(?:this|that|such|it|them|they|these|those|so|either|{_CLAIM})\b")
_REACH = 3
"""Sentences in which the answer to a claim is looked for."""
_JUDGING = frozenset({Voice.INQUIRY, Voice.DOCUMENT})
"""Whose answer counts as one: whoever is accused contests a claim, and it stays one."""


def raised(frame: str, trigger: Span) -> Span | None:
    """The words that only raise what `trigger`, which comes after them, stands for."""
    before = frame[: trigger.end]
    cues = (Span(*cue.span()) for cue in _RAISED.finditer(before))
    return next((cue for cue in cues if not re.search(r"[.;]\s", before[cue.end :])), None)


def is_dismissed(following: Iterable[tuple[str, Voice]]) -> bool:
    """Whether one of the next sentences, by frame and voice, rejects the claim before them."""
    return any(
        _dismisses(lower(frame), voice)
        for frame, voice in islice(following, _REACH)
        if voice in _JUDGING
    )


def _dismisses(frame: str, voice: Voice) -> bool:
    if _DISMISSED.search(frame):
        return True
    return is_denial(frame, voice) and _OF_THE_CLAIM.search(frame) is not None
