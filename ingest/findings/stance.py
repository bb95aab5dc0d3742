"""How a sentence is put forward, by rule: found, reported, alleged, denied, recommended or told.

Judged on the sentence's frame, for a denial inside somebody's quotation is not the sentence's.
"""

import re
from collections.abc import Iterable

from ingest.findings import judging
from ingest.findings.denial import denial, is_denial
from ingest.findings.voice import Cue, lower
from ingest.model import Kind, Span, Stance, Voice

Told = tuple[Stance, Cue]
"""A stance, and why it was given."""

_ALLEGATION = re.compile(
    r"\balleg(?:e|es|edly|ing)\b|(?<!the )(?<!an )(?<!of )(?<!such )(?<!any )\balleged\b|\b(?:he"
    r"|she|they|who|solicitors?|claimants?|lawyers?"
    r"|side|federation|union|applicant|officer|constable|family) claim(?:s|ed)?\b"
    r"|\bclaim(?:s|ed) that\b|,? (?:he|she|they) claims?\b|\bassert(?:s|ed)?\b|\baccus(?:es"
    r"|ations?|ing)\b|\b(?:was|were|been) accused\b|\baccused (?:the|him|her|them)\b"
    r"|\bpurported\b|\bis said to have\b|\bcontend(?:s|ed)\b"
)
_REQUEST = re.compile(
    r"\bshould(?! (?:not |never )?have\b(?! (?:an?|the|access)\b)| (?:an?|the|any"
    r"|they|it|i|we|you)\b| be noted\b| be read\b"
    r"| be (?:addressed|directed|sent) to\b)|\bmust(?! have\b)"
    r"|\bought (?:\w+ )?to(?! have\b)|(?<!\bi )(?<!\bwe )\bshall\b|\b(?:we|i) (?:\w+ )?(?:recommend"
    r"|urge|am recommending|are recommending|propose|call on|call for|expect|invite|encourage"
    r"|ask that)\b"
    r"|\b(?:we|i|our|my|the inquiry)\b[^.;]{0,80}\brecommendations?\b[^.;]{0,60}:\s*$"
    r"|\bit will be (?:critical|essential|vital|important|necessary) (?:to|that)\b|\bnever again\b"
    r"|\bthe only (?:answer|solution|remedy)\b[^.;]*\bis to\b"
    r"|(?<!the )\bneeds? to(?! know)\b|\brecommend(?:s|ed)? (?:that|to)\b|\bis to be\b"
    r"|\bit is (?:essential|vital|imperative|important) that\b|\bwill need to\b"
    r"|\bwould (?:bring together|be required|need to|include)\b"
)
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
_INDIRECT = re.compile(r"\b(?:whether|why|how|if)\b[^,.;]{0,100}$")
"""Before what is asked or supposed, and not asked for."""
_HEARSAY = re.compile(
    r"\bit (?:was|is|had been|has been) (?:\w+ )?(?:observed|believed|reported|suggested|said"
    r"|noted|argued|thought|claimed|put to)\b"
)
_REPLYING = frozenset(
    {Kind.RESPONSE, Kind.LETTER, Kind.PLAN, Kind.PRESS_NOTICE, Kind.PROGRESS_REPORT, Kind.OTHER}
)
"""Kinds of document in which a body promises; elsewhere its promises are passed on."""
_RECOMMENDATION_LABEL = re.compile(r"\brecommendation\b\s*(?:\d+\w*)?\s*:")
_HISTORY = re.compile(
    r"\buntil the (?:19|20)\d0s\b|\b(?:had|has) (?:already|long|previously)\b"
    r"|\blong history\b|\bis usually traced\b|\bhistorically\b|\bin (?:the )?(?:18"
    r"|19)\d\d(?:s)?\b|\bhad linked\b|\bin the past\b|\bdates? (?:back|from)\b"
    r"|\bunder an earlier\b|\bmet for the first time\b|\binterim report of\b|\bhad (?:been"
    r"|linked|described|reported|found)\b[^.;]*\b(?:earlier|previous|older)\b"
)


def stance(frame: str, voice: Voice, kind: Kind = Kind.OTHER) -> Stance:
    """How the sentence of this frame and voice is put forward in a document of this kind."""
    frame = lower(frame)
    if _RECOMMENDATION_LABEL.search(frame):
        return Stance.RECOMMENDED
    if is_denial(frame, voice):
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
    if denied := denial(frame, trigger, voice):
        return Stance.DENIED, Cue("a denial or clearance, in the same clause", denied)
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


def _affirmed(frame: str, voice: Voice, kind: Kind) -> Told:
    if voice is not Voice.OFFICIAL and (cue := _ALLEGATION.search(frame)):
        return Stance.ALLEGED, Cue("a word of alleging", Span(*cue.span()))
    if voice is Voice.OFFICIAL and kind is Kind.RESPONSE and (cue := _opinion(frame)):
        return Stance.FOUND, Cue("what the answering body thinks", Span(*cue.span()))
    asks = voice in {Voice.INQUIRY, Voice.OFFICIAL, Voice.DOCUMENT}
    if asks and (cue := _request(frame)):
        return Stance.RECOMMENDED, Cue("a word of asking", Span(*cue.span()))
    promises = voice is Voice.OFFICIAL and kind in _REPLYING
    if promises and (cue := _COMMITMENT.search(frame)):
        return Stance.RECOMMENDED, Cue("an official promise", Span(*cue.span()))
    if voice is not Voice.INQUIRY and kind is not Kind.RESPONSE:
        return Stance.REPORTED, Cue("somebody else's words, passed on")
    if cue := _HEARSAY.search(frame):
        return Stance.REPORTED, Cue("nobody says who said it", Span(*cue.span()))
    borne = list(judging.signs(frame))
    if judging.points(borne) >= 0:
        return Stance.FOUND, _most_telling(borne)
    return Stance.BACKGROUND, Cue("told, without a judgement")


def _opinion(frame: str) -> re.Match[str] | None:
    return None if _PROMISING.search(frame) else _OPINION.search(frame)


def _request(frame: str) -> re.Match[str] | None:
    return next(
        (
            asked
            for asked in _REQUEST.finditer(frame)
            if not _INDIRECT.search(frame[max(0, asked.start() - 120) : asked.start()])
        ),
        None,
    )


def _most_telling(borne: Iterable[judging.Borne]) -> Cue:
    sign, words = max(borne, key=lambda found: found[0].points)
    return Cue(f"it judges: {sign.why}", Span(*words.span()))
