"""Documents and their pages."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api import pages, view
from api.listing import CSV, Asking, as_json, listed
from api.parameters import Id, ListParameters, PageForm, PageParameters
from api.wire import Document, DocumentDetail, Listing, PageDetail

router = APIRouter(prefix="/v1/documents", tags=["documents"])


@router.get("", response_model=Listing[Document], responses=CSV)
def documents(asked: Asking, parameters: Annotated[ListParameters, Query()]) -> Response:
    """The documents of the corpus."""
    return listed(
        asked,
        parameters,
        records=list(asked.casebook.shelf.volumes.values()),
        show=partial(view.document, asked.casebook.shelf),
        page=Listing[Document],
    )


@router.get("/{id}", response_model=DocumentDetail)
def document(asked: Asking, id: Id) -> Response:
    """One document, its pages and what reading did to its words."""
    return as_json(view.document_detail(asked.casebook.shelf, asked.casebook.volume(id)))


@router.get(
    "/{id}/pages/{n}",
    response_model=PageDetail,
    responses={200: {"content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}}},
)
def page(asked: Asking, id: Id, n: int, parameters: Annotated[PageParameters, Query()]) -> Response:
    """A page of the file, from 1: its words, or its picture with a passage marked."""
    if _wants_picture(asked.request, parameters.format):
        seconds = asked.request.app.state.settings.page_image_seconds
        drawn = pages.image(asked.casebook, id, n, passage=parameters.passage, seconds=seconds)
        return Response(drawn, media_type="image/png")
    return as_json(pages.detail(asked.casebook, id, n))


def _wants_picture(request: Request, format: PageForm | None) -> bool:
    accepts = request.headers.get("accept", "")
    return format is PageForm.PNG or (format is None and "image/png" in accepts)
