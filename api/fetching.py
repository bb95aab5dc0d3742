"""The official documents of a corpus, downloaded into the data directory, one after the other."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import file_digest
from pathlib import Path
from shutil import rmtree

from pydantic import BaseModel, ConfigDict
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from api import terminal
from api.commands import tell
from index.durable import as_write_failed
from index.lock import hold
from index.shelf import found
from ingest.errors import CorpusError, FetchError, Unavailable
from ingest.library import Library
from ingest.model import Catalogue, Published
from ingest.sources.corpus import corpus
from ingest.sources.download import Limits, Network, Wanted, download, system_network
from ingest.sources.holdings import Holding, Holdings, Origin


class Fate(StrEnum):
    """What became of a document that was to be fetched."""

    FETCHED = "fetched"
    HERE = "here"
    """It was here already, with the bytes recorded."""
    NO_ADDRESS = "no_address"
    """The manifest knows no file to fetch."""
    FAILED = "failed"


class FetchedDocument(BaseModel):
    """What became of one document."""

    model_config = ConfigDict(frozen=True)

    document: str
    state: Fate
    size: int | None = None
    sha256: str | None = None
    landing_page: str | None = None
    """Where a person can look for it, where it was not fetched."""
    error: str | None = None


class FetchedCorpus(BaseModel):
    """What became of every document asked for."""

    model_config = ConfigDict(frozen=True)

    documents: list[FetchedDocument]

    @property
    def failed(self) -> bool:
        return any(document.state is Fate.FAILED for document in self.documents)

    @property
    def here(self) -> bool:
        return any(document.state in (Fate.FETCHED, Fate.HERE) for document in self.documents)


def fetch_corpus(
    name: str,
    documents: Sequence[str],
    *,
    data: Path,
    network: Network | None = None,
    limits: Limits | None = None,
) -> FetchedCorpus:
    """Downloads the documents named, or all that the manifest has an address for.

    One that cannot be had is told on stderr and among the outcomes; the rest goes on. Raises
    CorpusError for a name without a manifest, UnknownId, HeldElsewhere or WriteFailed.
    """
    catalogue = _catalogue(name)
    chosen = _chosen(catalogue, documents)
    with hold(data), _progress() as progress:
        errand = _Errand(
            data=data,
            hosts=frozenset(catalogue.hosts),
            network=network or system_network(),
            limits=limits or Limits(),
            progress=progress,
        )
        outcomes = [errand.outcome(published, must=bool(documents)) for published in chosen]
    return FetchedCorpus(documents=outcomes)


def print_fetched(fetched: FetchedCorpus, *, name: str) -> None:
    """One line a document, and what to do next."""
    terminal.print_rows(
        (document.document, document.state.replace("_", " "), _detail(document))
        for document in fetched.documents
    )
    if any(document.state is Fate.FETCHED for document in fetched.documents):
        terminal.output.print(terminal.words(f"Run `casebook build {name}` to index them."))


def _detail(document: FetchedDocument) -> str:
    if document.state in (Fate.FETCHED, Fate.HERE):
        size = f"{document.size:,} bytes, " if document.size else ""
        return f"{size}SHA-256 {document.sha256}"
    return f"look at {document.landing_page}" if document.landing_page else ""


def _catalogue(name: str) -> Catalogue:
    for catalogue in corpus([name]).catalogues:
        return catalogue
    raise CorpusError(
        f"{name} has no manifest, so nothing says what to fetch.",
        remedy="Name a bundled corpus, or a folder with a corpus.toml.",
    )


def _chosen(catalogue: Catalogue, documents: Sequence[str]) -> Sequence[Published]:
    listed = {published.id: published for published in catalogue.documents}
    for document in documents:
        found("document", document, listed)
    return [listed[document] for document in dict.fromkeys(documents or listed)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Errand:
    """What fetching takes: where to, where from, how far."""

    data: Path
    hosts: frozenset[str]
    network: Network
    limits: Limits
    progress: Progress

    def outcome(self, published: Published, *, must: bool) -> FetchedDocument:
        """What becomes of the document; where it `must`, having no address is a failure."""
        known = Holdings(self.data).all().get(published.id)
        if known and known.in_use and self._is_kept(known):
            return _outcome(published, Fate.HERE, sha256=known.sha256)
        if published.file_url is None and not must:
            return _outcome(published, Fate.NO_ADDRESS)
        try:
            return self._fetched(published, published.sha256 or (known.sha256 if known else None))
        except FetchError as error:
            tell(error)
            return _outcome(published, Fate.FAILED, error=str(error))

    def _is_kept(self, holding: Holding) -> bool:
        """Whether the bytes recorded are still here."""
        try:
            with Library(self.data).place(holding.sha256, holding.name).open("rb") as file:
                return file_digest(file, "sha256").hexdigest() == holding.sha256
        except OSError:
            return False

    def _fetched(self, published: Published, sha256: str | None) -> FetchedDocument:
        url = published.file_url
        if url is None:
            raise Unavailable(
                f"The manifest knows no file of {published.id} to fetch.",
                remedy=f"Download it from {published.landing_page or 'its publisher'}, "
                f"then run `casebook add FILE --as {published.id}`.",
            )
        folder = self.data / "downloads" / published.id
        task = self.progress.add_task(published.id, total=None)
        with as_write_failed(folder):
            arrived = download(
                Wanted(url=url, hosts=self.hosts, sha256=sha256),
                folder,
                network=self.network,
                limits=self.limits,
                progress=lambda done, total: self.progress.update(
                    task, completed=done, total=total
                ),
            )
        holding = Holding(
            document=published.id,
            sha256=arrived.sha256,
            name=arrived.path.name,
            origin=Origin.FETCHED,
            since=datetime.datetime.now(datetime.UTC).date(),
            url=url,
        )
        Holdings(self.data).take(arrived.path, holding)
        rmtree(folder, ignore_errors=True)
        self.progress.remove_task(task)
        return _outcome(published, Fate.FETCHED, sha256=arrived.sha256, size=arrived.size)


def _outcome(
    published: Published,
    state: Fate,
    *,
    sha256: str | None = None,
    size: int | None = None,
    error: str | None = None,
) -> FetchedDocument:
    return FetchedDocument(
        document=published.id,
        state=state,
        sha256=sha256,
        size=size,
        landing_page=published.landing_page,
        error=error,
    )


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        console=terminal.notes,
        transient=True,
    )
