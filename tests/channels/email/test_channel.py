"""Delivery against a real SMTP server on loopback, and into a folder."""

from __future__ import annotations

import asyncio
import email
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from bot.channels.email.channel import FolderSender, SmtpSender, SmtpServer
from bot.ports.backend import RetryLater, Undeliverable
from bot.ports.mail import Picture
from tests.channels.email.letters import JPEG, Album, Sent, sent

CERTIFICATE = Path(__file__).parent / "loopback.pem"
SENDER = "Wijkbot <wijkbot@voorbeeld.test>"
PASSWORD = "geheim-wachtwoord"


def hang_up(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


@dataclass
class Postbox:
    """The server's side: keeps what it takes, answers as the test wants."""

    mail_answer: str = ""
    rcpt_answer: str = ""
    data_answer: str = "250 OK"
    close_after: str = ""
    """Drop the connection instead of answering "rcpt" or "data"."""
    taken: list[Envelope] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    asked_back: list[bool] = field(default_factory=list)
    """Of each mail that ``Reporting`` was given: only its headers."""

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.mail_answer or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.close_after == "rcpt":
            hang_up(server)
        envelope.rcpt_tos.append(address)
        return self.rcpt_answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.encrypted.append(session.ssl is not None)
        if self.close_after == "data":
            hang_up(server)
        if self.data_answer.startswith("2"):
            self.taken.append(envelope)
        return self.data_answer

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.close_after == "quit":
            hang_up(server)
        return "221 Bye"

    def login(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login.decode())
        return AuthResult(success=data.password.decode() == PASSWORD, handled=False)

    def message(self) -> EmailMessage:
        (envelope,) = self.taken
        assert isinstance(envelope.content, bytes)
        read = email.message_from_bytes(envelope.content, policy=SMTP_POLICY)
        assert isinstance(read, EmailMessage)
        return read


class Reporting(SMTP):
    """Can be told what to send back of a mail that fails (RFC 3461), which aiosmtpd cannot."""

    async def push(self, status: str | bytes) -> None:
        if isinstance(status, str) and status.startswith("250-8BITMIME"):
            await super().push("250-DSN")
        await super().push(status)

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        assert arg is not None
        self.event_handler.asked_back.append(" RET=HDRS" in arg)
        await super().smtp_MAIL(arg.replace(" RET=HDRS", ""))


@asynccontextmanager
async def serving(
    postbox: Postbox, *, starttls: bool = False, tls: bool = False, kind: type[SMTP] = SMTP, **options: Any
) -> AsyncIterator[int]:
    """A server for the time of the block; gives its port."""
    if starttls:
        options |= {"tls_context": server_tls(), "require_starttls": True}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: kind(postbox, loop=loop, **options), "127.0.0.1", 0, ssl=server_tls() if tls else None
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def server_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(CERTIFICATE))


def smtp(port: int, album: Album | None = None, **settings: Any) -> SmtpSender:
    values: dict[str, Any] = {"encryption": "none", "timeout_seconds": 5}
    return SmtpSender(SmtpServer("127.0.0.1", port, **values | settings), SENDER, album or Album())


# -- taken ------------------------------------------------------------------------------


async def test_a_mail_arrives_whole() -> None:
    postbox, album = Postbox(), Album({"foto-a": Picture("image/jpeg", JPEG)})
    async with serving(postbox) as port:
        await smtp(port, album).send(sent(photos=("foto-a",), photo_name="HV-7KM-4PX-9RT"))
    (envelope,) = postbox.taken
    assert envelope.mail_from == "wijkbot@voorbeeld.test"
    assert envelope.rcpt_tos == ["zuid@voorbeeld.test"]
    (photo,) = postbox.message().iter_attachments()
    assert photo.get_content() == JPEG
    assert postbox.message()["Subject"] == "Nieuw plan HV-7KM-4PX-9RT: Café voor Zoë & co (Zuid)"
    assert postbox.message()["Reply-To"].addresses[0].display_name == "Zoë de Vries"


async def test_lines_that_begin_with_a_dot_arrive_unchanged() -> None:
    postbox = Postbox()
    async with serving(postbox) as port:
        await smtp(port).send(sent(text=".\n..\nFrom mij\n.einde\n"))
    body = postbox.message().get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == ".\n..\nFrom mij\n.einde\n"


