"""How a sentence is put forward, by rule: found, reported, alleged, denied, recommended or told.

Judged on the sentence's frame, for a denial inside somebody's quotation is not the sentence's.
"""

import re

from ingest.findings.voice import Cue, lower
from ingest.model import Kind, Span, Stance, Voice

Told = tuple[Stance, Cue]
"""A stance, and why it was given."""

_DENIAL = re.compile(
    # nothing found
    r"\bno (?:\w+ )?(?:evidence|sign|signs|suggestion|indication|truth|basis|pattern|trace"
    r"|support|failure|case of"
    r"|reason to (?:believe|think|suppose|doubt)|criticism)\b"
    r"|\b(?:found|saw|heard|seen|identified|uncovered|produced|revealed|showed"
    r"|shows?) (?:that )?(?:nothing|no|none|neither)\b"
    r"|\bnothing (?:to (?:show|suggest|support|indicate)|in|that)\b|\bunable to (?:conclude"
    r"|find|establish|say)\b"
    # not accepted
    r"|\b(?:did|do|does|could|can|would) not (?:find|conclude|establish|support|accept"
    r"|recognise|share the view|attribute"
    r"|believe|criticise|regard|consider|think|agree|see any|amount to|suggest|bear out"
    r"|show that)\b|\bcannot (?:say|conclude|be said|accept)\b"
    r"|\bnot (?:persuaded|satisfied|shown|proven|proved|established|supported|substantiated"
    r"|borne out|upheld|the case|true|because)\b"
    r"|\b(?:was|were|had) never (?:aimed|intended|meant)\b|\bhad not meant\b|(?:,"
    r"|\band) not (?:a |an )?\w+(?=\.|$)"
    # refused
    r"|\bden(?:y|ies|ied|ying)\b(?! (?:access|the opportunity|a|her|him|them|promotion|leave"
    r"|adjustment))"
    r"|\bdenials?\b(?= (?:of|that|by))|\brefut(?:e|es|ed|ing)\b|\brebut(?:s|ted)?\b"
    r"|\bdisputed\b|\bdisputes (?:that|the)\b"
    r"|\b(?:reject|dismiss|contest)(?:s|ed|ing)? (?:the (?:claim|suggestion|allegation|idea"
    r"|finding|charge|view|notion|criticism|accusation)|any|that|all|this)s?\b"
    # cleared
    r"|\b(?:unfounded|baseless|unsubstantiated|without foundation|groundless|untrue"
    r"|mistaken belief|exonerat(?:ed|es)|cleared of|acquit(?:s|ted) \w+ of)\b"
    r"|\bfar from\b|\bcontrary to\b|\bfree (?:of|from)\b|\brather than (?:racism|sexism"
    r"|bullying|malice|prejudice|bias|discrimination)\b"
)
_OFFICIAL_DENIAL = re.compile(
    r"\b(?:said|says|insisted|insists|maintained|maintains|stated|told|confirmed|replied"
    r"|argued)\b[^.;]*?(?:\bno\b(?! longer)|\b(?:never|none|neither|nobody)\b|\b(?:had|has"
    r"|have|was|were|is|are|did|does|do) not\b)|\bdoes not tolerate\b"
)
_EXONERATION = re.compile(
    r"\b(?:we|i|the (?:panel|inquiry|review|audit|inspection)|inspectors|auditors) (?:found"
    r"|saw|judged|watched|are satisfied|were satisfied|was satisfied"
    r"|am satisfied)\b[^.;]*\b(?:fair|fairly|proper|properly|prompt|promptly|firm|sound"
    r"|thorough|careful|carefully|conscientious|exemplary|good|courteous|respectful|open"
    r"|lawful|reasonable|appropriate|appropriately|well[- ]documented|well[- ]run)\b"
    r"|\b(?:was|were|had) (?:been )?(?:proper|properly|firm|fair|fairly|promptly|appropriate"
    r"|well[- ](?:run|documented))\b|\bproper grounds\b|\bhad (?:all )?the resources\b"
)
_ALLEGATION = re.compile(
    r"\balleg(?:e|es|ed|edly|ing)\b|\b(?:he|she|they|who|solicitors?|claimants?|lawyers?"
    r"|side|federation|union|applicant|officer|constable|family) claim(?:s|ed)?\b"
    r"|\bclaim(?:s|ed) that\b|,? (?:he|she|they) claims?\b|\bassert(?:s|ed)?\b|\baccus(?:es"
    r"|ations?|ing)\b|\b(?:was|were|been) accused\b|\baccused (?:the|him|her|them)\b"
    r"|\bpurported\b|\bis said to have\b|\bcontend(?:s|ed)\b"
)
_REQUEST = re.compile(
    r"\bshould(?! (?:not |never )?have\b| be noted\b| be read\b)|\bmust(?! have\b)"
    r"|\bought (?:\w+ )?to(?! have\b)|\bshall\b|\b(?:we|i) (?:\w+ )?(?:recommend|urge"
    r"|propose|call on|expect|invite)\b"
    r"|(?<!the )\bneeds? to(?! know)\b|\brecommend(?:s|ed)? (?:that|to)\b|\bis to be\b"
    r"|\bit is (?:essential|vital|imperative|important) that\b|\bwill need to\b"
    r"|\bwould (?:bring together|be required|need to|include)\b"
)
_COMMITMENT = re.compile(
    r"\bwill\b|\bcommit(?:s|ted|ment)?\b|\bpromis(?:e|es|ed)\b|\bpledg(?:e|es|ed)\b"
    r"|\bagreed? to\b|\bagreed that\b|\bundert(?:ake|akes|ook)\b|\baccept(?:s|ed)? (?:the"
    r"|this|that|in)\b"
    r"|\b(?:said|confirmed|announced|told|stated)\b[^.;]*\bwould\b|\bintends? to\b"
    r"|\bplans? to\b|\bhas to be earned\b|\bare (?:being considered|looking to)\b"
    r"|\bunder the new\b|\bhas set out\b"
)
_RECOMMENDATION_LABEL = re.compile(r"\brecommendation\b\s*(?:\d+\w*)?\s*:")
_JUDGEMENT = re.compile(
    r"\bfail(?:s|ed|ure|ures|ing|ings)?\b|\binadequate|\binsufficient"
    r"|\bshould (?:not |never )?have\b"
    r"|\bcould have\b|\bought to have\b|\bflaw|\bunclear\b|\bclear that\b|\bclearly\b"
    r"|\b(?:we|i|the inquiry|the committee) (?:\w+ly |also |therefore |strongly |do "
    r"|entirely )?(?:agrees?|welcomes?|consider(?:s|ed)?|conclude[sd]?|find|finds|are|am"
    r"|respects?|commends?|believes?|think|doubt|regret|understand|appreciate|accepts?"
    r"|note with)\b"
    r"|\bin (?:my|our) (?:view|judgement|opinion)\b|\bconcern(?:ed|s|ing)?\b|\bregrett"
    r"|\bunfortunate|\bdeplorable|\bdisgraceful|\bunacceptable|\bwrong(?:ly)?\b|\berrors?\b"
    r"|\bmistake"
    r"|\black(?:s|ed|ing)?\b|\babsence of\b|\btoo (?:\w+)\b|\bessential\b|\bvital\b"
    r"|\bcrucial|\bfundamental|\bcritical\b|\bimportan(?:t|ce)\b|\bnecessary\b|\bneed(?:s|ed)?\b"
    r"|\b(?:did|does|do|had|has|have|could|was|were|is|are|can|cannot) ?(?:not|never)\b"
    r"|\bno such\b|\bonly\b|\bhowever\b|\bnevertheless\b|\bnonetheless\b|\bdespite\b"
    r"|\balthough\b|\byet\b"
    r"|\btherefore\b|\bbecause of\b|\bled to\b|\bresult(?:ed|s|ing)? in\b|\bcaused?\b"
    r"|\bundermin|\bhamper|\bimpact|\beffective|\bineffective|\bweak|\bpoor|\bstrong(?:er"
    r"|ly)?\b|\bsignificant(?:ly)?\b"
    r"|\bbetter\b|\bworse|\bworst\b|\bdifficult|\bserious|\bsuccess|\blikely\b|\bappears\b"
    r"|\bseems?\b|\bobvious|\bbravery\b|\btireless|\bexceptional|\bthanks to\b|\bfortunate"
    r"|\bquickly\b|\brapid|\bwill (?:enable|ensure|help|allow)\b|\bprevents?\b|\benhances?\b"
    r"|\bjust as\b|\bso far as\b|\bno choice\b|\bhave been\b.*\bprevented\b|\bexposed\b"
    r"|\bno reason\b|\bparticularly\b|\bmeans? that\b"
)
_HISTORY = re.compile(
    r"\buntil the (?:19|20)\d0s\b|\b(?:had|has) (?:already|long|previously)\b"
    r"|\blong history\b|\bis usually traced\b|\bhistorically\b|\bin (?:the )?(?:18"
    r"|19)\d\d(?:s)?\b|\bhad linked\b|\bin the past\b|\bdates? (?:back|from)\b"
    r"|\bunder an earlier\b|\bmet for the first time\b|\binterim report of\b|\bhad (?:been"
    r"|linked|described|reported|found)\b[^.;]*\b(?:earlier|previous|older)\b"
)
_CLAUSE_END = re.compile(r";|\.\s|, (?:but|although|though|while|whereas|yet)\b")


