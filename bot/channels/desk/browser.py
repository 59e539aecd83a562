"""Which browser this is, and whether a form came from one of our own pages.

Two cookies: one while somebody signs in (the code in the mail works in that browser
only), one while they are signed in; and the page to go to afterwards. A third tells later that
they once signed in here; it opens nothing, but what strangers ask for does not count against it.
"""

from __future__ import annotations

import re

from aiohttp import web

from bot.channels.http.cookies import CookieJar, is_token, new_secret
from bot.channels.http.cookies import form_token as token_of
from bot.channels.http.origin import Site, is_own_origin
from bot.ports.addresses import DESK

WAY = re.compile(r"/(?:plan/[A-Z0-9-]{1,40}|ik|cijfers|logboek)?")
"""Pages that may be gone on to after signing in."""
SIGN_IN_LASTS = 15 * 60
SESSION_LASTS = 7 * 24 * 3600
"""Seconds; what the database says counts."""
PURPOSE = "desk form"
KNOWN_LASTS = 180 * 24 * 3600
"""Seconds that a browser is known as one in which an officer signed in; also after signing out."""
SIGNED_IN, SIGNING_IN, GOING_TO, KNOWN = "bureau", "bureau-inloggen", "bureau-naar", "bureau-bekend"
LASTS = {SIGNED_IN: SESSION_LASTS, KNOWN: KNOWN_LASTS}


class SignInFirst(Exception):  # noqa: N818  (a verdict, not a mistake)
    """Nobody is signed in, or not any more."""


class FormForged(Exception):  # noqa: N818  (a verdict, not a mistake)
    """A form that did not come from one of our pages in this browser. Nothing was done."""


class DeskCookies:
    def __init__(self, site: Site) -> None:
        self._jar = CookieJar(site)

    def read(self, request: web.Request, kind: str) -> str:
        """The secret of a cookie, "" where there is none that can be ours."""
        return self._jar.read(request, kind)

    def browser(self, request: web.Request) -> str:
        """The secret of a browser that is signing in, or a new one."""
        return self.read(request, SIGNING_IN) or new_secret()

    def way(self, request: web.Request) -> str:
        """The page to go to after signing in."""
        found = self._jar.raw(request, GOING_TO)
        return DESK + (found if WAY.fullmatch(found) else "/")

    def write(self, response: web.StreamResponse, kind: str, value: str) -> None:
        self._jar.write(response, value, LASTS.get(kind, SIGN_IN_LASTS), kind)

    def remember_way(self, response: web.StreamResponse, path: str) -> None:
        way = path.removeprefix(DESK)
        if WAY.fullmatch(way) and way not in ("", "/"):
            self.write(response, GOING_TO, way)

    def drop(self, response: web.StreamResponse, *kinds: str) -> None:
        self._jar.drop(response, *kinds)


def form_token(secret: str) -> str:
    return token_of(secret, PURPOSE)


def check_form(request: web.Request, secret: str, given: object, site: Site) -> None:
    """Raises FormForged."""
    if not (is_token(given, secret, PURPOSE) and is_own_origin(request, site)):
        raise FormForged
