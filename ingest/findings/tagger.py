"""Tags on passages, each with the words that earned it, whose words they are and how meant.

spaCy finds the taxonomy's terms and tries its rules (`matching.py`). What was learned from labelled
sentences then judges each run of sentences, and each sentence of it by itself, with the rules that
fired among its grounds: it gives tags that no rule knows, and takes away those that a rule gives
for its words alone.
Importing spaCy imports PyTorch and takes two seconds, so it is done when the first text is tagged
and not before.

A finding's confidence is calibrated. Where nothing was learned, as for another taxonomy than the
bundled one, rules decide alone, and it is the prior that the rule states.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Container, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, cast

from ingest.findings.clauses import clauses
from ingest.findings.judging import Judge
from ingest.findings.learned import Judgement, Learned, bundled_weights
from ingest.findings.matching import (
    LEARNED,
    Judged,
    Match,
    ReadText,
    Subject,
    pipeline,
    read,
    surest,
    unread,
)
from ingest.findings.speech import Sentence, leaning, over, own_words, speech, trigger_put
from ingest.findings.taxonomy import Setting, Taxonomy, bundled_taxonomy
from ingest.findings.voice import Thread, headed
from ingest.model import Finding, Kind, Paragraph, ParagraphKind, Passage, Span, Stance
from ingest.sentences import sentences
from ingest.similarity import Encoder

if TYPE_CHECKING:
    from spacy.tokens import Doc

_PARAGRAPH_END = re.compile(r"\n\s*\n\s*$")
_LIKELIEST = 0.4
"""Share from which what a rule found stands in a document."""
_BORNE_OUT = 0.2
"""Claim of a run to a tag from which a sentence of it may have it by itself, outside documents."""
MODEL = "model"
"""How the rule of a finding begins that no rule of the taxonomy gave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageText:
    """A passage with its words and what the findings in them depend on."""

    passage: Passage
    text: str
    document_kind: Kind = Kind.OTHER
    quotations: tuple[Span, ...] = ()
    """Where it is set as a quotation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedText:
    """Findings and sentences, in order, in offsets of the text."""

    findings: tuple[Finding, ...]
    """Their `passage` is empty: the text belongs to none."""
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A passage's text as the tagger reads it, for whoever asks why it finds what it finds."""

    text: str
    kind: Kind
    """Of the document."""
    read: ReadText
    fired: Sequence[Sequence[Match]]
    """In each sentence, the rules that may fire where the text and the one before speak of this."""
    tagged: TaggedText
    learned: Learned | None
    """What judged it."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A tag on the words of the text that earned it."""

    tag: str
    trigger: Span
    confidence: float
    rule: str
    denied: float = 0.0
    """See `read_as_denial`."""


