"""Mail that a server took and that came back: real SMTP both ways on loopback, on both databases."""

from __future__ import annotations

import asyncio
import email
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from email.message import Message
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import aiosmtplib
import pytest

from bot.channels.email.bounces import listen
from bot.channels.email.channel import SmtpSender, SmtpServer
from bot.delivery.relay import Relay
from bot.delivery.returned import Bounces
from bot.office.handling.reaches import deliveries, reached
from bot.ports.signed_addresses import LONGEST_LOCAL, ReturnAddresses, Sending
from storage.database import Database
from storage.models import OutboxMessage
from tests.channels.email.letters import Album, sent
from tests.channels.email.test_channel import Postbox, Reporting, serving, trusting
from tests.conftest import Clock
from tests.plans import SECRET
from tests.promised import World
from tests.service_doubles import said

CHAT = "77"
MAIL = "sam@example.invalid"
ADDRESSES = ReturnAddresses("bounces@voorbeeld.test", SECRET)
PLAIN = "From: MAILER-DAEMON@voorbeeld.test\r\nSubject: failure notice\r\n\r\nHi. This is the qmail-send program.\r\n"


async def hand_over(port: int, data: bytes | str, to: str, sender: str = "") -> int:
    """By SMTP, as the organisation's mail server does it; the code of the bot's answer."""
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
        await client.ehlo()
        try:
            assert (await client.mail(sender)).code == 250
            await client.rcpt(to)
            return (await client.data(data)).code
        except aiosmtplib.SMTPResponseException as error:
            return error.code


def sending(row: OutboxMessage) -> Sending:
    return Sending.of(row.id or 0, row.created_at)


def back_to(row: OutboxMessage) -> str:
    """The envelope sender that this mail had."""
    return ADDRESSES.of(sending(row))


class Chat:
    """Telegram: takes everything."""

    def __init__(self) -> None:
        self.took: list[str] = []

    async def send(self, message: OutboxMessage) -> None:
        self.took.append(message.address)


class Post:
    """A mail server that takes everything, and the bot's own for what comes back."""

    def __init__(self, world: World, out: int, back: int) -> None:
        self.world, self.back, self.chat = world, back, Chat()
        sender = SmtpSender(
            SmtpServer("127.0.0.1", out, "none"), "Wijkbot <wijkbot@voorbeeld.test>", Album(), ADDRESSES
        )
        senders = {"email": sender, "telegram": self.chat}
        self.relay = Relay(world.database, senders, clock=world.clock)  # type: ignore[arg-type]

    async def deliver(self, data: bytes | str, to: str, sender: str = "") -> int:
        return await hand_over(self.back, data, to, sender)

    async def sent(self) -> OutboxMessage:
        """The mail to the resident about a change, once it has gone out."""
        await self.relay.deliver_due()
        return next(row for row in await self.world.outbox(MAIL) if row.change_id is not None)

    async def status(self, row: OutboxMessage) -> tuple[str, str]:
        (now,) = [found for found in await self.world.outbox(MAIL) if found.id == row.id]
        return now.status, now.last_error


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
async def post(database: Database, clock: Clock, postbox: Postbox) -> AsyncIterator[Post]:
    world = World(database, clock)
    server = await listen("127.0.0.1", 0, ADDRESSES, Bounces(database, world.reaching.given_up).returned)
    async with serving(postbox) as out:
        yield Post(world, out, server.sockets[0].getsockname()[1])
    server.close()


def report(action: str = "failed", to: str = "", filler: int = 0) -> bytes:
    """As Postfix writes it (RFC 3464, appendix E)."""
    made = MIMEMultipart("report", **{"report-type": "delivery-status"})
    made["From"] = "MAILER-DAEMON@mx.voorbeeld.test (Mail Delivery System)"
    made["To"], made["Subject"] = to, "Undelivered Mail Returned to Sender"
    made["Auto-Submitted"] = "auto-replied"
    made.attach(MIMEText(f"This is the mail system.\n<{MAIL}>: 550 5.1.1 User unknown\n" + ("x" * 70 + "\n") * filler))
    recipient = f"Final-Recipient: rfc822; {MAIL}\nAction: {action}\nStatus: 5.1.1"
    status = Message()
    status["Content-Type"] = "message/delivery-status"
    blocks = ("Reporting-MTA: dns; mx.voorbeeld.test", recipient)
    status.set_payload([email.message_from_string(block) for block in blocks])
    made.attach(status)
    original = email.message_from_string(f"From: wijkbot@voorbeeld.test\nTo: {MAIL}\nSubject: Uw plan\n\nBeste Sam")
    made.attach(MIMEMessage(original))
    return made.as_bytes().replace(b"\n", b"\r\n")


async def letters_about_reaching(world: World) -> list[OutboxMessage]:
    rows = [row for row in await world.outbox() if row.dedupe_key.startswith("unreached:")]
    return [row for row in rows if row.channel == "email"]


