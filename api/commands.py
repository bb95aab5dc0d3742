"""How a command ends: errors in words, codes that mean something, pipes that may close early."""

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

import typer
from rich.text import Text
from typer.core import TyperGroup

from api.terminal import notes
from ingest.errors import CasebookError, UnreadableFile

FAILED = 1
SOME_FAILED = 3
INTERRUPTED = 130
"""As shells tell of a signal."""


class Commands(TyperGroup):
    """Runs a command; what a person can act on is told without a traceback."""

    def invoke(self, ctx: object) -> object:
        try:
            outcome: object = super().invoke(cast(typer.Context, ctx))
            sys.stdout.flush()
        except CasebookError as error:
            tell(error)
            raise typer.Exit(FAILED) from None
        except KeyboardInterrupt:
            notes.print(Text("Interrupted. What was stored before is kept."))
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            # Whoever read has had enough; the interpreter must not try to flush again at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None
        return outcome


def tell(error: CasebookError) -> None:
    """Prints what was wrong and what to do next on stderr."""
    notes.print(Text("error: ", style="bold red") + Text(str(error), style="red"), soft_wrap=True)


def name_of(path: Path | None) -> str:
    """What a file is called in errors; stdin for None or `-`."""
    return "stdin" if path is None or str(path) == "-" else path.name


def lines_of(path: Path | None) -> Iterator[str]:
    """Lines of a file in UTF-8, or of stdin for None or `-`; raises UnreadableFile."""
    if path is None or str(path) == "-":
        yield from _decoded(sys.stdin.buffer, name_of(path))
        return
    try:
        with path.open("rb") as file:
            yield from _decoded(file, path.name)
    except OSError as error:
        raise UnreadableFile(
            f"cannot be read ({error.strerror}).",
            remedy="Name a file that is there and may be read.",
            file=str(path),
        ) from error


def _decoded(lines: Iterable[bytes], name: str) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise UnreadableFile(
                f"line {number} is not UTF-8.", remedy="Save the file as UTF-8.", file=name
            ) from None
