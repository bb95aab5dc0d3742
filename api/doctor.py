"""Whether an installation is sound and a data directory is what it was when it was built."""

import platform
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import file_digest
from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from rich.text import Text

from api.corpus import open_casebook
from api.keys import Keyring, key_file
from api.settings import Settings
from api.terminal import output, words
from index.casebook import Casebook
from index.embedder import is_exported, part_reader
from index.evidence import quotation
from index.export import packaged_model
from index.lock import holder
from index.shelf import Volume
from ingest import __version__
from ingest.errors import CasebookError, DamagedData, NotBuilt
from ingest.library import Library
from ingest.reading.ocr import available

_PACKAGES = ("qdrant-edge-py", "qdrant-client", "onnxruntime", "pypdf", "pypdfium2", "spacy")


class Check(BaseModel):
    """One thing that was looked at."""

    model_config = ConfigDict(frozen=True)

    name: str
    finding: str
    problem: str | None = None
    remedy: str | None = None


class Examination(BaseModel):
    """All that was looked at."""

    sound: bool
    checks: list[Check]


def examine(settings: Settings, data: Path) -> Examination:
    """Looks at everything, whatever it finds on the way."""
    checks = [*_installation(), *_keys(settings, data), *_documents(data), *_index(settings, data)]
    return Examination(sound=not any(check.problem for check in checks), checks=checks)


def print_examination(examination: Examination) -> None:
    """One line a check, with what to do where something is wrong."""
    for check in examination.checks:
        mark = Text("wrong ", style="bold red") if check.problem else Text("ok    ", style="green")
        said = words(f"{check.name}: {check.problem or check.finding}")
        output.print(mark, said, sep="", soft_wrap=True)
        if check.remedy:
            output.print(words(f"      {check.remedy}"), soft_wrap=True)


def _installation() -> Iterator[Check]:
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    yield Check(name="casebook", finding=f"{__version__} on Python {platform.python_version()}")
    yield Check(name="packages", finding=packages)
    yield _checked("packaged model", _weights)
    missing = available()
    unread = f"{missing}: pages that are pictures stay unread"
    yield Check(name="Tesseract", finding=unread if missing else "reads pages that are pictures")


def _weights() -> str:
    packaged_model()
    return "its weights are the published ones"


def _keys(settings: Settings, data: Path) -> Iterator[Check]:
    keyring = Keyring(key_file(settings, data))
    if keyring.path.exists():
        yield _checked("API keys", lambda: f"{len(keyring.in_use())} in use, {keyring.path}")


def _documents(data: Path) -> Iterator[Check]:
    yield _lock(data)
    library = Library(data)
    for document_id in library.ids():
        yield _checked(f"document {document_id}", partial(_document, library, document_id))


def _lock(data: Path) -> Check:
    writer = holder(data)
    if writer is None:
        return Check(name="lock", finding=f"nobody is writing to {data}")
    since = f"{writer.since:%Y-%m-%d %H:%M:%S} UTC"
    return Check(name="lock", finding=f"process {writer.pid} on {writer.host} writes since {since}")


def _document(library: Library, document_id: str) -> str:
    stored = library.stored(document_id)
    stored.check()
    _check_source(library.source(stored.document), stored.document.source_sha256)
    volume = Volume(stored)
    for passage in stored.passages:
        quotation(volume, passage)
    return f"every file, its source and {len(stored.passages)} quotations match their hashes"


def _check_source(path: Path, expected: str) -> None:
    with path.open("rb") as file:
        found = file_digest(file, "sha256").hexdigest()
    if found != expected:
        raise DamagedData(
            f"{path} has SHA-256 {found}, not {expected}.",
            remedy="Remove it and build the document again from its source.",
        )


def _index(settings: Settings, data: Path) -> Iterator[Check]:
    try:
        casebook = open_casebook(settings, data)
    except CasebookError as error:
        yield _wrong("index", error)
        return
    yield _checked("index", lambda: _generation(casebook, data))
    yield _models(settings, casebook)
    casebook.close()


def _models(settings: Settings, casebook: Casebook) -> Check:
    told = "tells what each sentence says"
    if not part_reader(casebook.embedder):
        told = "tells nothing of single sentences, so passages are ranked as wholes"
    by = f"; {casebook.reranker.name} reads the best again" if casebook.reranker else ""
    if not is_exported(settings.model):
        by = f"; it is run by PyTorch, which is slower: name its folder to have it exported{by}"
    return Check(name="model", finding=f"{casebook.embedder.name} {told}{by}")


def _generation(casebook: Casebook, data: Path) -> str:
    library = Library(data)
    indexed = [volume.stored for volume in casebook.shelf.volumes.values()]
    present = [library.stored(name) for name in library.ids()]
    if [(each.document, each.stamp) for each in indexed] != [
        (each.document, each.stamp) for each in present
    ]:
        raise NotBuilt(
            "The documents are not those that were indexed.", remedy="Run `casebook build` again."
        )
    passages = [
        (volume, passage)
        for volume in casebook.shelf.volumes.values()
        for passage in volume.passages.values()
    ]
    for volume, passage in passages:
        quotation(volume, passage)
    held = f"{len(passages)} passages that match their hashes"
    return f"generation {casebook.generation} holds {held}"


def _checked(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name=name, finding=look())
    except CasebookError as error:
        return _wrong(name, error)


def _wrong(name: str, error: CasebookError) -> Check:
    return Check(name=name, finding="", problem=error.problem, remedy=error.remedy)
