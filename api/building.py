"""Sources to a searchable corpus: ingest, then index, with progress on stderr."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from rich.progress import Progress

from api import terminal, wire
from api.commands import tell
from api.corpus import engine, models
from api.settings import Settings
from api.view import fidelity
from index.build import Built, build_index
from index.embedder import Embedder
from index.export import prepare_embedder
from index.lock import hold
from ingest.build import Method, Outcome, State, build
from ingest.corpus import Source, bundled, corpus, official
from ingest.errors import NotBuilt
from ingest.holdings import Holdings
from ingest.library import Library
from ingest.model import AliasStatus, Edition
from ingest.taxonomy import bundled_taxonomy


class BuiltDocument(BaseModel):
    """What became of one source."""

    model_config = ConfigDict(frozen=True)

    document: str
    source: str
    state: State
    fidelity: wire.Fidelity | None
    ids: dict[AliasStatus, int]
    """Earlier ids by what became of them."""
    error: str | None


class BuiltCorpus(BaseModel):
    """What became of every source, and the index over all documents there are."""

    model_config = ConfigDict(frozen=True)

    documents: list[BuiltDocument]
    left_out: list[str]
    """Files that were not read, and why."""
    generation: str
    passages: int
    embedded: int

    @property
    def failed(self) -> bool:
        return any(document.state is State.FAILED for document in self.documents)

    @property
    def all_failed(self) -> bool:
        return all(document.state is State.FAILED for document in self.documents)


def build_casebook(names: Sequence[str], *, settings: Settings, data: Path) -> BuiltCorpus:
    """Reads and indexes corpora by name, folders and files; a document that cannot be read is
    told on stderr and among the outcomes. Raises CorpusError, HeldElsewhere or WriteFailed."""
    chosen = corpus(names, Holdings(data).at_hand())
    standing = [source for source in chosen.sources if _stands_officially(source, Library(data))]
    left_out = [f"{each.path}: the same file as {each.of}" for each in chosen.duplicates]
    left_out += [f"{each.path}: the official edition of {each.id} is here" for each in standing]
    sources = [source for source in chosen.sources if source not in standing]
    return _built(sources, settings=settings, data=data, left_out=left_out)


def add_file(file: Path, *, document_id: str | None, settings: Settings, data: Path) -> BuiltCorpus:
    """Takes one file in, as the official edition of what a manifest describes under the id."""
    (source,) = corpus([str(file)]).sources
    if document_id is not None:
        source = _described(document_id, source)
    return _built([source], settings=settings, data=data)


def remove_document(document_id: str, *, settings: Settings, data: Path) -> Built:
    """Takes a document out and indexes the rest; raises UnknownId or HeldElsewhere."""
    with hold(data):
        Library(data).remove(document_id)
        embedder = prepare_embedder(settings.model, models(data))
        with _progress() as progress:
            return _indexed(data, embedder, settings, progress)


def _described(document_id: str, file: Source) -> Source:
    catalogues = (catalogue for name in bundled() for catalogue in corpus([name]).catalogues)
    for catalogue in catalogues:
        for published in catalogue.documents:
            if published.id == document_id:
                return official(published, file.path, inquiry=catalogue.inquiry)
    return replace(file, id=document_id)


def _stands_officially(source: Source, library: Library) -> bool:
    """Whether a digest would take the place of the published document that was added since."""
    if source.edition is not Edition.DIGEST or source.id not in library.ids():
        return False
    return library.stored(source.id).document.edition is Edition.OFFICIAL


def _built(
    sources: Sequence[Source], *, settings: Settings, data: Path, left_out: Sequence[str] = ()
) -> BuiltCorpus:
    with hold(data), _progress() as progress:
        embedder = prepare_embedder(settings.model, models(data))
        documents = list(_read(sources, embedder, settings, data, progress))
        if not Library(data).ids():
            raise NotBuilt(
                "Nothing could be read, so there is nothing to index.",
                remedy="Mend or replace the files named above.",
            )
        built = _indexed(data, embedder, settings, progress)
    return BuiltCorpus(
        documents=documents,
        left_out=list(left_out),
        generation=built.generation,
        passages=built.passages,
        embedded=built.embedded,
    )


def _read(
    sources: Sequence[Source],
    embedder: Embedder,
    settings: Settings,
    data: Path,
    progress: Progress,
) -> Iterator[BuiltDocument]:
    method = Method(
        count_tokens=embedder.count_tokens,
        tokenizer=f"{embedder.name} {embedder.weights_sha256}",
        workers=settings.workers,
    )
    outcomes = build(sources, Library(data), method)
    for outcome in progress.track(outcomes, total=len(sources), description="Reading"):
        if outcome.error:
            tell(outcome.error)
        yield _document(outcome)


def _document(outcome: Outcome) -> BuiltDocument:
    return BuiltDocument(
        document=outcome.document,
        source=outcome.source.name,
        state=outcome.state,
        fidelity=fidelity(outcome.fidelity) if outcome.fidelity else None,
        ids=dict(outcome.ids),
        error=str(outcome.error) if outcome.error else None,
    )


def _indexed(data: Path, embedder: Embedder, settings: Settings, progress: Progress) -> Built:
    task = progress.add_task("Embedding", total=None)
    return build_index(
        data,
        embedder=embedder,
        engine=engine(settings),
        tags=[tag.id for tag in bundled_taxonomy().tags],
        progress=lambda done, total: progress.update(task, completed=done, total=total),
    )


def _progress() -> Progress:
    return Progress(console=terminal.notes, transient=True)


def print_built(built: BuiltCorpus) -> None:
    """One line a document, what was left out, and the index."""
    for document in built.documents:
        if document.state is not State.FAILED:
            terminal.output.print(terminal.words(_line(document)), soft_wrap=True)
    for reason in built.left_out:
        terminal.output.print(terminal.words(f"left out {reason}"), soft_wrap=True)
    said = f"{built.passages} passages indexed, {built.embedded} of them embedded anew"
    terminal.output.print(f"{said} (generation {built.generation})")


def _line(document: BuiltDocument) -> str:
    parts = [f"{document.document}: {document.state}"]
    if document.fidelity:
        parts += _faithfully(document.fidelity)
    parts += [f"ids {status} {count}" for status, count in document.ids.items()]
    return "; ".join(parts)


def _faithfully(fidelity: wire.Fidelity) -> Iterator[str]:
    pages = ", ".join(f"{count} {status}" for status, count in fidelity.pages.items())
    yield f"pages {pages}" if pages else "no pages"
    yield f"{fidelity.passages} passages"
    lost, added = fidelity.words_lost, fidelity.words_added
    yield f"words lost {lost}, added {added} of {fidelity.source_words}"
    yield f"sentences severed {fidelity.sentences_severed} of {fidelity.sentences}"
    yield f"furniture in body {fidelity.furniture_in_body}"
