"""A mail that was sent and came back (RFC 3464) is given up after all, with what follows from that."""

from __future__ import annotations

import structlog

from bot.delivery.relay import GivenUp
from bot.ports.backend import Unavailable
from bot.ports.signed_addresses import Sending
from storage.database import Database
from storage.errors import StorageUnavailable
from storage.tables.outbox_table import Delivery

REASON = "bounced"

log = structlog.get_logger()


class Bounces:
    def __init__(self, database: Database, on_given_up: GivenUp) -> None:
        """``on_given_up``: the same as the relay's."""
        self._database, self._on_given_up = database, on_given_up

    async def returned(self, sending: Sending) -> None:
        """Any number of times; the first counts, unless the message is being sent anew since.

        Raises Unavailable: tell it again later.
        """
        try:
            delivery = await self._give_up(sending)
        except StorageUnavailable as error:
            raise Unavailable from error
        if delivery is None:
            return
        log.error("delivery_bounced", message=delivery.id, channel=delivery.channel, plan=delivery.plan_id)
        try:
            await self._on_given_up(delivery, REASON)
        except Exception as error:
            # Nothing is lost: the promise clock looks for what was not followed up.
            log.error("given_up_handler_failed", message=delivery.id, error=type(error).__name__)

    async def _give_up(self, sending: Sending) -> Delivery | None:
        async with self._database.unit_of_work() as work:
            if await work.outbox.is_pending(sending.message_id, sending.since):
                # It came back before the relay could note that it was sent.
                raise Unavailable
            delivery = await work.outbox.came_back(sending.message_id, sending.since, REASON)
            await work.commit()
        return delivery