async def reached_by(world: World, reference: str) -> tuple[dict[str, str], bool | None]:
    """The newest change that the resident was told of: state per channel, and whether they know."""
    changes = [change.id or 0 for change in await world.history(reference)]
    async with world.database.unit_of_work(read_only=True) as work:
        found = await deliveries(work, changes)
    newest = found[max(found)]
    return {reach.channel: reach.state for reach in newest}, reached(newest)


async def joined_plan(world: World) -> str:
    """Of a resident with a web chat, a Telegram chat and a mailbox; news goes to the first and the last."""
    reference = await world.submit(channel="telegram", address=CHAT)
    await world.service.handle("telegram", CHAT, said("elders"))
    code = next(row for row in await world.outbox(CHAT) if "-" in str(row.payload["reply"]["text"])).payload
    await world.service.handle("web", "a", said(f"/ga {code['reply']['text']}"))
    await world.give(reference, "in_gesprek")
    return reference


# -- out -------------------------------------------------------------------------------------


async def test_the_envelope_sender_tells_which_mail_it_was_and_from_stays(post: Post, postbox: Postbox) -> None:
    await joined_plan(post.world)
    row = await post.sent()
    envelope = next(one for one in postbox.taken if one.rcpt_tos == [MAIL])
    assert isinstance(envelope.content, bytes)
    assert email.message_from_bytes(envelope.content)["From"] == "Wijkbot <wijkbot@voorbeeld.test>"
    assert envelope.mail_from is not None
    assert ADDRESSES.read(envelope.mail_from) == sending(row)
    assert len({one.mail_from for one in postbox.taken}) == len(postbox.taken)


# -- back ------------------------------------------------------------------------------------


async def test_news_that_came_back_goes_by_the_other_chat(post: Post) -> None:
    reference = await joined_plan(post.world)
    row = await post.sent()
    assert await reached_by(post.world, reference) == ({"web": "unknown", "email": "sent"}, True)
    post.chat.took.clear()
    to = back_to(row)
    assert await post.deliver(report(to=to), to) == 250
    await post.relay.deliver_due()
    assert await post.status(row) == ("failed", "bounced")
    assert await reached_by(post.world, reference) == ({"web": "unknown", "email": "failed", "telegram": "sent"}, True)
    assert post.chat.took.count(CHAT) == 1
    (told,) = await letters_about_reaching(post.world)
    assert "Het gaat nu via Telegram" in " ".join(told.payload["text"].split())


async def test_without_another_way_the_officer_must_call(post: Post) -> None:
    reference = await post.world.submit(telephone="+31612345678")
    await post.world.give(reference, "in_gesprek")
    row = await post.sent()
    to = back_to(row)
    assert await post.deliver(report(to=to), to) == 250
    assert (await reached_by(post.world, reference))[0] == {"web": "unknown", "email": "failed"}
    assert "unreached" in await post.world.kinds(reference)
    (told,) = await letters_about_reaching(post.world)
    assert "06 12345678" in told.payload["text"]


async def test_a_report_that_comes_again_and_at_once_counts_once(post: Post) -> None:
    reference = await joined_plan(post.world)
    row = await post.sent()
    to = back_to(row)
    assert await asyncio.gather(*(post.deliver(report(to=to), to) for _ in range(3))) == [250] * 3
    assert await post.deliver(report(to=to), to.upper()) == 250  # some servers change the case
    assert (await post.world.kinds(reference)).count("unreached") == 1
    assert len(await letters_about_reaching(post.world)) == 1


async def test_an_old_fashioned_bounce_from_nobody_counts(post: Post) -> None:
    await joined_plan(post.world)
    row = await post.sent()
    assert await post.deliver(PLAIN, back_to(row)) == 250
    assert await post.status(row) == ("failed", "bounced")


async def test_what_comes_back_before_it_was_noted_as_sent_is_asked_for_again(post: Post) -> None:
    await joined_plan(post.world)
    row = next(row for row in await post.world.outbox(MAIL) if row.change_id is not None)
    to = back_to(row)
    assert await post.deliver(report(to=to), to) == 451
    await post.sent()
    assert await post.deliver(report(to=to), to) == 250
    assert await post.status(row) == ("failed", "bounced")


async def test_a_late_report_on_an_earlier_sending_leaves_the_new_one(post: Post) -> None:
    """The mailbox was full, the operator tried again, and only then a second report on the first mail came."""
    reference = await joined_plan(post.world)
    first = await post.sent()
    assert await post.deliver(report(), back_to(first)) == 250
    post.world.clock.pass_(hours=1)
    async with post.world.database.unit_of_work() as work:
        assert await work.outbox.retry([first.id or 0], post.world.clock()) == 1
        await work.commit()
    for moment in ("waits", "sent"):
        assert await post.deliver(report(), back_to(first)) == 250, moment
        second = await post.sent()
        assert await post.status(second) == ("sent", "")
    assert second.id == first.id
    assert (await post.world.kinds(reference)).count("unreached") == 1
    assert await post.deliver(report(), back_to(second)) == 250
    assert await post.status(second) == ("failed", "bounced")


