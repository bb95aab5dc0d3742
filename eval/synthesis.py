"""Corpora of any size, made from real passages: for timing, never for judging.

A passage made up takes its sentences from several real ones, most of them from one, so that its
words are as common and as rare together as in real reports; what was found in that one is found in
it too. Its vector is that one's with another's and noise mixed in. Documents, pages, findings,
dates and editions are as a build would have them, and the index is made by `build_index` itself.
"""

import math
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from index.build import Progress, build_index
from index.embedder import Embedder, Parted, Vector, Vectors, part_reader
from index.generation import Generation
from index.shelf import Shelf
from index.store import Engine
from ingest.library import Library
from ingest.model import (
    Document,
    Dossier,
    Edition,
    Extraction,
    Finding,
    Kind,
    Page,
    PageStatus,
    Passage,
    Reading,
    Span,
    Stamp,
    words_hash,
)
from ingest.pipeline import pipeline

PASSAGES_PER_DOCUMENT = 500
OWN_SENTENCES = 0.7
"""Share of a passage's sentences that come from the one it is made after."""
OWN, OTHER, NOISE = 0.75, 0.3, 0.5
"""Of which a vector is made; its cosine to the one it is made after is .80 on average."""
PER_SECTION = 12
"""Passages."""
_ASIDES = 4_096
"""Directions in which the parts of passages differ from the whole."""
_FIRST_DAY = date(1995, 1, 1)
_A_SENTENCE = re.compile(r"\S.*?(?:[.!?](?=\s)|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A real passage."""

    sentences: tuple[str, ...]
    section: tuple[str, ...]
    findings: tuple[Finding, ...]
    vector: Vector


def originals(data: Path) -> list[Original]:
    """The passages of a built data directory."""
    generation = Generation.open(data)
    shelf = Shelf(generation.folder, generation.joins)
    found: list[Original] = []
    for row, (name, home) in enumerate(
        zip(generation.rows.passages, generation.rows.documents, strict=True)
    ):
        volume = shelf.volume(home)
        passage = volume.passages[name]
        found.append(
            Original(
                sentences=tuple(_A_SENTENCE.findall(passage.span.of(volume.text))),
                section=passage.section,
                findings=volume.findings.get(name, ()),
                vector=np.array(generation.vectors[row]),
            )
        )
    return found


class Imitations:
    """As many passages as are asked for; the same numbers give the same ones."""

    def __init__(self, originals: Sequence[Original]) -> None:
        self._originals = [each for each in originals if each.sentences]
        self._sentences = [s for each in self._originals for s in each.sentences]
        self._vectors = np.array([each.vector for each in self._originals], dtype=np.float32)

    def write(self, library: Library, passages: int) -> Mapping[int, int]:
        """Puts documents of so many passages in all into the library.

        What comes back gives the original, by its number, of each text by its `hash`.
        """
        made_after: dict[int, int] = {}
        for start in range(0, passages, PASSAGES_PER_DOCUMENT):
            number = start // PASSAGES_PER_DOCUMENT
            count = min(PASSAGES_PER_DOCUMENT, passages - start)
            random = np.random.default_rng(number)
            chosen: list[int] = random.integers(len(self._originals), size=count).tolist()
            texts = [self._text(self._originals[each], random) for each in chosen]
            made_after |= {hash(text): each for text, each in zip(texts, chosen, strict=True)}
            like = [self._originals[each] for each in chosen]
            library.write(_dossier(number, texts, like))
        return made_after

    def vectors(self, numbers: Sequence[int], random: np.random.Generator) -> Vectors:
        """A unit vector near each of these originals'."""
        own = self._vectors[list(numbers)]
        other = self._vectors[random.integers(len(self._vectors), size=len(numbers))]
        noise = random.standard_normal(own.shape, dtype=np.float32) / np.sqrt(own.shape[1])
        mixed = OWN * own + OTHER * other + NOISE * noise.astype(np.float32)
        unit: Vectors = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
        return unit.astype(np.float32)

    def _text(self, like: Original, random: np.random.Generator) -> str:
        """As many sentences as the original has, some of them others'."""
        count = len(like.sentences)
        own = random.random(count) < OWN_SENTENCES
        mine: list[int] = random.integers(count, size=count).tolist()
        others: list[int] = random.integers(len(self._sentences), size=count).tolist()
        return " ".join(
            like.sentences[mine[at]] if own[at] else self._sentences[others[at]]
            for at in range(count)
        )


class ImitatingEmbedder:
    """Questions as the real embedder has them; passages as `Imitations` makes them up."""

    def __init__(
        self, embedder: Embedder, imitations: Imitations, made_after: Mapping[int, int]
    ) -> None:
        self._embedder = embedder
        self._imitations = imitations
        self._made_after = made_after
        self._random = np.random.default_rng(0)
        # Drawn once: a passage has some eighty words, and drawing took longer than indexing.
        noise = self._random.standard_normal((_ASIDES, embedder.dimension), dtype=np.float32)
        self._asides = np.asarray(noise / embedder.dimension**0.5, dtype=np.float32)
        self.name = embedder.name
        self.weights_sha256 = embedder.weights_sha256
        self.dimension = embedder.dimension
        self.max_tokens = embedder.max_tokens

    def passages(self, texts: Sequence[str]) -> Vectors:
        # The text under its header, which is one line.
        words = [text.partition("\n")[2] for text in texts]
        return self._imitations.vectors([self._made_after[hash(w)] for w in words], self._random)

    tells_parts = True

    def parted(self, texts: Sequence[str], parts: Sequence[Sequence[Span]]) -> Sequence[Parted]:
        """Each part about as near to the whole as sentences are: as many to read, for little."""
        found: list[Parted] = []
        for whole, own in zip(self.passages(texts), parts, strict=True):
            first = int(self._random.integers(len(self._asides)))
            aside = self._asides[(first + np.arange(len(own))) % len(self._asides)]
            found.append(Parted(whole=whole, parts=np.asarray(whole + aside, dtype=np.float32)))
        return found

    def query(self, text: str) -> Vector:
        return self._embedder.query(text)

    def parted_query(self, text: str, parts: Sequence[Span]) -> Parted:
        reader = part_reader(self._embedder)
        assert reader is not None, f"{self.name} tells no parts"
        return reader.parted_query(text, parts)

    def count_tokens(self, text: str) -> int:
        return self._embedder.count_tokens(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imitated:
    """A corpus made up and indexed."""

    data: Path
    passages: int
    seconds: float
    """Of indexing, writing the documents apart; the vectors cost nothing."""


def imitate(
    originals: Sequence[Original],
    data: Path,
    *,
    passages: int,
    embedder: Embedder,
    engine: Engine,
    progress: Progress = lambda done, total: None,
) -> Imitated:
    """A data directory of so many made-up passages, indexed."""
    imitations = Imitations(originals)
    made_after = imitations.write(Library(data), passages)
    imitating = ImitatingEmbedder(embedder, imitations, made_after)
    begun = time.perf_counter()
    built = build_index(data, embedder=imitating, engine=engine, progress=progress)
    seconds = time.perf_counter() - begun
    return Imitated(data=data, passages=built.passages, seconds=seconds)


def halfway(passages: int) -> date:
    """The day from which on half of so many passages were published."""
    documents = math.ceil(passages / PASSAGES_PER_DOCUMENT)
    return _FIRST_DAY + timedelta(days=documents // 2)


def _dossier(number: int, texts: Sequence[str], like: Sequence[Original]) -> Dossier:
    id = f"made-up-{number:04}"
    text = "\n\n".join(texts)
    spans = tuple(_spans(texts))
    document = Document(
        id=id,
        title=f"Report {number} of the inquiry that was made up",
        source=f"{id}.pdf",
        source_sha256=words_hash(text),
        page_count=len(texts),
        kind=Kind.FINAL_REPORT,
        date=_FIRST_DAY + timedelta(days=number % 10_000),
        edition=Edition.OFFICIAL,
        url=f"https://example.org/{id}.pdf",
    )
    reading = Reading(
        text=text,
        extraction=Extraction.TEXT,
        pages=tuple(_page(at, span) for at, span in enumerate(spans, 1)),
        lines=(),
        paragraphs=(),
        notes=(),
        hidden=(),
    )
    passages = tuple(
        _passage(document, at, span, words=text, section=like[at - at % PER_SECTION].section)
        for at, span in enumerate(spans)
    )
    findings = tuple(
        _finding(passage, found)
        for passage, each in zip(passages, like, strict=True)
        for found in each.findings
    )
    stamp = Stamp(source_sha256=words_hash(text), pipeline=pipeline(), settings={})
    return Dossier(
        document=document, stamp=stamp, reading=reading, passages=passages, findings=findings
    )


def _spans(texts: Sequence[str]) -> Iterator[Span]:
    start = 0
    for text in texts:
        yield Span(start, start + len(text))
        start += len(text) + 2


def _page(number: int, span: Span) -> Page:
    return Page(
        number=number,
        status=PageStatus.TEXT,
        printed=str(number),
        label=None,
        span=span,
        width=595,
        height=842,
    )


def _passage(
    document: Document, at: int, span: Span, *, words: str, section: tuple[str, ...]
) -> Passage:
    return Passage(
        id=f"{document.id}:{at + 1}",
        document=document.id,
        span=span,
        section=section,
        paragraphs=(str(at + 1),),
        page_start=at + 1,
        page_end=at + 1,
        printed_start=str(at + 1),
        printed_end=str(at + 1),
        quote_sha256=words_hash(span.of(words)),
        extraction=Extraction.TEXT,
        hidden_text=False,
    )


def _finding(passage: Passage, like: Finding) -> Finding:
    first = Span(passage.span.start, passage.span.start + 1)
    return Finding(
        passage=passage.id,
        tag=like.tag,
        span=first,
        sentence=passage.span,
        voice=like.voice,
        stance=like.stance,
        confidence=like.confidence,
        rule=like.rule,
    )
