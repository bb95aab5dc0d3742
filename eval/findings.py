"""How good the tags, voices and stances are, against sentences that people coded.

What the tagger learned comes from labelled sentences of the repository, chosen out of fold among
them, and never from these rows. Its rules were written with an eye on half of the rows, told by
their ids, so that half is left out of every figure called confirmed. Where two coders coded a row,
it counts only if they agree. A report and its response print the same sentences, so a row whose
words also stand in the other half is left out of the confirmed ones.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from eval.inquiries import read, sources
from eval.lineage import MODELS
from eval.significance import Interval
from index.embedder import DEFAULT_MODEL
from index.export import prepare_embedder
from ingest.findings.tagger import PassageText, TaggedText, Tagger, bundled_tagger
from ingest.findings.taxonomy import bundled_taxonomy
from ingest.model import Finding, Kind, Span, Stance, Voice
from ingest.sentences import sentences

Counts = NDArray[np.int_]
_Label = TypeVar("_Label", Voice, Stance)

OTHER_INQUIRIES = ("hc18", "covid", "hc1119", "post-office")
"""How the names of documents begin that are not about policing."""
VOICES = (Voice.INQUIRY, Voice.WITNESS, Voice.OFFICIAL)
STANCES = (Stance.FOUND, Stance.REPORTED, Stance.RECOMMENDED, Stance.BACKGROUND)
_RESAMPLES, _BINS = 1000, 10


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

    right: int
    given: int
    wanted: int
    rows: int

    @property
    def precision(self) -> float:
        """0 where no tag was given."""
        return self.right / self.given if self.given else 0.0

    @property
    def recall(self) -> float:
        """0 where no tag was wanted."""
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        total = self.given + self.wanted
        return 2 * self.right / total if total else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelScore:
    """Labels that both coders gave, beside those given by the tagger."""

    pairs: tuple[tuple[str, str], ...]
    """Wanted and given."""

    @property
    def rows(self) -> int:
        return len(self.pairs)

    @property
    def accuracy(self) -> float:
        return sum(wanted == given for wanted, given in self.pairs) / max(self.rows, 1)

    @property
    def majority(self) -> float:
        """Accuracy of always giving the commonest."""
        commonest = Counter(wanted for wanted, _ in self.pairs).most_common(1)
        return sum(count for _, count in commonest) / max(self.rows, 1)

    def recall(self, labels: Iterable[str]) -> float:
        """Mean over the labels."""
        return float(np.mean([self._recall(label) for label in labels]))

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

    def _recall(self, label: str) -> float:
        of = [given for wanted, given in self.pairs if wanted == label]
        return sum(given == label for given in of) / max(len(of), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Tags given in a document that is not about policing."""

    document: str
    tags: int
    sentences: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsScores:
    """What the tagger makes of the coded rows."""

    answers: tuple[Answer, ...]
    """Sentences written for development."""
    real: tuple[Answer, ...]
    """Sentences of a real report and its response."""
    voice: LabelScore
    stance: LabelScore
    testimony_as_found: tuple[int, int]
    """Of real sentences that are not the inquiry's, those shown as its finding; and how many."""

    @property
    def written(self) -> TagScore:
        return tag_score(self.answers)


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


def tagger() -> Tagger:
    """As it is served: with the default embedder."""
    return bundled_tagger(prepare_embedder(DEFAULT_MODEL, MODELS))


