"""The page and the requests of its script."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Protocol

import aiohttp_jinja2
from aiohttp import web

from bot.channels.http.limits import RateLimit
from bot.channels.http.origin import client_address
from bot.channels.web.error_pages import wants_json
from bot.channels.web.parse import PostedForm, picture, read_form, refused_picture, spoken, to_events
from bot.channels.web.render import Say, bubbles, language_of, of_reply
from bot.channels.web.session import Session, may_change, read_session, write_session
from bot.channels.web.settings import MAX_TEXT, WebSettings
from bot.conversation.turn.events import AnyEvent
from bot.conversation.turn.replies import Reply
from bot.ports.backend import Backend, Line, PhotoRefused, Unavailable

CHANNEL = "web"
CODE = re.compile(r"[0-9A-Za-z-]{4,40}")
"""Of a link with which a resident goes on here; whether it works is for the conversation."""


class WebBackend(Backend, Protocol):
    """What the web chat calls of the service, beside what every channel does."""

    def welcome(self, language: str) -> Reply:
        """The greeting, before anything of a conversation is stored."""
        ...


class RequestRefused(Exception):  # noqa: N818  (a verdict, not a mistake)
    """A form without effect, and why. What was typed goes back into the field."""

    def __init__(self, status: int, key: str, retry_after: float = 0, **values: object) -> None:
        super().__init__(key)
        self.status, self.key, self.values, self.retry_after = status, key, values, retry_after


class WebChat:
    """Handlers on one backend. ``now`` gives an aware moment, ``clock`` seconds that only rise."""

    def __init__(
        self,
        backend: WebBackend,
        settings: WebSettings,
        now: Callable[[], datetime],
        clock: Callable[[], float],
        tasks: Callable[[], Mapping[str, str]],
    ) -> None:
        self._backend, self._settings, self._now, self._tasks = backend, settings, now, tasks
        self._per_session = RateLimit(settings.messages_a_minute, clock)
        self._per_address = RateLimit(settings.messages_a_minute_per_address, clock)
        self._views = RateLimit(settings.views_a_minute_per_address, clock)
        self._waiting: Counter[str] = Counter()
        self._closing = asyncio.Event()

    # -- the page -------------------------------------------------------------------

    async def page(self, request: web.Request) -> web.Response:
        self._limit_views(request)
        session = read_session(request, self._settings)
        lines = () if session.is_new else await self._backend.transcript(CHANNEL, session.address)
        # Filled in and not sent: a link that is only followed changes nothing.
        code = request.query.get("ga", "")
        form = PostedForm(id=session.new_form_id(), text=f"/start {code}" if CODE.fullmatch(code) else "")
        return self._draw(request, session, lines, form=form)

    def _draw(
        self,
        request: web.Request,
        session: Session,
        lines: Sequence[Line],
        *,
        form: PostedForm | None = None,
        problem: str = "",
        status: int = 200,
    ) -> web.Response:
        """The whole page; after a refusal with the problem and what was typed."""
        language = self._language(lines)
        form = form or PostedForm(id=session.new_form_id())
        context: dict[str, Any] = {
            "say": self._say(language),
            "language": language,
            "other_languages": [code for code in self._backend.languages() if code != language],
            "name_of": partial(self._backend.say, "web.taal_naam"),
            "welcome": of_reply(self._backend.welcome(language), self._settings, current=not lines),
            "bubbles": self._bubbles(lines, language),
            "last": lines[-1].id if lines else 0,
            "session": session,
            "form": form,
            "problem": problem,
        }
        response = aiohttp_jinja2.render_template("chat.html", request, context, status=status)
        response.headers["Content-Language"] = language
        write_session(response, session, self._settings)
        return response

    # -- something is said ----------------------------------------------------------

    async def say(self, request: web.Request) -> web.StreamResponse:
        """Take a form; then back to the page, or for the script the new lines."""
        session = read_session(request, self._settings)
        form = await read_form(request)
        try:
            await self._take(request, session, form)
        except RequestRefused as refused:
            return await self._refuse(request, session, form, refused)
        except Unavailable:
            return await self._refuse(request, session, form, RequestRefused(503, "web.mislukt", 60))
        if wants_json(request):
            return await self._news_after(session, form.after, request)
        raise web.HTTPSeeOther("/#nieuwste")

    async def _take(self, request: web.Request, session: Session, form: PostedForm) -> None:
        if not may_change(request, session, form.token, self._settings):
            raise RequestRefused(403, "web.pagina_verlopen")
        self._limit_messages(request, session)
        if form.is_too_long:
            raise RequestRefused(422, "web.te_lang", aantal=len(form.text), maximum=MAX_TEXT)
        if form.is_empty:
            raise RequestRefused(422, "web.leeg")
        try:
            events = to_events(form, self._now())
        except ValueError:
            raise RequestRefused(400, "web.locatie_mislukt") from None
        for event in events:
            await self._backend.handle(CHANNEL, session.address, event)
        await self._take_photos(session, form)

    async def _take_photos(self, session: Session, form: PostedForm) -> None:
        """Typed text goes with the first photo that is kept, as its caption; without one it is said."""
        caption = "" if form.data or form.place else form.text
        for number, data in enumerate(form.photos):
            try:
                photo = await self._backend.keep_photo(CHANNEL, session.address, data)
                event: AnyEvent = picture(form, number, photo, caption, self._now())
                caption = ""
            except PhotoRefused as refused:
                event = refused_picture(form, number, refused.kind, self._now())
            await self._backend.handle(CHANNEL, session.address, event)
        if form.photos and caption:
            await self._backend.handle(CHANNEL, session.address, spoken(form, self._now()))

    async def _refuse(
        self, request: web.Request, session: Session, form: PostedForm, refused: RequestRefused
    ) -> web.StreamResponse:
        try:
            known = [] if session.is_new else await self._backend.transcript(CHANNEL, session.address)
        except Unavailable:
            known = []
        problem = self._backend.say(refused.key, self._language(known), **refused.values)
        if wants_json(request):
            # A script of ours may have lost its cookie: with the new token it can try again.
            # A foreign page cannot read this answer.
            response = web.json_response({"message": problem, "token": session.token}, status=refused.status)
            write_session(response, session, self._settings)
        else:
            response = self._draw(request, session, known, form=form, problem=problem, status=refused.status)
        if refused.retry_after:
            response.headers["Retry-After"] = str(round(refused.retry_after + 0.5))
        return response

    # -- news -----------------------------------------------------------------------

    async def news(self, request: web.Request) -> web.StreamResponse:
        """Wait until there is something after line ``na``: 200 with it, 204 without."""
        self._limit_views(request)
        session = read_session(request, self._settings)
        after = request.query.get("na", "0")
        if session.is_new or not (after.isascii() and after.isdigit() and len(after) < 19):
            raise web.HTTPBadRequest
        if self._waiting[session.address] >= self._settings.waiting_per_session:
            raise web.HTTPTooManyRequests(headers={"Retry-After": "30"})
        self._waiting[session.address] += 1
        try:
            there_is = await self._wait(session, int(after))
        finally:
            self._waiting[session.address] -= 1
            self._waiting += Counter()  # forget those at zero
        # Who closed the page meanwhile reads nothing, and what is handed out counts as seen.
        if not there_is or request.transport is None or request.transport.is_closing():
            return web.Response(status=204)
        return await self._news_after(session, int(after), request)

    async def _wait(self, session: Session, after: int) -> bool:
        """Whether there is news; False at once when the server stops."""
        waiting = self._backend.wait_for_news(CHANNEL, session.address, after, self._settings.waiting_seconds)
        news = asyncio.ensure_future(waiting)
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            await asyncio.wait({news, closing}, return_when=asyncio.FIRST_COMPLETED)
            return news.done() and news.result()
        finally:
            news.cancel()
            closing.cancel()

    async def _news_after(self, session: Session, after: int, request: web.Request) -> web.Response:
        """The lines after ``after`` as HTML. ``reset``: what the page shows is no longer kept, load it anew."""
        lines = await self._backend.transcript(CHANNEL, session.address, max(after - 1, 0))
        if after and not (lines and lines[0].id == after):
            return web.json_response({"reset": True})
        fresh = [line for line in lines if line.id > after]
        language = self._language(fresh or lines)
        context = {"say": self._say(language), "bubbles": self._bubbles(fresh, language), "session": session}
        html = aiohttp_jinja2.render_string("lines.html", request, context | {"language": language})
        last = fresh[-1].id if fresh else after
        return web.json_response({"html": html, "last": last, "language": language})

    async def close(self, _: web.Application) -> None:
        """Let everybody go who waits for news: their pages ask again, perhaps another process."""
        self._closing.set()

    async def health(self, _: web.Request) -> web.Response:
        """200 when a conversation could be read now and all that has to go on does, else 503."""
        await self._backend.transcript(CHANNEL, "gezond")
        tasks = self._tasks()
        well = all(state == "running" for state in tasks.values())
        body = {"status": "ok" if well else "not ok", "tasks": dict(tasks)}
        return web.json_response(body, status=200 if well else 503)

    # -- shared ---------------------------------------------------------------------

    def _language(self, lines: Sequence[Line]) -> str:
        language = language_of(lines, self._backend.languages()[0])
        return language if language in self._backend.languages() else self._backend.languages()[0]

    def _say(self, language: str) -> Say:
        return lambda key: self._backend.say(key, language)

    def _bubbles(self, lines: Sequence[Line], language: str) -> list[Any]:
        return list(bubbles(lines, self._say(language), language, self._now(), self._settings))

    def _limit_views(self, request: web.Request) -> None:
        wait = self._views.take(client_address(request, self._settings.site))
        if wait:
            raise web.HTTPTooManyRequests(headers={"Retry-After": str(round(wait + 0.5))})

    def _limit_messages(self, request: web.Request, session: Session) -> None:
        wait = self._per_session.take(session.address) or self._per_address.take(
            client_address(request, self._settings.site)
        )
        if wait:
            raise RequestRefused(429, "web.te_veel", wait)
