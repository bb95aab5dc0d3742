"""How a sentence is put forward, by rule: found, reported, alleged, denied, recommended or told.

Judged on the sentence's frame, for a denial inside somebody's quotation is not the sentence's.
"""

import re
from collections.abc import Iterable

from ingest.findings.claims import raised
from ingest.findings.denial import denial, is_denial
from ingest.findings.frame import Cue, lower, mentions
from ingest.findings.judging import points, worth
from ingest.findings.signs import Borne, signs
from ingest.model import Kind, Span, Stance, Voice

Told = tuple[Stance, Cue]
"""A stance, and why it was given."""

_ALLEGATION = re.compile(
    r"\balleg(?:e|es|edly|ing)\b|(?<!the )(?<!an )(?<!of )(?<!such )(?<!any )\balleged\b|\b(?:he"
    r"|she|they|who|solicitors?|claimants?|lawyers?"
    r"|side|federation|union|applicant|officer|constable|family) claim(?:s|ed)?(?= (?:that|to"
    r"|not|never|he|she|it|they|there|his|her"
    r"|their|the|an?)\b|,)"
    r"|\bclaim(?:s|ed) that\b|, (?:he|she|they) claims?\b"
    r"|\bassert(?:s|ed)?\b(?=[^.;]{0,60}\bthat\b|,| (?:he|she|it|they|there)\b)|\baccus(?:es"
    r"|ations?|ing)\b|\b(?:was|were|been) accused\b|\baccused (?:the|him|her|them)\b"
    r"|\bpurported\b|\bis said to have\b|\bcontend(?:s|ed)\b"
)
_OF_ALLEGING = ("alleg", "claim", "assert", "accus", "purported", "said to have", "contend")
_COMMENT = (
    r"be (?:noted|borne in mind|remembered|stressed|emphasised|understood)\b|be (?:recogni[sz]ed"
    r"|said"
    r"|acknowledged|made clear|stated|added|observed|read) (?:that|in|as|together)\b"
)
"""What is to be done with a remark, and asks for nothing."""
_REMARK = (
    r"mention|record|say|add|stress|emphasise|make (?:it )?clear|note|explain|observe|spell out"
    r"|acknowledge|state|point out|deal|turn"
)
_REQUEST = re.compile(
    rf"(?<!\bi )(?<!\bi also )(?!(?<=\bwe )should (?:also )?(?:{_REMARK})\b)\bshould(?! (?:not "
    rf"|never |also |\w+ly )?have\b(?! (?:an?|the"
    r"|access)\b)| (?:an?|the|any|they|it|i|we|you)\b| be (?:addressed|directed|sent) to\b"
    rf"| (?:also |\w+ly )?(?:{_COMMENT}))"
    rf"|(?<!\bi )\bmust(?! (?:\w+ly )?(?:have\b|follow\b|mean\b|demonstrate\b|{_COMMENT}))"
    r"|\bought (?:\w+ )?to(?! have\b)|(?<!\bi )(?<!\bwe )\bshall\b"
    r"|\b(?:we|i) (?:(?!cannot|not)\w+ )?(?:recommend|urge|am recommending|are recommending"
    r"|propose(?! to (?:consider|answer|deal|address|examine|set|say|make|begin))|call on|call for"
    r"|expect|invite|encourage|ask that)\b"
    r"|\b(?:we|i|our|my|the inquiry)\b[^.;]{0,80}\brecommendations?\b[^.;]{0,60}:\s*$"
    r"|\bit will be (?:critical|essential|vital|important|necessary) (?:to|that)\b|\bnever again\b"
    r"|\bthe (?:inquiry|committee|panel|review|chair) (?:\w+ ){0,2}recommend(?:s|ing)\b"
    r"|\b(?:change|improvement|reform|action|investment|leadership|overhaul|step)s?\b[^,.;]{0,60}"
    r"\b(?:is|are) (?:\w+ )?(?:needed|required)\b"
    r"|\bthe only (?:answer|solution|remedy)\b[^.;]*\bis to\b"
    r"|(?<!the )(?<!no )(?<!any )(?<!little )(?<!not )\bneeds? to(?! know)\b"
    r"|\bis to be\b(?! (?:contrasted|noted|read|understood|found|expected))"
    r"|\bit is (?:essential|vital|imperative|important) that\b|\bwill need to\b"
    r"|\bwould (?:bring together|be required|need to|include)\b"
)
_OF_ASKING = (
    *("should", "must", "ought", "shall", "recommend", "urge", "propose", "call", "expect"),
    *("invite", "encourage", "ask that", "it will be", "never again", "the only", "need"),
    *("is to be", "it is", "would", "required"),
)
"""One of these is in whatever that matches."""
_RECOMMENDED = re.compile(r"\brecommend(?:s|ed)?\b|\bcalled for\b")
"""By a document."""
_COMMITMENT = re.compile(
    r"(?<!which )(?<!who )(?<!that )\bwill\b|\bcommit(?:s|ted|ment)?\b|\bpromis(?:e|es|ed)\b"
    r"|\bpledg(?:e|es|ed)\b"
    r"|\bagreed? to\b|\bagreed that\b|\bundert(?:ake|akes|ook)\b|\baccept(?:s|ed)? (?:the"
    r"|this|that|in)\b"
    r"|\b(?:said|confirmed|announced|told|stated)\b[^.;]{0,200}\bwould\b|\bintends? to\b"
    r"|(?<!and )(?<!considered )\bplans? to\b|\bprogrammed for (?:20|the)|\bhas to be earned\b"
    r"|\bare (?:being considered|looking to)\b|\bunder the new\b|\bhas set out\b"
)
_OPINION = re.compile(
    r"\b(?:the (?:\w+ )?(?:government|department|ministry|council|force)|we)(?: \w+ly| also)?"
    r" (?:agrees? that|welcomes?|recogni[sz]es?|believes?|accepts? that|acknowledges?|sees?)\b"
    # what goes by its initials
    r"|\b(?!(?:this|which|that|it)\b)[a-z]{2,5}"
    r" (?:agrees that|welcomes|recogni[sz]es|believes|accepts that|acknowledges|sees)\b"
)
_PROMISING = re.compile(
    r"\b(?:we|it|and|government|department|ministry|council|force)(?: \w+ly)? will\b"
)
_INDIRECT = re.compile(
    r"\b(?:whether|(?<!is )why|how|(?:by|with|in|for|at|under) which)\b[^,.;]{0,100}$"
    r"|\b(?:ask|asks|asked|consider|considered|see|know|decide|decided"
    r"|determine)\b[^,.;]{0,30}\bif\b"
    r"[^,.;]{0,100}$"
    r"|\bwhat\b[^,.;]{0,50}$|\b(?:which|who|that|could and|could or)\s+(?:\w+ly\s+)?$"
)
"""Before what is asked or supposed, and not asked for."""
_PASSED_ON = re.compile(
    r"\b(?:(?<!my )(?<!our )(?:view|decision|recommendation|suggestion|request|idea|proposal"
    r"|argument"
    r"|imposition)|(?<!\bi )(?<!\bwe )(?:requested|suggested|advised|decided|agreed|accepts?"
    r"|recommended|asked|proposed))\b[^,.;]{0,60}\b(?:that|of)\b[^.;]{0,100}$"
)
"""Before what somebody else asked for, which the sentence tells."""
_RULED = re.compile(
    r"\b(?:under|in accordance with|pursuant to|by virtue of) (?:\w+ ){1,6}?(?:act|rules?"
    r"|regulations?"
    r"|section|policy|code|terms|licence|contract)\b[^.;]*$"
)
"""Before what a rule asks for."""
_HEARSAY = re.compile(
    r"\bit (?:was|is|had been|has been) (?:\w+ )?(?:observed|believed|reported|suggested|said"
    r"|noted|argued|thought|claimed|put to)\b"
)
_BENEFIT = re.compile(
    r"\W*(?:\d[\d.]*\s+)?(?:this|it|these|they|which|that)(?: \w+)? will (?:also |further "
    r"|in turn )?"
    r"(?:ensure|give|be an?|help|enable|allow|contribute|improve|mean|strengthen|lead|make|increase"
    r"|reduce|facilitate)\b"
)
"""What good a promise will do."""
_REPLYING = frozenset(
    {Kind.RESPONSE, Kind.LETTER, Kind.PLAN, Kind.PRESS_NOTICE, Kind.PROGRESS_REPORT, Kind.OTHER}
)
"""Kinds of document in which a body promises; elsewhere its promises are passed on."""
_RECOMMENDATION_LABEL = re.compile(r"\brecommendation\b\s*(?:\d+\w*)?\s*:")
_HISTORY = re.compile(
    r"\buntil the (?:19|20)\d0s\b|\b(?:had|has) (?:already|long|previously)\b"
    r"|\blong history\b|\bis usually traced\b|\bhistorically\b|\bhad linked\b|\bin the past\b"
    r"|\bdates? (?:back|from)\b"
    r"|\bunder an earlier\b|\bmet for the first time\b|\binterim report of\b|\bhad (?:been"
    r"|linked|described|reported|found)\b[^.;]*\b(?:earlier|previous|older)\b"
)


