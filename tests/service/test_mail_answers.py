"""A resident answers a mail about their plan: real SMTP on loopback, on both databases."""

from __future__ import annotations

import asyncio
import email
import logging
from collections.abc import AsyncIterator
from email.message import EmailMessage
from email.policy import SMTP, default
from io import BytesIO

import aiosmtplib
import pytest
from PIL import Image
from sqlmodel import select

from bot.channels.email.bounces import Replies, listen
from bot.channels.email.channel import SmtpSender, SmtpServer
from bot.delivery.relay import Relay
from bot.delivery.returned import Bounces
from bot.initiative.draft import MAX_ADDITION
from bot.initiative.standing import open_question
from bot.ports.signed_addresses import LONGEST_LOCAL, ReplyAddresses, ReturnAddresses, Sending
from bot.service.mail_answers import MOST_A_DAY, Answers
from storage.database import Database
from storage.models import OutboxMessage, Photo, PlanChange
from storage.retention import erase_resident
from tests.channels.email.letters import Album
from tests.channels.email.test_channel import Postbox, serving
from tests.conftest import Clock
from tests.plans import SECRET
from tests.promised import World
from tests.service_doubles import said

MAIL = "sam@example.invalid"
"""Of the resident."""
ANNE = "anne@gemeente.test"
RETURNS = ReturnAddresses("bounces@voorbeeld.test", SECRET)
REPLIES = ReplyAddresses("bounces@voorbeeld.test", SECRET)
ANSWER = "Naast de vijver.\n\nOp ma 23 nov 2026 om 10:00 schreef Wijkbot <wijkbot@voorbeeld.test>:\n> Waar?\n"


def answer(to: str, text: str = ANSWER, sender: str = MAIL, **headers: str) -> EmailMessage:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = f"Sam Smit <{sender}>", to, "Re: Een vraag over uw plan"
    made["Message-ID"] = "<1@mail.example.org>"
    made.set_content(text)
    for name, value in headers.items():
        del made[name.replace("_", "-")]
        made[name.replace("_", "-")] = value
    return made


def picture(width: int = 400, height: int = 300) -> bytes:
    made = BytesIO()
    Image.effect_noise((width, height), 20).convert("RGB").save(made, "JPEG", exif=b"Exif\x00\x00gemaakt-bij-mij-thuis")
    return made.getvalue()


class Post:
    def __init__(self, world: World, out: int, port: int, postbox: Postbox) -> None:
        self.world, self.port, self.postbox = world, port, postbox
        sender = SmtpSender(SmtpServer("127.0.0.1", out, "none"), "Wijkbot <wijkbot@voorbeeld.test>", Album(), RETURNS)
        self.relay = Relay(world.database, {"email": sender}, clock=world.clock)

    async def asked(self, **draft: object) -> tuple[str, str]:
        """A plan whose resident got a question: its reference, and where the answer goes, as their mail says."""
        reference = await self.world.submit(**draft)  # type: ignore[arg-type]
        await self.world.give(reference, "in_gesprek")
        self.world.clock.pass_(seconds=1)
        await self.world.ask(reference, "Waar?")
        await self.relay.deliver_due()
        return reference, self.reply_to()

    def reply_to(self) -> str:
        return str(self.mails(MAIL)[-1]["Reply-To"])

    def mails(self, to: str) -> list[EmailMessage]:
        taken = [one.original_content or b"" for one in self.postbox.taken if to in one.rcpt_tos]
        return [email.message_from_bytes(data, policy=default) for data in taken]  # type: ignore[misc]

    async def deliver(self, message: EmailMessage, *to: str, sender: str = MAIL) -> tuple[int, str]:
        """By SMTP, as the organisation's mail server does it; the bot's answer."""
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=self.port, start_tls=False) as client:
            await client.ehlo()
            try:
                await client.mail(sender)
                for one in to or (str(message["To"]),):
                    await client.rcpt(one)
                return tuple(await client.data(message.as_bytes()))  # type: ignore[return-value]
            except aiosmtplib.SMTPResponseException as error:
                return error.code, error.message

    async def added(self, reference: str) -> list[str]:
        return [change.note for change in await self.world.history(reference) if change.kind == "added"]

    async def waits(self, reference: str) -> bool:
        return open_question(await self.world.history(reference)) is not None


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
async def post(database: Database, clock: Clock, postbox: Postbox) -> AsyncIterator[Post]:
    world = World(database, clock, replies=REPLIES)
    replies = Replies(REPLIES, Answers(world.service.office, world.letters))
    returned = Bounces(database, world.reaching.given_up).returned
    server = await listen("127.0.0.1", 0, RETURNS, returned, replies)
    async with serving(postbox) as out:
        yield Post(world, out, server.sockets[0].getsockname()[1], postbox)
    server.close()


