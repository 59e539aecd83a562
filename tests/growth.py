"""Whether the cost of something grows with the length of a text or with its square, without a limit in seconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from itertools import count

LONGER = 16
"""How many times as long the long text is."""
LINEAR = 48.0
"""Times the cost of the short one: 16 where it grows with the length, 256 where it grows with its square."""
TOO_SHORT = 2e6
"""Nanoseconds for the long text below which nothing is measured."""
TRIES = 6
_numbers = count(1)


def grows_linearly(cost: Callable[[str], object], texts: Iterable[tuple[str, str]]) -> list[str]:
    """The texts, of which each pair is a short one and one ``LONGER`` times as long, whose cost grows faster.

    CPU time of this thread alone, the least of several tries: a busy machine makes a try slower, never faster.
    """
    return [long[:40] for short, long in texts if not _is_linear(cost, short, long)]


def _is_linear(cost: Callable[[str], object], short: str, long: str) -> bool:
    least_short = least_long = float("inf")
    for _ in range(TRIES):
        end = f" {next(_numbers)}"  # another text each time: what is remembered of the last would answer
        least_short = min(least_short, _nanoseconds(cost, short + end))
        least_long = min(least_long, _nanoseconds(cost, long + end))
        if least_long < TOO_SHORT or least_long < LINEAR * least_short:
            return True
    return False


def _nanoseconds(cost: Callable[[str], object], text: str) -> float:
    begun = time.thread_time_ns()
    cost(text)
    return time.thread_time_ns() - begun
