"""The Bot API on loopback: checks every call, hands out updates, fails as scripted."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import aiohttp
from aiohttp import web

from tests.botapi import spec

TOKEN = "123456789:loopback-token-for-tests-only-000000"
BOT_USER = {"id": 123456789, "is_bot": True, "first_name": "Wijkbot", "username": "ProefWijkbot"}
NOW = 1_795_000_000


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    parameters: dict[str, Any]
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return str(self.parameters.get("text", ""))

    @property
    def buttons(self) -> dict[str, str]:
        """Label to callback data or url of the inline keyboard."""
        rows = (self.parameters.get("reply_markup") or {}).get("inline_keyboard", [])
        return {button["text"]: button.get("callback_data") or button.get("url", "") for row in rows for button in row}


@dataclass(frozen=True, slots=True)
class Failure:
    """How one call goes wrong. ``silent``: the answer never comes."""

    status: int = 500
    description: str = "Internal Server Error"
    retry_after: int | None = None
    silent: bool = False
    after_effect: bool = False
    """The call does its work first and only its answer is lost."""
    body: str | None = None


PASS: Failure | None = None
"""In a script of failures: this call goes well."""
TOO_MANY = Failure(429, "Too Many Requests: retry after 1", retry_after=1)
BAD_GATEWAY = Failure(502, "Bad Gateway")
SILENT = Failure(silent=True)
NONSENSE = Failure(502, body="<html>bad gateway</html>")


class ApiError(Exception):
    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status, self.description = status, description


class BotApiServer:
    """``async with BotApiServer() as server``; then ``server.url`` is the api_base_url.

    ``problems`` lists every call that broke the published API. Updates stay until they are
    confirmed, also over restarts of the bot.
    """

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.calls: list[Call] = []
        self.problems: list[str] = []
        self.files: dict[str, bytes] = {}
        self.blocked: set[int] = set()
        self.unknown: set[int] = set()
        self.polls: list[dict[str, Any]] = []
        """Parameters of every getUpdates."""
        self.webhook: dict[str, Any] = {}
        self.me: dict[str, Any] = dict(BOT_USER)
        self.queries: set[str] = set()
        """Callback queries that may still be answered."""
        self.delay = 0.0
        """Seconds that each answer takes, as a network would."""
        self.confirmed = 0
        """Updates below this id are forgotten."""
        self._updates: deque[dict[str, Any]] = deque()
        self._failures: dict[str, deque[Failure | None]] = defaultdict(deque)
        self._messages = 1000
        self._news = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> BotApiServer:
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    # -- for tests ------------------------------------------------------------------

    def add(self, update: dict[str, Any]) -> int:
        """Queue an update for the bot, checked as well; gives its id."""
        problems = spec.check_object(update, "Update")
        assert not problems, problems
        self._updates.append(update)
        self._news.set()
        return int(update["update_id"])

    def fail(self, method: str, *failures: Failure | None) -> None:
        """The next calls of ``method`` fail, one failure each; PASS lets one go well."""
        self._failures[method].extend(failures)

    def of(self, method: str, chat: int | None = None) -> list[Call]:
        return [c for c in self.calls if c.method == method and chat in (None, c.parameters.get("chat_id"))]

    def texts(self, chat: int | None = None) -> list[str]:
        """Texts and captions that reached a chat, in order."""
        return [
            text
            for call in self.calls
            if chat in (None, call.parameters.get("chat_id"))
            for text in [call.text or str(call.parameters.get("caption", ""))]
            if text
        ]

    async def until(self, condition: Callable[[], object], seconds: float = 10) -> None:
        """Wait until ``condition`` holds; the time is only there to end a test that fails."""
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110 - conditions look at anything
                await asyncio.sleep(0.005)

    @property
    def waiting(self) -> int:
        return len(self._updates)

    # -- the server -----------------------------------------------------------------

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if request.match_info["token"] != self.token:
            return _error(401, "Unauthorized")
        parameters, files = await self._read(request, method)
        failure = self._failures[method].popleft() if self._failures[method] else None
        if failure is not None and not failure.after_effect:
            return await self._fail(failure)
        problems = spec.check_call(method, parameters, files)
        if problems:
            self.problems += problems
            return _error(400, f"Bad Request: {problems[0]}")
        try:
            result = await self._do(Call(method, parameters, files))
        except ApiError as error:
            return _error(error.status, error.description)
        if self.delay:
            await asyncio.sleep(self.delay)
        return await self._fail(failure) if failure is not None else web.json_response({"ok": True, "result": result})

    async def _read(self, request: web.Request, method: str) -> tuple[dict[str, Any], dict[str, bytes]]:
        if request.content_type == "application/json":
            return dict(await request.json()), {}
        form: dict[str, str] = dict(request.query)
        files: dict[str, bytes] = {}
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                files[name] = value.file.read()
            else:
                form[name] = value if isinstance(value, str) else bytes(value).decode()
        return spec.decode_form(method, form), files

    async def _fail(self, failure: Failure) -> web.Response:
        if failure.silent:
            await asyncio.sleep(3600)
        if failure.body is not None:
            return web.Response(status=failure.status, text=failure.body)
        return _error(failure.status, failure.description, failure.retry_after)

    async def _do(self, call: Call) -> Any:
        chat = call.parameters.get("chat_id")
        if chat in self.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        if chat in self.unknown:
            raise ApiError(400, "Bad Request: chat not found")
        if call.method == "getUpdates":
            return await self._get_updates(call)
        result = self._result(call)
        self.calls.append(call)
        return result

    def _result(self, call: Call) -> Any:
        match call.method:
            case "getMe":
                return self.me
            case "sendMessage" | "sendPhoto":
                return self._message(call)
            case "sendMediaGroup":
                return [self._message(call) for _ in call.parameters["media"]]
            case "editMessageReplyMarkup":
                return self._message(call)
            case "answerCallbackQuery":
                if call.parameters["callback_query_id"] not in self.queries:
                    raise ApiError(400, "Bad Request: query is too old and response timeout expired")
                self.queries.discard(call.parameters["callback_query_id"])
                return True
            case "getFile":
                return self._file(call.parameters["file_id"])
            case "setWebhook" | "deleteWebhook":
                self.webhook = dict(call.parameters) if call.method == "setWebhook" else {}
                return True
            case "getWebhookInfo":
                url = self.webhook.get("url", "")
                return {"url": url, "has_custom_certificate": False, "pending_update_count": len(self._updates)}
        return True

    def _message(self, call: Call) -> dict[str, Any]:
        if call.method == "sendMessage" and not call.text.strip():
            raise ApiError(400, "Bad Request: message text is empty")
        if any(_is_refused(target) for target in call.buttons.values()):
            raise ApiError(400, "Bad Request: inline keyboard button URL is invalid: Wrong HTTP URL")
        self._messages += 1
        chat = int(call.parameters["chat_id"])
        private = {"id": chat, "type": "private", "first_name": "Proef"}
        where = private if chat > 0 else {"id": chat, "type": "supergroup", "title": "Proef"}
        message = {"message_id": self._messages, "date": NOW, "chat": where, "from": self.me}
        return message | ({"text": call.text} if call.text else {})

    def _file(self, file_id: str) -> dict[str, Any]:
        if file_id not in self.files:
            raise ApiError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(self.files[file_id]) > 20 * 1024 * 1024:
            raise ApiError(400, "Bad Request: file is too big")
        size = len(self.files[file_id])
        path = f"photos/{file_id}.jpg"
        return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": size, "file_path": path}

    async def _get_updates(self, call: Call) -> list[dict[str, Any]]:
        if self.webhook:
            raise ApiError(409, "Conflict: can't use getUpdates method while webhook is active")
        self.polls.append(call.parameters)
        mine = len(self.polls)
        offset = call.parameters.get("offset", 0)
        self.confirmed = max(self.confirmed, offset)
        while self._updates and self._updates[0]["update_id"] < offset:
            self._updates.popleft()
        allowed = call.parameters.get("allowed_updates") or []
        deadline = asyncio.get_running_loop().time() + call.parameters.get("timeout", 0)
        while True:
            # An update of a kind not asked for is dropped, as the real server does.
            for update in [u for u in self._updates if allowed and not set(allowed) & set(u)]:
                self._updates.remove(update)
            if self._updates:
                return list(self._updates)[: call.parameters.get("limit", 100)]
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                return []
            self._news.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), min(left, 0.05))
            if len(self.polls) != mine:
                raise ApiError(409, "Conflict: terminated by other getUpdates request")

    async def _download(self, request: web.Request) -> web.Response:
        name = request.match_info["path"].removeprefix("photos/").removesuffix(".jpg")
        if self._failures["download"]:
            failure = self._failures["download"].popleft()
            return await self._fail(failure or Failure())
        if request.match_info["token"] != self.token or name not in self.files:
            return _error(404, "Not Found")
        return web.Response(body=self.files[name])

    # -- webhook --------------------------------------------------------------------

    async def push(self, update: dict[str, Any], url: str = "", secret: str | None = None) -> int:
        """Deliver an update to the webhook, as the server would; gives the status."""
        problems = spec.check_object(update, "Update")
        assert not problems, problems
        token = self.webhook.get("secret_token", "") if secret is None else secret
        headers = {"X-Telegram-Bot-Api-Secret-Token": token, "Content-Type": "application/json"}
        async with aiohttp.ClientSession() as session:
            target = url or self.webhook["url"]
            async with session.post(target, data=json.dumps(update).encode(), headers=headers) as response:
                return response.status


def _is_refused(target: str) -> bool:
    """Addresses that Telegram does not accept under a button."""
    return target.startswith(("http://localhost", "http://127.", "https://localhost", "http:///"))


def _error(status: int, description: str, retry_after: int | None = None) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if retry_after is not None:
        body["parameters"] = {"retry_after": retry_after}
    return web.json_response(body, status=status)
