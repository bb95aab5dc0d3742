"""Sources to a searchable corpus: ingest, then index, with progress on stderr."""

import datetime
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import file_digest
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from rich.progress import Progress

from api import terminal, wire
from api.commands import tell
from api.corpus import engine, models
from api.processors import one_thread_for_products
from api.settings import Settings
from api.view import fidelity
from index.build import Built, build_index
from index.embedder import Embedder
from index.export import prepare_embedder
from index.lock import hold
from ingest.build import Method, Outcome, State, build
from ingest.errors import CorpusError, LibraryError, NotBuilt, NotThatDocument
from ingest.findings.learned import bundled_weights, suits
from ingest.findings.taxonomy import bundled_taxonomy
from ingest.library import Library
from ingest.model import AliasStatus, Catalogue, Edition, Published
from ingest.reading.sandbox import read
from ingest.sources.corpus import Corpus, Source, bundled, corpus, digest, official
from ingest.sources.holdings import Holding, Holdings, Origin
from ingest.sources.likeness import differences


class BuiltDocument(BaseModel):
    """What became of one source."""

    model_config = ConfigDict(frozen=True)

    document: str
    edition: Edition
    digest_of: str | None
    """The published document that it is our digest of."""
    source: str
    state: State
    fidelity: wire.Fidelity | None
    ids: dict[AliasStatus, int]
    """Earlier ids by what became of them."""
    error: str | None


class AwaitedDocument(BaseModel):
    """A published document that is not here; our digest of it may be."""

    model_config = ConfigDict(frozen=True)

    document: str
    title: str
    digest: str | None
    landing_page: str | None


class BuiltCorpus(BaseModel):
    """What became of every source, and the index over all documents there are."""

    model_config = ConfigDict(frozen=True)

    documents: list[BuiltDocument]
    left_out: list[str]
    """Files that were not read, and why."""
    awaited: list[AwaitedDocument]
    """Published documents that the corpora's manifests list and that are not here."""
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
    here = list(_here_already(chosen.sources, Library(data)))
    left_out += [f"{source.path}: the same file as {id}, which is here" for source, id in here]
    gone = [*standing, *(source for source, _ in here)]
    chosen = replace(chosen, sources=tuple(s for s in chosen.sources if s not in gone))
    with hold(data):
        for catalogue in chosen.catalogues:
            Library(data).keep_catalogue(catalogue)
        return _built(chosen, settings=settings, data=data, left_out=left_out)


def encoder(settings: Settings, data: Path) -> Embedder:
    """What the tagger asks for vectors; the packaged model is exported where it is not yet.

    Says on stderr where it is not the model that the tagger's weights were learned with.
    """
    embedder = prepare_embedder(settings.model, models(data))
    _say_unsuited(embedder)
    return embedder


def _say_unsuited(embedder: Embedder) -> None:
    learned = bundled_weights().stamp
    if not suits(learned, embedder):
        terminal.notes.print(
            terminal.words(
                f"Findings go by words and rules alone: the tagger learned with "
                f"{learned.embedder.split()[0]}, not {embedder.name}. `make findings` in a "
                "checkout, with another default model, learns again."
            ),
            soft_wrap=True,
        )


def add_file(
    file: Path, *, document_id: str | None, insist: bool = False, settings: Settings, data: Path
) -> BuiltCorpus:
    """Takes one file in; under the id that a manifest gives a document, as its official edition.

    Raises NotThatDocument where the file does not look like it, unless that is insisted on.
    """
    (source,) = corpus([str(file)]).sources
    with hold(data):
        if document_id is not None:
            source = _taken(file, document_id, insist=insist, data=data)
        elif here := list(_here_already([source], Library(data))):
            ((_, id),) = here
            raise CorpusError(
                f"{file} is the file that {id} was read from.",
                remedy="Search it under that id, or `casebook remove` it first.",
            )
        return _built(Corpus(sources=(source,)), settings=settings, data=data)


def remove_document(document_id: str, *, settings: Settings, data: Path) -> Built:
    """Takes a document out and indexes the rest; raises UnknownId or HeldElsewhere.

    What was fetched or added as its official edition is not read again until it is once more.
    """
    with hold(data):
        library = Library(data)
        released = Holdings(data).release(document_id)
        if document_id in library.ids() or not released:
            library.remove(document_id)
        embedder = prepare_embedder(settings.model, models(data))
        with _progress() as progress:
            return _indexed(data, embedder, settings, progress)


def _taken(file: Path, document_id: str, *, insist: bool, data: Path) -> Source:
    """The file, kept and recorded as what a manifest lists, or else simply under the id."""
    for catalogue in _catalogues(data):
        for published in catalogue.documents:
            if published.id == document_id:
                holding, path = _recorded(file, published, insist=insist, data=data)
                source = official(published, path, inquiry=catalogue.inquiry)
                return replace(source, name=holding.name, sha256=holding.sha256)
    return replace(corpus([str(file)]).sources[0], id=document_id)