def measure(
    real_documents: Path, *, confirmed: bool = True, by: Tagger | None = None
) -> FindingsScores:
    """Scores on the gold files under `real_documents`, of their confirm halves or of all rows."""
    by = by or tagger()
    gold = real_documents / "gold"
    written = written_rows(real_documents, confirmed=confirmed)
    tagged = list(_rows(gold / "tags_real.jsonl", TypeAdapter(TaggedRow)))
    spoken = list(_rows(gold / "voice_dev.jsonl", TypeAdapter(SpokenRow)))
    if confirmed:
        real: list[TaggedRow | SpokenRow] = [*tagged, *spoken]
        seen = {_ending(row.sentence) for row in real if not _confirms(row)}
        tagged = [row for row in tagged if _confirms(row) and _ending(row.sentence) not in seen]
        spoken = [row for row in spoken if _confirms(row) and _ending(row.sentence) not in seen]
    heard = [(row, _tag(row, by).sentences[0]) for row in spoken]
    others = [
        sentence
        for row, sentence in heard
        if row.voice[0] is row.voice[1] and row.voice[0] is not Voice.INQUIRY
    ]
    return FindingsScores(
        answers=tuple(answered(row, by.tag(row.text)) for row in written),
        real=tuple(_real_answer(row, by) for row in tagged if len(set(row.tags)) == 1),
        voice=label_score([(row.voice, sentence.voice) for row, sentence in heard]),
        stance=label_score([(row.stance, sentence.stance) for row, sentence in heard]),
        testimony_as_found=(
            sum(s.voice is Voice.INQUIRY and s.stance is Stance.FOUND for s in others),
            len(others),
        ),
    )


def written(real_documents: Path, *, by: Tagger) -> list[Answer]:
    """What the tagger makes of all the sentences written for development."""
    return [answered(row, by.tag(row.text)) for row in written_rows(real_documents)]


def written_rows(real_documents: Path, *, confirmed: bool = False) -> list[WrittenRow]:
    """The sentences written for development, or those of them kept for confirming."""
    rows = _rows(real_documents / "gold" / "findings_dev.jsonl", TypeAdapter(WrittenRow))
    return [row for row in rows if _confirms(row) or not confirmed]


def elsewhere(real_documents: Path, by: Tagger | None = None) -> Iterator[Elsewhere]:
    """Tags given in each document of the inquiries that are not about policing."""
    by = by or tagger()
    for source in sources(real_documents):
        if source.file.startswith(OTHER_INQUIRIES):
            document = read(real_documents, source)
            texts = [
                PassageText(
                    passage=passage,
                    text=passage.span.of(document.reading.text),
                    document_kind=document.document.kind,
                )
                for passage in document.passages
            ]
            found = {(f.sentence, f.tag) for each in by.findings(texts) for f in each}
            total = sum(len(sentences(given.text)) for given in texts)
            yield Elsewhere(document=source.file, tags=len(found), sentences=total)


def tag_score(answers: Sequence[Answer], tag: str | None = None) -> TagScore:
    """Over all tags, or of one."""
    pairs = [
        (answer.wanted, answer.given)
        if tag is None
        else (answer.wanted & {tag}, answer.given & {tag})
        for answer in answers
    ]
    return TagScore(
        right=sum(len(wanted & given) for wanted, given in pairs),
        given=sum(len(given) for _, given in pairs),
        wanted=sum(len(wanted) for wanted, _ in pairs),
        rows=len(pairs),
    )


def macro_f1(answers: Sequence[Answer]) -> float:
    """Mean F1 over the tags of the taxonomy."""
    return float(np.mean([tag_score(answers, tag.id).f1 for tag in bundled_taxonomy().tags]))


def micro_f1(answers: Sequence[Answer]) -> float:
    return tag_score(answers).f1


def interval(answers: Sequence[Answer], of: Callable[[Sequence[Answer]], float]) -> Interval:
    """95% bootstrap interval over rows; the same each time."""
    random = np.random.default_rng(20261126)
    drawn = [
        of([answers[int(row)] for row in random.integers(0, len(answers), len(answers))])
        for _ in range(_RESAMPLES)
    ]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Interval(mean=of(answers), low=float(low), high=float(high))


def tag_intervals(answers: Sequence[Answer], tag: str) -> tuple[Interval, Interval, Interval]:
    """Precision, recall and F1 of a tag, with 95% bootstrap intervals over rows; the same each
    time."""
    held = np.array([(tag in each.wanted, tag in each.given) for each in answers])
    wanted, given = held[:, 0], held[:, 1]
    random = np.random.default_rng(20261126)
    drawn = random.integers(0, len(answers), (_RESAMPLES, len(answers)))
    right, given_, wanted_ = ((wanted & given)[drawn], given[drawn], wanted[drawn])
    score = tag_score(answers, tag)
    counts = [each.sum(axis=1) for each in (right, given_, wanted_)]
    measures = (
        (score.precision, counts[0], counts[1]),
        (score.recall, counts[0], counts[2]),
        (score.f1, 2 * counts[0], counts[1] + counts[2]),
    )
    precision, recall, f1 = (_bounded(*measure) for measure in measures)
    return precision, recall, f1


def _bounded(value: float, over: Counts, under: Counts) -> Interval:
    """The value, between the quantiles of the drawn ratios; 0 where nothing was drawn."""
    ratios = over / np.maximum(under, 1)
    low, high = np.quantile(ratios, [0.025, 0.975])
    return Interval(mean=value, low=float(low), high=float(high))


def of_kind(answers: Iterable[Answer], kind: str) -> list[Answer]:
    """The rows of a slice."""
    return [answer for answer in answers if answer.kind == kind]


def denied_as_found(answers: Iterable[Answer]) -> tuple[int, int]:
    """Of the findings in denied rows, those shown as found; and how many there are."""
    shown = [
        finding.stance
        for answer in answers
        if answer.stance is Stance.DENIED
        for finding in answer.tagged.findings
    ]
    return shown.count(Stance.FOUND), len(shown)


def shown_as_denied(answers: Iterable[Answer]) -> tuple[int, int]:
    """Of the findings in rows that deny nothing, those shown as denied; and how many there are."""
    shown = [
        finding.stance
        for answer in answers
        if answer.stance is not Stance.DENIED
        for finding in answer.tagged.findings
    ]
    return shown.count(Stance.DENIED), len(shown)


def found_voices(answers: Iterable[Answer]) -> LabelScore:
    """Of the tags rightly given, whose words they should be in, and are said to be."""
    return LabelScore(
        pairs=tuple((a.voice.value, f.voice.value) for a, f in _right(answers) if a.voice)
    )


def found_stances(answers: Iterable[Answer]) -> LabelScore:
    """Of the tags rightly given, how they should be put, and are said to be."""
    return LabelScore(
        pairs=tuple((a.stance.value, f.stance.value) for a, f in _right(answers) if a.stance)
    )


def _right(answers: Iterable[Answer]) -> Iterator[tuple[Answer, Finding]]:
    for answer in answers:
        for finding in answer.tagged.findings:
            if finding.tag in answer.wanted:
                yield answer, finding


def overlapping(answers: Iterable[Answer]) -> tuple[int, int]:
    """Of the tags rightly given, those whose words overlap the coder's; and how many."""
    right = [(answer, tag) for answer in answers for tag in answer.wanted & answer.given]
    return sum(_overlap(answer, tag) for answer, tag in right), len(right)


def calibration_error(answers: Iterable[Answer]) -> float:
    """Expected calibration error of the confidences, over bins of equal width."""
    pairs = confidences(answers)
    return sum(
        abs(sum(sure for sure, _ in within) - sum(right for _, right in within))
        for within in binned(pairs)
    ) / max(len(pairs), 1)


def confidences(answers: Iterable[Answer]) -> list[tuple[float, bool]]:
    """Of each tag given, how sure, and whether it is right."""
    return [
        (max(f.confidence for f in answer.tagged.findings if f.tag == tag), tag in answer.wanted)
        for answer in answers
        for tag in sorted(answer.given)
    ]


def binned(pairs: Sequence[tuple[float, bool]]) -> Iterator[list[tuple[float, bool]]]:
    """By confidence, in ten bins of equal width, the lowest first."""
    for number in range(_BINS):
        yield [pair for pair in pairs if min(int(pair[0] * _BINS), _BINS - 1) == number]


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


def _confirms(row: WrittenRow | TaggedRow | SpokenRow) -> bool:
    return sha256(row.id.encode()).digest()[0] % 2 == 1


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
    return LabelScore(pairs=tuple((a.value, given.value) for (a, b), given in coded if a is b))