class Tagger:
    """Finds what one taxonomy describes; made once, as compiling its rules takes a moment."""

    def __init__(
        self, taxonomy: Taxonomy, learned: Learned | None = None, encoder: Encoder | None = None
    ) -> None:
        """With `learned`, tags; with the encoder too, judgements are told by vectors."""
        self._learned = learned
        self._judge = Judge(encoder)
        self._pipeline = pipeline(taxonomy, learned)

    def findings(self, passages: Iterable[PassageText]) -> Iterator[tuple[Finding, ...]]:
        """The findings of each passage in turn, in offsets of the document's canonical text."""
        for given, tagged in self.tagged(passages):
            yield tuple(_placed(finding, given.passage) for finding in tagged.findings)

    def tagged(self, passages: Iterable[PassageText]) -> Iterator[tuple[PassageText, TaggedText]]:
        """Each passage in turn with its findings and sentences, in offsets of its own text.

        Passages of one document come in reading order: who spoke last, and what the document is
        about, carry over from one to the next.
        """
        thread, subject, document = Thread(), Subject(), None
        documents = ((self._document(each), each) for each in passages)
        for doc, given in self._pipeline.pipe(documents, as_tuples=True):
            if given.passage.document != document:
                document = given.passage.document
                thread, subject = Thread(kind=given.document_kind), Subject()
            here = read(doc).subject
            thread = headed(over(thread), given.passage.section)
            tagged, thread = self._tagged(
                doc, thread=thread, subject=subject + here, quotations=given.quotations
            )
            subject = here
            yield given, tagged

    def tag(
        self, text: str, *, before: str = "", after: str = "", document_kind: Kind = Kind.OTHER
    ) -> TaggedText:
        """Findings, voice and stance of any text, judged with what stands before and after it."""
        subject = self._unjudged(before).subject + self._unjudged(after).subject
        earlier, thread = speech(before, sentences(before), Thread(kind=document_kind))
        if _PARAGRAPH_END.search(before):
            thread = over(thread)
        sober = document_kind not in {Kind.OTHER, Kind.EVIDENCE}
        beside = [part.strip() for part in (before, after)]
        around = " ".join(filter(None, (beside[0], text, beside[1]))) if any(beside) else ""
        doc = self._pipeline(unread(self._pipeline, text, sober=sober, around=around))
        tagged, thread = self._tagged(doc, thread=thread, subject=subject + read(doc).subject)
        later, _ = speech(after, sentences(after)[:1], thread)
        return self.judged(
            text,
            tagged,
            before=own_words(before, earlier[-1:], document_kind),
            after=own_words(after, later, document_kind),
            kind=document_kind,
        )

    def judged(
        self, text: str, tagged: TaggedText, *, before: str = "", after: str = "", kind: Kind
    ) -> TaggedText:
        """The same, its sentences told apart into judgements and background with more care.

        `before` and `after` are the document's own sentences beside the text, where there are any.
        Left out where many passages are tagged, for it asks for the vector of every sentence.
        """
        own = [own_words(text, [sentence], kind) for sentence in tagged.sentences]
        judges = self._judge.judges(own, before=before, after=after)
        sentences = tuple(
            leaning(sentence, judges=each) if words else sentence
            for sentence, words, each in zip(tagged.sentences, own, judges, strict=True)
        )
        return replace(tagged, sentences=sentences)

    def examined(self, passages: Sequence[PassageText]) -> Examined:
        """The last of a document's passages, which begin with its first, in reading order.

        Of those before it, what it depends on is followed: who spoke last, and the subject.
        """
        *before, given = passages
        thread = Thread(kind=given.document_kind)
        for each in before:
            thread = headed(over(thread), each.passage.section)
            _, thread = speech(each.text, sentences(each.text), thread, each.quotations)
        thread = headed(over(thread), given.passage.section)
        doc = self._pipeline(self._document(given))
        subject = read(doc).subject
        if before:
            subject += self._unjudged(before[-1].text).subject
        tagged, _ = self._tagged(doc, thread=thread, subject=subject, quotations=given.quotations)
        return Examined(
            text=given.text,
            kind=given.document_kind,
            read=read(doc),
            fired=read(doc).kept(subject),
            tagged=tagged,
            learned=self._learned,
        )

    def rules(self, text: str) -> Mapping[str, float]:
        """The confidence of the surest rule that fires in a text by itself, by tag."""
        found = self._unjudged(text)
        return surest(match for fired in found.kept(found.subject) for match in fired)

    def _document(self, given: PassageText) -> Doc:
        """A witness's own words are no sober prose."""
        sober = given.document_kind is not Kind.EVIDENCE
        return unread(self._pipeline, given.text, sober=sober)

    def _unjudged(self, text: str) -> ReadText:
        with self._pipeline.select_pipes(disable=[LEARNED] * (self._learned is not None)):
            return read(self._pipeline(text))

    def _tagged(
        self, doc: Doc, *, thread: Thread, subject: Subject, quotations: Sequence[Span] = ()
    ) -> tuple[TaggedText, Thread]:
        kind, text = thread.kind, read(doc).text
        spoken, thread = speech(text, read(doc).sentences, thread, quotations)
        found = sorted(self._found(doc, subject), key=lambda f: (f.trigger.start, f.trigger.end))
        starts = [sentence.span.start for sentence in spoken]
        findings = (
            _finding(text, each, spoken[bisect_right(starts, each.trigger.start) - 1 :], kind)
            for each in found
        )
        return TaggedText(findings=tuple(findings), sentences=spoken), thread

    def _found(self, doc: Doc, subject: Subject) -> Iterator[_Found]:
        """What rules found, where nothing was learned; otherwise what was learned gives."""
        found, matches = read(doc), read(doc).kept(subject)
        ruled = [
            [_Found(m.tag, m.trigger, m.rule.confidence, m.rule.id) for m in fired]
            for fired in matches
        ]
        if self._learned is None:
            yield from (each for fired in ruled for each in fired)
        elif subject.allows(Setting.OPEN):
            for judged in found.judged:
                yield from _earned(_Run(found.text, found.sentences, ruled, judged), self._learned)
                if found.sober or self._learned.encoder is None:
                    yield from _standing(ruled, judged)


