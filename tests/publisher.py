"""A publisher of documents on this machine, and a network in which it has any address we like.

Certificates, TLS, HTTP and every rule of `sources.fetching` are the real ones; only resolving
and connecting are played, so that each address that would have been connected to is on record.
"""

import datetime
import socket
import ssl
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Event, Thread
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ingest.sources.download import Network

HOST = "reports.example.org"
PUBLIC = "93.184.215.14"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF\n"


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: the path, and the headers by lower-case name."""

    path: str
    headers: Mapping[str, str]


Reply = Callable[[Request], bytes | Iterable[bytes]]
"""The raw bytes of an answer; of several stretches, the connection is reset after the last."""


def ok(body: bytes, *headers: str, kind: str = "application/pdf") -> bytes:
    """An answer of 200 that tells the truth about its length."""
    return raw(200, body, f"Content-Length: {len(body)}", f"Content-Type: {kind}", *headers)


def raw(status: int, body: bytes, *headers: str) -> bytes:
    """An answer with exactly these headers."""
    return "\r\n".join([f"HTTP/1.1 {status} Said", *headers, "", ""]).encode("latin-1") + body


def moved(location: str) -> bytes:
    return raw(302, b"", f"Location: {location}", "Content-Length: 0")


@dataclass(slots=True)
class Publisher:
    """A server whose every path has a reply, and the record of what was asked of it."""

    port: int
    authority: Path
    replies: dict[str, Reply] = field(default_factory=dict[str, Reply])
    requests: list[Request] = field(default_factory=list[Request])
    resolutions: dict[str, list[Sequence[str]]] = field(
        default_factory=dict[str, list[Sequence[str]]]
    )
    """Answers of the resolver by host, one after the other; the last one stays."""
    connections: list[str] = field(default_factory=list[str])
    """Every address that would have been connected to."""
    pauses: list[float] = field(default_factory=list[float])
    stalled: Event = field(default_factory=Event)

    def network(self) -> Network:
        """The way to this publisher, whatever address it is told to have."""
        trusted = ssl.create_default_context(cafile=str(self.authority))
        return Network(
            resolve=self._resolve,
            connect=self._connect,
            secure=lambda plain, host: trusted.wrap_socket(plain, server_hostname=host),
            sleep=self.pauses.append,
        )

    def _resolve(self, host: str) -> Sequence[str]:
        answers = self.resolutions.get(host)
        if answers is None:
            raise OSError("Name or service not known")
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def _connect(self, address: IPv4Address | IPv6Address, seconds: float) -> socket.socket:
        self.connections.append(str(address))
        plain = socket.socket()
        plain.settimeout(seconds)
        plain.connect(("127.0.0.1", self.port))
        return plain


@contextmanager
def publishing(folder: Path) -> Generator[Publisher]:
    """A publisher that serves while the block runs."""
    authority, key = _certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, key)
    handler = _handler(context, lambda: publisher)
    with ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        publisher = Publisher(port=server.server_address[1], authority=authority)
        publisher.resolutions[HOST] = [[PUBLIC]]
        serving = Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield publisher
        finally:
            publisher.stalled.set()
            server.shutdown()
            serving.join()


def _handler(
    context: ssl.SSLContext, publisher: Callable[[], Publisher]
) -> type[BaseRequestHandler]:
    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            _serve(cast(socket.socket, self.request), context, publisher())

    return Handler


def _serve(plain: socket.socket, context: ssl.SSLContext, publisher: Publisher) -> None:
    with plain, suppress(OSError):
        plain.settimeout(10)
        with context.wrap_socket(plain, server_side=True) as wire:
            request = _request(wire)
            publisher.requests.append(request)
            reply = publisher.replies.get(request.path, _unknown)(request)
            if isinstance(reply, bytes):
                wire.sendall(reply)
                wire.unwrap()
            else:
                for stretch in reply:
                    wire.sendall(stretch)


def _unknown(request: Request) -> bytes:
    return raw(404, b"")


def _request(wire: socket.socket) -> Request:
    head = b""
    while b"\r\n\r\n" not in head:
        more = wire.recv(4096)
        if not more:
            raise OSError("no request")
        head += more
    first, *lines = head.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return Request(path=first.split(" ")[1], headers=headers)


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for the host that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    today = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "authority.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths
