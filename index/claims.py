"""Which source somebody's prose names for a quotation: a document, a speaker, a kind of voice."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.quotations import Quotation
from index.words import WORD, key
from ingest.model import Document, Voice

_TITLES = (
    "Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Lady|Baroness|Professor|Prof|Judge|Justice|PC|DC|DS|DI"
    r"|(?:(?:Deputy|Assistant|Chief|Detective)\s+)*"
    "(?:Constable|Sergeant|Inspector|Superintendent|Commander|Commissioner)"
)
_NAME = r"[A-Z][a-zA-Z]*(?:[’'\-][A-Z]?[a-z]+)*\.?"
PERSON = re.compile(
    rf"\b(?P<title>(?:{_TITLES})\b\.?\s+(?:(?:{_TITLES})\b\.?\s+)*)(?P<name>{_NAME}(?:\s+{_NAME}){{0,3}})"
)
"""Somebody with a title: `Mr Bates`, `Professor Sir Mark Walport`."""
_SAYS = (
    r"(?:told|said|says|stated|states|wrote|writes|recalled|described|explained|testified|added"
    r"|claimed|argued|insisted|maintained|observed|put it|remarked|commented|complained|accepted"
    r"|acknowledged|admitted|agreed|asserted|believed|confirmed|considered|denied|emphasised"
    r"|noted|replied|stressed|suggested|thought|warned)\b"
)
_NAMED = re.compile(rf"\b(?P<name>{_NAME}(?:\s+{_NAME}){{1,2}})\s+(?:also\s+|then\s+)?{_SAYS}")
_NAMED_AFTER = re.compile(
    rf"(?:{_SAYS}|[—–-]\s*|according to|by)\s+(?P<name>{_NAME}(?:\s+{_NAME}){{1,2}})"
)
_INQUIRY = re.compile(
    r"\b(?:review|inquiry|report|committee|panel|inspectorate|inspectors|commission)\b"
    r"[^.;“\"]{0,40}?\b(?:found|finds|concluded|concludes|determined|says|said|states|stated"
    r"|reported|observed|noted|recommended|recommends|judged|established|identified|wrote)\b"
    r"|\b(?:findings?|conclusions?|words) of the (?:review|inquiry|report|committee|panel)\b",
    re.IGNORECASE,
)
_WITNESS = re.compile(
    r"\b(?:told|said to|complained to) (?:us|me|the (?:inquiry|review|committee|panel))\b"
    r"|\b(?:a|one|another) (?:witness|officer|victim|survivor|member of staff|respondent)\b",
    re.IGNORECASE,
)
_ANONYMOUS = frozenset(("the", "this", "that", "it", "he", "she", "they", "we", "i", "a", "an"))
_GENERAL = frozenset(
    ("the", "of", "and", "a", "an", "in", "to", "for", "on", "by", "into", "from", "with", "its")
)
_COMMON_IN_TITLES = frozenset(
    (
        *("report", "review", "inquiry", "final", "interim", "volume", "module", "part", "annex"),
        *("government", "response", "committee", "house", "commons", "hm", "uk", "independent"),
    )
)
_CAPITAL = r"(?:[A-Z][\w’'-]{0,40}|\d[\w-]{0,40})"
_PHRASE = re.compile(rf"{_CAPITAL}(?:[\s,:]+(?:(?:of|the|and|for|to|into|on|in)\s+)*{_CAPITAL})*")
ENOUGH = 0.6
"""Share of a phrase's words that must be of a title for the title to be meant."""
_TELLING = 2
"""Words that a title must have beyond those of every title to be known by it."""
_PRONOUN = re.compile(r"^\W*(?:and |but )?(?:it|he|she|they|the same \w+)\b", re.IGNORECASE)
_OTHER_SOURCE = re.compile(
    r"\b(?!(?:The|This|That|Our|Its|In|As|A)\s)"
    r"(?P<name>(?:[A-Z][\w’'-]+\s+){1,5}(?:Inquiry|Review|Report|Inspection|Commission))\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a quotation is said to be."""

    documents: tuple[str, ...] = ()
    """Ids of the documents that may be meant."""
    speaker: str | None = None
    """As the prose names them."""
    voice: Voice | None = None
    """The inquiry's own words, or a witness's."""
    unknown: str | None = None
    """A source that no document here is called by."""


class Claims:
    """Reads claims of sources, knowing what the documents are called."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = documents
        self._names = {document.id: _title_words(document) for document in documents}
        self._titles = _titles(documents)
        self._authors = {document.id: _surnames(document.author) for document in documents}

    def of(self, quotation: Quotation) -> Claim:
        """The claim of the sentence around the quotation, or of the one before it."""
        claim = self.read(quotation.frame)
        if claim == Claim() and (
            not WORD.search(quotation.frame) or _PRONOUN.search(quotation.frame)
        ):
            return self.read(quotation.before)
        return claim

    def read(self, frame: str) -> Claim:
        """The source that the words name."""
        documents = self._named(frame)
        speakers = people(frame)
        authored = tuple(
            id
            for id, surnames in self._authors.items()
            if any(surname(name) in surnames for name in speakers)
        )
        speaker = next(
            (
                name
                for name in speakers
                if not any(surname(name) in surnames for surnames in self._authors.values())
            ),
            None,
        )
        documents = documents or authored
        unknown = _OTHER_SOURCE.search(frame) if not documents else None
        return Claim(
            documents=documents,
            speaker=speaker,
            voice=_claimed_voice(frame, speaker=speaker, authored=bool(authored)),
            unknown=unknown["name"] if unknown else None,
        )

    def document(self, name: str) -> tuple[str, ...]:
        """Ids of the documents that somebody calls by this name: id, title, paper number."""
        return self._named(name, least=1)

    def _named(self, frame: str, *, least: int = 2) -> tuple[str, ...]:
        """Documents named by id, paper number or title, or else by a title's most telling words."""
        lowered = frame.lower()
        exact = tuple(
            document.id
            for document in self._documents
            if _stands(document.id, lowered)
            or (document.paper_number and _stands(document.paper_number.lower(), lowered))
        )
        if exact := exact or self._titled(frame):
            return exact
        scores = {
            id: max((_score(phrase, words) for phrase in _phrases(frame)), default=0)
            for id, words in self._names.items()
        }
        best = max(scores.values(), default=0)
        if best < least:
            return ()
        return tuple(id for id, score in scores.items() if score == best)

    def _titled(self, frame: str) -> tuple[str, ...]:
        """Documents whose whole title stands there, and not only as part of a longer one."""
        words = _spaced(frame)
        found: set[str] = set()
        for title, ids in self._titles.items():
            if title in words:
                found.update(ids)
                words = words.replace(title, " | ")
        return tuple(document.id for document in self._documents if document.id in found)


def _titles(documents: Sequence[Document]) -> Mapping[str, Sequence[str]]:
    """Each title that says enough by itself, the longest first, with the documents of it."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for document in documents:
        title = _spaced(document.title)
        if len(set(title.split()) - _GENERAL - _COMMON_IN_TITLES) >= _TELLING:
            found[title].append(document.id)
    return {title: found[title] for title in sorted(found, key=lambda title: -len(title))}


def _spaced(words: str) -> str:
    """The words as they compare, a space around each."""
    return " ".join(("", *(key(found.group()) for found in WORD.finditer(words)), ""))


def _score(phrase: frozenset[str], name: frozenset[str]) -> int:
    """How many words of the phrase are of the name; none where most are not, or all say little."""
    common = phrase & name
    if len(common) < ENOUGH * len(phrase) or common <= _COMMON_IN_TITLES:
        return 0
    return len(common)


def _phrases(frame: str) -> list[frozenset[str]]:
    """The capitalised phrases, each as its words: what a title could be called by."""
    found = [
        frozenset(key(word.group()) for word in WORD.finditer(phrase.group())) - _GENERAL
        for phrase in _PHRASE.finditer(frame)
    ]
    return [words for words in found if words]


def people(words: str) -> list[str]:
    """The people named in the words, in order: with a title, or as saying something."""
    found = [(m.start("name"), " ".join(m["name"].split())) for m in PERSON.finditer(words)]
    for pattern in (_NAMED, _NAMED_AFTER):
        for match in pattern.finditer(words):
            name = " ".join(match["name"].split())
            if name.split()[0].lower() not in _ANONYMOUS and not _is_body(name):
                found.append((match.start("name"), name))
    return list(dict.fromkeys(name for _, name in sorted(found)))


def surname(name: str) -> str:
    """What a person is known by: the last word of a name."""
    parts = [part for part in re.findall(r"[\w’'-]+", name) if not part.isupper() or len(part) > 4]
    last = parts[-1] if parts else name
    return key(re.sub(r"['’]s?$", "", last))


def _all(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BODIES = _all(
    "inquiry review report committee panel government office police council service ministry"
    " department board authority commission inspectorate agency college cabinet parliament court"
    " limited ltd module volume chapter"
)


def _is_body(name: str) -> bool:
    return any(key(part) in _BODIES for part in name.split())


def _stands(name: str, lowered: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", lowered) is not None


def _title_words(document: Document) -> frozenset[str]:
    called = f"{document.title} {document.author or ''} {document.paper_number or ''}"
    words = {key(found.group()) for found in WORD.finditer(called)}
    return frozenset(words - _GENERAL)


def _surnames(author: str | None) -> frozenset[str]:
    """The surnames of the people that an author's line names; a body has none."""
    if not author:
        return frozenset()
    found = {surname(re.split(r"\s+of\s+", name)[0]) for name in people(author)}
    return frozenset(found)


def _claimed_voice(frame: str, *, speaker: str | None, authored: bool) -> Voice | None:
    if speaker or _WITNESS.search(frame):
        return Voice.WITNESS
    if authored or _INQUIRY.search(frame):
        return Voice.INQUIRY
    return None
