"""What a sentence says is not so, by rule.

Judged on the sentence's frame, for a denial inside somebody's quotation is not the sentence's.
"""

import re
from collections.abc import Iterator

from ingest.findings.frame import mentions
from ingest.model import Span, Voice

_DENIAL = re.compile(
    # nothing found
    r"\bno (?:\w+ )?(?:evidence|sign|signs|suggestion|indication|truth|basis|pattern|trace"
    r"|support (?:in|(?:for|to) (?:the|any|this|that) (?:claim|suggestion|view|allegation|idea"
    r"|theory|notion))|failure|case of"
    r"|reason to (?:believe|think|suppose|doubt)|criticism)\b"
    r"|\bnothing (?:to (?:show|suggest|support|indicate)|in|that)\b"
    # not accepted
    r"|\bnot (?:accept that|recognise the (?:picture|description|account)|share the view"
    r"|agree that)\b"
    r"|\bcannot be said\b"
    r"|\b(?:none|neither|nothing) of (?:the|these|those) (?:allegations?|claims?|charges?"
    r"|criticisms?)\b"
    r"|\bwould be wrong to (?:say|suggest|conclude)\b"
    r"|\bnot (?:made out|persuaded|satisfied|shown|proven|proved|established|supported"
    r"|substantiated|borne out|upheld|the case|true|because)\b"
    r"|\b(?:was|were|had) never (?:aimed|intended|meant)\b|\bhad not meant\b|(?:,"
    r"|\band) not (?:a |an )?\w+(?=\.|$)"
    # refused
    r"|(?<!was )(?<!were )(?<!been )\bden(?:y|ies|ied|ying)\b(?! (?:access|the opportunity|a|her"
    r"|him|them|promotion|leave"
    r"|adjustment))"
    r"|\bdenials?\b(?= (?:of|that|by))|\brefut(?:e|es|ed|ing)\b|\brebut(?:s|ted)?\b"
    r"|(?<!one )(?<!a )(?<!the )(?<!no )\bdisputed\b(?! (?:claim|issue|aspect|matter|question"
    r"|element)s?\b)|\bdisputes (?:that|the)\b"
    r"|\b(?:reject|dismiss|contest)(?:s|ed|ing)? (?:the (?:claim|suggestion|allegation|idea"
    r"|finding|charge|view|notion|criticism|accusation)|any|that|all|this)s?\b"
    # cleared
    r"|\b(?:unfounded|baseless|unsubstantiated|without foundation|groundless|untrue"
    r"|mistaken belief|exonerat(?:ed|es)|cleared of|acquit(?:s|ted) \w+ of)\b"
    r"|(?<!too )\bfar from\b(?! (?:satisfied|clear|certain|ideal|perfect|sure))"
    r"|\bcontrary to (?:what|(?:the )?(?:\w+ )?(?:claim|evidence|suggestion|impression|view"
    r"|assertion"
    r"|allegation|report|complaint)s?)\b|\bfree (?:of|from)\b|\brather than (?:racism|sexism"
    r"|bullying|malice|prejudice|bias|discrimination)\b"
)
# Whoever judges rejects by these; of anybody else they tell what was not done.
_JUDGEMENT = re.compile(
    r"\b(?:found|saw|heard|seen|identified|uncovered|produced|revealed|showed"
    r"|shows?) (?:that )?(?:nothing|no|none|neither)\b|\b(?:unable|not able) to (?:conclude"
    r"|find|establish|say)\b"
    r"|\b(?:did|do|does|could|can|would) not (?:find|conclude(?! until)|establish|support|accept"
    r"|recognise|share the view|attribute"
    r"|believe|criticise|regard|consider(?! (?:it |that |it is )?(?:whether|necessary))"
    r"|think(?! i can| it (?:is )?(?:necessary|easy|helpful|useful))|agree|see any|amount to"
    r"|suggest|bear out"
    r"|show that)\b|\bcannot (?:say(?! how)|conclude|confirm|accept)\b"
)
_JUDGE = re.compile(
    r"\b(?:records|figures|returns|logs|polls?|inspectors|auditors|i|we|it|this|that|these"
    r"|nobody|no one|nothing|the (?:[\w-]+ ){0,2}?(?:inquiry|panel|committee"
    r"|review|chair|evidence|court|jury|judge|tribunal|investigations?|audits?|inspections?"
    r"|inspectors|data|figures|records?|files?|logs?|papers|material|minutes|accounts?|coroner"
    r"|ombudsman|commission|auditors?|reviewers?|findings?|facts?|footage|check|sample|schedule"
    r"|transcripts?))\b"
)
_OF_DENIAL = (
    *("no ", "not ", "nothing", "none", "never", "neither", "unable", "cannot", "would be wrong"),
    *("den", "refut", "rebut", "disput", "reject", "dismiss", "contest", "unfound", "baseless"),
    *("unsubst", "groundless", "untrue", "without found", "mistaken", "exoner", "cleared"),
    *("acquit", "far from", "contrary", "free of", "free from", "rather than"),
)
"""One of these is in whatever the two before match."""
# A failing that is negated is denied; what ought to have been done and was not is a failing.
_HARM = (
    "bull(?:y|ied|ying)|harass|slurs?\\b|insult|mock|snigger|sneer|jok(?:e|es|ed|ing)\\b|banter"
    "|hostil|hatred|ostraci|frozen out|freez(?:e|ing) out|shunned|retaliat|intimidat|humiliat"
    "|hazing|initiation|threat|abus|assault|groped|lewd|sexual|remarks?\\b|prejudice|racis"
    "|racial|sexis|misogyn|homophob|antisemit|islamophob|discriminat|disproportion|bias|partial"
    "|singl(?:e|ed) out|treated (?:\\w+ )?(?:differently|worse)|difference|disparity|stereotyp"
    "|adultif|ridicul|whitewash|cover(?:ed)?[- ]?up|conceal|hid(?:e|den)?\\b|kept back|withheld"
    "|suppress|spin\\b|secrecy|secretive|clos(?:e|ing) of ranks|rogue|deal\\b|delay|slow|lapse"
    "|missed"
    "|abandon|overspen|overran|waved through|unlawful|improper|fault|flaw|shortfall|short of"
    "|shortage|unread|unanswered|ignored|neglect|overlook|passed over|sidelined|patronage"
    "|rigged|stitch|nepotis|tipped off|burn-?out|abstract|quarrel|resent|distrust"
    "|mistrust|fear|reluctan|hesitat|one-sided|unfair|too (?:wide|long|late|slow)"
    "|lavish|clique|asleep|untrained|unsigned|unsupervised"
)
_NEGATED_HARM = re.compile(
    r"\b(?:no(?! longer| doubt| more)|none|nobody|no one|no-one|never|not(?! only| just| enough)"
    r"|nor"
    r"|neither|wasn['’]t|weren['’]t|didn['’]t|hadn['’]t|hasn['’]t|isn['’]t|aren['’]t)\b"
    r"(?:(?! (?:stop|challeng|complain|question|report|record|act(?:ed)? on|tackl|investigat"
    r"|punish|deal"
    r"|dealt|address|notic|ask|check|correct|prevent|interven|apolog|tell|told|know|knew|spare"
    r"|log|let"
    r"|safe|free|believ|tak(?:e|en)|took|examin|answer|follow|expla|excuse|uncommon|unusual|rare"
    r"|look|but|until|before|because"
    r"|though|although|and|so|which|who|when|if)\w*\b)[^\w.;:]+\w[\w'’-]*){0,5}?[^\w.;:]+(?:"
    + _HARM
    + r")(?!\w* (?:\w+ )?(?:polic|procedure|training|strateg|unit|team|process))"
)
_OFFICIAL_DENIAL = re.compile(
    r"\b(?:insisted|insists|maintained|maintains)\b[^.;]{0,200}?(?:\bno\b(?! longer)"
    r"|\b(?:never|none|neither|nobody)\b|\b(?:had|has|have|was|were|is|are|did|does|do) not\b)"
    r"|\bdoes not tolerate\b"
)
_EXONERATION = re.compile(
    r"\b(?:we|i|the (?:panel|inquiry|review|audit|inspection)|inspectors|auditors) (?:found"
    r"|saw|judged|watched|are satisfied|were satisfied|was satisfied"
    r"|am satisfied)\b[^.;]{0,200}\b(?:fair|fairly|proper|properly|prompt|promptly|firm|sound"
    r"|thorough|careful|carefully|conscientious|exemplary|good|courteous|respectful|open"
    r"|lawful|reasonable|appropriate|appropriately|well[- ]documented|well[- ]run)\b"
    r"|\b(?:was|were|had) (?:been )?(?:proper|properly|firm|fair|fairly|promptly|appropriate"
    r"|well[- ](?:run|documented))\b|\bproper grounds\b|\bhad (?:all )?the resources\b"
)
# What ought to have been done: that it was not is a failing, and no denial of one.
_DUTY = (
    r"(?:(?:\w+ly|ever|once|been|even|then) ){0,2}(?:(?:ask|check|record|investigat|challeng"
    r"|confront|question|disciplin|supervis|train|review|follow|report|mention|logg|inform"
    r"|consult|explain|answer|respond|apologis|correct|conduct|complet|visit|contact|interview"
    r"|monitor|audit|renew|test|implement|discuss|return|assess|escalat|referr|suspend|protect"
    r"|promot|recruit|replac|provid|offer|publish|recover|examin|shar|chas|call|gripp)ed"
    r"|noted|noticed|replied|told|sent|led|rung|given|taken|done|carried out)\b"
)
_OMISSION = re.compile(
    rf"\b(?:was|were|is|are|had|has|have|been) (?:not|never) {_DUTY}|\bnever {_DUTY}"
    rf"|\bno (?:\w+ ){{1,3}}(?:was|were|is|are|had been|has been|have been) {_DUTY}"
    rf"|^\W*(?:nobody|no one|no-one) (?:had |has |have |was |were )?{_DUTY}"
    r"|\bwithout (?:anyone |anybody )?(?:ask|check|record|investigat|challeng|question|train|review"
    r"|report|inform|consult|explain|interview|monitor|test|assess|tell|tak|giv)ing\b"
)
_CLAUSE_END = re.compile(r";|\.\s|, (?:but|although|though|while|whereas|yet)\b")


