"""Untrusted files, each read in a process of its own: a Reading comes back, or a typed error.

The process (`ingest.reading.child`) is started afresh, limits itself, and answers in JSON, which
is validated here; nothing is unpickled. It gets no secrets from the environment. Whatever becomes
of it, a crash, a loop, a flood or nonsense, ends as a SourceError that names the file. It runs on
Linux and macOS; what macOS does not enforce is said in `ingest.reading.child`.
"""

import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Generator, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

from ingest.errors import (
    DamagedFile,
    EncryptedFile,
    OverLimit,
    SourceError,
    UnreadableFile,
    WrongFormat,
)
from ingest.model import Reading, Span
from ingest.reading.child import Answer, Confinement, Failure
from ingest.reading.fileformat import Format, format_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What reading one file may take."""

    memory: int = 900 * 2**20
    """Bytes of private memory; shared libraries come on top, some 60 MB."""
    seconds: float = 300
    """By the clock, for any file, and `seconds_per_megabyte` more for its size."""
    seconds_per_megabyte: float = 120
    """A scan of 20 kB a page takes Tesseract 100: 2 seconds a page while every core is busy."""
    source: int = 300 * 2**20
    """Bytes of the file itself."""
    output: int = 128 * 2**20
    """Bytes of any file the process writes, its answer among them."""


DEFAULT_LIMITS = Limits()
_log = logging.getLogger(__name__)
_COMMAND = (sys.executable, "-P", "-m", "ingest.reading.child")
_ENVIRONMENT = (
    *("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "HOME"),
    *("LANG", "LC_ALL", "LC_CTYPE", "TESSDATA_PREFIX"),
)
_KINDS: dict[str, type[SourceError]] = {
    kind.__name__: kind
    for kind in (UnreadableFile, WrongFormat, EncryptedFile, DamagedFile, OverLimit)
}
_ANSWER = TypeAdapter(Answer)
_PAGE = re.compile(r"^page (\d{1,6})$", re.MULTILINE)
_RESIDENT = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)
_POLL = 0.01
"""Seconds between looks at the children."""
_FULL = 0.85
"""Share of its memory limit beyond which a process that broke down is taken to have run out."""
_MORE = "Split it into smaller files, or raise the limit."
_REPAIR = "Fetch it again, or open it in its usual program and save a new copy."


def read(path: Path, limits: Limits = DEFAULT_LIMITS) -> Reading:
    """What the file says; raises a SourceError that names it, and never anything else."""
    ((_, outcome),) = read_all([path], limits, workers=1)
    if isinstance(outcome, SourceError):
        raise outcome
    return outcome


def read_all(
    paths: Iterable[Path], limits: Limits = DEFAULT_LIMITS, *, workers: int = 2
) -> Generator[tuple[Path, Reading | SourceError], None, None]:
    """Each file with what it says or why not, in order of completion; `workers` at a time.

    Closing or interrupting the iteration ends the processes still at work.
    """
    waiting = deque(paths)
    children: list[_Child] = []
    try:
        while waiting or children:
            while waiting and len(children) < workers:
                path = waiting.popleft()
                try:
                    children.append(_Child(path, limits))
                except SourceError as error:
                    yield path, error
            ended = [child for child in children if child.ended()]
            for child in ended:
                children.remove(child)
                yield child.path, child.outcome()
            if not ended:
                time.sleep(_POLL)
    finally:
        for child in children:
            child.stop()


class _Child:
    """A process at work on one file, in a folder of its own."""

    def __init__(self, path: Path, limits: Limits) -> None:
        """Starts it; raises SourceError where the file need not be opened to be refused."""
        form = format_of(path)
        self._seconds = _seconds(path, limits)
        self.path = path
        self._limits = limits
        self._folder = TemporaryDirectory(prefix="casebook-")
        self._started = time.monotonic()
        self._overdue = False
        self._peak = 0
        """Bytes that were resident at most, when last looked at."""
        self._process = self._start(form)

    def _start(self, form: Format) -> subprocess.Popen[bytes]:
        confinement = Confinement(
            memory=self._limits.memory,
            output=self._limits.output,
            seconds=max(1, round(self._seconds)),
        )
        with self._answer.open("wb") as answer, self._errors.open("wb") as errors:
            return subprocess.Popen(
                [*_COMMAND, form, to_json(confinement).decode(), str(self.path.absolute())],
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=errors,
                env=_environment(self._folder.name),
                start_new_session=True,
            )

    @property
    def _answer(self) -> Path:
        return Path(self._folder.name, "answer.json")

    @property
    def _errors(self) -> Path:
        return Path(self._folder.name, "errors.txt")

    def ended(self) -> bool:
        """Whether it is over; ends it where its time is up."""
        if self._process.poll() is not None:
            return True
        self._peak = _peak(self._process.pid) or self._peak
        if time.monotonic() > self._started + self._seconds and not self._overdue:
            self._overdue = True
            self._kill()
        return False

    def stop(self) -> None:
        """Ends it, and whatever it started, at once."""
        self._kill()
        self._process.wait()
        self._folder.cleanup()

    def outcome(self) -> Reading | SourceError:
        """What it answered, or what became of it; its folder is gone afterwards."""
        self._kill()  # it may have left processes of its own behind
        try:
            outcome = self._judge()
            taken = time.monotonic() - self._started
            _log.debug("%s took %.1f seconds and %d bytes", self.path, taken, self._peak)
            if isinstance(outcome, SourceError) and (said := self._said()):
                outcome.add_note(said)
            return outcome
        finally:
            self._folder.cleanup()

    def _kill(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _judge(self) -> Reading | SourceError:
        code = self._process.returncode
        if code == 0:
            return self._answered()
        if self._overdue or -code in (signal.SIGALRM, signal.SIGXCPU):
            return self._error(
                OverLimit,
                f"reading it took longer than {self._seconds:.0f} seconds.",
                _MORE,
            )
        if self._peak > _FULL * self._limits.memory or "MemoryError" in self._said():
            return self._error(OverLimit, "reading it takes more memory than allowed.", _MORE)
        if code == -signal.SIGKILL:
            return self._error(OverLimit, "the system stopped reading it.", _MORE)
        return self._error(DamagedFile, f"it crashed the reader ({_ending(code)}).", _REPAIR)

    def _answered(self) -> Reading | SourceError:
        try:
            answer = _ANSWER.validate_json(self._answer.read_bytes())
        except (ValidationError, RecursionError):
            answer = Answer()
        if answer.reading is not None and _coherent(answer.reading):
            return answer.reading
        if answer.failure is not None and answer.failure.kind in _KINDS:
            return self._failed(answer.failure)
        return self._error(DamagedFile, "reading it gave no usable answer.", _REPAIR)

    def _failed(self, failure: Failure) -> SourceError:
        return _KINDS[failure.kind](
            failure.problem,
            remedy=failure.remedy,
            file=str(self.path),
            page=failure.page if failure.page is not None else self._page(),
        )

    def _error(self, kind: type[SourceError], problem: str, remedy: str) -> SourceError:
        return kind(problem, remedy=remedy, file=str(self.path), page=self._page())

    def _page(self) -> int | None:
        """The last page it said it had come to."""
        pages = _PAGE.findall(self._said())
        return int(pages[-1]) if pages else None

    def _said(self) -> str:
        """The end of its standard error."""
        with self._errors.open("rb") as errors:
            errors.seek(max(0, self._errors.stat().st_size - 4000))
            return errors.read().decode("utf-8", "replace")


def _seconds(path: Path, limits: Limits) -> float:
    """How long reading it may take; raises OverLimit where it is too large to begin with."""
    size = path.stat().st_size
    if size > limits.source:
        raise OverLimit(
            f"the file has {size:,} bytes; the limit is {limits.source:,}.",
            remedy="Split it into smaller files, or allow larger ones.",
            file=str(path),
        )
    return limits.seconds + limits.seconds_per_megabyte * size / 2**20


def _peak(pid: int) -> int:
    """Bytes that were resident at most; 0 where there is no /proc, or the process is over.

    Not ru_maxrss, which starts from what the parent had resident when it forked.
    """
    with suppress(OSError):
        if found := _RESIDENT.search(Path(f"/proc/{pid}/status").read_text()):
            return int(found[1]) * 1024
    return 0


def _environment(folder: str) -> dict[str, str]:
    """Of ours only what Python and Tesseract need; one thread each, for there are `workers`."""
    ours = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS"), "1")
    return {**ours, **threads, "TMPDIR": folder, "PYTHONUTF8": "1"}


def _ending(code: int) -> str:
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"exit status {code}"


def _coherent(reading: Reading) -> bool:
    """Whether every span lies within the text and every line on a page there is."""
    spans: list[Span] = [
        *(page.span for page in reading.pages if page.span),
        *(line.span for line in reading.lines),
        *(paragraph.span for paragraph in reading.paragraphs),
        *(note.span for note in reading.notes),
        *(hidden.span for hidden in reading.hidden),
    ]
    pages = {page.number for page in reading.pages}
    return all(span.end <= len(reading.text) for span in spans) and all(
        line.page in pages for line in reading.lines
    )
