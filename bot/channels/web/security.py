"""What every response carries, and which requests may change something."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from bot.channels.request import client_network, forwarded_for
from bot.channels.web.session import Session
from bot.channels.web.settings import WebSettings

log = structlog.get_logger()

STATIC = "/static/"
YEAR = 31_536_000
SERVER = "wijkbot"
"""The name of the server; no versions."""


def content_security_policy(settings: WebSettings) -> str:
    theme = f" {settings.theme_origin}" if settings.theme_origin else ""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self'{theme}",
            f"font-src 'self'{theme}",
            f"img-src 'self' data:{theme}",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            " ".join(("frame-ancestors 'self'", *settings.frame_ancestors)),
        )
    )


def security_headers(settings: WebSettings) -> dict[str, str]:
    headers = {
        "Content-Security-Policy": content_security_policy(settings),
        "X-Content-Type-Options": "nosniff",
        # Not "no-referrer": browsers then send "Origin: null" with our own forms.
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if settings.secure:
        headers["Strict-Transport-Security"] = f"max-age={YEAR}"
    return headers


def header_writer(settings: WebSettings) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """Adds the headers to every response, those of other parts on the same application too."""
    headers = security_headers(settings)

    async def write_headers(request: web.Request, response: web.StreamResponse) -> None:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        response.headers["Server"] = SERVER  # aiohttp has put its own and its versions there before
        if request.path.startswith(STATIC) and response.status in (200, 206, 304):
            # The page names these files with a hash of their content, so that version never changes.
            fresh = f"public, max-age={YEAR}, immutable" if "v" in request.query else "public, max-age=600"
            response.headers["Cache-Control"] = fresh
        else:
            response.headers.setdefault("Cache-Control", "no-store")

    return write_headers


def is_own_origin(request: web.Request, settings: WebSettings) -> bool:
    """Whether a browser says that the request comes from our own page; a client that says nothing passes.

    The host is compared and not the scheme, because a proxy may take off TLS before us.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    if origin is None or origin == settings.public_origin:
        return True
    return origin in (f"https://{request.host}", f"http://{request.host}")


def may_change(request: web.Request, session: Session, token: str, settings: WebSettings) -> bool:
    """Whether a form may have an effect: from our own page, and with the token of this session."""
    return is_own_origin(request, settings) and not session.is_new and session.accepts(token)


def network_address(request: web.Request, settings: WebSettings) -> str:
    """Of the client, for limits only."""
    return client_network(request, settings.trusted_proxies)


def proxy_warning(settings: WebSettings) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """Tells once where all residents seem to have one address, that of a proxy: they would share one limit."""
    told = False

    async def warn(request: web.Request, _: web.StreamResponse) -> None:
        nonlocal told
        seen = len(forwarded_for(request))
        if told or not seen or seen >= settings.trusted_proxies > 0:
            return
        told = True
        hint = "behind a reverse proxy all visitors count as one: set web.trusted_proxies to how many proxies there are"
        log.warning("all_addresses_are_the_proxys", forwarded=seen, trusted=settings.trusted_proxies, hint=hint)

    return warn