def is_denial(frame: str, voice: Voice) -> bool:
    """Whether the sentence of this frame, in lower case, is a denial as a whole."""
    official = voice is Voice.OFFICIAL and _OFFICIAL_DENIAL.search(frame) is not None
    return official or next(_rejections(frame, voice), None) is not None


def is_omission(frame: str) -> bool:
    """Whether a sentence of this frame, in lower case, tells that something was left undone."""
    return _OMISSION.search(frame) is not None


def denial(frame: str, trigger: Span, voice: Voice) -> Span | None:
    """The words that deny what `trigger` stands for; it holds to the end of its clause."""
    return next(
        (
            Span(*cue.span())
            for cue in _denials(frame, voice)
            if _scope(frame, cue).overlap(trigger) > 0
        ),
        None,
    )


def _denials(frame: str, voice: Voice) -> Iterator[re.Match[str]]:
    yield from _rejections(frame, voice)
    for pattern in (_EXONERATION, _NEGATED_HARM):
        yield from pattern.finditer(frame)
    if voice is Voice.OFFICIAL:
        yield from _OFFICIAL_DENIAL.finditer(frame)


def _rejections(frame: str, voice: Voice) -> Iterator[re.Match[str]]:
    if mentions(frame, _OF_DENIAL):
        yield from (cue for cue in _JUDGEMENT.finditer(frame) if _rejects(frame, cue, voice))
        yield from _DENIAL.finditer(frame)


def _rejects(frame: str, cue: re.Match[str], voice: Voice) -> bool:
    """Whether who is said not to find, accept or see is somebody who judges."""
    clause = frame[_scope(frame, cue).start : cue.start()]
    return voice is not Voice.INQUIRY or _JUDGE.search(clause) is not None


def _scope(frame: str, cue: re.Match[str]) -> Span:
    """From the start of the cue's clause to its end."""
    starts = [end.end() for end in _CLAUSE_END.finditer(frame, 0, cue.start())]
    following = _CLAUSE_END.search(frame, cue.end())
    return Span(starts[-1] if starts else 0, following.start() if following else len(frame))