def _catalogues(data: Path) -> Iterator[Catalogue]:
    """Of the corpora that were built here, then of those that come with the program."""
    yield from Library(data).catalogues()
    for name in bundled():
        yield from corpus([name]).catalogues


def _recorded(
    file: Path, published: Published, *, insist: bool, data: Path
) -> tuple[Holding, Path]:
    reading = read(file)
    with file.open("rb") as opened:
        sha256 = file_digest(opened, "sha256").hexdigest()
    differing = differences(published, reading, sha256)
    if differing and not insist:
        raise NotThatDocument(
            f"{file.name} does not look like {published.id} ({published.title}): "
            f"{'; '.join(differing)}.",
            remedy="Check the file; if it is the document all the same, add --insist.",
        )
    holding = Holding(
        document=published.id,
        sha256=sha256,
        name=file.name,
        origin=Origin.ADDED,
        since=datetime.datetime.now(datetime.UTC).date(),
    )
    holdings = Holdings(data)
    holdings.take(file, holding)
    return holdings.at_hand()[published.id]


def _here_already(sources: Iterable[Source], library: Library) -> Iterator[tuple[Source, str]]:
    """Those whose file was read under another id, which still is here, and that id."""
    names = library.ids()
    here: dict[str, str] = {}
    for name in names:
        with suppress(LibraryError):
            here[library.stored(name).document.source_sha256] = name
    for source in sources:
        known = None if source.id in names else here.get(digest(source.path) or "")
        if known is not None:
            yield source, known


def _stands_officially(source: Source, library: Library) -> bool:
    """Whether a digest would take the place of the published document that was added since."""
    if source.edition is not Edition.DIGEST or source.id not in library.ids():
        return False
    return library.stored(source.id).document.edition is Edition.OFFICIAL


def _built(
    chosen: Corpus, *, settings: Settings, data: Path, left_out: Sequence[str] = ()
) -> BuiltCorpus:
    with _progress() as progress, one_thread_for_products():
        embedder = encoder(settings, data)
        documents = list(_read(chosen.sources, embedder, settings, data, progress))
        here = Library(data).ids()
        if not here:
            raise NotBuilt(
                "Nothing could be read, so there is nothing to index.",
                remedy="Mend or replace the files named above.",
            )
        built = _indexed(data, embedder, settings, progress)
    return BuiltCorpus(
        documents=documents,
        left_out=list(left_out),
        awaited=list(_awaited(chosen.catalogues, here)),
        generation=built.generation,
        passages=built.passages,
        embedded=built.embedded,
    )


def _awaited(catalogues: Iterable[Catalogue], here: Collection[str]) -> Iterator[AwaitedDocument]:
    for catalogue in catalogues:
        for published in catalogue.documents:
            if published.id not in here:
                yield AwaitedDocument(
                    document=published.id,
                    title=published.title,
                    digest=published.digest if published.digest in here else None,
                    landing_page=published.landing_page,
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
        encoder=embedder,
        workers=settings.workers,
    )
    by_id = {source.id: source for source in sources}
    outcomes = build(sources, Library(data), method)
    for outcome in progress.track(outcomes, total=len(sources), description="Reading"):
        if outcome.error:
            tell(outcome.error)
        elif not terminal.notes.is_terminal:
            terminal.notes.print(terminal.words(f"{outcome.document}: read"), soft_wrap=True)
        yield _document(outcome, by_id[outcome.document])


def _document(outcome: Outcome, source: Source) -> BuiltDocument:
    return BuiltDocument(
        document=outcome.document,
        edition=source.edition,
        digest_of=source.digest_of,
        source=source.name or source.path.name,
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
    for awaited in built.awaited:
        terminal.output.print(terminal.words(_line_of_awaited(awaited)), soft_wrap=True)
    said = f"{built.passages} passages indexed, {built.embedded} of them embedded anew"
    terminal.output.print(f"{said} (generation {built.generation})")


def _line_of_awaited(awaited: AwaitedDocument) -> str:
    here = f"only our digest of it, {awaited.digest}" if awaited.digest else "only listed"
    return f"{awaited.document}: {here}"


def _line(document: BuiltDocument) -> str:
    parts = [f"{document.document}: {document.state}", f"{document.edition} edition"]
    if document.fidelity:
        parts += _faithfully(document.fidelity)
    parts += [f"ids {status} {count}" for status, count in document.ids.items()]
    return "; ".join(parts)


def _faithfully(fidelity: wire.Fidelity) -> Iterator[str]:
    pages = ", ".join(f"{count} {status}" for status, count in fidelity.pages.items())
    yield f"pages {pages}" if pages else "no pages"
    yield f"{fidelity.passages} passages" if fidelity.passages else "NOTHING to search in it"
    lost, added = fidelity.words_lost, fidelity.words_added
    yield f"words lost {lost}, added {added} of {fidelity.source_words}"
    yield f"sentences severed {fidelity.sentences_severed} of {fidelity.sentences}"
    yield f"furniture in body {fidelity.furniture_in_body}"
