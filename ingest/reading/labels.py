"""Labels scattered over a picture: organograms, timelines and maps whose words are live type."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ingest.model import Span
from ingest.reading.glyphs import Run

LEAST_CLASHES = 6
"""Rows that overlap the next before they are taken for scattered labels; notes may raise one."""
CLOSE = 8
"""Rows from one clash to the next, at most."""
LARGER = 1.6
"""Type size over that of the labels that makes a row a heading or caption among them."""
LONGEST = 30
"""Characters of the usual label; lines of columns set out of step are longer."""


def scattered(rows: Sequence[Sequence[Run]]) -> list[Span]:
    """Stretches of rows, by index, that share no common lines; `rows` from the top down."""
    clashes = [at for at, (above, below) in enumerate(pairwise(rows)) if _clash(above, below)]
    clusters: list[list[int]] = []
    for at in clashes:
        if clusters and _near(rows[clusters[-1][-1] : at + 2]):
            clusters[-1].append(at)
        else:
            clusters.append([at])
    return [
        Span(cluster[0], cluster[-1] + 2)
        for cluster in clusters
        if len(cluster) >= LEAST_CLASHES and _are_labels(rows[cluster[0] : cluster[-1] + 2])
    ]


def _clash(above: Sequence[Run], below: Sequence[Run]) -> bool:
    size = min(run.style.size for run in (*above, *below))
    pitch = min(run.baseline for run in below) - max(run.baseline for run in above)
    return pitch < 0.6 * size and max(_size(above), _size(below)) < LARGER * size


def _near(between: Sequence[Sequence[Run]]) -> bool:
    """Whether no more than a few rows, and none of larger type, lie from one clash to the next."""
    return len(between) <= CLOSE and max(map(_size, between)) < LARGER * _size(between[0])


def _size(row: Sequence[Run]) -> float:
    return max(run.style.size for run in row)


def _are_labels(rows: Sequence[Sequence[Run]]) -> bool:
    return median(len(run.text) for row in rows for run in row) < LONGEST


def labels(rows: Sequence[Sequence[Run]]) -> list[list[Run]]:
    """The labels from the top down, each with its lines in order."""
    found: list[list[Run]] = []
    for run in (run for row in rows for run in row):
        home = next((label for label in reversed(found) if _goes_on(label[-1], run)), None)
        if home is None:
            found.append([run])
        else:
            home.append(run)
    return found


def _goes_on(above: Run, below: Run) -> bool:
    """Whether a run is the next line of a label: set tight under it in the same type."""
    size = above.style.size
    shared = min(above.box.x1, below.box.x1) - max(above.box.x0, below.box.x0)
    narrower = min(above.box.x1 - above.box.x0, below.box.x1 - below.box.x0)
    return (
        abs(below.style.size - size) <= 0.15 * size
        and 0.6 * size < below.baseline - above.baseline < 1.4 * size
        and shared > 0.6 * narrower
    )
