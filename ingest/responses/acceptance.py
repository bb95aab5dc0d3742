"""What a reply says of the recommendation it answers, in the vocabulary of statuses.

Words of acceptance or refusal come first: a label ("Accepted in part"), then a sentence that says
so of the recommendation. Where a reply has none, what it agrees with, commits to, leaves open or
refuses speaks for it, the first of these first. The words are always shown, so that a reader can
judge otherwise.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.model import ResponseStatus, Span
from ingest.responses.replymarks import named, number_key
from ingest.sentences import sentences

_LONGEST_LABEL = 90
_OPENING = 3
"""Sentences in which a reply says whether it agrees, where it says so of no recommendation."""

Rules = Sequence[tuple[ResponseStatus, re.Pattern[str]]]


def _any(*patterns: str) -> str:
    return f"(?:{'|'.join(patterns)})"


def _rules(patterns: Sequence[tuple[ResponseStatus, str]]) -> Rules:
    return [(status, re.compile(pattern, re.I)) for status, pattern in patterns]


_HEDGE = r"(?:modification|qualification|reservation|caveat|amendment|exception)s?"
_PART = _any(r"in\s+part", r"partial(?:ly)?", r"partly", r"part", rf"with\s+{_HEDGE}")
_VERB = r"(?:accept|agree|support|endorse|adopt)(?:s|ed|d|ing)?"
_NOT_WHOLLY = r"not\s+(?:fully|wholly|entirely|completely)"
_NOT = _any(
    r"(?:do(?:es)?|did|is|are|was|were|has|have|been)\s+not(?:\s+be(?:en)?)?",
    r"not",
    r"cannot",
    r"can\s+not",
    r"(?:is|are)\s+(?:unable|not\s+able|not\s+in\s+a\s+position)\s+to",
)
_ADVERB = r"(?:(?:\w+ly|also|therefore|thus|hereby|in\s+(?:full|general))\s+)*"
_BE = _any("is", "are", "was", "were", r"has\s+been", r"have\s+been")

# --- Labels -----------------------------------------------------------------------------------

_LABELS = (
    (
        ResponseStatus.ACCEPTED_IN_PART,
        _any(
            rf"{_VERB}\s+{_PART}",
            rf"{_PART}[\s-]+{_VERB}",
            rf"{_NOT_WHOLLY}\s+{_VERB}",
            rf"{_VERB}\s+{_PART}[\s,;/]+(?:and\s+)?reject(?:s|ed)?\s+{_PART}",
        ),
    ),
    (
        ResponseStatus.REJECTED,
        _any(
            rf"{_NOT}\s+{_ADVERB}{_VERB}",
            r"reject(?:s|ed)?",
            r"disagree[sd]?",
            r"declin(?:e|es|ed)",
            r"refused",
            r"not\s+(?:being\s+)?taken\s+forward",
        ),
    ),
    (
        ResponseStatus.ACCEPTED_IN_PRINCIPLE,
        _any(
            rf"{_VERB}\s+(?:\w+\s+){{0,3}}?in\s+(?:principle|spirit)",
            r"in\s+principle",
            rf"{_VERB}\s+subject\s+to\s+[\w\s]{{2,40}}",
        ),
    ),
    (
        ResponseStatus.UNDER_CONSIDERATION,
        _any(
            r"(?:under|for|further|being|to\s+be|still\s+being|subject\s+to)\s+(?:\w+\s+)?"
            r"(?:consider(?:ation|ed)|review(?:ed)?|discussion)",
            r"acknowledge[sd]?",
            r"defer(?:red|s)?",
            r"pending",
            r"no\s+decision(?:\s+(?:yet|taken))?",
        ),
    ),
    (
        ResponseStatus.ACCEPTED,
        _any(
            _VERB,
            r"concur(?:s|red)?",
            r"(?:being\s+|to\s+be\s+|will\s+be\s+)?implemented",
            r"completed?",
            r"already\s+in\s+place",
            r"in\s+progress|ongoing|under\s?way|on\s+track",
        ),
    ),
    (ResponseStatus.NOTED, r"noted?s?"),
)
_LABEL_BEFORE = (
    r"\W*(?:(?:status|response|decision|position|outcome|accepted\s*/\s*\w+)\s*[:–—-]\s*)?"
    r"(?:(?:this|the|these|both|all|our|hm|uk|welsh|scottish|we|government|department|is|are|has|"
    r"have|been|fully|broadly|largely|\d+|recommendations?|position|in\s+full)\s+)*"
)
_LABEL_AFTER = (
    r"(?:\s+(?:(?:th(?:is|e|ese)\s+)?recommendations?|in\s+full|fully|with(?:out)?\s+\w+|"
    r"by\s+[\w\s]{2,40}|and\s+(?:implemented|completed?|ongoing|in\s+progress|underway)|"
    r"[–—-]\s+[\w\s]{2,40}))*\W*"
)
_STATED = _rules(
    [(status, rf"{_LABEL_BEFORE}{pattern}{_LABEL_AFTER}") for status, pattern in _LABELS]
)

# --- Sentences that speak of the recommendation -----------------------------------------------

_WHICH = r"(?:th(?:is|ese|e|at)|both|all|each|every|its|your|many|most)\b(?:\s+of)?"
_IT = _any(
    rf"{_WHICH}[^.;:]{{0,70}}?\brecommendations?\b",
    r"recommendations?\s+(?-i:[\dA-Z])",
    r"it\s+in\s+(?:full|part)",
)
_WITH = r"(?:\s+(?:with|to))?"
_PRINCIPLES = (
    r"(?:principles?|spirit|aims?|intention|intent|sentiment|thrust|objectives?|ambition|direction)"
)
_PARTS = r"(?:parts?|elements?|aspects?|some|most)"
_SAID = _rules(
    [
        (
            ResponseStatus.ACCEPTED_IN_PART,
            _any(
                rf"\b{_PART}\s+{_VERB}\b",
                rf"\b{_NOT_WHOLLY}\s+{_VERB}\b",
                rf"\b{_VERB}{_WITH}\s+(?:\w+\s+)?{_PART}\b(?!\s+of)",
                rf"\b{_VERB}{_WITH}\s+{_IT}[^.;]{{0,40}}\b{_PART}\b",
                rf"\b{_VERB}{_WITH}\s+(?:\w+\s+){{0,3}}?{_PARTS}\s+of\s+{_IT}",
            ),
        ),
        (
            ResponseStatus.REJECTED,
            _any(
                rf"\b{_NOT}\s+{_ADVERB}{_VERB}{_WITH}\s+{_IT}",
                rf"\b{_NOT}\s+{_ADVERB}(?:be\s+)?(?:tak(?:e|ing)\s+forward|implement(?:ing)?)\s+{_IT}",
                rf"\b(?:rejects?|rejected|disagrees?|declines?)\b[^.;]{{0,30}}{_IT}",
                rf"{_IT}[^.;]{{0,40}}\b(?:rejected|not\s+(?:been\s+)?(?:accepted|agreed|supported))\b",
            ),
        ),
        (
            ResponseStatus.ACCEPTED_IN_PRINCIPLE,
            _any(
                rf"\b{_VERB}{_WITH}\s+(?:[^.;]{{0,80}}\s)?in\s+principle\b",
                rf"\bin\s+principle,?\s+{_VERB}",
                rf"\b{_VERB}{_WITH}\s+the\s+(?:\w+\s+)?{_PRINCIPLES}\b",
            ),
        ),
        (
            ResponseStatus.ACCEPTED,
            _any(
                rf"(?<!not )\b(?:{_VERB}|welcomes?){_WITH}\s+{_IT}",
                rf"{_IT}[^.;]{{0,30}}\b{_BE}\s+{_ADVERB}(?:accepted|agreed|supported)\b",
                rf"\b{_BE}\s+(?:content|happy|pleased|committed)\s+to\s+"
                rf"(?:accept|implement|adopt)(?:ing)?[^.;]{{0,20}}{_IT}",
            ),
        ),
        (
            ResponseStatus.UNDER_CONSIDERATION,
            _any(
                r"\b(?:consider|reflect\s+on|review|explor|examin)(?:e|ing)?\s+(?:\w+\s+){0,3}?"
                rf"{_IT}",
                rf"{_IT}[^.;]{{0,30}}\b(?:under\s+(?:active\s+)?consideration|being\s+considered)",
            ),
        ),
        (ResponseStatus.NOTED, rf"\b(?:notes?|noted|acknowledges?)\s+{_IT}"),
    ]
)
_NARROWER = {ResponseStatus.ACCEPTED_IN_PART, ResponseStatus.ACCEPTED_IN_PRINCIPLE}
_OF_OTHERS = re.compile(
    r"\b(?:inquiry|committee|panel|review|report|chair|coroner|inspectorate|he|she)\s+"
    r"(?:\w+\s+)?(?:accept|agree|support|endorse|reject|note|consider)",
    re.I,
)

# --- Sentences that speak of the matter -------------------------------------------------------

_SUBJECT = (
    r"(?:we|I|governments?|department|ministers?|office|treasury|service|force|police|council|"
    r"commission|board|trust|college|authority|agency|(?-i:[A-Z]{2,7}))"
)
_AGREES = re.compile(
    rf"\b{_SUBJECT}\s+(?:(?:also|would|wholeheartedly|therefore|\w+ly)\s+)*"
    r"(?:agrees?|accepts?|supports?|endorses?|shares?|concurs?)\b(?:\s+(?:with|to))?\s+"
    r"(?:the\s+(?:inquiry|committee|chair|review|panel|coroner)(?:[’']s)?\s+)?(?P<what>[^.;]{3,})",
    re.I,
)
_LOOSELY = re.compile(
    r"(?:the\s+)?(?:\w+\s+)?(?:importance|need|principle|value|significance|spirit|aim|intention|"
    r"ambition|emphasis|focus|concerns?|sentiment|insights?|attention)\b",
    re.I,
)
_REFUSES = re.compile(
    _any(
        r"\b(?:do(?:es)?|did)\s+not\s+(?:\w+ly\s+)?(?:intend|plan|propose|believe|consider|think|"
        r"agree|accept|support)",
        r"\b(?:have|has|are|is)\s+no\s+(?:current\s+|immediate\s+)?(?:plans?|intention)",
        r"\bwill\s+(?:not\s+be|retain|maintain\s+the\s+(?:current|existing))",
        r"\bcannot\s+(?:accept|agree|support|commit|be\s+(?:accepted|implemented))",
        r"\bnot\s+(?:be\s+)?(?:\w+ly\s+)?(?:appropriate|necessary|proportionate|feasible|"
        r"practicable|desirable|justified|viable|workable)\b",
        r"\bunnecessary\b",
        r"\bunwieldy\b",
        r"\bno\s+(?:need|case)\s+(?:for|to)\b",
    ),
    re.I,
)
_CONSIDER = (
    r"(?:consider(?:ed|ing)?|explor(?:e|ed|ing)|examin(?:e|ed|ing)|reflect(?:ing)?\s+on|"
    r"look(?:ing)?\s+at|assess(?:ing)?\s+whether)"
)
_OPEN = _any(
    r"\bdecisions?\s+(?:\w+\s+){0,3}?(?:not|yet)\s+(?:yet\s+)?been",
    r"\bno\s+(?:final\s+)?decisions?",
    rf"\b(?:will|shall|continues?\s+to|continue\s+to)\s+(?:\w+ly\s+)?(?:be\s+)?{_CONSIDER}",
    rf"\b(?:is|are|am)\s+(?:\w+\s+)?(?:\w+ly\s+)?(?:being\s+)?{_CONSIDER}",
    r"\bunder\s+(?:\w+\s+)?(?:consideration|review)",
    r"\bfurther\s+(?:time|consideration|thought)",
)
_INTENDS = _any(
    r"\b(?:look|intend|aim|hop|propos|seek)(?:e|es|s|ing)?\s+to\b",
    r"\b(?:we|government|department|is|are)\s+(?:\w+\s+)?plan(?:s|ning)?\s+to\b",
    r"\bwill\s+(?:set\s+out|cover|look\s+to|seek|aim|bring\s+forward)\b",
    r"\bwhite\s+paper\b",
)
_DONE = (
    r"(?:agreed|published|established|committed|introduced|amended|updated|appointed|issued|"
    r"implemented|launched|begun|started|put\s+in\s+place|commissioned|been\s+\w+ed)"
)
_COMMITS = _any(
    rf"\b(?:it|they|{_SUBJECT})\s+(?:will|shall)\s+(?!not|be\s+able|depend|remain)\w+",
    r"\bwill\s+(?:be\s+)?(?:publish|implement|introduc|establish|ensure|deliver|work|issue|update|"
    r"provide|amend|creat|requir|strengthen|continue|review|fund|legislat)\w*",
    rf"\b(?:has|have)\s+(?:\w+\s+)?{_DONE}\b",
    r"\bthe\s+intention\s+is\b",
    r"\b(?:is|are)\s+(?:already|currently|now)\s+\w+ing\b",
    r"\b(?:is|are)\s+committed\s+to\b",
)
_NOT_OURS = _any(
    r"\b(?:is|are|would\s+be)\s+(?:\w+\s+)?(?:an?\s+)?(?:\w+\s+)?(?:matters?\s+for|decisions?\b)",
    r"\boperationally\s+independent\b",
    r"\bindependent\s+of\s+(?:the\s+)?government\b",
    r"\bnot\s+(?:directed|addressed)\s+(?:at|to)\b",
    r"\b(?:is|are)\s+the\s+responsibility\s+of\b",
)
_CUES = _rules(
    [
        (ResponseStatus.REJECTED, _REFUSES.pattern),
        (ResponseStatus.UNDER_CONSIDERATION, _OPEN),
        (ResponseStatus.ACCEPTED_IN_PRINCIPLE, _INTENDS),
        (ResponseStatus.NOTED, _NOT_OURS),
        (ResponseStatus.ACCEPTED, _COMMITS),
    ]
)
_IN_REPLY = re.compile(
    r"(?:(?:the|this|hm|our|his\s+majesty[’']s)\s+)?(?:[\w’'&.-]+\s+){1,6}?(?:(?:also|\w+ly|therefore|"
    r"do(?:es)?\s+not|cannot)\s+)*(?:accepts?|agrees?|supports?|welcomes?|endorses?|rejects?|"
    r"recognises?|notes?|acknowledges?|disagrees?)\b",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A status, and the words it rests on."""

    status: ResponseStatus
    span: Span
    explicit: bool
    """Whether the words say it of the recommendation itself."""


