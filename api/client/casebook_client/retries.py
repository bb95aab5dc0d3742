"""How often to ask again, and how long to wait before."""

from dataclasses import dataclass
from random import uniform

from casebook_client.errors import CasebookError, ServiceFailed, TooManyRequests, Unreachable


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """Waits that double, each shortened by chance so that callers do not return together."""

    attempts: int = 4
    """Requests at most, the first included."""
    first_seconds: float = 0.5
    longest_seconds: float = 30.0
    """A service that wants to be left alone for longer is not asked again."""

    def pause(self, attempt: int, failure: CasebookError) -> float | None:
        """Seconds to wait after this many attempts; None where asking again is no use."""
        if attempt >= self.attempts:
            return None
        match failure:
            case Unreachable():
                return self._backed_off(attempt)
            case TooManyRequests(seconds=seconds) | ServiceFailed(passing=True, seconds=seconds):
                wanted = seconds or 0.0
                return max(wanted, self._backed_off(attempt)) if self._bears(wanted) else None
            case _:
                return None

    def _bears(self, seconds: float) -> bool:
        return seconds <= self.longest_seconds

    def _backed_off(self, attempt: int) -> float:
        longest = min(self.first_seconds * 2 ** (attempt - 1), self.longest_seconds)
        return uniform(longest / 2, longest)
