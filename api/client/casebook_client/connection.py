"""Where the service is, and the key it is shown."""

import os
from collections.abc import Mapping
from ipaddress import ip_address

import httpx2

from casebook_client.errors import BadRequest, UnsafeKey

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
    return parsed


def headers(url: httpx2.URL, key: str | None) -> Mapping[str, str]:
    """What every request carries; the key is the environment's where None is given.

    Raises UnsafeKey where others could read the key on its way.
    """
    shown = os.environ.get(KEY_VARIABLE) if key is None else key
    if not shown:
        return {}
    if url.scheme != "https" and not _is_loopback(url.host):
        raise UnsafeKey(
            f"{url} is not encrypted, and the key would go there readable.",
            remedy="Use an https address.",
        )
    return {"Authorization": f"Bearer {shown}"}


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