def stated(words: str) -> ResponseStatus | None:
    """The status that a label gives in as many words; None for anything else."""
    if len(words) > _LONGEST_LABEL:
        return None
    return next((status for status, label in _STATED if label.fullmatch(words)), None)


def opens_in_reply(words: str) -> bool:
    """Whether the words begin by saying what somebody makes of something, as no request does."""
    return _IN_REPLY.match(words) is not None


def verdict(text: str, span: Span, *, number: str | None = None) -> Verdict:
    """What a reply comes to; `noted` on its first sentence where nothing in it tells more.

    `number` is the recommendation's: a sentence that names others alone is about those.
    """
    said = [Span(each.start + span.start, each.end + span.start) for each in _said(span.of(text))]
    for each in said[:_OPENING]:
        if status := stated(each.of(text)):
            return Verdict(status=status, span=each, explicit=True)
    about = [each for each in said if _is_about(each.of(text), number)]
    return _formal(text, about) or _implied(text, said)


def _is_about(words: str, number: str | None) -> bool:
    numbers = set(map(number_key, named(words)))
    return not numbers or number is None or number_key(number) in numbers


def _formal(text: str, said: Sequence[Span]) -> Verdict | None:
    """The first sentence that accepts, refuses or defers, or the one that narrows it."""
    judged = [(_of_it(each.of(text)), each) for each in said]
    found = [Verdict(status=status, span=each, explicit=True) for status, each in judged if status]
    telling = [each for each in found if each.status is not ResponseStatus.NOTED] or found
    if not telling:
        return None
    if telling[0].status is ResponseStatus.ACCEPTED:
        return next((each for each in telling if each.status in _NARROWER), telling[0])
    return telling[0]


