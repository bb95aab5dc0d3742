"""Records as data frames: a column for each field, nested objects' fields under joined names.

Dates are dates and lists stay lists; enumerations are their words.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from types import UnionType
from typing import TYPE_CHECKING, cast, get_args, get_origin

from pydantic import BaseModel

from casebook_client.errors import PackageMissing

if TYPE_CHECKING:
    import pandas
    import polars


def to_pandas(records: Sequence[BaseModel], kind: type[BaseModel]) -> "pandas.DataFrame":
    """A row for each record, dates as timestamps; raises PackageMissing."""
    try:
        import pandas
    except ImportError:
        raise _missing("pandas") from None
    columns = list(_columns(kind))
    frame = pandas.DataFrame(
        {column.name: pandas.Series(column.values(records), dtype=object) for column in columns}
    ).infer_objects()
    for column in columns:
        if column.is_date:
            frame[column.name] = pandas.to_datetime(frame[column.name])
    return frame


def to_polars(records: Sequence[BaseModel], kind: type[BaseModel]) -> "polars.DataFrame":
    """A row for each record; raises PackageMissing."""
    try:
        import polars
    except ImportError:
        raise _missing("polars") from None
    return polars.DataFrame(
        {column.name: polars.Series(column.values(records)) for column in _columns(kind)}
    )


def _missing(package: str) -> PackageMissing:
    return PackageMissing(
        f"{package} is not installed.", remedy=f"Run: pip install 'casebook-client[{package}]'"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    path: tuple[str, ...]
    is_date: bool

    @property
    def name(self) -> str:
        return "_".join(self.path)

    def values(self, records: Iterable[BaseModel]) -> list[object]:
        return [_plain(_value(record, self.path)) for record in records]


def _columns(kind: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[_Column]:
    for name, field in kind.model_fields.items():
        inner = _model(field.annotation)
        if inner:
            yield from _columns(inner, (*path, name))
        else:
            choices = (field.annotation, *get_args(field.annotation))
            yield _Column(path=(*path, name), is_date=datetime.date in choices)


def _model(annotation: object) -> type[BaseModel] | None:
    """The object that a field holds, alone or where there is one."""
    if get_origin(annotation) not in (None, UnionType):
        return None
    kinds = (annotation, *get_args(annotation))
    return next((k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)), None)


def _value(record: object, path: Iterable[str]) -> object:
    for name in path:
        record = getattr(record, name) if record is not None else None
    return record


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return cast(object, value.value)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, list):
        return [_plain(part) for part in cast(list[object], value)]
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in cast(dict[str, object], value).items()}
    return value
