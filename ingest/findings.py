"""Tags on passages, each with the words that earned it, whose words they are and how meant.

spaCy splits the words and finds the taxonomy's terms (a SpanRuler of phrases); the rules say
which terms must stand together in a sentence. Importing spaCy imports PyTorch and takes two
seconds, so it is done when the first text is tagged and not before.

A finding's confidence is the prior of the rule that fired, as the taxonomy states it.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, product
from typing import TYPE_CHECKING, TypeAlias, cast

import numpy as np

from ingest.model import Finding, Kind, ParagraphKind, Passage, Span, Stance, Voice
from ingest.sentences import sentences
from ingest.stance import stance, trigger_stance
from ingest.taxonomy import Rule, Setting, Taxonomy, bundled_taxonomy
from ingest.voice import Thread, frame_of, resumed, voice

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from spacy.language import Language
    from spacy.pipeline import SpanRuler
    from spacy.tokens import Doc
    from spacy.tokens import Span as SpacySpan
    from thinc.types import Ints2d

_Term: TypeAlias = tuple[str, Span]
"""A term as the taxonomy writes it, and where it occurs, in tokens."""

_QUOTATION = frozenset({ParagraphKind.QUOTATION})
_PHRASES = "phrases"
_POLICING, _ELSEWHERE, _TRAP = "policing", "elsewhere", "trap"
# A term that occurs very often in a sentence (a list of names) cannot blow up the combinations.
_MOST_OCCURRENCES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageText:
    """A passage with its words and what the findings in them depend on."""

    passage: Passage
    text: str
    document_kind: Kind = Kind.OTHER
    paragraph_kinds: frozenset[ParagraphKind] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence, whose words it is and how they are put forward."""

    span: Span
    voice: Voice
    stance: Stance


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedText:
    """Findings and sentences, in order, in offsets of the text."""

    findings: tuple[Finding, ...]
    """Their `passage` is empty: the text belongs to none."""
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class _Subject:
    """How often a text speaks of policing, and of other subjects."""

    policing: int = 0
    elsewhere: int = 0

    def __add__(self, other: _Subject) -> _Subject:
        return _Subject(self.policing + other.policing, self.elsewhere + other.elsewhere)

    def allows(self, setting: Setting) -> bool:
        if self.elsewhere > 2 * self.policing:
            return False
        return setting is Setting.OPEN or self.policing > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """A rule that fired, and where in the text."""

    tag: str
    rule: Rule
    trigger: Span


