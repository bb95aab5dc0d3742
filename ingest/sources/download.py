"""One document over HTTPS: checked at every step, resumed where it broke off, whole at the end.

The name is resolved once, each of its addresses is checked, and the connection goes to the very
address that was checked: nothing resolves the name a second time. The standard library's client
reads the answer from a socket that is handed to it; it never opens one. Proxies are not used.
"""

import io
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from hashlib import file_digest
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import IPv4Address
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from ingest import __version__
from ingest.errors import NotAsExpected, Unavailable
from ingest.reading.fileformat import Format
from ingest.sources.fetching import (
    PORT,
    Address,
    Target,
    file_name,
    format_of_answer,
    is_whole,
    open_addresses,
    redirected,
    target,
    unexpected,
)

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

USER_AGENT = f"Casebook/{__version__} (evidence search for public inquiries; one file at a time)"

Progress = Callable[[int, int | None], None]
"""Told how many bytes are here, and of how many where the server says so."""

_REDIRECTS = (301, 302, 303, 307, 308)
_TRY_AGAIN = (408, 425, 429, 500, 502, 503, 504)
_CHUNK = 1 << 16
_HEAD = 1024
_TAIL = 1 << 16
"""Bytes at the end in which a PDF must say that it ends."""
_LONGEST_PAUSE = 60.0
"""Seconds."""
_ADDRESSES = 4
"""Of one host, that are tried."""
_HEADER_VALUE = re.compile(r"[ -~]{1,200}")
_RANGE = re.compile(r"bytes (\d{1,15})-\d{1,15}/(?:\d{1,15}|\*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one document may take."""

    size: int = 300 * 2**20
    """Bytes; what reading it allows."""
    seconds: float = 1800
    """Of the clock, every attempt and pause included."""
    stall: float = 30
    """Seconds without a byte."""
    redirects: int = 5
    attempts: int = 4
    pause: float = 1
    """Seconds before the second attempt; twice as long before each one after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The way out; a test hands in another."""

    resolve: Callable[[str], Sequence[str]]
    """Every address of a host; raises OSError."""
    connect: Callable[[Address, float], socket.socket]
    """A TCP connection to the HTTPS port of this address, within seconds; raises OSError."""
    secure: Callable[[socket.socket, str], socket.socket]
    """TLS over it, with a certificate for the host; raises OSError."""
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloaded:
    """A document that arrived whole."""

    path: Path
    """In the folder given; its name is the one of the address."""
    sha256: str
    size: int
    format: Format


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A document and where it may come from."""

    url: str
    hosts: frozenset[str]
    sha256: str | None = None
    """None where no hash is known yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Origin:
    """What a part of a file is a part of."""

    url: str
    validator: str
    """Its strong ETag, or the day it was last changed: a part of another version is no use."""


class _TryAgain(Exception):
    """The server may do better after a pause; `after` is what it asked for, in seconds."""

    def __init__(self, why: str, *, after: float = 0) -> None:
        super().__init__(why)
        self.after = after


def system_network() -> Network:
    """This machine's resolver, sockets and certificate authorities."""
    context = ssl.create_default_context()
    return Network(
        resolve=_resolved,
        connect=_connected,
        secure=lambda plain, host: context.wrap_socket(plain, server_hostname=host),
    )


def download(
    wanted: Wanted,
    folder: Path,
    *,
    network: Network,
    limits: Limits | None = None,
    progress: Progress = lambda done, total: None,
) -> Downloaded:
    """Fetches the document into the folder, which keeps what arrived where it breaks off.

    Raises NotAllowed before anything is asked of a forbidden place, NotAsExpected for other
    bytes than the document's, and Unavailable where every attempt failed; OSError where the
    folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    errand = _Errand(
        wanted=wanted,
        part=_Part(folder),
        network=network,
        limits=limits or Limits(),
        deadline=network.clock() + (limits or Limits()).seconds,
        progress=progress,
    )
    return errand.done()


@dataclass(frozen=True, slots=True)
class _Part:
    """The bytes of a file that have arrived, and what they are a part of."""

    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / "part"

    @property
    def _note(self) -> Path:
        return self.folder / "part.json"

    def validator(self, url: str) -> str | None:
        """Of the version these bytes are from; None where they cannot be continued."""
        with suppress(OSError, ValidationError):
            origin = TypeAdapter(_Origin).validate_json(self._note.read_bytes())
            if origin.url == url and self.size:
                return origin.validator
        return None

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def begin(self, url: str, validator: str | None) -> None:
        """Starts anew."""
        self.drop()
        self.path.touch()
        if validator:
            origin = _Origin(url=url, validator=validator)
            self._note.write_bytes(TypeAdapter(_Origin).dump_json(origin))

    def drop(self) -> None:
        self._note.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Errand:
    """One document's way here."""

    wanted: Wanted
    part: _Part
    network: Network
    limits: Limits
    deadline: float
    progress: Progress

    def done(self) -> Downloaded:
        """The document, after as many attempts as it takes and is allowed."""
        pause = self.limits.pause
        for last in (*[False] * (self.limits.attempts - 1), True):
            try:
                return self._attempted()
            except _TryAgain as reason:
                pause = max(pause, min(reason.after, _LONGEST_PAUSE))
                if last or self.network.clock() + pause >= self.deadline:
                    raise _unavailable(self.wanted.url, str(reason)) from reason
                self.network.sleep(pause)
                pause *= 2
            except NotAsExpected:
                self.part.drop()
                raise
        raise AssertionError("the last attempt returns or raises")

    def _attempted(self) -> Downloaded:
        asked = target(self.wanted.url, self.wanted.hosts)
        for _ in range(1 + self.limits.redirects):
            with closing(self._connected(asked.host)) as wire:
                answer = self._answer(wire, asked)
                if answer.status not in _REDIRECTS:
                    return self._received(answer, asked)
                asked = redirected(asked, answer.headers.get("Location", ""), self.wanted.hosts)
        raise _unavailable(self.wanted.url, f"it redirects more than {self.limits.redirects} times")

    def _connected(self, host: str) -> socket.socket:
        """A secure connection to the first of the host's addresses that takes one."""
        try:
            resolved = self.network.resolve(host)
        except (OSError, UnicodeError) as error:
            raise _TryAgain(f"{host} cannot be resolved ({_reason(error)})") from error
        failure = OSError("no address")
        for address in open_addresses(host, resolved)[:_ADDRESSES]:
            try:
                plain = self.network.connect(address, self._patience())
            except OSError as error:
                failure = error
                continue
            return self._secured(plain, host)
        raise _TryAgain(f"{host} cannot be reached ({_reason(failure)})") from failure

    def _secured(self, plain: socket.socket, host: str) -> socket.socket:
        try:
            plain.settimeout(self._patience())
            return self.network.secure(plain, host)
        except OSError as error:
            plain.close()
            if isinstance(error, ssl.SSLCertVerificationError):
                why = f"the certificate of {host} is not to be trusted ({error.verify_message})"
                raise _unavailable(self.wanted.url, why) from error
            raise _TryAgain(f"{host} makes no secure connection ({_reason(error)})") from error

    def _answer(self, wire: socket.socket, asked: Target) -> HTTPResponse:
        connection = HTTPConnection(asked.host)
        connection.auto_open = 0  # It must never connect by itself.
        connection.sock = _Timed(wire, self._patience)
        try:
            connection.request("GET", asked.path, headers=self._headers(asked))
            return connection.getresponse()
        except (OSError, HTTPException) as error:
            raise _TryAgain(f"{asked.host} does not answer ({_reason(error)})") from error

    def _headers(self, asked: Target) -> dict[str, str]:
        headers = {
            "Host": asked.host,
            "User-Agent": USER_AGENT,
            "Accept": "application/pdf, text/html;q=0.5",
            "Accept-Encoding": "identity",
            "Connection": "close",
        }
        if validator := self.part.validator(self.wanted.url):
            headers |= {"Range": f"bytes={self.part.size}-", "If-Range": validator}
        return headers

    def _received(self, answer: HTTPResponse, asked: Target) -> Downloaded:
        begun = self._begun(answer, asked)
        total = None if answer.length is None else begun + answer.length
        self._refuse_too_large(total or 0)
        found = self._written(answer, begun=begun, total=total)
        size = self.part.size
        if total is not None and size < total:
            raise _TryAgain(f"{asked.host} broke off after {size:,} of {total:,} bytes")
        return self._whole(found, asked, resumed=begun > 0, counted=total is not None)

    def _begun(self, answer: HTTPResponse, asked: Target) -> int:
        """How many bytes of the file are here already; raises where no more of it comes."""
        status = answer.status
        if status in _TRY_AGAIN:
            raise _TryAgain(f"{asked.host} answers {status}", after=_retry_after(answer))
        if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and self.part.size:
            self.part.drop()
            raise _TryAgain(f"{asked.host} has nothing after the part that is here")
        if status not in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
            raise _unavailable(self.wanted.url, f"{asked.host} answers {status}")
        if answer.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
            raise unexpected(self.wanted.url, "it comes compressed, which was not asked for")
        if status == HTTPStatus.OK:
            self.part.begin(self.wanted.url, _validator(answer))
            return 0
        return self._continued(answer, asked)

    def _continued(self, answer: HTTPResponse, asked: Target) -> int:
        """The rest of a file must begin where the part ends."""
        size = self.part.size
        given = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        if not self.part.validator(self.wanted.url) or not given or int(given[1]) != size:
            self.part.drop()
            raise _TryAgain(f"{asked.host} sends another part than the one asked for")
        return size

    def _written(self, answer: HTTPResponse, *, begun: int, total: int | None) -> Format:
        """Puts the answer behind what is here; what it is is known before much of it is."""
        found: Format | None = None
        size = begun
        with self.part.path.open("ab") as file:
            for chunk in self._chunks(answer):
                file.write(chunk)
                size += len(chunk)
                self._refuse_too_large(size)
                self.progress(size, total)
                if found is None and size >= _HEAD:
                    file.flush()
                    found = self._format(answer)
        return found or self._format(answer)

    def _chunks(self, answer: HTTPResponse) -> Iterator[bytes]:
        try:
            while chunk := answer.read1(_CHUNK):
                yield chunk
        except (OSError, HTTPException) as error:
            raise _TryAgain(f"the connection broke off ({_reason(error)})") from error

    def _format(self, answer: HTTPResponse) -> Format:
        with self.part.path.open("rb") as file:
            head = file.read(_HEAD)
        return format_of_answer(answer.headers.get("Content-Type", ""), head, url=self.wanted.url)

    def _whole(self, found: Format, asked: Target, *, resumed: bool, counted: bool) -> Downloaded:
        """The file under its name, after its end and its hash were looked at."""
        digest, tail = _digest_and_tail(self.part.path)
        wanted = self.wanted.sha256
        if not is_whole(found, tail):
            if not counted:
                raise _TryAgain(f"{asked.host} broke off before the end")
            raise unexpected(self.wanted.url, "the end of the PDF is missing")
        if wanted not in (None, digest):
            if resumed:
                self.part.drop()
                raise _TryAgain("the two parts of the file are of different versions")
            raise unexpected(self.wanted.url, f"its SHA-256 is {digest}, not {wanted}")
        path = self.part.folder / file_name(asked.url, found)
        size = self.part.size
        self.part.path.replace(path)
        self.part.drop()
        return Downloaded(path=path, sha256=digest, size=size, format=found)

    def _refuse_too_large(self, size: int) -> None:
        if size > self.limits.size:
            raise unexpected(self.wanted.url, f"it is larger than {self.limits.size:,} bytes")

    def _patience(self) -> float:
        """Seconds that the next step may take; raises TimeoutError where none are left."""
        left = self.deadline - self.network.clock()
        if left <= 0:
            raise TimeoutError("no time left")
        return min(left, self.limits.stall)


class _Timed:
    """A socket for the client to talk over, each of whose reads has a limit of its own.

    Without it a header that comes byte by byte could take for ever. Whoever opened the
    connection closes it.
    """

    def __init__(self, wire: socket.socket, patience: Callable[[], float]) -> None:
        self._wire = wire
        self._patience = patience

    def sendall(self, data: bytes) -> None:
        self._wire.settimeout(self._patience())
        self._wire.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._wire, self._patience))

    def close(self) -> None:
        pass


