"""Secrets in a browser, and the tokens in our forms that are derived from them.

A cookie holds 256 random bits that storage knows by their hash only: whoever can read the
database can take over nothing. Another site can read neither the cookie nor the token made
of it, and every process of a larger set-up knows that token without a shared secret.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from aiohttp import web

from bot.channels.http.origin import Site

SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
"""256 random bits in URL-safe base64."""
NAME = "wijkbot"


def new_secret() -> str:
    return secrets.token_urlsafe(32)


class CookieJar:
    """The cookies of this site; ``kind`` tells several apart, "" is the one of the web chat."""

    def __init__(self, site: Site) -> None:
        self._secure = site.secure

    def name(self, kind: str = "") -> str:
        """With the prefix by which browsers refuse the cookie from a subdomain or over http."""
        name = f"{NAME}-{kind}" if kind else NAME
        return f"__Host-{name}" if self._secure else name

    def raw(self, request: web.Request, kind: str = "") -> str:
        return request.cookies.get(self.name(kind), "")

    def read(self, request: web.Request, kind: str = "") -> str:
        """The secret of a cookie, "" where there is none that can be ours."""
        found = self.raw(request, kind)
        return found if SECRET.fullmatch(found) else ""

    def write(self, response: web.StreamResponse, value: str, seconds: int, kind: str = "") -> None:
        response.set_cookie(
            self.name(kind), value, max_age=seconds, path="/", httponly=True, secure=self._secure, samesite="Lax"
        )

    def drop(self, response: web.StreamResponse, *kinds: str) -> None:
        for kind in kinds:
            response.del_cookie(self.name(kind), path="/", secure=self._secure, httponly=True, samesite="Lax")


def form_token(secret: str, purpose: str = "form") -> str:
    """Proves that a form came from our own page, of this purpose, in the browser with this secret."""
    return hashlib.sha256(f"{purpose}:{secret}".encode()).hexdigest()


def is_token(given: object, secret: str, purpose: str = "form") -> bool:
    """Whether a form carries the token of this secret; nobody has that of no secret."""
    typed = given if isinstance(given, str) else ""
    return bool(secret) and hmac.compare_digest(form_token(secret, purpose).encode(), typed.encode())
