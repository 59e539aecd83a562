"""The web chat with the real service, conversation and database behind it."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image
from sqlmodel import select

from bot.channels.web.channel import make_app
from knowledge.base import Knowledge
from storage.database import Database
from storage.models import Conversation
from tests.channels.web.conftest import JSON, Visitor
from tests.channels.web.real import real_service
from tests.conftest import Clock
from tests.service_doubles import Service


@pytest.fixture
def service(database: Database, clock: Clock, shipped_knowledge: Knowledge) -> Service:
    return real_service(database, clock, shipped_knowledge)


@pytest.fixture
async def visitor(service: Service, clock: Clock) -> AsyncIterator[Visitor]:
    async with TestClient(TestServer(make_app(service, now=clock))) as client:
        visitor = Visitor(client)
        await visitor.open()
        yield visitor


async def test_looking_at_the_page_stores_nothing(visitor: Visitor, database: Database) -> None:
    await visitor.open()
    async with database.unit_of_work(read_only=True) as work:
        assert not (await work.session.exec(select(Conversation))).all()
    assert "w:plan" in visitor.page


async def test_a_question_a_button_and_a_reload(visitor: Visitor) -> None:
    page = await visitor.say("Wie is mijn wijkregisseur?")
    assert "Wie is mijn wijkregisseur?" in page
    await visitor.post(data="w:wijk")
    await visitor.open()
    await visitor.say("1221 AB")
    await visitor.open()
    assert "Oost" in visitor.page


async def test_the_same_form_twice_is_one_line(visitor: Visitor) -> None:
    for _ in range(2):
        assert (await visitor.post(text="hallo daar")).status == 303
    await visitor.open()
    assert visitor.page.count("hallo daar") == 1


async def test_a_real_photo_and_one_that_is_none(visitor: Visitor) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (40, 30)).save(picture, "JPEG")
    assert (await visitor.post(photo=picture.getvalue())).status == 303
    assert (await visitor.post(photo=b"geen foto")).status == 303
    await visitor.open()
    assert "JPG of PNG" in visitor.page


async def test_private_numbers_are_not_read_back(visitor: Visitor) -> None:
    assert "123456782" not in await visitor.say("mijn bsn is 123456782")


async def test_after_erasing_everything_only_that_is_left(visitor: Visitor) -> None:
    await visitor.say("mijn geheime vraag")
    shown = await (await visitor.post(headers=JSON, text="/privacy", after=0)).json()
    assert "c:privacy" in shown["html"]
    erase = next(part.split('"')[0] for part in shown["html"].split('value="') if part.startswith("c:privacy_wis"))
    asked = await (await visitor.post(headers=JSON, data=erase, after=shown["last"])).json()
    sure = next(part.split('"')[0] for part in asked["html"].split('value="') if part.startswith("c:privacy_wis"))
    assert (await (await visitor.post(headers=JSON, data=sure, after=asked["last"])).json()) == {"reset": True}
    await visitor.open()
    assert "geheime" not in visitor.page
    assert "gewist" in visitor.page
    assert visitor.page.index('id="nieuwste"') < visitor.page.index("gewist"), "the page jumps to what it says now"