@dataclass(frozen=True, slots=True)
class _Run:
    """Sentences that were judged together, among all sentences of their text."""

    text: str
    spans: Sequence[Span]
    ruled: Sequence[Sequence[_Found]]
    """What rules found in each."""
    judged: Judged


def _earned(run: _Run, learned: Learned) -> Iterator[_Found]:
    """Each tag that the run is given, and that a sentence of it is given by itself: on the words
    of its rules, or on its likeliest clause."""
    alone = [
        found
        for each in run.judged.alone
        for found in _given(replace(run, judged=borne_out(each, run.judged)), learned)
    ]
    yield from alone
    told = {found.tag for found in alone}
    places = {(found.tag, found.trigger) for found in alone}
    for found in _given(run, learned, but=told):
        if (found.tag, found.trigger) not in places:
            yield found


def borne_out(sentence: Judged, run: Judged) -> Judged:
    """The sentence with those of its tags that the run it stands in may have too, unless it was
    judged in company already.

    What a sentence seems to say out of its context is often of another theme than all of them;
    and what the others deny it may tell as if it were so.
    """
    given = {
        tag: sure
        for tag, sure in sentence.judgement.given.items()
        if sentence.unit.company or run.judgement.claim(tag) >= _BORNE_OUT
    }
    putting = run if read_as_denial(run.judgement) else sentence
    judgement = replace(sentence.judgement, given=given, manners=putting.judgement.manners)
    return replace(sentence, judgement=judgement)


def _given(run: _Run, learned: Learned, but: Container[str] = ()) -> Iterator[_Found]:
    """But for such tags, where no rule found them."""
    judgement, denied = run.judged.judgement, read_as_denial(run.judged.judgement)
    spans = [run.spans[number] for number in run.judged.numbers]
    for tag, confidence in judgement.given.items():
        fired = [each for n in run.judged.numbers for each in run.ruled[n] if each.tag == tag]
        if fired:
            yield from (replace(each, confidence=confidence, denied=denied) for each in fired)
        elif tag not in but:
            trigger = _clause(run.text, spans, tag, learned)
            reason = _reason(run.text, trigger, tag, judgement, learned)
            yield _Found(tag, trigger, confidence, reason, denied)


def given_to(judged: Judged, number: int) -> Container[str]:
    """The tags that the run is given, or that sentence of it by itself."""
    alone = (borne_out(each, judged) for each in judged.alone if number in each.numbers)
    return {tag for each in (judged, *alone) for tag in each.judgement.given}


def read_as_denial(judgement: Judgement) -> float:
    """The probability that the text is a denial where that is likeliest; else 0."""
    manners = judgement.manners
    likeliest = max(Stance, key=lambda each: manners.get(each, 0))
    return manners[Stance.DENIED] if likeliest is Stance.DENIED else 0.0


