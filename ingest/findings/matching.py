"""What spaCy finds in a text before anything is decided: sentences, terms, rules that fired, and
what was learned says of each run of sentences.

Three components of ours, each a factory of spaCy's: sentences are marked, rules are tried on the
terms of each, and what was learned judges with the rules among its grounds.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice, product
from typing import TYPE_CHECKING, TypeAlias, cast

import numpy as np

from ingest.findings.learned import Judgement, Learned, Unit
from ingest.findings.taxonomy import Rule, Setting, Taxonomy
from ingest.model import Span
from ingest.sentences import sentences

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from spacy.language import Language
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc
    from thinc.types import Ints2d

LEARNED = "casebook_learned"
"""The component that needs vectors."""
_SENTENCES, _RULES = "casebook_sentences", "casebook_rules"
_READ, _SOBER, _AROUND = "casebook", "sober", "around"

_Term: TypeAlias = tuple[str, Span]
"""A term as the taxonomy writes it, and where it occurs, in tokens."""

_POLICING, _ELSEWHERE, _TRAP = "policing", "elsewhere", "trap"
# A term that occurs very often in a sentence (a list of names) cannot blow up the combinations.
_MOST_OCCURRENCES = 6
# As long as the longer ones of the labelled examples.
_MOST_WORDS_OF_A_RUN = 80
_DOUBT = 1.0
"""Log-odds of evidence that a sentence gives up which others stand beside, outside documents.
There are many more of these than of whole texts, and without it twice as many are tagged that tell
of no failing."""
_TOGETHER = 64
"""Texts whose vectors are asked for at once."""


@dataclass(frozen=True, slots=True)
class Subject:
    """How often a text speaks of policing, and of other subjects."""

    policing: int = 0
    elsewhere: int = 0

    def __add__(self, other: Subject) -> Subject:
        return Subject(self.policing + other.policing, self.elsewhere + other.elsewhere)

    def allows(self, setting: Setting) -> bool:
        if self.elsewhere > 2 * self.policing:
            return False
        return setting is Setting.OPEN or self.policing > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A rule that fired, and where in the text."""

    tag: str
    rule: Rule
    trigger: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Sentences that were judged together."""

    numbers: range
    """Which of the text's sentences."""
    unit: Unit
    judgement: Judgement
    alone: tuple[Judged, ...] = ()
    """Each of them by itself, where there are several."""


@dataclass(slots=True, kw_only=True)
class ReadText:
    """What the pipeline has found in a text so far."""

    text: str
    """spaCy puts it together anew whenever it is asked for it."""
    sentences: Sequence[Span]
    sober: bool = False
    """Whether it is of a document; see `Unit`."""
    around: str = ""
    """The whole passage, where this is only part of it."""
    company: Mapping[str, float] = field(default_factory=dict[str, float])
    """What the passage adds to each tag; see `Unit`."""
    whole: Judgement | None = None
    """What was judged of the passage, where this is all of it; its only run is the same words."""
    subject: Subject = Subject()
    matches: Sequence[Sequence[Match]] = ()
    """The rules that fired in each sentence, whatever the text speaks of."""
    judged: Sequence[Judged] = ()
    """Every run of sentences; none in a text on another subject, or where nothing judges."""

    def kept(self, subject: Subject) -> Sequence[Sequence[Match]]:
        """In each sentence, the rules that may fire where texts speak of this; of two of a tag
        that overlap, the surer."""
        return [
            _apart([match for match in fired if subject.allows(match.rule.setting)])
            for fired in self.matches
        ]


def pipeline(taxonomy: Taxonomy, learned: Learned | None) -> Language:
    """Reads texts; `read` gives what it found."""
    import spacy
    from spacy.language import Language as SpacyLanguage

    SpacyLanguage.component(_SENTENCES, func=_marked)
    factory = cast(
        "Callable[..., object]",
        SpacyLanguage.factory,  # pyright: ignore[reportUnknownMemberType]
    )
    factory(_RULES, func=_rules)
    factory(LEARNED, func=_judge)
    made = spacy.blank("en")
    # The limit guards parsers and recognisers of names, and there are none here.
    made.max_length = sys.maxsize
    made.add_pipe(_SENTENCES)
    cast("_Rules", made.add_pipe(_RULES)).prepare(taxonomy)
    if learned is not None:
        cast("_Judge", made.add_pipe(LEARNED)).learned = learned
    return made


