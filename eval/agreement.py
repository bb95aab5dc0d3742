"""How far two readers agree, beyond chance."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

SECOND_READING = "second-reading.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Regraded:
    """A paragraph judged twice for one question; 0 where a reader finds it of no help."""

    query_id: str
    paragraph: str
    first: int
    second: int


def second_reading(corpus: Path) -> tuple[Regraded, ...]:
    """Of pairs drawn by seed from those judged and those that three systems found besides."""
    lines = (corpus / SECOND_READING).read_text(encoding="utf-8").splitlines()
    return tuple(TypeAdapter(Regraded).validate_python(json.loads(line)) for line in lines)


def kappa(first: Sequence[int], second: Sequence[int], *, quadratic: bool = False) -> float:
    """Cohen's kappa, -1 to 1; with squared distance as weight (Cohen, 1968) where `quadratic`.

    1 where neither reader ever differs from the other, or from himself.
    """

    def distance(one: int, other: int) -> int:
        return (one - other) ** 2 if quadratic else int(one != other)

    of_first, of_second = Counter(first), Counter(second)
    observed = sum(map(distance, first, second)) * len(first)
    expected = sum(
        distance(one, other) * of_first[one] * of_second[other]
        for one in of_first
        for other in of_second
    )
    return 1 - observed / expected if expected else 1.0
