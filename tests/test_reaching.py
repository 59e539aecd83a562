"""Whether news reached the resident, and what happens where it did not."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.delivery.reaching import Reach, Reaching, deliveries, reached
from bot.delivery.relay import Patience, Relay
from bot.ports.backend import Outgoing, RetryLater, Undeliverable
from storage.database import Database
from storage.models import OutboxMessage
from storage.retention import Terms, purge
from tests.conftest import Clock
from tests.promised import World
from tests.service_doubles import said

CHAT = "77"
MAIL = "sam@example.invalid"


class Line:
    """A channel that takes everything but what is for these addresses."""

    def __init__(self, *refused: str, later: bool = False) -> None:
        self.refused, self.later = set(refused), later
        self.took: list[str] = []

    async def send(self, message: Outgoing) -> None:
        if message.address in self.refused:
            if self.later:
                raise RetryLater(None, "busy")
            raise Undeliverable("blocked")
        self.took.append(message.address)


@pytest.fixture
def world(database: Database, clock: Clock) -> World:
    return World(database, clock)


def relay(world: World, telegram: Line, email: Line, patience: Patience | None = None) -> Relay:
    return Relay(
        world.database,
        {"telegram": telegram, "email": email},
        clock=world.clock,
        chance=lambda: 0.5,
        patience=patience,
        on_given_up=Reaching(
            world.database, world.knowledge, world.letters, rules=world.rules, clock=world.clock
        ).given_up,
    )


async def reaches(world: World, reference: str) -> tuple[Reach, ...]:
    """Of the newest change that the resident was told of."""
    changes = [change.id or 0 for change in await world.history(reference)]
    async with world.database.unit_of_work(read_only=True) as work:
        found = await deliveries(work, changes)
    return found[max(found)] if found else ()


def states(found: Sequence[Reach]) -> dict[str, str]:
    return {reach.channel: reach.state for reach in found}


async def letters_about_reaching(world: World) -> list[OutboxMessage]:
    return [row for row in await world.outbox() if row.dedupe_key.startswith("unreached:")]


# -- state --------------------------------------------------------------------------------


async def test_a_message_in_telegram_is_pending_and_then_sent(world: World) -> None:
    reference = await world.submit(channel="telegram", address=CHAT)
    assert await reaches(world, reference) == ()
    await world.give(reference, "in_gesprek")
    assert states(await reaches(world, reference)) == {"telegram": "pending"}
    assert reached(await reaches(world, reference)) is None
    await relay(world, Line(), Line()).deliver_due()
    assert states(await reaches(world, reference)) == {"telegram": "sent"}
    assert reached(await reaches(world, reference))


async def test_a_line_of_the_web_chat_is_unknown_until_the_page_fetches_it(world: World) -> None:
    reference = await world.submit(email="")
    await world.give(reference, "in_gesprek")
    assert states(await reaches(world, reference)) == {"web": "unknown"}
    await world.service.transcript("web", "iemand anders")
    assert reached(await reaches(world, reference)) is None
    world.clock.pass_(hours=1)
    await world.service.transcript("web", "a")
    (reach,) = await reaches(world, reference)
    assert (reach.state, reach.at) == ("read", world.clock())
    world.clock.pass_(hours=1)
    await world.service.transcript("web", "a")
    assert (await reaches(world, reference))[0].at < world.clock()


async def test_waiting_for_news_fetches_it_too(world: World) -> None:
    reference = await world.submit(email="")
    last = (await world.service.transcript("web", "a"))[-1].id
    waiting = asyncio.create_task(world.service.wait_for_news("web", "a", last, 20))
    await asyncio.sleep(0)
    await world.give(reference, "in_gesprek")
    assert await waiting
    assert states(await reaches(world, reference)) == {"web": "read"}


async def test_mail_to_officers_says_nothing_about_the_resident(world: World) -> None:
    reference = await world.submit()
    await world.give(reference, "in_gesprek")
    assert states(await reaches(world, reference)) == {"web": "unknown", "email": "pending"}


# -- another way ----------------------------------------------------------------------------


async def test_who_blocked_telegram_gets_a_mail_and_the_officer_is_told(world: World) -> None:
    reference = await world.submit(channel="telegram", address=CHAT)
    await world.give(reference, "in_gesprek", "Belt u mij?")
    email = Line()
    await relay(world, Line(CHAT), email).deliver_due()
    assert email.took.count(MAIL) == 1
    assert states(await reaches(world, reference)) == {"telegram": "failed", "email": "sent"}
    assert reached(await reaches(world, reference))
    change = (await world.history(reference))[-1]
    assert (change.kind, change.actor_kind, change.before, change.after) == ("unreached", "system", "telegram", "email")
    (told, *others) = await letters_about_reaching(world)
    assert told.address == "anne@gemeente.test"
    assert "Het gaat nu via e-mail" in " ".join(told.payload["text"].split())
    assert all(other.channel == "telegram" for other in others)
    mail = next(row for row in await world.outbox(MAIL) if row.change_id is not None)
    assert "Belt u mij?" in mail.payload["text"]


async def test_a_mail_that_bounces_goes_to_a_telegram_chat_that_was_joined(world: World) -> None:
    reference = await world.submit(channel="telegram", address=CHAT)
    await world.service.handle("telegram", CHAT, said("elders"))
    code = next(row for row in await world.outbox(CHAT) if "-" in str(row.payload["reply"]["text"])).payload
    await world.service.handle("web", "a", said(f"/ga {code['reply']['text']}"))
    await world.give(reference, "in_gesprek")
    assert states(await reaches(world, reference)) == {"web": "unknown", "email": "pending"}
    telegram = Line()
    await relay(world, telegram, Line(MAIL)).deliver_due()
    assert states(await reaches(world, reference)) == {"web": "unknown", "email": "failed", "telegram": "sent"}


async def test_a_second_chat_of_the_same_resident_is_a_way_too(world: World) -> None:
    """They joined the web chat to Telegram and gave no address."""
    reference = await world.submit(channel="web", address="a", email="")
    code = (await world.service.handle("web", "a", said("elders"))).replies[0].text
    await world.service.handle("telegram", CHAT, said(f"/ga {code}"))
    await world.give(reference, "in_gesprek")
    await relay(world, Line(CHAT), Line()).deliver_due()
    assert states(await reaches(world, reference)) == {"telegram": "failed", "web": "unknown"}
    assert "in gesprek" in (await world.chat())[-1]
    assert "de chat op de website" in " ".join((await letters_about_reaching(world))[0].payload["text"].split())


async def test_without_another_way_the_officer_must_call(world: World) -> None:
    reference = await world.submit(channel="telegram", address=CHAT, email="", telephone="+31612345678")
    await world.give(reference, "in_gesprek")
    await relay(world, Line(CHAT), Line()).deliver_due()
    assert reached(await reaches(world, reference)) is False
    text = " ".join((await letters_about_reaching(world))[0].payload["text"].split())
    assert "De bewoner is niet bereikt" in text
    assert "06 12345678" in text


async def test_when_both_ways_fail_it_ends_there(world: World) -> None:
    reference = await world.submit(channel="telegram", address=CHAT)
    await world.give(reference, "in_gesprek")
    both = relay(world, Line(CHAT), Line(MAIL))
    for _ in range(4):
        await both.deliver_due()
        await world.reaching.follow_up(world.clock())
        world.clock.pass_(days=1)
    found = await reaches(world, reference)
    assert states(found) == {"telegram": "failed", "email": "failed"}
    assert len(found) == 2
    changes = [change for change in await world.history(reference) if change.kind == "unreached"]
    assert [(one.before, one.after) for one in changes] == [("telegram", "email"), ("email", "")]
    mails = [row.payload["subject"] for row in await letters_about_reaching(world) if row.channel == "email"]
    assert len(mails) == 2
    assert "niet bereikt" in mails[-1]


async def test_a_read_line_makes_a_bounced_mail_no_news(world: World) -> None:
    reference = await world.submit()
    await world.give(reference, "in_gesprek")
    await world.service.transcript("web", "a")
    await relay(world, Line(), Line(MAIL)).deliver_due()
    assert states(await reaches(world, reference)) == {"web": "read", "email": "failed"}
    assert await letters_about_reaching(world) == []


async def test_a_bounced_mail_beside_an_unread_chat_is_told(world: World) -> None:
    reference = await world.submit()
    await world.give(reference, "in_gesprek")
    await relay(world, Line(), Line(MAIL)).deliver_due()
    assert "unreached" in await world.kinds(reference)
    assert len(await letters_about_reaching(world)) == 2  # mail and chat of the officer


async def test_a_server_that_stays_away_is_a_failure_after_its_patience(world: World) -> None:
    reference = await world.submit(channel="telegram", address=CHAT)
    await world.give(reference, "in_gesprek")
    email = Line()
    stubborn = relay(world, Line(CHAT, later=True), email, Patience(max_attempts=2, first_delay=1))
    await stubborn.deliver_due()
    assert states(await reaches(world, reference)) == {"telegram": "pending"}
    for _ in range(8):
        world.clock.pass_(hours=1)
        await stubborn.deliver_due()
    assert states(await reaches(world, reference)) == {"telegram": "failed", "email": "sent"}


async def test_what_a_crash_left_undone_is_followed_up_once(world: World) -> None:
    reference = await world.submit(channel="telegram", address=CHAT)
    await world.give(reference, "in_gesprek")
    deaf = Relay(world.database, {"telegram": Line(CHAT), "email": Line()}, clock=world.clock)
    await deaf.deliver_due()  # the process died before anything was done about it
    assert states(await reaches(world, reference)) == {"telegram": "failed"}
    done = await asyncio.gather(*(world.reaching.follow_up(world.clock()) for _ in range(3)))
    assert sum(done) == 1
    assert await world.reaching.follow_up(world.clock()) == 0
    assert states(await reaches(world, reference)) == {"telegram": "failed", "email": "pending"}


async def test_what_an_operator_sends_again_may_fail_again(world: World) -> None:
    reference = await world.submit(channel="telegram", address=CHAT)
    await world.give(reference, "in_gesprek")
    lines = relay(world, Line(CHAT), Line(MAIL))
    await lines.deliver_due()
    async with world.database.unit_of_work() as work:
        failed = [row.id or 0 for row in await work.outbox.listing(("failed",)) if row.channel == "telegram"]
        await work.outbox.retry(failed, world.clock())
        await work.commit()
    await lines.deliver_due()
    assert len([row for row in await world.outbox(MAIL) if row.change_id is not None]) == 1


async def test_the_promise_clock_is_followed_up_as_well(world: World) -> None:
    reference = await world.submit(channel="telegram", address=CHAT)
    await world.round(24, 16)
    email = Line()
    await relay(world, Line(CHAT), email).deliver_due()
    assert email.took.count(MAIL) == 1
    mail = next(row for row in await world.outbox(MAIL) if row.change_id is not None)
    assert "het duurt langer" in mail.payload["subject"]
    assert (await world.kinds(reference))[-2:] == ["postponed", "unreached"]


async def test_failed_mail_to_officers_and_answers_in_the_chat_are_not_followed_up(world: World) -> None:
    await world.submit(channel="telegram", address=CHAT)
    await relay(world, Line(CHAT, "1001"), Line("anne@gemeente.test")).deliver_due()
    assert await world.reaching.follow_up(world.clock()) == 0
    assert await letters_about_reaching(world) == []


async def test_who_is_erased_is_not_written_to(world: World) -> None:
    reference = await world.submit(channel="telegram", address=CHAT)
    await world.give(reference, "in_gesprek")
    await Relay(world.database, {"telegram": Line(CHAT), "email": Line()}, clock=world.clock).deliver_due()
    await world.service.handle("telegram", CHAT, said("wis"))
    assert await world.reaching.follow_up(world.clock()) == 0
    assert not [row for row in await world.outbox(MAIL) if row.change_id is not None]


async def test_delivered_messages_are_forgotten_with_the_outbox(world: World) -> None:
    reference = await world.submit(channel="telegram", address=CHAT)
    await world.give(reference, "in_gesprek")
    await relay(world, Line(), Line()).deliver_due()
    world.clock.pass_(days=31)
    async with world.database.unit_of_work() as work:
        await purge(work, world.clock(), Terms())
        await work.commit()
    assert await reaches(world, reference) == ()


def test_without_a_message_nothing_is_known() -> None:
    assert reached(()) is None
