from __future__ import annotations

import pytest

from bot.channels.http import limits
from bot.channels.http.limits import RateLimit
from tests.channels.web.conftest import Seconds


def test_a_full_bucket_may_be_used_at_once_and_fills_again() -> None:
    clock = Seconds()
    limit = RateLimit(3, clock)
    assert [limit.take("a") for _ in range(3)] == [0, 0, 0]
    assert limit.take("a") == pytest.approx(20)
    clock.now = 20
    assert limit.take("a") == 0
    assert limit.take("a") > 0


def test_keys_do_not_share() -> None:
    limit = RateLimit(1, Seconds())
    assert limit.take("a") == 0
    assert limit.take("b") == 0


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "KEPT", 2)
    limit = RateLimit(1, Seconds())
    for key in "abc":
        limit.take(key)
    assert limit.take("a") == 0, "the one that was quiet longest is forgotten"
    assert limit.take("c") > 0
