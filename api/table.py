"""Records as CSV: one row each, nested objects under dotted names, words left as they are.

Words stay verbatim even where a spreadsheet would take `=` or `+` for a formula: a quotation
that was altered would no longer match its hash.
"""

import csv
import datetime
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import cast

from pydantic import BaseModel
from pydantic_core import to_json

MEDIA_TYPE = "text/csv"


def lines(records: Iterable[BaseModel], kind: type[BaseModel]) -> Iterator[str]:
    """The table line by line, its head first, which is the same whether there are records or not.

    Lists of words are joined by `; `; other lists and mappings are JSON.
    """
    columns = tuple(_columns(kind, ""))
    yield _line(columns)
    for record in records:
        yield _line(tuple(_cells(record)))


def _columns(kind: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, field in kind.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _columns(inner, f"{prefix}{name}.")
        else:
            yield prefix + name


def _cells(record: BaseModel) -> Iterator[str]:
    for name in type(record).model_fields:
        value: object = getattr(record, name)
        if isinstance(value, BaseModel):
            yield from _cells(value)
        else:
            yield _cell(value)


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


def _line(cells: tuple[str, ...]) -> str:
    buffer = StringIO(newline="")
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()
