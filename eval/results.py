"""What was measured, with what, where and when: one JSON file for each measurement."""

import os
import platform
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

from pydantic import TypeAdapter

ROOT = Path(__file__).parent.parent
FOLDER = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """A figure told in full: what it is made of, as a table."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number; it is `reached` when it lies within the bounds that were set beforehand."""

    what: str
    value: float
    unit: str = ""
    of: int | None = None
    """How many cases the value is a share or mean of."""
    at_least: float | None = None
    at_most: float | None = None
    repeatable: bool = True
    """The same on every machine: a count or a share, not a time."""
    exceptions: tuple[str, ...] = ()
    """The cases that fell short, each with its reason."""
    detail: Detail | None = None
    interval: tuple[float, float] | None = None
    """Least and most of its 95% interval, in its unit."""

    @property
    def reached(self) -> bool:
        above = self.at_least is None or self.value >= self.at_least
        return above and (self.at_most is None or self.value <= self.at_most)


def share(
    what: str,
    count: int,
    of: int,
    *,
    at_least: float | None = None,
    exceptions: tuple[str, ...] = (),
) -> Figure:
    """A count of all cases, in percent; 0 where there are none."""
    return Figure(
        what=what,
        value=round(100 * count / of, 2) if of else 0.0,
        unit="%",
        of=of,
        at_least=at_least,
        exceptions=exceptions,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """The code, the machine and the packages that a result depends on."""

    commit: str | None
    """The commit measured, ending in `+` where files differed from it; None outside a checkout."""
    date: date
    processor: str
    cores: int
    memory_gib: float
    system: str
    python: str
    packages: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The figures of one measurement, in the order they are shown."""

    name: str
    title: str
    circumstances: Circumstances
    figures: tuple[Figure, ...]


_file = TypeAdapter(Result)


def read(name: str, *, folder: Path = FOLDER) -> Result | None:
    """The result last written under this name, or None where none ever was."""
    path = folder / f"{name}.json"
    return _file.validate_json(path.read_bytes()) if path.exists() else None


def write(result: Result, *, folder: Path = FOLDER) -> Path:
    """The file written."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{result.name}.json"
    path.write_bytes(_file.dump_json(result, indent=2) + b"\n")
    return path


def differences(recorded: Result, repeated: Result, *, loosely: bool = False) -> list[str]:
    """The repeatable figures that came out otherwise the second time, one line each.

    An interval differs only from one that was recorded. Loosely, what lies within a quarter of
    the recorded interval is no difference, nor is a tenth of a figure that has none.
    """
    before = {figure.what: figure for figure in recorded.figures if figure.repeatable}
    after = {figure.what: figure for figure in repeated.figures if figure.repeatable}
    found: list[str] = []
    for what in before | after:
        was, now = before.get(what), after.get(what)
        if was is None or now is None:
            found.append(f"{what}: recorded {was and was.value}, now {now and now.value}")
        else:
            found += _differences(was, now, _slack(was) if loosely else 0.0)
    return found


def _differences(was: Figure, now: Figure, slack: float) -> Iterator[str]:
    if abs(was.value - now.value) > slack:
        yield f"{was.what}: recorded {was.value}, now {now.value}"
    if was.interval is not None and not _alike(was.interval, now.interval, slack):
        yield f"{was.what}, 95% interval: recorded {was.interval}, now {now.interval}"


def _slack(figure: Figure) -> float:
    if figure.interval is None:
        return abs(figure.value) / 10
    return (figure.interval[1] - figure.interval[0]) / 4


def _alike(was: tuple[float, float], now: tuple[float, float] | None, slack: float) -> bool:
    return now is not None and all(
        abs(one - other) <= slack for one, other in zip(was, now, strict=True)
    )


def circumstances(*packages: str) -> Circumstances:
    """Those of this run; `packages` are the distributions whose version bears on the result."""
    return Circumstances(
        commit=_commit(),
        date=datetime.now(UTC).date(),
        processor=_processor(),
        cores=os.cpu_count() or 1,
        memory_gib=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        packages={name: version(name) for name in sorted(packages)},
    )


def _commit() -> str | None:
    if not (ROOT / ".git").exists():
        return None
    changed = _said("git", "status", "--porcelain", "--", ".", ":!eval/results", ":!README.md")
    return _said("git", "rev-parse", "--short=12", "HEAD") + "+" * bool(changed)


_INSTRUCTIONS = ("amx_int8", "avx512_vnni", "avx_vnni", "avx512f", "avx2", "i8mm", "asimddp")
"""Sets that products of int8 may have kernels for, newest first."""


def _processor() -> str:
    """Its name and the instructions that vectors are computed with: they round differently."""
    if platform.system() == "Darwin":
        return _said("sysctl", "-n", "machdep.cpu.brand_string")
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    known = {
        name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    has = known.get("flags", known.get("Features", "")).split()
    name = known.get("model name", platform.machine())
    return " with ".join([name, *[each for each in _INSTRUCTIONS if each in has][:1]])


def _said(*command: str) -> str:
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