def stance(frame: str, voice: Voice, kind: Kind = Kind.OTHER) -> Stance:
    """How the sentence of this frame and voice is put forward in a document of this kind."""
    frame = lower(frame)
    if _RECOMMENDATION_LABEL.search(frame):
        return Stance.RECOMMENDED
    if _DENIAL.search(frame) or (voice is Voice.OFFICIAL and _OFFICIAL_DENIAL.search(frame)):
        return Stance.DENIED
    return _affirmed(frame, voice, kind)[0]


def trigger_stance(frame: str, trigger: Span, voice: Voice, kind: Kind = Kind.OTHER) -> Stance:
    """How what `trigger` (counted from the frame's start) stands for is put forward.

    A denial holds to the end of its clause. What is evidence of a failing is not background
    unless the sentence is history.
    """
    return trigger_cue(frame, trigger, voice, kind)[0]


def trigger_cue(frame: str, trigger: Span, voice: Voice, kind: Kind = Kind.OTHER) -> Told:
    """The same, with the words that it was told by."""
    frame = lower(frame)
    if denial := _denied(frame, trigger, voice):
        return Stance.DENIED, Cue("a denial or clearance, in the same clause", denial)
    affirmed, cue = _affirmed(frame, voice, kind)
    recorded = (
        voice is Voice.DOCUMENT and affirmed is Stance.REPORTED and "according to" not in frame
    )
    if not recorded and affirmed not in {Stance.BACKGROUND, Stance.FOUND}:
        return affirmed, cue
    if history := _HISTORY.search(frame):
        return Stance.BACKGROUND, Cue("told as history", Span(*history.span()))
    if affirmed is Stance.FOUND:
        return affirmed, cue
    found = "a document records it" if recorded else "evidence of a failing, told outright"
    return Stance.FOUND, Cue(found)


