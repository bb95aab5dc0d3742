"""Whose words a sentence is, by rule.

A sentence is cut into its frame (what stands outside quotation marks) and what is quoted. The
subject of the frame's verb of saying is the speaker. Words inside a quotation that an earlier
sentence opened are that speaker's, and "she added" carries on with whoever spoke last. A colon
leads in a list, or announces a paragraph of whoever was named before it; in a response, labels and
headings say what it reprints.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from ingest.findings.attribution import Heard, attribution
from ingest.findings.frame import Cue, frame_of, lower
from ingest.findings.naming import DOCUMENT, OFFICIAL, OUR_REPORT, PERSON, names
from ingest.model import Kind, Span, Stance, Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What the sentences so far leave open."""

    kind: Kind = Kind.OTHER
    """Of the document."""
    quotation: bool = False
    """Whether the sentence stands in a paragraph that is quoted as a whole."""
    announced: bool = False
    """Whether such a paragraph is to come, or goes on: somebody was named before a colon."""
    lead: tuple[Voice, Stance] | None = None
    """Whose words the list is that the sentence is part of, and how it is put forward."""
    open: bool = False
    """Whether a quotation is still open."""
    speaker: Voice | None = None
    """Who spoke last, while it is still their words or a pronoun may mean them."""
    reprinted: Stance | None = None
    """In a response: what it reprints there, a recommendation, a conclusion or front matter."""
    section: tuple[str, ...] = ()
    """The headings over what comes next."""


_compiled = partial(re.compile, flags=re.IGNORECASE)
_SOURCES: Sequence[tuple[Voice, re.Pattern[str]]] = (
    (
        Voice.WITNESS,
        re.compile(
            r"\b(?:gave|giving|give) (?:\w+ )?evidence\b|\battended (?:to|on|before)\b"
            r"|\bwas (?:asked|questioned|pressed)\b|\bcame before (?:us|the committee)\b"
            r"|\bwe heard from\b|\bwe (?:met|spoke to|interviewed)\b|\bspoke to (?:us|me)\b"
            r"|\bwas interviewed by (?:us|me|the (?:inquiry|review|panel))\b"
        ),
    ),
    (
        Voice.OFFICIAL,
        re.compile(
            r"\b(?:made|issued|published|gave|released) (?:a|an|the|his|her|its|another|two|three)"
            r" (?:\w+ ){0,2}(?:statements?|apology|apologies|open letter|press (?:release|lines?"
            r"|notice)|response|reply)\b|\bstatement to (?:the house|parliament|the press)\b"
            r"|\burgent question\b"
        ),
    ),
    (
        Voice.DOCUMENT,
        re.compile(
            r"\b(?:letter|e-?mail|memo|memorandum|minute|note|paper|advice|audit|log|leaflet"
            r"|policy|guidance|circular|briefing|report) (?:was|is|had been) (?:\w+ )?(?:sent"
            r"|circulated|dated|written|signed|headed|completed|drafted|issued|found|prepared)\b"
            r"|\b(?:reads|read|says|is in these terms|provides|states)(?: as follows)?:\s*$"
        ),
    ),
)
_RESTATED = _compiled(
    r"(?<!['’]s )(?<!the )(?<!this )(?<!our )\b(?:recommendations?"
    r"|conclusions?)(?:\s+\d+[a-z]?)?\s*:|^\W*recommendation\s+\d+\b"
)
_ANSWERED = _compiled(
    r"\bresponse\s*:|^\W*recommendations? (?:acknowledged|accepted|rejected|noted)\b"
    r"|^\W*(?:(?:partially|not) )?(?:accepted|rejected|noted|agreed)\b"
    r"|^\W*(?:accept|reject|agree)(?: in (?:full|part|principle))?[.,;:]"
    r"|^\W*(?:\w+ )?response\W*$|^\W*we (?:dis)?agree\b|\baccepts? recommendations? \d"
    r"|\b(?:accepts?|rejects?|notes?|welcomes?|supports?|agrees? with) (?:this|these|both|all"
    r"|all of the|the(?: \w+['’]s)?) (?:\w+ )?recommendations?\b"
    r"|\brecommendations? (?:\d+\w* )?(?:is |are |was |has been |have been )?"
    r"(?:\w+ly |in part |in principle )?(?:accepted|rejected|noted|agreed|declined)\b"
    r"|^\W*the (?:\w+ )?government (?:\w+ly )?(?:is|has|will)\b"
    r"|^\W*the (?:\w+ )?(?:government|department|ministry|council|force|trust|service|agency"
    r"|authority|college|commissioner) (?:\w+ly )?(?:accepts|agrees|rejects|notes|welcomes|supports"
    r"|recognises|shares|believes)\b"
)
_ITEM = re.compile(
    r"\s*(?:[•●▪◦‣·–-]\s|\(?(?:[ivx]{1,5}|[a-z])[.)]\s|\(?(?:\d{1,2}|[A-Z])\)\s"
    r"|[A-Z]\.\s(?=[a-z])|[a-z])"
)
_NUMBERED = re.compile(r"\s*(?:1[0-5]|[1-9])\.\s")
"""Of a list, where one was led in; elsewhere so begin paragraphs."""
_SAYING_AT_THE_END = _compiled(
    r"\b(?:said|told|wrote|stated|as follows|in these (?:words|terms))\b[^.;]{0,60}:\W*$"
)
_IT = re.compile(
    r"\W*(?:\d[\d.]*\s+)?It (?:also |then |further )?(?:\w+ed|read|reads|states|says|said|is|was)\b"
)
_SAID_BY_US = re.compile(
    r"\b(?:i|we) (?:\w+ ){0,2}(?:wrote|said|stated|recommended|concluded|set out|answer|ask)\b"
    r"|\b(?:its|my|our|the inquiry['’]s) (?:terms of reference|outline of scope)\b"
)
_COLON = re.compile(r":[\s”\"'’\d]*$")
_PREFACE = _compiled(r"\bcommittee$|\bspecial report\b")
_SAYS = re.compile(r"\w")
_CURLY = re.compile("[“”]")
_WITNESS_IN_PERSON = re.compile(
    r"\bI (?:recall|remember|was|had|left|went|told|saw|heard|felt|asked|joined|never"
    r"|used to|stopped|worked)\b"
)