def _standing(ruled: Sequence[Sequence[_Found]], judged: Judged) -> Iterator[_Found]:
    """What rules found in a document, where themes are named soberly and words in
    another sense are rare, or where there were no vectors to judge by: it stands though nothing
    else shows a failing, if no other tag is likelier. Its confidence is the rule's own."""
    for number in judged.numbers:
        for found in ruled[number]:
            likely = judged.judgement.shares.get(found.tag, 0) >= _LIKELIEST
            if likely and found.tag not in given_to(judged, number):
                yield found


def _clause(text: str, spans: Sequence[Span], tag: str, learned: Learned) -> Span:
    """The clause that speaks most for the tag."""
    parts = [_shifted(clause, span.start) for span in spans for clause in clauses(span.of(text))]
    if len(parts) == 1:
        return parts[0]
    likeness = learned.likeness(tag, [part.of(text) for part in parts])
    return parts[int(likeness.argmax())]


def _reason(text: str, trigger: Span, tag: str, judgement: Judgement, learned: Learned) -> str:
    """What spoke for the tag, in words a person can judge."""
    words = ", ".join(learned.words(trigger.of(text), tag))
    like = f"reads like example {judgement.like[tag]}" if tag in judgement.like else ""
    told = f"told by: {words}" if words else ""
    return f"{MODEL}: {'; '.join(filter(None, (told, like))) or 'the whole of it'}"


def bundled_tagger(encoder: Encoder | None = None) -> Tagger:
    """The tagger of the taxonomy that the project ships, with what was learned for it.

    Without the encoder that it was learned with, it judges by terms and rules alone.
    """
    return _bundled(cast("Hashable", encoder))


@cache
def _bundled(encoder: Hashable) -> Tagger:
    learned = Learned(bundled_weights(), cast("Encoder | None", encoder))
    return Tagger(bundled_taxonomy(), learned, learned.encoder)


def findings(
    passages: Iterable[PassageText], encoder: Encoder | None = None
) -> Iterator[tuple[Finding, ...]]:
    """The findings of each passage in turn, by the bundled taxonomy; see `Tagger.findings`."""
    return bundled_tagger(encoder).findings(passages)


def passage_texts(
    text: str, passages: Sequence[Passage], paragraphs: Sequence[Paragraph], *, kind: Kind
) -> Iterator[PassageText]:
    """The passages of a document of this kind with what the tagger asks of each, in their order."""
    for passage, quotations in zip(passages, _quotations(paragraphs, passages), strict=True):
        yield PassageText(
            passage=passage,
            text=passage.span.of(text),
            document_kind=kind,
            quotations=quotations,
        )


def _quotations(
    paragraphs: Sequence[Paragraph], cut: Sequence[Passage]
) -> Iterator[tuple[Span, ...]]:
    """Where each passage is set as a quotation, in offsets of its text; both in reading order."""
    quoted = [each.span for each in paragraphs if each.kind is ParagraphKind.QUOTATION]
    quoted.sort(key=lambda span: span.start)
    starts = [span.start for span in quoted]
    for passage in cut:
        first = max(0, bisect_right(starts, passage.span.start) - 1)
        last = bisect_left(starts, passage.span.end)
        yield tuple(
            _shifted(span, -passage.span.start)
            for span in quoted[first:last]
            if span.overlap(passage.span)
        )


def tag(
    text: str,
    *,
    before: str = "",
    after: str = "",
    document_kind: Kind = Kind.OTHER,
    encoder: Encoder | None = None,
) -> TaggedText:
    """Findings, voice and stance of any text, by the bundled taxonomy; see `Tagger.tag`."""
    tagger = bundled_tagger(encoder)
    return tagger.tag(text, before=before, after=after, document_kind=document_kind)


def _finding(text: str, found: _Found, spoken: Sequence[Sentence], kind: Kind) -> Finding:
    """In the first of the sentences."""
    put, _ = trigger_put(text, found.trigger, spoken, kind, denied=found.denied)
    return Finding(
        passage="",
        tag=found.tag,
        span=found.trigger,
        sentence=spoken[0].span,
        voice=spoken[0].voice,
        stance=put,
        confidence=found.confidence,
        rule=found.rule,
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
