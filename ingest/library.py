"""The documents of a data directory: read part by part, written whole or not at all.

A document is a folder of JSON Lines. It is written under a temporary name beside its place and
renamed into it, so that a reader finds the old folder or the new one. The names that begin with
a dot are the steps of that exchange; `tidy` finishes or undoes whatever a killed writer left.
Writing assumes that the caller holds the data directory's lock; reading needs none.
"""

import os
import re
import shutil
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import file_digest, sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TypeVar

from pydantic import ValidationError

from ingest.errors import (
    CorpusError,
    DamagedData,
    StaleData,
    UnknownId,
    UnreadableFile,
    WriteFailed,
)
from ingest.model import (
    Alias,
    Catalogue,
    Document,
    Dossier,
    Duty,
    Extraction,
    Fidelity,
    Finding,
    HiddenText,
    Line,
    Lineage,
    Link,
    Note,
    Page,
    Paragraph,
    Passage,
    Pointer,
    Reading,
    Recommendation,
    Response,
    Stamp,
    StatusEvent,
)
from ingest.nearest import remedy
from ingest.schema import schema

FORMAT = 1
"""Version of the files' layout; a folder of another version is stale."""

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_HEADER = "document.json"
_T = TypeVar("_T")


def is_document_id(text: str) -> bool:
    """Whether it is a safe slug: lower-case letters, digits and hyphens, at most 80 of them."""
    return _SLUG.fullmatch(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Format:
    format: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    """What `document.json` holds: everything that is not a list, and each file's SHA-256."""

    format: int
    document: Document
    stamp: Stamp
    extraction: Extraction
    title: str | None
    furniture: tuple[str, ...]
    sha256: dict[str, str]


class StoredDossier:
    """A document as it lies on disk; each part is read, and its hash checked, when first asked for.

    Any part raises DamagedData where it does not match its hash, and StaleData where the
    document was rebuilt after this object was made.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._header = _read_header(folder)

    @property
    def document(self) -> Document:
        return self._header.document

    @property
    def stamp(self) -> Stamp:
        return self._header.stamp

    @cached_property
    def text(self) -> str:
        """The canonical text."""
        return self._bytes("text.txt").decode("utf-8")

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        return self._records("pages.jsonl", Page)

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        return self._records("paragraphs.jsonl", Paragraph)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        return self._records("passages.jsonl", Passage)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        return self._records("findings.jsonl", Finding)

    @cached_property
    def recommendations(self) -> tuple[Recommendation, ...]:
        return self._records("recommendations.jsonl", Recommendation)

    @cached_property
    def duties(self) -> tuple[Duty, ...]:
        return self._records("duties.jsonl", Duty)

    @cached_property
    def responses(self) -> tuple[Response, ...]:
        return self._records("responses.jsonl", Response)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        return self._records("links.jsonl", Link)

    @cached_property
    def pointers(self) -> tuple[Pointer, ...]:
        return self._records("pointers.jsonl", Pointer)

    @cached_property
    def lineage(self) -> tuple[Lineage, ...]:
        return self._records("lineage.jsonl", Lineage)

    @cached_property
    def events(self) -> tuple[StatusEvent, ...]:
        return self._records("events.jsonl", StatusEvent)

    @cached_property
    def aliases(self) -> tuple[Alias, ...]:
        return self._records("aliases.jsonl", Alias)

    @cached_property
    def fidelity(self) -> Fidelity | None:
        return self._record("fidelity.json", Fidelity)

    @cached_property
    def reading(self) -> Reading:
        return Reading(
            text=self.text,
            extraction=self._header.extraction,
            pages=self.pages,
            lines=self._records("lines.jsonl", Line),
            paragraphs=self.paragraphs,
            notes=self._records("notes.jsonl", Note),
            hidden=self._records("hidden.jsonl", HiddenText),
            title=self._header.title,
            furniture=self._header.furniture,
        )

    def whole(self) -> Dossier:
        """Every part at once."""
        return Dossier(
            document=self.document,
            stamp=self.stamp,
            reading=self.reading,
            passages=self.passages,
            findings=self.findings,
            recommendations=self.recommendations,
            duties=self.duties,
            responses=self.responses,
            links=self.links,
            pointers=self.pointers,
            lineage=self.lineage,
            events=self.events,
            aliases=self.aliases,
            fidelity=self.fidelity,
        )

    def check(self) -> None:
        """Reads every file; raises DamagedData at the first that does not match its hash."""
        for name in self._header.sha256:
            self._bytes(name)

    def _records(self, name: str, kind: type[_T]) -> tuple[_T, ...]:
        adapter = schema(kind)
        lines = self._bytes(name).split(b"\n")
        try:
            return tuple(adapter.validate_json(line) for line in lines if line)
        except ValidationError as error:
            raise _damaged(self._folder / name) from error

    def _record(self, name: str, kind: type[_T]) -> _T | None:
        records = self._records(name, kind)
        return records[0] if records else None

    def _bytes(self, name: str) -> bytes:
        try:
            content = (self._folder / name).read_bytes()
        except FileNotFoundError:
            content = b""
        if sha256(content).hexdigest() != self._header.sha256.get(name):
            self._refuse_if_rebuilt()
            raise _damaged(self._folder / name)
        return content

    def _refuse_if_rebuilt(self) -> None:
        """A mismatch is no damage where the whole folder has been exchanged meanwhile."""
        with suppress(FileNotFoundError):
            if _read_header(self._folder) == self._header:
                return
        raise StaleData(
            f"Document {self.document.id} was rebuilt while it was being read.",
            remedy="Ask again.",
        )


class Library:
    """The documents under `root`, which need not exist before the first is written."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._documents = root / "documents"
        self._sources = root / "sources"
        self._catalogues = root / "catalogues"

    def ids(self) -> tuple[str, ...]:
        """Ids of all documents, sorted."""
        names = _names(self._documents)
        aside = {name[1 : -len(".old")] for name in names if name.endswith(".old")}
        return tuple(sorted(name for name in names | aside if is_document_id(name)))

    def documents(self) -> tuple[Document, ...]:
        """All documents, sorted by id."""
        return tuple(self.stored(document_id).document for document_id in self.ids())

    def stored(self, document_id: str) -> StoredDossier:
        """One document, its parts not yet read; raises UnknownId, DamagedData or StaleData."""
        if is_document_id(document_id):
            steps = _Steps.of(self._documents, document_id)
            # The place is empty for a moment while a writer exchanges the folders.
            for folder in (steps.place, steps.old, steps.place):
                with suppress(FileNotFoundError):
                    return StoredDossier(folder)
            if steps.place.exists():
                raise _damaged(steps.place / _HEADER)
        raise _unknown("document", document_id, known=self.ids())

    def dossier(self, document_id: str) -> Dossier:
        """One document with everything derived from it; raises as `stored` does."""
        return self.stored(document_id).whole()

    def resolve(self, passage_id: str) -> Alias:
        """What became of a passage id, present or past; raises UnknownId if never issued."""
        aliases = self.stored(passage_id.partition(":")[0]).aliases
        for alias in aliases:
            if alias.id == passage_id:
                return alias
        raise _unknown("passage", passage_id, known=[alias.id for alias in aliases])

    def catalogues(self) -> tuple[Catalogue, ...]:
        """What manifests said of the corpora they describe, sorted by id; raises DamagedData."""
        names = sorted(name for name in _names(self._catalogues) if name.endswith(".json"))
        return tuple(_read_catalogue(self._catalogues / name) for name in names)

    def keep_catalogue(self, catalogue: Catalogue) -> None:
        """Takes the place of what was said of the corpus before; raises WriteFailed."""
        content = schema(Catalogue).dump_json(catalogue, indent=1) + b"\n"
        write_durably(self._catalogues / f"{catalogue.id}.json", content, mode=0o644)

    def source(self, document: Document) -> Path:
        """Where the document's bytes are kept; raises DamagedData if they are not there."""
        path = self.place(document.source_sha256, document.source)
        if not path.is_file():
            raise DamagedData(
                f"{path} is missing: the bytes {document.id} was read from.",
                remedy="Build the document again from its source.",
            )
        return path

    def place(self, digest: str, name: str) -> Path:
        """Where the bytes of a file of this name are kept, or would be."""
        return self._sources / _source_name(digest, name)

    def keep_source(self, path: Path) -> str:
        """SHA-256 of the file, after its bytes are kept read-only; raises UnreadableFile."""
        try:
            source = path.open("rb")
        except OSError as error:
            raise UnreadableFile(
                f"cannot be opened ({error.strerror}).",
                remedy="Check that it is a file and that it may be read.",
                file=path.name,
            ) from error
        with source:
            digest = file_digest(source, "sha256").hexdigest()
            source.seek(0)
            kept = self._sources / _source_name(digest, path.name)
            if not _has_digest(kept, digest):
                write_durably(kept, source.read(), mode=0o444)
        return digest

    def write(self, dossier: Dossier) -> None:
        """Puts the document in place of what had its id; raises WriteFailed with that standing."""
        document_id = dossier.document.id
        if not is_document_id(document_id):
            raise CorpusError(
                f"{document_id!r} is not a document id.",
                remedy="Use lower-case letters, digits and hyphens, at most 80 of them.",
            )
        steps = _Steps.of(self._documents, document_id)
        with _as_write_failed(steps.place):
            try:
                self._documents.mkdir(parents=True, exist_ok=True)
                _sync_folder(self.root)
                self.tidy()
                _write_folder(steps.new, _files(dossier))
                steps.exchange()
            except OSError:
                with suppress(OSError):
                    self.tidy()
                raise

    def remove(self, document_id: str) -> None:
        """Takes the document out, with its aliases; raises UnknownId."""
        self.stored(document_id)
        steps = _Steps.of(self._documents, document_id)
        with _as_write_failed(steps.place):
            self.tidy()
            steps.place.rename(steps.gone)
            _sync_folder(self._documents)
        shutil.rmtree(steps.gone, ignore_errors=True)

    def tidy(self) -> None:
        """Undoes or finishes what a killed writer left; only for whoever holds the lock."""
        for name in sorted(_names(self._documents)):
            document_id = name[1:].rpartition(".")[0]
            if name.startswith(".") and is_document_id(document_id):
                _Steps.of(self._documents, document_id).settle()
        for folder in (self._sources, self._catalogues):
            for name in _names(folder):
                if name.startswith("."):
                    (folder / name).unlink(missing_ok=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Steps:
    """The four names of a document's folder while it is being exchanged."""

    place: Path
    new: Path
    old: Path
    gone: Path

    @classmethod
    def of(cls, folder: Path, document_id: str) -> "_Steps":
        return cls(
            place=folder / document_id,
            new=folder / f".{document_id}.new",
            old=folder / f".{document_id}.old",
            gone=folder / f".{document_id}.gone",
        )

    def exchange(self) -> None:
        """The new folder takes the place; a reader that comes between finds the old one aside."""
        if self.place.exists():
            self.place.rename(self.old)
        self.new.rename(self.place)
        _sync_folder(self.place.parent)
        shutil.rmtree(self.old, ignore_errors=True)

    def settle(self) -> None:
        """After a kill: the old folder returns if nothing took its place; the rest goes."""
        if self.old.exists() and not self.place.exists():
            self.old.rename(self.place)
        for leftover in (self.new, self.old, self.gone):
            shutil.rmtree(leftover, ignore_errors=True)


def _files(dossier: Dossier) -> dict[str, bytes]:
    """Every file of the document's folder; the header comes last, with the hashes of the rest."""
    reading = dossier.reading
    files = {
        "text.txt": reading.text.encode("utf-8"),
        "pages.jsonl": _json_lines(reading.pages, Page),
        "lines.jsonl": _json_lines(reading.lines, Line),
        "paragraphs.jsonl": _json_lines(reading.paragraphs, Paragraph),
        "notes.jsonl": _json_lines(reading.notes, Note),
        "hidden.jsonl": _json_lines(reading.hidden, HiddenText),
        "passages.jsonl": _json_lines(dossier.passages, Passage),
        "findings.jsonl": _json_lines(dossier.findings, Finding),
        "recommendations.jsonl": _json_lines(dossier.recommendations, Recommendation),
        "duties.jsonl": _json_lines(dossier.duties, Duty),
        "responses.jsonl": _json_lines(dossier.responses, Response),
        "links.jsonl": _json_lines(dossier.links, Link),
        "pointers.jsonl": _json_lines(dossier.pointers, Pointer),
        "lineage.jsonl": _json_lines(dossier.lineage, Lineage),
        "events.jsonl": _json_lines(dossier.events, StatusEvent),
        "aliases.jsonl": _json_lines(dossier.aliases, Alias),
        "fidelity.json": _json_lines([dossier.fidelity] if dossier.fidelity else [], Fidelity),
    }
    return files | {_HEADER: _header(dossier, files)}


def _header(dossier: Dossier, files: Mapping[str, bytes]) -> bytes:
    header = _Header(
        format=FORMAT,
        document=dossier.document,
        stamp=dossier.stamp,
        extraction=dossier.reading.extraction,
        title=dossier.reading.title,
        furniture=dossier.reading.furniture,
        sha256={name: sha256(content).hexdigest() for name, content in files.items()},
    )
    return schema(_Header).dump_json(header, indent=1) + b"\n"


def _read_header(folder: Path) -> _Header:
    """What `document.json` says; raises FileNotFoundError where there is none."""
    content = (folder / _HEADER).read_bytes()
    try:
        found = schema(_Format).validate_json(content).format
        if found != FORMAT:
            raise StaleData(
                f"{folder} has format {found}; this version reads format {FORMAT}.",
                remedy="Run `casebook build` on its corpus again.",
            )
        return schema(_Header).validate_json(content)
    except ValidationError as error:
        raise _damaged(folder / _HEADER) from error


def _read_catalogue(path: Path) -> Catalogue:
    try:
        return schema(Catalogue).validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise DamagedData(
            f"{path} cannot be read.", remedy="Run `casebook build` on its corpus again."
        ) from error


def _json_lines(records: Iterable[_T], kind: type[_T]) -> bytes:
    adapter = schema(kind)
    return b"".join(adapter.dump_json(record) + b"\n" for record in records)


def _write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir()
    for name, content in files.items():
        with (folder / name).open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    _sync_folder(folder)


def write_durably(path: Path, content: bytes, *, mode: int) -> None:
    """The file holds the content, or what it held before; raises WriteFailed."""
    with _as_write_failed(path):
        _replace(path, content, mode=mode)


def _replace(path: Path, content: bytes, *, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            temporary.chmod(mode)
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _as_write_failed(path: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise WriteFailed(
            f"{path} could not be written ({error.strerror}); what was there before still stands.",
            remedy="Make room or get permission there, then run the command again.",
        ) from error


def _names(folder: Path) -> set[str]:
    try:
        return {path.name for path in folder.iterdir()}
    except FileNotFoundError:
        return set()


def _source_name(digest: str, name: str) -> str:
    suffix = Path(name).suffix.lower()
    return digest + (suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else "")


def _has_digest(path: Path, digest: str) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest() == digest


def _damaged(path: Path) -> DamagedData:
    return DamagedData(
        f"{path} is missing or does not match the hash it was stored with.",
        remedy="Run `casebook doctor` to see what else is damaged, then `casebook build` again.",
    )


def _unknown(noun: str, identifier: str, *, known: Iterable[str]) -> UnknownId:
    said = f"There is no {noun} {identifier!r}."
    return UnknownId(said, remedy=remedy(noun, identifier, known))
