"""What was measured, with what, where and when: one JSON file for each measurement."""

import os
import platform
import subprocess
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


def differences(recorded: Result, repeated: Result) -> list[str]:
    """The repeatable figures that came out otherwise the second time, one line each.

    An interval differs only from one that was recorded.
    """
    before = {figure.what: figure for figure in recorded.figures if figure.repeatable}
    after = {figure.what: figure for figure in repeated.figures if figure.repeatable}
    values = [(what, _value(before.get(what)), _value(after.get(what))) for what in before | after]
    intervals = [
        (f"{what}, 95% interval", before[what].interval, after[what].interval)
        for what in before
        if what in after and before[what].interval is not None
    ]
    return [
        f"{what}: recorded {was}, now {now}" for what, was, now in values + intervals if was != now
    ]


def _value(figure: Figure | None) -> float | None:
    return None if figure is None else figure.value


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


def _processor() -> str:
    if platform.system() == "Darwin":
        return _said("sysctl", "-n", "machdep.cpu.brand_string")
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.machine())


def _said(*command: str) -> str:
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
