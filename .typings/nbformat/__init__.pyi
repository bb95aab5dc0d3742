"""The part of nbformat used here; the library's own functions have no types."""

from pathlib import Path

class NotebookNode:
    """A notebook, or one of its cells: what is missing from a cell of text is absent."""

    cells: list[NotebookNode]
    cell_type: str
    outputs: list[dict[str, object]]
    execution_count: int | None

def read(fp: Path, as_version: int) -> NotebookNode: ...
def validate(nbdict: NotebookNode) -> None: ...
