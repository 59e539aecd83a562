"""Whose conversation a request belongs to: a random cookie, known to storage by its hash only."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from aiohttp import web

from bot.channels.http.cookies import CookieJar, form_token, is_token, new_secret
from bot.channels.http.origin import is_own_origin
from bot.channels.web.settings import WebSettings


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
        return form_token(self.secret)

    def new_form_id(self) -> str:
        return secrets.token_urlsafe(16)

    def accepts(self, token: str) -> bool:
        return is_token(token, self.secret)


def read_session(request: web.Request, settings: WebSettings) -> Session:
    """The session of the cookie, or a new one that nothing is stored of yet."""
    secret = CookieJar(settings.site).read(request)
    return Session(secret or new_secret(), is_new=not secret)


def write_session(response: web.StreamResponse, session: Session, settings: WebSettings) -> None:
    CookieJar(settings.site).write(response, session.secret, settings.session_days * 86_400)


def may_change(request: web.Request, session: Session, token: str, settings: WebSettings) -> bool:
    """Whether a form may have an effect: from our own page, and with the token of this session."""
    return is_own_origin(request, settings.site) and not session.is_new and session.accepts(token)
