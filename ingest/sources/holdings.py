"""Which published documents have been fetched or added here, and which bytes each of them is.

`sources/holdings.jsonl` is the record, one line a document, written whole or not at all. The
hash of a document's first fetch stays in it: whatever is fetched later must be the same bytes.
Writing assumes that the caller holds the data directory's lock; reading needs none.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ingest.errors import DamagedData, DamagedFile
from ingest.library import Library, write_durably


class Origin(StrEnum):
    FETCHED = "fetched"
    ADDED = "added"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """The file that is the official edition of a document."""

    document: str
    sha256: str
    name: str
    """File name, without folders."""
    origin: Origin
    since: datetime.date
    url: str | None = None
    """Where it was fetched."""
    in_use: bool = True
    """False once it was taken out: the hash is kept, the file is not read."""


class Holdings:
    """The record of one data directory."""

    def __init__(self, root: Path) -> None:
        self._path = root / "sources" / "holdings.jsonl"
        self._library = Library(root)

    def all(self) -> Mapping[str, Holding]:
        """By document; raises DamagedData."""
        adapter = TypeAdapter(Holding)
        try:
            lines = self._path.read_bytes().split(b"\n")
            found = [adapter.validate_json(line) for line in lines if line]
        except FileNotFoundError:
            return {}
        except (OSError, ValidationError) as error:
            raise DamagedData(
                f"{self._path} cannot be read.",
                remedy="Restore it from a copy, or delete it and fetch the documents again.",
            ) from error
        return {holding.document: holding for holding in found}

    def at_hand(self) -> Mapping[str, tuple[Holding, Path]]:
        """Each document in use with its file, which may be gone; raises DamagedData."""
        return {
            document: (holding, self._library.place(holding.sha256, holding.name))
            for document, holding in self.all().items()
            if holding.in_use
        }

    def take(self, path: Path, holding: Holding) -> None:
        """Keeps the file's bytes and makes it the document's official edition.

        Raises UnreadableFile, WriteFailed, or DamagedFile where they are not those recorded,
        with what was there before still standing.
        """
        if self._library.keep_source(path) != holding.sha256:
            raise DamagedFile("it was changed meanwhile.", remedy="Try again.", file=path.name)
        self._write({**self.all(), holding.document: holding}.values())

    def release(self, document: str) -> bool:
        """No longer uses the document's file, if there is one; whether there was."""
        holdings = dict(self.all())
        holding = holdings.pop(document, None)
        if holding is None or not holding.in_use:
            return False
        if holding.origin is Origin.FETCHED:
            holdings[document] = replace(holding, in_use=False)
        self._write(holdings.values())
        return True

    def _write(self, holdings: Iterable[Holding]) -> None:
        adapter = TypeAdapter(Holding)
        ordered = sorted(holdings, key=lambda holding: holding.document)
        content = b"".join(adapter.dump_json(holding) + b"\n" for holding in ordered)
        write_durably(self._path, content, mode=0o644)