def _of_it(words: str) -> ResponseStatus | None:
    """What a sentence says of the recommendation in its author's own voice."""
    for status, pattern in _SAID:
        found = pattern.search(words)
        if found and not _OF_OTHERS.search(words[: found.end()]):
            return status
    return None


def _implied(text: str, said: Sequence[Span]) -> Verdict:
    refusal = next((each for each in said if _REFUSES.search(each.of(text))), None)
    for each in said[:_OPENING]:
        agreed = _AGREES.search(each.of(text))
        if agreed and refusal:
            return _verdict(ResponseStatus.ACCEPTED_IN_PART, refusal)
        if agreed:
            loosely = _LOOSELY.match(agreed["what"]) is not None
            accepted = ResponseStatus.ACCEPTED_IN_PRINCIPLE if loosely else ResponseStatus.ACCEPTED
            return _verdict(accepted, each)
    return _first_cue(text, said, refusal)


def _first_cue(text: str, said: Sequence[Span], refusal: Span | None) -> Verdict:
    for each in said:
        words = each.of(text)
        status = next((status for status, cue in _CUES if cue.search(words)), None)
        if status is ResponseStatus.ACCEPTED and refusal:
            return _verdict(ResponseStatus.ACCEPTED_IN_PART, refusal)
        if status:
            return _verdict(status, each)
    return _verdict(ResponseStatus.NOTED, said[0])


def _verdict(status: ResponseStatus, span: Span) -> Verdict:
    return Verdict(status=status, span=span, explicit=False)


def _said(words: str) -> Iterator[Span]:
    """Sentences, and the cells and lines of tables as if they were."""
    for line in re.finditer(r"[^\n\t]+", words):
        for sentence in sentences(line.group()):
            yield Span(line.start() + sentence.start, line.start() + sentence.end)
