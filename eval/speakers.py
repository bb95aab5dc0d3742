"""Voice and stance of sentences that were drawn at random and coded by two readers apart.

They stand where they stand: whoever spoke last, some pages before, is known, as when a document is
read. Those marked as seen were looked at while the rules were written; the others were not, and
only they say how good the rules are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter

from eval.findings import LabelScore, label_score
from eval.inquiries import ReadDocument, read, sources
from eval.stretches import letters
from ingest.findings.tagger import Sentence, Tagger, passage_texts
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


@dataclass(frozen=True, kw_only=True)
class SpeakerScores:
    """What is made of them."""

    coded: int
    heard: tuple[tuple[CodedSentence, Sentence], ...]
    """Those that were found again, as the tagger has them."""

    @cached_property
    def voice(self) -> LabelScore:
        return label_score((row.voice, sentence.voice) for row, sentence in self.heard)

    @cached_property
    def stance(self) -> LabelScore:
        return label_score((row.stance, sentence.stance) for row, sentence in self.heard)

    @property
    def testimony_as_found(self) -> tuple[int, int]:
        others = [
            sentence
            for row, sentence in self.heard
            if row.voice[0] is row.voice[1] and row.voice[0] is not Voice.INQUIRY
        ]
        shown = [s for s in others if s.voice is Voice.INQUIRY and s.stance is Stance.FOUND]
        return len(shown), len(others)


def measure(real_documents: Path) -> tuple[SpeakerScores, SpeakerScores]:
    """How the coded sentences of the documents under `real_documents` are heard: those kept for
    confirming, and those that the rules were written with."""
    found = list(heard(real_documents))
    kept, seen = (
        SpeakerScores(
            coded=sum(row.seen is seen for row in _coded()),
            heard=tuple((row, sentence) for row, _, sentence in found if row.seen is seen),
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
    row, by = TypeAdapter(InventedSentence), Tagger(bundled_taxonomy())
    with INVENTED.open(encoding="utf-8") as lines:
        told = [(each, _alone(each, by)) for each in map(row.validate_json, lines)]
    return (
        LabelScore(pairs=tuple((each.voice.value, found.voice.value) for each, found in told)),
        LabelScore(pairs=tuple((each.stance.value, found.stance.value) for each, found in told)),
    )


def _alone(each: InventedSentence, by: Tagger) -> Sentence:
    tagged = by.tag(
        each.sentence, before=each.before, after=each.after, document_kind=each.document_kind
    )
    return tagged.sentences[0]


def heard(real_documents: Path) -> Iterator[tuple[CodedSentence, str, Sentence]]:
    """Each coded sentence that is found again, with its words and as the tagger has it."""
    coded = {(row.document, row.letters, row.sha256): row for row in _coded()}
    by = Tagger(bundled_taxonomy())
    for source in sources(real_documents):
        for words, sentence in _sentences(read(real_documents, source), by):
            row = coded.pop((source.file, *_key(words)), None)
            if row is not None:
                yield row, words, sentence


def _sentences(document: ReadDocument, by: Tagger) -> Iterator[tuple[str, Sentence]]:
    reading = document.reading
    given = passage_texts(
        reading.text, document.passages, reading.paragraphs, kind=document.document.kind
    )
    for passage, tagged in by.tagged(given):
        for sentence in tagged.sentences:
            yield sentence.span.of(passage.text), sentence


def _key(words: str) -> tuple[int, str]:
    plain = letters(words)
    return len(plain), sha256(plain.encode()).hexdigest()


def _coded() -> Iterator[CodedSentence]:
    row = TypeAdapter(CodedSentence)
    with GOLD.open(encoding="utf-8") as lines:
        yield from map(row.validate_json, lines)
