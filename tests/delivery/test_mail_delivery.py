"""From a resident's confirmation to a mail with photos: stored, relayed, delivered once; on both databases."""

from __future__ import annotations

import email
from email.message import EmailMessage
from email.policy import SMTP
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.channels.email.channel import FolderSender
from bot.conversation.turn.events import AnyEvent, Pictured, Said
from bot.conversation.turn.plan_view import Record
from bot.conversation.turn.replies import AddToPlan, SubmitPlan, Turn
from bot.conversation.turn.state import State
from bot.delivery.relay import Relay
from bot.office.handling.changes import Actor
from bot.office.letters.correspondence import Correspondence
from bot.office.letters.step_links import StepPages
from bot.office.officers.links import Links
from bot.office.officers.routing import Routing
from bot.ports.backend import Outgoing, Undeliverable
from bot.ports.mail import Picture
from knowledge.base import Knowledge
from storage.database import Database
from tests.conftest import Clock
from tests.plans import REFERENCE, SECRET, Officer, Team, draft, shipped
from tests.service_doubles import Service

ROUTING = Routing((Officer("Anne Bos", "anne@gemeente.test", areas=("Zuid",)),), Team())


def sending_in(state: State, event: AnyEvent, knowledge: Knowledge, record: Record, /) -> Turn:
    """A conversation in which a photo is kept, a first word sends in the plan and a next one adds to it."""
    kept = state.draft or draft(photos=())
    if isinstance(event, Pictured):
        return Turn(State(draft=kept.model_copy(update={"photos": (*kept.photos, event.photo)})), ())
    effect = AddToPlan(REFERENCE, text="Ook een bakker.") if record.plans else SubmitPlan(REFERENCE, kept, "nl")
    return Turn(State(), (), (effect,))


@pytest.fixture
def service(database: Database, clock: Clock) -> Service:
    links = Links(SECRET, clock)
    notices = Correspondence(shipped, ROUTING, StepPages(links, "https://bot.voorbeeld.test"))
    return Service(database, shipped, notices=notices, links=links, respond=sending_in, clock=clock)


def picture() -> bytes:
    made = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(made, "PNG")
    return made.getvalue()


def folder_relay(database: Database, service: Service, clock: Clock, folder: Path) -> Relay:
    async def load(photo: str) -> Picture | None:
        found = await service.photo(photo)
        return Picture(*found) if found is not None else None

    sender = FolderSender(folder, "Wijkbot <wijkbot@voorbeeld.test>", load)
    return Relay(database, {"email": sender}, clock=clock)


def delivered(folder: Path) -> list[EmailMessage]:
    read = [email.message_from_bytes(path.read_bytes(), policy=SMTP) for path in sorted(folder.glob("*.eml"))]
    return [message for message in read if isinstance(message, EmailMessage)]


async def say(service: Service, clock: Clock, number: int) -> None:
    await service.handle("web", "zoe", Said(id=str(number), at=clock(), nonce="0" * 32, text="x"))


async def send_in(service: Service, clock: Clock) -> str:
    """With a photo; gives its id."""
    photo = await service.keep_photo("web", "zoe", picture())
    await service.handle("web", "zoe", Pictured(id="foto", at=clock(), nonce="0" * 32, photo=photo))
    await say(service, clock, 1)
    return photo


async def test_a_confirmed_plan_becomes_one_mail_with_its_photo(
    database: Database, service: Service, clock: Clock, tmp_path: Path
) -> None:
    photo = await send_in(service, clock)
    await say(service, clock, 1)  # the same event, delivered twice
    relay = folder_relay(database, service, clock, tmp_path / "mail")
    await relay.deliver_due()
    await relay.deliver_due()
    (message,) = delivered(tmp_path / "mail")
    stored = await service.photo(photo)
    assert stored is not None
    assert [part.get_content() for part in message.iter_attachments()] == [stored[1]]
    assert message["Subject"] == f"Nieuw plan {REFERENCE}: Koffieochtend voor Zoë's buurt & tuin (Zuid)"
    body = message.get_body(("plain",))
    assert body is not None
    assert "12 buren en de bakker" in body.get_content()


async def test_what_follows_is_delivered_in_order_and_in_one_thread(
    database: Database, service: Service, clock: Clock, tmp_path: Path
) -> None:
    await send_in(service, clock)
    clock.pass_(minutes=1)
    await say(service, clock, 2)
    clock.pass_(minutes=1)
    await service.change_status(REFERENCE, "in_gesprek", Actor("wijkregisseur", "anne@gemeente.test"))
    await folder_relay(database, service, clock, tmp_path).deliver_due()
    to_officer = [message for message in delivered(tmp_path) if message["To"] == "anne@gemeente.test"]
    assert [message["Subject"].partition(": ")[2] for message in to_officer] == [
        "Koffieochtend voor Zoë's buurt & tuin (Zuid)", "aanvulling van de bewoner", "in gesprek",
    ]  # fmt: skip
    assert len({message["References"] for message in to_officer}) == 1
    (to_resident,) = [message for message in delivered(tmp_path) if message["To"] == "zoe@voorbeeld.test"]
    assert to_resident["Reply-To"] == "anne@gemeente.test"


async def test_a_refused_address_is_given_up_where_the_operator_sees_it(
    database: Database, service: Service, clock: Clock
) -> None:
    class Refusing:
        async def send(self, message: Outgoing) -> None:
            raise Undeliverable("SMTP 550 5.1.1")

    await send_in(service, clock)
    await Relay(database, {"email": Refusing()}, clock=clock).deliver_due()
    async with database.unit_of_work(read_only=True) as work:
        (failed,) = await work.outbox.listing(("failed",))
    assert failed.last_error == "SMTP 550 5.1.1"