def unread(nlp: Language, text: str, *, sober: bool, around: str = "") -> Doc:
    """The text as the pipeline takes it; `around` is the passage it stands in, if there is one."""
    doc = nlp.make_doc(text)
    doc.user_data[_SOBER], doc.user_data[_AROUND] = sober, around
    return doc


def read(doc: Doc) -> ReadText:
    """What the pipeline found in it."""
    return cast("ReadText", doc.user_data[_READ])


def surest(matches: Iterable[Match]) -> dict[str, float]:
    """The confidence of the surest rule of each tag."""
    found: dict[str, float] = {}
    for match in matches:
        found[match.tag] = max(found.get(match.tag, 0.0), match.rule.confidence)
    return found


def _marked(doc: Doc) -> Doc:
    """With the starts of its sentences marked."""
    text = doc.text
    found = sentences(text)
    sober = bool(doc.user_data.get(_SOBER))
    around = str(doc.user_data.get(_AROUND, ""))
    doc.user_data[_READ] = ReadText(text=text, sentences=found, sober=sober, around=around)
    marks = np.isin(_token_starts(doc), [each.start for each in found]).astype(np.uint64)
    return doc.from_array(["SENT_START"], cast("Ints2d", marks))


def _token_starts(doc: Doc) -> NDArray[np.uint64]:
    """The offset at which each token starts."""
    return cast("NDArray[np.uint64]", doc.to_array("IDX"))


def _rules(nlp: Language, name: str) -> _Rules:
    return _Rules(nlp)


def _judge(nlp: Language, name: str) -> _Judge:
    return _Judge()


class _Rules:
    """Tries the rules of a taxonomy on each sentence."""

    def __init__(self, nlp: Language) -> None:
        self._language = nlp

    def prepare(self, taxonomy: Taxonomy) -> None:
        """Compiles the terms."""
        from spacy.matcher import PhraseMatcher

        self._terms_of = _terms_by_phrase(taxonomy)
        self._rules = _rules_by_term(taxonomy)
        self._matcher: PhraseMatcher = PhraseMatcher(self._language.vocab, attr="LOWER")
        for phrase in sorted(self._terms_of):
            self._matcher.add(phrase, [self._language.make_doc(phrase)])

    def __call__(self, doc: Doc) -> Doc:
        found = read(doc)
        terms = self._terms(doc)
        labels = [label for label, _ in terms]
        found.subject = Subject(labels.count(_POLICING), labels.count(_ELSEWHERE))
        inside = _by_sentence(doc, terms, found.sentences)
        found.matches = [list(self._fired(doc, each)) if each else [] for each in inside]
        return doc

    def _terms(self, doc: Doc) -> Sequence[_Term]:
        strings = doc.vocab.strings
        spans = [(strings[key], Span(start, end)) for key, start, end in self._matcher(doc)]
        return [
            (term, words) for phrase, words in _longest(spans) for term in self._terms_of[phrase]
        ]

    def _fired(self, doc: Doc, terms: Mapping[str, Sequence[Span]]) -> Iterator[Match]:
        for term in terms:
            for tag, rule in self._rules.get(term, ()):
                for words in _together(rule, terms):
                    yield Match(tag=tag, rule=rule, trigger=_characters(doc, words))


class _Judge:
    """Asks what was learned of every unit; many texts at once, for their vectors' sake."""

    learned: Learned

    def __call__(self, doc: Doc) -> Doc:
        self._judge([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], batch_size: int = _TOGETHER) -> Iterator[Doc]:
        """The texts in their order, judged."""
        texts = iter(stream)
        while batch := list(islice(texts, _TOGETHER)):
            self._judge(batch)
            yield from batch

    def _judge(self, docs: Sequence[Doc]) -> None:
        texts = [read(doc) for doc in docs if read(doc).subject.allows(Setting.OPEN)]
        self._find_company([text for text in texts if text.sober])
        runs = [list(_runs(text)) for text in texts]
        known = [
            text.whole if len(of_text) == 1 else None
            for text, of_text in zip(texts, runs, strict=True)
            for _ in of_text
        ]
        judged = self._judged([run for of_text in runs for run in of_text], known)
        for text, of_text in zip(texts, runs, strict=True):
            text.judged = list(islice(judged, len(of_text)))

    def _find_company(self, texts: Sequence[ReadText]) -> None:
        """A passage of one sentence has none."""
        several = [text for text in texts if text.around or len(text.sentences) > 1]
        judged = self.learned.judgements([_passage(text) for text in several])
        for text, judgement in zip(several, judged, strict=True):
            text.company = self.learned.company(judgement)
            text.whole = None if text.around else judgement

    def _judged(self, runs: Sequence[_Run], known: Sequence[Judgement | None]) -> Iterator[Judged]:
        """A sentence is asked for where its run was, for without a share there it has no tag."""
        asked = [run[0][1] for run, whole in zip(runs, known, strict=True) if whole is None]
        new = self.learned.judgements(asked)
        wholes = [whole or next(new) for whole in known]
        parts = [run[1:] if whole.shares else () for run, whole in zip(runs, wholes, strict=True)]
        alone = self.learned.judgements([unit for each in parts for _, unit in each])
        for (first, *_), whole, each in zip(runs, wholes, parts, strict=True):
            yield Judged(
                numbers=first[0],
                unit=first[1],
                judgement=whole,
                alone=tuple(
                    Judged(numbers=numbers, unit=unit, judgement=next(alone))
                    for numbers, unit in each
                ),
            )


