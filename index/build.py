"""Documents to a generation: built beside the live one, then put in its place."""

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain
from pathlib import Path

import numpy as np

from index import context, lexical
from index.context import contextual
from index.durable import as_write_failed
from index.embedder import Embedder, Parted, Vector, Vectors, part_reader
from index.generation import (
    FORMAT,
    Generation,
    Rows,
    Stamp,
    generation_folder,
    generations,
    make_current,
    pin,
    seal,
)
from index.lock import hold
from index.ragged import gathering
from index.semantics import IndexedSemantics
from index.sentences import PassageSentences, Sentences
from index.store import Engine, Filters, Point, batches
from index.vocabulary import Vocabulary
from index.wordvectors import (
    MOST_DIMENSIONS,
    PassageWords,
    WordVectors,
    kept_dimensions,
    word_spans,
)
from ingest.errors import CasebookError, DamagedData, LibraryError
from ingest.joins import joins
from ingest.library import Library, StoredDossier
from ingest.model import Catalogue, Document, Finding, Joins, Passage, Span, words_hash
from ingest.schema import schema
from ingest.sentences import sentences

HEADER_WORDS = 8
"""Of each part of a header: the rest of a long title tells passages apart no better."""
EMBEDDED_AT_ONCE = 256

Progress = Callable[[int, int], None]
"""Told how many passages are embedded, of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build did."""

    generation: str
    passages: int
    embedded: int
    """Passages whose vectors were computed; the others' came from the generation before."""
    changed: bool
    """False where the live generation already was what would have been built."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A passage with everything that its point is made of, except its vectors."""

    passage: Passage
    document: Document
    findings: tuple[Finding, ...]
    text: str
    recommendations: tuple[str, ...] = ()

    @property
    def embedded(self) -> str:
        """What the embedder reads: the text under a header that is never shown."""
        return f"{self.above}{self.text}"

    @property
    def above(self) -> str:
        """The header, and the end of its line."""
        return f"{header(self.document, self.passage)}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """What the embedder made of a passage."""

    vector: Vector
    sentences: PassageSentences
    words: PassageWords


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What the embedder made of all passages, in the order of their rows."""

    vectors: Vectors
    sentences: Sentences
    words: WordVectors


def build_index(
    data: Path,
    *,
    embedder: Embedder,
    engine: Engine,
    tags: Iterable[str] = (),
    progress: Progress = lambda done, total: None,
) -> Built:
    """Indexes all documents of the data directory; raises HeldElsewhere or WriteFailed.

    `tags` are those of the taxonomy, which may be asked for even where nothing has them. Until
    the new generation is whole and on the disk, the old one answers.
    """
    with hold(data), as_write_failed(data / "index"):
        library = Library(data)
        stored = [library.stored(document) for document in library.ids()]
        entries = sorted(_entries(stored), key=lambda entry: entry.passage.id)
        stamp = _stamp(stored, entries, embedder=embedder, engine=engine, tags=tags)
        name = _name(data, stamp)
        previous = _previous(data)
        if previous and previous.name == name and _is_whole(previous, engine):
            return Built(generation=name, passages=len(entries), embedded=0, changed=False)
        known = _reusable(previous, embedder, stamp)
        rows = _rows(entries, _order(stored))
        embedded = _embedded(entries, embedder=embedder, known=known, progress=progress)
        gathered = _gathered(embedded, len(entries), embedder.dimension, data / "index")
        vectors = gathered.vectors
        around = contextual(vectors, sections=_sections(entries), neighbours=rows.neighbours)
        generation = Generation(
            name=name,
            folder=generation_folder(data, name),
            stamp=stamp,
            rows=rows,
            vectors=vectors,
            context=around,
            vocabulary=_vocabulary(entries, stamp),
            joins=joins(stored, IndexedSemantics.of(rows, vectors, _order(stored), embedder)),
            sentences=gathered.sentences,
            words=gathered.words,
        )
        entries = _linked(entries, stored, generation.joins)
        _write(generation, entries, data=data, engine=engine)
        _retire(data, name, engine)
    new = sum(text not in known for text in generation.rows.embedded_sha256)
    return Built(generation=name, passages=len(entries), embedded=new, changed=True)


def header(document: Document, passage: Passage) -> str:
    """Document, chapter and section, each cut to a few words."""
    parts = dict.fromkeys((document.title, *passage.section[:1], *passage.section[-1:]))
    return " > ".join(" ".join(part.split()[:HEADER_WORDS]) for part in parts)


