"""The parts of a recommendation that a reply can be held to: each a range of its words.

What a document letters or bullets is a part, with whoever the words before the list make
responsible. Elsewhere a sentence that directs is one, or several where it joins acts that each have
an object of their own: "publish the plan and review it each year", not "review and publish the
plan". Sentences that explain, hope or give reasons are none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.model import Duty, Recommendation, Span
from ingest.recommendations.obligations import addressees, deadline
from ingest.sentences import sentences

_MODAL = re.compile(
    r"\b(?:should|must|shall|ought\s+to|needs?\s+to|ha(?:s|ve)\s+to|(?:is|are)\s+to(?=\s+\w+))\b"
)
_ALLOWS = re.compile(r"\b(?:may|will|can)\b")
_ASKS = re.compile(
    r"\b(?:recommend|urge|encourage|invite|ask|call|expect|propose)s?\b(?:\s+(?:that|on|upon))?",
    re.I,
)
_ADVERBS = re.compile(
    r"(?:\s+(?:each|also|therefore|together|both|jointly|all|now|then|either|not|\w+ly)(?=\s))*\s*"
)
_ASIDE = re.compile(r"\([^)]*\)|,[^,]*,")
_ASIDE_AT_START = re.compile(r"\s*,[^,]*,?")
_BULLET_AT_END = re.compile(r"[\s•●○▪■◦‣\uf0b7\uf0a7]+$")
_FEW_WORDS = 4
"""Words after the modal up to which the words before a list ask for nothing themselves."""

_ACTS = (
    *("abolish", "accept", "act", "adopt", "address", "agree", "allocate", "allow", "amend"),
    *("analyse", "announce", "apologise", "appoint", "apply", "arrange", "assess", "assign"),
    *("audit", "avoid", "begin", "bring", "build", "carry", "cease", "change", "check", "clarify"),
    *("collect", "commission", "communicate", "complete", "conduct", "confirm", "consider"),
    *("consult", "continue", "convene", "co-ordinate", "coordinate", "create", "define"),
    *("deliver", "demonstrate", "design", "designate", "develop", "devise", "disclose", "draw"),
    *("embed", "employ", "enable", "encourage", "end", "enforce", "ensure", "establish"),
    *("evaluate", "examine", "expand", "explain", "explore", "extend", "facilitate", "fund"),
    *("give", "hold", "identify", "implement", "improve", "include", "increase", "inform"),
    *("inspect", "instruct", "introduce", "invest", "investigate", "invite", "issue", "join"),
    *("keep", "launch", "lay", "lead", "legislate", "limit", "maintain", "make", "mandate"),
    *("monitor", "notify", "obtain", "offer", "outline", "pay", "permit", "place", "prepare"),
    *("prevent", "prioritise", "prohibit", "promote", "protect", "provide", "publish", "put"),
    *("raise", "record", "reduce", "refer", "release", "remove", "repeal", "replace", "report"),
    *("require", "respond", "retain", "review", "revise", "secure", "seek", "send", "set"),
    *("share", "simplify", "specify", "stop", "strengthen", "submit", "support", "take", "tell"),
    *("test", "train", "undertake", "update", "use", "withdraw", "work", "write"),
)
_OBJECT = (
    r"(?:the|an?|its|their|his|her|this|these|those|that|any|all|each|every|it|them|how|whether|"
    r"what|to|on|with|out|up|in|for|sure|steps|action|clear|new|regular|annual|further|more|\w+ly)"
)
_JOIN = re.compile(
    r"(?P<join>[,;]?\s+and\s+(?:(?:also|then|to)\s+)?|[,;]\s+(?:(?:also|then)\s+)?)"
    rf"(?P<act>(?:{'|'.join(_ACTS)})\s+{_OBJECT}\b)"
)
_JOINED_MODAL = re.compile(
    r"[,;]?\s+(?:and|but)\s+(?=(?!(?:that|which|who|whether|how|where|when|if)\b)"
    r"(?:[\w’'-]+\s+){0,6}?(?:should|must|shall)\b)|;\s+(?=(?:[\w’'-]+\s+){1,7}?(?:should|must|shall)\b)"
)
_MEANWHILE = re.compile(r",\s+(?:while|whilst)\s+(?:also\s+)?(?=\w+ing\b)")
_OPENS_WITHIN = re.compile(
    r"\b(?:to\s+\w+|that|which|who|whether|how|if|by\s+\w+ing|for\s+\w+ing)\b"
)
_LEAD = re.compile(
    r"[\s,;:.•●○▪■◦‣\uf0b7\uf0a7–—-]*(?:\(?(?:[a-z]|[ivx]{1,5}|\d{1,2})[.)]\s+|[A-Z]\.\s+)?"
    r"(?:(?:and|or|but)\s+)?"
)
_TRAIL = re.compile(r"(?:[\s,;:.]|\s(?:and|or|but)(?=[\s,;:.]*$)|(?<=[;,.])(?:and|or)(?=\s*$))*$")
_ALTERNATIVES = re.compile(r"\bor\W*$")
_PRONOUN = re.compile(r"(?:it|they|he|she)\b", re.I)


@dataclass(frozen=True, slots=True)
class _Part:
    span: Span
    actor: str | None
    act: str
    deadline: str | None


def duties(recommendation: Recommendation, text: str) -> tuple[Duty, ...]:
    """The operative parts in the order of the text; a conclusion has none."""
    if recommendation.kind != "recommendation":
        return ()
    return tuple(
        Duty(
            recommendation=recommendation.id,
            span=part.span,
            actor=part.actor,
            act=part.act,
            deadline=part.deadline,
        )
        for part in _Statement(recommendation, text).parts()
    )


class _Statement:
    """One recommendation's words, read from the first to the last."""

    def __init__(self, recommendation: Recommendation, text: str) -> None:
        self._text = text
        self._span = recommendation.span
        self._listed = () if _are_alternatives(recommendation, text) else recommendation.sub_parts
        self._actor: str | None = None
        """Whom the words so far make responsible."""

    def parts(self) -> list[_Part]:
        found: list[_Part] = []
        at = self._span.start
        for listed in self._listed:
            found += self._between(at, listed.start, leads=True)
            found += self._of_list(listed, found)
            at = listed.end
        found += self._between(at, self._span.end, leads=False)
        return found or self._whole()

    def _whole(self) -> list[_Part]:
        span = self._bared(self._span) or self._span
        return [self._part(span, span.of(self._text))]

    # --- Sentences ------------------------------------------------------------------------

    def _between(self, start: int, end: int, *, leads: bool) -> list[_Part]:
        """The parts in running text; `leads` where a list follows."""
        found: list[_Part] = []
        running = _BULLET_AT_END.sub("", self._text[start:end])
        said = [Span(start + each.start, start + each.end) for each in sentences(running)]
        if any(any(map(str.isalpha, each.of(self._text))) for each in said):
            self._tail, self._due = "", None
        for place, sentence in enumerate(said):
            words = sentence.of(self._text)
            last = leads and place == len(said) - 1 and not _is_finished(words)
            if last or words.endswith(":"):
                found += self._lead_in(sentence)
            elif _directs(words, first=sentence.start == self._span.start):
                found += self._clauses(sentence)
        return found

    def _lead_in(self, sentence: Span) -> list[_Part]:
        """The part that the words before a list are, where they ask for anything themselves."""
        words = sentence.of(self._text)
        self._actor = self._named(words)
        act = _act(words, self._actor)
        bare = " ".join(_ASIDE.sub(" ", act or "").split()).rstrip(" :;,-–—")
        if act is None or len(bare.split()) <= _FEW_WORDS or "following" in bare.split():
            self._tail = "" if "following" in bare.split() else bare
            self._due = deadline(words)
            return []
        return self._clauses(sentence)

    def _clauses(self, sentence: Span) -> list[_Part]:
        self._actor = self._named(sentence.of(self._text))
        spans = [each for each in map(self._bared, _clauses(self._text, sentence)) if each]
        return [self._part(span, span.of(self._text)) for span in spans]

    def _of_list(self, listed: Span, before: Sequence[_Part]) -> list[_Part]:
        span = self._bared(listed)
        if span is None:
            return []
        part = self._part(span, span.of(self._text), listed=True)
        return [part] if not before or span.start >= before[-1].span.end else []

    # --- A part ---------------------------------------------------------------------------

    def _part(self, span: Span, words: str, *, listed: bool = False) -> _Part:
        own = _printed(words)
        act = _act(words, own or self._actor) if own or not listed else None
        lead = self._tail if listed and not own else ""
        return _Part(
            span=span,
            actor=own or self._actor,
            act=" ".join(f"{lead} {act or words}".split()),
            deadline=deadline(words) or (self._due if listed else None),
        )

    def _named(self, words: str) -> str | None:
        """Who must act; whoever had to before, where a pronoun stands for them."""
        named = _printed(words)
        return self._actor if named is None and _PRONOUN.match(words) else named

    def _bared(self, span: Span) -> Span | None:
        """Without the letter, bullet and joining words around it."""
        lead = _LEAD.match(self._text, span.start, span.end)
        start = lead.end() if lead else span.start
        trail = _TRAIL.search(self._text[start : span.end])
        end = start + trail.start() if trail else span.end
        return Span(start, end) if start < end else None

    _tail: str = ""
    """Verb with which each item of a list goes on: `include as a minimum`."""
    _due: str | None = None
    """By when all items of a list are to be done."""


