"""Recommendations, and the words that justify them."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api import selection, view
from api.listing import CSV, Asking, as_csv, as_json, listed
from api.parameters import Form, Id, LinkList, RecommendationList
from api.wire import Evidence, Link, Listing, Recommendation, Support

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
