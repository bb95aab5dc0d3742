"""How often a caller may ask: a bucket of tokens for each, in memory."""

import time
from collections import OrderedDict
from collections.abc import Callable

MOST_CALLERS = 10_000
"""Buckets kept; those least recently used are forgotten, which fills them."""


class Allowance:
    """So many requests a minute for each caller, and after a minute's rest that many at once.

    What is kept of a bucket is when it will be full again, which says how many tokens it holds.
    """

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self._refill = 60 / per_minute
        self._clock = clock
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def wait(self, caller: str) -> float:
        """Takes a token, and is 0; where there is none, the seconds until there will be one."""
        now = self._clock()
        full_at = max(now, self._full_at.get(caller, now)) + self._refill
        lacking = full_at - now - 60
        # A token that comes in a millionth of a second is there: sums of floats are not exact.
        if lacking > 1e-6:
            return lacking
        self._full_at[caller] = full_at
        self._full_at.move_to_end(caller)
        if len(self._full_at) > MOST_CALLERS:
            self._full_at.popitem(last=False)
        return 0.0