def _are_alternatives(recommendation: Recommendation, text: str) -> bool:
    """Whether the lettered parts are choices: "either (a) settled or (b) withdrawn"."""
    if not recommendation.sub_parts:
        return False
    last = recommendation.sub_parts[-1].start
    return _ALTERNATIVES.search(text[recommendation.span.start : last]) is not None


def _is_finished(words: str) -> bool:
    return re.search(r"[.!?][”’\"')\]]*$", words) is not None


def _directs(words: str, *, first: bool) -> bool:
    if _MODAL.search(words) or re.match(rf"(?:{'|'.join(_ACTS)})\b", words, re.I):
        return True
    if re.match(r"\W*that\b", words, re.I) or _ASKS.search(words):
        return True
    return first and _ALLOWS.search(words) is not None


def _clauses(text: str, sentence: Span) -> Iterator[Span]:
    """The sentence parted where an act with an object of its own is joined to another."""
    start = sentence.start
    for cut, begin in _cuts(text, sentence):
        if cut > start:
            yield Span(start, cut)
            start = begin
    yield Span(start, sentence.end)


def _cuts(text: str, sentence: Span) -> list[tuple[int, int]]:
    """Where one clause ends and the next begins."""
    first = _MODAL.search(text, sentence.start, sentence.end) or _ASKS.search(
        text, sentence.start, sentence.end
    )
    if first is None:
        return []
    after = first.end()
    found = [each.span() for each in _JOINED_MODAL.finditer(text, after, sentence.end)]
    found += [each.span() for each in _MEANWHILE.finditer(text, after, sentence.end)]
    for each in _JOIN.finditer(text, after, sentence.end):
        before = text[after : each.start()]
        if _has_object(before) and _is_beside(before, each["join"]):
            found.append((each.start(), each.start("act")))
    return sorted(found)


