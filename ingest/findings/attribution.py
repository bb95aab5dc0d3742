"""To whom a sentence attributes what it says: the subject of its verb of saying, and the like."""

import re
from functools import partial

from ingest.findings.frame import Cue, lower, mentions
from ingest.findings.naming import (
    COMMON,
    DOCUMENT,
    PERSON,
    PERSONS,
    names,
    voice_of,
)
from ingest.model import Span, Voice

_compiled = partial(re.compile, flags=re.IGNORECASE)

Heard = tuple[Voice, Cue]
"""Whose words, and why it is thought so."""
_SAYING = (
    "said(?! to (?:be|have|prove|show|make|amount))|say(?! (?:at|\\d|£))|says|stated|told|tells"
    "|recollects|remembered|alleged|alleges"
    "|insisted|insists|argues|denied|denies|rejected|rejects|refuted|wrote|writes|conceded"
    "|concedes|admitted"
    "|admits|promises|promised|pledged|remarked|commented|testified|put it|complained"
    "|praised|criticised|pointed out|points out|does not accept|do not accept"
    "|spoke of|speaks of|spoke about|assured|likened|remembers"
    "|protested|accused|believes|believed that|thought that|considered (?:that|it)"
    "|acknowledges that|takes the view|took the view|has written|had written"
)
# These are nouns as often.
_SAYING_BEFORE_THAT = "claims|claim|reports|states|notes|estimates|described|describes"
# These are also verbs of doing, so what follows must show that words are reported.
_SAYING_BEFORE_A_CLAUSE = (
    "claimed|reported|stating|noted|estimated|undertook|undertakes"
    "|recommended|concluded|concludes|added|adds|agreed|agrees|announced|announces|advised"
    "|explained|explains|submitted|submits|accepts|confirmed|confirms"
    "|committed|observed|assert|asserts|asserted|acknowledged|acknowledges|suggested|argued"
    "|disputed|indicated|continued(?! to)|responded|reflected|maintained|maintains"
    "|accepted(?= that)|felt(?= that)|contended|contends|recalled|recalls|disputes|replied"
    "|answered|warned|warns|welcomed"
)
_SAYING_AFTER_DID = (
    r"(?:accept|acknowledge|agree|believe|concede|dispute|think)\b"
    r"|(?:say|tell|state|confirm|admit|argue|claim|describe|explain|maintain|recall|suggest)"
    r"(?=\s+(?:that|it|how|what|why|he|she|they)\b)"
)
_RECORDING = (
    "showed|shows|show|shown|records|recorded|record|lists|listed|list|reveals|revealed"
    "|indicated|sets out|set out(?! (?:above|below|in|at))"
    "|reads|contains|included|includes|recognised|assumed|observed"
    "|acknowledged|committed|found|identified|identifies|warned"
    "|underlined|proposes|proposed|provides|describe|name|note|state|report|counted"
    "|noted|notes|concludes|concluded"
)
# People do this in evidence, and what else has such a verb does not speak.
_OPINING = (
    "agreed(?! to)|agrees|considered|considers|suggested|suggests|expressed|described"
    "|describes|underscored|questioned|attributed|attributes|cautioned|relied|recall|recalls"
    "|regarded|regards|reflected|recommended|explained|aligned|sought to (?:persuade|characterise"
    "|argue)|were in agreement|attribute"
)
# Things do this as well as people.
_SHOWING = "indicates|highlighted|highlights|emphasised|emphasises|stressed|stresses"
_VERB = re.compile(
    rf"\b(?:{_SAYING})\b"
    rf"|\b(?:{_SAYING_BEFORE_A_CLAUSE})(?=,?\s+(?:(?:in|to|on|at|by) [^,.;:“”]{{0,50}} )?(?:that"
    rf"|how|what|why)\b|,?\s+(?:to(?! (?:the|an?|his|her|their|mrs?|ms|dr|sir)\b)|it|he|she"
    rf"|they|there|being|officers|her|his)\b|:|,?\s*[“\"‘])"
    rf"|\b(?:{_SAYING_BEFORE_THAT})(?=,?\s+(?:that|how|what|why)\b|:|,?\s*[“\"‘])"
    r"|\b(?:noted|added|concluded|explained|argued|observed|replied|warned|acknowledged)(?=,)"
    r"|\b(?:(?:has|have|had) described|described)(?=\s+(?:(?:the|an?|his|her|their)\b|\w+ing\b"
    r"|significant))"
    rf"|\bdid(?: not| also| indeed)?\s+(?:{_SAYING_AFTER_DID})|\b(?P<show>{_SHOWING})\b"
    rf"|\b(?P<opine>{_OPINING})\b"
    rf"|\b(?P<record>{_RECORDING})\b"
)
# "Were told", "those who said": the subject of the verb is not the speaker of the sentence.
_PASSIVE = _compiled(
    r"\b(?:is|are|was|were|be|been|being|who|as|otherwise)\s+(?:(?:\w+ly|not|also)\s+){0,3}$"
    r"|\b(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+)?\w+ed(?:,|\s+and|\s+or)\s+(?:\w+ly\s+)?$"
    r"|\b(?:safe|reasonable|fair|right|wrong|easy|possible|open|necessary|not)\s+to\s+$"
)
# "When he told them": the main clause decides whose words the sentence is.
_SUBORDINATE = _compiled(
    r"\b(?:if|unless|when|while|whilst|because|although|though|whereas|after|until"
    r"|before)\b[^,;:]*$"
)
_OURSELVES = _compiled(
    r"\b(?:we|i|the (?:inquiry|committee|review|panel|chair)|our \w+|my \w+)(?:\s+(?:have"
    r"|had|has|also|therefore|would|do|did|not|can|cannot|could|should|may|might|must|will"
    r"|go so far as to|\w+ly))*\s*$"
)
_ASIDE = re.compile(
    r"\([^()]*\)|, (?:for example|however|therefore|in turn|too|of course),"
    r"|, (?:dated|published|issued|prepared|produced|commissioned|written|held) [^,.;]{0,80},"
)
_OUR_DOING = re.compile(
    r"\W*(?:\d[\d.]*\s+)?(?:(?:\w+|in this \w+|(?:when|as|since|having|although"
    r"|while) [^,]{0,120}), )?"
    r"(?:i|we) (?!(?:\w+ ){0,2}(?:told|informed|advised|assured|reminded|heard|met|spoke"
    r"|interviewed"
    r"|received|asked|understand|saw)\b)"
)
_SAID_AND_DONE = re.compile(r"\b(?:all that|that|having) said,")
_FARTHEST = 400
"""Characters before a verb of saying among which its subject stands."""
_PRONOUN = _compiled(
    r"^\W*(?:\w+\W+){0,2}?(?:he|she|they|it)(?:\s+(?:and others|also|then|had|has|further"
    r"|\w+ly))*\s*$"
)
_NOUN = re.compile(r"(?:claim|report|note|estimate|state|promise|describe)s?")
"""What may be a noun as well as a verb of saying."""
_DETERMINER = _compiled(
    r"\b(?:of|in|for|on|by|with|about|all|any|no|some|these|those|many|such|the|their|his|her|its"
    r"|different|such|further|other|formal|legal|an?|one|each|every|regular|late|disputed"
    r"|\d+)\s+(?:\w+al\s+)?$"
)
_TESTIMONY = r"(?:(?:witness )?statements?|evidence|submissions?)\b"
_WRITING = re.compile(r"wrote|writes|has written|had written")
_RELATIVE = _compiled(r"\b(?:which|whom|whose|where|what)\b[^,;]*$")
_OWNER = (
    r"(?:(?!absence|light|basis|any|no)[\w.’']+ ){0,4}?"
    r"(?:his|her|their|oral|written|witness|closing|opening|live|\w+['’]s?) (?:[\w.]+ ){0,3}?"
)
"""Whose testimony, or of which kind."""
_EVIDENCE = re.compile(
    r"\b(?:told|said to|explained to|described to|wrote to|informed|reminded) (?:us|me"
    r"|the (?:inquiry|committee|review))\b"
    r"|\b(?:we|i|the (?:inquiry|committee|review|panel)) (?:\w+ )?heard (?:that|how|from"
    r"|evidence that)\b"
    rf"|(?:^\W*(?:\d[\d.]*\s+)?|\b(?:he|she|they|who|and|but|said)\b[^.;]{{0,60}}, )"
    rf"(?:in|during|on the basis of) {_OWNER}{_TESTIMONY}(?!,? (?:i|we)\b| to parliament\b"
    rf"| to the house\b)"
    rf"|\bin (?:his|her|their) (?:[\w.]+ ){{0,3}}?{_TESTIMONY}"
    rf"|\bin (?:oral |written )?evidence,|\b{_TESTIMONY} (?:to [^,.;]+ )?(?:was"
    rf"|is) (?:also )?that\b"
    rf"|\b(?:in|during) (?:oral |written )?{_TESTIMONY} (?:from|made by|on behalf of)\b"
    r"|\bso (?:he|she) says\b"
    r"|\bevidence (?:we|i) (?:received|heard) (?:that|from|was that)\b|\bforces we heard from\b"
    r"|\b(?:his|her|their) (?:evidence|recollection|account) (?:was|is)\b"
    r"|\b(?:was|were) (?:put|submitted) to (?:me|us) (?:by|on behalf|that)\b"
    r"|\b(?:was|were) submitted (?:on behalf of [^,.;]{0,60} )?that\b"
    r"|\bcounsel for [^.;]* (?:submitted|submits|argued|suggested|invited)\b"
    r"|\b(?:we|i|the (?:inquiry|committee|review|panel)) (?:was|were|has been|have been)"
    r" (?:also |then )?(?:told|informed|assured)\b|, i heard,|\bit is (?:also )?said that\b"
    rf"|\bi (?:also )?understand from (?:[\w.’']+ ){{1,5}}?{_TESTIMONY}"
    r"|\bit (?:was|is|has) (?:also )?(?:been )?suggested\b|\bthere have been suggestions\b"
    r"|\bgave evidence (?:that|of)\b|\bassured (?:us|me|the (?:inquiry|committee|review))\b"
    r"|\b(?:they|witnesses|officers|staff|forces|constables"
    r"|residents) were (?:very )?clear (?:that|to us)\b|\bit is alleged\b"
)
_OF_EVIDENCE = (
    *("told", "said", "says", "explained", "described", "wrote", "informed", "reminded", "heard"),
    *("evidence", "statement", "submission", "recollection", "account", "put to", "submitted"),
    *("counsel", "assured", "suggest", "were clear", "were very clear", "is alleged"),
)
"""One of these is in whatever that matches."""
_AS_SEEN_BY = re.compile(
    r"\b(?:in|to use) (?:his|her|their) (?:own )?(?:words|view|opinion|evidence|experience"
    r"|recollection)\b"
    r"|\b(?:in|to use) (?!the (?:inquiry|committee|panel|review|chair)\b)(?:\w+ ){1,3}?\w+['’]s?"
    r" (?:words|view|opinion)\b"
    r"|\b(?:his|her|their) (?:\w+ )?(?:understanding|suggestion|submission|contention|opinion"
    r"|belief|view) (?:was|is|were)(?: \w+)? that\b|\b(?:his|her) understanding was\b"
)
_TRANSCRIBED = re.compile(r"^\W*(?:[A-Z][\w'’.-]+ ){1,5}?[A-Z][\w'’-]+: (?=[A-Z])")
_FRACTION = (
    r"(?:\d\s?%|\bper cent\b|\b(?:one|two|three|four|five|six|seven|eight|nine"
    r"|\d+) (?:out of|in) (?:\w+|\d+)\b"
    r"|\b(?:half(?! an)|(?<!the )(?:third|quarter|fifth)|thirds|quarters|fifths|majority"
    r"|most (?:of|staff|people|officers|respondents|women|men|residents|londoners)"
    r"|proportion)\b)"
)
_SURVEY = re.compile(
    r"\brespondents\b|\b(?:each|one|every|survey) respondent\b|\bpoll(?:ed|s)?\b"
    r"|\bquestionnaires?\b|\b(?:staff|public|residents"
    r"|annual|workforce) survey\b|\bsurveyed\b"
    r"|\b(?:those|staff|officers|people|residents|women|londoners) who (?:answered|replied"
    r"|responded|completed)\b"
    r"|\bsurvey (?:of [^.;]{1,60}? )?(?:found|finds|shows?|showed|reveals|revealed|suggests"
    rf"|suggested|indicates|indicated|recorded|reported)\b[^.;]{{0,120}}?{_FRACTION}"
    rf"|{_FRACTION}(?:(?!\b(?:when|as|before|after|while|because"
    rf"|which)\b)[^.;]){{0,200}}\b(?:said|say|felt|feel|thought|think|agreed|agree|believed"
    rf"|believe|reported|replied|told|rated|knew)\b"
)
_ANSWERS = re.compile(
    r"\b(?:accepts|rejects|supports|agrees with) (?:this|the|that|our|all|both)"
    r" (?:\w+ ){0,3}?recommendations?\b"
)
_TABULAR = re.compile(r"[•\t]|^\W*[A-Z]\w+ [A-Z•]")
_FILED = re.compile(r"[(\[][A-Z]{3,5}\d{6,}[_\d]*[)\]]")
"""The number under which an inquiry keeps what was disclosed to it."""
_WITHIN = re.compile(
    r"\b(?:was|were|is|as) (?:\w+ )?(?:described|stated|recorded|noted|recognised|observed|assumed"
    r"|acknowledged|said) (?:in|at a meeting of) ([^,.;:“”]+?)(?= that\b| which\b|[,.;:“”]|$)"
    r"|(?:^\W*(?:\d[\d.]*\s+)?)(?:as [\w ]+ )?(?:in|at paragraph \d+ of) ((?:his|her|their|its"
    r"|the \d{4})"
    r" [^,;:“”]+),"
)
_SHARE = re.compile(_FRACTION)
_ACCORDING = re.compile(
    r"\b(?:according to|in the (?:words|opinion) of|to quote|the (?:\w+ )?(?:view|opinion|position"
    r"|contention|submission) of(?= [^,.;:]* (?:was|is|were) that\b| [^,.;:]+ that\b)) ([^,.;:“”]+)"
)
_CLAUSE = _compiled(
    r"[,;:—–(]\s*|\b(?:that|when|while|but|although|though|and|because|whereas|as)\s+"
)
_DEED = re.compile(
    r"agreed|rejects|rejected|accused|praised|criticised|promised|pledged|confirmed|acknowledged"
    r"|accepts|welcomed|admitted|admits|conceded|announced|submitted|recommended"
)
"""What is done as well as said."""
_CONTENT = re.compile(
    r"\s*(?:\w+ ){0,4}?(?:that|how|what|why|whether|there|it|he|she|they|being)\b|\W*[“\"‘,:]"
)
"""After a verb: what is said, and not what is done."""
_APPOSITION = re.compile(
    r"\b(?P<name>[A-Z]\w+(?: [A-Z][\w'’-]+){1,5})(?: \(?[A-Z]{2,}\)?)?"
    r",[^,]{0,120}(?:,[^,]{0,120})?,\s*$"
)


