"""A document arrives whole and as expected, or not at all; forbidden places are never asked."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path

import pytest
from publisher import HOST, PDF, PUBLIC, Publisher, Request, moved, ok, publishing, raw

from ingest.errors import NotAllowed, NotAsExpected, Unavailable
from ingest.sources.download import Downloaded, Limits, Wanted, download

URL = f"https://{HOST}/report.pdf"
LIMITS = Limits(stall=0.3, seconds=20, attempts=3)
TAG = 'ETag: "one"'
HALF = len(PDF) // 2


@pytest.fixture
def publisher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    def resolve(*_: object, **__: object) -> None:
        raise AssertionError("a name was resolved behind the resolver's back")

    with publishing(tmp_path) as publisher:
        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        yield publisher


def fetched(
    publisher: Publisher,
    folder: Path,
    *,
    url: str = URL,
    sha256: str | None = None,
    limits: Limits = LIMITS,
) -> Downloaded:
    wanted = Wanted(url=url, hosts=frozenset({HOST, "other.example.org"}), sha256=sha256)
    return download(wanted, folder / "arriving", network=publisher.network(), limits=limits)


def broken_off_then_whole(publisher: Publisher, *headers: str) -> None:
    """The first answer stops halfway; a later one honours a Range, if it asks for the same tag."""

    def reply(request: Request) -> bytes | list[bytes]:
        if len(publisher.requests) == 1:
            return [raw(200, PDF[:HALF], f"Content-Length: {len(PDF)}", *headers)]
        if request.headers.get("if-range") == '"one"':
            start = int(request.headers["range"].removeprefix("bytes=").removesuffix("-"))
            rest = f"Content-Range: bytes {start}-{len(PDF) - 1}/{len(PDF)}"
            return raw(206, PDF[start:], rest, f"Content-Length: {len(PDF) - start}")
        return ok(PDF)

    publisher.replies["/report.pdf"] = reply


# What arrives


def test_a_document_arrives_under_the_name_of_its_address(
    publisher: Publisher, tmp_path: Path
) -> None:
    publisher.replies["/report.pdf"] = lambda _: ok(PDF)
    arrived = fetched(publisher, tmp_path)
    assert arrived.path.name == "report.pdf"
    assert arrived.path.read_bytes() == PDF
    assert (arrived.sha256, arrived.size) == (sha256(PDF).hexdigest(), len(PDF))
    assert [path.name for path in arrived.path.parent.iterdir()] == ["report.pdf"]
    assert publisher.connections == [PUBLIC]


def test_the_server_is_told_who_asks(publisher: Publisher, tmp_path: Path) -> None:
    publisher.replies["/report.pdf"] = lambda _: ok(PDF)
    fetched(publisher, tmp_path)
    (request,) = publisher.requests
    assert request.headers["user-agent"].startswith("Casebook/")
    assert request.headers["host"] == HOST


def test_a_redirect_to_a_named_host_is_followed(publisher: Publisher, tmp_path: Path) -> None:
    publisher.replies["/old.pdf"] = lambda _: moved("/report.pdf")
    publisher.replies["/report.pdf"] = lambda _: ok(PDF)
    assert fetched(publisher, tmp_path, url=f"https://{HOST}/old.pdf").size == len(PDF)


def test_a_page_is_taken_where_no_pdf_was_promised(publisher: Publisher, tmp_path: Path) -> None:
    page = b"<!doctype html><title>Inspection</title><p>Words."
    publisher.replies["/inspection/"] = lambda _: ok(page, kind="text/html; charset=utf-8")
    arrived = fetched(publisher, tmp_path, url=f"https://{HOST}/inspection/")
    assert arrived.path.name == "inspection.html"


def test_an_answer_in_pieces_of_unknown_length_arrives(
    publisher: Publisher, tmp_path: Path
) -> None:
    pieces = b"".join(
        f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in (PDF[:HALF], PDF[HALF:], b"")
    )
    publisher.replies["/report.pdf"] = lambda _: raw(200, pieces, "Transfer-Encoding: chunked")
    assert fetched(publisher, tmp_path).size == len(PDF)


# What breaks off


def test_what_broke_off_is_continued(publisher: Publisher, tmp_path: Path) -> None:
    broken_off_then_whole(publisher, TAG)
    assert fetched(publisher, tmp_path).sha256 == sha256(PDF).hexdigest()
    assert publisher.requests[1].headers["range"] == f"bytes={HALF}-"
    assert publisher.pauses == [1]


def test_what_broke_off_is_continued_by_a_later_run(publisher: Publisher, tmp_path: Path) -> None:
    broken_off_then_whole(publisher, TAG)
    with pytest.raises(Unavailable, match="broke off"):
        fetched(publisher, tmp_path, limits=Limits(stall=0.3, attempts=1))
    assert fetched(publisher, tmp_path).sha256 == sha256(PDF).hexdigest()
    assert "range" in publisher.requests[1].headers


@pytest.mark.parametrize("header", ['ETag: W/"one"', "Server: none", f'ETag: "{"x" * 300}"'])
def test_what_cannot_be_named_safely_is_fetched_anew(
    publisher: Publisher, tmp_path: Path, header: str
) -> None:
    broken_off_then_whole(publisher, header)
    assert fetched(publisher, tmp_path).sha256 == sha256(PDF).hexdigest()
    assert "range" not in publisher.requests[1].headers


def test_a_document_that_changed_meanwhile_is_fetched_anew(
    publisher: Publisher, tmp_path: Path
) -> None:
    changed = PDF.replace(b"\x00", b"\x01", 1)

    def reply(request: Request) -> bytes | list[bytes]:
        if len(publisher.requests) == 1:
            return [raw(200, PDF[:HALF], f"Content-Length: {len(PDF)}", TAG)]
        return ok(changed, 'ETag: "two"')

    publisher.replies["/report.pdf"] = reply
    assert fetched(publisher, tmp_path).sha256 == sha256(changed).hexdigest()


def test_parts_of_two_versions_are_not_put_together(publisher: Publisher, tmp_path: Path) -> None:
    """A server that sends the rest of another version, although it was asked for the same one."""
    other = PDF.replace(b"\xff\x00", b"\xff\x01")

    def reply(request: Request) -> bytes | list[bytes]:
        if len(publisher.requests) == 1:
            return [raw(200, other[:HALF], f"Content-Length: {len(PDF)}", TAG)]
        if "range" in request.headers:
            rest = f"Content-Range: bytes {HALF}-{len(PDF) - 1}/{len(PDF)}"
            return raw(206, PDF[HALF:], rest, f"Content-Length: {len(PDF) - HALF}")
        return ok(PDF)

    publisher.replies["/report.pdf"] = reply
    arrived = fetched(publisher, tmp_path, sha256=sha256(PDF).hexdigest())
    assert arrived.path.read_bytes() == PDF
    assert len(publisher.requests) == 3


@pytest.mark.parametrize(
    "content_range",
    [f"bytes 0-{HALF - 1}/{len(PDF)}", "bytes */*", "lines 1-2/3", f"bytes {HALF + 1}-9/10", ""],
)
def test_another_part_than_the_one_asked_for_is_not_used(
    publisher: Publisher, tmp_path: Path, content_range: str
) -> None:
    def reply(request: Request) -> bytes | list[bytes]:
        if len(publisher.requests) == 1:
            return [raw(200, PDF[:HALF], f"Content-Length: {len(PDF)}", TAG)]
        if "range" in request.headers:
            return raw(206, PDF[HALF:], f"Content-Range: {content_range}")
        return ok(PDF)

    publisher.replies["/report.pdf"] = reply
    assert fetched(publisher, tmp_path).path.read_bytes() == PDF


def test_a_part_that_nobody_asked_for_is_not_a_document(
    publisher: Publisher, tmp_path: Path
) -> None:
    part = f"Content-Range: bytes 0-{len(PDF) - 1}/{len(PDF)}"
    publisher.replies["/report.pdf"] = lambda _: raw(206, PDF, part)
    with pytest.raises(Unavailable, match="another part"):
        fetched(publisher, tmp_path)


def test_a_part_that_the_server_knows_no_rest_of_is_dropped(
    publisher: Publisher, tmp_path: Path
) -> None:
    def reply(request: Request) -> bytes | list[bytes]:
        if len(publisher.requests) == 1:
            return [raw(200, PDF[:HALF], f"Content-Length: {len(PDF)}", TAG)]
        return raw(416, b"") if "range" in request.headers else ok(PDF)

    publisher.replies["/report.pdf"] = reply
    assert fetched(publisher, tmp_path).path.read_bytes() == PDF


# What is tried again, and what is not


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_server_in_trouble_is_asked_again_after_a_pause(
    publisher: Publisher, tmp_path: Path, status: int
) -> None:
    publisher.replies["/report.pdf"] = lambda _: (
        ok(PDF) if len(publisher.requests) == 3 else raw(status, b"", "Retry-After: 5")
    )
    assert fetched(publisher, tmp_path).size == len(PDF)
    assert publisher.pauses == [5, 10]


def test_a_server_is_not_waited_for_longer_than_there_is_time(
    publisher: Publisher, tmp_path: Path
) -> None:
    publisher.replies["/report.pdf"] = lambda _: raw(503, b"", "Retry-After: 999999")
    with pytest.raises(Unavailable, match="503"):
        fetched(publisher, tmp_path)
    assert (len(publisher.requests), publisher.pauses) == (1, [])


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451, 204, 300, 304])
def test_a_refusal_is_taken_for_an_answer(
    publisher: Publisher, tmp_path: Path, status: int
) -> None:
    publisher.replies["/report.pdf"] = lambda _: raw(status, b"")
    with pytest.raises(Unavailable, match=str(status)):
        fetched(publisher, tmp_path)
    assert len(publisher.requests) == 1


def test_a_host_without_a_name_is_reported_after_the_attempts(
    publisher: Publisher, tmp_path: Path
) -> None:
    with pytest.raises(Unavailable, match="cannot be resolved"):
        fetched(publisher, tmp_path, url="https://other.example.org/report.pdf")
    assert publisher.pauses == [1, 2]


def test_a_certificate_for_another_host_ends_it(publisher: Publisher, tmp_path: Path) -> None:
    publisher.resolutions["other.example.org"] = [[PUBLIC]]
    with pytest.raises(Unavailable, match="certificate"):
        fetched(publisher, tmp_path, url="https://other.example.org/report.pdf")
    assert publisher.pauses == []


# What goes wrong


def never_ending(publisher: Publisher) -> Iterator[bytes]:
    """Nothing at all, until the test is over."""
    publisher.stalled.wait(20)
    yield from ()


def dripping(publisher: Publisher, head: bytes) -> Iterator[bytes]:
    """One byte after the other, each before the other side loses patience."""
    for byte in head + b"X" * 10_000:
        if publisher.stalled.wait(0.05):
            return
        yield bytes([byte])


def test_a_server_that_stalls_is_given_up(publisher: Publisher, tmp_path: Path) -> None:
    publisher.replies["/report.pdf"] = lambda _: never_ending(publisher)
    with pytest.raises(Unavailable, match="timed out"):
        fetched(publisher, tmp_path)


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 Said\r\nX-Long: ", b"HTTP/1.1 200 Said\r\n\r\n%PDF-"]
)
def test_a_server_that_drips_is_given_up_when_the_time_is_over(
    publisher: Publisher, tmp_path: Path, head: bytes
) -> None:
    publisher.replies["/report.pdf"] = lambda _: dripping(publisher, head)
    with pytest.raises(Unavailable):
        fetched(publisher, tmp_path, limits=Limits(stall=0.5, seconds=1, attempts=3))


def test_less_than_the_length_said_is_no_document(publisher: Publisher, tmp_path: Path) -> None:
    publisher.replies["/report.pdf"] = lambda _: raw(
        200, PDF, f"Content-Length: {len(PDF) + 100}", "Content-Type: application/pdf"
    )
    with pytest.raises(Unavailable, match="broke off"):
        fetched(publisher, tmp_path)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (raw(200, PDF, f"Content-Length: {HALF}"), "the end of the PDF is missing"),
        (ok(PDF[:HALF]), "the end of the PDF is missing"),
        (ok(b"<!doctype html><p>Please accept cookies.", kind="text/html"), "it should be PDF"),
        (ok(b"<!doctype html><p>Not found."), "it should be PDF"),
        (ok(PDF, kind="text/html"), "the server calls it text/html"),
        (ok(b"MZ\x90\x00" * 600), "neither a PDF nor a page"),
        (ok(b""), "neither a PDF nor a page"),
        (ok(PDF, "Content-Encoding: gzip"), "compressed"),
        (raw(200, PDF, "Content-Length: 999999999999"), "larger than"),
        (ok(PDF[:-9] + b"?" + PDF[-8:]), "its SHA-256 is"),
    ],
)
def test_other_bytes_than_the_documents_are_refused_and_not_kept(
    publisher: Publisher, tmp_path: Path, reply: bytes, said: str
) -> None:
    publisher.replies["/report.pdf"] = lambda _: reply
    with pytest.raises(NotAsExpected, match=said):
        fetched(publisher, tmp_path, sha256=sha256(PDF).hexdigest())
    assert list((tmp_path / "arriving").iterdir()) == []
    assert len(publisher.requests) == 1


def test_bytes_without_end_are_cut_at_the_limit(publisher: Publisher, tmp_path: Path) -> None:
    publisher.replies["/report.pdf"] = lambda _: raw(200, PDF * 50)
    with pytest.raises(NotAsExpected, match="larger than 100,000"):
        fetched(publisher, tmp_path, limits=Limits(size=100_000))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00" * 100,
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 abc Said\r\n\r\n",
        b"HTTP/1.1 200 Said\r\n" + b"A: b\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 200 Said\r\nA: " + b"b" * 100_000 + b"\r\n\r\n",
        raw(200, b"zz\r\nwords", "Transfer-Encoding: chunked"),
        raw(200, b"-5\r\nwords", "Transfer-Encoding: chunked"),
    ],
)
def test_what_is_no_http_is_an_error_in_words(
    publisher: Publisher, tmp_path: Path, answer: bytes
) -> None:
    publisher.replies["/report.pdf"] = lambda _: answer
    with pytest.raises((Unavailable, NotAsExpected)) as refusal:
        fetched(publisher, tmp_path)
    assert URL in str(refusal.value)


def test_redirects_without_end_are_given_up(publisher: Publisher, tmp_path: Path) -> None:
    publisher.replies["/report.pdf"] = lambda _: moved("/report.pdf")
    with pytest.raises(Unavailable, match="redirects more than 5 times"):
        fetched(publisher, tmp_path)
    assert len(publisher.requests) == 6


# Where it must never go


@dataclass(frozen=True, kw_only=True)
class Trap:
    """A way to be led to a forbidden place."""

    url: str = URL
    leads_to: tuple[tuple[str, ...], ...] = ((PUBLIC,),)
    """What the host resolves to, question by question."""
    location: str | None = None


INSIDE = (
    "127.0.0.1",
    "127.1.2.3",
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:a9fe:a9fe",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::5db8:d70e",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:c0a8:101::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "100::1",
    "5f00::1",
    "not an address",
    "0x7f.1",
    "2130706433",
    "127.1",
)
ADDRESSES = (
    f"http://{HOST}/report.pdf",
    f"ftp://{HOST}/report.pdf",
    f"//{HOST}:22/report.pdf",
    "file:///etc/passwd",
    "data:application/pdf,%25PDF-",
    "javascript:alert(1)",
    "https://127.0.0.1/report.pdf",
    "https://127.1/report.pdf",
    "https://2130706433/report.pdf",
    "https://0x7f000001/report.pdf",
    "https://0177.0.0.1/report.pdf",
    "https://[::1]/report.pdf",
    "https://[::ffff:127.0.0.1]/report.pdf",
    "https://localhost/report.pdf",
    "https://metadata.google.internal/report.pdf",
    "https://evil.example/report.pdf",
    f"https://{HOST}.evil.example/report.pdf",
    f"https://evil.example/?{HOST}",
    f"https://{HOST}@evil.example/report.pdf",
    f"https://user:word@{HOST}/report.pdf",
    f"https://evil.example\\@{HOST}/report.pdf",
    f"https://{HOST}:8443/report.pdf",
    f"https://{HOST}:99999/report.pdf",
    f"https://{HOST}./report.pdf",
    "https://reports。example.org/report.pdf",
    "https://reports%2eexample.org/report.pdf",
    f"https://{HOST}/a b",
    f"https://{HOST}/\r\nHost: evil.example",
    "https:///report.pdf",
    "https://[/report.pdf",
    "",
)
TRAPS = {
    **{f"resolves to {address}": Trap(leads_to=((address,),)) for address in INSIDE},
    **{f"resolves to {a} too": Trap(leads_to=((PUBLIC, a),)) for a in ("10.0.0.1", "::1")},
    "resolves to nothing": Trap(leads_to=((),)),
    **{f"manifest says {url!r}": Trap(url=url) for url in ADDRESSES},
    **{
        f"redirects to {url!r}": Trap(location=url)
        for url in ADDRESSES
        # Without a host it is the same one again.
        if "\n" not in url and url.isascii() and "///r" not in url
    },
    **{
        f"rebinds to {address} before the redirect": Trap(
            leads_to=((PUBLIC,), (address,)), location=f"https://{HOST}/again.pdf"
        )
        for address in ("127.0.0.1", "169.254.169.254", "::ffff:127.0.0.1", "64:ff9b::7f00:1")
    },
    **{
        f"redirects to a named host at {address}": Trap(location="https://other.example.org/x.pdf")
        for address in ("10.1.1.1",)
    },
}


@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS.keys())
def test_no_trap_leads_to_a_connection_inside(
    publisher: Publisher, tmp_path: Path, trap: Trap
) -> None:
    location = trap.location
    if location is not None:
        publisher.replies["/report.pdf"] = lambda _: moved(location)
    publisher.replies["/again.pdf"] = lambda _: ok(PDF)
    publisher.resolutions[HOST] = [list(answer) for answer in trap.leads_to]
    publisher.resolutions["other.example.org"] = [["10.1.1.1"]]
    with pytest.raises(NotAllowed):
        fetched(publisher, tmp_path, url=trap.url)
    # The standard library's word for it, not our own.
    inside = [a for a in publisher.connections if not ip_address(a).is_global]
    assert inside == []
    assert len(publisher.connections) == (1 if location is not None else 0)


def test_a_name_that_rebinds_between_attempts_is_checked_each_time(
    publisher: Publisher, tmp_path: Path
) -> None:
    publisher.replies["/report.pdf"] = lambda _: raw(503, b"")
    publisher.resolutions[HOST] = [[PUBLIC], ["127.0.0.1"]]
    with pytest.raises(NotAllowed, match=r"127\.0\.0\.1"):
        fetched(publisher, tmp_path)
    assert publisher.connections == [PUBLIC]


def test_the_traps_are_many() -> None:
    assert len(TRAPS) >= 100


@pytest.mark.parametrize("address", [PUBLIC, "2606:4700::1111", "64:ff9b::5db8:d70e"])
def test_the_connection_goes_to_the_very_address_that_was_checked(
    publisher: Publisher, tmp_path: Path, address: str
) -> None:
    publisher.replies["/report.pdf"] = lambda _: ok(PDF)
    publisher.resolutions[HOST] = [[address], ["127.0.0.1"]]
    fetched(publisher, tmp_path)
    assert publisher.connections == [address]
