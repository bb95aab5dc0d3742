"""How good the tags, voices and stances are, against sentences that people coded.

Rows are split by their id into a half to tune on and a half to confirm on. Scores are of the
confirm half, and only of the rows on which both coders agree where two coded them. A report and
its response print the same sentences, so a row whose words also stand in a tune half is left out.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from ingest.findings import TaggedText, tag
from ingest.model import Kind, Stance, Voice

_Label = TypeVar("_Label", Voice, Stance)


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
    """Accuracy over rows, beside that of always giving the commonest label."""

    accuracy: float
    majority: float
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsScores:
    """Scores of the confirm halves."""

    written: TagScore
    """Sentences written for development."""
    traps_tagged: int
    """Of those, sentences that use a theme's words in another sense and were tagged."""
    traps: int
    denied_as_found: int
    """Of those, findings of denied rows that were shown as found."""
    denied: int
    real: TagScore
    """Sentences of a real report and its response."""
    voice: LabelScore
    stance: LabelScore


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRow:
    """A sentence written for development; it has one coder and no surroundings."""

    id: str
    text: str
    tags: tuple[str, ...]
    stance: Stance
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


def measure(real_documents: Path) -> FindingsScores:
    """Scores on the confirm halves of the gold files under `real_documents`."""
    gold = real_documents / "gold"
    written = list(_rows(gold / "findings_dev.jsonl", TypeAdapter(WrittenRow)))
    tagged = list(_rows(gold / "tags_real.jsonl", TypeAdapter(TaggedRow)))
    spoken = list(_rows(gold / "voice_dev.jsonl", TypeAdapter(SpokenRow)))
    real: list[TaggedRow | SpokenRow] = [*tagged, *spoken]
    seen = {_ending(row.sentence) for row in real if not _confirms(row)}
    written = [row for row in written if _confirms(row)]
    tagged = [row for row in tagged if _confirms(row) and _ending(row.sentence) not in seen]
    spoken = [row for row in spoken if _confirms(row) and _ending(row.sentence) not in seen]
    answers = [tag(row.text) for row in written]
    traps = [a for row, a in zip(written, answers, strict=True) if row.kind == "lexical_trap"]
    denied = list(_stances_of_denied(written, answers))
    sentences = [_tag(row).sentences[0] for row in spoken]
    return FindingsScores(
        written=_tag_score((row.tags, a) for row, a in zip(written, answers, strict=True)),
        traps_tagged=sum(bool(answer.findings) for answer in traps),
        traps=len(traps),
        denied_as_found=denied.count(Stance.FOUND),
        denied=len(denied),
        real=_tag_score((row.tags[0], _tag(row)) for row in tagged if len(set(row.tags)) == 1),
        voice=_label_score([row.voice for row in spoken], [s.voice for s in sentences]),
        stance=_label_score([row.stance for row in spoken], [s.stance for s in sentences]),
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


def _tag(row: TaggedRow | SpokenRow) -> TaggedText:
    kind = Kind.RESPONSE if "response" in row.document else Kind.FINAL_REPORT
    return tag(row.sentence, before=row.before, after=row.after, document_kind=kind)


def _stances_of_denied(
    rows: Sequence[WrittenRow], answers: Sequence[TaggedText]
) -> Iterator[Stance]:
    for row, answer in zip(rows, answers, strict=True):
        if row.stance is Stance.DENIED:
            yield from (finding.stance for finding in answer.findings)


def _tag_score(answers: Iterable[tuple[Iterable[str], TaggedText]]) -> TagScore:
    pairs = [(set(wanted), {f.tag for f in answer.findings}) for wanted, answer in answers]
    return TagScore(
        right=sum(len(wanted & given) for wanted, given in pairs),
        given=sum(len(given) for _, given in pairs),
        wanted=sum(len(wanted) for wanted, _ in pairs),
        rows=len(pairs),
    )


def _label_score(coded: Sequence[tuple[_Label, _Label]], given: Sequence[_Label]) -> LabelScore:
    agreed = [(a, label) for (a, b), label in zip(coded, given, strict=True) if a == b]
    commonest = Counter(wanted for wanted, _ in agreed).most_common(1)
    return LabelScore(
        accuracy=sum(wanted == label for wanted, label in agreed) / max(len(agreed), 1),
        majority=sum(count for _, count in commonest) / max(len(agreed), 1),
        rows=len(agreed),
    )
