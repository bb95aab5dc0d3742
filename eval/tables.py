"""Recorded results as Markdown, for the generated parts of the README."""

from collections.abc import Iterator, Sequence

from eval import timing
from eval.results import Circumstances, Figure, Result, read
from eval.timing import SERVED, Latency

UNMEASURED = "*Not measured yet: no result has been recorded.*"


def table(name: str) -> str:
    """The figures of a recorded result beside their goals, and what they were measured with."""
    result = read(name)
    return UNMEASURED if result is None else rendered(result)


def rendered(result: Result) -> str:
    """The same for a result in hand."""
    lines = [
        f"| {result.title} | goal | measured | |",
        "|---|---|---|---|",
        *(_row(figure) for figure in result.figures),
        "",
        _provenance(result.circumstances),
    ]
    return "\n".join(lines)


def latency_table(recorded: Sequence[Latency] | None = None) -> str:
    """Median and p95 of a question to each system, by size, with their ratio to Casebook's."""
    sizes = timing.read() if recorded is None else recorded
    if not sizes:
        return UNMEASURED
    systems = dict.fromkeys(each.system for size in sizes for each in size.timings)
    lines = [
        "| one question, median / p95 in ms (p95 times Casebook's) | "
        + " | ".join(f"{size.passages:,} passages" for size in sizes)
        + " |",
        "|---" * (len(sizes) + 1) + "|",
        *(
            f"| {system} | " + " | ".join(_asked(size, system) for size in sizes) + " |"
            for system in systems
        ),
        "",
        *dict.fromkeys(_provenance(size.circumstances) for size in sizes),
    ]
    return "\n".join(lines)


def _asked(size: Latency, system: str) -> str:
    found = {each.system: each for each in size.timings}
    if system not in found:
        return ""
    asked, served = found[system], found[SERVED]
    times = f"{quantity(asked.median, '')} / {quantity(asked.p95, '')}"
    return times if system == SERVED else f"{times} ({asked.p95 / served.p95:.2g})"


def plain_row(figure: Figure) -> tuple[str, str, str, str]:
    """What was measured, its goal, its value, and whether that was reached."""
    reached = "reached" if figure.reached else "not reached"
    has_goal = figure.at_least is not None or figure.at_most is not None
    return figure.what, _goal(figure), _measured(figure), reached if has_goal else ""


def _row(figure: Figure) -> str:
    *cells, verdict = plain_row(figure)
    shown = f"**{verdict}**" if verdict == "not reached" else verdict
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in (*cells, shown)) + " |"


def _goal(figure: Figure) -> str:
    bounds = [(">=", figure.at_least), ("<=", figure.at_most)]
    return ", ".join(
        f"{sign} {quantity(bound, figure.unit)}" for sign, bound in bounds if bound is not None
    )


def _measured(figure: Figure) -> str:
    value = quantity(figure.value, figure.unit)
    told = [*_interval(figure), *_cases(figure)]
    return f"{value} ({'; '.join(told)})" if told else value


def _interval(figure: Figure) -> Iterator[str]:
    if figure.interval is not None:
        low, high = figure.interval
        yield f"{quantity(low, '')} to {quantity(high, figure.unit)}"


def _cases(figure: Figure) -> Iterator[str]:
    """How many there are; and of a share with an interval, whose cases are few, how many count."""
    if figure.of is not None:
        is_share = figure.interval is not None and figure.unit == "%"
        count = f"{figure.value * figure.of / 100:,.0f} " if is_share else ""
        yield f"{count}of {figure.of:,}"


def quantity(value: float, unit: str) -> str:
    """As people write it: `12,345 ms`, `0.7 ms`, `99.9981%` (never rounded up to 100%)."""
    if unit == "%":
        return f"{value:.7g}%"
    number = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return f"{number} {unit}".rstrip()


def _provenance(about: Circumstances) -> str:
    packages = ", ".join(f"{name} {version}" for name, version in about.packages.items())
    return (
        f"Measured {about.date:%d %B %Y} at commit {about.commit or 'unknown'} on "
        f"{about.processor}, {about.cores} cores, {about.memory_gib:g} GiB, {about.system}, "
        f"Python {about.python}{', ' * bool(packages)}{packages}."
    )
