"""Delivers what is due in the outbox: backs off, keeps order, gives up loudly.

Any number of relays may run, in one process or in many: the outbox hands a lane to one of
them at a time. Lanes are served at the same time, a lane in order. A relay is woken by
commits, looks by itself at intervals, and takes over what a dead one had claimed:
claims are short, and renewed by a relay that lives.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
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
    lease: float = 8
    """A claim lasts this long and is renewed while the relay lives: a dead one's messages wait at most so long.

    Several processes need clocks that agree to within some seconds, as any time service sees to.
    """
    renewals: float = 4
    """A claim is renewed so many times before it would end: some may come late or fail."""
    look: float = 5
    """The longest that a relay sleeps without looking by itself."""

    def delay(self, attempts: int, chance: float) -> float:
        """Before the next attempt: doubles, and differs by chance so that not all come at once."""
        full = min(self.longest_delay, self.first_delay * 2.0 ** min(attempts, 30))
        return full * (0.5 + chance / 2)


@dataclass(slots=True)
class _Held:
    """What is claimed in one lane and not delivered yet."""

    lane: str
    messages: set[int]
    until: datetime


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
        alone: bool = False,
    ) -> None:
        """``senders``: per channel. ``concurrency``: lanes served at once.

        ``alone``: no other process delivers, so that what stands claimed at the start is of a dead one.
        """
        self._database, self._senders, self._clock, self._chance = database, senders, clock, chance
        self._patience = patience or Patience()
        self._concurrency, self._on_given_up = concurrency, on_given_up
        self._alone = alone
        self._lanes: dict[asyncio.Task[None], _Held] = {}
        self._woken = asyncio.Event()
        self._stopping = False

    async def run(self) -> None:
        """Deliver until ``stop`` is called; what is being sent then is finished."""
        if self._alone:
            await self._note(lambda outbox: outbox.release_all())
        forget = await self._database.listen(TOPIC, self._woken.set)
        async with self._renewing():
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
        async with self._renewing():
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
                mine = [held.lane for held in self._lanes.values()]
                claimed = await work.outbox.claim(now, until, lanes=free, but=mine)
                await work.commit()
        except StorageUnavailable as error:
            log.error("outbox_unavailable", fault=str(error))
            return 0
        for lane, messages in claimed.items():
            held = _Held(lane, {message.id for message in messages}, until)
            task = asyncio.create_task(self._serve(messages, held))
            self._lanes[task] = held
            task.add_done_callback(self._served)
        return sum(len(messages) for messages in claimed.values())

    def _served(self, task: asyncio.Task[None]) -> None:
        del self._lanes[task]
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

    async def _serve(self, messages: list[Delivery], held: _Held) -> None:
        """Deliver the claimed messages of a lane in order, as far as it goes."""
        for number, message in enumerate(messages):
            if self._stopping:
                await self._release(messages[number:])
                return
            if held.until <= self._clock():  # the claim could not be renewed, so another relay may have them
                return
            if not await self._deliver(message, messages[number + 1 :]):
                return
            held.messages.discard(message.id)

    @asynccontextmanager
    async def _renewing(self) -> AsyncIterator[None]:
        """While a message is being sent, for however long, no other relay takes it for one of a dead relay."""
        task = asyncio.create_task(self._renew_forever(), name="renewals")
        try:
            yield
        finally:
            task.cancel()

    async def _renew_forever(self) -> None:
        while True:
            await asyncio.sleep(self._patience.lease / self._patience.renewals)
            try:
                await self._renew()
            except StorageUnavailable as error:
                log.error("claims_not_renewed", fault=str(error))
            except Exception as error:  # the next may go well
                log.error("claims_not_renewed", error=type(error).__name__, place=place_of(error))

    async def _renew(self) -> None:
        now = self._clock()
        lease = timedelta(seconds=self._patience.lease)
        # Most are delivered long before; those that were claimed just now need nothing yet.
        old = [held for held in self._lanes.values() if held.until - now < lease * 0.75 and held.messages]
        if old:
            async with self._database.unit_of_work() as work:
                await work.outbox.renew([one for held in old for one in held.messages], now + lease)
                await work.commit()
            for held in old:
                held.until = now + lease

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

    async def _note(self, what: Callable[[Outbox], Awaitable[object]]) -> None:
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