# -- what an answer does ---------------------------------------------------------------------


async def test_an_answer_by_mail_is_put_with_the_plan_and_told_to_the_officer(post: Post) -> None:
    reference, to = await post.asked()
    assert await post.waits(reference)
    asked_until = (await post.world.plan(reference)).next_date
    assert (await post.deliver(answer(to)))[0] == 250
    assert await post.added(reference) == ["Naast de vijver."]
    assert not await post.waits(reference)
    assert (await post.world.plan(reference)).next_date < asked_until  # the officer's turn
    await post.relay.deliver_due()
    told = post.mails(ANNE)[-1]
    assert "aanvulling van de bewoner" in told["Subject"]
    assert "Naast de vijver." in told.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert told["Reply-To"].addresses[0].addr_spec == MAIL  # to the resident, as ever


async def test_the_resident_is_told_that_it_arrived_and_by_when_they_hear(post: Post) -> None:
    _, to = await post.asked()
    await post.deliver(answer(to))
    await post.relay.deliver_due()
    receipt = post.mails(MAIL)[-1]
    assert "uw bericht is aangekomen" in receipt["Subject"]
    assert receipt["Auto-Submitted"] == "auto-generated"
    assert receipt["Reply-To"] == to
    text = " ".join(receipt.get_body(("plain",)).get_content().split())  # type: ignore[union-attr]
    assert "U hoort uiterlijk dinsdag 24 november 2026 weer iets." in text


async def test_the_mail_says_how_to_answer(post: Post) -> None:
    reference, to = await post.asked()
    assert to.startswith(f"bounces+r{reference.lower()}-")
    text = " ".join(post.mails(MAIL)[-1].get_body(("plain",)).get_content().split())  # type: ignore[union-attr]
    assert "Uw bericht komt bij uw plan te staan" in text
    assert not [one for one in post.mails(ANNE) if to in str(one)]


async def test_photos_come_along_cleaned_and_logos_do_not(post: Post) -> None:
    reference, to = await post.asked()
    made = answer(to)
    for data in (picture(), picture(100, 40), b"geen plaatje"):
        made.add_attachment(data, maintype="image", subtype="jpeg", disposition="inline")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="begroting.pdf")
    assert (await post.deliver(made))[0] == 250
    async with post.world.database.unit_of_work(read_only=True) as work:
        photos = (await work.session.exec(select(Photo))).all()
    plan = await post.world.plan(reference)
    assert [(one.plan_id, one.width, one.mime) for one in photos] == [(plan.id, 400, "image/jpeg")]
    assert b"mij-thuis" not in photos[0].data
    (note,) = await post.added(reference)
    assert note.startswith("Naast de vijver.\n\n(Bijlagen bij deze mail die de bot niet kon bewaren: 2.")
    assert any("receipt" in row.dedupe_key and "Niet alle" in row.payload["text"] for row in await sent(post))


async def sent(post: Post) -> list[OutboxMessage]:
    return await post.world.outbox(MAIL)


async def test_a_photo_alone_is_an_answer(post: Post) -> None:
    reference, to = await post.asked()
    made = answer(to, "\n")
    made.add_attachment(picture(), maintype="image", subtype="jpeg")
    assert (await post.deliver(made))[0] == 250
    assert await post.added(reference) == [""]


