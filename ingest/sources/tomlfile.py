"""TOML files that people write: a table, or a list of entries of one kind."""

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from ingest.errors import CorpusError
from ingest.schema import schema

_T = TypeVar("_T")


def table(path: Path) -> dict[str, object]:
    """Everything in the file; raises CorpusError where it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CorpusError(f"{path}: {error}.", remedy="Mend the file.") from error


def entries(path: Path, name: str, kind: type[_T]) -> tuple[_T, ...]:
    """The `[[name]]` entries, each as a `kind`, a dataclass; none where there is no file.

    Raises CorpusError, which names file, entry and field.
    """
    if not path.is_file():
        return ()
    written = table(path)
    if set(written) - {name}:
        raise CorpusError(
            f"{path}: {sorted(set(written) - {name})[0]!r} is not known here.",
            remedy=f"Every entry begins with [[{name}]].",
        )
    found = TypeAdapter(list[dict[str, object]]).validate_python(written.get(name, []))
    return tuple(_entry(path, number, each, kind) for number, each in enumerate(found, 1))


def _entry(path: Path, number: int, written: Mapping[str, object], kind: type[_T]) -> _T:
    try:
        return schema(kind).validate_python(written)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        names = ", ".join(each.name for each in fields(kind))  # type: ignore[arg-type]
        raise CorpusError(
            f"{path}: entry {number}: {place}: {first['msg']}.", remedy=f"It may have: {names}."
        ) from error
