"""Findings, counted and one by one, and the taxonomy they follow."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api import reasons, view
from api.listing import CSV, Asking, as_csv, as_json, listed
from api.parameters import FilteredList, FindingId, ListParameters, MatrixParameters
from api.wire import Cell, Finding, FindingExplanation, Listing, Matrix, Tag

router = APIRouter(prefix="/v1", tags=["findings"])


@router.get("/findings", response_model=Listing[Finding], responses=CSV)
def findings(asked: Asking, parameters: Annotated[FilteredList, Query()]) -> Response:
    """Each finding in its sentence, with whose words they are and how they are put."""
    return listed(
        asked,
        parameters,
        records=asked.casebook.findings(parameters.filters()),
        show=lambda finding: view.finding(asked.casebook.shelf, finding),
        page=Listing[Finding],
    )


@router.get("/findings/matrix", response_model=Matrix, responses=CSV)
def matrix(asked: Asking, parameters: Annotated[MatrixParameters, Query()]) -> Response:
    """How many findings of each tag, by document, chapter, voice or stance, parted by stance."""
    casebook = asked.casebook
    cells = casebook.matrix(parameters.filters())
    counted = view.matrix(cells, by=parameters.by, generation=casebook.generation)
    if asked.wants_csv(parameters.format):
        return as_csv(counted.items, Cell)
    return as_json(counted)


@router.get("/findings/{id}", response_model=Finding)
def finding(asked: Asking, id: FindingId) -> Response:
    """One finding."""
    shelf = asked.casebook.shelf
    return as_json(view.finding(shelf, shelf.finding(id)))


@router.get("/findings/{id}/explanation", response_model=FindingExplanation)
def explanation(asked: Asking, id: FindingId) -> Response:
    """Why a finding was given: what weighed, by which rule, whose words and how put."""
    return as_json(reasons.explanation(asked.casebook, id))


@router.get("/taxonomy", response_model=Listing[Tag], responses=CSV)
def taxonomy(asked: Asking, parameters: Annotated[ListParameters, Query()]) -> Response:
    """The tags, what each covers, and how often it was found."""
    tags = view.tags(asked.casebook)
    return listed(asked, parameters, records=tags, show=lambda tag: tag, page=Listing[Tag])
