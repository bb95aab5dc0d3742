from collections.abc import Mapping, Sequence

class RisWriter:
    def set_header(self, count: int) -> str: ...

def dumps(
    references: Sequence[Mapping[str, Sequence[str]]], *, implementation: type[RisWriter]
) -> str: ...