async def test_an_erased_photo_does_not_hold_up_the_plan() -> None:
    postbox = Postbox()
    async with serving(postbox) as port:
        await smtp(port).send(sent(photos=("weg",)))
    assert list(postbox.message().iter_attachments()) == []


async def test_a_second_attempt_is_recognised_as_the_same_mail() -> None:
    postbox = Postbox()
    async with serving(postbox) as port:
        await smtp(port).send(sent())
        await smtp(port).send(sent())
    first, second = postbox.taken
    assert first.content == second.content


async def test_a_connection_lost_after_the_mail_was_taken_sends_it_once() -> None:
    postbox = Postbox(close_after="quit")
    async with serving(postbox) as port:
        await smtp(port).send(sent())
    assert len(postbox.taken) == 1


async def test_a_mail_counts_as_sent_before_the_server_says_goodbye() -> None:
    """What is killed while it waits for that would send the mail again."""
    noted, asked_before_noted = asyncio.Event(), list[bool]()

    class Slow(Postbox):
        async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
            asked_before_noted.append(not noted.is_set())
            left.set()
            await noted.wait()
            return "221 Bye"

    left = asyncio.Event()
    async with serving(Slow()) as port:
        await smtp(port).send(sent())
        noted.set()
        await asyncio.wait_for(left.wait(), 20)
    assert asked_before_noted == [False]


# -- encryption and login ------------------------------------------------------------------


async def test_starttls_with_login() -> None:
    postbox = Postbox()
    async with serving(postbox, starttls=True, authenticator=postbox.login, auth_required=True) as port:
        sender = smtp(port, encryption="starttls", tls=trusting(), user="wijkbot", password=PASSWORD)
        await sender.send(sent())
    assert postbox.encrypted == [True]
    assert postbox.logins == ["wijkbot"]


async def test_tls_from_the_start() -> None:
    postbox = Postbox()
    async with serving(postbox, tls=True) as port:
        await smtp(port, encryption="tls", tls=trusting()).send(sent())
    assert len(postbox.taken) == 1


async def test_a_certificate_of_an_unknown_authority_is_not_trusted() -> None:
    postbox = Postbox()
    async with serving(postbox, starttls=True) as port:
        with pytest.raises(RetryLater, match="certificate of the mail server not trusted"):
            await smtp(port, encryption="starttls").send(sent())
    assert not postbox.taken


async def test_a_server_without_starttls_gets_nothing_in_the_clear() -> None:
    postbox = Postbox()
    async with serving(postbox) as port:
        with pytest.raises(RetryLater):
            await smtp(port, encryption="starttls", tls=trusting()).send(sent())
    assert not postbox.taken


async def test_a_wrong_password_waits_for_the_operator_and_stays_secret() -> None:
    postbox = Postbox()
    async with serving(postbox, starttls=True, authenticator=postbox.login, auth_required=True) as port:
        sender = smtp(port, encryption="starttls", tls=trusting(), user="wijkbot", password="fout-wachtwoord")
        with pytest.raises(RetryLater, match="SMTP 535") as error:
            await sender.send(sent())
    assert "fout-wachtwoord" not in repr(error.value)
    assert "fout-wachtwoord" not in repr(SmtpServer("mail.test", password="fout-wachtwoord"))


# -- not taken --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "verdict", "reason"),
    [
        ({"mail_answer": "451 4.3.0 later"}, RetryLater, "SMTP 451 4.3.0"),
        ({"rcpt_answer": "450 4.2.0 greylisted"}, RetryLater, "SMTP 450 4.2.0"),
        ({"rcpt_answer": "452 full"}, RetryLater, "SMTP 452"),
        ({"data_answer": "421 4.3.2 closing"}, RetryLater, "SMTP 421 4.3.2"),
        ({"mail_answer": "550 5.7.1 zuid@voorbeeld.test mag niet"}, Undeliverable, "SMTP 550 5.7.1"),
        ({"rcpt_answer": "550 5.1.1 <zuid@voorbeeld.test> unknown"}, Undeliverable, "SMTP 550 5.1.1"),
        ({"rcpt_answer": "553 zuid@voorbeeld.test"}, Undeliverable, "SMTP 553"),
        ({"data_answer": "554 5.7.1 spam"}, Undeliverable, "SMTP 554 5.7.1"),
        ({"data_answer": "552 5.3.4 too big"}, Undeliverable, "SMTP 552 5.3.4"),
    ],
)
async def test_what_the_server_answers_decides(
    answers: dict[str, Any], verdict: type[RetryLater | Undeliverable], reason: str
) -> None:
    postbox = Postbox(**answers)
    async with serving(postbox) as port:
        with pytest.raises(verdict) as error:
            await smtp(port).send(sent())
    assert str(error.value) == reason
    assert not postbox.taken


