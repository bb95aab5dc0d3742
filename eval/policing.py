"""Tags of real sentences on policing, in a report and the reply to it, as these are read.

Two readers coded apart every sentence of the two that nobody had coded before. Those marked as seen
were looked at afterwards; the others were not, and confirm.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from eval.findings import Answer
from eval.inquiries import ReadDocument, read, sources
from eval.speakers import key
from ingest.findings.tagger import TaggedText, Tagger, passage_texts

GOLD = Path(__file__).parent / "gold" / "tags.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedSentence:
    """A sentence, by the count and hash of its letters, with each reader's tags."""

    document: str
    letters: int
    sha256: str
    tags: tuple[frozenset[str], frozenset[str]]
    seen: bool


def answers(real_documents: Path, by: Tagger) -> Iterator[tuple[TaggedSentence, Answer]]:
    """Each coded sentence that is found again and that the readers agree on, with its findings."""
    coded = {(row.document, row.letters, row.sha256): row for row in rows()}
    for source in sources(real_documents):
        if any(row.document == source.file for row in rows()):
            for words, tagged in _sentences(read(real_documents, source), by):
                row = coded.pop((source.file, *key(words)), None)
                if row is not None and row.tags[0] == row.tags[1]:
                    yield row, _answer(row, tagged)


def _sentences(document: ReadDocument, by: Tagger) -> Iterator[tuple[str, TaggedText]]:
    """Each sentence of a document, with its own findings alone."""
    reading, kind = document.reading, document.document.kind
    given = passage_texts(reading.text, document.passages, reading.paragraphs, kind=kind)
    for passage, tagged in by.tagged(given):
        for sentence in tagged.sentences:
            own = tuple(each for each in tagged.findings if each.sentence == sentence.span)
            yield sentence.span.of(passage.text), TaggedText(findings=own, sentences=(sentence,))


def _answer(row: TaggedSentence, tagged: TaggedText) -> Answer:
    return Answer(
        id=row.sha256,
        kind="real",
        stance=None,
        voice=None,
        wanted=row.tags[0],
        spans=(),
        tagged=tagged,
    )


@cache
def rows() -> tuple[TaggedSentence, ...]:
    """All that were coded."""
    row = TypeAdapter(TaggedSentence)
    with GOLD.open(encoding="utf-8") as lines:
        return tuple(map(row.validate_json, lines))
