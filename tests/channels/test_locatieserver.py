"""The look-up of an address, against a server of our own on loopback; whatever goes wrong, there is no postcode."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.locatieserver import Locatieserver


class Kadaster:
    """Answers as the Locatieserver does; ``answer`` is what it says, ``asked`` what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Mapping[str, str]] = []
        self.answer: web.Response | None = None
        self.held = asyncio.Event()
        self.held.set()

    async def search(self, request: web.Request) -> web.Response:
        self.asked.append(dict(request.query))
        await self.held.wait()
        return self.answer or web.json_response({"response": {"docs": [{"postcode": "1221AB"}]}})


@pytest.fixture
async def kadaster() -> AsyncIterator[tuple[Kadaster, str]]:
    answering = Kadaster()
    app = web.Application()
    app.router.add_get("/free", answering.search)
    server = TestServer(app)
    await server.start_server()
    yield answering, str(server.make_url("/free"))
    answering.held.set()
    await server.close()


async def test_the_postcode_of_the_first_address_in_the_municipality(kadaster: tuple[Kadaster, str]) -> None:
    answering, url = kadaster
    assert await Locatieserver(url, "Kleinstad").postcode("dorpsstraat 12") == "1221AB"
    assert answering.asked[0]["q"] == "dorpsstraat 12"
    assert 'gemeentenaam:"Kleinstad"' in answering.asked[0]["fq"]


@pytest.mark.parametrize(
    "answer",
    [
        web.json_response({"response": {"docs": []}}),
        web.json_response({"response": {"docs": [{"postcode": "<b>"}]}}),
        web.json_response(["?"]),
        web.Response(text="no json"),
        web.Response(status=500),
        web.Response(status=302, headers={"Location": "http://127.0.0.1:9/"}),
    ],
    ids=["nothing found", "no postcode", "another shape", "no json", "a fault", "sent elsewhere"],
)
async def test_anything_else_is_no_postcode(kadaster: tuple[Kadaster, str], answer: web.Response) -> None:
    answering, url = kadaster
    answering.answer = answer
    assert await Locatieserver(url, "Kleinstad").postcode("dorpsstraat 12") == ""


async def test_nobody_waits_for_a_server_that_does_not_answer(kadaster: tuple[Kadaster, str]) -> None:
    answering, url = kadaster
    answering.held.clear()
    assert await Locatieserver(url, "Kleinstad", seconds=0.05).postcode("dorpsstraat 12") == ""


async def test_nobody_waits_for_a_server_that_is_not_there() -> None:
    assert await Locatieserver("http://127.0.0.1:9/free", "Kleinstad").postcode("dorpsstraat 12") == ""
