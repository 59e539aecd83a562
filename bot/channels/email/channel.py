"""Delivers mail: to an SMTP server, or without one into a folder of ``.eml`` files.

What a failure means for the message is decided in one place (``_verdict``): a "no" to
this message (5xx to MAIL, RCPT or DATA) is final, anything else may pass: the server is
down, busy or greylisting, or the operator still has to correct a password. The reasons
hold codes only, because a server quotes addresses in its own words.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import socket
import ssl
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Literal

import aiosmtplib
from aiosmtplib.errors import SMTPRecipientRefused, SMTPRecipientsRefused
from pydantic import ValidationError

from bot.channels.email.message import build_message
from bot.ports.backend import Outgoing, RetryLater, Undeliverable
from bot.ports.mail import BadAddress, Mail, Picture, digest
from bot.ports.signed_addresses import ReturnAddresses, Sending

CHANNEL = "email"
LoadPicture = Callable[[str], Awaitable[Picture | None]]
"""A photo by id; None where it has been erased meanwhile: the mail then goes without it."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    host: str
    port: int = 587
    encryption: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    timeout_seconds: float = 30
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    """For a server with a certificate of an own authority; None: the system's authorities."""


def read_mail(delivery: Outgoing) -> Mail:
    """Raises Undeliverable where the outbox holds something else than a mail."""
    try:
        return Mail.model_validate(delivery.payload)
    except ValidationError as error:
        raise Undeliverable("payload") from error


async def _message(delivery: Outgoing, sender: str, load: LoadPicture) -> tuple[str, EmailMessage]:
    """The recipient and the whole message."""
    mail = read_mail(delivery)
    pictures = [picture for photo in mail.photos if (picture := await load(photo)) is not None]
    try:
        message = build_message(mail, sender=sender, dedupe_key=delivery.dedupe_key, pictures=pictures)
    except BadAddress as error:
        raise Undeliverable("address") from error
    return message["To"].addresses[0].addr_spec, message


class SmtpSender:
    """One connection per mail: a bot for one municipality sends a few per hour, and servers drop idle ones."""

    def __init__(
        self, server: SmtpServer, sender: str, load: LoadPicture, returns: ReturnAddresses | None = None
    ) -> None:
        """``returns``: envelope senders that tell which mail came back; None: the sender's own address."""
        self._server = server
        self._sender = sender
        self._load = load
        self._returns = returns
        self._leaving: set[asyncio.Task[None]] = set()

    async def send(self, delivery: Outgoing) -> None:
        """Returns as soon as the server has taken the mail, so that this is noted before anything can happen.

        Raises RetryLater or Undeliverable.
        """
        recipient, message = await _message(delivery, self._sender, self._load)
        client = self._client()
        try:
            await self._open(client)
            await client.send_message(
                message, sender=self._origin(delivery), recipients=[recipient], mail_options=self._options(client)
            )
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise _verdict(error) from error
        finally:
            leaving = asyncio.create_task(_leave(client), name="smtp-quit")
            self._leaving.add(leaving)
            leaving.add_done_callback(self._leaving.discard)

    async def greet(self) -> None:
        """Connect, encrypt, log in and leave; no mail goes. Raises RetryLater with what is wrong."""
        client = self._client()
        try:
            await self._open(client)
        finally:
            await _leave(client)

    def _origin(self, delivery: Outgoing) -> str | None:
        """The envelope sender; None: the sender's own address."""
        return self._returns.of(Sending.of(delivery.id, delivery.created_at)) if self._returns is not None else None

    def _options(self, client: aiosmtplib.SMTP) -> list[str]:
        """What comes back holds the headers (RFC 3461, 4.3): with its photos a mail would be too large to be read."""
        return ["RET=HDRS"] if self._returns is not None and client.supports_extension("dsn") else []

    def _client(self) -> aiosmtplib.SMTP:
        server = self._server
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            timeout=server.timeout_seconds,
            use_tls=server.encryption == "tls",
            start_tls=server.encryption == "starttls",
            tls_context=server.tls,
            username=server.user or None,
            password=server.password or None,
        )

    async def _open(self, client: aiosmtplib.SMTP) -> None:
        """Connect, encrypt, log in, and learn what the server can do.

        A "no" here is about the server or our settings, not about the mail.
        """
        try:
            await client.connect()
            if client.is_ehlo_or_helo_needed:
                # A server that knows HELO only is greeted so when the mail goes.
                with contextlib.suppress(aiosmtplib.SMTPHeloError):
                    await client.ehlo()
        except (aiosmtplib.SMTPException, OSError) as error:
            raise RetryLater(None, _reason(error)) from error


async def _leave(client: aiosmtplib.SMTP) -> None:
    """The mail was taken with the answer to DATA; how the goodbye goes changes nothing."""
    try:
        with contextlib.suppress(aiosmtplib.SMTPException, OSError):
            if client.is_connected:
                await client.quit(timeout=2)
    finally:
        client.close()


FAULTS: Mapping[type[Exception], str] = {
    ssl.SSLCertVerificationError: "certificate of the mail server not trusted",
    socket.gaierror: "mail server not found",
    ConnectionRefusedError: "mail server refuses connections",
}
"""What an operator can do something about, in words."""


def _verdict(error: Exception) -> RetryLater | Undeliverable:
    if isinstance(error, SMTPRecipientsRefused):
        return _refused(error.recipients)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        reason = _reason(error)
        return RetryLater(None, reason) if error.code < 500 else Undeliverable(reason)
    if isinstance(error, ValueError | aiosmtplib.SMTPNotSupported):
        return Undeliverable("address")
    return RetryLater(None, _reason(error))


def _refused(refusals: Iterable[SMTPRecipientRefused]) -> RetryLater | Undeliverable:
    """Every mail has one recipient (each officer has links of their own), so this is about that one."""
    refusal = max(refusals, key=lambda one: one.code)
    return _verdict(aiosmtplib.SMTPResponseException(refusal.code, refusal.message))


def _reason(error: Exception) -> str:
    """A code such as "SMTP 550 5.1.1", or the kind of fault."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        enhanced = re.match(r"[245]\.\d{1,3}\.\d{1,3}\b", error.message)
        return f"SMTP {error.code} {enhanced[0] if enhanced else ''}".strip()
    cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
    known = next((told for kind, told in FAULTS.items() if isinstance(cause, kind)), "")
    return known or type(cause).__name__


class FolderSender:
    """Without a mail server: one file per mail, which any mail program opens."""

    def __init__(self, folder: Path, sender: str, load: LoadPicture) -> None:
        self._folder = folder
        self._sender = sender
        self._load = load

    async def send(self, delivery: Outgoing) -> None:
        """Returns once the file is on the disk. Raises RetryLater or Undeliverable."""
        _, message = await _message(delivery, self._sender, self._load)
        # The name comes from the delivery, so that a mail sent twice is one file.
        path = self._folder / f"{read_mail(delivery).at:%Y%m%d-%H%M%S}-{digest(delivery.dedupe_key)[:12]}.eml"
        try:
            await asyncio.to_thread(_write, path, message.as_bytes())
        except OSError as error:
            raise RetryLater(None, _reason(error)) from error


def _write(path: Path, data: bytes) -> None:
    """The whole file or none, readable by this user only: it holds what residents wrote."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
