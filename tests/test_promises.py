"""The promise clock: what residents, officers and coordinators hear, when, and how often."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.initiative.calendar import (
    LOCAL,
    is_working_day,
    latest_round,
    local_date,
    next_round,
    round_of,
    working_days_late,
)
from bot.initiative.lifecycle import CLOSED, STATUSES
from bot.office.handling.changes import change_plan, tell_resident
from knowledge.models.content import Contact
from storage.database import Database
from storage.errors import StorageUnavailable
from tests.conftest import Clock
from tests.plans import shipped
from tests.promised import ANNE, BRAM, CORA, DIRK, TEAM, WIJKREGISSEUR, World, local
from tests.service_doubles import said

GEMEENTE = shipped().gemeente


@pytest.fixture
def world(database: Database, clock: Clock) -> World:
    return World(database, clock)


# -- when a round is --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (local(20, 7), date(2026, 11, 20)),
        (local(20, 6, 59), date(2026, 11, 19)),
        (local(22, 12), date(2026, 11, 20)),  # a Sunday
        (local(23, 6), date(2026, 11, 20)),  # before seven on Monday
        (local(28, 12, month=12), date(2026, 12, 28)),
        (local(27, 12, month=12), date(2026, 12, 24)),  # both days of Christmas and a Sunday
        (local(27, 12, month=4, year=2027), date(2027, 4, 26)),  # Koningsdag
    ],
)
def test_the_round_that_was_due_last(now: datetime, day: date) -> None:
    assert latest_round(GEMEENTE, now) == day


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        (local(20, 6), local(20)),
        (local(20, 7), local(23)),
        (local(24, 8, month=12), local(28, month=12)),
        (local(23, 8, month=10), local(26, month=10)),  # the clock goes back on the 25th
        (local(26, 8, month=3, year=2027), local(30, month=3, year=2027)),  # and forward at Easter
    ],
)
def test_the_next_round_is_at_seven_on_the_wall(now: datetime, begins: datetime) -> None:
    found = next_round(GEMEENTE, now)
    assert found == begins
    assert found.astimezone(LOCAL).hour == 7


def test_rounds_are_a_day_of_other_length_apart_when_the_clock_changes() -> None:
    assert round_of(date(2026, 10, 25)) - round_of(date(2026, 10, 24)) == timedelta(hours=25)
    assert round_of(date(2027, 3, 28)) - round_of(date(2027, 3, 27)) == timedelta(hours=23)


def test_late_is_counted_in_working_days() -> None:
    assert working_days_late(GEMEENTE, date(2026, 11, 20), date(2026, 11, 22)) == 0
    assert working_days_late(GEMEENTE, date(2026, 11, 20), date(2026, 11, 24)) == 2
    assert working_days_late(GEMEENTE, date(2026, 12, 24), date(2026, 12, 29)) == 2
    assert working_days_late(GEMEENTE, date(2026, 11, 24), date(2026, 11, 20)) == 0


# -- officers ---------------------------------------------------------------------------


async def test_nothing_is_written_when_nothing_is_due(world: World) -> None:
    await world.submit()
    held = await world.round(20, 12)
    assert held is not None
    assert (held.steps, held.letters, await world.digests()) == ({}, 0, {})


async def test_an_officer_gets_one_letter_for_all_plans(world: World) -> None:
    for number in range(3):
        world.clock.pass_(seconds=1)
        await world.submit(f"Plan {number}")
    await world.round(24)
    letters = await world.digests()
    assert list(letters) == ["anne@gemeente.test"]
    (text,) = letters["anne@gemeente.test"]
    assert "VOOR VANDAAG" in text
    assert all(f"Plan {number}" in text for number in range(3))


async def test_a_plan_is_announced_the_working_day_before(world: World) -> None:
    await world.submit()
    await world.round(23)
    assert "VOOR DE VOLGENDE WERKDAG" in (await world.digests())["anne@gemeente.test"][0]


async def test_an_overdue_plan_comes_back_every_working_day_until_something_happens(world: World) -> None:
    reference = await world.submit()
    for day in (24, 25, 26):
        await world.round(day)
    letters = (await world.digests())["anne@gemeente.test"]
    assert ["TE LAAT" in letter for letter in letters] == [False, True, True]
    assert "2 werkdagen te laat" in letters[-1]
    await world.give(reference, "in_gesprek")
    await world.round(27)
    assert len((await world.digests())["anne@gemeente.test"]) == 3


async def test_a_note_for_colleagues_is_no_reaction(world: World) -> None:
    reference = await world.submit()
    await world.round(24)
    await world.note(reference)
    await world.round(25)
    assert "TE LAAT" in (await world.digests())["anne@gemeente.test"][-1]


async def test_the_same_round_is_held_once(world: World) -> None:
    await world.submit()
    assert await world.round(24) is not None
    before = [row.dedupe_key for row in await world.outbox()]
    assert await world.round(24, 7) is None
    assert await world.round(24, 15) is None
    assert await world.round(24, 16) is not None
    told = len(await world.outbox())
    assert await world.round(24, 17) is None
    assert len(await world.outbox()) == told
    before.append(next(row.dedupe_key for row in await world.outbox() if row.dedupe_key not in before))
    assert [row.dedupe_key for row in await world.outbox()] == before


async def test_two_processes_hold_one_round(world: World) -> None:
    reference = await world.submit()
    now = local(24, 16).astimezone(UTC)
    world.clock.now = now
    await asyncio.gather(*(world.clockwork().round(now) for _ in range(3)))
    assert (await world.kinds(reference)).count("postponed") == 1
    assert {address: len(letters) for address, letters in (await world.digests()).items()} == {"anne@gemeente.test": 1}


async def test_a_round_that_broke_off_is_finished_and_repeats_nothing(world: World) -> None:
    reference = await world.submit()
    now = local(24, 16).astimezone(UTC)
    await world.promises._look_at(reference, now)  # the process died here
    await world.round(24, 16)
    assert (await world.kinds(reference)).count("postponed") == 1
    assert len((await world.digests())["anne@gemeente.test"]) == 1


async def test_a_plan_that_cannot_be_read_keeps_no_other_from_its_round(world: World) -> None:
    broken, sound = await world.submit("Stuk"), await world.submit("Heel")
    async with world.database.unit_of_work() as work:
        _, plan = await world.lock(work, broken)
        plan.draft = "{"
        work.session.add(plan)
        await work.commit()
    held = await world.round(24, 16)
    assert held is not None
    assert held.steps == {"left_out": 1, "postponed": 1}
    assert (await world.plan(sound)).next_date == date(2026, 12, 1)
    assert "Stuk" in (await world.digests())["anne@gemeente.test"][0]


async def test_after_days_of_downtime_one_round_catches_up(world: World) -> None:
    reference = await world.submit()
    world.clock.now = datetime(2026, 11, 29, 15, tzinfo=UTC)  # a Sunday; the last round was on Friday
    held = await world.promises.round(world.clock.now)
    assert held is not None
    assert held.day == date(2026, 11, 27)
    assert "dat spijt ons" in (await world.chat())[-1]
    assert (await world.plan(reference)).next_date == date(2026, 12, 4)
    assert len((await world.digests())["anne@gemeente.test"]) == 1
    await world.round(30)
    assert len((await world.digests())["anne@gemeente.test"]) == 2


async def test_who_took_a_plan_is_reminded_and_nobody_else(world: World) -> None:
    reference = await world.submit()
    async with world.database.unit_of_work() as work:
        _, plan = await world.lock(work, reference)
        plan.handler, plan.holder, plan.holder_kind = BRAM.email or "", BRAM.email or "", "officer"
        work.session.add(plan)
        await work.commit()
    await world.round(24)
    assert list(await world.digests()) == ["bram@gemeente.test"]


async def test_an_officer_without_mail_is_reminded_in_the_chat(database: Database, clock: Clock) -> None:
    world = World(database, clock, officers=(replace(DIRK, areas=("Zuid",)), CORA))
    await world.submit()
    await world.round(24)
    assert list(await world.digests()) == ["1004"]
    assert {row.channel for row in await world.outbox("1004")} == {"telegram"}


async def test_the_team_is_reminded_of_an_area_that_nobody_has(database: Database, clock: Clock) -> None:
    world = World(database, clock, officers=(CORA,))
    await world.submit()
    await world.round(24)
    assert list(await world.digests()) == ["team@gemeente.test"]


# -- the coordinator --------------------------------------------------------------------


async def test_after_three_working_days_the_coordinator_hears_it(world: World) -> None:
    reference = await world.submit()
    for day in (24, 25, 26, 27):
        held = await world.round(day)
        assert held is not None
        assert held.steps.get("escalated", 0) == (1 if day == 27 else 0)
    letters = await world.digests()
    assert "VOOR DE COÖRDINATOR" in letters["cora@gemeente.test"][0]
    assert "Leg uw volgende stap vast" in letters["anne@gemeente.test"][-1]
    assert "Leg uw volgende stap vast" not in letters["cora@gemeente.test"][0], "it is a colleague's"
    await world.round(30)
    assert len((await world.digests())["cora@gemeente.test"]) == 2
    assert (await world.kinds(reference)).count("escalated") == 1
    await world.give(reference, "in_gesprek")
    await world.round(1, month=12)
    assert len((await world.digests())["cora@gemeente.test"]) == 2


async def test_without_a_coordinator_the_team_hears_it(database: Database, clock: Clock) -> None:
    world = World(database, clock, officers=(ANNE,))
    await world.submit()
    for day in (24, 25, 26, 27):
        await world.round(day)
    assert set(await world.digests()) == {"anne@gemeente.test", *TEAM.emails}


async def test_the_coordinator_is_told_once_of_a_contact_past_its_date(database: Database, clock: Clock) -> None:
    contacts = (
        Contact("Zuid", "wijkregisseur", "Anne Bos", "anne@gemeente.test", valid_until=date(2026, 11, 22)),
        Contact("Oost 1221", "wijkregisseur", "Bram Vos", valid_until=date(2026, 12, 31)),
        Contact("Noordwest", "wijkregisseur", "Voorbeeld", valid_until=date(2020, 1, 1), example=True),
    )
    world = World(database, clock, contacts=contacts)
    assert world.knowledge().facts.contact("Zuid", date(2026, 11, 22)) is not None
    await world.round(20, 12)
    assert await world.digests() == {}
    await world.round(23)
    await world.round(24)
    letters = await world.digests()
    assert list(letters) == ["cora@gemeente.test"]
    (letter,) = letters["cora@gemeente.test"]
    assert "Anne Bos" in letter
    assert "Bram Vos" not in letter
    assert "Voorbeeld" not in letter
    assert world.knowledge().facts.contact("Zuid", date(2026, 11, 23)) is None
    plan = await world.plan(await world.submit())
    assert (await world.service.plan(plan.reference)).area == "Zuid"


# -- residents --------------------------------------------------------------------------


async def test_a_resident_is_told_before_a_date_passes_with_the_new_one_and_the_reason(world: World) -> None:
    reference = await world.submit("Bankje")
    await world.round(23)
    assert "Bankje" not in (await world.chat())[-1]
    await world.round(24)
    assert "Bankje" not in (await world.chat())[-1]  # the officer has the day
    await world.round(24, 16)
    told = (await world.chat())[-1]
    assert "uiterlijk dinsdag 24 november 2026" in told
    assert "U hoort nu uiterlijk dinsdag 1 december 2026" in told
    assert "nog geen reactie" in told
    plan, change = await world.plan(reference), (await world.history(reference))[-1]
    assert plan.next_date == date(2026, 12, 1)
    assert (change.kind, change.actor_kind, change.to_status) == ("postponed", "system", "")
    assert (change.old_date, change.new_date) == (date(2026, 11, 24), date(2026, 12, 1))
    mails = [row for row in await world.outbox("sam@example.invalid") if row.change_id == change.id]
    assert len(mails) == 1
    assert "het duurt langer" in mails[0].payload["subject"]


async def test_thirteen_weeks_that_end_on_a_saturday_end_on_monday(world: World) -> None:
    world.clock.now = datetime(2026, 11, 21, 9, tzinfo=UTC)
    reference = await world.submit()
    await world.give(reference, "bij_wijkwethouder")
    assert (await world.plan(reference)).next_date == date(2027, 2, 22)
    assert "uiterlijk maandag 22 februari 2027" in (await world.chat())[-1]
    await world.round(19, month=2, year=2027)
    assert {"postponed", "decision_late"}.isdisjoint(await world.kinds(reference))
    await world.round(22, 16, month=2, year=2027)
    assert {"postponed", "decision_late"} & set(await world.kinds(reference))


async def test_a_date_in_the_weekend_is_told_of_on_friday(world: World) -> None:
    reference = await world.submit()
    await world.give(reference, "bij_wijkwethouder", next_date=date(2027, 2, 20))  # a Saturday, of before
    await world.round(18, 16, month=2, year=2027)
    assert "postponed" not in await world.kinds(reference)
    await world.round(19, 16, month=2, year=2027)
    assert {"postponed", "decision_late"} & set(await world.kinds(reference))


async def test_who_reacts_in_time_causes_no_bad_news(world: World) -> None:
    reference = await world.submit()
    await world.give(reference, "in_gesprek")
    for day in (24, 25, 26, 27):
        await world.round(day)
    assert await world.kinds(reference) == ["submitted", "status"]


async def test_the_second_time_the_coordinator_decides(world: World) -> None:
    reference = await world.submit()
    for day in (24, 25):
        await world.round(day, 16)
    assert (await world.kinds(reference)).count("escalated") == 0
    await world.round(1, 16, month=12)
    kinds = await world.kinds(reference)
    assert (kinds.count("postponed"), kinds.count("untold"), kinds.count("escalated")) == (1, 1, 1)
    await world.round(2, month=12)
    assert "VOOR DE COÖRDINATOR" in (await world.digests())["cora@gemeente.test"][-1]
    await world.round(2, month=12)
    assert "Dit had dinsdag 24 november 2026 klaar moeten zijn" in (await world.digests())["anne@gemeente.test"][-1]


async def test_who_says_it_in_their_own_words_is_spared_the_bots(world: World) -> None:
    reference = await world.submit()
    await world.round(24)
    async with world.database.unit_of_work() as work:
        handling, plan = await world.lock(work, reference)
        change = await change_plan(
            handling, plan, WIJKREGISSEUR, "postponed", reason="Ik bel u eerst.", move_to=date(2026, 11, 30)
        )
        await tell_resident(handling, plan, change, await work.conversations.get(plan.conversation_id or ""))
        await work.commit()
    await world.round(24, 16)
    told = (await world.chat())[-1]
    assert "Ik bel u eerst." in told
    assert "maandag 30 november 2026" in told
    assert (await world.kinds(reference)).count("postponed") == 1
    await world.round(30, 16)  # a second time the bot puts nobody off
    assert (await world.kinds(reference)).count("postponed") == 1
    assert (await world.kinds(reference)).count("escalated") == 1


@pytest.mark.parametrize("year", range(2020, 2036))
def test_the_fifth_of_may_is_no_working_day_in_any_year(year: int) -> None:
    assert not is_working_day(date(year, 5, 5))


async def test_english_residents_hear_it_in_english(world: World) -> None:
    reference = await world.submit()
    async with world.database.unit_of_work() as work:
        _, plan = await world.lock(work, reference)
        plan.language = "en"
        work.session.add(plan)
        await work.commit()
    await world.round(24, 16)
    assert "has not recorded a first reaction" in (await world.chat())[-1]


async def test_a_plan_that_waits_for_its_resident_does_not_count_and_reminds_them_once(world: World) -> None:
    reference = await world.submit()
    await world.ask(reference, "Hoeveel buren doen mee?")
    for day in (24, 25, 26, 27, 30):
        await world.round(day)
    for day in (1, 2, 3):
        await world.round(day, month=12)
    kinds = await world.kinds(reference)
    assert kinds.count("reminded") == 1
    assert not {"postponed", "escalated"} & set(kinds)
    reminders = [text for text in await world.chat() if "Er is nog geen antwoord" in text]
    assert len(reminders) == 1
    assert "Hoeveel buren doen mee?" in reminders[0]
    assert "cora@gemeente.test" not in await world.digests()
    assert all("TE LAAT" not in letter for letter in (await world.digests())["anne@gemeente.test"])
    assert (await world.plan(reference)).next_date > date(2026, 12, 3)


async def test_the_answer_starts_the_officers_term_anew(world: World) -> None:
    reference = await world.submit()
    await world.ask(reference, "Hoeveel buren?", move_to=date(2026, 12, 4))
    world.clock.now = datetime(2026, 11, 26, 9, tzinfo=UTC)
    await world.service.handle("web", "a", said("toevoegen twaalf"))
    assert (await world.plan(reference)).next_date == date(2026, 11, 30)
    await world.round(30, 16)
    assert "antwoord op uw laatste bericht" in (await world.chat())[-1]


async def test_what_a_resident_adds_is_answered_soon_or_as_promised(world: World) -> None:
    reference = await world.submit()
    await world.service.handle("web", "a", said("toevoegen nog iets"))
    assert (await world.plan(reference)).next_date == date(2026, 11, 24)  # as soon as it was promised already
    await world.give(reference, "in_gesprek")
    assert (await world.plan(reference)).next_date == date(2026, 12, 4)
    await world.service.handle("web", "a", said("toevoegen en nog iets"))
    assert (await world.plan(reference)).next_date == date(2026, 11, 24)


async def test_a_question_that_was_overtaken_by_a_step_is_open_no_more(world: World) -> None:
    reference = await world.submit()
    await world.ask(reference, "Hoeveel buren?")
    world.clock.pass_(hours=1)
    await world.give(reference, "in_gesprek")
    for day in (24, 25, 26, 27, 30):
        await world.round(day)
    assert "reminded" not in await world.kinds(reference)
    await world.service.handle("web", "a", said("cijfer 1"))


async def test_during_the_work_the_bot_asks_how_it_goes(world: World) -> None:
    reference = await world.submit()
    await world.give(reference, "in_gesprek")
    await world.give(reference, "in_uitvoering")
    due = (await world.plan(reference)).next_date
    assert due == date(2027, 2, 19)
    await world.round(19, month=2, year=2027)
    assert "Hoe gaat het?" in (await world.chat())[-1]
    assert (await world.plan(reference)).next_date == date(2027, 5, 21)
    assert "IN UITVOERING" in (await world.digests())["anne@gemeente.test"][-1]
    await world.round(22, month=2, year=2027)
    assert len((await world.digests())["anne@gemeente.test"]) == 1


async def test_a_decision_that_takes_more_than_thirteen_weeks_is_told_once(world: World) -> None:
    reference = await world.submit()
    await world.give(reference, "in_gesprek", next_date=date(2027, 6, 1))
    await world.round(18, 16, month=2, year=2027)
    assert "decision_late" not in await world.kinds(reference)
    await world.round(19, 16, month=2, year=2027)
    assert "termijn van 13 weken" in (await world.chat())[-1]
    plan = await world.plan(reference)
    assert plan.next_date == date(2027, 6, 1)  # what is promised for later stays
    for day in (22, 23, 24, 25):
        await world.round(day, month=2, year=2027)
    kinds = await world.kinds(reference)
    assert (kinds.count("decision_late"), kinds.count("escalated")) == (1, 1)
    assert "cora@gemeente.test" in await world.digests()


@pytest.mark.parametrize("status", sorted(CLOSED))
async def test_a_closed_plan_is_left_alone(world: World, status: str) -> None:
    reference = await world.submit()
    if status == "afgerond":
        await world.give(reference, "in_gesprek")
    await world.give(reference, status, "daarom")
    before = await world.kinds(reference)
    for day in (24, 25, 26, 27):
        await world.round(day)
    assert await world.kinds(reference) == before
    assert await world.digests() == {}


async def test_an_erased_plan_is_left_alone(world: World) -> None:
    await world.submit()
    await world.service.handle("web", "a", said("wis"))
    held = await world.round(24)
    assert held is not None
    assert (held.steps, held.letters) == ({}, 0)


async def test_a_resident_without_chat_and_mail_is_left_to_the_officer(world: World) -> None:
    reference = await world.submit(email="", telephone="+31612345678")
    async with world.database.unit_of_work() as work:
        _, plan = await world.lock(work, reference)
        plan.conversation_id = None
        work.session.add(plan)
        await work.commit()
    await world.round(24, 16)
    assert "Bel zelf: 06 12345678" in (await world.digests())["anne@gemeente.test"][0]
    assert (await world.plan(reference)).next_date == date(2026, 12, 1)


# -- the runner -------------------------------------------------------------------------


async def test_the_runner_holds_a_round_and_stops(world: World) -> None:
    await world.submit()
    world.clock.now = local(24).astimezone(UTC)
    stop = asyncio.Event()
    running = asyncio.create_task(world.promises.run(stop, world.clock))
    while not await world.digests():  # noqa: ASYNC110  (the round itself is waited for)
        await asyncio.sleep(0.01)
    stop.set()
    await asyncio.wait_for(running, 10)


async def test_the_runner_outlives_a_database_that_is_away(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stop, tried = asyncio.Event(), asyncio.Event()

    async def unreachable(now: datetime) -> None:
        tried.set()
        raise StorageUnavailable("OperationalError")

    monkeypatch.setattr(world.promises, "round", unreachable)
    running = asyncio.create_task(world.promises.run(stop, world.clock))
    await tried.wait()
    assert not running.done()
    stop.set()
    await asyncio.wait_for(running, 10)


# -- what editors write -----------------------------------------------------------------


def test_there_is_a_reason_for_each_open_status_in_each_language() -> None:
    known = shipped()
    for language in known.gemeente.languages:
        for status in (*(one for one in STATUSES if one not in CLOSED), "antwoord", "besluit"):
            assert known.texts.texts[language][f"termijn_bewoner.reden.{status}"]


def test_the_terms_are_promised_in_the_shipped_file() -> None:
    assert {"antwoord_werkdagen", "uitstel_werkdagen", "escalatie_werkdagen", "herinnering_bewoner_werkdagen"} <= set(
        GEMEENTE.terms
    )
    assert is_working_day(local_date(local(20)))
