"""Whose voice a noun phrase has: an official body's, a document's, a person's."""

import re
from functools import partial

from ingest.model import Voice

_compiled = partial(re.compile, flags=re.IGNORECASE)

_DATED = re.compile(
    r"^\W*(?:\d[\d.]*\s+)?(?:[Oo]n|[Ii]n|[Bb]y|[Aa]t|[Ss]ince|[Ff]rom) [^,]{0,40}?\b(?:19"
    r"|20)\d\d,?\s+"
)
OUR_REPORT = _compiled(
    r"\b(?:chapter|section|paragraph|appendix)\b|\b(?:this|our|my|the (?:interim"
    r"|present)) (?:report|review|volume|update)\b"
)
OFFICIAL = _compiled(
    r"\b(?:government|ministers?|ministry|department|home office|home secretary"
    r"|prime minister|secretary of state"
    r"|treasury|chancellor|spokes(?:man|woman|person)|mayor|mayor's office|commissioner"
    r"|commissioner['’]s office"
    r"|(?:deputy |assistant )?chief constable|assistant commissioner|deputy commissioner"
    r"|borough commander"
    r"|force|constabulary|the met|college|council|inspectorate|watchdog|policing board"
    r"|post office|agency|authority|trust|company|corporation|bank|airline|operator|provider"
    r"|regulator|(?:fire|prison|probation|ambulance|health|police) service|chief executive"
    r"|permanent secretary|announcement|press release)$"
)
DOCUMENT = _compiled(
    r"\b(?:logs?|records?|minutes|letters?|e-?mails?|notes?|memos?|memorandum|reports?"
    r"|reviews?|audits?|files?|forms?"
    r"|documents?|briefings?|papers?|entry|entries|photographs?|invoices?|figures|data"
    r"|dataset|tables?|sheets?|bundles?"
    r"|registers?|guidance|transcripts?|diary|diaries|manual|history|inspections?"
    r"|statements?|assessments?|polic(?:y|ies)"
    r"|returns|statistics|spreadsheets?|notebooks?|handbook|study|strategy|circular"
    r"|pleadings?|act|code|protocol|appraisals?|plans?|framework|update|regulations|reporting"
    r"|judgments?|terms of reference|articles?|board|academy|task ?force|working (?:group|party))$"
)
PERSON = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Lady|Baroness|Professor|Prof|Judge)\.? [A-Z]"
    r"|\b(?:Constable|Commissioner|Superintendent|Inspector|Sergeant|Director|Officer"
    r"|Commander) [A-Z][a-z]+"
)
PERSONS = re.compile(r"\b(?:[Ww]itness(?:es)?|Professors|[Ee]xperts?|[Oo]thers)\b|\b[Ss]ome\b")
_PREPOSITION = _compiled(
    r"(?<!\s)\s+(?:of|in|into|from|for|on|at|with|who|by|to|about|across|as|under|after|between"
    r"|over|before|against|prepared|published|produced"
    r"|commissioned)\b"
)
_AUXILIARIES = re.compile(
    r"(?:\s+(?:had|has|have|also|then|later|further|already|would|will|[a-z]+ly))+\s*$"
)
COMMON = re.compile(
    r"^\W*(?:\d[\d.]*\s+)?(?:[Tt]he |[Tt]his |[Tt]hese |[Aa]n? |[Ss]uch )?[a-z]+(?: [a-z]+)*\s*$"
    r"|^\W*(?:\d[\d.]*\s+)?(?:The|This|These) [a-z]+ (?:[a-z]+ed|of|in|across)\b"
)
"""A common noun, which may be a thing."""
_WORD = re.compile(r"[\w'’-]+")
_LONGEST_NAME = 40
"""Characters of a noun that `DOCUMENT` or `OFFICIAL` knows."""


def names(words: str, nouns: re.Pattern[str]) -> bool:
    """Whether any of the words is such a noun."""
    ends = (word.end() for word in _WORD.finditer(words))
    return any(nouns.search(words[max(0, end - _LONGEST_NAME) : end]) for end in ends)


def voice_of(subject: str) -> Voice | None:
    """The voice of a noun phrase, by its head: the last word before the first preposition."""
    if OUR_REPORT.search(subject):
        return None
    subject = _DATED.sub("", subject)
    head = _AUXILIARIES.sub("", _PREPOSITION.split(subject)[0]).rstrip(" ,'’\"”")
    if DOCUMENT.search(head):
        return Voice.DOCUMENT
    if PERSON.search(subject):
        return Voice.WITNESS
    if OFFICIAL.search(head):
        return Voice.OFFICIAL
    return Voice.WITNESS if re.search(r"\w", head) else None
