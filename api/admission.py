"""Who may ask, and how often: keys and limits, both of them optional.

What is not listed here wants a key, so that an address which is added later does too.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api import keys
from api.keys import Key, Keyring
from api.problem import as_response, problem
from api.rates import Allowance
from ingest.errors import LibraryError

PROBES = frozenset({"/livez", "/readyz"})
"""Neither key nor limit: whoever watches the service must not be refused because others ask."""

OPEN = PROBES | {"/version", "/openapi.json"}
"""What says nothing of the corpus is told to anybody."""

ADMIN = frozenset({"/metrics"})
"""What the service says of itself is for whoever runs it."""

_HOST_BITS = 64
"""Of an IPv6 address, what one subscriber may choose: any of it is the same caller."""

_LONGEST_KEY = 200
_REALM = 'Bearer realm="casebook"'
_LOG = logging.getLogger("casebook.requests")


Headers = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms a service answers; what is None is not asked for."""

    keyring: Keyring | None = None
    by_key: Allowance | None = None
    by_address: Allowance | None = None
    contact: str = ""
    """Who gives out keys."""


ANYBODY = Terms()
"""Everything for everybody, as often as they like."""


class Admission:
    """Answers 401, 403 or 429 to whoever may not ask, or not now, before anything else is done.

    A key that is good is what its requests are counted by; any other request counts for its
    address, so that guessing slows down and people behind one address do not shut each other out.
    """

    def __init__(self, app: ASGIApp, *, terms: Terms) -> None:
        self._app = app
        self._terms = terms

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in PROBES:
            return await self._app(scope, receive, send)
        return await (self._refusal(scope) or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        shown = self._shown(scope["path"], scope["headers"])
        if isinstance(shown, Key):
            return _too_many(self._terms.by_key, shown.sha256, whose="with one key")
        asking = caller(scope["client"])
        return _too_many(self._terms.by_address, asking, whose="from one address") or shown

    def _shown(self, path: str, headers: Headers) -> Key | Response | None:
        """The key that was shown where it is good, else why not; None where none is wanted."""
        keyring, contact = self._terms.keyring, self._terms.contact
        if keyring is None or path in OPEN:
            return None
        secret = _secret(headers)
        if not secret:
            return _unshown(contact) if secret is None else _unread()
        try:
            key = keyring.find(secret)
        except LibraryError:
            return _out_of_order()
        if key is None or key.revoked:
            return _not_good(key, contact)
        return _not_enough() if path in ADMIN and key.scope is not keys.Scope.ADMIN else key


def caller(client: tuple[str, int] | None) -> str:
    """Whom an address stands for: itself, or its network where a subscriber has many."""
    host = client[0] if client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), 128 - _HOST_BITS), strict=False))


def _secret(headers: Headers) -> bytes | None:
    """The key as it was sent, empty where what was sent is none; None where nothing was."""
    sent = [value for name, value in headers if name == b"authorization"]
    if not sent:
        return None
    scheme, _, secret = sent[0].strip().partition(b" ")
    good = len(sent) == 1 and scheme.lower() == b"bearer" and len(secret) <= _LONGEST_KEY
    return secret.strip() if good else b""


def _unshown(contact: str) -> Response:
    said = f"This service wants a key, sent as `Authorization: Bearer KEY`; ask {contact} for one."
    return _key_refused(said, kind="key-wanted", challenge=_REALM)


def _unread() -> Response:
    said = "The Authorization header is none that is read here; send one, `Bearer KEY`."
    return _key_refused(said, challenge=f'{_REALM}, error="invalid_token"')


def _not_good(key: Key | None, contact: str) -> Response:
    if key and key.revoked:
        said = f"This key was revoked on {key.revoked:%d %B %Y}; ask {contact} for another."
    else:
        said = f"This key is not known here. Check that all of it was copied, or ask {contact}."
    return _key_refused(said, challenge=f'{_REALM}, error="invalid_token"')


def _not_enough() -> Response:
    said = "This address wants an admin key; the one that was sent only reads."
    challenge = f'{_REALM}, error="insufficient_scope", scope="admin"'
    return _key_refused(said, status=403, kind="key-not-enough", challenge=challenge)


def _key_refused(
    said: str, *, challenge: str, status: int = 401, kind: str = "key-refused"
) -> Response:
    return as_response(problem(status, said, kind=kind), {"WWW-Authenticate": challenge})


def _out_of_order() -> Response:
    _LOG.exception("keys cannot be read")
    said = "This service cannot read its keys; `casebook keys list` tells its operator why."
    return as_response(problem(503, said), {"Retry-After": "30"})


def _too_many(allowance: Allowance | None, caller: str, *, whose: str) -> Response | None:
    seconds = ceil(allowance.wait(caller)) if allowance else 0
    if not (allowance and seconds):
        return None
    unit = "second" if seconds == 1 else "seconds"
    limit = f"{allowance.per_minute} requests a minute are allowed {whose}"
    told = problem(429, f"{limit}; ask again in {seconds} {unit}.")
    return as_response(told, {"Retry-After": str(seconds)})
