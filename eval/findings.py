"""How good the tags, voices and stances are, against sentences that people coded.

What the tagger learned comes from labelled sentences of the repository, chosen out of fold among
them, and never from these rows. Its rules were written with an eye on half of the rows, told by
their ids, so that half is left out of every figure called confirmed. Where two coders coded a row,
it counts only if they agree. A report and its response print the same sentences, so a row whose
words also stand in the other half is left out of the confirmed ones.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from pydantic import TypeAdapter

from eval.inquiries import read, sources
from eval.lineage import MODELS
from eval.significance import Interval
from eval.tally import Tally, mean
from index.embedder import DEFAULT_MODEL
from index.export import prepare_embedder
from ingest.findings.speech import Sentence
from ingest.findings.tagger import PassageText, TaggedText, Tagger, bundled_tagger
from ingest.findings.taxonomy import bundled_taxonomy
from ingest.model import Finding, Kind, Span, Stance, Voice
from ingest.sentences import sentences

_Label = TypeVar("_Label", Voice, Stance)

OTHER_INQUIRIES = ("hc18", "covid", "hc1119", "post-office")
"""How the names of documents begin that are not about policing."""
VOICES = (Voice.INQUIRY, Voice.WITNESS, Voice.OFFICIAL)
STANCES = (Stance.FOUND, Stance.REPORTED, Stance.RECOMMENDED, Stance.BACKGROUND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The tags that a row should have, and what was given."""

    id: str
    kind: str
    stance: Stance | None
    voice: Voice | None
    wanted: frozenset[str]
    spans: tuple[tuple[str, Span], ...]
    tagged: TaggedText

    @property
    def given(self) -> frozenset[str]:
        return frozenset(finding.tag for finding in self.tagged.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class TagScore:
    """Precision and recall over pairs of row and tag."""

    right: tuple[int, ...]
    """By row, as the others are."""
    given: tuple[int, ...]
    wanted: tuple[int, ...]

    @property
    def precision(self) -> Tally:
        return Tally(counted=self.right, among=self.given)

    @property
    def recall(self) -> Tally:
        return Tally(counted=self.right, among=self.wanted)

    @property
    def f1(self) -> Tally:
        """Of those given and those wanted, the ones that are right."""
        return Tally.of(
            (2 * right, given + wanted)
            for right, given, wanted in zip(self.right, self.given, self.wanted, strict=True)
        )


Labels = tuple[str, str]
"""Wanted and given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelScore:
    """Labels that both coders gave, beside those given by the tagger."""

    sentences: tuple[tuple[Labels, ...], ...]

    @classmethod
    def of(cls, pairs: Iterable[Labels]) -> "LabelScore":
        """Of sentences that have one each."""
        return cls(sentences=tuple((pair,) for pair in pairs))

    @property
    def pairs(self) -> Sequence[Labels]:
        return [pair for each in self.sentences for pair in each]

    @property
    def right(self) -> Tally:
        return Tally.of(
            (sum(wanted == given for wanted, given in each), len(each)) for each in self.sentences
        )

    @property
    def majority(self) -> float:
        """Share that is right where the commonest is always given."""
        commonest = Counter(wanted for wanted, _ in self.pairs).most_common(1)
        return sum(count for _, count in commonest) / max(len(self.pairs), 1)

    def recall(self, label: str) -> Tally:
        """Of the pairs that want the label, those that are given it."""
        return Tally.of(
            (each.count((label, label)), sum(wanted == label for wanted, _ in each))
            for each in self.sentences
        )

    def table(self) -> tuple[tuple[str, ...], Sequence[Sequence[str | int]]]:
        """Labels that occur, and a row for each that was wanted: how often each was given."""
        counts = Counter(self.pairs)
        found = {label for pair in self.pairs for label in pair}
        known = [*Voice, *Stance]
        labels = tuple(each.value for each in known if each.value in found)
        rows = [
            [wanted, *(counts[wanted, given] for given in labels)]
            for wanted in labels
            if any(pair[0] == wanted for pair in self.pairs)
        ]
        return labels, rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Tags given in a document that is not about policing."""

    document: str
    strays: Tally
    """Tags, of how many sentences; passage by passage, as what stands together errs together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenSpan:
    tag: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRow:
    """A sentence written for development; it has one coder and no surroundings."""

    id: str
    text: str
    tags: tuple[str, ...]
    spans: tuple[WrittenSpan, ...]
    stance: Stance
    voice: Voice
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedRow:
    """A real sentence with each coder's tags."""

    id: str
    document: str
    before: str
    sentence: str
    after: str
    tags: tuple[frozenset[str], frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenRow:
    """A real sentence with each coder's voice and stance."""

    id: str
    document: str
    before: str
    sentence: str
    after: str
    voice: tuple[Voice, Voice]
    stance: tuple[Stance, Stance]


class Coded(Protocol):
    """A sentence with each coder's voice and stance."""

    @property
    def voice(self) -> tuple[Voice, Voice]: ...

    @property
    def stance(self) -> tuple[Stance, Stance]: ...


_Coded = TypeVar("_Coded", bound=Coded)


@dataclass(frozen=True, kw_only=True)
class HeardScores(Generic[_Coded]):
    """What is made of coded sentences: whose words they are, and how put."""

    heard: tuple[tuple[_Coded, Sentence], ...] = ()
    """Each as the tagger has it."""

    @cached_property
    def voice(self) -> LabelScore:
        return label_score((row.voice, sentence.voice) for row, sentence in self.heard)

    @cached_property
    def stance(self) -> LabelScore:
        return label_score((row.stance, sentence.stance) for row, sentence in self.heard)

    @property
    def testimony_as_found(self) -> Tally:
        """Of sentences that are not the inquiry's by both coders, those shown as its finding."""
        others = (
            sentence
            for row, sentence in self.heard
            if row.voice[0] is row.voice[1] and row.voice[0] is not Voice.INQUIRY
        )
        return Tally.where(is_own_finding, others)


@dataclass(frozen=True, kw_only=True)
class FindingsScores(HeardScores[SpokenRow]):
    """What the tagger makes of the coded rows; `heard` are those of real documents."""

    answers: tuple[Answer, ...] = ()
    """Sentences written for development."""
    tagged: tuple[tuple[TaggedRow, Answer], ...] = ()
    """Sentences of a real report and its response."""

    @property
    def rows(self) -> Iterator[TaggedRow | SpokenRow]:
        """All that were coded in real documents."""
        yield from (row for row, _ in self.tagged)
        yield from (row for row, _ in self.heard)

    @property
    def real(self) -> tuple[Answer, ...]:
        """Those of the report and its response on which both coders agree."""
        return tuple(answer for row, answer in self.tagged if len(set(row.tags)) == 1)

    @cached_property
    def confirmed(self) -> "FindingsScores":
        """Of the rows that no rule was written with an eye on."""
        seen = {_ending(row.sentence) for row in self.rows if not _confirms(row.id)}

        def confirms(row: TaggedRow | SpokenRow) -> bool:
            return _confirms(row.id) and _ending(row.sentence) not in seen

        return FindingsScores(
            answers=tuple(each for each in self.answers if _confirms(each.id)),
            tagged=tuple(each for each in self.tagged if confirms(each[0])),
            heard=tuple(each for each in self.heard if confirms(each[0])),
        )


def tagger() -> Tagger:
    """As it is served: with the default embedder."""
    return bundled_tagger(prepare_embedder(DEFAULT_MODEL, MODELS))


def measure(real_documents: Path, by: Tagger | None = None) -> FindingsScores:
    """Scores on the gold files under `real_documents`."""
    by = by or tagger()
    gold = real_documents / "gold"
    tagged = _rows(gold / "tags_real.jsonl", TypeAdapter(TaggedRow))
    spoken = _rows(gold / "voice_dev.jsonl", TypeAdapter(SpokenRow))
    return FindingsScores(
        answers=tuple(written(real_documents, by=by)),
        tagged=tuple((row, _real_answer(row, by)) for row in tagged),
        heard=tuple((row, _tag(row, by).sentences[0]) for row in spoken),
    )


def written(real_documents: Path, *, by: Tagger) -> list[Answer]:
    """What the tagger makes of all the sentences written for development."""
    return [answered(row, by.tag(row.text)) for row in written_rows(real_documents)]


def written_rows(real_documents: Path, *, confirmed: bool = False) -> list[WrittenRow]:
    """The sentences written for development, or those of them kept for confirming."""
    rows = _rows(real_documents / "gold" / "findings_dev.jsonl", TypeAdapter(WrittenRow))
    return [row for row in rows if _confirms(row.id) or not confirmed]


def elsewhere(real_documents: Path, by: Tagger | None = None) -> Iterator[Elsewhere]:
    """Tags given in each document of the inquiries that are not about policing."""
    by = by or tagger()
    for document, texts in other_inquiries(real_documents):
        strays = Tally.of(
            (len({(f.sentence, f.tag) for f in found}), len(sentences(given.text)))
            for given, found in zip(texts, by.findings(texts), strict=True)
        )
        yield Elsewhere(document=document, strays=strays)


def other_inquiries(real_documents: Path) -> Iterator[tuple[str, list[PassageText]]]:
    """Each document that is not about policing, with its passages."""
    for source in sources(real_documents):
        if source.file.startswith(OTHER_INQUIRIES):
            document = read(real_documents, source)
            yield (
                source.file,
                [
                    PassageText(
                        passage=passage,
                        text=passage.span.of(document.reading.text),
                        document_kind=document.document.kind,
                    )
                    for passage in document.passages
                ],
            )


def tag_score(answers: Sequence[Answer], tag: str | None = None) -> TagScore:
    """Over all tags, or of one."""
    pairs = [
        (answer.wanted, answer.given)
        if tag is None
        else (answer.wanted & {tag}, answer.given & {tag})
        for answer in answers
    ]
    return TagScore(
        right=tuple(len(wanted & given) for wanted, given in pairs),
        given=tuple(len(given) for _, given in pairs),
        wanted=tuple(len(wanted) for wanted, _ in pairs),
    )


def f1_by_tag(answers: Sequence[Answer]) -> list[Tally]:
    """In the order of the taxonomy."""
    return [tag_score(answers, tag.id).f1 for tag in bundled_taxonomy().tags]


def macro_f1(answers: Sequence[Answer]) -> Interval:
    """Mean F1 over the tags of the taxonomy."""
    return mean(f1_by_tag(answers))


def of_kind(answers: Iterable[Answer], kind: str) -> list[Answer]:
    """The rows of a slice."""
    return [answer for answer in answers if answer.kind == kind]


def denied_as_found(answers: Iterable[Answer]) -> Tally:
    """Of the findings in denied rows, those shown as found."""
    return _shown_as(Stance.FOUND, (each for each in answers if each.stance is Stance.DENIED))


def shown_as_denied(answers: Iterable[Answer]) -> Tally:
    """Of the findings in rows that deny nothing, those shown as denied."""
    return _shown_as(Stance.DENIED, (each for each in answers if each.stance is not Stance.DENIED))


def _shown_as(stance: Stance, answers: Iterable[Answer]) -> Tally:
    shown = [[finding.stance for finding in answer.tagged.findings] for answer in answers]
    return Tally.of((each.count(stance), len(each)) for each in shown)


def found_voices(answers: Iterable[Answer]) -> LabelScore:
    """Of the tags rightly given, whose words they should be in, and are said to be."""
    return LabelScore(
        sentences=tuple(
            tuple((a.voice.value, f.voice.value) for f in _right(a)) for a in answers if a.voice
        )
    )


def found_stances(answers: Iterable[Answer]) -> LabelScore:
    """Of the tags rightly given, how they should be put, and are said to be."""
    return LabelScore(
        sentences=tuple(
            tuple((a.stance.value, f.stance.value) for f in _right(a)) for a in answers if a.stance
        )
    )


def _right(answer: Answer) -> Iterator[Finding]:
    return (finding for finding in answer.tagged.findings if finding.tag in answer.wanted)


def tagged(answers: Iterable[Answer]) -> Tally:
    """Of the rows, those that are given any tag."""
    return Tally.where(lambda answer: bool(answer.given), answers)


def overlapping(answers: Iterable[Answer]) -> Tally:
    """Of the tags rightly given, those whose words overlap the coder's."""
    right = [(answer, answer.wanted & answer.given) for answer in answers]
    return Tally.of(
        (sum(_overlap(answer, tag) for tag in tags), len(tags)) for answer, tags in right
    )


def is_own_finding(sentence: Sentence) -> bool:
    """Whether it is shown as what the inquiry found."""
    return sentence.voice is Voice.INQUIRY and sentence.stance is Stance.FOUND


def _overlap(answer: Answer, tag: str) -> bool:
    return any(
        finding.tag == tag and name == tag and finding.span.overlap(span)
        for finding in answer.tagged.findings
        for name, span in answer.spans
    )


_Row = TypeVar("_Row", WrittenRow, TaggedRow, SpokenRow)


def _rows(path: Path, adapter: TypeAdapter[_Row]) -> Iterator[_Row]:
    with path.open(encoding="utf-8") as lines:
        yield from map(adapter.validate_json, lines)


def _confirms(row: str) -> bool:
    """Whether the row of this id was kept for confirming."""
    return sha256(row.encode()).digest()[0] % 2 == 1


def _ending(sentence: str) -> str:
    # Page and paragraph numbers stand before a sentence in one place and not in the other.
    return sentence.strip().lower()[-80:]


def answered(row: WrittenRow, tagged: TaggedText) -> Answer:
    """The row with what was made of it."""
    return Answer(
        id=row.id,
        kind=row.kind,
        stance=row.stance,
        voice=row.voice,
        wanted=frozenset(row.tags),
        spans=tuple((span.tag, Span(span.start, span.end)) for span in row.spans),
        tagged=tagged,
    )


def _real_answer(row: TaggedRow, by: Tagger) -> Answer:
    return Answer(
        id=row.id,
        kind="real",
        stance=None,
        voice=None,
        wanted=row.tags[0],
        spans=(),
        tagged=_tag(row, by),
    )


def _tag(row: TaggedRow | SpokenRow, by: Tagger) -> TaggedText:
    kind = Kind.RESPONSE if "response" in row.document else Kind.FINAL_REPORT
    return by.tag(row.sentence, before=row.before, after=row.after, document_kind=kind)


def label_score(coded: Iterable[tuple[tuple[_Label, _Label], _Label]]) -> LabelScore:
    """Of rows with what each of two coders gave, and the label given."""
    return LabelScore.of((a.value, given.value) for (a, b), given in coded if a is b)
