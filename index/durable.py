"""Files that are whole or absent after a kill, and on the disk once written."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast

from ingest.errors import WriteFailed


def write_durably(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Writes all of it; a reader finds the old file or the new."""
    with durably(path, mode=mode) as file:
        file.write(content)


@contextmanager
def durably(path: Path, *, mode: int = 0o644) -> Generator[BinaryIO]:
    """A file to be filled under a temporary name, which takes its place once it is whole."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        yield cast("BinaryIO", file)
        os.fchmod(file.fileno(), mode)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)
    _sync(path.parent)


def sync_tree(folder: Path) -> None:
    """Puts every file and folder of the tree on the disk."""
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)


@contextmanager
def as_write_failed(place: Path) -> Generator[None]:
    """Turns the system's errors into WriteFailed, which names the place."""
    try:
        yield
    except OSError as error:
        raise WriteFailed(
            f"{place} could not be written ({error.strerror or error}).",
            remedy="Free space or permit writing there; what was there before still stands.",
        ) from error


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
