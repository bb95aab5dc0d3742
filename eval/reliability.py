"""Whether findings are right as often as their confidence says: `python -m eval.reliability`.

Over the sentences written for development and over real ones of policing, in bins of equal width.
Recorded beside the other results, and drawn.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from eval.calibration import Series, series
from eval.charts import reliability_chart
from eval.findings import measure
from eval.inquiries import real_documents
from eval.results import FOLDER, Circumstances, circumstances

FILE, PICTURE = "calibration.json", "reliability.svg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    circumstances: Circumstances
    series: tuple[Series, ...]


_file = TypeAdapter(Reliability)


def reliability(folder: Path) -> Reliability:
    """Measured now, on all rows."""
    scores = measure(folder)
    return Reliability(
        circumstances=circumstances("numpy", "spacy"),
        series=(
            series("sentences for development", scores.answers),
            series("real sentences of policing", scores.real),
        ),
    )


def main() -> None:
    """Measures, records and draws."""
    found = reliability(real_documents())
    (FOLDER / FILE).write_bytes(_file.dump_json(found, indent=2) + b"\n")
    (FOLDER / PICTURE).write_text(reliability_chart(found.series), encoding="utf-8")
    print(FOLDER / PICTURE, file=sys.stderr)


if __name__ == "__main__":
    main()
