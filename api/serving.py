"""The service on an address of this machine."""

import gc
from ipaddress import ip_address
from pathlib import Path

import uvicorn
from rich.text import Text

from api.app import service
from api.corpus import open_live
from api.settings import Settings
from api.telemetry import log_to_stderr
from api.terminal import notes

ALLOCATIONS = 50_000
"""Objects, more than were freed, after which the service looks for cycles among the newest."""


def serve(settings: Settings, *, data: Path, host: str, port: int) -> None:
    """Answers until it is told to stop; raises as opening the corpus does."""
    live = open_live(settings, data)
    _collect_seldom()
    log_to_stderr()
    if not is_loopback(host):
        warning = f"{host} can be reached from other machines, by anyone and without a key."
        notes.print(Text(warning, style="bold yellow"))
    place = f"[{host}]" if ":" in host else host
    notes.print(Text(f"Serving {data} on http://{place}:{port} (Ctrl-C ends it)."))
    uvicorn.run(
        service(live, settings),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
    )


def _collect_seldom() -> None:
    """What was opened stays to the end, and an answer makes thousands of objects but no cycles.

    As Python comes, looking for cycles takes 3% of the time under load.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS, 20, 20)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
