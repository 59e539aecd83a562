"""Figures per wijk, the thermometer that residents see, and what they look like in a file."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.conversation.turn.phrasing import Phrasing
from bot.conversation.turn.plan_view import Record, ThermometerView
from bot.conversation.turn.scene import Scene
from bot.conversation.turn.state import State
from bot.office.handling.changes import Actor
from bot.office.letters.voice import Voice
from bot.office.reports.figures import Figures, FiguresRow, as_csv, as_json, figures, headings, lines
from bot.service.resident_record import load_record
from storage.database import Database
from storage.retention import blank_plans
from tests.conftest import Clock
from tests.plans import shipped
from tests.promised import World, local
from tests.service_doubles import said

VOICE = Voice(shipped(), "nl")


@pytest.fixture
def world(database: Database, clock: Clock) -> World:
    return World(database, clock)


async def drawn(world: World, year: int | None = None) -> Figures:
    async with world.database.unit_of_work(read_only=True) as work:
        return await figures(work, world.knowledge(), world.clock(), year)


async def zuid(world: World, year: int | None = None) -> FiguresRow:
    return next(row for row in (await drawn(world, year)).rows if row.wijk == "Zuid")


async def deal(world: World, title: str, amount: int, *, public: bool = True) -> str:
    world.clock.pass_(seconds=1)
    reference = await world.submit(title)
    await world.give(reference, "in_gesprek")
    await world.give(reference, "buurtdeal", deal_amount=amount, deal_public=public)
    return reference


# -- plans and terms --------------------------------------------------------------------


async def test_without_plans_every_wijk_has_a_row_with_its_budget(world: World) -> None:
    found = await drawn(world)
    assert found.year == 2026
    assert [row.wijk for row in found.rows] == list(shipped().facts.budgets)
    assert (found.total.received, found.total.budget, found.total.promised) == (0, 250_000, 0)
    assert found.total.reacted_share is None
    assert (await zuid(world)).left == 42_810


async def test_a_first_reaction_in_time_and_one_too_late(world: World) -> None:
    quick, slow = await world.submit("Snel"), await world.submit("Traag")
    await world.submit("Nooit")
    world.clock.now = local(24, 16).astimezone(UTC)
    await world.give(quick, "in_gesprek")
    row = await zuid(world)
    assert (row.received, row.reacted_in_time, row.reacted_late, row.reacted_share) == (3, 1, 0, 1.0)
    world.clock.now = local(25, 9).astimezone(UTC)
    await world.give(slow, "in_gesprek")
    row = await zuid(world)
    assert (row.reacted_in_time, row.reacted_late) == (1, 2)  # the third is late without a reaction
    assert row.reacted_share == pytest.approx(1 / 3)


async def test_a_question_is_a_reaction_and_a_note_or_a_postponement_is_none(world: World) -> None:
    asked, noted = await world.submit("Vraag"), await world.submit("Notitie")
    await world.ask(asked, "Hoeveel buren?")
    await world.note(noted)
    await world.round(24)
    world.clock.now = local(25).astimezone(UTC)
    row = await zuid(world)
    assert (row.reacted_in_time, row.reacted_late) == (1, 1)


async def test_who_withdraws_in_time_asks_for_no_reaction(world: World) -> None:
    await world.submit()
    await world.service.handle("web", "a", said("intrekken"))
    world.clock.now = local(27).astimezone(UTC)
    row = await zuid(world)
    assert (row.received, row.withdrawn, row.reacted_in_time, row.reacted_late) == (1, 1, 0, 0)


async def test_decided_within_thirteen_weeks(world: World) -> None:
    quick, slow = await world.submit("Snel"), await world.submit("Traag")
    await world.submit("Nooit")
    await world.give(quick, "in_gesprek")
    await world.give(slow, "in_gesprek")
    await world.give(quick, "afgewezen", "past niet")
    world.clock.now = local(20, 9, month=2, year=2027).astimezone(UTC)
    await world.give(slow, "buurtdeal", deal_amount=100)
    row = await zuid(world, 2026)
    assert (row.decided_in_time, row.decided_late) == (1, 2)
    assert (row.refused, row.refused_with_reason) == (1, 1)


async def test_reopened_plans_are_counted_once(world: World) -> None:
    reference = await world.submit()
    for _ in range(2):
        await world.give(reference, "afgewezen", "past niet")
        await world.give(reference, "heropend", "toch wel")
    row = await zuid(world)
    assert (row.reopened, row.refused) == (1, 0)


async def test_blanked_plans_still_count(world: World) -> None:
    reference = await world.submit()
    await world.give(reference, "afgewezen", "past niet")
    before = await drawn(world)
    async with world.database.unit_of_work() as work:
        await blank_plans(work.session, [(await world.plans())[0].id], world.clock())
        await work.commit()
    assert await drawn(world) == before


async def test_a_plan_counts_in_the_year_in_which_it_came_in_on_the_wall_clock(world: World) -> None:
    world.clock.now = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # half past midnight in the municipality
    await world.submit()
    assert (await zuid(world, 2026)).received == 0
    assert (await zuid(world, 2027)).received == 1


async def test_a_plan_of_an_unknown_wijk_has_a_row_too(world: World) -> None:
    await world.submit(wijk="", area="")
    found = await drawn(world)
    assert found.rows[-1].wijk == ""
    assert found.rows[-1].received == found.total.received == 1
    assert found.rows[-1].budget is None
    assert "Wijk onbekend" in [line[0] for line in lines(found, VOICE)]


# -- money ------------------------------------------------------------------------------


async def test_deals_count_against_the_budget_of_their_wijk_and_year(world: World) -> None:
    await deal(world, "Bankje", 1_000)
    await deal(world, "Moestuin", 1_500, public=False)
    row = await zuid(world)
    assert (row.budget, row.promised, row.left) == (42_810, 2_500, 40_310)
    assert row.promised_share == pytest.approx(2_500 / 42_810)
    world.clock.now = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    await deal(world, "Feest", 700)
    assert (await zuid(world, 2026)).promised == 2_500
    assert (await zuid(world, 2027)).promised == 700


@pytest.mark.parametrize("undone", ["afgewezen", "doorverwezen", "ingetrokken"])
async def test_a_deal_that_is_undone_counts_no_more(world: World, undone: str) -> None:
    reference = await deal(world, "Bankje", 1_000)
    world.clock.pass_(days=1)
    if undone == "ingetrokken":
        await world.service.handle("web", "a", said("intrekken"))
    else:
        await world.give(reference, "in_gesprek")
        assert (await zuid(world)).promised == 1_000  # talking about it undoes nothing
        await world.give(reference, undone, "toch niet")
    assert (await zuid(world)).promised == 0
    assert (await thermometer(world)).promised == 0
    await world.give(reference, "heropend", "een vergissing")
    assert (await zuid(world)).promised == 0
    world.clock.pass_(days=1)
    await world.give(reference, "in_gesprek")
    await world.give(reference, "buurtdeal", deal_amount=400, deal_public=True)
    assert (await zuid(world)).promised == 400


async def test_a_plan_that_is_carried_out_and_done_keeps_counting(world: World) -> None:
    reference = await deal(world, "Bankje", 1_000)
    await world.give(reference, "in_uitvoering")
    await world.give(reference, "afgerond")
    assert (await zuid(world)).promised == 1_000


async def thermometer(world: World) -> ThermometerView:
    async with world.database.unit_of_work() as work:
        conversation = await work.conversations.lock("web", "iemand", world.clock())
        from bot.office.handling.changes import Handling

        handling = Handling(work, world.knowledge(), world.rules, world.letters, frozenset(), world.clock())
        record = await load_record(handling, conversation, State(), "")
    return record.thermometers["Zuid"]


def shown(view: ThermometerView, language: str = "nl") -> str:
    event = replace(said("wijkthermometer"), at=datetime(2026, 11, 20, 9, tzinfo=UTC))
    scene = Scene(State(language=language), event, shipped(), Record(thermometers={"Zuid": view}))
    answer = shipped().topics["wijkthermometer"].answer_wijk
    assert answer is not None
    return Phrasing(scene, wijk="Zuid", area="Zuid").render(answer[language])


async def test_residents_see_what_is_used_and_left_and_for_which_public_plans(world: World) -> None:
    await deal(world, "Bankje", 1_000)
    await deal(world, "Geheim plan", 1_500, public=False)
    view = await thermometer(world)
    assert (view.year, view.budget, view.promised, view.plans) == (2026, 42_810, 2_500, (("Bankje", 1_000),))
    text = shown(view)
    assert "€ 2.500" in text
    assert "€ 40.310" in text
    assert "Bankje: € 1.000" in text
    assert "Geheim plan" not in text


async def test_private_deals_alone_are_counted_and_not_named(world: World) -> None:
    await deal(world, "Geheim plan", 1_500, public=False)
    text = shown(await thermometer(world))
    assert "€ 1.500" in text
    assert "Geheim plan" not in text
    assert "nog geen toegezegde plannen" not in text


async def test_more_than_the_budget_leaves_nothing(world: World) -> None:
    for number in range(25):  # each within what a wijkregisseur may promise alone
        await deal(world, f"Feest {number}", 2_000)
    assert "Er is nog € 0 over" in shown(await thermometer(world))
    assert (await zuid(world)).left == 42_810 - 50_000


def test_before_the_first_deal_the_thermometer_says_so() -> None:
    assert "nog geen toegezegde plannen" in shown(ThermometerView(year=2026, budget=1, promised=0))
    assert "no promised plans" in shown(ThermometerView(year=2026, budget=1, promised=0), "en")


# -- files ------------------------------------------------------------------------------


async def test_the_file_opens_in_a_dutch_spreadsheet(world: World) -> None:
    await deal(world, "Bankje", 1_000)
    data = as_csv(await drawn(world), VOICE)
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in data
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == headings(VOICE)
    assert {len(row) for row in rows} == {len(rows[0])}
    mine: dict[str, Any] = next(dict(zip(rows[0], row, strict=True)) for row in rows if row[0] == "Zuid")
    assert mine["Toegezegd (%)"] == "2,3"
    assert mine["Budget (€)"] == "42810"
    assert mine["Eerste reactie op tijd (%)"] == "100,0"
    assert rows[-1][0] == "Alle wijken"


def test_a_name_that_looks_like_a_formula_is_only_a_name() -> None:
    row = FiguresRow('=HYPERLINK("x")', 0, 0, 0, None, 0, 0, None, 0, 0, 0, 0, None, 0, None, None)
    data = as_csv(Figures(2026, date(2026, 11, 20), (row,), replace(row, wijk="")), VOICE)
    assert "'=HYPERLINK" in data.decode("utf-8-sig")


async def test_the_same_figures_as_json(world: World) -> None:
    await deal(world, "Bankje", 1_000)
    found = await drawn(world)
    told = json.loads(as_json(found))
    assert (told["year"], told["on"], told["total"]["promised"]) == (2026, "2026-11-20", 1_000)
    mine = next(row for row in told["rows"] if row["wijk"] == "Zuid")
    assert mine["reacted_share"] == 1.0
    assert mine["left"] == 41_810
    assert "wijk" not in told["total"]


async def test_figures_hold_nothing_about_residents(world: World) -> None:
    reference = await deal(world, "Bankje voor Sam", 1_000)
    await world.service.change_status(reference, "in_uitvoering", Actor("coordinator", "cora@gemeente.test"))
    found = await drawn(world)
    for text in (as_csv(found, VOICE).decode(), as_json(found)):
        assert not any(word in text for word in ("Bankje", "Sam", "@", reference))
