"""Where the service is, and the key it is shown."""

import os
import re
from collections.abc import Mapping
from ipaddress import ip_address

import httpx2

from casebook_client.errors import BadRequest, UnsafeKey

_PRINTED = re.compile(r"[!-~]+")

LOCAL = "http://127.0.0.1:8000"
"""Where `casebook serve` answers unless told otherwise."""

KEY_VARIABLE = "CASEBOOK_API_KEY"


def address(url: str) -> httpx2.URL:
    """The address of a service; raises BadRequest."""
    try:
        parsed = httpx2.URL(url)
    except httpx2.InvalidURL:
        parsed = httpx2.URL()
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise BadRequest(
            f"{url!r} is not the address of a service; give one such as {LOCAL}.", fields={}
        )
    if parsed.userinfo:
        raise BadRequest(
            f"The address of {parsed.host} has a user's name or password in it, which no service"
            " reads; give a key instead.",
            fields={},
        )
    return parsed


def headers(url: httpx2.URL, key: str | None) -> Mapping[str, str]:
    """What every request carries; the key is the environment's where None is given.

    Raises UnsafeKey where others could read the key on its way, and BadRequest where it is none.
    """
    # What came out of a file often ends with its line.
    shown = (os.environ.get(KEY_VARIABLE, "") if key is None else key).strip()
    if not shown:
        return {}
    if not _PRINTED.fullmatch(shown):
        raise BadRequest("The key has characters that no key has; copy it again.", fields={})
    if url.scheme != "https" and not _is_loopback(url.host):
        raise UnsafeKey(
            f"{url} is not encrypted, and the key would go there readable.",
            remedy='Use an https address, or key="" to send none.',
        )
    return {"Authorization": f"Bearer {shown}"}


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
