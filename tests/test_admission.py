"""Who may ask what, and how often: every route with every kind of key."""

import json
import logging
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest
from casebook_client.casebook import Casebook
from casebook_client.errors import KeyRefused, TooManyRequests
from casebook_client.retries import Retries
from fastapi import FastAPI
from fastapi.testclient import TestClient
from harbour import GATES, RECOMMENDATION, REVIEW
from httpx2 import Response
from loopback import serving
from pydantic import JsonValue
from toyembedder import ToyEmbedder

from api import keys
from api.admission import ANYBODY, Terms, caller
from api.app import service
from api.keys import Keyring, NoKeys
from api.openapi import COMMITTED
from api.rates import MOST_CALLERS, Allowance
from api.serving import ADDRESS_REQUESTS_PER_MINUTE, KEY_REQUESTS_PER_MINUTE, agreed
from api.settings import Settings
from api.telemetry import JsonLines
from index.casebook import Live
from index.edge import EdgeEngine

CONTACT = "keys@example.org"


@pytest.fixture(scope="module")
def live(harbour: Path) -> Live:
    return Live(harbour, embedder=ToyEmbedder(), engine=EdgeEngine())


@pytest.fixture(scope="module")
def keyring(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    return Keyring(tmp_path_factory.mktemp("keys") / "keys.json")


@pytest.fixture(scope="module")
def headers(keyring: Keyring) -> dict[str, list[tuple[str, str]]]:
    """What each kind of caller sends."""
    read, admin, revoked = (
        keyring.add(name, scope)[1]
        for name, scope in (
            ("reader", keys.Scope.READ),
            ("operator", keys.Scope.ADMIN),
            ("former", keys.Scope.ADMIN),
        )
    )
    keyring.revoke("former")
    sent = {
        "read": f"Bearer {read}",
        "read, in small letters": f"bearer  {read}",
        "admin": f"Bearer {admin}",
        "unknown": f"Bearer {keys.PREFIX}{'x' * 43}",
        "part of a key": f"Bearer {admin[:-1]}",
        "revoked": f"Bearer {revoked}",
        "no scheme": admin,
        "another scheme": f"Basic {admin}",
        "no key": "Bearer ",
        "endless": f"Bearer {admin * 100}",
        "the hash": f"Bearer {keyring.known()[1].sha256}",
        "not ASCII": "Bearer \u00e9\u00ff",
    }
    named = {name: [("Authorization", value)] for name, value in sent.items()}
    twice = [("Authorization", f"Bearer {admin}"), ("Authorization", "Bearer other")]
    return {"none": [], "twice": twice, **named}


KINDS = {
    **{"read": 200, "read, in small letters": 200, "admin": 200},
    **dict.fromkeys(("none", "unknown", "part of a key", "revoked", "no scheme"), 401),
    **dict.fromkeys(("another scheme", "no key", "endless", "the hash", "twice", "not ASCII"), 401),
}
"""What each kind of key gets where a read key will do."""

OPEN = {"/livez", "/readyz", "/version", "/openapi.json"}
ADMIN = {"/metrics"}

IDS = {
    "/v1/passages": GATES,
    "/v1/findings": f"{GATES}:leadership_governance:board-had-no-plan",
    "/v1/documents": REVIEW,
    "/v1/recommendations": RECOMMENDATION,
    "/v1/citations": GATES,
}
BODIES: dict[str, JsonValue] = {
    "/v1/search": {"q": "flood"},
    "/v1/search/batch": {"queries": [{"id": "a", "query": "flood"}]},
    "/v1/verify": {"quotation": "The board had no plan for a flood"},
}


def _routes() -> Iterator[tuple[str, str]]:
    """Every route of the contract, and what is served beside it."""
    document = cast(dict[str, dict[str, dict[str, JsonValue]]], json.loads(COMMITTED.read_text()))
    for path, operations in document["paths"].items():
        yield from ((method.upper(), path) for method in operations)
    yield from (("GET", "/openapi.json"), ("GET", "/v1/nothing"), ("GET", "/"))


def _send(client: TestClient, method: str, path: str, sent: list[tuple[str, str]]) -> Response:
    noun = "/".join(path.split("/")[:3])
    address = path.format(id=IDS.get(noun), n=1)
    if path == "/v1/search" and method == "GET":
        address += "?q=flood"
    body = BODIES[path] if method == "POST" else None
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in sent]
    return client.request(method, address, json=body, headers=encoded)


