"""What channels over HTTP have in common: reading a body, and whom to count a request for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, IPv6Network, ip_address

import structlog
from aiohttp import web

from bot.log import place_of

NETWORK = 64
"""Bits of an IPv6 address that tell the network: a home gets at least so much room to itself (RFC 6177)."""

log = structlog.get_logger()


@contextmanager
def reading() -> Iterator[None]:
    """Around reading and parsing a body: what goes wrong there is wrong with the body. Raises HTTPBadRequest.

    The parser of aiohttp tells so in a dozen kinds of exceptions, RuntimeError and AssertionError among them.
    """
    try:
        yield
    except (web.HTTPException, ConnectionError):
        raise
    except Exception as error:
        log.warning("body_unreadable", error=type(error).__name__, place=place_of(error))
        raise web.HTTPBadRequest from error


async def posted(request: web.Request, most: int) -> dict[str, str]:
    """The fields of a form of at most so many bytes, without files.

    Raises HTTPBadRequest, HTTPRequestEntityTooLarge.
    """
    with reading():
        # The limit of an application that is mounted in another one does not count.
        fields = await request.clone(client_max_size=most).post()
        return {name: value for name, value in fields.items() if isinstance(value, str)}


def forwarded_for(request: web.Request) -> list[str]:
    """The addresses that proxies, or anybody, put into the request; the nearest one last."""
    parts = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
    return [part.strip() for part in parts if part.strip()]


def client_network(request: web.Request, trusted_proxies: int) -> str:
    """Whom to count a request for, for limits only. Proxies are believed as many as are configured."""
    forwarded = forwarded_for(request)
    believed = trusted_proxies and len(forwarded) >= trusted_proxies
    return network_of(forwarded[-trusted_proxies] if believed else request.remote or "")


def network_of(address: str) -> str:
    """An IPv4 address as it is, of an IPv6 address the network: who has one has 2^64 to choose from."""
    host = address.removeprefix("[").partition("]")[0] if address.startswith("[") else address
    if host.count(":") == 1:  # some proxies add the port
        host = host.partition(":")[0]
    try:
        found = ip_address(host.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(IPv6Network((found, NETWORK), strict=False))
    return str(found)
