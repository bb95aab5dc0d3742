"""Who a recommendation says must act, and by when: only what its own words name."""

import re
from collections.abc import Iterator

from ingest.sentences import sentences

_MODAL = r"(?:should|must|shall|ought\s+to|(?:is|are)\s+to)"
_ADVERB = (
    r"(?:each|also|therefore|together|both|jointly|all|now|urgently|immediately|either|then|itself)"
)
_DUTY = re.compile(
    rf"(?:\s+{_ADVERB})*,?\s+{_MODAL}\b(?P<passive>\s+(?:\w+ly\s+)?(?:not\s+)?be\b)?"
)
_ACTIVE_AFTER_BE = re.compile(r"\s+(?:obliged|required|responsible|accountable|prepared)")
_ASKING = re.compile(
    r"\b(?:I|we|(?:the|this)\s+(?:\w+\s+)?(?:inquiry|panel|committee|review|commission|chair))\s+"
    r"(?:\w+ly\s+|therefore\s+|also\s+|further\s+)*"
    r"(?:recommends?|urges?|encourages?|invites?|asks?|calls?\s+on|calls?\s+upon|expects?)"
    r"(?:,?\s+that)?\s*[,:]?\s+",
    re.I,
)
_AGENT = re.compile(r"\bby\s+")
_ASIDE = re.compile(
    r",\s+(?:with|working|acting|following|together|in|through|supported|led|as|alongside|where|"
    r"after|having|subject|via|by|and,?\s+where)\b[^.;]*,$"
)
_PREPOSITION = re.compile(
    r"(?:in|for|as|by|to|at|on|with|during|after|before|following|where|when|if|until|from|under|"
    r"given|while|within)\b",
    re.I,
)
_OPENS_ASIDE = re.compile(
    r"(?:,|\s)\s*(?:working|acting|following|together\s+with|in\s+(?:conjunction|consultation|"
    r"partnership|collaboration)|with\s+the|through|supported\s+by|led\s+by|as\s+part)\b"
)

_BODY = (
    r"(?:government|ministr|minister|department|secretar(?:y|ies)\b|office\b|police|force|"
    r"constable|commissioner|college|council|board|authorit|service|trust|nhs|agenc|committee|"
    r"inspector|parliament|compan|provider|employer|regulator|executive|administration|chief|"
    r"director|leader|officer|assembly|court|coroner|school|universit|institut|association|"
    r"federation|organisation|\bbodies|\bbody\b|prosecut|mayor|treasury|panel|team|manager|operator|"
    r"landlord|corporation|partnership|supervisor|prison|hospital|bank|union|church|archbishop)"
)
_ACTOR = re.compile(_BODY, re.I)
# What is built, run or written is never the one who must act, whatever its name holds.
_THING = re.compile(
    r"\b(?:strateg|review|report|plan|polic(?:y|ies)\b|exercise|scheme|system|process|guidance|"
    r"structure|claim|law|legislation|act\b|regulation|programme|framework|training|data\b|"
    r"funding|role\b|standard|response|vetting|number|use\b|rank|powers?\b|record|appointment|"
    r"explanation|length|recommendation|principle|procedure)\w*(?:\s+(?:of|for|in)\b.*)?$",
    re.I,
)
_DETERMINER = r"(?:the|each|every|all|any|both|a|an|our|its|their)"
_SMALL = {
    "of", "and", "for", "the", "&", "or", "and/or", "in", "to", "on", "at", "each", "every", "all",
    "both", "where", "appropriate", "relevant", "new", "local", "national", "devolved", "other",
    "chief", "senior", "police", "individual", "responsible", "public", "appointing", "any",
    "appropriate,", "central", "heads",
}  # fmt: skip
_PREPOSITION_AT_EDGE = re.compile(
    r"^(?:of|and|for|&|or|and/or|in|to|on|at|where|appropriate|,|\s)+\s|"
    r"[\s,]+(?:of|and|for|&|or|and/or|in|to|on|at|the|where|appropriate|each|both|all)*$",
    re.I,
)
_JOINS = {"of", "and", "or", "and/or", "for", "&", "each", "all", "both"}
_SPLIT = re.compile(r",?\s+(?:and/or|and|or)\s+(?:where\s+appropriate,?\s+)?|,\s+")
_LONGEST = 140


def addressees(words: str) -> tuple[str, ...]:
    """Whom the words make responsible, as printed, each once; empty where nobody is named."""
    found = dict[str, str]()
    for sentence in sentences(words):
        for name in _named(re.sub(r"\s+", " ", sentence.of(words))):
            found.setdefault(_key(name), name)
    return tuple(found.values())


def _key(name: str) -> str:
    return re.sub(r"^(?:the|each|every|all)\s+", "", name, flags=re.I).casefold()


def _named(sentence: str) -> Iterator[str]:
    asked = _ASKING.search(sentence) or re.match(r"\W*That\s+", sentence)
    start = asked.end() if asked else 0
    if asked and (subject := _leading_name(sentence[start:])) and _acts(subject, sentence[start:]):
        yield from _members(subject)
        return
    duty = _DUTY.search(sentence, start)
    if duty is None:
        return
    if duty["passive"] and not _ACTIVE_AFTER_BE.match(sentence, duty.end()):
        for agent in _AGENT.finditer(sentence, duty.end()):
            if (name := _leading_name(sentence[agent.end() :])) and _is_actor(name):
                yield from _members(name)
                return
        return
    aside = "," if duty.group().lstrip().startswith(",") else ""
    yield from _members(_subject(sentence[start : duty.start()] + aside))


