"""Passages: the words themselves, what stands around them and what is like them."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse, Response

from api import selection, view
from api.former import present
from api.listing import CSV, Asking, Responses, as_json, listed
from api.parameters import ContextParameters, FilteredList, Id, Neighbours
from api.wire import Context, Evidence, Listing
from ingest.errors import UnknownId

router = APIRouter(prefix="/v1/passages", tags=["passages"])

_MOVED: Responses = {301: {"description": "The words of this id are now under another one."}}


@router.get("", response_model=Listing[Evidence], responses=CSV)
def passages(asked: Asking, parameters: Annotated[FilteredList, Query()]) -> Response:
    """Every passage that matches, in the order of its document."""
    casebook = asked.casebook
    return listed(
        asked,
        parameters,
        records=selection.passages(casebook, parameters.filters()),
        show=lambda passage: view.evidence(casebook.passage(passage.id)),
        page=Listing[Evidence],
    )


@router.get("/{id}", response_model=Evidence, responses=_MOVED)
def passage(asked: Asking, id: Id) -> Response:
    """One passage; an id whose words have moved leads to where they are now."""
    try:
        return as_json(view.evidence(asked.casebook.passage(id)))
    except UnknownId:
        now = view.permalink("passages", present(asked.casebook, id))
        return RedirectResponse(now, status_code=301)


@router.get("/{id}/context", response_model=Context)
def context(asked: Asking, id: Id, parameters: Annotated[ContextParameters, Query()]) -> Response:
    """The passage, and those before and after it in its document, nearest first."""
    around = asked.casebook.context(id, reach=parameters.reach)
    return as_json(view.context(around))


@router.get("/{id}/similar", response_model=Listing[Evidence], responses=CSV)
def similar(asked: Asking, id: Id, parameters: Annotated[Neighbours, Query()]) -> Response:
    """Passages whose words mean most nearly the same, nearest first."""
    near = asked.casebook.similar(id, parameters.k)
    return listed(asked, parameters, records=near, show=view.evidence, page=Listing[Evidence])