_Run: TypeAlias = "Sequence[tuple[range, Unit]]"
"""Sentences by number, and their words: of all together, then of each where there are several."""


def _passage(found: ReadText) -> Unit:
    """All that the text stands in."""
    rules = surest(match for fired in found.kept(found.subject) for match in fired)
    return Unit(text=found.around or found.text, rules=rules, sober=True)


def _runs(found: ReadText) -> Iterator[_Run]:
    """What is judged of a text: its runs of sentences, and each sentence of the longer ones.

    A sentence among others gives up some of its evidence, for what it seems to say out of its
    context is often another matter; in a document it has the company of its passage instead.
    """
    fired = found.kept(found.subject)

    def unit(numbers: range, doubt: float) -> tuple[range, Unit]:
        extent = Span(found.sentences[numbers[0]].start, found.sentences[numbers[-1]].end)
        rules = surest(match for number in numbers for match in fired[number])
        is_part = len(numbers) < len(found.sentences) or found.around
        return numbers, Unit(
            text=extent.of(found.text),
            rules=rules,
            doubt=0.0 if found.sober else doubt,
            sober=found.sober,
            company=found.company if is_part else {},
        )

    for numbers in _stretches(found.text, found.sentences):
        several = numbers if len(numbers) > 1 else ()
        yield [unit(numbers, 0.0), *(unit(range(n, n + 1), _DOUBT) for n in several)]


def _stretches(text: str, spans: Sequence[Span]) -> Iterator[range]:
    """Sentences of one paragraph, by number, as long as a labelled example may be."""
    first, words = 0, 0
    for number, span in enumerate(spans):
        length = len(span.of(text).split())
        paragraph = number > first and "\n\n" in text[spans[number - 1].end : span.start]
        if number > first and (paragraph or words + length > _MOST_WORDS_OF_A_RUN):
            yield range(first, number)
            first, words = number, 0
        words += length
    if spans:
        yield range(first, len(spans))


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


def _longest(spans: Iterable[tuple[str, Span]]) -> Sequence[tuple[str, Span]]:
    """In order; each phrase once for a place."""
    return sorted(spans, key=lambda found: (found[1].start, -found[1].end, found[0]))


def _by_sentence(
    doc: Doc, terms: Sequence[_Term], spans: Sequence[Span]
) -> Sequence[Mapping[str, Sequence[Span]]]:
    """Where each term occurs, sentence by sentence; those inside a trap left out."""
    found: list[defaultdict[str, list[Span]]] = [defaultdict(list) for _ in spans]
    starts = _token_starts(doc).searchsorted([span.start for span in spans]).tolist()
    traps = [words for label, words in terms if label == _TRAP]
    for label, words in terms:
        if not any(trap.holds(words) for trap in traps):
            found[bisect_right(starts, words.start) - 1][label].append(words)
    return found


def _together(rule: Rule, terms: Mapping[str, Sequence[Span]]) -> Iterator[Span]:
    """The closest choice of one occurrence of each of the rule's words, in tokens, if any."""
    if any(barred in terms for barred in rule.unless):
        return
    if not all(term in terms for term in rule.words):
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


def _apart(fired: Sequence[Match]) -> Sequence[Match]:
    """Of two of a tag that overlap, the surer; in the order of the text."""
    surer = sorted(
        fired, key=lambda m: (-m.rule.confidence, len(m.trigger), m.trigger.start, m.rule.id)
    )
    kept: list[Match] = []
    for match in surer:
        if not any(k.tag == match.tag and k.trigger.overlap(match.trigger) for k in kept):
            kept.append(match)
    return sorted(kept, key=lambda m: (m.trigger.start, m.trigger.end, m.tag))