async def test_a_long_answer_is_cut_and_numbers_that_nobody_may_keep_are_masked(post: Post) -> None:
    reference, to = await post.asked()
    assert (await post.deliver(answer(to, "Mijn BSN is 123456782. " + "woord " * 2000)))[0] == 250
    (note,) = await post.added(reference)
    assert "123456782" not in note
    assert "ingekort" in note
    assert len(note) < MAX_ADDITION + 200


async def test_the_same_mail_offered_again_and_at_once_counts_once(post: Post) -> None:
    reference, to = await post.asked()
    codes = await asyncio.gather(*(post.deliver(answer(to)) for _ in range(3)))
    assert [code for code, _ in codes] == [250] * 3
    assert (await post.deliver(answer(to), to.upper()))[0] == 250  # some servers change the case
    assert len(await post.added(reference)) == 1
    assert (await post.deliver(answer(to, Message_ID="<2@mail.example.org>")))[0] == 250
    assert len(await post.added(reference)) == 2


async def test_an_answer_to_a_closed_plan_reaches_the_officer_who_may_open_it(post: Post) -> None:
    reference, to = await post.asked()
    await post.world.give(reference, "afgewezen", "te duur")
    assert (await post.deliver(answer(to, "Dat klopt niet.")))[0] == 250
    assert (await post.world.plan(reference)).status == "afgewezen"
    await post.relay.deliver_due()
    told = post.mails(ANNE)[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Open het plan dan weer" in " ".join(told.split())


async def test_before_it_is_stored_it_is_not_taken(post: Post) -> None:
    reference, to = await post.asked()
    from bot.ports.backend import Unavailable

    async def away(deed: object) -> None:
        raise Unavailable

    perform = post.world.service.office.perform
    post.world.service.office.perform = away  # type: ignore[method-assign,assignment]
    assert (await post.deliver(answer(to)))[0] == 451
    post.world.service.office.perform = perform  # type: ignore[method-assign]
    assert (await post.deliver(answer(to)))[0] == 250
    assert await post.added(reference) == ["Naast de vijver."]


# -- what is not taken -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Auto_Submitted": "auto-replied"}, 250), ({"Precedence": "bulk"}, 250),
        ({"Subject": "Automatisch antwoord: Uw plan"}, 250),
        ({"From": "ina@example.invalid"}, 550), ({"From": f"{MAIL}, ina@example.invalid"}, 550),
        ({"From": f'"{MAIL}" <ina@example.invalid>'}, 550),
    ],
)  # fmt: skip
async def test_machines_and_strangers_change_nothing(post: Post, headers: dict[str, str], code: int) -> None:
    reference, to = await post.asked()
    kinds, outbox = await post.world.kinds(reference), len(await post.world.outbox())
    answered, words = await post.deliver(answer(to, **headers))
    assert answered == code
    assert "ander e-mailadres" in words or code == 250
    assert await post.world.kinds(reference) == kinds
    assert len(await post.world.outbox()) == outbox


async def test_what_comes_from_nobody_is_dropped(post: Post) -> None:
    reference, to = await post.asked()
    assert (await post.deliver(answer(to), sender=""))[0] == 250
    assert await post.added(reference) == []


async def test_without_words_of_their_own_it_is_refused(post: Post) -> None:
    reference, to = await post.asked()
    code, words = await post.deliver(answer(to, "> Waar?\n"))
    assert (code, "geen tekst" in words) == (550, True)
    assert await post.waits(reference)