def _acts(name: str, words: str) -> bool:
    """Whether the words, which open with the name, go on to what it is asked to do."""
    after = words[words.find(name) + len(name) :]
    return re.match(r",?\s+(?:be|is|are|was|has)\b", after) is None


def _subject(before: str) -> str | None:
    """Who the clause that ends with `before` is about: named first, or right before the verb."""
    leading = _leading_name(before)
    if leading and _is_actor(leading):
        rest = before[before.find(leading) + len(leading) :]
        if not rest.strip() or _OPENS_ASIDE.match(rest):
            return leading
    trailing = _trailing_name(_ASIDE.sub("", before))
    return trailing if trailing and _is_actor(trailing) else None


def _leading_name(words: str) -> str | None:
    """The name that the words open with, up to the first word that can be no part of one."""
    taken: list[str] = []
    if _PREPOSITION.match(words):
        return None
    for word in words.split(" "):
        bare = word.strip(",.;:()")
        if not _is_part(bare) and not (not taken and bare.casefold() in _SMALL):
            break
        if taken and bare.casefold() == "to":
            break
        taken.append(word)
        if word.endswith((".", ";", ":")):
            break
    return _tidied(" ".join(taken))


def _trailing_name(words: str) -> str | None:
    taken: list[str] = []
    for word in reversed(words.split(" ")):
        if word.endswith(",") and taken and not taken[0][:1].isupper():
            break
        if not _is_part(word.strip(",.;:()")):
            break
        if word.casefold() not in _JOINS and taken[:1] == ["the"]:
            break
        taken.insert(0, word)
    return _tidied(" ".join(taken))


def _is_part(word: str) -> bool:
    return bool(word) and (
        word[0].isupper() or word.casefold() in _SMALL or _ACTOR.search(word) is not None
    )


def _tidied(name: str) -> str | None:
    name, before = name.strip(" ,.;:"), ""
    while name != before:
        before, name = name, _PREPOSITION_AT_EDGE.sub("", name).strip(" ,.;:")
    return name if name and len(name) <= _LONGEST else None


def _is_actor(name: str) -> bool:
    """A body or office: by its name, or by a capital that does not merely open the sentence."""
    if _THING.search(name):
        return False
    bare = re.sub(rf"^{_DETERMINER}\s+", "", name, flags=re.I)
    if re.fullmatch(r"[A-Z][A-Z&]{1,6}", bare):
        return True
    return _ACTOR.search(name) is not None or (bare != name and bare[:1].isupper())


def _members(name: str | None) -> Iterator[str]:
    """The names that a list of names joins, where each stands on its own."""
    if name is None:
        return
    parts = [part for part in map(_tidied, _SPLIT.split(name)) if part]
    if len(parts) > 1 and all(_stands_alone(part, parts[0]) for part in parts):
        yield from parts
    elif _is_actor(name):
        yield name


def _stands_alone(part: str, first: str) -> bool:
    """Whether a part of a list is a name by itself, not the rest of "the governments of"."""
    if _is_actor(part):
        return True
    return part[:1].isupper() and " " not in part and " of " not in first and " for " not in first


_COUNT = (
    r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|eighteen|"
    r"twenty[- ]four|a|the\s+next(?:\s+\w+)?)"
)
_PERIOD = r"(?:(?:calendar|working)\s+)?(?:days?|weeks?|months?|years?|quarter)"
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_DATE = (
    rf"(?:midnight\s+(?:on\s+)?)?(?:(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{_MONTH}\s+)?(?:19|20)\d\d"
    rf"(?:[–/-]\d\d)?|(?:midnight\s+(?:on\s+)?)?\d{{1,2}}\s+{_MONTH}"
)
_SEASON = r"(?:spring|summer|autumn|winter)"
_MILESTONE = (
    r"(?:\s+(?:of|from|after|following)\s+(?:the\s+|this\s+|its\s+)?(?:\w+\s+){0,3}?"
    r"(?:this\s+report|report|publication|review|establishment|group|exercise|inquiry)\b"
    r"(?:\s+of\s+(?:this|the)\s+report)?)?"
)
_DEADLINE = re.compile(
    rf"\bwithin\s+{_COUNT}(?:\s+\(\d+\))?\s+{_PERIOD}{_MILESTONE}"
    rf"|\b(?:by|before|no\s+later\s+than|not\s+later\s+than|until)\s+"
    rf"(?:the\s+(?:end|start|beginning|middle)\s+of\s+|{_SEASON}\s+|(?:early|late|mid)[- ]+)*"
    rf"(?:the\s+)?(?:{_DATE}|(?:this|next)\s+(?:year|financial\s+year|parliament)|"
    rf"(?:this|the\s+(?:current\s+)?)\s*parliament)"
    rf"|\b(?:by|in)\s+the\s+next\s+{_COUNT}\s+{_PERIOD}"
    rf"|\bafter\s+{_DATE}"
    r"|\bas\s+soon\s+as\s+(?:is\s+|it\s+is\s+)?(?:reasonably\s+)?(?:possible|practicable|feasible)"
    r"|\b(?:with\s+immediate\s+effect|without\s+(?:further\s+)?delay|forthwith|immediately|"
    r"at\s+the\s+earliest\s+opportunity)\b(?!\s+(?:after|before|following))"
    rf"|\bat\s+least\s+(?:every\s+{_COUNT}\s+{_PERIOD}|once\s+(?:a|every)\s+(?:{_COUNT}\s+)?"
    r"(?:year|month|quarter|years|months)|annually)",
    re.I,
)


def deadline(words: str) -> str | None:
    """When it must be done, as printed; several are joined by semicolons; None where unstated."""
    found = (re.sub(r"\s+", " ", match.group()) for match in _DEADLINE.finditer(words))
    return "; ".join(dict.fromkeys(found)) or None