def _denied(frame: str, trigger: Span, voice: Voice) -> Span | None:
    """The words that deny it."""
    patterns = [_DENIAL, _EXONERATION] + [_OFFICIAL_DENIAL] * (voice is Voice.OFFICIAL)
    return next(
        (
            Span(*cue.span())
            for pattern in patterns
            for cue in pattern.finditer(frame)
            if _scope(frame, cue).overlap(trigger) > 0
        ),
        None,
    )


def _scope(frame: str, cue: re.Match[str]) -> Span:
    """From the start of the cue's clause to its end."""
    starts = [end.end() for end in _CLAUSE_END.finditer(frame, 0, cue.start())]
    following = _CLAUSE_END.search(frame, cue.end())
    return Span(starts[-1] if starts else 0, following.start() if following else len(frame))


def _affirmed(frame: str, voice: Voice, kind: Kind) -> Told:
    if voice is not Voice.OFFICIAL and (cue := _ALLEGATION.search(frame)):
        return Stance.ALLEGED, Cue("a word of alleging", Span(*cue.span()))
    asks = voice in {Voice.INQUIRY, Voice.OFFICIAL, Voice.DOCUMENT}
    if asks and (cue := _REQUEST.search(frame)):
        return Stance.RECOMMENDED, Cue("a word of asking", Span(*cue.span()))
    if voice is Voice.OFFICIAL and (cue := _COMMITMENT.search(frame)):
        return Stance.RECOMMENDED, Cue("an official promise", Span(*cue.span()))
    if voice is not Voice.INQUIRY and kind is not Kind.RESPONSE:
        return Stance.REPORTED, Cue("somebody else's words, passed on")
    if cue := _JUDGEMENT.search(frame):
        return Stance.FOUND, Cue("a word of judging", Span(*cue.span()))
    return Stance.BACKGROUND, Cue("told, without a judgement")
