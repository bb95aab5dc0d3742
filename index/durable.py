"""Files that are whole or absent after a kill, and on the disk once written."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from ingest.errors import WriteFailed


def write_durably(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Writes under a temporary name, then renames: a reader finds the old file or the new."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        file.write(content)
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
