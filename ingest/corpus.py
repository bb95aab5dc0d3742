"""What to read: a bundled corpus by name, a folder, or files; and what a manifest says of each.

A corpus is a folder with documents and, optionally, a `corpus.toml` that describes them. Files
that it does not describe are read all the same, under an id made from their name.
"""

import datetime
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from hashlib import file_digest
from importlib.resources import files
from pathlib import Path
from typing import Annotated, ClassVar, TypeVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from ingest.errors import CorpusError
from ingest.fileformat import SUFFIXES
from ingest.library import is_document_id
from ingest.model import Document, Edition, Kind, Reading, words_hash

MANIFEST = "corpus.toml"

_T = TypeVar("_T")
_STRICT = ConfigDict(extra="forbid")
_Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
_Words = Annotated[str, Field(min_length=1)]
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
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    date: datetime.date | None = None
    kind: Kind | None = None
    paper_number: str | None = None
    edition: Edition = Edition.OFFICIAL
    url: str | None = None
    licence: str | None = None
    attribution: str | None = None
    responds_to: str | None = None
    inquiry: str | None = None

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
            source=self.path.name,
            source_sha256=source_sha256,
            page_count=len(reading.pages),
            author=self.author,
            publisher=self.publisher,
            date=self.date,
            kind=self.kind or _kind(title, reading.text),
            paper_number=self.paper_number,
            edition=self.edition,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    file: _Words
    id: _Slug | None = None
    title: _Words | None = None
    author: _Words | None = None
    publisher: _Words | None = None
    date: datetime.date | None = None
    kind: Kind | None = None
    paper_number: _Words | None = None
    edition: Edition | None = None
    url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    licence: _Words | None = None
    attribution: _Words | None = None
    responds_to: _Slug | None = None
    inquiry: _Slug | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Manifest:
    """A `corpus.toml`: what all documents share, and each document."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    document: tuple[dict[str, object], ...] = ()
    author: _Words | None = None
    publisher: _Words | None = None
    edition: Edition | None = None
    licence: _Words | None = None
    attribution: _Words | None = None
    inquiry: _Slug | None = None


def bundled() -> tuple[str, ...]:
    """Names of the corpora that come with the program."""
    return tuple(sorted(path.parent.name for path in _bundle().glob(f"*/{MANIFEST}")))


def corpus(names: Iterable[str]) -> Corpus:
    """The documents of bundled corpora, folders and files, in the order given, each once.

    Raises CorpusError for an unknown name, a faulty manifest, and two documents of one id. A
    file that cannot be opened is among the sources: reading it tells what is wrong with it.
    """
    found = [source for name in names for source in _named(name)]
    sources, duplicates = _without_duplicates(found)
    _refuse_same_id(sources)
    return Corpus(sources=tuple(sources), duplicates=tuple(duplicates))


def _bundle() -> Path:
    return Path(str(files("corpora")))


def _named(name: str) -> Sequence[Source]:
    if name in bundled():
        return _folder(_bundle() / name)
    path = Path(name)
    if path.is_dir():
        return _folder(path)
    if path.suffix or len(path.parts) > 1 or path.exists():
        return [Source(path=path, id=_slug(path.stem))]
    raise CorpusError(
        f"There is no corpus, folder or file {name!r}.",
        remedy=f"Name a bundled corpus ({', '.join(bundled())}), a folder, or files.",
    )


def _folder(folder: Path) -> Sequence[Source]:
    """What the manifest describes, in its order, then every other file that can be read."""
    path = folder / MANIFEST
    described = list(_described(path)) if path.is_file() else []
    listed = {source.path for source in described}
    others = [
        file
        for file in sorted(folder.rglob("*"))
        if file.suffix.lower() in SUFFIXES
        and file.is_file()
        and file.resolve() not in listed
        and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    ]
    if not described and not others:
        raise CorpusError(
            f"{folder} holds nothing to read.",
            remedy=f"Put documents into it ({', '.join(SUFFIXES)}).",
        )
    return [*described, *(Source(path=file, id=_slug(file.stem)) for file in others)]


def _described(path: Path) -> Iterator[Source]:
    manifest = _parsed(_table(path), _Manifest, str(path))
    for number, table in enumerate(manifest.document, 1):
        name = table.get("id") or table.get("file") or number
        entry = _parsed(table, _Entry, f"{path}: document {name}")
        yield Source(
            path=_inside(path, entry),
            id=entry.id or _slug(entry.paper_number or Path(entry.file).stem),
            title=entry.title,
            author=entry.author or manifest.author,
            publisher=entry.publisher or manifest.publisher,
            date=entry.date,
            kind=entry.kind,
            paper_number=entry.paper_number,
            edition=entry.edition or manifest.edition or Edition.OFFICIAL,
            url=entry.url,
            licence=entry.licence or manifest.licence,
            attribution=entry.attribution or manifest.attribution,
            responds_to=entry.responds_to,
            inquiry=entry.inquiry or manifest.inquiry,
        )


def _table(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CorpusError(f"{path}: {error}.", remedy="Mend the file.") from error


def _parsed(table: dict[str, object], kind: type[_T], place: str) -> _T:
    try:
        return TypeAdapter(kind).validate_python(table)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise CorpusError(
            f"{place}: {field}: {first['msg']}.",
            remedy=f"A document may have: {', '.join(each.name for each in fields(_Entry))}.",
        ) from error


def _inside(manifest: Path, entry: _Entry) -> Path:
    """The file, which must lie in the manifest's own folder."""
    folder = manifest.parent.resolve()
    try:
        path = (folder / entry.file).resolve()
    except (OSError, ValueError) as error:
        raise _bad_file(manifest, entry, str(error)) from error
    if not path.is_relative_to(folder):
        raise _bad_file(manifest, entry, "it lies outside the corpus's folder")
    if not path.is_file():
        raise _bad_file(manifest, entry, "there is no such file")
    return path


def _bad_file(manifest: Path, entry: _Entry, reason: str) -> CorpusError:
    return CorpusError(
        f"{manifest}: document {entry.id or entry.file}, file {entry.file!r}: {reason}.",
        remedy="Name a file in the same folder, or take the entry out.",
    )


def _without_duplicates(found: Iterable[Source]) -> tuple[list[Source], list[Duplicate]]:
    """A file given twice is one source; another file of the same bytes is a duplicate."""
    first: dict[str, Source] = {}
    sources: list[Source] = []
    duplicates: list[Duplicate] = []
    for source in found:
        digest = _digest(source.path)
        known = first.setdefault(digest, source) if digest else source
        if known is source:
            sources.append(source)
        elif known.path.resolve() != source.path.resolve():
            duplicates.append(Duplicate(path=source.path, of=known.path))
    return sources, duplicates


def _digest(path: Path) -> str | None:
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
