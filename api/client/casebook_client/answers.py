"""Answers that are no success, and failures to get one, as errors."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx2
from pydantic import ValidationError

from casebook_client.connection import KEY_VARIABLE
from casebook_client.errors import (
    BadRequest,
    CasebookError,
    Gone,
    KeyRefused,
    NotFound,
    NotUnderstood,
    Refused,
    ServiceFailed,
    TooManyRequests,
    Unreachable,
)
from casebook_client.wire import Problem

_KEY_REMEDY = f"Give the key as Casebook(url, key=...) or in {KEY_VARIABLE}."

_PASSING = {429, 502, 503, 504}
"""Another try may fare better."""


def outcome(response: httpx2.Response) -> bytes | CasebookError:
    """The body of a success, else what went wrong."""
    return response.content if response.is_success else _failure(response)


def unreachable(error: httpx2.RequestError, url: str) -> Unreachable:
    """Why there was no answer."""
    if isinstance(error, httpx2.TimeoutException):
        return Unreachable(
            f"{url} did not answer in time.", remedy="Ask for less, or give a longer timeout."
        )
    return Unreachable(
        f"{url} does not answer ({error}).",
        remedy="Check the address, and that `casebook serve` runs there.",
    )


def _failure(response: httpx2.Response) -> CasebookError:
    problem = _problem(response)
    status = response.status_code
    said = (
        problem.detail
        if problem
        else f"The service answered {f'{status} {_phrase(status)}'.strip()}."
    )
    if status in (401, 403) and _wants_key(response):
        return KeyRefused(said, remedy=_KEY_REMEDY)
    if status == 404 and problem:
        return NotFound(said)
    if status == 404:
        return NotUnderstood(
            f"{response.url} is not there.",
            remedy="Give the address of a Casebook service, without a path.",
        )
    if status == 410:
        return Gone(said)
    if status == 403:
        return Refused(said)
    if status == 429:
        return TooManyRequests(said, seconds=_wait(response))
    if status >= 500:
        return ServiceFailed(said, seconds=_wait(response), passing=status in _PASSING)
    faults = problem.errors if problem else []
    return BadRequest(said, fields={fault.field: fault.message for fault in faults})


def _wants_key(response: httpx2.Response) -> bool:
    return "www-authenticate" in response.headers


def _problem(response: httpx2.Response) -> Problem | None:
    if response.headers.get("content-type") != "application/problem+json":
        return None
    try:
        return Problem.model_validate_json(response.content)
    except ValidationError:
        return None


def _phrase(status: int) -> str:
    return next((known.phrase for known in HTTPStatus if known == status), "")


def _wait(response: httpx2.Response) -> float | None:
    """Seconds of the Retry-After header, which may be a date instead; None where it is neither."""
    said = response.headers.get("retry-after", "")
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return None
    # A date without a zone is in UTC.
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
