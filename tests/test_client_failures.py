"""What goes wrong on the way is tried again where that helps, and told in words where not."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from inspect import signature
from pathlib import Path

import httpx2
import pytest
from casebook_client.asynchronous import AsyncCasebook
from casebook_client.casebook import Casebook
from casebook_client.connection import KEY_VARIABLE
from casebook_client.errors import (
    BadRequest,
    CannotOpen,
    CasebookError,
    KeyRefused,
    NotUnderstood,
    PackageMissing,
    Refused,
    ServiceFailed,
    TooManyRequests,
    Unreachable,
    UnsafeKey,
)
from casebook_client.retries import Retries
from casebook_client.wire import Document, Listing, Problem
from httpx2 import MockTransport, Request, Response

LISTED = Response(
    200, json=Listing[Document](total=0, generation="g", items=[], next=None).model_dump()
)
AT_ONCE = Retries(attempts=3, first_seconds=0.0)


def problem(status: int, headers: dict[str, str] | None = None) -> Response:
    told = Problem(type="urn:x", title="No", status=status, detail="Said in words.")
    kind = {"content-type": "application/problem+json", **(headers or {})}
    return Response(status, content=told.model_dump_json(), headers=kind)


class Played:
    """A service that gives these answers one after the other, and counts the requests."""

    def __init__(self, answers: Sequence[Response | httpx2.RequestError]) -> None:
        self._left = list(answers)
        self.requests: list[Request] = []

    def __call__(self, request: Request) -> Response:
        self.requests.append(request)
        answer = self._left.pop(0)
        if isinstance(answer, httpx2.RequestError):
            raise answer
        # Anew each time: a response can be read once.
        return Response(answer.status_code, headers=answer.headers, content=answer.content)


def _waiting(played: Played, retries: Retries = AT_ONCE) -> None:
    with Casebook(transport=MockTransport(played), retries=retries, key="") as casebook:
        casebook.documents()


def _awaiting(played: Played, retries: Retries = AT_ONCE) -> None:
    async def ask() -> None:
        transport = MockTransport(played)
        async with AsyncCasebook(transport=transport, retries=retries, key="") as casebook:
            await casebook.documents()

    asyncio.run(ask())


Asking = Callable[[Played, Retries], None]
both = pytest.mark.parametrize("ask", [_waiting, _awaiting])


@both
@pytest.mark.parametrize(
    "failure",
    [httpx2.ConnectError("refused"), httpx2.ReadTimeout("late"), problem(429), problem(503)],
    ids=repr,
)
def test_what_may_pass_is_asked_again(ask: Asking, failure: Response | httpx2.RequestError) -> None:
    played = Played([failure, failure, LISTED])
    ask(played, AT_ONCE)
    assert len(played.requests) == 3


@both
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (problem(400), BadRequest),
        (problem(401, {"www-authenticate": "Bearer"}), KeyRefused),
        (problem(403, {"www-authenticate": "Bearer"}), KeyRefused),
        (problem(403), Refused),
        (problem(500), ServiceFailed),
        (Response(404), NotUnderstood),
        (Response(200, content=b"<html>"), NotUnderstood),
    ],
)
def test_what_will_not_pass_is_said_at_once(
    ask: Asking, answer: Response, error: type[CasebookError]
) -> None:
    played = Played([answer])
    with pytest.raises(error):
        ask(played, AT_ONCE)
    assert len(played.requests) == 1


@both
@pytest.mark.parametrize(
    ("answer", "error"),
    [(problem(429), TooManyRequests), (httpx2.ConnectError("refused"), Unreachable)],
)
def test_patience_ends(
    ask: Asking, answer: Response | httpx2.RequestError, error: type[CasebookError]
) -> None:
    played = Played([answer] * 3)
    with pytest.raises(error):
        ask(played, AT_ONCE)
    assert not played.requests[3:]


def test_a_wait_that_is_too_long_is_left_to_the_caller() -> None:
    played = Played([problem(429, {"retry-after": "3600"})])
    with pytest.raises(TooManyRequests) as caught:
        _waiting(played)
    assert caught.value.seconds == 3600


@pytest.mark.parametrize(
    ("said", "least", "most"),
    [
        (lambda: "7", 7, 7),
        (lambda: format_datetime(datetime.now(UTC) + timedelta(hours=1)), 3_590, 3_600),
        (lambda: format_datetime(datetime.now(UTC) - timedelta(hours=1)), 0, 0),
    ],
)
def test_a_wait_may_be_told_in_seconds_or_as_a_date(
    said: Callable[[], str], least: float, most: float
) -> None:
    with pytest.raises(TooManyRequests) as caught:
        _waiting(Played([problem(429, {"retry-after": said()})]), Retries(attempts=1))
    assert caught.value.seconds is not None
    assert least <= caught.value.seconds <= most


@pytest.mark.parametrize("said", ["soon", "", "nan days"])
def test_a_wait_that_cannot_be_read_is_none(said: str) -> None:
    with pytest.raises(TooManyRequests) as caught:
        _waiting(Played([problem(429, {"retry-after": said})]), Retries(attempts=1))
    assert caught.value.seconds is None


def test_the_service_says_how_long_to_wait() -> None:
    told = TooManyRequests("Slow down.", seconds=7.0)
    assert Retries().pause(1, told) == 7.0


def test_each_wait_is_longer_and_none_is_endless() -> None:
    retries = Retries(attempts=20, first_seconds=1.0, longest_seconds=8.0)
    waits = [retries.pause(attempt, Unreachable("Gone.")) for attempt in range(1, 20)]
    bounds = [min(2.0**doubling, 8.0) for doubling in range(19)]
    for wait, bound in zip(waits, bounds, strict=True):
        assert wait is not None
        assert bound / 2 <= wait <= bound
    assert retries.pause(20, Unreachable("Gone.")) is None


def test_an_address_that_nobody_answers_at_is_named() -> None:
    with (
        Casebook("http://127.0.0.1:9", retries=Retries(attempts=1), key="") as casebook,
        pytest.raises(Unreachable, match=r"127\.0\.0\.1:9.*casebook serve"),
    ):
        casebook.documents()


@pytest.mark.parametrize("url", ["", "localhost:8000", "ftp://example.org", "http://"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(BadRequest, match="not the address"):
        Casebook(url)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(BadRequest, match=r"example\.org.*give a key") as caught:
        Casebook("http://me:secret@example.org")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("key", ["se cret", "se\ncret", "se\u00e9cret", "\u2019secret"])
def test_what_is_no_key_is_refused_and_not_repeated(key: str) -> None:
    with pytest.raises(BadRequest, match="copy it again") as caught:
        Casebook(key=key)
    assert "cret" not in str(caught.value)


def test_a_key_is_shown_to_the_service() -> None:
    played = Played([LISTED])
    with Casebook(transport=MockTransport(played), key="secret") as casebook:
        casebook.documents()
    assert played.requests[0].headers["authorization"] == "Bearer secret"


def test_a_key_never_goes_where_others_can_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "secret")
    with pytest.raises(UnsafeKey, match="https"):
        Casebook("http://casebook.example.org")
    Casebook("https://casebook.example.org").close()
    Casebook("http://localhost:8000").close()


@pytest.mark.parametrize("package", ["pandas", "polars"])
def test_a_missing_package_is_named(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with Casebook(transport=MockTransport(Played([LISTED])), key="") as casebook:
        documents = casebook.documents()
    with pytest.raises(PackageMissing, match=f"casebook-client\\[{package}\\]"):
        documents.to_pandas() if package == "pandas" else documents.to_polars()


def test_without_the_engine_nothing_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "api.app", None)
    with pytest.raises(CannotOpen, match="casebook-engine"):
        Casebook.open(".casebook")


def test_a_data_directory_that_is_not_there_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match="casebook build"):
        Casebook.open(tmp_path)


def test_a_file_in_place_of_a_data_directory_says_what_to_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotOpen, match="casebook build"):
        Casebook.open(tmp_path / "file")


def test_long_work_tells_how_far_it_is() -> None:
    def page(number: int, *, last: bool = False) -> Response:
        cursor = None if last else str(number)
        listing = Listing[Document](total=3, generation="g", items=[], next=cursor)
        return Response(200, json=listing.model_dump())

    told: list[tuple[int, int]] = []
    played = Played([page(1), page(2), page(3, last=True)])
    transport = MockTransport(played)
    with Casebook(
        transport=transport, key="", progress=lambda done, total: told.append((done, total))
    ) as casebook:
        casebook.documents()
    assert len(told) == 3


def test_both_clients_ask_alike() -> None:
    waiting = {name for name in vars(Casebook) if not name.startswith("_")} - {"close"}
    awaiting = {name for name in vars(AsyncCasebook) if not name.startswith("_")} - {"aclose"}
    assert waiting == awaiting
    for name in waiting:
        ours, theirs = getattr(Casebook, name), getattr(AsyncCasebook, name)
        assert signature(ours) == signature(theirs)
        assert ours.__doc__ == theirs.__doc__