@pytest.mark.parametrize("moment", ["rcpt", "data"])
async def test_a_dropped_connection_is_tried_again(moment: str) -> None:
    async with serving(Postbox(close_after=moment)) as port:
        with pytest.raises(RetryLater):
            await smtp(port).send(sent())


async def test_nobody_listening_is_tried_again() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(RetryLater, match="mail server refuses connections"):
        await smtp(port).send(sent())


async def test_an_unknown_host_is_tried_again() -> None:
    sender = SmtpSender(SmtpServer("mail.invalid", 25, "none", timeout_seconds=5), SENDER, Album())
    with pytest.raises(RetryLater, match="mail server not found"):
        await sender.send(sent())


async def speaking(greeting: bytes) -> asyncio.Server:
    """Something on a port that is no mail server, or one that never comes to the point."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await reader.read()
        writer.close()

    return await asyncio.start_server(talk, "127.0.0.1", 0)


@pytest.mark.parametrize(
    "greeting", [b"", b"554 no mail here\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\xff\xfe\x00\r\n"]
)
async def test_a_server_that_is_none_is_tried_again(greeting: bytes) -> None:
    server = await speaking(greeting)
    async with server:
        with pytest.raises(RetryLater):
            await smtp(server.sockets[0].getsockname()[1], timeout_seconds=0.3).send(sent())
        server.close()


@pytest.mark.parametrize("to", ["", "zuid", "a@b.test\r\nRCPT TO:<boef@voorbeeld.test>", "zoë@voorbeeld.test"])
async def test_an_address_that_is_none_is_given_up(to: str) -> None:
    postbox = Postbox()
    async with serving(postbox) as port:
        with pytest.raises(Undeliverable, match="address"):
            await smtp(port).send(sent(to=to))
    assert not postbox.taken


async def test_a_payload_of_something_else_is_given_up() -> None:
    with pytest.raises(Undeliverable, match="payload"):
        await smtp(9).send(Sent({"kind": "reply"}))


# -- the folder --------------------------------------------------------------------------------


def mails(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


async def test_without_a_server_a_mail_becomes_a_file(tmp_path: Path) -> None:
    album = Album({"foto-a": Picture("image/jpeg", JPEG)})
    await FolderSender(tmp_path / "mail", SENDER, album).send(sent(photos=("foto-a",)))
    (path,) = mails(tmp_path / "mail")
    read = email.message_from_bytes(path.read_bytes(), policy=SMTP_POLICY)
    assert isinstance(read, EmailMessage)
    assert read["To"] == "zuid@voorbeeld.test"
    assert [part.get_content() for part in read.iter_attachments()] == [JPEG]
    assert path.name.startswith("20261120-090500-")
    assert path.suffix == ".eml"


async def test_a_mail_sent_twice_is_one_file_and_two_are_two(tmp_path: Path) -> None:
    sender = FolderSender(tmp_path, SENDER, Album())
    await sender.send(sent())
    await sender.send(sent())
    await sender.send(Sent(sent().payload, dedupe_key="change:9"))
    assert len(mails(tmp_path)) == 2


async def test_files_of_residents_are_for_this_user_only(tmp_path: Path) -> None:
    await FolderSender(tmp_path / "mail", SENDER, Album()).send(sent())
    (path,) = mails(tmp_path / "mail")
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


async def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("in de weg", encoding="utf-8")
    with pytest.raises(RetryLater):
        await FolderSender(tmp_path / "mail", SENDER, Album()).send(sent())


async def test_a_write_that_fails_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(RetryLater):
        await FolderSender(tmp_path, SENDER, Album()).send(sent())
    assert mails(tmp_path) == []


SEND: list[Callable[[Path], SmtpSender | FolderSender]] = [
    lambda folder: FolderSender(folder, SENDER, Album()),
    lambda folder: smtp(9),
]


@pytest.mark.parametrize("make", SEND)
async def test_both_refuse_the_same_addresses(
    make: Callable[[Path], SmtpSender | FolderSender], tmp_path: Path
) -> None:
    with pytest.raises(Undeliverable):
        await make(tmp_path).send(sent(to="geen adres"))
