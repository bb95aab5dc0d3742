"""What reads and writes records of a kind, made once for each: that takes milliseconds."""

from typing import TypeVar, cast

from pydantic import TypeAdapter

_T = TypeVar("_T")

_made: dict[type[object], TypeAdapter[object]] = {}


def schema(kind: type[_T]) -> TypeAdapter[_T]:
    """For records of the kind."""
    if kind not in _made:
        _made[kind] = cast("TypeAdapter[object]", TypeAdapter(kind))
    return cast("TypeAdapter[_T]", _made[kind])