_LONG_AGO = re.compile(r"\bin (?:the )?(?:18|19)\d\ds?\b")
"""History too, unless it is judged."""


def stance(frame: str, voice: Voice, kind: Kind = Kind.OTHER) -> Stance:
    """How the sentence of this frame and voice is put forward in a document of this kind."""
    frame = lower(frame)
    if _RECOMMENDATION_LABEL.search(frame):
        return Stance.BACKGROUND if _is_heading(frame) else Stance.RECOMMENDED
    if is_denial(frame, voice):
        return Stance.DENIED
    return _affirmed(frame, voice, kind)[0]


def trigger_cue(frame: str, trigger: Span, voice: Voice, kind: Kind = Kind.OTHER) -> Told:
    """How what `trigger` (counted from the frame's start) stands for is put forward, and why.

    A denial holds to the end of its clause. What is evidence of a failing is not background
    unless the sentence is history.
    """
    frame = lower(frame)
    if denied := denial(frame, trigger, voice):
        return Stance.DENIED, Cue("a denial or clearance, in the same clause", denied)
    affirmed, cue = _affirmed(frame, voice, kind)
    recorded = (
        voice is Voice.DOCUMENT and affirmed is Stance.REPORTED and "according to" not in frame
    )
    if not recorded and affirmed not in {Stance.BACKGROUND, Stance.FOUND}:
        return affirmed, cue
    if cue_of_raising := raised(frame, trigger):
        return Stance.ALLEGED, Cue("a claim that is raised, not made", cue_of_raising)
    history = _HISTORY.search(frame)
    if affirmed is not Stance.FOUND:
        history = history or _LONG_AGO.search(frame)
    if history:
        return Stance.BACKGROUND, Cue("told as history", Span(*history.span()))
    if affirmed is Stance.FOUND:
        return affirmed, cue
    found = "a document records it" if recorded else "evidence of a failing, told outright"
    return Stance.FOUND, Cue(found)


