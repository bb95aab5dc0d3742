"""Recommendations, and the words that justify them."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api import aftermath, selection, view
from api.listing import CSV, Asking, as_csv, as_json, listed
from api.parameters import Form, Id, LinkList, ListParameters, RecommendationList
from api.wire import Answered, Event, Evidence, Lineage, Link, Listing, Recommendation, Support

router = APIRouter(prefix="/v1", tags=["recommendations"])


@router.get("/recommendations", response_model=Listing[Recommendation], responses=CSV)
def recommendations(asked: Asking, parameters: Annotated[RecommendationList, Query()]) -> Response:
    """Formal recommendations and numbered conclusions, in their exact words."""
    return listed(
        asked,
        parameters,
        records=selection.recommendations(asked.casebook, parameters.document),
        show=lambda recommended: view.recommendation(asked.casebook.shelf, recommended),
        page=Listing[Recommendation],
    )


@router.get("/recommendations/{id}", response_model=Recommendation)
def recommendation(asked: Asking, id: Id) -> Response:
    """One recommendation."""
    casebook = asked.casebook
    return as_json(view.recommendation(casebook.shelf, casebook.recommendation(id)))


@router.get("/recommendations/{id}/evidence", response_model=Support, responses=CSV)
def support(asked: Asking, id: Id, parameters: Annotated[Form, Query()]) -> Response:
    """The passages that state it, that the document cites for it, or that motivate it."""
    casebook = asked.casebook
    found = view.support(casebook, casebook.recommendation(id))
    if asked.wants_csv(parameters.format):
        return as_csv(found.items, Evidence)
    return as_json(found)


@router.get("/recommendations/{id}/responses", response_model=Listing[Answered], responses=CSV)
def responses(asked: Asking, id: Id, parameters: Annotated[ListParameters, Query()]) -> Response:
    """How it was answered: in what words, to which of its duties, and on what the status rests."""
    shelf = asked.casebook.shelf
    return listed(
        asked,
        parameters,
        records=shelf.responses.get(shelf.recommendation(id).id, ()),
        show=lambda response: view.answered(shelf, response),
        page=Listing[Answered],
    )


@router.get("/recommendations/{id}/events", response_model=Listing[Event], responses=CSV)
def events(asked: Asking, id: Id, parameters: Annotated[ListParameters, Query()]) -> Response:
    """What somebody stated or did about it since, in order of date."""
    shelf = asked.casebook.shelf
    return listed(
        asked,
        parameters,
        records=shelf.events.get(shelf.recommendation(id).id, ()),
        show=lambda happened: aftermath.event(shelf, happened),
        page=Listing[Event],
    )


@router.get("/recommendations/{id}/lineage", response_model=Listing[Lineage], responses=CSV)
def lineage(asked: Asking, id: Id, parameters: Annotated[ListParameters, Query()]) -> Response:
    """Earlier recommendations that it follows, and later ones that follow it."""
    shelf = asked.casebook.shelf
    return listed(
        asked,
        parameters,
        records=shelf.lineage.get(shelf.recommendation(id).id, ()),
        show=lambda line: aftermath.lineage(shelf, line),
        page=Listing[Lineage],
    )


@router.get("/links", response_model=Listing[Link], responses=CSV)
def links(asked: Asking, parameters: Annotated[LinkList, Query()]) -> Response:
    """Which passage bears on which recommendation, how, and on what basis."""
    return listed(
        asked,
        parameters,
        records=selection.links(asked.casebook, parameters.document, parameters.recommendation),
        show=lambda link: view.link(asked.casebook, link),
        page=Listing[Link],
    )