@pytest.mark.parametrize("encryption", ["none", "starttls"])
async def test_only_the_headers_are_asked_back_where_the_server_knows_how(encryption: str) -> None:
    postbox, starttls = Postbox(), encryption == "starttls"
    async with serving(postbox, kind=Reporting, starttls=starttls) as port:
        for returns, expected in ((ADDRESSES, [True]), (None, [True, False])):
            server = SmtpServer("127.0.0.1", port, encryption, tls=trusting())  # type: ignore[arg-type]
            await SmtpSender(server, "Wijkbot <wijkbot@voorbeeld.test>", Album(), returns).send(sent())
            assert postbox.asked_back == expected


async def test_a_mail_to_an_officer_that_came_back_is_given_up_where_the_operator_sees_it(post: Post) -> None:
    await post.world.submit()
    await post.relay.deliver_due()
    (row,) = await post.world.outbox("anne@gemeente.test")
    to = back_to(row)
    assert await post.deliver(report(to=to), to) == 250
    (row,) = await post.world.outbox("anne@gemeente.test")
    assert (row.status, row.last_error) == ("failed", "bounced")


# -- nothing changes -------------------------------------------------------------------------

OTHERS = ReturnAddresses("bounces@voorbeeld.test", "another secret of at least 32 characters")


@pytest.mark.parametrize(
    "address",
    [
        "bounces@voorbeeld.test", "bounces+b{id}@voorbeeld.test",
        "bounces+b{id}-65000000-aaaaaaaaaaaaaaaa@voorbeeld.test",
        "bounces+b0{own}", "other+b{own}", "+b{own}", "bounces+b{own}.elders.test", "postmaster@voorbeeld.test",
        "{forged}", "{next}", "{later}",
    ],
)  # fmt: skip
async def test_forged_and_foreign_addresses_are_refused(post: Post, address: str) -> None:
    await joined_plan(post.world)
    row = await post.sent()
    mine, number = sending(row), f"{row.id:x}"
    own = ADDRESSES.of(mine).removeprefix("bounces+b")
    stolen = ADDRESSES.of(replace(mine, message_id=mine.message_id + 1)).replace(
        f"+b{mine.message_id + 1:x}-", f"+b{number}-"
    )
    later = ADDRESSES.of(mine).replace(f"-{mine.since:08x}-", f"-{mine.since + 1:08x}-")
    to = address.format(id=number, own=own, forged=OTHERS.of(mine), next=stolen, later=later)
    assert await post.deliver(report(to=to), to) in (550, 553)
    assert await post.status(row) == ("sent", "")


NESTED = "Content-Type: message/rfc822\r\n\r\n" * 5000
AWAY = "Subject: Afwezig\r\nAuto-Submitted: auto-replied (vacation)\r\n\r\nIk ben er maandag weer.\r\n"
RECEIPT = 'Content-Type: multipart/report; report-type=disposition-notification; boundary="a"\r\n\r\n--a--\r\n'


@pytest.mark.parametrize(
    ("data", "sender", "code"),
    [
        (report("delayed"), "", 250), (report("relayed"), "", 250), (report("delivered"), "", 250),
        (report(filler=20_000), "", 552), (AWAY, "", 250), (RECEIPT, "", 250), (NESTED, "", 250),
        (b"\xff\x00\r\n", MAIL, 550),
        ("Subject: Re: Uw plan\r\n\r\nDank u!\r\n", MAIL, 550),
    ],
    ids=["delayed", "relayed", "delivered", "oversized", "absence", "receipt", "nested", "garbage", "a person"],
)  # fmt: skip
async def test_what_is_no_failure_changes_nothing(post: Post, data: bytes | str, sender: str, code: int) -> None:
    await joined_plan(post.world)
    row = await post.sent()
    assert await post.deliver(data, back_to(row), sender) == code
    assert await post.status(row) == ("sent", "")
    assert await letters_about_reaching(post.world) == []


async def test_a_report_about_a_forgotten_mail_is_taken_and_forgotten(post: Post) -> None:
    to = ADDRESSES.of(Sending(123_456, 1_800_000_000))
    assert await post.deliver(report(to=to), to) == 250


async def test_nothing_personal_is_logged(
    post: Post, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    from bot.log import configure

    before = logging.getLogger().handlers[:]
    try:
        configure("debug", "text")
        logging.getLogger().addHandler(caplog.handler)
        await joined_plan(post.world)
        to = back_to(await post.sent())
        await post.deliver(report(to=to), to)
        await post.deliver(report(), "sam@voorbeeld.test")
    finally:
        logging.getLogger().handlers[:] = before
    said_aloud = caplog.text + capfd.readouterr().err
    assert "delivery_bounced" in said_aloud
    assert "sam@" not in said_aloud


def test_a_return_address_fits_the_local_part_of_an_envelope() -> None:
    addresses = ReturnAddresses("b" * LONGEST_LOCAL + "@voorbeeld.test", SECRET)
    longest = addresses.of(Sending(2**63 - 1, 2**32 - 1))
    assert len(longest.partition("@")[0]) == 64