class Tagger:
    """Finds what one taxonomy describes; made once, as compiling its rules takes a moment."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._terms_of = _terms_by_phrase(taxonomy)
        self._pipeline = _pipeline(sorted(self._terms_of))
        self._rules = _rules_by_term(taxonomy)

    def findings(self, passages: Iterable[PassageText]) -> Iterator[tuple[Finding, ...]]:
        """The findings of each passage in turn, in offsets of the document's canonical text.

        Passages of one document come in reading order: who spoke last, and what the document is
        about, carry over from one to the next.
        """
        thread, subject, document = Thread(), _Subject(), None
        for doc, given in self._pipeline.pipe(((p.text, p) for p in passages), as_tuples=True):
            if given.passage.document != document:
                document = given.passage.document
                thread, subject = Thread(kind=given.document_kind), _Subject()
            terms = self._terms(doc)
            here = _subject(terms)
            thread = replace(thread, quotation=given.paragraph_kinds == _QUOTATION)
            tagged, thread = self._tagged(doc, terms, thread=thread, subject=subject + here)
            subject = here
            yield tuple(_placed(finding, given.passage) for finding in tagged.findings)

    def tag(
        self, text: str, *, before: str = "", after: str = "", document_kind: Kind = Kind.OTHER
    ) -> TaggedText:
        """Findings, voice and stance of any text, judged with what stands before and after it."""
        doc = self._pipeline(text)
        terms = self._terms(doc)
        subject = sum(
            (_subject(self._terms(self._pipeline(t))) for t in (before, after)), _subject(terms)
        )
        _, thread = _spoken(before, sentences(before), Thread(kind=document_kind))
        tagged, _ = self._tagged(doc, terms, thread=thread, subject=subject)
        return tagged

    def _tagged(
        self, doc: Doc, terms: Sequence[_Term], *, thread: Thread, subject: _Subject
    ) -> tuple[TaggedText, Thread]:
        text = doc.text
        spoken, thread = _spoken(text, sentences(text), thread)
        found = tuple(
            _finding(text, match, sentence, kind=thread.kind)
            for sentence, inside in zip(spoken, _terms_by_sentence(doc, terms, spoken), strict=True)
            for match in self._matches(doc, inside, subject)
        )
        return TaggedText(findings=found, sentences=spoken), thread

    def _terms(self, doc: Doc) -> Sequence[_Term]:
        phrases = cast("Sequence[SpacySpan]", doc.spans[_PHRASES])
        found = [(phrase.label_, Span(phrase.start, phrase.end)) for phrase in phrases]
        return [(term, words) for phrase, words in found for term in self._terms_of[phrase]]

    def _matches(
        self, doc: Doc, terms: Mapping[str, Sequence[Span]], subject: _Subject
    ) -> Sequence[_Match]:
        """The triggers in one sentence; of two of a tag that overlap, the surer."""
        fired = [
            _Match(tag=tag, rule=rule, trigger=_characters(doc, words))
            for term in terms
            for tag, rule in self._rules.get(term, ())
            if subject.allows(rule.setting)
            for words in _together(rule, terms)
        ]
        fired.sort(key=lambda m: (-m.rule.confidence, len(m.trigger), m.trigger.start, m.rule.id))
        kept: list[_Match] = []
        for match in fired:
            if not any(k.tag == match.tag and k.trigger.overlap(match.trigger) for k in kept):
                kept.append(match)
        return sorted(kept, key=lambda m: (m.trigger.start, m.trigger.end, m.tag))


@cache
def bundled_tagger() -> Tagger:
    """The tagger of the taxonomy that the project ships."""
    return Tagger(bundled_taxonomy())


def findings(passages: Iterable[PassageText]) -> Iterator[tuple[Finding, ...]]:
    """The findings of each passage in turn, by the bundled taxonomy; see `Tagger.findings`."""
    return bundled_tagger().findings(passages)


def tag(
    text: str, *, before: str = "", after: str = "", document_kind: Kind = Kind.OTHER
) -> TaggedText:
    """Findings, voice and stance of any text, by the bundled taxonomy; see `Tagger.tag`."""
    return bundled_tagger().tag(text, before=before, after=after, document_kind=document_kind)


def _pipeline(phrases: Iterable[str]) -> Language:
    """Tokens, sentences, and a span for every phrase, labelled with it in lower case."""
    import spacy
    from spacy.language import Language as SpacyLanguage

    SpacyLanguage.component("casebook_sentences", func=_mark_sentences)
    pipeline = spacy.blank("en")
    # The limit guards parsers and recognisers of names, and there are none here.
    pipeline.max_length = sys.maxsize
    pipeline.add_pipe("casebook_sentences")
    settings = {"spans_key": _PHRASES, "phrase_matcher_attr": "LOWER", "overwrite": True}
    ruler = cast("SpanRuler", pipeline.add_pipe("span_ruler", config=settings))
    ruler.add_patterns([{"label": phrase, "pattern": phrase} for phrase in phrases])
    return pipeline


def _mark_sentences(doc: Doc) -> Doc:
    starts = [sentence.start for sentence in sentences(doc.text)]
    marks = np.isin(_token_starts(doc), starts).astype(np.uint64)
    return doc.from_array(["SENT_START"], cast("Ints2d", marks))


def _token_starts(doc: Doc) -> NDArray[np.uint64]:
    """The offset at which each token starts."""
    return cast("NDArray[np.uint64]", doc.to_array("IDX"))


def _rules_by_term(taxonomy: Taxonomy) -> Mapping[str, Sequence[tuple[str, Rule]]]:
    """The rules that need a term first, under that term."""
    rules: defaultdict[str, list[tuple[str, Rule]]] = defaultdict(list)
    for tag in taxonomy.tags:
        for rule in tag.rules:
            rules[rule.words[0]].append((tag.id, rule))
    return rules


def _terms_by_phrase(taxonomy: Taxonomy) -> Mapping[str, Sequence[str]]:
    """The terms, as the taxonomy writes them, that each phrase is a form of."""
    written = {
        term for tag in taxonomy.tags for rule in tag.rules for term in rule.words + rule.unless
    }
    forms = {term: taxonomy.phrases(term) for term in sorted(written)}
    lists = {_POLICING: taxonomy.policing, _ELSEWHERE: taxonomy.elsewhere, _TRAP: taxonomy.traps}
    for name, entries in lists.items():
        forms[name] = frozenset[str]().union(*map(taxonomy.phrases, entries))
    terms: defaultdict[str, list[str]] = defaultdict(list)
    for term, phrases in forms.items():
        for phrase in phrases:
            terms[phrase].append(term)
    return terms


def _subject(terms: Sequence[_Term]) -> _Subject:
    labels = [label for label, _ in terms]
    return _Subject(labels.count(_POLICING), labels.count(_ELSEWHERE))


def _spoken(
    text: str, spans: Sequence[Span], thread: Thread
) -> tuple[tuple[Sentence, ...], Thread]:
    """Each sentence with its voice and stance, and the thread that the last one leaves."""
    spoken: list[Sentence] = []
    end = 0
    for span in spans:
        paragraph = "\n\n" in text[end : span.start]
        if not spoken or paragraph:
            thread = resumed(thread, text[span.start :], paragraph=paragraph)
        words, end = span.of(text), span.end
        frame, _ = frame_of(words, inside=thread.open)
        speaker, thread = voice(words, thread)
        manner = stance(frame, speaker, thread.kind)
        spoken.append(Sentence(span=span, voice=speaker, stance=manner))
    return tuple(spoken), thread


def _terms_by_sentence(
    doc: Doc, terms: Sequence[_Term], spoken: Sequence[Sentence]
) -> Sequence[Mapping[str, Sequence[Span]]]:
    """Where each term occurs, sentence by sentence; those inside a trap left out."""
    found: list[defaultdict[str, list[Span]]] = [defaultdict(list) for _ in spoken]
    starts = _token_starts(doc).searchsorted([sentence.span.start for sentence in spoken]).tolist()
    traps = [words for label, words in terms if label == _TRAP]
    for label, words in terms:
        if not any(trap.holds(words) for trap in traps):
            found[bisect_right(starts, words.start) - 1][label].append(words)
    return found


def _together(rule: Rule, terms: Mapping[str, Sequence[Span]]) -> Iterator[Span]:
    """The closest choice of one occurrence of each of the rule's words, in tokens, if any."""
    if any(barred in terms for barred in rule.unless):
        return
    choices = product(*(terms.get(term, ())[:_MOST_OCCURRENCES] for term in rule.words))
    extents = [
        Span(min(w.start for w in words), max(w.end for w in words))
        for words in choices
        if not any(a.overlap(b) for a, b in combinations(words, 2))
    ]
    within = [extent for extent in extents if len(extent) <= rule.reach]
    if within:
        yield min(within, key=lambda extent: (len(extent), extent.start))


def _characters(doc: Doc, words: Span) -> Span:
    last = doc[words.end - 1]
    return Span(doc[words.start].idx, last.idx + len(last))


def _finding(text: str, match: _Match, sentence: Sentence, *, kind: Kind) -> Finding:
    return Finding(
        passage="",
        tag=match.tag,
        span=match.trigger,
        sentence=sentence.span,
        voice=sentence.voice,
        stance=trigger_stance(
            sentence.span.of(text), match.trigger.within(sentence.span), sentence.voice, kind
        ),
        confidence=match.rule.confidence,
        rule=match.rule.id,
    )


def _placed(finding: Finding, passage: Passage) -> Finding:
    """The finding with its offsets counted from the start of the document."""
    return replace(
        finding,
        passage=passage.id,
        span=_shifted(finding.span, passage.span.start),
        sentence=_shifted(finding.sentence, passage.span.start),
    )


def _shifted(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)
