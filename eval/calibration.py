"""How often findings are right, by the confidence they are given with."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from eval.findings import Answer
from eval.significance import wilson

_BINS = 10


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


def series(name: str, answers: Sequence[Answer]) -> Series:
    """Of these sentences."""
    error = round(calibration_error(answers), 4)
    return Series(name=name, error=error, bins=tuple(bins(answers)))


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


def calibration_error(answers: Iterable[Answer]) -> float:
    """Expected calibration error of the confidences, over bins of equal width."""
    pairs = confidences(answers)
    return sum(
        abs(sum(sure for sure, _ in within) - sum(right for _, right in within))
        for within in binned(pairs)
    ) / max(len(pairs), 1)


def confidences(answers: Iterable[Answer]) -> list[tuple[float, bool]]:
    """Of each tag given, how sure, and whether it is right."""
    return [
        (max(f.confidence for f in answer.tagged.findings if f.tag == tag), tag in answer.wanted)
        for answer in answers
        for tag in sorted(answer.given)
    ]


def binned(pairs: Sequence[tuple[float, bool]]) -> Iterator[list[tuple[float, bool]]]:
    """By confidence, in ten bins of equal width, the lowest first."""
    for number in range(_BINS):
        yield [pair for pair in pairs if min(int(pair[0] * _BINS), _BINS - 1) == number]
