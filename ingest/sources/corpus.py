"""What to read: a bundled corpus by name, a folder, or files; and what a manifest says of each.

A corpus is a folder with documents and, optionally, a `corpus.toml` that describes them. Files
that it does not describe are read all the same, under an id made from their name, unless it says
that it lists everything.

A published document has the id that the manifest gives it, our digest of it that id with
`-digest` behind: two documents, so that the digest's passages keep their ids when the published
words arrive.
"""

import datetime
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import file_digest
from importlib.resources import files
from pathlib import Path

from pydantic import TypeAdapter

from ingest.errors import CorpusError
from ingest.library import is_document_id
from ingest.model import Catalogue, Document, Edition, Kind, Published, Reading, words_hash
from ingest.reading.fileformat import SUFFIXES
from ingest.sources.curation import Curation, curations
from ingest.sources.glossary import glossary
from ingest.sources.holdings import Holding
from ingest.sources.manifest import MANIFEST, Entry, Manifest, Shared, manifest

Held = Mapping[str, tuple[Holding, Path]]
"""Documents that were fetched or added, each with its file."""

_DIGEST = "-digest"
"""Behind the id of a published document, the id of our digest of it."""
_RESPONSE = re.compile(
    r"\bgovernment(?:['’]s)? response\b"
    # Within one line: a cover's "Police response to the disorder" stands over "Second Report".
    r"|\bresponse (?:of .{1,80} )?to [^.\n]{0,120}\b(?:report|inquiry|review|recommendations)\b",
    re.I,
)
_OPENING = 400
"""Characters of a text in which it says what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file to read and what is known of it beforehand; None where the file itself must tell."""

    path: Path
    id: str
    name: str | None = None
    """The file's own name, where it is kept under another."""
    sha256: str | None = None
    """Its bytes, where it is known which they must be."""
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    date: datetime.date | None = None
    dated: str | None = None
    kind: Kind | None = None
    paper_number: str | None = None
    edition: Edition = Edition.OFFICIAL
    digest_of: str | None = None
    url: str | None = None
    licence: str | None = None
    attribution: str | None = None
    responds_to: str | None = None
    inquiry: str | None = None
    curation: Curation = field(default_factory=Curation)
    """What the corpus says by hand of its recommendations."""

    @property
    def fingerprint(self) -> str:
        """Changes when anything said of the file does, its name included; not with its folder."""
        described = replace(self, path=Path(self.path.name))
        return words_hash(TypeAdapter(Source).dump_json(described).decode())

    def document(self, reading: Reading, source_sha256: str) -> Document:
        """The document that the file turned out to be."""
        title = self.title or reading.title or self.path.stem
        return Document(
            id=self.id,
            title=title,
            source=self.name or self.path.name,
            source_sha256=source_sha256,
            page_count=len(reading.pages),
            author=self.author,
            publisher=self.publisher,
            date=self.date,
            dated=self.dated,
            kind=self.kind or _kind(title, reading.text),
            paper_number=self.paper_number,
            edition=self.edition,
            digest_of=self.digest_of,
            url=self.url,
            licence=self.licence,
            attribution=self.attribution,
            responds_to=self.responds_to,
            inquiry=self.inquiry,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """A file left out because another has the same bytes."""

    path: Path
    of: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Everything to read, each document once."""

    sources: tuple[Source, ...]
    duplicates: tuple[Duplicate, ...] = ()
    catalogues: tuple[Catalogue, ...] = ()
    """What the manifests among them say of each corpus."""


def bundled() -> tuple[str, ...]:
    """Names of the corpora that come with the program."""
    return tuple(sorted(path.parent.name for path in _bundle().glob(f"*/{MANIFEST}")))


def corpus(names: Iterable[str], held: Held | None = None) -> Corpus:
    """The documents of bundled corpora, folders and files, in the order given, each once.

    What was fetched or added is `held`; it is read where a manifest lists the document.
    Raises CorpusError for an unknown name, a faulty manifest, and two documents of one id. A
    file that cannot be opened is among the sources: reading it tells what is wrong with it.
    """
    found = [_named(name, held or {}) for name in names]
    sources, duplicates = _without_duplicates(source for each in found for source in each.sources)
    _refuse_same_id(sources)
    return Corpus(
        sources=tuple(sources),
        duplicates=tuple(duplicates),
        catalogues=tuple(dict.fromkeys(c for each in found for c in each.catalogues)),
    )


def digest_id(document_id: str) -> str:
    """Id of our digest of the document."""
    return f"{document_id}{_DIGEST}"


def _bundle() -> Path:
    return Path(str(files("corpora")))


def _named(name: str, held: Held) -> Corpus:
    if name in bundled():
        return _folder(_bundle() / name, held)
    path = Path(name)
    if path.is_dir():
        return _folder(path, held)
    if path.suffix or len(path.parts) > 1 or path.exists():
        return Corpus(sources=(Source(path=path, id=_slug(path.stem)),))
    raise CorpusError(
        f"There is no corpus, folder or file {name!r}.",
        remedy=f"Name a bundled corpus ({', '.join(bundled())}), a folder, or files.",
    )


def _folder(folder: Path, held: Held) -> Corpus:
    """What the manifest describes, in its order, then every other file that can be read."""
    path = folder / MANIFEST
    written = manifest(path) if path.is_file() else None
    described = tuple(_described(written, held)) if written else ()
    whole = written is not None and written.shared.only_listed
    others = () if whole else tuple(_others(folder, {source.path for source in described}))
    if not (described or others or (written and written.entries)):
        raise CorpusError(
            f"{folder} holds nothing to read.",
            remedy=f"Put documents into it ({', '.join(SUFFIXES)}).",
        )
    catalogues = (_catalogue(written),) if written else ()
    return Corpus(sources=(*described, *others), catalogues=catalogues)


def _described(written: Manifest, held: Held) -> Iterator[Source]:
    """Each source with what is said by hand of the published document, whichever edition it is."""
    by_hand = curations(written.path.parent)
    for source in _sources(written, held):
        yield replace(source, curation=by_hand.get(source.digest_of or source.id, Curation()))


def _others(folder: Path, listed: Collection[Path]) -> Iterator[Source]:
    for file in sorted(folder.rglob("*")):
        if (
            file.suffix.lower() in SUFFIXES
            and file.is_file()
            and file.resolve() not in listed
            and not any(part.startswith(".") for part in file.relative_to(folder).parts)
        ):
            yield Source(path=file, id=_slug(file.stem))


def _sources(written: Manifest, held: Held) -> Iterator[Source]:
    """Of each document its own words, from the corpus's folder or as fetched; then our digest."""
    for entry in written.entries:
        published = _published(written, entry)
        inquiry = entry.inquiry or written.shared.inquiry
        if entry.file:
            source = official(published, _inside(written.path, entry, entry.file), inquiry=inquiry)
            edition = entry.edition or written.shared.edition or Edition.OFFICIAL
            yield replace(source, title=entry.title, edition=edition)
        elif published.id in held:
            holding, path = held[published.id]
            source = official(published, path, inquiry=inquiry)
            yield replace(source, name=holding.name, sha256=holding.sha256)
        if entry.digest:
            path = _inside(written.path, entry, entry.digest)
            yield _as_digest(official(published, path, inquiry=inquiry), published, written.shared)


def official(published: Published, path: Path, *, inquiry: str | None) -> Source:
    """The file as what the manifest lists."""
    return Source(
        path=path,
        id=published.id,
        sha256=published.sha256,
        title=published.title,
        author=published.author,
        publisher=published.publisher,
        date=published.date,
        dated=published.dated,
        kind=published.kind,
        paper_number=published.paper_number,
        url=published.file_url or published.landing_page,
        licence=published.licence,
        attribution=published.attribution,
        responds_to=published.responds_to,
        inquiry=inquiry,
    )


def _as_digest(source: Source, published: Published, shared: Shared) -> Source:
    return replace(
        source,
        id=digest_id(published.id),
        sha256=None,
        edition=Edition.DIGEST,
        digest_of=published.id,
        url=published.landing_page or published.file_url,
        licence=shared.digest_licence,
        attribution=shared.digest_attribution,
    )


def _catalogue(written: Manifest) -> Catalogue:
    shared = written.shared
    return Catalogue(
        id=shared.inquiry or _slug(written.path.parent.name),
        name=shared.name,
        inquiry=shared.inquiry,
        content_note=shared.content_note,
        corrections=shared.corrections,
        hosts=shared.hosts,
        documents=tuple(
            _published(written, entry)
            for entry in written.entries
            if (entry.edition or shared.edition) is not Edition.DIGEST
        ),
        not_part=written.not_part,
        glossary=glossary(written.path.parent),
    )


def _published(written: Manifest, entry: Entry) -> Published:
    shared = written.shared
    id = entry.id or _slug(entry.paper_number or Path(entry.file or "").stem)
    return Published(
        id=id,
        title=entry.title or Path(entry.file or "").stem,
        author=entry.author or shared.author,
        publisher=entry.publisher or shared.publisher,
        date=entry.date,
        dated=entry.dated,
        kind=entry.kind,
        paper_number=entry.paper_number,
        pages=entry.pages,
        landing_page=entry.landing_page or entry.url,
        file_url=entry.file_url,
        sha256=entry.sha256,
        licence=entry.licence or shared.licence,
        attribution=entry.attribution or shared.attribution,
        relation=entry.relation,
        standing=entry.standing,
        note=entry.note,
        responds_to=entry.responds_to,
        digest=digest_id(id) if entry.digest else None,
    )


def _inside(manifest: Path, entry: Entry, name: str) -> Path:
    """The file, which must lie in the manifest's own folder."""
    folder = manifest.parent.resolve()
    try:
        path = (folder / name).resolve()
    except (OSError, ValueError) as error:
        raise _bad_file(manifest, entry, f"{name!r}: {error}") from error
    if not path.is_relative_to(folder):
        raise _bad_file(manifest, entry, f"{name!r}: it lies outside the corpus's folder")
    if not path.is_file():
        raise _bad_file(manifest, entry, f"{name!r}: there is no such file")
    return path


def _bad_file(manifest: Path, entry: Entry, reason: str) -> CorpusError:
    return CorpusError(
        f"{manifest}: document {entry.name}, file {reason}.",
        remedy="Name a file in the same folder, or take the entry out.",
    )


def _without_duplicates(found: Iterable[Source]) -> tuple[list[Source], list[Duplicate]]:
    """A file given twice is one source; another file of the same bytes is a duplicate."""
    first: dict[str, Source] = {}
    sources: list[Source] = []
    duplicates: list[Duplicate] = []
    for source in found:
        sha256 = digest(source.path)
        known = first.setdefault(sha256, source) if sha256 else source
        if known is source:
            sources.append(source)
        elif known.path.resolve() != source.path.resolve():
            duplicates.append(Duplicate(path=source.path, of=known.path))
    return sources, duplicates


def digest(path: Path) -> str | None:
    """SHA-256 of a file; None where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None


def _refuse_same_id(sources: Iterable[Source]) -> None:
    by_id: dict[str, Source] = {}
    for source in sources:
        other = by_id.setdefault(source.id, source)
        if other is not source:
            raise CorpusError(
                f"{source.path} and {other.path} both have the id {source.id!r}.",
                remedy=f"Give them different names, or ids in a {MANIFEST}.",
            )


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].rstrip("-")
    return slug if is_document_id(slug) else "document"


def _kind(title: str, text: str) -> Kind:
    """A response says so in its title or first lines; what else it is only a manifest can tell."""
    opening = title if _RESPONSE.search(title) else text[:_OPENING]
    return Kind.RESPONSE if _RESPONSE.search(opening) else Kind.OTHER
