"""Voice and stance of sentences that were drawn at random and coded by two readers apart.

They stand where they stand: whoever spoke last, some pages before, is known, as when a document is
read. Those marked as seen were looked at while the rules were written; the others were not, and
only they say how good the rules are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter

from eval.findings import HeardScores, LabelScore
from eval.inquiries import ReadDocument, read, sources
from eval.lineage import MODELS
from eval.stretches import letters
from index.embedder import DEFAULT_MODEL
from index.export import prepare_embedder
from ingest.findings.speech import Sentence, is_own
from ingest.findings.tagger import Tagger, passage_texts
from ingest.findings.taxonomy import bundled_taxonomy
from ingest.model import Kind, Stance, Voice

GOLD = Path(__file__).parent / "gold" / "speakers.jsonl"
INVENTED = Path(__file__).parent.parent / "corpora" / "voices" / "first.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedSentence:
    """A sentence, by the count and hash of its letters, as both readers coded it."""

    document: str
    letters: int
    sha256: str
    voice: tuple[Voice, Voice]
    stance: tuple[Stance, Stance]
    seen: bool
    """Whether it was looked at while the rules were written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A coded sentence that was found again."""

    row: CodedSentence
    words: str
    sentence: Sentence
    """As the tagger has it."""
    before: str
    after: str
    """The document's own sentences beside it in its passage, if there are any."""


@dataclass(frozen=True, kw_only=True)
class SpeakerScores(HeardScores[CodedSentence]):
    """What is made of those that were found again."""

    coded: int


def measure(real_documents: Path) -> tuple[SpeakerScores, SpeakerScores]:
    """How the coded sentences of the documents under `real_documents` are heard: those kept for
    confirming, and those that the rules were written with."""
    coded, by = _coded(), _tagger()
    found = list(heard(real_documents, by))
    kept, seen = (
        SpeakerScores(
            coded=sum(row.seen is seen for row in coded),
            heard=tuple((each.row, each.sentence) for each in found if each.row.seen is seen),
        )
        for seen in (False, True)
    )
    return kept, seen


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedSentence:
    """A sentence of no document, written for its voice and stance, among its neighbours."""

    id: str
    document_kind: Kind
    before: str
    sentence: str
    after: str
    voice: Voice
    stance: Stance


def invented() -> tuple[LabelScore, LabelScore]:
    """Voice and stance of invented sentences, which no rule was written with."""
    row, by = TypeAdapter(InventedSentence), _tagger()
    with INVENTED.open(encoding="utf-8") as lines:
        told = [(each, _alone(each, by)) for each in map(row.validate_json, lines)]
    return (
        LabelScore.of((each.voice.value, found.voice.value) for each, found in told),
        LabelScore.of((each.stance.value, found.stance.value) for each, found in told),
    )


def _tagger() -> Tagger:
    """As it is served, but for tags, which need not be looked for."""
    return Tagger(bundled_taxonomy(), encoder=prepare_embedder(DEFAULT_MODEL, MODELS))


def _alone(each: InventedSentence, by: Tagger) -> Sentence:
    tagged = by.tag(
        each.sentence, before=each.before, after=each.after, document_kind=each.document_kind
    )
    return tagged.sentences[0]


def heard(real_documents: Path, by: Tagger) -> Iterator[Heard]:
    """Each coded sentence that is found again."""
    coded = {(row.document, row.letters, row.sha256): row for row in _coded()}
    for source in sources(real_documents):
        document = read(real_documents, source)
        for told in _passages(document, by):
            own = [words if is_own(each, document.document.kind) else "" for words, each in told]
            for number, (words, sentence) in enumerate(told):
                row = coded.pop((source.file, *key(words)), None)
                if row is not None:
                    before, after = own[number - 1] if number else "", (*own, "")[number + 1]
                    yield Heard(row=row, words=words, sentence=sentence, before=before, after=after)


def _passages(document: ReadDocument, by: Tagger) -> Iterator[list[tuple[str, Sentence]]]:
    """The sentences of each passage, with their words."""
    reading, kind = document.reading, document.document.kind
    given = passage_texts(reading.text, document.passages, reading.paragraphs, kind=kind)
    for passage, tagged in by.tagged(given):
        judged = by.judged(passage.text, tagged, kind=kind)
        yield [(each.span.of(passage.text), each) for each in judged.sentences]


def key(words: str) -> tuple[int, str]:
    """The count of its letters and digits and their SHA-256, by which coded sentences are kept."""
    plain = letters(words)
    return len(plain), sha256(plain.encode()).hexdigest()


@cache
def _coded() -> tuple[CodedSentence, ...]:
    row = TypeAdapter(CodedSentence)
    with GOLD.open(encoding="utf-8") as lines:
        return tuple(map(row.validate_json, lines))
