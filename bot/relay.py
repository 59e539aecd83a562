"""Delivers what is due in the outbox: backs off, keeps order, gives up loudly.

Any number of relays may run, in one process or in many: the outbox hands a lane to one of
them at a time. Lanes are served at the same time, a lane in order. A relay is woken by
commits, looks by itself at intervals, and takes over what a dead one had claimed.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from bot.channels.backend import RetryLater, Sender, Undeliverable
from bot.log import place_of
from storage.database import Database
from storage.errors import StorageUnavailable
from storage.outbox import TOPIC, Delivery, Outbox

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often; seconds unless it is a timedelta."""

    first_delay: float = 5
    longest_delay: float = 3600
    give_up_after: timedelta = timedelta(days=3)
    """An office that is closed over the weekend may have its mail server down as long."""
    max_attempts: int = 100
    send_timeout: float = 60
    lease: float = 180
    """A claim lasts this long; a dead relay's messages wait at most so long."""
    look: float = 5
    """The longest that a relay sleeps without looking by itself."""

    def delay(self, attempts: int, chance: float) -> float:
        """Before the next attempt: doubles, and differs by chance so that not all come at once."""
        full = min(self.longest_delay, self.first_delay * 2.0 ** min(attempts, 30))
        return full * (0.5 + chance / 2)


GivenUp = Callable[[Delivery, str], Awaitable[None]]


async def _nothing(delivery: Delivery, reason: str) -> None:
    return None


class Relay:
    def __init__(
        self,
        database: Database,
        senders: Mapping[str, Sender],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: Callable[[], float] = random.random,
        patience: Patience | None = None,
        concurrency: int = 64,
        on_given_up: GivenUp = _nothing,
    ) -> None:
        """``senders``: per channel. ``concurrency``: lanes served at once."""
        self._database, self._senders, self._clock, self._chance = database, senders, clock, chance
        self._patience = patience or Patience()
        self._concurrency, self._on_given_up = concurrency, on_given_up
        self._lanes: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self._stopping = False

    async def run(self) -> None:
        """Deliver until ``stop`` is called; what is being sent then is finished."""
        forget = await self._database.listen(TOPIC, self._woken.set)
        try:
            while not self._stopping:
                self._woken.clear()
                started = await self._look()
                if not started or len(self._lanes) >= self._concurrency:
                    await self._rest()
        finally:
            forget()
            await self._finish()

    def stop(self) -> None:
        self._stopping = True
        self._woken.set()

    async def deliver_due(self) -> int:
        """Deliver everything that is due now and return; how many messages were tried. For tests and commands."""
        tried = 0
        while started := await self._look():
            tried += started
            await self._finish()
        return tried

    async def _look(self) -> int:
        """Claim what is due and start to deliver it; how many messages. A database that is away is tried later."""
        free = self._concurrency - len(self._lanes)
        if free <= 0:
            return 0
        now = self._clock()
        until = now + timedelta(seconds=self._patience.lease)
        try:
            async with self._database.unit_of_work() as work:
                claimed = await work.outbox.claim(now, until, lanes=free)
                await work.commit()
        except StorageUnavailable as error:
            log.error("outbox_unavailable", fault=str(error))
            return 0
        for messages in claimed.values():
            task = asyncio.create_task(self._serve(messages, until))
            self._lanes.add(task)
            task.add_done_callback(self._served)
        return sum(len(messages) for messages in claimed.values())

    def _served(self, task: asyncio.Task[None]) -> None:
        self._lanes.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("relay_lane_failed", error=type(error).__name__, place=place_of(error))
        self._woken.set()  # there is room again, and the lane may have more

    async def _rest(self) -> None:
        seconds = await self._seconds_to_next()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()

    async def _seconds_to_next(self) -> float:
        look = self._patience.look
        try:
            async with self._database.unit_of_work(read_only=True) as work:
                due = await work.outbox.next_due()
        except StorageUnavailable:
            return look
        return look if due is None else min(look, max(0.05, (due - self._clock()).total_seconds()))

    async def _finish(self) -> None:
        if self._lanes:
            await asyncio.gather(*self._lanes, return_exceptions=True)

    async def _serve(self, messages: list[Delivery], until: datetime) -> None:
        """Deliver the claimed messages of a lane in order, as far as it goes."""
        for number, message in enumerate(messages):
            left = (until - self._clock()).total_seconds()
            if self._stopping or left < self._patience.send_timeout:
                await self._release(messages[number:])
                return
            if not await self._deliver(message, messages[number + 1 :]):
                return

    async def _deliver(self, message: Delivery, behind: list[Delivery]) -> bool:
        """One attempt; whether the lane may go on to its next message. Else it has let go of those behind it."""
        try:
            async with asyncio.timeout(self._patience.send_timeout):
                await self._senders[message.channel].send(message)
        except RetryLater as later:
            return await self._postpone(message, behind, later.reason, later.seconds)
        except Undeliverable as refused:
            return await self._give_up(message, refused.reason)
        except TimeoutError:
            return await self._postpone(message, behind, "no answer in time", None)
        except Exception as error:
            # Its own words may quote the message, so only its kind is told.
            log.error("sender_failed", message=message.id, channel=message.channel, error=type(error).__name__)
            return await self._postpone(message, behind, type(error).__name__, None)
        await self._note(lambda outbox: outbox.sent(message.id, self._clock()))
        return True

    async def _postpone(
        self, message: Delivery, behind: list[Delivery], reason: str, seconds: float | None
    ) -> bool:
        """Try again later; False, because the lane waits for it, unless it is given up."""
        now, attempts = self._clock(), message.attempts + 1
        wait = seconds if seconds is not None else self._patience.delay(message.attempts, self._chance())
        due = now + timedelta(seconds=wait)
        if attempts >= self._patience.max_attempts or due - message.created_at > self._patience.give_up_after:
            return await self._give_up(message, reason)
        log.warning(
            "delivery_postponed", message=message.id, channel=message.channel, attempts=attempts, wait=round(wait),
            reason=reason,
        )

        async def let_go(outbox: Outbox) -> None:
            """Of all at once: between two transactions another look would take this one and skip those behind it."""
            await outbox.release([one.id for one in behind])
            await outbox.postpone(message.id, due, reason)

        await self._note(let_go)
        return False

    async def _give_up(self, message: Delivery, reason: str) -> bool:
        log.error(
            "delivery_given_up", message=message.id, channel=message.channel, attempts=message.attempts + 1,
            reason=reason, plan=message.plan_id,
        )
        await self._note(lambda outbox: outbox.give_up(message.id, reason))
        try:
            await self._on_given_up(message, reason)
        except Exception as error:
            log.error("given_up_handler_failed", message=message.id, error=type(error).__name__)
        return True

    async def _release(self, messages: list[Delivery]) -> None:
        if messages:
            await self._note(lambda outbox: outbox.release([message.id for message in messages]))

    async def _note(self, what: Callable[[Outbox], Awaitable[None]]) -> None:
        """Write down what came of a message. Persistent, because a sent message that is not noted goes twice."""
        for pause in (0.1, 1.0, 5.0, None):
            try:
                async with self._database.unit_of_work() as work:
                    await what(work.outbox)
                    await work.commit()
            except StorageUnavailable as error:
                log.error("outbox_unavailable", fault=str(error))
                if pause is not None:
                    await asyncio.sleep(pause)
            else:
                return