@contextmanager
def _asked(live: Live, terms: Terms) -> Generator[TestClient]:
    with TestClient(service(live, Settings(), terms)) as client:
        yield client


@pytest.fixture(scope="module")
def guarded(live: Live, keyring: Keyring) -> Iterator[TestClient]:
    with _asked(live, Terms(keyring=keyring, contact=CONTACT)) as client:
        yield client


@pytest.fixture(scope="module")
def unguarded(live: Live) -> Iterator[TestClient]:
    with _asked(live, ANYBODY) as client:
        yield client


def _expected(path: str, kind: str) -> int:
    if path in OPEN:
        return 200
    if path in ADMIN and kind.startswith("read"):
        return 403
    missing = path in ("/", "/v1/nothing")
    return 404 if missing and KINDS[kind] == 200 else KINDS[kind]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("method", "path"), list(_routes()))
def test_every_route_answers_every_kind_of_key(
    guarded: TestClient,
    headers: dict[str, list[tuple[str, str]]],
    *,
    method: str,
    path: str,
    kind: str,
) -> None:
    answer = _send(guarded, method, path, headers[kind])
    assert answer.status_code == _expected(path, kind)
    if answer.status_code in (401, 403):
        told = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"].startswith('Bearer realm="casebook"')
        assert answer.headers["x-robots-tag"] == "noindex"
        assert told["status"] == answer.status_code
        assert set(told) == {"type", "title", "status", "detail", "errors"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("method", "path"), list(_routes()))
def test_without_keys_a_header_makes_no_difference(
    unguarded: TestClient,
    headers: dict[str, list[tuple[str, str]]],
    *,
    method: str,
    path: str,
    kind: str,
) -> None:
    answer = _send(unguarded, method, path, headers[kind])
    assert answer.status_code == (404 if path in ("/", "/v1/nothing") else 200)


def test_every_kind_of_key_was_tried(headers: dict[str, list[tuple[str, str]]]) -> None:
    assert set(headers) == set(KINDS)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("none", r"wants a key, sent as `Authorization: Bearer KEY`; ask keys@example\.org"),
        ("unknown", r"not known here.*keys@example\.org"),
        ("revoked", r"was revoked on \d\d \w+ 20\d\d.*keys@example\.org"),
        ("another scheme", r"send one, `Bearer KEY`"),
        ("read", r"wants an admin key; the one that was sent only reads"),
    ],
)
def test_a_refusal_says_what_to_do(
    guarded: TestClient, headers: dict[str, list[tuple[str, str]]], kind: str, said: str
) -> None:
    told = _send(guarded, "GET", "/metrics", headers[kind]).json()
    assert re.search(said, told["detail"])


def test_without_a_key_nothing_is_known_of_what_was_held(guarded: TestClient) -> None:
    assert guarded.get("/v1/documents", headers={"If-None-Match": "*"}).status_code == 401
    assert guarded.head("/v1/documents").status_code == 401
    assert guarded.options("/v1/documents").status_code == 401


def test_a_body_is_not_read_before_the_key(live: Live, keyring: Keyring) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"{"
        raise AssertionError("the body was read")

    with _asked(live, Terms(keyring=keyring)) as client:
        answer = client.post("/v1/search", content=pieces())
    assert answer.status_code == 401


def test_a_revoked_key_is_refused_at_once(live: Live, tmp_path: Path) -> None:
    keyring = Keyring(tmp_path / "keys.json")
    _, secret = keyring.add("reader", keys.Scope.READ)
    sent = {"Authorization": f"Bearer {secret}"}
    with _asked(live, Terms(keyring=Keyring(keyring.path))) as client:
        assert client.get("/v1/documents", headers=sent).status_code == 200
        keyring.revoke("reader")
        assert client.get("/v1/documents", headers=sent).status_code == 401
        _, another = keyring.add("reader", keys.Scope.READ)
        sent = {"Authorization": f"Bearer {another}"}
        assert client.get("/v1/documents", headers=sent).status_code == 200


