"""What is elsewhere: Telegram, the mail server, the ports that others have to reach. Nothing is sent."""

from __future__ import annotations

import asyncio
import errno
import socket
from contextlib import suppress

from telegram.error import InvalidToken, TelegramError

from bot.app.doctor.remarks import Finding, good, note, wrong
from bot.app.running import mail_folder, smtp_server
from bot.channels.email.channel import SmtpSender
from bot.channels.telegram.transport import open_bot
from bot.config import Settings
from bot.ports.backend import RetryLater

BANNER = b"220 "
PATIENCE = 5.0


async def on_telegram(settings: Settings) -> list[Finding]:
    section = settings.telegram
    token = section.token.get_secret_value()
    if not token:
        return [good("telegram", "is off")]
    bot = open_bot(token, str(section.api_base_url))
    try:
        await bot.initialize()  # asks who it is
        hook = (await bot.get_webhook_info()).url
    except InvalidToken:
        return [wrong("telegram", "refuses the token", "copy it anew from @BotFather into telegram.token")]
    except TelegramError as error:
        return [
            wrong("telegram", f"cannot be reached ({error.message})", f"let this machine reach {section.api_base_url}")
        ]
    finally:
        with suppress(TelegramError, RuntimeError):
            await bot.shutdown()
    if section.mode == "polling" and hook:
        return [
            note(
                "telegram",
                "another program takes this bot's messages by webhook",
                "stop that one: this bot takes them over at its start",
            )
        ]
    return [good("telegram", f"knows the bot @{bot.username}")]


async def on_mail(settings: Settings) -> list[Finding]:
    if not settings.mail.host:
        return [note("mail", f"is written to {mail_folder(settings)} and sent to nobody", "set mail.host")]

    async def nothing(photo: str) -> None:
        return None

    server = smtp_server(settings)
    try:
        await SmtpSender(server, settings.mail.sender, nothing).greet()
    except RetryLater as error:
        return [
            wrong("mail", f"{server.host}:{server.port}: {error.reason}", "correct [mail], or ask who runs the server")
        ]
    except ValueError as error:
        return [wrong("mail", f"{server.host}:{server.port}: {type(error).__name__}", "correct [mail]")]
    return [good("mail", f"{server.host}:{server.port} lets the bot in")]


async def on_ports(settings: Settings) -> list[Finding]:
    """Each is free, or a bot is there already."""
    found = []
    web, mail = settings.web, settings.mail
    if web.enabled and web.port:
        found.append(await _port("web.port", web.host, web.port, b"HTTP/1."))
    if mail.bounces and mail.bounce_port:
        found.append(await _port("mail.bounce_port", mail.bounce_host, mail.bounce_port, BANNER))
    elif mail.host:
        found.append(
            note("mail in", "no mail is taken in", "set mail.bounces, so that mail that comes back is noticed")
        )
    return found


async def _port(key: str, host: str, port: int, ours: bytes) -> Finding:
    part = "mail in" if key.startswith("mail") else "web"
    fault = await asyncio.to_thread(_why_not, host, port)
    if not fault:
        return good(part, f"{host} port {port} is free: no bot is running here")
    if fault == errno.EADDRINUSE and await _speaks(host, port, ours):
        return good(part, f"something answers at {host} port {port}, as a running bot does")
    told = {errno.EADDRINUSE: "another program is there", errno.EACCES: "this user may not",
            errno.EADDRNOTAVAIL: "this machine does not have that address"}.get(fault, "it cannot be had")  # fmt: skip
    return wrong(part, f"{host} port {port}: {told}", f"stop that program, or set {key} or its host")


def _why_not(host: str, port: int) -> int:
    """0 where it can be served."""
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
    except OSError as error:
        return error.errno or errno.EIO
    return 0


async def _speaks(host: str, port: int, ours: bytes) -> bool:
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection(here, port)
            try:
                if ours != BANNER:
                    writer.write(b"GET /gezond HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                return (await reader.readline()).startswith(ours)
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
