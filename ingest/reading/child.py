"""The process that reads one untrusted file: `-m ingest.reading.child FORMAT LIMITS PATH`.

It limits itself before it touches the file, and writes one JSON document on standard output:
`{"reading": ...}` or `{"failure": ...}`. What the readers print or warn of goes to standard error,
where a reader says how far it has come by logging `page %d` at DEBUG on the logger `ingest.page`.

Private memory is limited by RLIMIT_DATA, which counts what is written to and not, as RLIMIT_AS
does, address space that libraries and threads only reserve. macOS does not enforce either: there
the limits on time, output and pypdf's own limits remain.
"""

import json
import logging
import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from errno import EFBIG
from pathlib import Path

from pydantic_core import to_json

from ingest.errors import DamagedFile, OverLimit, SourceError
from ingest.model import Reading
from ingest.reading.fileformat import Format

GRACE = 5
"""Seconds after which the process ends itself where its parent has not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confinement:
    """What the process may take: bytes of memory and output, seconds by the clock."""

    memory: int
    output: int
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A SourceError on its way to the parent; `kind` is the name of its class."""

    kind: str
    problem: str
    remedy: str
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the process sends: exactly one of both."""

    reading: Reading | None = None
    failure: Failure | None = None


def _read_pdf(path: Path) -> Reading:
    from ingest.reading.pdf import read_pdf
    from ingest.reading.pdffile import pdf_facts

    return read_pdf(path, facts=pdf_facts(path))


def _read_markup(path: Path) -> Reading:
    from ingest.reading.markup import read_markup

    return read_markup(path)


READERS: dict[Format, Callable[[Path], Reading]] = {
    Format.PDF: _read_pdf,
    Format.HTML: _read_markup,
    Format.MARKDOWN: _read_markup,
    Format.TEXT: _read_markup,
    Format.WORD: _read_markup,
}


def main() -> None:
    """Reads as the command line says, and does not return."""
    form, limits, path = sys.argv[1:]
    answers = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _confine(Confinement(**json.loads(limits)))
    _set_up_logging()
    with os.fdopen(answers, "wb") as output:
        output.write(_answer(Format(form), Path(path)))
    os._exit(0)  # the answer is whole: what libraries do on the way out can no longer spoil it


def _confine(confinement: Confinement) -> None:
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_DATA, confinement.memory)
    _limit(resource.RLIMIT_FSIZE, confinement.output)
    # the parent's own clock comes first; these still run where the parent was killed
    _limit(resource.RLIMIT_CPU, confinement.seconds + GRACE)
    signal.setitimer(signal.ITIMER_REAL, confinement.seconds + GRACE)


def _limit(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (ceiling, ceiling))


def _set_up_logging() -> None:
    pages = logging.getLogger("ingest.page")
    pages.setLevel(logging.DEBUG)
    pages.addHandler(logging.StreamHandler())
    pypdf = logging.getLogger("pypdf")  # not silenced: `pdffile` listens to its warnings
    pypdf.addHandler(logging.NullHandler())
    pypdf.propagate = False
    logging.raiseExceptions = False


def _answer(form: Format, path: Path) -> bytes:
    try:
        answer = to_json(Answer(reading=READERS[form](path)))
        if len(answer) > resource.getrlimit(resource.RLIMIT_FSIZE)[0]:
            raise OSError(EFBIG, os.strerror(EFBIG))
        return answer
    except BaseException as error:
        failure = _failure(error, path)
    return to_json(Answer(failure=failure))


def _failure(error: BaseException, path: Path) -> Failure:
    known = error if isinstance(error, SourceError) else _named(error, path)
    place = known.file if known.page is None else f"{known.file}, page {known.page}"
    return Failure(
        kind=type(known).__name__,
        problem=_sendable(known.problem.removeprefix(f"{place}: ")),
        remedy=_sendable(known.remedy),
        page=known.page,
    )


def _sendable(words: str) -> str:
    """Without lone surrogates, which no encoding carries."""
    return words.encode("utf-8", "replace").decode("utf-8")


def _named(error: BaseException, path: Path) -> SourceError:
    """A typed error for what no reader foresaw."""
    if isinstance(error, MemoryError):
        error.with_traceback(None)  # its frames hold what filled the memory
        return _over_limit("takes more memory", path)
    if isinstance(error, OSError) and error.errno == EFBIG:
        return _over_limit("writes more", path)
    logging.getLogger(__name__).error("reading stopped", exc_info=error)
    return DamagedFile(
        f"reading stopped with {type(error).__name__}: {str(error)[:200]}.",
        remedy="Fetch it again, or open it in its usual program and save a new copy.",
        file=str(path),
    )


def _over_limit(excess: str, path: Path) -> OverLimit:
    return OverLimit(
        f"reading it {excess} than allowed.",
        remedy="Split it into smaller files, or raise the limit.",
        file=str(path),
    )


if __name__ == "__main__":
    main()
