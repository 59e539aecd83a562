"""Whether each thing that can go wrong shows, and that figures hold nothing of anybody."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import pytest
from sqlalchemy import text

from bot.app.health import FULL, KEPT, LONG, LOW, Health
from bot.app.meter import Meter, MeteredOfficers, MeteredResidents, outcome_of
from bot.conversation import machine
from bot.conversation.turn.events import Said
from bot.conversation.turn.replies import Reply, Turn
from bot.conversation.turn.state import State
from bot.office.handling.office import Office
from bot.office.letters.about_desk import DeskLetters
from bot.office.officers.routing import Routing
from bot.ports.desk.entrance import SignInRefused
from bot.ports.locator import NoLocator
from bot.service.residents import at_once, nowhere
from knowledge.base import Knowledge
from storage.database import Database
from tests.channels.desk.desk import OFFICERS
from tests.conftest import Clock
from tests.plans import SECRET, TEAM, shipped
from tests.service_doubles import CountedNotices


@dataclass
class Live:
    """What is looked at of ``LiveKnowledge``."""

    is_learnt: bool = True
    problems: tuple[str, ...] = ()


@dataclass
class Ward:
    database: Database
    clock: Clock
    live: Live = field(default_factory=Live)
    free: int = 10 * LOW
    tasks: dict[str, str] = field(default_factory=lambda: {"relay": "running", "telegram": "running"})
    refused: list[str] = field(default_factory=list)
    meter: Meter = field(default_factory=Meter)

    def health(self) -> Health:
        """A new look each time."""
        return Health(
            self.database, cast("Any", self.live), Path(), lambda: self.tasks, self.meter, self.clock,
            refused=lambda: self.refused, free=lambda folder: self.free,
        )  # fmt: skip

    async def signs(self) -> dict[str, str]:
        return {sign.name: sign.state for sign in await self.health().signs()}

    async def figures(self) -> str:
        return (await self.health().figures()).decode()


@pytest.fixture
async def ward(database: Database, clock: Clock) -> AsyncIterator[Ward]:
    return Ward(database, clock)


async def mail(ward: Ward, key: str = "1") -> None:
    async with ward.database.unit_of_work() as work:
        await work.outbox.add("email", "iemand@example.org", {"text": "Beste"}, key, ward.clock())
        await work.commit()


async def test_all_well(ward: Ward) -> None:
    parts = ("database", "disk", "task relay", "task telegram", "knowledge", "officers", "outbox")
    assert await ward.signs() == dict.fromkeys(parts, "good")


async def test_each_fault_shows(ward: Ward) -> None:
    ward.free = LOW - 1
    assert (await ward.signs())["disk"] == "warning"
    ward.free = FULL - 1
    ward.tasks["telegram"] = "ended"
    ward.live.problems = ("een fout",)
    ward.refused.append("officers.0.areas: Oost is no area")
    signs = await ward.signs()
    assert {name for name, state in signs.items() if state == "bad"} == {"disk", "task telegram"}
    assert {name for name, state in signs.items() if state == "warning"} == {"knowledge", "officers"}
    ward.live.is_learnt = False
    assert (await ward.signs())["knowledge"] == "bad"


async def test_mail_that_waits_long_shows(ward: Ward) -> None:
    await mail(ward)
    assert (await ward.signs())["outbox"] == "good"
    ward.clock.now += LONG + timedelta(minutes=1)
    assert (await ward.signs())["outbox"] == "warning"
    assert 'wijkbot_outbox_messages{status="pending"} 1.0' in await ward.figures()
    assert "wijkbot_outbox_oldest_seconds 960.0" in await ward.figures()


async def test_a_database_that_cannot_be_used_shows_and_the_rest_is_told(ward: Ward) -> None:
    async with ward.database.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE installation RENAME TO gone"))
    signs = await ward.signs()
    assert (signs["database"], signs["disk"]) == ("bad", "good")
    assert "outbox" not in signs
    assert 'wijkbot_ready{part="database"} 0.0' in await ward.figures()


async def test_a_look_is_kept_for_some_seconds(ward: Ward) -> None:
    now = [0.0]
    health = Health(
        ward.database, cast("Any", ward.live), Path(), dict, ward.meter, ward.clock, clock=lambda: now[0]
    )  # fmt: skip
    await health.signs()
    await mail(ward)
    ward.clock.now += LONG * 2
    told = []
    for now[0] in (KEPT - 1, KEPT):
        told.append({sign.name: sign.state for sign in await health.signs()}["outbox"])
    assert told == ["good", "warning"]


PERSONAL = (
    ("Zebulon Proefpersoon", "naam"),
    ("zebulon@example.org", "e-mail"),
    ("06-12345678", "telefoon"),
    ("Proefstraat 17", "adres"),
    ("1221 AB", "postcode"),
    ("123456782", "bsn"),
    ("NL91ABNA0417164300", "iban"),
    ("HV-ABC-DEF-GHJ", "kenmerk"),
    ("4711", "chat"),
    ("1234567:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQ", "token"),
)


async def test_figures_count_and_hold_nothing_of_anybody(ward: Ward, shipped_knowledge: Knowledge) -> None:
    office = Office(ward.database, lambda: shipped_knowledge, CountedNotices(), clock=ward.clock)
    residents = MeteredResidents(ward.meter, office, links_to=nowhere, learnt=at_once, locator=NoLocator())
    numbers = count(1)

    async def say(words: str, channel: str = "web") -> None:
        event = Said(id=str(next(numbers)), at=ward.clock(), nonce=uuid4().hex, text=words)
        await residents.handle(channel, "4711", event)

    for value, kind in PERSONAL:
        await say(f"mijn {kind} is {value}")
    await say("hoeveel geld is er voor mijn plan")
    await say("blub xyzzy kwak", channel=PERSONAL[0][0])
    officers = MeteredOfficers(
        ward.meter, ward.database, Routing(OFFICERS, TEAM), DeskLetters(shipped, "").sign_in, SECRET
    )
    with pytest.raises(SignInRefused):
        await officers.enter_by_link("geraden", "203.0.113.9")
    with pytest.raises(SignInRefused):
        await officers.enter_by_code("geraden", "12345678", "203.0.113.9")
    await mail(ward)
    figures = await ward.figures()
    assert 'wijkbot_questions_total{outcome="answer"}' in figures
    assert 'wijkbot_turn_seconds_count{channel="web"} 11.0' in figures
    assert 'wijkbot_turn_seconds_count{channel="other"} 1.0' in figures
    assert 'wijkbot_sign_ins_refused_total{reason="over"} 2.0' in figures
    assert "wijkbot_plans_overdue 0.0" in figures
    words = set(re.findall(r"[\w.@-]+", figures))
    for value, _ in PERSONAL:
        assert value not in figures or value.isdecimal(), value
        assert not words & set(value.split()), value
    assert "203.0.113.9" not in figures
    assert "geraden" not in figures


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("wat is een buurtdeal", "answer"),
        ("blub xyzzy kwak", "fallback"),
    ],
)
def test_what_typed_words_got(shipped_knowledge: Knowledge, clock: Clock, words: str, outcome: str) -> None:
    event = Said(id="1", at=clock(), nonce="0" * 32, text=words)
    assert outcome_of(State(), machine.respond(State(), event, shipped_knowledge)) == outcome


def test_a_choice_is_counted_as_one() -> None:
    assert outcome_of(State(), Turn(State(offered=("geld", "regels")), (Reply("Welke?"),))) == "choice"
    assert outcome_of(State(offered=("geld",)), Turn(State(offered=("geld",)), (Reply("Vraag 2"),))) == "other"


async def test_a_turn_that_fails_is_counted(ward: Ward, shipped_knowledge: Knowledge) -> None:
    office = Office(ward.database, lambda: shipped_knowledge, CountedNotices(), clock=ward.clock)
    residents = MeteredResidents(ward.meter, office, links_to=nowhere, learnt=at_once, locator=NoLocator())
    async with ward.database.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE conversation RENAME TO gone"))
    with pytest.raises(Exception, match=r"conversation|OperationalError"):
        await residents.handle("web", "a", Said(id="1", at=ward.clock(), nonce="0" * 32, text="hallo"))
    assert "wijkbot_turns_failed_total{" in await ward.figures()
