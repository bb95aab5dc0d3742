"""Cited, recommendation-linked evidence from a Casebook service, or from a corpus on this machine.

`Casebook` asks and waits, `AsyncCasebook` awaits. What they give are sequences of the contract's
own objects (`casebook_client.wire`), with `.to_pandas()` and `.to_polars()`.
"""

from casebook_client.asynchronous import AsyncCasebook
from casebook_client.casebook import Casebook
from casebook_client.errors import CasebookError

__all__ = ["AsyncCasebook", "Casebook", "CasebookError"]
__version__ = "0.1.0"
