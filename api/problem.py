"""Every error of the service as `application/problem+json` (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from api.wire import Fault, Problem
from ingest.errors import (
    BadQuery,
    CasebookError,
    HeldElsewhere,
    LibraryError,
    NotBuilt,
    ServiceError,
    SourceError,
    StaleData,
    UnknownId,
)

MEDIA_TYPE = "application/problem+json"


class Refused(CasebookError):
    """What was asked for exists and is not given out: its licence does not allow it."""


class StaleCursor(BadQuery):
    """The cursor belongs to an index that has been replaced."""


class Gone(UnknownId):
    """An id that was once issued, whose words are no longer there or no longer the same."""


class NotAcceptable(BadQuery):
    """The object has no such form."""


_STATUS: tuple[tuple[type[CasebookError], int], ...] = (
    (Gone, 410),
    (UnknownId, 404),
    (StaleCursor, 410),
    (NotAcceptable, 406),
    (BadQuery, 400),
    (Refused, 403),
    (NotBuilt, 503),
    (HeldElsewhere, 503),
    (StaleData, 503),
    (ServiceError, 503),
    (LibraryError, 500),
    (SourceError, 500),
)


def problem(status: int, detail: str, *, kind: str = "", faults: Sequence[Fault] = ()) -> Problem:
    """The problem of an HTTP status; `kind` names it more closely than the status does."""
    title = HTTPStatus(status).phrase
    name = kind or title.lower().replace(" ", "-")
    return Problem(
        type=f"urn:casebook:problem:{name}",
        title=title,
        status=status,
        detail=detail,
        errors=list(faults),
    )


def as_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """The problem as a response of its status."""
    return Response(
        content=problem.model_dump_json(),
        status_code=problem.status,
        headers=dict(headers or {}),
        media_type=MEDIA_TYPE,
    )


def answer_errors(app: FastAPI) -> None:
    """Makes every error that `app` foresees a problem; a defect is the telemetry's to answer."""
    app.add_exception_handler(CasebookError, _deliberate)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


def _status(error: CasebookError) -> int:
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def _kind(error: CasebookError) -> str:
    """`UnknownId` as `unknown-id`."""
    name = type(error).__name__
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")


def told(error: CasebookError) -> Response:
    """A deliberate error as a response."""
    status = _status(error)
    headers = {"Retry-After": "5"} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    return as_response(problem(status, str(error), kind=_kind(error)), headers)


def _deliberate(_: Request, error: Exception) -> Response:
    if not isinstance(error, CasebookError):
        raise error
    return told(error)


def _invalid(_: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    faults = [
        Fault(field=".".join(str(part) for part in fault["loc"]), message=fault["msg"])
        for fault in error.errors()
    ]
    detail = "; ".join(f"{fault.field}: {fault.message}" for fault in faults[:3])
    return as_response(problem(422, detail, kind="invalid-request", faults=faults))


def _http(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    details = {
        404: "There is nothing at this address; the routes are listed at /openapi.json.",
        405: "This address does not take this method; the Allow header lists those it takes.",
    }
    detail = details.get(error.status_code, str(error.detail))
    return as_response(problem(error.status_code, detail), error.headers)
