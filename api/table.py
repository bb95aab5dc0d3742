"""Records as CSV: one row each, nested objects under dotted names, words left as they are.

Words stay verbatim even where a spreadsheet would take `=` or `+` for a formula: a quotation
that was altered would no longer match its hash.
"""

import csv
import datetime
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum, EnumType
from io import StringIO
from types import UnionType
from typing import cast, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import to_json

MEDIA_TYPE = "text/csv"


def lines(records: Iterable[BaseModel], kind: type[BaseModel]) -> Iterator[str]:
    """The table line by line, its head first, which is the same whether there are records or not.

    Lists of words are joined by `; `, counts by the words of an enumeration have a column for each
    of its words; other lists and mappings are JSON.
    """
    yield _line(_columns(kind))
    for record in records:
        yield _line(_cells(record, kind))


def _columns(kind: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in kind.model_fields.items():
        inner = _model(field.annotation)
        if inner:
            yield from _columns(inner, f"{prefix}{name}.")
        elif words := _counted_by(field.annotation):
            yield from (f"{prefix}{name}.{word.value}" for word in words)
        else:
            yield prefix + name


def _cells(record: BaseModel | None, kind: type[BaseModel]) -> Iterator[str]:
    for name, field in kind.model_fields.items():
        value: object = getattr(record, name) if record is not None else None
        inner = _model(field.annotation)
        if inner:
            yield from _cells(value if isinstance(value, BaseModel) else None, inner)
        elif words := _counted_by(field.annotation):
            counts = cast(Mapping[Enum, int], value or {})
            yield from (str(counts.get(word, 0)) for word in words)
        else:
            yield _cell(value)


def _model(annotation: object) -> type[BaseModel] | None:
    """The object that a field holds, alone or where there is one."""
    for kind in (annotation, *get_args(annotation)):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind if get_origin(annotation) in (None, UnionType) else None
    return None


def _counted_by(annotation: object) -> list[Enum]:
    """The words of the enumeration by which a field counts; none where it does not."""
    kinds: tuple[object, ...] = get_args(annotation)
    if get_origin(annotation) is not dict or kinds[1] is not int:
        return []
    return list(cast(type[Enum], kinds[0])) if isinstance(kinds[0], EnumType) else []


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str | datetime.date):
        return str(value)
    if isinstance(value, list):
        parts = cast(list[object], value)
        if all(isinstance(part, str) for part in parts):
            return "; ".join(str(part) for part in parts)
    return to_json(value).decode()


def _line(cells: Iterable[str]) -> str:
    buffer = StringIO(newline="")
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()
