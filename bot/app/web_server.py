"""The web server of this process: the web chat, the desk and Telegram's webhook on one port."""

from __future__ import annotations

import errno
from contextlib import AsyncExitStack

from aiohttp import web

from bot.app.core import Core, reply_addresses
from bot.app.data_folder import link_secret
from bot.channels.desk.pages import desk_app
from bot.channels.http.door import Gate, room_for
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.web.channel import make_app
from bot.channels.web.settings import WebSettings
from bot.config import ConfigError, Settings
from bot.desk.desk_parts import desk_parts
from bot.desk.pages.sign_in import Officers
from bot.desk.steps.one_tap_desk import OfficerDesk
from bot.office.letters.about_desk import DeskLetters
from bot.ports.addresses import DESK as DESK_PREFIX

WEBHOOK_PATH = "/telegram"
LEAVING_SECONDS = 20.0
"""How long requests in progress may take when the bot is stopped."""


class WebServer:
    """Serves from ``start`` until its stack is left."""

    def __init__(self, core: Core, telegram: TelegramChannel | None) -> None:
        self._core = core
        self._settings = core.settings
        self._telegram = telegram

    async def start(self, stack: AsyncExitStack) -> int:
        """The port that was got, where 0 was asked. Raises ConfigError where the address cannot be had."""
        section = self._settings.web
        runner = web.AppRunner(self._site(), shutdown_timeout=LEAVING_SECONDS)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        assert runner.server is not None
        door = Gate(runner.server, room_for(section.max_connections), self._no_room)
        try:
            port = await door.open(section.host, section.port)
        except OSError as error:
            where = f"{section.host} port {section.port}"
            raise ConfigError([f"web.port: cannot serve at {where}: {reason_of(error)}"]) from error
        stack.callback(door.close)
        return port

    def _no_room(self) -> str:
        service = self._core.residents
        return service.say("web.vol", service.languages()[0])

    def _site(self) -> web.Application:
        mounts = [self._mount_desk, self._mount_webhook]
        return make_app(self._core.residents, web_settings(self._settings), mounts, tasks=self._core.watch.states)

    def _mount_desk(self, app: web.Application) -> None:
        core = self._core
        desk = OfficerDesk(core.officers, core.links, core.routing, core.knowledge)
        letters = DeskLetters(core.knowledge, self._settings.public_url)
        officers = Officers(core.database, core.routing, letters.sign_in, link_secret(self._settings))
        bureau = desk_parts(
            core.office, officers, core.routing, core.knowledge, letters,
            takes_mail=reply_addresses(self._settings) is not None,
        )  # fmt: skip
        settings = web_settings(self._settings)
        app.add_subapp(DESK_PREFIX, desk_app(desk, settings.theme_css, bureau, settings.site))

    def _mount_webhook(self, app: web.Application) -> None:
        if self._telegram is not None and self._settings.telegram.mode == "webhook":
            secret = self._settings.telegram.webhook_secret.get_secret_value()
            app.router.add_post(WEBHOOK_PATH, self._telegram.webhook(secret).handle)


def web_settings(settings: Settings) -> WebSettings:
    section = settings.web
    return WebSettings(
        public_url=str(section.public_url).rstrip("/") if section.public_url else "",
        theme_css=section.theme_css,
        frame_ancestors=section.frame_ancestors,
        trusted_proxies=section.trusted_proxies,
    )


def reason_of(error: OSError) -> str:
    """What to do about an address that cannot be had."""
    known = {
        errno.EADDRINUSE: "another program is there; stop it or choose another port",
        errno.EACCES: "not allowed; choose a port above 1023",
        errno.EADDRNOTAVAIL: "this machine does not have that address; set another host",
    }
    return known.get(error.errno or 0, error.strerror or str(error))
