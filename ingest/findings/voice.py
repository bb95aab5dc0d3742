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


@dataclass(frozen=True, slots=True)
class Cue:
    """Why a sentence has its label: in words, and those of the sentence that it goes by."""

    why: str
    words: Span | None = None


Heard = tuple[Voice, Cue]
"""Whose words, and why it is thought so."""

_compiled = partial(re.compile, flags=re.IGNORECASE)

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
    "|recalled|recalls|disputes|replied|answered|warned|warns|welcomed"
)
_SAYING_AFTER_DID = (
    r"(?:accept|acknowledge|agree|believe|concede|dispute|think)\b"
    r"|(?:say|tell|state|confirm|admit|argue|claim|describe|explain|maintain|recall|suggest)"
    r"(?=\s+(?:that|it|how|what|why|he|she|they)\b)"
)
_RECORDING = (
    "showed|shows|show|shown|records|recorded|record|lists|listed|list|reveals|revealed"
    "|indicates|indicated|sets out|set out(?! (?:above|below|in|at))"
    "|reads|contains|gives|gave|included|includes|covered|recognised|assumed|observed"
    "|acknowledged|committed|suggests|found|raised|raises|identified|identifies|warned|recommended"
    "|underlined|proposes|proposed|provides|describe|name|note|state|report|counted|uses|used|put"
    "|had concluded|noted|notes|concludes|concluded"
)
# People do this in evidence, and what else has such a verb does not speak.
_OPINING = (
    "agreed(?! to)|agrees|considered|considers|suggested|suggests|expressed|described"
    "|describes|underscored|questioned|attributed|attributes|cautioned|relied|recall|recalls"
    "|regarded|regards|reflected|recommended|explained|aligned|sought to (?:persuade|characterise"
    "|argue)|were in agreement|spoke of|attribute"
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
    rf"|\bdid(?: not| also| indeed)?\s+(?:{_SAYING_AFTER_DID})|\b(?P<record>{_RECORDING})\b"
    rf"|\b(?P<show>{_SHOWING})\b|\b(?P<own>{_OPINING})\b"
)
# "Were told", "those who said": the subject of the verb is not the speaker of the sentence.
_PASSIVE = _compiled(
    r"\b(?:is|are|was|were|be|been|being|who|as|otherwise)\s+(?:(?:\w+ly|not|also)\s+){0,3}$"
    r"|\b(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+)?\w+ed(?:,|\s+and|\s+or)\s+(?:\w+ly\s+)?$"
    r"|\b(?:safe|reasonable|fair|right|wrong|easy|possible|open|necessary|not)\s+to\s+$"
    r"|\b(?:if|unless)\b[^,;]*$"
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
_DATED = re.compile(
    r"^\W*(?:\d[\d.]*\s+)?(?:[Oo]n|[Ii]n|[Bb]y|[Aa]t|[Ss]ince|[Ff]rom) [^,]{0,40}?\b(?:19"
    r"|20)\d\d,?\s+"
)
_SAID_AND_DONE = re.compile(r"\b(?:all that|that|having) said,")
_OUR_REPORT = _compiled(
    r"\b(?:chapter|section|paragraph|appendix)\b|\b(?:this|our|my|the (?:interim"
    r"|present)) (?:report|review|volume|update)\b"
)
_FARTHEST = 400
"""Characters before a verb of saying among which its subject stands."""
_PRONOUN = _compiled(
    r"^\W*(?:\w+\W+){0,2}?(?:he|she|they|it)(?:\s+(?:and others|also|then|had|has|further"
    r"|\w+ly))*\s*$"
)
_NOUN_OF_SAYING = _compiled(
    r"\b(?:of|in|for|on|by|with|about|all|any|no|some|these|those|many|such|the|their|his|her|its"
    r"|different|such|further|other|formal|legal|an?|one|each|every|regular|late|disputed"
    r"|\d+)\s+(?:\w+al\s+)?$"
)
_TESTIMONY = r"(?:(?:witness )?statements?|evidence|submissions?)\b"
_WRITING = re.compile(r"wrote|writes|has written|had written")
_RELATIVE = _compiled(r"\b(?:which|whom|whose|where|what)\b[^,;]*$")
_EVIDENCE = re.compile(
    r"\b(?:told|said to|explained to|described to|wrote to|informed|reminded) (?:us|me"
    r"|the (?:inquiry|committee|review))\b"
    r"|\b(?:we|i|the (?:inquiry|committee|review|panel)) (?:\w+ )?heard (?:that|how|from"
    r"|evidence that)\b"
    rf"|(?:^\W*(?:\d[\d.]*\s+)?|\b(?:he|she|they|who|and|but|said)\b[^.;]{{0,60}}, )"
    rf"(?:in|during|on the basis of) (?:[\w.’']+ ){{0,6}}?{_TESTIMONY}(?!,? (?:i|we)\b)"
    rf"|\bin (?:his|her|their) (?:[\w.]+ ){{0,3}}?{_TESTIMONY}"
    rf"|\bin (?:oral |written )?evidence,|\b{_TESTIMONY} (?:to [^,.;]+ )?(?:was"
    rf"|is) (?:also )?that\b"
    r"|\bso (?:he|she) says\b"
    r"|\bevidence (?:we|i) (?:received|heard)\b|\bforces we heard from\b"
    r"|\b(?:his|her|their) (?:evidence|recollection|account) (?:was|is)\b"
    r"|\b(?:was|were) (?:put to me|put to us|submitted(?: to (?:me|us))?) (?:by|on behalf|that)\b"
    r"|\bcounsel for [^.;]* (?:submitted|submits|argued|suggested|invited)\b"
    r"|\b(?:we|i|the (?:inquiry|committee|review|panel)) (?:was|were|has been|have been)"
    r" (?:also |then )?(?:told|informed|assured)\b|, i heard,|\bit is (?:also )?said that\b"
    rf"|\bi (?:also )?understand from (?:[\w.’']+ ){{1,5}}?{_TESTIMONY}"
    r"|\bit (?:was|is|has) (?:also )?(?:been )?suggested\b|\bthere have been suggestions\b"
    r"|\bgave evidence (?:that|of)\b|\bassured (?:us|me|the (?:inquiry|committee|review))\b"
    r"|\bwere (?:very )?clear (?:that|to us)\b|\bit is alleged\b"
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
    r"|\b(?:in|to use) (?:\w+ ){1,3}?\w+['’]s? (?:words|view|opinion)\b"
    r"|\b(?:his|her|their) (?:\w+ )?(?:understanding|suggestion|submission|contention|view|opinion"
    r"|belief) (?:was|is|were)\b"
)
_TRANSCRIBED = re.compile(r"^\W*(?:[A-Z][\w'’.-]+ ){1,5}?[A-Z][\w'’-]+: (?=[A-Z])")
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
_FRACTION = (
    r"(?:\d\s?%|\bper cent\b|\b(?:one|two|three|four|five|six|seven|eight|nine"
    r"|\d+) (?:out of|in) (?:\w+|\d+)\b"
    r"|\b(?:half(?! an)|(?<!the )(?:third|quarter|fifth)|thirds|quarters|fifths|majority"
    r"|most (?:of|staff|people|officers|respondents|women|men|residents|londoners)"
    r"|proportion)\b)"
)
_SURVEY = re.compile(
    r"\brespondents?\b|\bpoll(?:ed|s|ing)?\b|\bquestionnaires?\b|\b(?:staff|public|residents"
    r"|annual|workforce) survey\b|\bsurveyed\b"
    r"|\b(?:those|staff|officers|people|residents|women|londoners) who (?:answered|replied"
    r"|responded|completed)\b"
    rf"|{_FRACTION}[^.;]{{0,200}}\b(?:said|say|felt|feel|thought|think|agreed|agree|believed"
    rf"|believe|reported|replied|told|rated|knew)\b"
)
_FILED = re.compile(r"[(\[][A-Z]{3,5}\d{6,}[_\d]*[)\]]")
"""The number under which an inquiry keeps what was disclosed to it."""
_WITHIN = re.compile(
    r"\b(?:described|stated|recorded|noted|recognised|observed|assumed|acknowledged|said)"
    r" (?:in|at a meeting of) ([^,.;:“”]+)"
    r"|(?:^\W*(?:\d[\d.]*\s+)?)(?:as [\w ]+ )?(?:in|at paragraph \d+ of) ((?:his|her|their|its"
    r"|the \d{4})"
    r" [^,;:“”]+),"
)
_SHARE = re.compile(_FRACTION)
_OFFICIAL = _compiled(
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
_DOCUMENT = _compiled(
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
_PERSON = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Lady|Baroness|Professor|Prof|Judge)\.? [A-Z]"
    r"|\b(?:Constable|Commissioner|Superintendent|Inspector|Sergeant|Director|Officer"
    r"|Commander) [A-Z][a-z]+"
)
_PERSONS = re.compile(r"\b(?:[Ww]itness(?:es)?|Professors|[Ee]xperts?|[Oo]thers)\b|\b[Ss]ome\b")
_ACCORDING = re.compile(
    r"\b(?:according to|in the (?:words|opinion) of|to quote|the (?:\w+ )?(?:view|opinion|position"
    r"|contention|submission) of) ([^,.;:]+)"
)
_CLAUSE = _compiled(
    r"[,;:—–(]\s*|\b(?:that|when|while|but|although|though|and|because|whereas|as)\s+"
)
_PREPOSITION = _compiled(
    r"\s+(?:of|in|from|for|on|at|with|who|by|to|about|across|as|prepared|published|produced"
    r"|commissioned)\b"
)
_AUXILIARIES = re.compile(
    r"(?:\s+(?:had|has|have|also|then|later|further|already|would|will|[a-z]+ly))+\s*$"
)
_COMMON = re.compile(
    r"^\W*(?:\d[\d.]*\s+)?(?:[Tt]he |[Tt]his |[Tt]hese |[Aa]n? |[Ss]uch )?[a-z]+(?: [a-z]+)*\s*$"
    r"|^\W*(?:\d[\d.]*\s+)?(?:The|This|These) [a-z]+ (?:[a-z]+ed|of|in|across)\b"
)
"""A common noun, which may be a thing."""
_DEED = re.compile(
    r"agreed|rejects|rejected|accused|praised|criticised|promised|pledged|confirmed|acknowledged"
    r"|accepts|welcomed|admitted|admits|conceded|announced|submitted|recommended"
)
_CONTENT = re.compile(
    r"\s*(?:\w+ ){0,4}?(?:that|how|what|why|whether|there|it|he|she|they|being)\b|\W*[“\"‘,:]"
)
"""After a verb: what is said, and not what is done."""
_APPOSITION = re.compile(
    r"\b(?P<name>[A-Z]\w+(?: [A-Z][\w'’-]+){1,5})(?: \(?[A-Z]{2,}\)?)?"
    r",[^,]{0,120}(?:,[^,]{0,120})?,\s*$"
)

_RESTATED = _compiled(
    r"(?<!['’]s )(?<!the )(?<!this )(?<!our )\b(?:recommendations?"
    r"|conclusions?)(?:\s+\d+[a-z]?)?\s*:|^\W*recommendation\s+\d+\b"
)
_ANSWERED = _compiled(
    r"\bresponse\s*:|^\W*recommendations? (?:acknowledged|accepted|rejected|noted)\b"
    r"|^\W*(?:(?:partially|not) )?(?:accepted|rejected|noted|agreed)\b"
    r"|^\W*(?:\w+ )?response\W*$|^\W*we (?:dis)?agree\b|\baccepts? recommendations? \d"
    r"|\b(?:accepts?|rejects?|notes?|welcomes?|supports?|agrees? with) (?:this|these|both|all"
    r"|all of the|the(?: \w+['’]s)?) (?:\w+ )?recommendations?\b"
    r"|\brecommendations? (?:\d+\w* )?(?:is |are |was |has been |have been )?"
    r"(?:\w+ly |in part |in principle )?(?:accepted|rejected|noted|agreed|declined)\b"
    r"|^\W*the (?:\w+ )?government (?:\w+ly )?(?:accepts|agrees|rejects|notes|welcomes|supports"
    r"|recognises|shares|believes|is|has|will)\b"
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
_WORD = re.compile(r"[\w'’-]+")
_LONGEST_NAME = 40
"""Characters of a noun that `_DOCUMENT` or `_OFFICIAL` knows."""
_SAID_BY_US = re.compile(
    r"\b(?:i|we) (?:\w+ ){0,2}(?:wrote|said|stated|recommended|concluded|set out|answer|ask)\b"
    r"|\b(?:its|my|our|the inquiry['’]s) (?:terms of reference|outline of scope)\b"
)
_COLON = re.compile(r":[\s”\"'’\d]*$")
_PREFACE = _compiled(r"\bcommittee$|\bspecial report\b")
_CURLY = re.compile("[“”]")
_QUOTATION_MARKS = frozenset('“”"')
_QUOTATION_MARK = re.compile('([“”"])')
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
    attributed = _attribution(frame, thread.speaker)
    spoken = attributed or (_quoted_speaker(thread) if _quoted(frame, thread) else _listed(thread))
    speaker = spoken[0] if spoken else _introduced(frame)
    following = replace(thread, open=still_open, speaker=speaker)
    return spoken or _default(sentence, thread.kind), following


def mentions(words: str, hints: Sequence[str]) -> bool:
    """Whether any of the hints is among the words: far sooner told than by a long pattern."""
    return any(hint in words for hint in hints)


def lower(words: str) -> str:
    """The words in lower case, character for character: offsets stay what they were."""
    lowered = words.lower()
    if len(lowered) == len(words):
        return lowered
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in words)


def frame_of(sentence: str, *, inside: bool = False) -> tuple[str, bool]:
    """The sentence with its quoted characters blanked, and whether a quotation is open at its end.

    Single quotation marks are left alone, being apostrophes as often.
    """
    kept: list[str] = []
    for piece in _QUOTATION_MARK.split(sentence):
        if piece in _QUOTATION_MARKS:
            inside = piece == "“" or (piece == '"' and not inside)
        kept.append(" " * len(piece) if inside and piece not in _QUOTATION_MARKS else piece)
    return "".join(kept), inside


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
    if _PERSON.search(frame):
        return Voice.WITNESS
    if _OUR_REPORT.search(frame):
        return None
    if _IT.match(frame) or _heads(frame, _DOCUMENT):
        return Voice.DOCUMENT
    return Voice.OFFICIAL if _heads(frame, _OFFICIAL) else None


def _heads(words: str, nouns: re.Pattern[str]) -> bool:
    """Whether any of the words is such a noun."""
    ends = (word.end() for word in _WORD.finditer(words))
    return any(nouns.search(words[max(0, end - _LONGEST_NAME) : end]) for end in ends)


def _quoted(frame: str, thread: Thread) -> bool:
    """Whether the sentence is a speaker's though nothing in it says whose."""
    return thread.open or thread.quotation or not re.search(r"\w", frame)


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


def _attribution(frame: str, speaker: Voice | None) -> Heard | None:
    """The voice that the frame attributes the sentence to, if it does."""
    filed = _FILED.search(frame)
    frame = _ASIDE.sub(lambda aside: " " * len(aside.group()), frame)
    lowered = _SAID_AND_DONE.sub(lambda idiom: " " * len(idiom.group()), lower(frame))
    if _OUR_DOING.match(lowered):
        return None
    evidence = _EVIDENCE.search(lowered) if mentions(lowered, _OF_EVIDENCE) else None
    if cue := evidence or _TRANSCRIBED.search(frame):
        return Voice.WITNESS, Cue("evidence that was given", Span(*cue.span()))
    if cue := _AS_SEEN_BY.search(lowered):
        return speaker or Voice.WITNESS, Cue("as somebody sees it", Span(*cue.span()))
    if cue := _SURVEY.search(lowered):
        return Voice.SURVEY, Cue("answers to a survey", Span(*cue.span()))
    if speaker is Voice.SURVEY and (cue := _SHARE.search(lowered)):
        return Voice.SURVEY, Cue("more answers to the survey", Span(*cue.span()))
    if cue := _ACCORDING.search(lowered):
        found = _subject_voice(frame[cue.start(1) : cue.end(1)])
        return (found, Cue("according to somebody", Span(*cue.span()))) if found else None
    if filed:
        return Voice.DOCUMENT, Cue("with the number of a document", Span(*filed.span()))
    if (cue := _WITHIN.search(lowered)) and _of_document(cue.group(1) or cue.group(2)):
        return Voice.DOCUMENT, Cue("what a document holds", Span(*cue.span()))
    return None if "\t" in frame else _verb_attribution(frame, lowered, speaker)


def _verb_attribution(frame: str, lowered: str, speaker: Voice | None) -> Heard | None:
    """By the first verb of saying that has a speaker."""
    for verb in _VERB.finditer(lowered):
        before = frame[max(0, verb.start() - _FARTHEST) : verb.start()]
        noun = not verb["record"] and _NOUN_OF_SAYING.search(before)
        if _PASSIVE.search(before) or (noun and not _PRONOUN.search(before)):
            continue
        if (verb["own"] or verb["show"]) and _RELATIVE.search(before):
            continue
        if _OURSELVES.search(before):
            return None
        found = _speaker(before, frame[verb.end() :], speaker=speaker, verb=verb)
        if found is not None:
            wrote = found is Voice.WITNESS and _WRITING.match(verb.group())
            return Voice.DOCUMENT if wrote else found, Cue(
                "the subject of the verb", Span(*verb.span())
            )
    return None


def _speaker(
    before: str, after: str, *, speaker: Voice | None, verb: re.Match[str]
) -> Voice | None:
    """Of the words around a verb of saying, and of whoever spoke last."""
    if not verb["record"] and (named := _APPOSITION.search(before)):
        return _subject_voice(named["name"])
    clause = _CLAUSE.split(before)[-1] if _CLAUSE.search(before) else before
    if re.match(r"which\b", clause) and _heads(before, _DOCUMENT):
        return Voice.DOCUMENT
    subject = clause if clause.strip() else before
    if not subject.strip(" “”\"'‘’,"):
        subject = re.split(r"[,.;:]", after)[0]
    if pronoun := _PRONOUN.search(subject):
        return _pronoun_voice(pronoun.group(), speaker, verb)
    return _noun_voice(subject, after, verb)


def _pronoun_voice(pronoun: str, speaker: Voice | None, verb: re.Match[str]) -> Voice | None:
    if verb["own"]:
        return Voice.WITNESS if speaker is Voice.WITNESS else None
    if verb["record"] or (speaker is None and pronoun.split()[-1].lower() == "it"):
        return None if speaker is not Voice.DOCUMENT else speaker
    return speaker or Voice.WITNESS


def _noun_voice(subject: str, after: str, verb: re.Match[str]) -> Voice | None:
    found = _subject_voice(subject)
    if found is Voice.DOCUMENT or found is None:
        return found
    if verb["own"]:
        person = _PERSON.search(subject) or _PERSONS.search(subject)
        return Voice.WITNESS if person else None
    common = found is Voice.WITNESS and _COMMON.search(subject)
    done = _DEED.fullmatch(verb.group()) and not _CONTENT.match(after)
    silent = verb["record"] or (common and (verb["show"] or done))
    return None if silent else found


def _of_document(words: str) -> bool:
    return not _OUR_REPORT.search(words) and _subject_voice(words) is Voice.DOCUMENT


def _subject_voice(subject: str) -> Voice | None:
    """The voice of a noun phrase, by its head: the last word before the first preposition."""
    if _OUR_REPORT.search(subject):
        return None
    subject = _DATED.sub("", subject)
    head = _AUXILIARIES.sub("", _PREPOSITION.split(subject)[0]).rstrip(" ,'’\"”")
    if _DOCUMENT.search(head):
        return Voice.DOCUMENT
    if _PERSON.search(subject):
        return Voice.WITNESS
    if _OFFICIAL.search(head):
        return Voice.OFFICIAL
    return Voice.WITNESS if re.search(r"\w", head) else None