def attribution(frame: str, speaker: Voice | None) -> Heard | None:
    """The voice that the frame attributes the sentence to, if it does, where `speaker` was last."""
    filed = _FILED.search(frame) if _TABULAR.search(frame) else None
    frame = _ASIDE.sub(lambda aside: " " * len(aside.group()), frame)
    lowered = _SAID_AND_DONE.sub(lambda idiom: " " * len(idiom.group()), lower(frame))
    if _OUR_DOING.match(lowered):
        return None
    found = (
        _given_in_evidence(frame, lowered)
        or _seen_by(frame, lowered, speaker)
        or _surveyed(lowered, speaker)
        or _answering(frame, lowered)
        or _on_file(filed)
        or _within(lowered)
    )
    return found if found or "\t" in frame else _verb_attribution(frame, lowered, speaker)


def _given_in_evidence(frame: str, lowered: str) -> Heard | None:
    evidence = _EVIDENCE.search(lowered) if mentions(lowered, _OF_EVIDENCE) else None
    told = evidence or _TRANSCRIBED.search(frame)
    return (Voice.WITNESS, Cue("evidence that was given", Span(*told.span()))) if told else None


def _seen_by(frame: str, lowered: str, speaker: Voice | None) -> Heard | None:
    if seen := _AS_SEEN_BY.search(lowered):
        return speaker or Voice.WITNESS, Cue("as somebody sees it", Span(*seen.span()))
    according = _ACCORDING.search(lowered)
    if according is None or (found := voice_of(frame[slice(*according.span(1))])) is None:
        return None
    return found, Cue("according to somebody", Span(*according.span()))