def _has_object(before: str) -> bool:
    """Whether the act before has its own, so that the next does not share it."""
    return len(_ADVERBS.sub("", _ASIDE_AT_START.sub("", before), count=1).split()) >= 3


def _is_beside(before: str, join: str) -> bool:
    """Whether the next act stands beside the first one, not within what that is for."""
    return join.lstrip().startswith((",", ";")) or not _OPENS_WITHIN.search(before)


def _printed(words: str) -> str | None:
    """Who must act, as one stretch of the words where they are named together."""
    single = " ".join(words.split())
    names = addressees(words)
    if not names:
        return None
    start = single.find(names[0])
    end = single.find(names[-1], start) + len(names[-1])
    together = single[start:end] if 0 <= start < end else names[0]
    return together if len(together) <= sum(map(len, names)) + 12 * len(names) else names[0]


def _act(words: str, actor: str | None) -> str | None:
    """From the verb on; None where no verb says what is to be done."""
    single = " ".join(words.split())
    if modal := _MODAL.search(single):
        rest = single[modal.end() :]
        skipped = _ADVERBS.match(rest)
        return rest[skipped.end() if skipped else 0 :].strip()
    asked = _ASKS.search(single)
    if asked and actor and (at := single.find(actor, asked.end())) >= 0:
        return re.sub(r"^(?:,[^,]*,)?\s*(?:to\s+)?", "", single[at + len(actor) :]).strip()
    return None
