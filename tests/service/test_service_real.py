"""The service with the real conversation and the shipped knowledge, on both databases."""

from __future__ import annotations

import pytest

from bot.conversation.turn.events import Pressed
from bot.office.handling.changes import Actor
from bot.office.officers.links import Links
from bot.ports.backend import Backend
from knowledge.base import Knowledge
from storage.database import Database
from tests.conftest import Clock
from tests.service_doubles import OFFICER, SECRET, CountedNotices, Service, make_service, said


@pytest.fixture
def service(database: Database, clock: Clock, shipped_knowledge: Knowledge) -> Service:
    return Service(
        database, lambda: shipped_knowledge, notices=CountedNotices(), links=Links(SECRET, clock), clock=clock
    )


def pressed(data: str) -> Pressed:
    event = said("")
    return Pressed(id=event.id, at=event.at, nonce=event.nonce, data=data)


async def ask(service: Service, text: str, address: str = "a") -> str:
    handled = await service.handle("web", address, said(text))
    return "\n".join(reply.text for reply in handled.replies)


async def test_the_service_is_what_channels_expect(service: Service) -> None:
    backend: Backend = service
    assert backend.languages()[0] == "nl"
    assert dict(backend.menu("nl"))["privacy"] == backend.say("opdracht_uitleg.privacy", "nl")


async def test_a_conversation_is_remembered_and_read_back(service: Service) -> None:
    await ask(service, "/start")
    assert "Zuid" in await ask(service, "ik woon in Zuid")
    transcript = await service.transcript("web", "a")
    assert [line.text for line in transcript if line.direction == "in"] == ["/start", "ik woon in Zuid"]


async def test_a_plan_shows_up_in_the_status_and_moves_to_another_channel(
    service: Service, database: Database, clock: Clock
) -> None:
    await make_service(database, clock).handle("web", "a", said("indienen Bankje"))
    replies = (await service.handle("web", "a", said("/status"))).replies
    (shown,) = (reply.text for reply in replies if "Bankje" in reply.text)
    reference = shown.partition(":")[0]
    plan = await service.change_status(reference, "in_gesprek", Actor("wijkregisseur", OFFICER))
    assert plan.status == "in_gesprek"
    explained = await service.handle("web", "a", pressed(f"p:elsewhere:{reference}"))
    code = explained.replies[0].text.partition("/ga ")[2].partition(".")[0]
    assert "Bankje" in await ask(service, f"/ga {code}", "b")
    assert "Bankje" not in await ask(service, f"/ga {code}", "c")


async def test_privacy_erases_everything_at_once(service: Service, database: Database, clock: Clock) -> None:
    await make_service(database, clock).handle("web", "a", said("indienen Bankje"))
    assert "ingediende plannen: 1" in await ask(service, "/privacy")
    await service.handle("web", "a", pressed("c:privacy_wis_ja"))
    assert "Bankje" not in await ask(service, "/status")
    assert len(await service.transcript("web", "a")) <= 4


async def test_private_numbers_are_not_in_the_transcript(service: Service) -> None:
    await ask(service, "mijn bsn is 111222333 en ik heb een vraag")
    assert "111222333" not in str(await service.transcript("web", "a"))
