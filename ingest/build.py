"""From sources to dossiers: the order in which a document becomes evidence.

A source whose bytes, description and pipeline are those of the stored dossier is left alone.
What cannot be read is reported and the rest goes on; a dossier is stored whole or not at all.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import file_digest
from itertools import chain
from pathlib import Path

from ingest.errors import (
    CasebookError,
    DamagedFile,
    LibraryError,
    SourceError,
    UnreadableFile,
)
from ingest.findings.learned import weights_hash
from ingest.findings.tagger import findings, passage_texts
from ingest.findings.taxonomy import bundled_taxonomy
from ingest.identity import reconcile
from ingest.library import Library
from ingest.model import (
    AliasStatus,
    Document,
    Dossier,
    Edition,
    Fidelity,
    Reading,
    Stamp,
)
from ingest.passages import LIMIT, passages
from ingest.pipeline import pipeline
from ingest.reading.fidelity import fidelity
from ingest.reading.sandbox import DEFAULT_LIMITS, Limits, read_all
from ingest.recommendations.duties import duties
from ingest.recommendations.extraction import recommendations
from ingest.recommendations.links import links
from ingest.recommendations.nearby import nearby
from ingest.similarity import Encoder
from ingest.sources.corpus import Source
from ingest.sources.curation import curated
from ingest.standing import imprint


class State(StrEnum):
    UNCHANGED = "unchanged"
    BUILT = "built"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one source."""

    source: Path
    document: str
    """The id it has or would have had."""
    state: State
    fidelity: Fidelity | None = None
    ids: Mapping[AliasStatus, int] = field(default_factory=dict[AliasStatus, int])
    """Earlier ids by what became of them."""
    error: CasebookError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """Everything a dossier depends on besides its source."""

    count_tokens: Callable[[str], int]
    """The embedder's own count."""
    tokenizer: str
    """What the counts come from: the embedder's name and weights hash."""
    encoder: Encoder | None = None
    """What the tagger asks for vectors; without one it goes by words and rules alone."""
    limit: int = LIMIT
    """Tokens of a passage."""
    limits: Limits = DEFAULT_LIMITS
    workers: int = 2

    @property
    def settings(self) -> dict[str, str]:
        return {
            "passage_tokens": str(self.limit),
            "tokenizer": self.tokenizer,
            "taxonomy": bundled_taxonomy().fingerprint(),
            "learned": weights_hash(),
            "vectors": str(self.encoder is not None),
        }


def build(sources: Sequence[Source], library: Library, method: Method) -> Iterator[Outcome]:
    """Stores a dossier for every source that needs one; outcomes as they come about.

    Assumes that the caller holds the data directory. Raises WriteFailed where it cannot store.
    """
    waiting: dict[Path, tuple[Source, Stamp]] = {}
    for source in sources:
        try:
            stamp = _stamp(source, method)
        except SourceError as error:
            yield _failed(source, error)
            continue
        if _is_stored(source, stamp, library):
            yield Outcome(source=source.path, document=source.id, state=State.UNCHANGED)
        else:
            waiting[source.path] = (source, stamp)
    for path, read in read_all(waiting, method.limits, workers=method.workers):
        source, stamp = waiting[path]
        if isinstance(read, SourceError):
            yield _failed(source, read)
        else:
            yield _stored(source, read, stamp, library, method)


def _stamp(source: Source, method: Method) -> Stamp:
    try:
        with source.path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableFile(
            f"it cannot be opened: {error.strerror or error}.",
            remedy="Check the path and its permissions.",
            file=str(source.path),
        ) from error
    if source.sha256 not in (None, digest):
        raise DamagedFile(
            f"its SHA-256 is {digest}, not {source.sha256} as recorded.",
            remedy="Fetch or add the file again, or correct the manifest.",
            file=source.name or str(source.path),
        )
    settings = {**method.settings, "description": source.fingerprint}
    return Stamp(source_sha256=digest, pipeline=pipeline(), settings=settings)


def _is_stored(source: Source, stamp: Stamp, library: Library) -> bool:
    with suppress(LibraryError):
        return source.id in library.ids() and library.stored(source.id).stamp == stamp
    return False


def _failed(source: Source, error: CasebookError) -> Outcome:
    return Outcome(source=source.path, document=source.id, state=State.FAILED, error=error)


def _stored(
    source: Source, reading: Reading, stamp: Stamp, library: Library, method: Method
) -> Outcome:
    """Derives the dossier and stores it.

    An earlier dossier that is damaged is not written over: it alone knows which ids were issued.
    """
    document = source.document(reading, stamp.source_sha256)
    try:
        previous = library.dossier(document.id) if document.id in library.ids() else None
    except LibraryError as error:
        return _failed(source, error)
    derived = derive(document, reading, stamp, method=method, previous=previous)
    dossier, ids = _with_duties(curated(derived[0], source.curation)), derived[1]
    library.keep_source(source.path)
    library.write(dossier)
    return Outcome(
        source=source.path,
        document=document.id,
        state=State.BUILT,
        fidelity=dossier.fidelity,
        ids=ids,
    )


def _with_duties(dossier: Dossier) -> Dossier:
    """With what each recommendation asks for, part by part; a digest's words are not its own."""
    if dossier.document.edition is Edition.DIGEST:
        return dossier
    text = dossier.reading.text
    found = [duty for each in dossier.recommendations for duty in duties(each, text)]
    return replace(dossier, duties=tuple(found))


def derive(
    document: Document,
    reading: Reading,
    stamp: Stamp,
    *,
    method: Method,
    previous: Dossier | None = None,
) -> tuple[Dossier, Mapping[AliasStatus, int]]:
    """Everything that follows from a reading, and what became of earlier ids."""
    cut = passages(document.id, reading, count_tokens=method.count_tokens, limit=method.limit)
    named = reconcile(previous, reading, cut)
    # A digest's account of a recommendation is not the recommendation.
    is_digest = document.edition is Edition.DIGEST
    formal = () if is_digest else recommendations(document, reading)
    texts = passage_texts(reading.text, named.passages, reading.paragraphs, kind=document.kind)
    of_itself = imprint(document, reading.text, named.passages)
    found = chain.from_iterable(findings(texts, method.encoder))
    return Dossier(
        document=document,
        stamp=stamp,
        reading=reading,
        passages=named.passages,
        findings=tuple(each for each in found if each.passage not in of_itself),
        recommendations=formal,
        links=(*links(formal, named.passages, reading), *nearby(formal, named.passages)),
        aliases=named.aliases,
        fidelity=fidelity(reading, named.passages),
    ), named.counts
