"""Many queries in, one ranking each out: the lines of `casebook batch`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from api.wire import Ranked
from index.casebook import Answer
from ingest.errors import BadQuery


@dataclass(frozen=True, slots=True)
class NumberedQuery:
    """A line of a file of queries."""

    id: str
    query: str


_QUERY = TypeAdapter(NumberedQuery)


def queries(lines: Iterable[str], *, name: str) -> Iterator[NumberedQuery]:
    """The queries of `{"id","query"}` lines, blank ones aside; raises BadQuery naming the line."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _query(line, place=f"{name}, line {number}")


def _query(line: str, *, place: str) -> NumberedQuery:
    try:
        query = _QUERY.validate_json(line)
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]["msg"]
        raise BadQuery(
            f"{place}: not a query ({wrong}).",
            remedy='Write one JSON object a line: {"id": "q1", "query": "flood plans"}.',
        ) from None
    if not query.query.strip():
        raise BadQuery(f"{place}: the query is empty.", remedy="Say what is looked for.")
    return query


def ranked(query_id: str, answer: Answer) -> Iterator[Ranked]:
    """The lines of one query's ranking, best first."""
    for rank, evidence in enumerate(answer.hits, start=1):
        citation = evidence.citation
        yield Ranked(
            query_id=query_id,
            rank=rank,
            score=evidence.hit.score if evidence.hit else 0.0,
            passage_id=evidence.passage.id,
            document=evidence.passage.document,
            source=citation.document.source,
            pdf_page=citation.pdf_page_start,
            pdf_page_end=citation.pdf_page_end,
            text=evidence.text,
        )
