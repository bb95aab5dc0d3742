from types import TracebackType
from typing import Literal, Self, TypedDict

class threadpool_limits:  # noqa: N801, as the library has it
    def __init__(
        self, limits: int | None = ..., user_api: Literal["blas", "openmp"] | None = ...
    ) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        type: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

class _Library(TypedDict):
    user_api: Literal["blas", "openmp"]
    num_threads: int

def threadpool_info() -> list[_Library]: ...
