"""Where this site stands, and where a request comes from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from aiohttp import web

from bot.channels.http.request import client_network, forwarded_for

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Site:
    """How the world sees us."""

    public_origin: str = ""
    """As in "https://bot.example.nl"; "" when run on this machine only."""
    trusted_proxies: int = 0
    """How many proxies before us add to X-Forwarded-For; 0: nobody is believed."""

    @property
    def secure(self) -> bool:
        return self.public_origin.startswith("https://")


def is_own_origin(request: web.Request, site: Site) -> bool:
    """Whether a browser says that the request comes from our own page; a client that says nothing passes.

    The host is compared and not the scheme, because a proxy may take off TLS before us.
    """
    fetched_from = request.headers.get("Sec-Fetch-Site")
    if fetched_from not in (None, "same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    if origin is None or (origin == "null" and fetched_from == "same-origin"):  # "null": from a page without referrer
        return True
    return origin in {site.public_origin, f"https://{request.host}", f"http://{request.host}"} - {""}


def client_address(request: web.Request, site: Site) -> str:
    """Network address of the client, for limits only. Proxies are believed as many as are configured."""
    return client_network(request, site.trusted_proxies)


def proxy_warning(site: Site) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """Tells once where all residents seem to have one address, that of a proxy: they would share one limit."""
    told = False

    async def warn(request: web.Request, _: web.StreamResponse) -> None:
        nonlocal told
        seen = len(forwarded_for(request))
        if told or not seen or seen >= site.trusted_proxies > 0:
            return
        told = True
        hint = "behind a reverse proxy all visitors count as one: set web.trusted_proxies to how many proxies there are"
        log.warning("all_addresses_are_the_proxys", forwarded=seen, trusted=site.trusted_proxies, hint=hint)

    return warn