async def test_a_withdrawn_an_erased_and_an_unknown_plan_are_refused(post: Post) -> None:
    _, to = await post.asked()
    await post.world.service.handle("web", "a", said("intrekken"))
    code, words = await post.deliver(answer(to))
    assert (code, "5.2.1 Dit plan is ingetrokken." in words) == (550, True)
    assert words.isascii()
    async with post.world.database.unit_of_work() as work:
        home = await work.conversations.find("web", "a")
        assert home is not None
        await erase_resident(work, home.resident, post.world.clock())
        await work.commit()
    code, words = await post.deliver(answer(to))
    assert (code, words[:5]) == (550, "5.1.1")
    unknown = REPLIES.of("HV-000-000-000")
    assert (await post.deliver(answer(unknown)))[0] == 550
    async with post.world.database.unit_of_work(read_only=True) as work:
        assert not [row for row in (await work.session.exec(select(PlanChange))).all() if row.kind == "added"]


async def test_a_withdrawn_plan_no_longer_asks_for_an_answer_by_mail_to_the_bot(post: Post) -> None:
    reference, _ = await post.asked()
    await post.world.give(reference, "ingetrokken")
    await post.relay.deliver_due()
    assert post.reply_to() == ANNE


OTHERS = ReplyAddresses("bounces@voorbeeld.test", "another secret of at least 32 characters")


async def test_forged_and_foreign_addresses_are_refused(post: Post) -> None:
    reference, to = await post.asked()
    local, _, domain = to.partition("@")
    sign = local.rpartition("-")[2]
    as_bounce = RETURNS.of(Sending(17, 1_800_000_000))
    for wrong in (
        OTHERS.of(reference), REPLIES.of("HV-000-000-000").replace("hv-000-000-000", reference.lower()),
        f"{local[:-1]}@{domain}", f"{local}@elders.test", f"bounces+r{reference.lower()}@{domain}",
        f"bounces+b{reference.lower()}-{sign}@{domain}", as_bounce.replace("+b", "+r"), f"bounces@{domain}",
    ):  # fmt: skip
        assert (await post.deliver(answer(to), wrong))[0] in (550, 553), wrong
    assert await post.added(reference) == []


async def test_each_answer_comes_by_itself(post: Post) -> None:
    """There is one reply to DATA: two plans, or a plan and a report, cannot share it."""
    _, first = await post.asked()
    _, second = await post.asked(email=MAIL)
    bounce = RETURNS.of(Sending(17, 1_800_000_000))
    for to in ((first, second), (first, bounce), (bounce, first)):
        assert (await post.deliver(answer(first), *to))[0] == 452


async def test_two_machines_that_answer_each_other_come_to_an_end(post: Post) -> None:
    reference, to = await post.asked()
    codes = [
        (await post.deliver(answer(to, Message_ID=f"<{number}@mail.example.org>")))[0]
        for number in range(MOST_A_DAY + 2)
    ]
    assert codes == [250] * MOST_A_DAY + [450] * 2
    assert len(await post.added(reference)) == MOST_A_DAY
    post.world.clock.pass_(days=1, seconds=1)
    assert (await post.deliver(answer(to, Message_ID="<21@mail.example.org>")))[0] == 250


async def test_nothing_personal_is_logged(
    post: Post, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    from bot.log import configure

    before = logging.getLogger().handlers[:]
    try:
        configure("debug", "text")
        logging.getLogger().addHandler(caplog.handler)
        reference, to = await post.asked()
        await post.deliver(answer(to))
        await post.deliver(answer(to, sender="ina@example.invalid"), sender="ina@example.invalid")
    finally:
        logging.getLogger().handlers[:] = before
    said_aloud = (caplog.text + capfd.readouterr().err).lower()
    assert "mail_answer_taken" in said_aloud
    assert "mail_answer_refused" in said_aloud
    for word in ("sam", "ina@", "vijver", reference.lower()):
        assert word not in said_aloud, word


def test_the_address_of_a_plan_fits_the_local_part() -> None:
    addresses = ReplyAddresses("b" * LONGEST_LOCAL + "@voorbeeld.test", SECRET)
    assert len(addresses.of("GEMEENTE-7KM-4PX-9RT").partition("@")[0]) <= 64
    assert addresses.read(addresses.of("HV-7KM-4PX-9RT").upper()) == "HV-7KM-4PX-9RT"
