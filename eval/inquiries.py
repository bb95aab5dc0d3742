"""The real documents with their ground truth, and how Casebook reads them."""

import json
import os
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import file_digest
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from index.durable import write_durably
from index.export import packaged_model
from ingest.errors import CorpusError
from ingest.model import Document, Kind, Passage, Reading
from ingest.passages import passages
from ingest.pipeline import pipeline
from ingest.reading.pdf import read_pdf
from ingest.reading.pdffile import pdf_facts
from ingest.schema import schema

READINGS = Path(__file__).parent.parent / ".casebook" / "eval" / "readings"

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An entry of the documents' list."""

    file: str
    title: str
    sha256: str
    pages: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedPassage:
    """A paragraph that a person found on paper: where it begins and ends, and its number."""

    document: str
    first_words: str
    pdf_page_start: int
    pdf_page_end: int
    printed_page_start: str | None
    printed_page_end: str | None
    paragraph_number: str | None
    start_y_fraction: float
    """How far down the page it begins."""

    def __str__(self) -> str:
        number = f" paragraph {self.paragraph_number}" if self.paragraph_number else ""
        return f"{self.document} page {self.pdf_page_start}{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedRecommendation:
    document: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    number: str | None
    title: str | None
    pdf_page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a document consists of: its chapters, and its paragraph numbers in words."""

    document: str
    title: str
    chapters: tuple[Chapter, ...]
    paragraphs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDocument:
    """A document, what reading it gave, and its passages."""

    document: Document
    path: Path
    reading: Reading
    passages: tuple[Passage, ...]


def real_documents() -> Path:
    """The folder that holds `corpora/` and `gold/`; raises CorpusError where there is none."""
    default = Path(__file__).parent.parent / ".." / "shared"
    folder = Path(os.environ.get("CASEBOOK_REAL_DOCUMENTS", default)).resolve()
    if not (folder / "corpora" / "inquiries").is_dir():
        raise CorpusError(
            f"No real documents are in {folder}.",
            remedy="Name their folder: CASEBOOK_REAL_DOCUMENTS.",
        )
    return folder


def sources(folder: Path) -> tuple[Source, ...]:
    """The documents listed under the folder of real documents."""
    listed = tomllib.loads((_documents(folder) / "sources.toml").read_text(encoding="utf-8"))
    return TypeAdapter(tuple[Source, ...]).validate_python(listed["document"])


@cache
def read(folder: Path, source: Source) -> ReadDocument:
    """The document as Casebook reads it: once for each version of what reads, as some take a
    minute, and measurements and tests all ask for them."""
    document, path = _described(folder, source)
    return _cut(path, document, _read_once(path))


def read_anew(folder: Path, source: Source) -> ReadDocument:
    """The same, whether it was read before or not."""
    document, path = _described(folder, source)
    return taken_in(path, document)


def taken_in(path: Path, document: Document) -> ReadDocument:
    """Any PDF read and cut into passages."""
    return _cut(path, document, _reading(path))


def _described(folder: Path, source: Source) -> tuple[Document, Path]:
    path = _documents(folder) / source.file
    document = Document(
        id=path.stem,
        title=source.title,
        source=source.file,
        source_sha256=source.sha256,
        page_count=source.pages,
        kind=Kind.RESPONSE if source.kind == "response" else Kind.FINAL_REPORT,
    )
    return document, path


def _reading(path: Path) -> Reading:
    return read_pdf(path, facts=pdf_facts(path))


def _read_once(path: Path) -> Reading:
    kept = READINGS / f"{_fingerprint(path)}.json"
    with suppress(FileNotFoundError, ValidationError):
        return schema(Reading).validate_json(kept.read_bytes())
    reading = _reading(path)
    kept.parent.mkdir(parents=True, exist_ok=True)
    write_durably(kept, schema(Reading).dump_json(reading))
    return reading


def _fingerprint(path: Path) -> str:
    """Of everything that a reading depends on."""
    readers = [f"{name} {version(name)}" for name in ("pypdf", "pypdfium2", "pytesseract")]
    with path.open("rb") as file:
        digest = file_digest(file, "sha256")
    for part in (pipeline(), *readers, _tesseract("--version"), _tesseract("--list-langs")):
        digest.update(f" {part}".encode())
    return digest.hexdigest()[:16]


@cache
def _tesseract(option: str) -> str:
    """What it says of itself; nothing where it is not installed."""
    if shutil.which("tesseract") is None:
        return ""
    told = subprocess.run(["tesseract", option], capture_output=True, text=True, check=False)
    return told.stdout + told.stderr


def _cut(path: Path, document: Document, reading: Reading) -> ReadDocument:
    return ReadDocument(
        document=document,
        path=path,
        reading=reading,
        passages=passages(document.id, reading, count_tokens=token_counter()),
    )


def token_counter() -> Callable[[str], int]:
    """Counts tokens as the default embedder does, without its weights."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(packaged_model() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False))


def printed_passages(folder: Path) -> tuple[PrintedPassage, ...]:
    """The hand-checked paragraphs."""
    return _rows(folder / "gold" / "structure" / "pages.jsonl", PrintedPassage)


def recommendation_numbers(folder: Path) -> dict[str, set[str]]:
    """Numbers of each document's formal recommendations, by its file name."""
    rows = _rows(folder / "gold" / "structure" / "recommendations.jsonl", PrintedRecommendation)
    return {row.document: {r.number for r in rows if r.document == row.document} for row in rows}


def contents(folder: Path) -> tuple[Contents, ...]:
    """What each document consists of."""
    return _rows(folder / "gold" / "structure" / "documents.jsonl", Contents)


def _rows(path: Path, kind: type[_T]) -> tuple[_T, ...]:
    row = TypeAdapter(kind)
    with path.open(encoding="utf-8") as lines:
        return tuple(row.validate_python(json.loads(line)) for line in lines)


def _documents(folder: Path) -> Path:
    return folder / "corpora" / "inquiries"