def _surveyed(lowered: str, speaker: Voice | None) -> Heard | None:
    if answers := _SURVEY.search(lowered):
        return Voice.SURVEY, Cue("answers to a survey", Span(*answers.span()))
    share = _SHARE.search(lowered) if speaker is Voice.SURVEY else None
    return (Voice.SURVEY, Cue("more answers to the survey", Span(*share.span()))) if share else None


def _answering(frame: str, lowered: str) -> Heard | None:
    answers = _ANSWERS.search(lowered)
    if answers is None or voice_of(frame[: answers.start()]) is not Voice.OFFICIAL:
        return None
    return Voice.OFFICIAL, Cue("answers a recommendation", Span(*answers.span()))


def _on_file(filed: re.Match[str] | None) -> Heard | None:
    if filed is None:
        return None
    return Voice.DOCUMENT, Cue("with the number of a document", Span(*filed.span()))


def _within(lowered: str) -> Heard | None:
    held = _WITHIN.search(lowered)
    if held is None or voice_of(held.group(1) or held.group(2)) is not Voice.DOCUMENT:
        return None
    return Voice.DOCUMENT, Cue("what a document holds", Span(*held.span()))


def _verb_attribution(frame: str, lowered: str, speaker: Voice | None) -> Heard | None:
    """By the first verb of saying that has a speaker."""
    for verb in _VERB.finditer(lowered):
        before = frame[max(0, verb.start() - _FARTHEST) : verb.start()]
        noun = _NOUN.fullmatch(verb.group()) and _DETERMINER.search(before)
        if noun or _PASSIVE.search(before) or _SUBORDINATE.search(before):
            continue
        if (verb["opine"] or verb["show"]) and _RELATIVE.search(before):
            continue
        if _OURSELVES.search(before):
            return None
        found = _speaker(before, frame[verb.end() :], speaker=speaker, verb=verb)
        if found is Voice.WITNESS and _WRITING.match(verb.group()):
            found = Voice.DOCUMENT
        if found is not None:
            return found, Cue("the subject of the verb", Span(*verb.span()))
    return None


