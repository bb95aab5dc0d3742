"""The service on an address of this machine."""

import gc
import socket
from ipaddress import ip_address
from pathlib import Path

import uvicorn
from rich.text import Text

from api.admission import Terms
from api.app import service
from api.corpus import open_live
from api.keys import Keyring, NoKeys, key_file
from api.processors import one_thread_for_products
from api.rates import Allowance
from api.settings import Settings
from api.telemetry import log_to_stderr
from api.terminal import notes
from ingest.errors import ServiceError

KEY_REQUESTS_PER_MINUTE = 600
ADDRESS_REQUESTS_PER_MINUTE = 300

ALLOCATIONS = 50_000
"""Objects, more than were freed, after which the service looks for cycles among the newest."""


def serve(settings: Settings, *, data: Path, host: str, port: int, terms: Terms) -> None:
    """Answers until it is told to stop; raises as opening the corpus does, and ServiceError."""
    refuse_taken(host, port)
    live = open_live(settings, data)
    _collect_seldom()
    log_to_stderr()
    if not is_loopback(host):
        notes.print(Text(_warning(host, terms), style="bold yellow"))
    place = f"[{host}]" if ":" in host else host
    whom = "whoever has a key" if terms.keyring else "anyone"
    notes.print(Text(f"Serving {data} to {whom} on http://{place}:{port} (Ctrl-C ends it)."))
    with one_thread_for_products():
        uvicorn.run(
            service(live, settings, terms),
            host=host,
            port=port,
            log_config=None,
            access_log=False,
            server_header=False,
        )


def refuse_taken(host: str, port: int) -> None:
    """Raises ServiceError where nothing can listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family):
            return
    except OSError as error:
        why = str(error.strerror).partition(" (while")[0]  # which says the address again
        raise ServiceError(
            f"Nothing can be served on {host}, port {port} ({why}).",
            remedy="Name an address of this machine and a port that is free: --host, --port, or "
            "CASEBOOK_HOST, CASEBOOK_PORT.",
        ) from error


def agreed(settings: Settings, data: Path, *, public: bool, keys: bool | None) -> Terms:
    """On what terms to serve: keys and limits where others can ask, unless told otherwise.

    `keys` says whether keys are wanted; None leaves it open. Raises NoKeys and DamagedData.
    """
    wanted = public if keys is None else keys
    most = (KEY_REQUESTS_PER_MINUTE, ADDRESS_REQUESTS_PER_MINUTE) if public else (0, 0)
    return Terms(
        keyring=_keyring(key_file(settings, data)) if wanted else None,
        by_key=_allowance(settings.key_requests_per_minute, otherwise=most[0]),
        by_address=_allowance(settings.address_requests_per_minute, otherwise=most[1]),
        contact=settings.contact,
    )


def _keyring(path: Path) -> Keyring:
    keyring = Keyring(path)
    if not keyring.in_use():
        raise NoKeys(
            f"Nobody holds a key to this service ({path}), so nobody could ask it anything.",
            remedy="Run `casebook keys add NAME` first, or serve everybody: --no-keys.",
        )
    return keyring


def _allowance(per_minute: int | None, *, otherwise: int) -> Allowance | None:
    chosen = otherwise if per_minute is None else per_minute
    return Allowance(chosen) if chosen else None


def _warning(host: str, terms: Terms) -> str:
    if terms.keyring is None:
        return f"{host} can be reached from other machines, by anyone and without a key."
    return (
        f"{host} can be reached from other machines without encryption, and keys can be read on"
        " their way there: serve on loopback behind a proxy that speaks TLS."
    )


def _collect_seldom() -> None:
    """What was opened stays to the end, and an answer makes thousands of objects but no cycles.

    As Python comes, looking for cycles takes 3% of the time under load.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS, 20, 20)


def is_address(host: str) -> bool:
    """Whether this is the number of a machine, or a name that leads to one."""
    try:
        return bool(socket.getaddrinfo(host, None))
    except (OSError, UnicodeError):
        return False


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
