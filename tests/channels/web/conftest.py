"""The web application on a real port with a real HTTP client, in front of a scripted backend."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from aiohttp import ClientResponse, FormData
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.web.channel import make_app
from bot.channels.web.settings import WebSettings
from tests.channels.web.scripted import NOW, ScriptedBackend

JSON = {"Accept": "application/json"}


@dataclass
class Visitor:
    """A browser without JavaScript: it keeps the cookie and fills in the form of the last page it saw."""

    client: TestClient[Any, Any]
    page: str = ""

    async def open(self, path: str = "/") -> ClientResponse:
        response = await self.client.get(path)
        self.page = await response.text()
        return response

    async def post(self, headers: dict[str, str] | None = None, **fields: Any) -> ClientResponse:
        """The text form with these fields; follows no redirect."""
        form = FormData(default_to_multipart=True)
        for name, value in (self.hidden() | fields).items():
            if isinstance(value, bytes):
                form.add_field(name, value, filename="foto.jpg", content_type="image/jpeg")
            else:
                form.add_field(name, str(value))
        return await self.client.post("/bericht", data=form, allow_redirects=False, headers=headers)

    async def say(self, text: str) -> str:
        """Send a text and give the page that follows."""
        response = await self.post(text=text)
        assert response.status == 303, await response.text()
        await self.open(response.headers["Location"])
        return self.page

    def hidden(self) -> dict[str, str]:
        """The hidden fields of the form with the text field."""
        composer = self.page[self.page.find("data-composer") :]
        return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', composer))

    @property
    def field(self) -> str:
        """What stands in the text field."""
        found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", self.page, re.DOTALL)
        assert found
        return unescape(found.group(1))

    @property
    def problem(self) -> str:
        found = re.search(r'id="melding"[^>]*>([^<]*)</p>', self.page)
        assert found
        return unescape(found.group(1))


class Seconds:
    """A clock that stands still until the test moves it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def backend() -> ScriptedBackend:
    return ScriptedBackend()


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def settings() -> WebSettings:
    return WebSettings(waiting_seconds=5)


@pytest.fixture
async def visitor(backend: ScriptedBackend, settings: WebSettings, seconds: Seconds) -> AsyncIterator[Visitor]:
    app = make_app(backend, settings, now=lambda: NOW, clock=seconds)
    async with TestClient(TestServer(app)) as client:
        visitor = Visitor(client)
        await visitor.open()
        yield visitor