@pytest.mark.parametrize("content", [b"", b"{", b"[{}]", b'[{"name": "x"}]', b"\xff"])
def test_keys_that_cannot_be_read_let_nobody_in(
    live: Live, tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    keyring = Keyring(tmp_path / "keys.json")
    _, secret = keyring.add("reader", keys.Scope.READ)
    sent = {"Authorization": f"Bearer {secret}"}
    with _asked(live, Terms(keyring=keyring)) as client:
        keyring.path.write_bytes(content)
        answer = client.get("/v1/documents", headers=sent)
        keyring.path.unlink()
        without = client.get("/v1/documents", headers=sent)
    assert (answer.status_code, without.status_code) == (503, 401)
    assert str(tmp_path) not in answer.text
    (error,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert json.loads(JsonLines().format(error))["event"] == "keys cannot be read"


def test_no_key_is_in_a_log_a_metric_or_an_answer(
    live: Live,
    keyring: Keyring,
    headers: dict[str, list[tuple[str, str]]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    said = ""
    with (
        caplog.at_level(logging.DEBUG),
        _asked(
            live, Terms(keyring=keyring, by_key=Allowance(1), by_address=Allowance(1))
        ) as client,
    ):
        for sent in [*headers.values(), *headers.values()]:
            answer = _send(client, "GET", "/v1/documents", sent)
            said += answer.text + str(answer.headers)
        said += _send(client, "GET", "/metrics", headers["admin"]).text
    formatted = JsonLines()
    said += "".join(formatted.format(record) + record.getMessage() for record in caplog.records)
    assert '"status": 401' in said
    for secret in ("read", "admin", "revoked", "unknown", "no scheme"):
        (shown,) = (value.split()[-1] for _, value in headers[secret])
        assert shown not in said
        assert shown not in keyring.path.read_text()


# How often.


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_an_allowance_is_used_up_and_comes_back() -> None:
    clock = Clock()
    allowance = Allowance(3, clock=clock)
    assert [allowance.wait("a") for _ in range(3)] == [0, 0, 0]
    assert allowance.wait("a") == pytest.approx(20)
    assert allowance.wait("b") == 0
    clock.now += 20
    assert allowance.wait("a") == 0
    assert allowance.wait("a") == pytest.approx(20)
    clock.now += 3_600
    assert [allowance.wait("a") for _ in range(3)] == [0, 0, 0]
    assert allowance.wait("a") > 0


def test_asking_in_vain_costs_nothing() -> None:
    clock = Clock()
    allowance = Allowance(1, clock=clock)
    assert allowance.wait("a") == 0
    waits = [allowance.wait("a") for _ in range(100)]
    assert waits == pytest.approx([60] * 100)


def test_callers_without_number_do_not_fill_the_memory() -> None:
    allowance = Allowance(1)
    waits = [allowance.wait(str(number)) for number in range(MOST_CALLERS + 10)]
    assert not any(waits)
    assert allowance.wait(str(MOST_CALLERS)) > 0
    assert allowance.wait("0") == 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("proxy", "proxy", True),
    ],
)
def test_a_caller_is_an_address_or_a_subscribers_network(one: str, other: str, same: bool) -> None:
    assert (caller((one, 1)) == caller((other, 2))) == same
    assert caller(None) == ""


def test_more_than_is_allowed_is_told_when_to_come_back(live: Live) -> None:
    with _asked(live, Terms(by_address=Allowance(2))) as client:
        answers = [client.get("/v1/documents") for _ in range(3)]
        probes = [client.get(path).status_code for path in ("/livez", "/readyz", "/livez")]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["content-type"] == "application/problem+json"
    assert answers[2].headers["retry-after"] == "30"
    assert "2 requests a minute" in answers[2].json()["detail"]
    assert probes == [200, 200, 200]


def test_each_key_has_an_allowance_and_guesses_share_their_addresss(
    live: Live, keyring: Keyring, headers: dict[str, list[tuple[str, str]]]
) -> None:
    terms = Terms(keyring=keyring, by_key=Allowance(2), by_address=Allowance(2))

    def ask(*kinds: str) -> list[int]:
        return [_send(client, "GET", "/v1/taxonomy", headers[k]).status_code for k in kinds]

    with _asked(live, terms) as client:
        assert ask("none", "unknown", "revoked", "twice") == [401, 401, 429, 429]
        assert ask("read", "read, in small letters", "read") == [200, 200, 429]
        assert ask("admin", "none") == [200, 429]


# What the client makes of it.


@pytest.fixture
def shared(live: Live, keyring: Keyring) -> Iterator[str]:
    terms = Terms(keyring=keyring, by_key=Allowance(30), contact=CONTACT)
    with serving(service(live, Settings(), terms)) as url:
        yield url


def _key(sent: list[tuple[str, str]]) -> str:
    return sent[0][1].split()[-1]


def test_the_client_shows_its_key(
    shared: str, headers: dict[str, list[tuple[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Casebook(shared, key=_key(headers["read"])) as casebook:
        assert len(casebook.documents()) == 3
    monkeypatch.setenv("CASEBOOK_API_KEY", _key(headers["admin"]) + "\n")
    with Casebook(shared) as casebook:
        assert len(casebook.documents()) == 3


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("", r"wants a key.*keys@example\.org.*CASEBOOK_API_KEY"),
        ("casebook_wrong", r"not known here.*keys@example\.org"),
    ],
)
def test_the_client_says_what_to_do_about_a_key(shared: str, key: str, said: str) -> None:
    with Casebook(shared, key=key) as casebook, pytest.raises(KeyRefused, match=said) as caught:
        casebook.documents()
    assert "casebook_wrong" not in str(caught.value)


def test_the_client_waits_as_long_as_it_is_told(
    shared: str, headers: dict[str, list[tuple[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr("casebook_client.casebook.time.sleep", waited.append)
    with (
        Casebook(shared, key=_key(headers["read"]), retries=Retries(attempts=2)) as casebook,
        pytest.raises(TooManyRequests) as caught,
    ):
        for _ in range(40):
            casebook.documents()
    assert waited == [2.0]
    assert caught.value.seconds == 2.0


# On what terms a service is served.


def test_on_loopback_there_are_neither_keys_nor_limits(tmp_path: Path) -> None:
    terms = agreed(Settings(), tmp_path, public=False, keys=None)
    assert (terms.keyring, terms.by_key, terms.by_address) == (None, None, None)


def test_a_public_service_wants_keys_and_has_limits(tmp_path: Path) -> None:
    with pytest.raises(NoKeys, match=r"casebook keys add NAME.*--no-keys"):
        agreed(Settings(), tmp_path, public=True, keys=None)
    Keyring(tmp_path / "keys.json").add("reader", keys.Scope.READ)
    terms = agreed(Settings(), tmp_path, public=True, keys=None)
    assert terms.keyring is not None
    assert terms.by_key is not None
    assert terms.by_address is not None
    limits = (terms.by_key.per_minute, terms.by_address.per_minute)
    assert limits == (KEY_REQUESTS_PER_MINUTE, ADDRESS_REQUESTS_PER_MINUTE)


def test_keys_that_are_all_revoked_are_none(tmp_path: Path) -> None:
    keyring = Keyring(tmp_path / "keys.json")
    keyring.add("reader", keys.Scope.READ)
    keyring.revoke("reader")
    with pytest.raises(NoKeys):
        agreed(Settings(), tmp_path, public=True, keys=None)


def test_keys_can_be_waived_and_limits_stay(tmp_path: Path) -> None:
    terms = agreed(Settings(), tmp_path, public=True, keys=False)
    assert terms.keyring is None
    assert terms.by_address is not None


def test_keys_can_be_wanted_on_loopback(tmp_path: Path) -> None:
    settings = Settings(keys=tmp_path / "others.json", key_requests_per_minute=5)
    Keyring(tmp_path / "others.json").add("reader", keys.Scope.READ)
    terms = agreed(settings, tmp_path / "data", public=False, keys=True)
    assert terms.keyring is not None
    assert terms.by_key is not None
    assert (terms.by_key.per_minute, terms.by_address) == (5, None)


def test_no_limit_is_a_limit_of_none(tmp_path: Path) -> None:
    settings = Settings(key_requests_per_minute=0, address_requests_per_minute=0)
    terms = agreed(settings, tmp_path, public=True, keys=False)
    assert (terms.by_key, terms.by_address) == (None, None)


def test_what_the_contract_says_of_keys_is_so(unguarded: TestClient) -> None:
    app = cast(FastAPI, unguarded.app)
    paths = cast(dict[str, dict[str, dict[str, JsonValue]]], app.openapi()["paths"])
    for path, operations in paths.items():
        for operation in operations.values():
            wanted = None if path in OPEN else "admin" if path in ADMIN else "read"
            assert operation.get("security") == ([{}, {"key": [wanted]}] if wanted else None)
