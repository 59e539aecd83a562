"""The web chat as an aiohttp application: routes, templates, headers.

GET  /          the page, with the whole conversation
POST /bericht   something is said, pressed, photographed or shared
GET  /nieuws    waits for lines that come by themselves, such as a change of status
GET  /gezond    for a load balancer and whoever watches
GET  /static/   stylesheet, script, icon
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import aiohttp_jinja2
import jinja2
from aiohttp import web

from bot.channels.http.headers import content_policy, header_writer, site_headers, theme_origin
from bot.channels.http.origin import proxy_warning
from bot.channels.http.static_files import StaticFiles
from bot.channels.web.chat import WebBackend, WebChat
from bot.channels.web.error_pages import error_pages
from bot.channels.web.settings import MAX_BODY, WebSettings

FOLDER = Path(__file__).parent
FILES = StaticFiles(FOLDER / "static")

Mount = Callable[[web.Application], None]
"""Adds further routes, such as a webhook or the officers' pages."""


def make_app(
    backend: WebBackend,
    settings: WebSettings | None = None,
    mounts: Iterable[Mount] = (),
    *,
    tasks: Callable[[], Mapping[str, str]] = dict,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    clock: Callable[[], float] = time.monotonic,
) -> web.Application:
    """The application, not yet running. What ``mounts`` add gets the same headers and error pages.

    ``tasks``: those that have to go on, each with its state, for the health page.
    Run it without an access log: that would keep addresses of residents.
    """
    settings = settings or WebSettings()
    app = web.Application(middlewares=[error_pages(backend)], client_max_size=MAX_BODY)
    environment = aiohttp_jinja2.setup(
        app, loader=jinja2.FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.globals["static"] = FILES.address
    environment.globals["theme_css"] = settings.theme_css
    chat = WebChat(backend, settings, now, clock, tasks)
    app.router.add_get("/", chat.page)
    app.router.add_post("/bericht", chat.say)
    app.router.add_get("/bericht", _to_page)
    app.router.add_get("/nieuws", chat.news)
    app.router.add_get("/gezond", chat.health)
    FILES.add_routes(app.router)
    app.on_response_prepare.append(header_writer(_headers(settings)))
    app.on_response_prepare.append(proxy_warning(settings.site))
    app.on_shutdown.append(chat.close)
    for mount in mounts:
        mount(app)
    return app


async def _to_page(_: web.Request) -> web.StreamResponse:
    """Somebody loads the address again that a form had failed at."""
    raise web.HTTPSeeOther("/#nieuwste")


def _headers(settings: WebSettings) -> dict[str, str]:
    policy = content_policy(
        settings.theme_css,
        script_src="'self'",
        img_src=f"'self' data: {theme_origin(settings.theme_css)}".rstrip(),
        connect_src="'self'",
        frame_ancestors=" ".join(("'self'", *settings.frame_ancestors)),
    )
    return site_headers(
        settings.site,
        Content_Security_Policy=policy,
        Permissions_Policy="geolocation=(self), camera=(), microphone=(), payment=(), usb=()",
    )
