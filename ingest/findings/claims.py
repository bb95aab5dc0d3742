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
    r"(?<!our )(?<!my )(?:suggestion|allegation|accusation|charge|assertion|contention|insinuation"
    r"|proposition|submission|claim|criticism|rumour|theory|supposition|inference)s?"
)
_JUDGE = r"(?:we|i|the (?:inquiry|panel|review|committee))"
_HOLD = r"(?:consider|find|conclude|infer|accept|hold|say|decide|suppose|believe)"
_RAISED = re.compile(
    rf"\b{_CLAIM}(?: (?:was|is|were|are|made|put|advanced|raised|heard)\b[^.;]{{0,40}}?)?,? that\b"
    rf"|\b{_JUDGE} (?:was|were|have been|has been) (?:asked|invited|urged|pressed) to {_HOLD}\b"
    rf"|\b(?:asked|invited|urged|pressed) (?:us|me|the (?:inquiry|panel|review)) to {_HOLD}\b"
    rf"|\b{_JUDGE} (?:has |have |had )?(?:also )?(?:considered|examined|explored|investigated"
    r"|tested|asked|looked) (?:[\w-]+ ){0,4}whether(?! to\b)"
    r"|\bthe (?:question|issue) (?:is|was|arose|arises|of|as to)?\s*whether(?! to\b)"
    r"|\bhad it that\b|\bit (?:is|was|had been|has been) (?:\w+ )?(?:believed|supposed|rumoured"
    r"|reported|suggested|said|argued|thought|claimed|put) (?:to (?:us|me|\w+ \w+) )?that\b"
)
_BREAK = re.compile(
    r"[.;]\s|, (?:and|but|which|yet)\b|\b(?:and|but|yet) (?:we |i )?(?:find|found|conclude|saw)\b"
)
"""Where what was raised ends."""
_UPHELD = re.compile(
    r"(?<!not )\b(?:proved|proven|made out|upheld|well[- ]founded|justified|is true|was true)\b"
    r"|\band (?:he|she|it|they) (?:did|was|were|had)\W*$"
)
_REJECTED = (
    r"(?:unfounded|mistaken|wrong|baseless|misplaced|misconceived|untrue|false|myth|discredited"
    r"|disproved|abandoned|withdrawn|without (?:merit|foundation|substance)"
    r"|no (?:merit|foundation|substance|basis))"
)
_DISMISSED = re.compile(
    # of few words, for which the claim supplies the rest
    r"\b(?:he|she|it|they|there|that|this|these|those) (?:did|do|does|was|were|is|are|had|has|have)"
    r"(?: not|n[’']t)(?: (?:so|right|correct|true|accurate|the case))?\W*$"
    # of the claim itself
    rf"|\b{_CLAIM}\b[^.;]{{0,80}}\b{_REJECTED}\b"
    rf"|\b{_CLAIM}\b[^.;]{{0,80}}\b(?:do|does|did) not (?:survive|stand)\b"
    r"|\bnot (?:made out|borne out|substantiated|well[- ]founded)\b"
    r"|\b(?:is|are|was|were) to the contrary\b|(?<!not )\bshow otherwise\b"
    # nothing of the kind
    r"|\bno such \w+ (?:is|are|was|were) (?:found|seen|made|in|recorded|shown)\b"
    r"|\b(?:we|i) (?:find|found|saw|see) no such\b"
    r"|\b(?:there (?:is|was)|(?:we|i) (?:find|found|saw|see)) nothing (?:irregular|improper"
    r"|untoward|discriminatory|of (?:the|that) (?:kind|sort)|in (?:it|this|that|them|the point))\b"
    r"|\b(?:not one|not a single one|none)(?: of (?:them|these|those|whom))? (?:had |has |have )?"
    r"(?:recognised|supported|confirmed|seen|saw|experienced|heard|witnessed)\b"
    # by whoever judges
    r"|\b(?:we|i) (?:do not|cannot|did not|could not) (?:draw|accept|share|adopt|uphold)"
    r" (?:that|this|it|any of (?:it|this|that))\b\W*$"
    r"|\b(?:we|i) (?:have )?(?:reject|dismiss)(?:ed)? (?:it|this|that|them)\b"
)
_OF_THE_CLAIM = re.compile(rf"\b{_CLAIM}\b|\b(?:this|that|it|so)\W*$")
_BELIEVED = re.compile(r"\bno reason to (?:doubt|disbelieve)\b|\bmade (?:it|this|that) up\b")
_REACH = 3
"""Sentences in which the answer to a claim is looked for."""
_JUDGING = frozenset({Voice.INQUIRY, Voice.DOCUMENT})
"""Whose answer counts as one: whoever is accused contests a claim, and it stays one."""


def raises(frame: str) -> bool:
    """Whether a sentence of this frame, in lower case, raises anything, whatever it then says."""
    return _RAISED.search(frame) is not None


def raised(frame: str, trigger: Span) -> Span | None:
    """The words that only raise what `trigger`, which comes after them, stands for."""
    if _UPHELD.search(frame):
        return None
    before = frame[: trigger.end]
    cues = (Span(*cue.span()) for cue in _RAISED.finditer(before))
    return next((cue for cue in cues if not _BREAK.search(before[cue.end :])), None)


def is_dismissed(answers: Iterable[tuple[str, Voice]]) -> bool:
    """Whether one of the next sentences, by frame and voice, rejects the claim before them."""
    return any(
        dismisses(lower(frame), voice)
        for frame, voice in islice(answers, _REACH)
        if voice in _JUDGING
    )


def dismisses(frame: str, voice: Voice) -> bool:
    """Whether a sentence of this frame, in lower case, rejects a claim that it names or follows."""
    if _BELIEVED.search(frame):
        return False
    if _DISMISSED.search(frame):
        return True
    return is_denial(frame, voice) and _OF_THE_CLAIM.search(frame) is not None