class _Reader(io.RawIOBase):
    def __init__(self, wire: socket.socket, patience: Callable[[], float]) -> None:
        self._wire = wire
        self._patience = patience

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        self._wire.settimeout(self._patience())
        return self._wire.recv_into(buffer)


def _resolved(host: str) -> Sequence[str]:
    found = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[4][0]) for address in found))


def _connected(address: Address, seconds: float) -> socket.socket:
    family = socket.AF_INET if isinstance(address, IPv4Address) else socket.AF_INET6
    plain = socket.socket(family, socket.SOCK_STREAM)
    try:
        plain.settimeout(seconds)
        plain.connect((str(address), PORT))
    except BaseException:
        plain.close()
        raise
    return plain


def _validator(answer: HTTPResponse) -> str | None:
    """What a later request can name this version by: a strong ETag, or a day."""
    tag = answer.headers.get("ETag", "")
    found = tag if tag.startswith('"') else answer.headers.get("Last-Modified", "")
    return found if _HEADER_VALUE.fullmatch(found) else None


def _retry_after(answer: HTTPResponse) -> float:
    value = answer.headers.get("Retry-After", "").strip()
    return float(value) if re.fullmatch(r"[0-9]{1,6}", value) else 0


def _digest_and_tail(path: Path) -> tuple[str, bytes]:
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
        file.seek(max(0, file.tell() - _TAIL))
        return digest, file.read()


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _unavailable(url: str, why: str) -> Unavailable:
    return Unavailable(
        f"{url} cannot be had: {why}.",
        remedy="Try again later; a file downloaded by hand goes in with `casebook add FILE --as`.",
    )