def _entries(stored: Sequence[StoredDossier]) -> Iterator[Entry]:
    for dossier in stored:
        found: defaultdict[str, list[Finding]] = defaultdict(list)
        for finding in dossier.findings:
            found[finding.passage].append(finding)
        for passage in dossier.passages:
            yield Entry(
                passage=passage,
                document=dossier.document,
                findings=tuple(found[passage.id]),
                text=passage.span.of(dossier.text),
            )


def _order(stored: Iterable[StoredDossier]) -> dict[str, list[str]]:
    """The passages of each document in reading order."""
    return {d.document.id: [passage.id for passage in d.passages] for d in stored}


def _linked(
    entries: Iterable[Entry], stored: Iterable[StoredDossier], joined: Joins
) -> list[Entry]:
    """The entries with the recommendations that each passage bears on."""
    linked: defaultdict[str, set[str]] = defaultdict(set)
    for link in chain(joined.links, *(dossier.links for dossier in stored)):
        linked[link.passage].add(link.recommendation)
    return [
        replace(entry, recommendations=tuple(sorted(linked[entry.passage.id]))) for entry in entries
    ]


def _stamp(
    stored: Sequence[StoredDossier],
    entries: Sequence[Entry],
    *,
    embedder: Embedder,
    engine: Engine,
    tags: Iterable[str],
) -> Stamp:
    found = {finding.tag for entry in entries for finding in entry.findings}
    return Stamp(
        format=FORMAT,
        engine=engine.name,
        embedder=embedder.name,
        weights_sha256=embedder.weights_sha256,
        average_length=_average(entry.text for entry in entries),
        average_section=_average(" ".join(entry.passage.section) for entry in entries),
        settings={
            "k1": str(lexical.K1),
            "b": str(lexical.B),
            "header_words": str(HEADER_WORDS),
            "section_weight": str(lexical.SECTION_WEIGHT),
            "context": f"{context.SECTION}, {context.NEIGHBOURS}",
            "max_tokens": str(embedder.max_tokens),
            "words": f"{lexical.rule()} in {MOST_DIMENSIONS} dimensions",
        },
        documents={dossier.document.id: dossier.stamp for dossier in stored},
        tags=tuple(sorted(found | set(tags))),
        recommendations=tuple(sorted({r.id for d in stored for r in d.recommendations})),
    )


def _vocabulary(entries: Iterable[Entry], stamp: Stamp) -> Vocabulary:
    vectors = (stamp.bm25.passage(entry.text, entry.passage.section) for entry in entries)
    return Vocabulary.of(vector.indices for vector in vectors)


def _average(texts: Iterable[str]) -> float:
    """Words of a text; 1 where there are fewer, or no texts."""
    lengths = [lexical.length(text) for text in texts]
    return max(1.0, float(np.mean(lengths))) if lengths else 1.0


def _name(data: Path, stamp: Stamp) -> str:
    """A hash of everything the generation is made from."""
    digest = sha256(schema(Stamp).dump_json(stamp))
    for document in stamp.documents:
        # It holds the hash of every other file of the document.
        digest.update((data / "documents" / document / "document.json").read_bytes())
    for catalogue in Library(data).catalogues():
        digest.update(schema(Catalogue).dump_json(catalogue))
    return digest.hexdigest()[:16]


def _previous(data: Path) -> Generation | None:
    """The live generation, if there is one that can be used."""
    with suppress(LibraryError):
        return Generation.open(data)
    return None


def _is_whole(generation: Generation, engine: Engine) -> bool:
    """Whether the engine still holds all its points."""
    try:
        store = engine.open(generation.name, generation.folder)
    except CasebookError:
        return False
    try:
        return store.count(Filters()) == len(generation.rows.passages)
    finally:
        store.close()


def _reusable(
    previous: Generation | None, embedder: Embedder, stamp: Stamp
) -> Mapping[str, Embedded]:
    """What the same embedder once made in the same way, by the hash of the text embedded."""
    if previous is None or previous.stamp.settings != stamp.settings:
        return {}
    with suppress(LibraryError):
        previous.check_embedder(embedder)
        return {
            text: Embedded(
                vector=previous.vectors[row],
                sentences=previous.sentences.passage(row),
                words=previous.words.passage(row),
            )
            for row, text in enumerate(previous.rows.embedded_sha256)
        }
    return {}


def _sections(entries: Iterable[Entry]) -> list[int]:
    """A number for each entry, the same for those of one section of one document."""
    numbers: dict[tuple[str, ...], int] = {}
    sections = ((entry.document.id, *entry.passage.section) for entry in entries)
    return [numbers.setdefault(section, len(numbers)) for section in sections]


def _rows(entries: Sequence[Entry], order: Mapping[str, Sequence[str]]) -> Rows:
    row = {entry.passage.id: at for at, entry in enumerate(entries)}
    return Rows(
        passages=tuple(row),
        order=tuple(tuple(row[passage] for passage in passages) for passages in order.values()),
        documents=tuple(entry.document.id for entry in entries),
        embedded_sha256=tuple(words_hash(entry.embedded) for entry in entries),
    )


