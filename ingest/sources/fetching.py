"""What may be fetched: which addresses, from which hosts, and what the answer must be.

Nothing here touches the network. A manifest can come from anybody, and so can a redirect: an
address is followed only where the manifest names its host, over HTTPS, to a machine that the
public internet can reach.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

from ingest.errors import NotAllowed, NotAsExpected
from ingest.reading.fileformat import Format

PORT = 443

Address = IPv4Address | IPv6Address

# The special-purpose registries of IANA, with multicast and what is reserved. Written out, since
# what `ipaddress` calls global differs between Python 3.11 and 3.14.
_CLOSED_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by a provider's customers
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, and where clouds keep their metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
_PUBLIC_6 = IPv6Network("2000::/3")
_CLOSED_6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo and ORCHID among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address inside
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
_TRANSLATED = IPv6Network("64:ff9b::/96")
"""NAT64: the IPv4 address in its last 32 bits is where the packets go."""

_URL = re.compile(r"[!-~]+")
_NAME = re.compile(r"(?:[a-z0-9_-]{1,63}\.)+[a-z][a-z0-9-]{0,62}")
"""A host's name: its last part begins with a letter, which that of an odd IPv4 notation never
does, and `0x7f.1` neither."""
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_TYPES = {
    Format.PDF: ("application/pdf", "application/x-pdf"),
    Format.HTML: ("text/html", "application/xhtml+xml"),
}
_ANY_BYTES = ("application/octet-stream", "binary/octet-stream", "")
_END_OF_PDF = b"%%EOF"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An HTTPS address that may be asked."""

    url: str
    host: str
    path: str
    """With the query, as the request line has it."""


def target(url: str, hosts: Collection[str]) -> Target:
    """What the address asks for; raises NotAllowed unless it is HTTPS on a host of the list."""
    if not _URL.fullmatch(url) or "\\" in url:
        raise _refused(url, "it holds characters that no address has")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _refused(url, str(error)) from error
    if parts.scheme.lower() != "https":
        raise _refused(url, "it is not HTTPS")
    if "@" in parts.netloc:
        raise _refused(url, "it names a user")
    if port not in (None, PORT):
        raise _refused(url, f"it names port {port}")
    if not _NAME.fullmatch(host):
        raise _refused(url, f"{host!r} is not the name of a host")
    if host not in hosts:
        raise _refused(url, f"{host} is not among the hosts of the manifest")
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    return Target(url=url, host=host, path=path)


def redirected(asked: Target, location: str, hosts: Collection[str]) -> Target:
    """Where an answer sends us; raises NotAllowed as for any other address."""
    if not _URL.fullmatch(location):
        raise _refused(location, f"{asked.host} redirects to it, and it is no address")
    try:
        joined = urljoin(asked.url, location)
    except ValueError as error:
        raise _refused(location, str(error)) from error
    return target(joined, hosts)


def open_addresses(host: str, resolved: Sequence[str]) -> tuple[Address, ...]:
    """The host's addresses; raises NotAllowed where a single one is not of the public internet.

    A name that leads both outside and inside is how a resolver is turned against its user.
    """
    addresses = tuple(_address(host, text) for text in resolved)
    for address in addresses:
        if not is_public(address):
            raise _refused(host, f"it leads to {address}, which is not on the public internet")
    if not addresses:
        raise _refused(host, "it has no address")
    return addresses


def is_public(address: Address) -> bool:
    """Whether it belongs to a machine that anybody on the internet can reach.

    IPv6 forms that carry an IPv4 address are refused, but for NAT64, where that one decides.
    """
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_4)
    if address.scope_id is not None:
        return False
    if address in _TRANSLATED:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _PUBLIC_6 and not any(address in network for network in _CLOSED_6)


def expected_format(url: str) -> Format | None:
    """What the address promises by its ending; None where it promises nothing."""
    suffix = PurePosixPath(urlsplit(url).path).suffix.lower()
    return {".pdf": Format.PDF, ".html": Format.HTML, ".htm": Format.HTML}.get(suffix)


def format_of_answer(content_type: str, head: bytes, *, url: str) -> Format:
    """PDF or HTML, as address, header and first bytes agree; raises NotAsExpected otherwise."""
    named = content_type.partition(";")[0].strip().lower()
    found = _format(head)
    if found is None:
        raise unexpected(url, f"the file is neither a PDF nor a page ({named or 'no type'})")
    promised = expected_format(url)
    if promised not in (None, found):
        raise unexpected(url, f"it should be {promised.upper()} and is {found.upper()}")
    if named not in (*_TYPES[found], *_ANY_BYTES):
        raise unexpected(url, f"the server calls it {named}, and its bytes are {found.upper()}")
    return found


def is_whole(found: Format, tail: bytes) -> bool:
    """Whether the file's last bytes show its end; a page shows none."""
    return found is not Format.PDF or _END_OF_PDF in tail


def file_name(url: str, found: Format) -> str:
    """The file's name as its address has it, safe anywhere, with the ending that fits."""
    path = PurePosixPath(unquote(urlsplit(url).path))
    stem = _UNSAFE.sub("-", path.stem).strip("-.")[:100] or "document"
    return f"{stem}.{found.value}"


def _address(host: str, text: str) -> Address:
    try:
        return ip_address(text)
    except ValueError as error:
        raise _refused(host, f"it leads to {text!r}, which is no address") from error


def _format(head: bytes) -> Format | None:
    if b"%PDF-" in head[:1024]:
        return Format.PDF
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return Format.HTML if start.startswith((b"<!doctype html", b"<html", b"<?xml")) else None


def _refused(what: str, why: str) -> NotAllowed:
    return NotAllowed(
        f"{what[:300]!r} is not fetched: {why}.",
        remedy="Correct the manifest, or download the file yourself and run `casebook add`.",
    )


def unexpected(url: str, why: str) -> NotAsExpected:
    """The error for other bytes than the document's."""
    return NotAsExpected(
        f"What {url} gives is not the document: {why}.",
        remedy="Look at the landing page; a file downloaded by hand goes in with `casebook add`.",
    )
