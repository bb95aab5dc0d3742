"""Checking quotations against the published words."""

from fastapi import APIRouter
from fastapi.responses import Response

from api import verifying
from api.listing import Asking, as_json
from api.parameters import VerifyParameters
from api.wire import Verification

router = APIRouter(prefix="/v1", tags=["verification"])


@router.post("/verify", response_model=Verification)
def verify(asked: Asking, parameters: VerifyParameters) -> Response:
    """Each quotation of a text: exact, altered, stitched, elsewhere or not found, and where."""
    prose = verifying.posted(parameters)
    claim = verifying.claim_of(
        asked.casebook, document=parameters.document, speaker=parameters.speaker
    )
    return as_json(verifying.verification(asked.casebook, prose, claim))
