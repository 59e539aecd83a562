"""Which browser this is, and whether a form came from one of our own pages.

Two cookies: one while somebody signs in (the code in the mail works in that browser
only), one while they are signed in. Both hold 256 random bits that storage knows by their
hash. A third tells later that they once signed in here; it opens nothing, but what strangers
ask for does not count against it. The token in each form is derived from the cookie: another site can read neither.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from aiohttp import web

from bot.channels.desk.rendering import PREFIX
from bot.channels.request import client_network

SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
"""256 random bits in URL-safe base64."""
WAY = re.compile(r"/(?:plan/[A-Z0-9-]{1,40}|ik|cijfers|logboek)?")
"""Pages that may be gone on to after signing in."""
SIGN_IN_LASTS = 15 * 60
SESSION_LASTS = 7 * 24 * 3600
"""Seconds; what the database says counts."""
KNOWN_LASTS = 180 * 24 * 3600
"""Seconds that a browser is known as one in which an officer signed in; also after signing out."""
SIGNED_IN, SIGNING_IN, GOING_TO, KNOWN = "bureau", "bureau-inloggen", "bureau-naar", "bureau-bekend"
LASTS = {SIGNED_IN: SESSION_LASTS, KNOWN: KNOWN_LASTS}


class SignInFirst(Exception):  # noqa: N818  (a verdict, not a mistake)
    """Nobody is signed in, or not any more."""


class FormForged(Exception):  # noqa: N818  (a verdict, not a mistake)
    """A form that did not come from one of our pages in this browser. Nothing was done."""


@dataclass(frozen=True, slots=True)
class DeskSettings:
    public_origin: str = ""
    """As in "https://bot.example.nl"; "" when run on this machine only."""
    trusted_proxies: int = 0
    """How many proxies before us add to X-Forwarded-For; 0: nobody is believed."""

    @property
    def secure(self) -> bool:
        return self.public_origin.startswith("https://")


class Cookies:
    def __init__(self, settings: DeskSettings) -> None:
        self._settings = settings

    def name(self, kind: str) -> str:
        """With the prefix by which browsers refuse the cookie from a subdomain or over http."""
        return f"__Host-wijkbot-{kind}" if self._settings.secure else f"wijkbot-{kind}"

    def read(self, request: web.Request, kind: str) -> str:
        """The secret of a cookie, "" where there is none that can be ours."""
        found = request.cookies.get(self.name(kind), "")
        return found if SECRET.fullmatch(found) else ""

    def browser(self, request: web.Request) -> str:
        """The secret of a browser that is signing in, or a new one."""
        return self.read(request, SIGNING_IN) or secrets.token_urlsafe(32)

    def way(self, request: web.Request) -> str:
        """The page to go to after signing in."""
        found = request.cookies.get(self.name(GOING_TO), "/")
        return PREFIX + (found if WAY.fullmatch(found) else "/")

    def write(self, response: web.StreamResponse, kind: str, value: str) -> None:
        response.set_cookie(
            self.name(kind),
            value,
            max_age=LASTS.get(kind, SIGN_IN_LASTS),
            path="/",
            httponly=True,
            secure=self._settings.secure,
            samesite="Lax",
        )

    def remember_way(self, response: web.StreamResponse, path: str) -> None:
        way = path.removeprefix(PREFIX)
        if WAY.fullmatch(way) and way not in ("", "/"):
            self.write(response, GOING_TO, way)

    def drop(self, response: web.StreamResponse, *kinds: str) -> None:
        for kind in kinds:
            response.del_cookie(
                self.name(kind), path="/", secure=self._settings.secure, httponly=True, samesite="Lax"
            )


def form_token(secret: str) -> str:
    """Proves that a form came from our own page in the browser with this cookie."""
    return hashlib.sha256(b"desk form:" + secret.encode()).hexdigest()


def check_form(request: web.Request, secret: str, given: object, settings: DeskSettings) -> None:
    """Raises FormForged."""
    token = given if isinstance(given, str) else ""
    known = bool(secret) and hmac.compare_digest(form_token(secret).encode(), token.encode())
    if not known or not is_own_origin(request, settings):
        raise FormForged


def is_own_origin(request: web.Request, settings: DeskSettings) -> bool:
    """Whether a browser says that the request comes from our own page; a client that says nothing passes.

    The host is compared and not the scheme, because a proxy may take off TLS before us.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site not in (None, "same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    if origin is None or (origin == "null" and site == "same-origin"):  # "null": from a page without referrer
        return True
    return origin in (settings.public_origin, f"https://{request.host}", f"http://{request.host}")


def client_of(request: web.Request, settings: DeskSettings) -> str:
    """Network of the client, for limits only."""
    return client_network(request, settings.trusted_proxies)
