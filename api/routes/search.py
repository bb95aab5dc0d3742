"""Searching: one question, or many at once."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api import runs, view
from api.listing import CSV, Asking, as_csv, as_json
from api.parameters import DEEPEST, BatchParameters, SearchParameters
from api.wire import Answer, Evidence, Ranked, Run

router = APIRouter(prefix="/v1", tags=["search"])


@router.get("/search", response_model=Answer, responses=CSV)
async def search(asked: Asking, parameters: Annotated[SearchParameters, Query()]) -> Response:
    """Cited, recommendation-linked evidence, best first."""
    return await asked.turns.take(_answer, asked, parameters)


@router.post("/search", response_model=Answer, responses=CSV)
async def search_posted(asked: Asking, parameters: SearchParameters) -> Response:
    """The same, asked in a body: nothing of the question stays in an address or its logs."""
    return await asked.turns.take(_answer, asked, parameters)


def _answer(asked: Asking, parameters: SearchParameters) -> Response:
    cursors = asked.cursors(parameters.question(), furthest=DEEPEST)
    begin = cursors.offset(parameters.cursor)
    answer = asked.casebook.search(parameters.query(begin))
    # The words of a query need not rank every passage that passes its filters.
    more = len(answer.hits) == parameters.k
    following = cursors.after(begin + parameters.k, total=answer.total) if more else None
    shown = view.answer(answer, following=following)
    if asked.wants_csv(parameters.format):
        return as_csv(shown.hits, Evidence, next_page=asked.address(following))
    return as_json(shown)


@router.post("/search/batch", response_model=Run, responses=CSV)
def batch(asked: Asking, parameters: BatchParameters) -> Response:
    """Many questions at once: a ranking for each, in the order asked."""
    ranked = [
        line
        for query in parameters.queries
        for line in runs.ranked(query.id, asked.casebook.search(parameters.query(query.query)))
    ]
    if asked.wants_csv(parameters.format):
        return as_csv(ranked, Ranked)
    return as_json(Run(generation=asked.casebook.generation, items=ranked))
