"""Words that announce recommendations, and words that say they are somebody else's."""

import re
from collections.abc import Sequence

# Of headings.
_ANNOUNCES = re.compile(r"\brecommendations?\b", re.I)
_CONCLUDES = re.compile(
    r"\W*(?:(?:chapter|part|section|appendix|annex)\s+)?[\w.]{0,6}[:.\s–—-]*(?:(?:our|my|the|main|key|"
    r"overall|summary\s+of|list\s+of)\s+)*conclusions\W*",
    re.I,
)
_OF_OTHERS = re.compile(
    r"\b(?:earlier|previous|past|prior|others|implement\w*|progress|respon\w+|accept\w*|status|"
    r"histor\w+|since|coroners?|suggested|submissions?|proposed|outstanding|"
    r"follow(?:ing|ed)?[- ]up|"
    r"other\s+(?:recommendations|reports?|reviews?|inquir\w+|bodies)|(?:19|20)\d\d|"
    r"made\s+(?:to|by)\s+(?!(?:the|this|our)\s+(?:inquiry|panel|review|chair)))\b",
    re.I,
)
_NAMED_BODY = re.compile(
    r"\b(?:of|from|by|in)\s+(?:the\s+)?(?!(?:Final|Interim|This|First|Second|Third|Phase|Module|Part|"
    r"Volume|Independent|Public|Statutory)\b)[A-Z][a-z]+(?:\s+[A-Z]\w+)*\s+"
    r"(?:Report|Inquiry|Review|Committee|Commission|Inquest)\b|"
    r"(?<!Inquiry)(?<!Panel)(?<!Review)(?<!Chair)(?<!Committee)(?<!Commission)[’']s\s+recommendations",
)

_CAPITALISED = re.compile(r"[A-Z][a-z]\w*")
_IS_LIST = re.compile(
    r"\W*(?:(?:chapter|part|section|appendix|annex)\s+)?[\w.]{0,6}[:.\s–—-]*"
    r"(?:(?:the|our|my|(?:full\s+)?(?:list|summary|table|schedule)\s+of|key|formal|final|all)\s+)*"
    r"(?:(?:conclusions?|findings)\s+and\s+)?recommendations(?:\s+(?:made\s+)?in\s+this\s+\w+)?\W*",
    re.I,
)

# Of prose.
_DIRECTIVE = re.compile(
    r"\b(?:should|must|shall|ought|needs?\s+to|recommend\w*|(?:is|are)\s+to\b|will\b|required?|urge|"
    r"encourage)|^\W*(?:that|to)\b",
    re.I,
)
_STARTS_NARRATIVE = re.compile(
    r"(?:in|on|at|as|the|this|these|those|it|we|i|he|she|they|there|a|an|during|while|although|"
    r"however|since|because|when|where|of|from|some|many|most)\b",
    re.I,
)
_RECOMMENDS = re.compile(
    r"\b(?:I|we|(?:the|this|our)\s+(?:\w+\s+){0,2}?(?:inquiry|panel|committee|review|commission|chair|"
    r"report|inspectorate))\b[^.:;]{0,40}\brecommends?\b[^.]{0,90}(?:[:–—-]|that|\.)?\s*$|"
    r"\brecommendations\s+(?:are|is)(?:\s+as\s+follows)?\s*[:–—-]?\s*$|"
    r"\b(?:I|we)\s+(?:therefore\s+)?make\s+the\s+following\s+recommendations?\b[^.]{0,60}$",
    re.I,
)
_DECLARES = re.compile(
    r"\b(?:I|we|(?:the|this)\s+(?:\w+\s+)?(?:inquiry|panel|committee|review|commission|chair))\s+"
    r"(?:\w+ly\s+|therefore\s+|also\s+|further\s+)*recommends?\b|"
    r"\bit\s+is\s+(?:\w+ly\s+|therefore\s+|also\s+|further\s+)*recommended\s+(?:that|to)\b",
    re.I,
)
_TOLD_OF_OTHERS = re.compile(
    r"\b(?:recommended|made|set\s+out|proposed|contained|included|suggested|listed|were|was|had)\b",
    re.I,
)
_OWN_VOICE = re.compile(
    r"\b(?:I|we|this\s+(?:report|inquiry|review|panel|volume|chapter)|the\s+(?:inquiry|panel)|below|"
    r"are\s+(?:\w+\s+)?(?:made|set\s+out|listed|proposed))\b",
    re.I,
)
_EARLIER = re.compile(
    r"\b(?:earlier|previous(?:ly)?|past|prior|interim\s+report|(?:in|of|published)\s+(?:\w+\s+)?"
    r"(?:19|20)\d\d)\b",
    re.I,
)
_TELLS = re.compile(r"\b(?:I|we|he|she|was|were|had|did|told|said|agrees?|accepts?|has|have)\b")
_INTRODUCTION = 300
"""Characters at a paragraph's end in which it introduces what follows."""


def announces(heading: str) -> bool:
    """Whether the heading announces recommendations, and not what became of them."""
    return _ANNOUNCES.search(heading) is not None and not _OF_OTHERS.search(heading)


def announces_list(heading: str) -> bool:
    """Whether the heading says nothing but that recommendations follow."""
    return _IS_LIST.fullmatch(heading) is not None


def announces_conclusions(heading: str) -> bool:
    """Whether the heading says nothing but that conclusions follow."""
    return _CONCLUDES.fullmatch(heading) is not None


def announcing(section: Sequence[str]) -> tuple[str, ...]:
    """The headings down to the outermost that announces recommendations; empty where none does."""
    for depth, heading in enumerate(section, start=1):
        if announces(heading):
            return tuple(section[:depth])
    return ()


def is_of_others(heading: str, *, title: str) -> bool:
    """Whether a heading about recommendations means others than those of the report so titled."""
    if not _ANNOUNCES.search(heading):
        return False
    named = _NAMED_BODY.search(heading)
    words = _CAPITALISED.findall(named.group()) if named else []
    ours = all(word.casefold() in title.casefold() for word in words)
    return _OF_OTHERS.search(heading) is not None or (named is not None and not ours)


def is_recounted(column: str) -> bool:
    """Whether a column's name speaks of what became of recommendations."""
    return _OF_OTHERS.search(column) is not None


def directs(words: str) -> bool:
    """Whether the words could ask something of somebody."""
    return _DIRECTIVE.search(words) is not None


def tells(words: str) -> bool:
    """Whether the words recount, in the past or in somebody's person."""
    return _TELLS.search(words) is not None


def opens_as_narrative(words: str) -> bool:
    """Whether the first word is none that an instruction ("Publish the figures") begins with."""
    return _STARTS_NARRATIVE.match(words) is not None


def recommends_next(words: str) -> bool:
    """Whether a paragraph ends by saying that its author recommends what follows."""
    return _RECOMMENDS.search(words) is not None


def declares(words: str) -> bool:
    """Whether the author says of himself, in the present, that he recommends."""
    return _DECLARES.search(words) is not None


def tells_of_others(words: str) -> bool:
    """Whether a paragraph ends by introducing what somebody recommended, elsewhere or earlier."""
    last = words[-_INTRODUCTION:]
    if not last.endswith((":", "-", "–", "that")) or not _TOLD_OF_OTHERS.search(last):
        return False
    return _EARLIER.search(last) is not None or _OWN_VOICE.search(last) is None
