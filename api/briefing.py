"""Recommendations as a Markdown table to hand upwards: what was asked, why, what came of it."""

from collections.abc import Iterable, Iterator, Sequence

from api import wire

_HEAD = (
    "Document",
    "Recommendation",
    "To",
    "By",
    "Evidence",
    "Answer",
    "Latest",
)


def markdown(records: Iterable[wire.Recommendation]) -> Iterator[str]:
    """The table line by line; words are whole, on one line, with the table's own signs escaped."""
    yield _row(_HEAD)
    yield _row(["---"] * len(_HEAD))
    for record in records:
        yield _row(_cells(record))


def _cells(record: wire.Recommendation) -> Sequence[str]:
    number = f"**{record.number}** " if record.number else ""
    return (
        f"{record.citation.cite_as}",
        f"{number}{record.text} `{record.id}`",
        "; ".join(record.addressee),
        record.deadline or "",
        _evidence(record.evidence),
        "; ".join(_answer(each) for each in record.responses) or "no answer found",
        _latest(record.latest),
    )


def _evidence(evidence: wire.EvidenceCount) -> str:
    if not evidence.total:
        return "none found"
    bases = ", ".join(f"{count} {basis}" for basis, count in evidence.by_basis.items())
    return f"{bases}; first `{evidence.first}`"


def _answer(replied: wire.Replied) -> str:
    who = f"{replied.responder}: " if replied.responder else ""
    words = f" (“{replied.quotation}”)" if replied.quotation else ""
    return f"{who}{replied.status.replace('_', ' ')}{words}"


def _latest(event: wire.Event | None) -> str:
    return f"{event.dated}: {event.status} ({event.who})" if event else ""


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(map(_cell, cells))} |\n"


def _cell(words: str) -> str:
    return " ".join(words.split()).replace("\\", "\\\\").replace("|", "\\|")