def resumed(thread: Thread, words: str, *, paragraph: bool) -> Thread:
    """The thread where `words` begin: inside a quotation if they close one before opening any.

    A quotation that runs over paragraphs is opened again in each, so where a paragraph begins
    without a quotation mark none is carried over.
    """
    mark = _CURLY.search(words)
    if mark is None:
        return replace(thread, open=thread.open and not paragraph)
    return replace(thread, open=mark.group() == "”")


def beginning(thread: Thread, words: str) -> Thread:
    """The thread where a paragraph begins with `words`: a list is over unless they are of it."""
    return thread if _is_item(thread, words) else replace(thread, lead=None)


def laid_out(thread: Thread, words: str, *, paragraph: bool, quoted: bool) -> Thread:
    """The thread where `words` stand, which may begin a paragraph, or be set as a quotation.

    After a colon comes what it announces: a list, or a paragraph of whoever was named.
    """
    over = paragraph and thread.quotation
    announced = thread.announced and not over and not _is_item(thread, words)
    return replace(thread, quotation=quoted or announced, announced=announced)


def led(thread: Thread, words: str, put: tuple[Voice, Stance]) -> Thread:
    """The thread after `words` of this voice and stance, which may lead in what follows."""
    if not _COLON.search(words):
        return thread
    told = put == (Voice.INQUIRY, Stance.BACKGROUND)
    if told and _leading(words) is Voice.DOCUMENT:
        put = Voice.DOCUMENT, put[1]
    named = put[0] is not Voice.INQUIRY or _SAYING_AT_THE_END.search(words) is not None
    announced = named and thread.speaker is not None
    return replace(thread, announced=announced, quotation=False, lead=put)


def _leading(words: str) -> Voice | None:
    frame, _ = frame_of(words)
    return _announcing(frame, lower(frame))


def put_by(thread: Thread) -> Stance | None:
    """The stance that a sentence has from what leads it in, or from what reprints it."""
    listed = thread.lead is not None and thread.lead[1] is Stance.RECOMMENDED
    return Stance.RECOMMENDED if listed or thread.reprinted is Stance.RECOMMENDED else None


def _is_item(thread: Thread, words: str) -> bool:
    return bool(_ITEM.match(words) or (thread.lead is not None and _NUMBERED.match(words)))


def headed(thread: Thread, section: tuple[str, ...]) -> Thread:
    """The thread under these headings: in a response, one may open a reprinted recommendation,
    or what a committee puts before the reply that it publishes."""
    if section == thread.section:
        return thread
    reprinted = _reprinted_under(section)
    return replace(
        thread, section=section, reprinted=reprinted, announced=False, quotation=False, lead=None
    )


