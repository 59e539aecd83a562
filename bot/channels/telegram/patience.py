"""Calls that must succeed some day, and errors of Telegram told without the token."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_exponential
from tenacity.wait import wait_base

log = structlog.get_logger(__name__)
Result = TypeVar("Result")

LONGEST_WAIT = 60.0
DOUBLING = wait_exponential(multiplier=1, max=LONGEST_WAIT)
CONFLICT_WAIT = 15.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Time and chance, replaced in tests."""

    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    nonce: Callable[[], str] = lambda: secrets.token_hex(16)
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random


class TokenRefusedError(Exception):
    """Telegram does not know this token, or what answers is no Bot API server."""


class Waits(wait_base):
    """Seconds before each next attempt: what Telegram asks for, else doubling up to a minute.

    Spread by chance, so that nobody retries in step.
    """

    def __init__(self, chance: Callable[[], float]) -> None:
        self._chance = chance

    def __call__(self, retry_state: RetryCallState) -> float:
        error = fault(retry_state)
        if isinstance(error, RetryAfter):
            return asked_wait(error)
        if isinstance(error, Conflict):
            return CONFLICT_WAIT
        return DOUBLING(retry_state) * (0.5 + self._chance() / 2)


def fault(state: RetryCallState) -> BaseException | None:
    """What the last attempt ended with."""
    return state.outcome.exception() if state.outcome is not None else None


async def persist(call: Callable[[], Awaitable[Result]], what: str, around: Surroundings) -> Result:
    """Call until it succeeds, with growing pauses. Raises TokenRefusedError where waiting does not help.

    Never logs a message of the library: some of them quote the token.
    """

    async def attempt() -> Result:
        return await call()

    retrying = AsyncRetrying(
        retry=retry_if_exception(_may_pass), wait=Waits(around.chance), sleep=around.pause,
        before_sleep=partial(_tell_wait, what), reraise=True,
    )
    try:
        return await retrying(attempt)
    except InvalidToken:
        hint = "Telegram refuses telegram.token, or telegram.api_base_url is no Bot API server"
        log.error("telegram_token_refused", step=what, hint=hint)
        raise TokenRefusedError(hint) from None


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, TelegramError) and not isinstance(error, InvalidToken)


def _tell_wait(what: str, state: RetryCallState) -> None:
    error, wait = fault(state), round(state.upcoming_sleep, 1)
    if isinstance(error, Conflict):
        hint = "another process reads the updates of this bot: stop it, or give each its own token"
        log.error("telegram_conflict", step=what, hint=hint, wait=wait)
    elif isinstance(error, RetryAfter):
        log.warning("telegram_flood_control", step=what, wait=wait)
    else:
        log.warning("telegram_unreachable", step=what, error=type(error).__name__, wait=wait)


def asked_wait(error: RetryAfter) -> float:
    """Seconds that Telegram asks to wait."""
    asked = error.retry_after
    return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)
