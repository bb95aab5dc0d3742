"""Citations, in the styles that other programs read."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.citing import MEDIA_TYPES, cited
from api.listing import Asking, Responses
from api.parameters import CiteParameters, Id

router = APIRouter(prefix="/v1/citations", tags=["citations"])

_STYLES: Responses = {
    200: {"content": {kind: {"schema": {"type": "string"}} for kind in MEDIA_TYPES.values()}}
}


@router.get("/{id}", response_class=Response, responses=_STYLES)
def citation(asked: Asking, id: Id, parameters: Annotated[CiteParameters, Query()]) -> Response:
    """The citation of a passage, recommendation or document."""
    written = cited(asked.casebook, id, parameters.style)
    return Response(written.content, media_type=written.media_type)
