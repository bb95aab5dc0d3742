"""Errors a person can act on: each says what was wrong and what to do next.

CasebookError
├── Unreachable           no answer from the service
├── KeyRefused            a key is wanted, or this one is unknown, revoked or not enough
├── UnsafeKey             a key would go over an unencrypted connection
├── TooManyRequests       more than the service allows just now
├── NotFound              no such document, passage or recommendation
├── Gone                  an id whose words are no longer there, or a list that was rebuilt
├── BadRequest            a question that cannot be answered as asked
├── Refused               it exists and is not given out
├── ServiceFailed         the service cannot answer, now or at all
├── NotUnderstood         an answer that this version of the client cannot read
├── CannotOpen            a data directory, or the engine, that is not there to be used
└── PackageMissing        pandas or polars is not installed
"""

from collections.abc import Mapping


class CasebookError(Exception):
    """What was wrong, and what to do next; `str` of it is both."""

    def __init__(self, problem: str, *, remedy: str = "") -> None:
        super().__init__(f"{problem} {remedy}".strip())
        self.problem = problem
        self.remedy = remedy


class Unreachable(CasebookError):
    """The service does not answer: not there, too slow, or cut off."""


class KeyRefused(CasebookError):
    """The service wants a key, or does not take this one."""


class UnsafeKey(CasebookError):
    """The key would be sent where others can read it."""


class TooManyRequests(CasebookError):
    """More was asked than the service allows; `seconds` is how long to wait, where it said so."""

    def __init__(self, problem: str, *, seconds: float | None) -> None:
        super().__init__(problem)
        self.seconds = seconds


class NotFound(CasebookError):
    """There is no document, passage or recommendation of this id."""


class Gone(CasebookError):
    """The words of this id are no longer there, or the corpus was rebuilt between two pages."""


class BadRequest(CasebookError):
    """A query, filter or option cannot be used; `fields` says which, where the service did."""

    def __init__(self, problem: str, *, fields: Mapping[str, str]) -> None:
        super().__init__(problem)
        self.fields = fields


class Refused(CasebookError):
    """What was asked for exists and is not given out."""


class ServiceFailed(CasebookError):
    """The service cannot answer; `seconds` is how long it asks to be left alone, if it does."""

    def __init__(self, problem: str, *, passing: bool, seconds: float | None) -> None:
        super().__init__(problem)
        self.passing = passing
        """Whether another try may fare better."""
        self.seconds = seconds


class NotUnderstood(CasebookError):
    """The answer is not what this version of the client expects."""


class CannotOpen(CasebookError):
    """The data directory cannot be opened in this process."""


class PackageMissing(CasebookError):
    """An optional package is not installed."""