def _embedded(
    entries: Sequence[Entry],
    *,
    embedder: Embedder,
    known: Mapping[str, Embedded],
    progress: Progress,
) -> Iterator[Embedded]:
    """Of each entry, in their order; embedded when it is asked for.

    Not by length: our graph reads one text at a time, and other models sort what they are given.
    """
    found = [_known(entry, known) for entry in entries]
    total, done = found.count(None), 0
    for rows in batches(range(len(entries)), EMBEDDED_AT_ONCE):
        new = [row for row in rows if found[row] is None]
        made = dict(zip(new, _read([entries[row] for row in new], embedder), strict=True))
        yield from (found[row] or made[row] for row in rows)
        done += len(new)
        if new:
            progress(done, total)


def _gathered(embedded: Iterable[Embedded], count: int, dimension: int, folder: Path) -> Gathered:
    folder.mkdir(exist_ok=True)
    vectors = np.empty((count, dimension), dtype=np.float32)
    with (
        gathering(folder, width=2, kind=np.int32) as spans,
        gathering(folder, width=dimension, kind=np.int8) as said,
        gathering(folder, width=kept_dimensions(dimension), kind=np.int8) as words,
    ):
        for row, each in enumerate(embedded):
            vectors[row] = each.vector
            spans.add(each.sentences.spans)
            said.add(each.sentences.vectors)
            words.add(each.words.vectors)
        return Gathered(
            vectors=vectors,
            sentences=Sentences(spans=spans.whole(), vectors=said.whole(), offsets=said.offsets),
            words=WordVectors(vectors=words.whole(), offsets=words.offsets),
        )


def _known(entry: Entry, known: Mapping[str, Embedded]) -> Embedded | None:
    """What was made of the same text, if it was cut into the same sentences."""
    found = known.get(words_hash(entry.embedded))
    return found if found and found.sentences.are_of(entry.text) else None


def _read(entries: Sequence[Entry], embedder: Embedder) -> Iterator[Embedded]:
    """What the embedder makes of each; of its sentences and words too where it tells them."""
    texts = [entry.embedded for entry in entries]
    if reader := part_reader(embedder):
        spans = [sentences(entry.text) for entry in entries]
        parts = [
            [*_placed(entry, own), *word_spans(entry.embedded)]
            for entry, own in zip(entries, spans, strict=True)
        ]
        read = reader.parted(texts, parts)
    else:
        none = np.zeros((0, embedder.dimension), dtype=np.float32)
        spans = [()] * len(entries)
        read = [Parted(whole=vector, parts=none) for vector in embedder.passages(texts)]
    for each, own in zip(read, spans, strict=True):
        yield Embedded(
            vector=each.whole,
            sentences=PassageSentences.of(own, each.parts[: len(own)]),
            words=PassageWords.of(each.parts[len(own) :]),
        )


def _placed(entry: Entry, spans: Iterable[Span]) -> Iterator[Span]:
    """The spans of its text as they lie in what is embedded."""
    above = len(entry.above)
    return (Span(span.start + above, span.end + above) for span in spans)


def _write(generation: Generation, entries: Sequence[Entry], *, data: Path, engine: Engine) -> None:
    """Makes the generation the live one; leaves nothing of it where that fails."""
    folder = generation.folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        pin(data, folder)
        _fill(generation, entries, engine)
        seal(generation)
        engine.publish(generation.name)
        make_current(data, generation.name)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _fill(generation: Generation, entries: Sequence[Entry], engine: Engine) -> None:
    bm25 = generation.stamp.bm25
    dimension = generation.vectors.shape[1]
    store = engine.create(generation.name, generation.folder, dimension=dimension)
    try:
        store.upsert(
            Point(
                row=row,
                passage=entry.passage,
                document=entry.document,
                findings=entry.findings,
                recommendations=entry.recommendations,
                dense=generation.context[row],
                lexical=bm25.passage(entry.text, entry.passage.section),
            )
            for row, entry in enumerate(entries)
        )
        store.flush()
        held = store.count(Filters())
    finally:
        store.close()
    if held != len(entries):
        raise DamagedData(
            f"The {engine.name} engine holds {held:,} of {len(entries):,} passages.",
            remedy="Run `casebook build` again.",
        )


def _retire(data: Path, live: str, engine: Engine) -> None:
    """Removes every other generation: what was taken out of the corpus stays nowhere."""
    for name in generations(data):
        if name != live:
            engine.remove(name)
            shutil.rmtree(generation_folder(data, name), ignore_errors=True)
