"""How often somebody may do something: a bucket of tokens per key, in the memory of this process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

KEPT = 20_000
"""Keys remembered; the one that was quiet longest is forgotten first."""


class RateLimit:
    """``a_minute`` tokens per key, refilled evenly; a full bucket may be used up at once."""

    def __init__(self, a_minute: int, clock: Callable[[], float]) -> None:
        self._size, self._rate, self._clock = float(a_minute), a_minute / 60, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> float:
        """0 when allowed, else the seconds until the next one is."""
        now = self._clock()
        tokens, since = self._buckets.get(key, (self._size, now))
        tokens = min(self._size, tokens + (now - since) * self._rate)
        allowed = tokens >= 1
        self._buckets[key] = (tokens - 1 if allowed else tokens, now)
        self._buckets.move_to_end(key)
        if len(self._buckets) > KEPT:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - tokens) / self._rate