def _speaker(
    before: str, after: str, *, speaker: Voice | None, verb: re.Match[str]
) -> Voice | None:
    """Of the words around a verb of saying, and of whoever spoke last."""
    if not verb["record"] and (named := _APPOSITION.search(before)):
        return voice_of(named["name"])
    clause = _CLAUSE.split(before)[-1] if _CLAUSE.search(before) else before
    if re.match(r"which\b", clause) and names(before, DOCUMENT):
        return Voice.DOCUMENT
    subject = clause if clause.strip() else before
    if not subject.strip(" “”\"'‘’,"):
        subject = re.split(r"[,.;:]", after)[0]
    if pronoun := _PRONOUN.search(subject):
        return _pronoun_voice(pronoun.group(), speaker, verb)
    return _noun_voice(subject, after, verb)


def _pronoun_voice(pronoun: str, speaker: Voice | None, verb: re.Match[str]) -> Voice | None:
    if verb["opine"]:
        return Voice.WITNESS if speaker is Voice.WITNESS else None
    if verb["record"] or (speaker is None and pronoun.split()[-1].lower() == "it"):
        return None if speaker is not Voice.DOCUMENT else speaker
    return speaker or Voice.WITNESS


def _noun_voice(subject: str, after: str, verb: re.Match[str]) -> Voice | None:
    found = voice_of(subject)
    if found is Voice.DOCUMENT or found is None:
        return found
    if verb["opine"]:
        person = PERSON.search(subject) or PERSONS.search(subject)
        return Voice.WITNESS if person else None
    common = found is Voice.WITNESS and COMMON.search(subject)
    done = _DEED.fullmatch(verb.group()) and not _CONTENT.match(after)
    silent = verb["record"] or (common and (verb["show"] or done))
    return None if silent else found
