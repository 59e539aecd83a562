"""Officers who are away: who gets their work, who may act, what happens when deputies lead nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.turn.state import State
from bot.office.handling.changes import Actor
from bot.office.handling.decisions import Refused
from bot.office.officers.absences import AbsenceRefused, Away, clear_absence, current, current_of, set_absence
from bot.office.officers.routing import Routing, officer_id
from bot.service.resident_record import load_record
from knowledge.models.content import Contact
from storage.database import Database
from tests.conftest import Clock
from tests.plans import Officer, Team
from tests.promised import ANNE, OFFICERS, TEAM, World, local
from tests.service_doubles import said

LAST_DAY = date(2026, 12, 4)


@pytest.fixture
def world(database: Database, clock: Clock) -> World:
    return World(database, clock)


async def away(world: World, officer: str, deputy: str = "", until: date = LAST_DAY, since: date | None = None) -> Away:
    async with world.database.unit_of_work() as work:
        noted = await set_absence(
            work, world.routing, officer, until, deputy, now=world.clock(), since=since, by="cora@gemeente.test"
        )
        await world.absences.load(work)
        await work.commit()
    return noted


async def told(world: World, reference: str) -> set[str]:
    """Who was mailed about a new plan."""
    return {row.address for row in await world.outbox() if row.dedupe_key.startswith(f"plan:{reference}:email")}


# -- noting -----------------------------------------------------------------------------


async def test_an_absence_is_noted_replaced_and_taken_back(world: World) -> None:
    await away(world, "anne@gemeente.test", "bram@gemeente.test", date(2026, 11, 27))
    noted = await away(world, "ANNE@gemeente.test", "1004")
    assert noted == Away("anne@gemeente.test", "1004", date(2026, 11, 20), LAST_DAY)
    async with world.database.unit_of_work() as work:
        assert await current(work, LAST_DAY) == (noted,)
        assert await current_of(work, world.routing, "1001", LAST_DAY) == noted  # by Telegram chat as well
        assert await current_of(work, world.routing, "bram@gemeente.test", LAST_DAY) is None
        assert await current(work, LAST_DAY + timedelta(days=1)) == ()
        assert await clear_absence(work, world.routing, "1001")
        assert not await clear_absence(work, world.routing, "1001")
        assert await current(work, LAST_DAY) == ()


@pytest.mark.parametrize(
    ("officer", "deputy", "until", "since", "code"),
    [
        ("iemand@elders.test", "", LAST_DAY, None, "officer"),
        ("", "", LAST_DAY, None, "officer"),
        ("anne@gemeente.test", "iemand@elders.test", LAST_DAY, None, "deputy"),
        ("anne@gemeente.test", "1001", LAST_DAY, None, "self"),
        ("anne@gemeente.test", "", date(2026, 11, 19), None, "past"),
        ("anne@gemeente.test", "", LAST_DAY, date(2026, 12, 5), "order"),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_is_noted(
    world: World, officer: str, deputy: str, until: date, since: date | None, code: str
) -> None:
    with pytest.raises(AbsenceRefused) as refused:
        await away(world, officer, deputy, until, since)
    assert refused.value.code == code
    assert world.knowledge().texts.has(f"afwezig.fout.{code}")
    async with world.database.unit_of_work(read_only=True) as work:
        assert await current(work, date(2026, 1, 1)) == ()


# -- new work ---------------------------------------------------------------------------


async def test_new_work_goes_to_the_deputy_who_is_told_why(world: World) -> None:
    await away(world, "anne@gemeente.test", "bram@gemeente.test")
    reference = await world.submit()
    assert await told(world, reference) == {"bram@gemeente.test"}
    (mail,) = await world.outbox("bram@gemeente.test")
    assert "wegens afwezigheid van Anne Bos" in mail.payload["text"]
    assert not await world.outbox("1001")  # nor in the chat of who is away


async def test_another_process_knows_at_once(world: World) -> None:
    other = World(world.database, world.clock)
    await away(other, "anne@gemeente.test", "bram@gemeente.test")
    assert await told(world, await world.submit()) == {"bram@gemeente.test"}


async def test_a_colleague_of_the_same_area_who_is_here_keeps_getting_it(database: Database, clock: Clock) -> None:
    second = Officer("Ed Kok", "ed@gemeente.test", areas=("Zuid",))
    world = World(database, clock, officers=(*OFFICERS, second))
    await away(world, "anne@gemeente.test")
    assert await told(world, await world.submit()) == {"ed@gemeente.test"}


async def test_the_first_and_the_last_day_count(world: World) -> None:
    await away(world, "anne@gemeente.test", "bram@gemeente.test", until=date(2026, 11, 24), since=date(2026, 11, 23))
    assert await told(world, await world.submit()) == {"anne@gemeente.test"}
    world.clock.now = local(23, 0, 30).astimezone(UTC)  # still the 22nd in Greenwich
    assert await told(world, await world.submit()) == {"bram@gemeente.test"}
    world.clock.now = local(24, 23, 30).astimezone(UTC)
    assert await told(world, await world.submit()) == {"bram@gemeente.test"}
    world.clock.now = local(25, 0, 1).astimezone(UTC)
    assert await told(world, await world.submit()) == {"anne@gemeente.test"}


CHAINS = [
    ({"anne": "bram", "bram": "dirk"}, {"1004"}),
    ({"anne": "bram", "bram": ""}, {"cora"}),
    ({"anne": "bram", "bram": "anne"}, {"cora"}),
    ({"anne": "bram", "bram": "dirk", "dirk": "bram"}, {"cora"}),
    ({"anne": ""}, {"cora"}),
    ({"anne": "", "cora": ""}, {"team"}),
    ({"anne": "", "cora": "bram"}, {"bram"}),
    ({"anne": "gone"}, {"cora"}),  # taken out of config.toml meanwhile
]


def hold(routing_of: Mapping[str, str], team: Team = TEAM) -> Routing:
    """Everybody who stands on the left is away."""
    ids = {"dirk": "1004"} | {name: f"{name}@gemeente.test" for name in ("anne", "bram", "cora", "gone")} | {"": ""}

    class Now:
        def deputy(self, officer: str) -> str | None:
            found = {ids[one]: ids[other] for one, other in routing_of.items()}
            return found.get(officer)

    return Routing(OFFICERS, team, absences=Now())


@pytest.mark.parametrize(("chain", "expected"), CHAINS)
def test_chains_circles_and_dead_ends(chain: dict[str, str], expected: set[str]) -> None:
    found = hold(chain).recipients("Zuid")
    assert {one.split("@")[0] for one in (*found.emails, *found.telegram)} == expected
    assert found.absent[0] == "Anne Bos"
    assert not found.is_team  # the area has an officer, who is away


def test_when_all_are_away_and_there_is_no_team_the_absent_officer_still_gets_it() -> None:
    found = hold({"anne": "", "cora": ""}, Team()).recipients("Zuid")
    assert found.emails == ("anne@gemeente.test",)


NAMES = ["anne", "bram", "dirk", "cora"]


@given(st.dictionaries(st.sampled_from(NAMES), st.sampled_from([*NAMES, "", "gone"])), st.booleans())
def test_somebody_always_gets_it_and_nobody_who_is_away_while_others_are_here(
    chain: dict[str, str], has_team: bool
) -> None:
    routing = hold(chain, TEAM if has_team else Team())
    for found in (routing.recipients("Zuid"), routing.recipients("Oost 1221"), routing.escalation()):
        chats = {"1001": "anne", "1004": "dirk"}
        got = {chats.get(one, one.split("@")[0]) for one in (*found.emails, *found.telegram)}
        assert got
        if has_team:
            assert not got & chain.keys()
    for officer in OFFICERS:
        standing_in = routing.stands_in_for(officer_id(officer))
        assert officer not in standing_in
        assert all(routing.is_away(one) for one in standing_in)
        assert not (standing_in and routing.is_away(officer))


# -- what is held already -----------------------------------------------------------------


async def test_the_deputy_sees_and_may_change_what_the_absent_officer_has(world: World) -> None:
    reference = await world.submit()
    bram = Actor("wijkregisseur", "bram@gemeente.test")
    with pytest.raises(Refused):
        await world.service.change_status(reference, "in_gesprek", bram)
    await away(world, "anne@gemeente.test", "bram@gemeente.test")
    assert world.routing.stands_in_for("bram@gemeente.test") == (ANNE,)
    assert world.routing.stands_in_for("cora@gemeente.test") == ()
    await world.service.change_status(reference, "in_gesprek", bram)
    async with world.database.unit_of_work() as work:
        await clear_absence(work, world.routing, "anne@gemeente.test")
        await work.commit()
    with pytest.raises(Refused):
        await world.service.change_status(reference, "in_uitvoering", bram)


async def test_the_deputy_stands_in_for_who_took_a_plan_in_another_area(world: World) -> None:
    reference = await world.submit(area="Centrum", wijk="Centrum")
    async with world.database.unit_of_work() as work:
        _, plan = await world.lock(work, reference)
        plan.handler, plan.holder, plan.holder_kind = "anne@gemeente.test", "anne@gemeente.test", "officer"
        work.session.add(plan)
        await work.commit()
    await away(world, "anne@gemeente.test", "bram@gemeente.test")
    assert world.routing.handles("bram@gemeente.test", "anne@gemeente.test")
    assert world.routing.recipients("Centrum", "anne@gemeente.test").emails == ("bram@gemeente.test",)
    await world.service.change_status(reference, "in_gesprek", Actor("wijkregisseur", "bram@gemeente.test"))


async def test_the_deputy_is_reminded_instead_of_who_is_away(world: World) -> None:
    await world.submit()
    await away(world, "anne@gemeente.test", "bram@gemeente.test")
    await world.round(24)
    letters = await world.digests()
    assert list(letters) == ["bram@gemeente.test"]
    assert "Anne Bos" in letters["bram@gemeente.test"][0]


async def test_an_answer_of_the_resident_reaches_the_deputy(world: World) -> None:
    await world.submit()
    await away(world, "anne@gemeente.test", "bram@gemeente.test")
    await world.service.handle("web", "a", said("toevoegen nog iets"))
    assert [row.address for row in await world.outbox() if row.dedupe_key.startswith("change:")][-1] == (
        "bram@gemeente.test"
    )


# -- what residents see -------------------------------------------------------------------


@pytest.mark.parametrize(("day", "shown"), [(22, "Anne Bos"), (23, "wijkregisseur")])
async def test_a_contact_past_its_date_is_shown_as_the_role(
    database: Database, clock: Clock, day: int, shown: str
) -> None:
    contact = Contact("Zuid", "wijkregisseur", "Anne Bos", "anne@gemeente.test", valid_until=date(2026, 11, 22))
    world = World(database, clock, contacts=(contact,))
    await world.submit()
    clock.now = local(day, 12).astimezone(UTC)
    async with database.unit_of_work() as work:
        conversation = await work.conversations.lock("web", "a", clock())
        handling, _ = await world.lock(work, (await world.plans())[0].reference)
        record = await load_record(handling, conversation, State(), "")
    assert shown in record.plans[0].holder
    assert ("Anne" in record.plans[0].holder) == (day == 22)