def _reprinted_under(section: tuple[str, ...]) -> Stance | None:
    if section and (label := _RESTATED.match(section[-1])):
        return _reprinted(label.group())
    return Stance.BACKGROUND if section and _PREFACE.search(section[0]) else None


def _reprinted(label: str) -> Stance:
    return Stance.RECOMMENDED if "recommend" in label.lower() else Stance.FOUND


def voice(sentence: str, thread: Thread) -> tuple[Voice, Thread]:
    """Whose words the sentence is, and the thread that it leaves."""
    (speaker, _), following = heard(sentence, thread)
    return speaker, following


def heard(sentence: str, thread: Thread) -> tuple[Heard, Thread]:
    """The same, with the words that it was told by."""
    frame, still_open = frame_of(sentence, inside=thread.open)
    if thread.kind is Kind.RESPONSE:
        return _heard_in_response(frame, replace(thread, open=still_open))
    attributed = attribution(frame, thread.speaker)
    spoken = attributed or (_quoted_speaker(thread) if _quoted(frame, thread) else _listed(thread))
    speaker = spoken[0] if spoken else _introduced(frame)
    following = replace(thread, open=still_open, speaker=speaker)
    if "”" in sentence and not still_open and not _SAYS.search(frame):
        following = replace(following, announced=False, quotation=False)
    return spoken or _default(sentence, thread.kind), following


def _heard_in_response(frame: str, thread: Thread) -> tuple[Heard, Thread]:
    labels: list[tuple[int, int, Stance | None]] = [
        (m.start(), m.end(), _reprinted(m.group())) for m in _RESTATED.finditer(frame)
    ]
    if thread.lead is None:
        labels += [(m.start(), m.end(), None) for m in _ANSWERED.finditer(frame)]
    start, end, reprinted = max(labels, default=(0, 0, thread.reprinted), key=lambda each: each[:2])
    cue = Span(start, end) if labels else None
    if reprinted is None:
        speaker = Voice.OFFICIAL, Cue("a response speaks for the body that answers", cue)
    else:
        speaker = Voice.INQUIRY, Cue("a response reprints the inquiry's own words", cue)
    return speaker, replace(thread, reprinted=reprinted)


def _introduced(frame: str) -> Voice | None:
    """Whose words a pronoun or a bare quotation of the next sentence will be."""
    lowered = lower(frame)
    if _COLON.search(frame):
        return _announcing(frame, lowered)
    for speaker, pattern in _SOURCES:
        if pattern.search(lowered):
            return speaker
    return None


def _announcing(frame: str, lowered: str) -> Voice | None:
    """By whom or what the sentence speaks of, which ends with a colon."""
    if _SAID_BY_US.search(lowered):
        return Voice.INQUIRY
    if PERSON.search(frame):
        return Voice.WITNESS
    if OUR_REPORT.search(frame):
        return None
    if _IT.match(frame) or names(frame, DOCUMENT):
        return Voice.DOCUMENT
    return Voice.OFFICIAL if names(frame, OFFICIAL) else None


def _quoted(frame: str, thread: Thread) -> bool:
    """Whether the sentence is a speaker's though nothing in it says whose."""
    return thread.open or thread.quotation or not _SAYS.search(frame)


def _listed(thread: Thread) -> Heard | None:
    if thread.lead is None or thread.lead[0] is Voice.INQUIRY:
        return None
    return thread.lead[0], Cue("part of a list, and of whoever led it in")


def _quoted_speaker(thread: Thread) -> Heard:
    if thread.speaker is None:
        return Voice.WITNESS, Cue("a quotation, and nobody else is named for it")
    return thread.speaker, Cue("a quotation of whoever spoke last")


def _default(sentence: str, kind: Kind) -> Heard:
    if kind in {Kind.LETTER, Kind.PLAN, Kind.PRESS_NOTICE, Kind.PROGRESS_REPORT}:
        return Voice.OFFICIAL, Cue(
            "nobody else is named, in a document that an official body wrote"
        )
    if kind is Kind.EVIDENCE:
        return Voice.WITNESS, Cue("nobody else is named, in a document of evidence")
    in_person = kind is Kind.OTHER and _WITNESS_IN_PERSON.search(sentence)
    if in_person:
        return Voice.WITNESS, Cue("somebody tells of themselves", Span(*in_person.span()))
    return Voice.INQUIRY, Cue("nobody else is named for it")
