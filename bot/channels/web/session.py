"""Whose conversation a request belongs to: a random cookie, known to storage by its hash only.

Whoever can read the database can therefore not take over a conversation. The form token
is derived from the cookie as well: a foreign site cannot read the cookie, so it cannot
make the token, and every process of a larger set-up knows it without a shared secret.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from aiohttp import web

from bot.channels.web.settings import WebSettings

SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
"""256 random bits in URL-safe base64."""


@dataclass(frozen=True, slots=True)
class Session:
    secret: str
    is_new: bool

    @property
    def address(self) -> str:
        """What storage knows this resident by."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    @property
    def token(self) -> str:
        """Proves that a form came from our own page."""
        return hashlib.sha256(b"form:" + self.secret.encode()).hexdigest()

    def new_form_id(self) -> str:
        return secrets.token_urlsafe(16)

    def accepts(self, token: str) -> bool:
        return hmac.compare_digest(self.token.encode(), token.encode())


def cookie_name(settings: WebSettings) -> str:
    """With the prefix by which browsers refuse the cookie from a subdomain or over http."""
    return "__Host-wijkbot" if settings.secure else "wijkbot"


def read_session(request: web.Request, settings: WebSettings) -> Session:
    """The session of the cookie, or a new one that nothing is stored of yet."""
    secret = request.cookies.get(cookie_name(settings), "")
    if SECRET.fullmatch(secret):
        return Session(secret, is_new=False)
    return Session(secrets.token_urlsafe(32), is_new=True)


def write_session(response: web.StreamResponse, session: Session, settings: WebSettings) -> None:
    response.set_cookie(
        cookie_name(settings),
        session.secret,
        max_age=settings.session_days * 86_400,
        path="/",
        httponly=True,
        secure=settings.secure,
        samesite="Lax",
    )
