"""Recorded results as Markdown, for the generated parts of the README."""

from eval.results import Circumstances, Figure, Result, read

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


def _row(figure: Figure) -> str:
    cells = (figure.what, _goal(figure), _measured(figure), _verdict(figure))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _goal(figure: Figure) -> str:
    bounds = [(">=", figure.at_least), ("<=", figure.at_most)]
    return ", ".join(
        f"{sign} {quantity(bound, figure.unit)}" for sign, bound in bounds if bound is not None
    )


def _measured(figure: Figure) -> str:
    value = quantity(figure.value, figure.unit)
    return value if figure.of is None else f"{value} (of {figure.of:,})"


def _verdict(figure: Figure) -> str:
    if figure.at_least is None and figure.at_most is None:
        return ""
    return "reached" if figure.reached else "**not reached**"


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
