"""Whether findings are right as often as their confidence says: `python -m eval.reliability`.

Over the sentences written for development and over real ones of policing, in bins of equal width.
Recorded beside the other results, and drawn.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from eval.findings import Answer, binned, calibration_error, confidences, measure
from eval.inquiries import real_documents
from eval.results import FOLDER, Circumstances, circumstances
from eval.significance import wilson

FILE, PICTURE = "calibration.json", "reliability.svg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Findings of about the same confidence."""

    findings: int
    said: float
    """Mean confidence."""
    right: float
    """Share of them whose tag the coder gave too."""
    low: float
    high: float
    """Ends of its 95% interval (Wilson 1927)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The findings of one set of sentences."""

    name: str
    error: float
    """Expected calibration error."""
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    circumstances: Circumstances
    series: tuple[Series, ...]


_file = TypeAdapter(Reliability)


def bins(answers: Sequence[Answer]) -> Iterator[Bin]:
    """From the least confident; those that hold nothing are left out."""
    for held in binned(confidences(answers)):
        if held:
            right = sum(is_right for _, is_right in held)
            low, high = wilson(right, len(held))
            yield Bin(
                findings=len(held),
                said=round(sum(sure for sure, _ in held) / len(held), 4),
                right=round(right / len(held), 4),
                low=round(low, 4),
                high=round(high, 4),
            )


def series(name: str, answers: Sequence[Answer]) -> Series:
    """Of these sentences."""
    error = round(calibration_error(answers), 4)
    return Series(name=name, error=error, bins=tuple(bins(answers)))


def reliability(folder: Path) -> Reliability:
    """Measured now, on all rows."""
    scores = measure(folder, confirmed=False)
    return Reliability(
        circumstances=circumstances("numpy", "spacy"),
        series=(
            series("sentences for development", scores.answers),
            series("real sentences of policing", scores.real),
        ),
    )


def main() -> None:
    """Measures, records and draws."""
    from eval.charts import reliability_chart

    found = reliability(real_documents())
    (FOLDER / FILE).write_bytes(_file.dump_json(found, indent=2) + b"\n")
    (FOLDER / PICTURE).write_text(reliability_chart(found), encoding="utf-8")
    print(FOLDER / PICTURE, file=sys.stderr)


if __name__ == "__main__":
    main()