def _is_heading(frame: str) -> bool:
    """Whether the label of a recommendation has its name after it, and not what it asks."""
    return not re.search(r"[.;:?!]\W*$", frame) and _request(frame, Voice.INQUIRY) is None


def _affirmed(frame: str, voice: Voice, kind: Kind) -> Told:
    alleges = voice is not Voice.OFFICIAL and mentions(frame, _OF_ALLEGING)
    if alleges and (cue := _ALLEGATION.search(frame)):
        return Stance.ALLEGED, Cue("a word of alleging", Span(*cue.span()))
    if voice is Voice.OFFICIAL and kind is Kind.RESPONSE and (cue := _opinion(frame)):
        return Stance.FOUND, Cue("what the answering body thinks", Span(*cue.span()))
    asks = voice in {Voice.INQUIRY, Voice.OFFICIAL, Voice.DOCUMENT}
    if asks and (cue := _request(frame, voice)):
        return Stance.RECOMMENDED, Cue("a word of asking", Span(*cue.span()))
    promises = voice is Voice.OFFICIAL and kind in _REPLYING and not _BENEFIT.match(frame)
    if promises and (cue := _COMMITMENT.search(frame)):
        return Stance.RECOMMENDED, Cue("an official promise", Span(*cue.span()))
    if voice is not Voice.INQUIRY and kind is not Kind.RESPONSE:
        return Stance.REPORTED, Cue("somebody else's words, passed on")
    if cue := _HEARSAY.search(frame):
        return Stance.REPORTED, Cue("nobody says who said it", Span(*cue.span()))
    borne = list(signs(frame))
    if points(borne) >= 0:
        return Stance.FOUND, _most_telling(borne)
    return Stance.BACKGROUND, Cue("told, without a judgement")


def _opinion(frame: str) -> re.Match[str] | None:
    return None if _PROMISING.search(frame) else _OPINION.search(frame)


def _request(frame: str, voice: Voice) -> re.Match[str] | None:
    if not mentions(frame, _OF_ASKING):
        return None
    own = voice is not Voice.DOCUMENT
    asks = [*_REQUEST.finditer(frame), *(() if own else _RECOMMENDED.finditer(frame))]
    return next((asked for asked in asks if not _told(frame[: asked.start()], own=own)), None)


def _told(before: str, *, own: bool) -> bool:
    nearest = before[-160:]
    passed_on = own and (_PASSED_ON.search(nearest) or _RULED.search(nearest))
    return bool(passed_on or _INDIRECT.search(nearest))


def _most_telling(borne: Iterable[Borne]) -> Cue:
    sign, words = max(borne, key=lambda found: worth(found[0]))
    return Cue(f"it judges: {sign.why}", Span(*words.span()))
