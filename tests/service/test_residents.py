"""One event, one transaction: what residents and officers can count on, on both databases."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PIL import Image
from sqlalchemy import make_url
from sqlmodel import SQLModel, select

from bot.conversation.turn.events import AnyEvent, Located, Pictured, Pressed
from bot.conversation.turn.plan_view import Record
from bot.conversation.turn.replies import Turn
from bot.conversation.turn.state import State
from bot.initiative.lifecycle import replay
from bot.office.handling.changes import Actor
from bot.office.handling.decisions import Refused
from bot.office.officers.links import LinkRefused
from bot.office.officers.rules import Rules
from bot.office.reports.export import COLUMNS, export_plans
from bot.ports.backend import PhotoRefused, Unavailable
from bot.service.residents import MAX_LOOSE_PHOTOS
from knowledge.base import Knowledge
from storage.database import Database
from storage.models import Conversation, Message, OutboxMessage, Photo, Plan, PlanChange, SeenEvent, Unanswered
from tests.conftest import Clock
from tests.service_doubles import OFFICER, Service, make_service, respond, said, text_of, wholly

REGISSEUR = Actor("wijkregisseur", OFFICER)
Row = TypeVar("Row", bound=SQLModel)


@pytest.fixture
def service(database: Database, clock: Clock) -> Service:
    return make_service(database, clock)


async def rows(database: Database, table: type[Row]) -> list[Row]:
    """In the order of their making."""
    async with database.unit_of_work(read_only=True) as work:
        order = "id" if table in (OutboxMessage, PlanChange, Message, Unanswered) else "created_at"
        return list((await work.session.exec(select(table).order_by(order))).all())


async def to_officer(database: Database) -> list[str]:
    return [text_of(row.payload) for row in await rows(database, OutboxMessage) if row.channel == "email"]


async def submit(service: Service, database: Database, channel: str = "web", address: str = "a") -> str:
    await service.handle(channel, address, said("indienen Bankje"))
    return (await rows(database, Plan))[-1].reference


async def lines(service: Service, channel: str = "web", address: str = "a") -> list[str]:
    transcript = await service.transcript(channel, address)
    return [line.reply.text if line.reply is not None else line.text for line in transcript]


def picture(width: int = 40, height: int = 30) -> bytes:
    data = BytesIO()
    Image.new("RGB", (width, height), "green").save(data, "PNG")
    return data.getvalue()


def pictured(photo: str, caption: str = "") -> Pictured:
    event = said("")
    return Pictured(id=event.id, at=event.at, nonce=event.nonce, photo=photo, caption=caption)


def button(data: str) -> Pressed:
    event = said("")
    return Pressed(id=event.id, at=event.at, nonce=event.nonce, data=data)


# -- events --------------------------------------------------------------------------


async def test_the_state_of_one_event_is_there_for_the_next(service: Service) -> None:
    await service.handle("web", "a", said("hallo"))
    handled = await service.handle("web", "a", said("weer"))
    assert [reply.text for reply in handled.replies] == ["2: weer", "tot zo"]


async def test_channels_and_addresses_are_different_residents(service: Service) -> None:
    for channel, address in (("web", "a"), ("web", "b"), ("telegram", "a")):
        handled = await service.handle(channel, address, said("hallo"))
        assert handled.replies[0].text == "1: hallo"


async def test_the_same_event_twice_has_one_effect(service: Service, database: Database) -> None:
    event = said("indienen Bankje")
    first = await service.handle("telegram", "1", event)
    again = await service.handle("telegram", "1", event)
    assert (first.duplicate, again.duplicate, again.replies) == (False, True, ())
    assert len(await rows(database, Plan)) == 1
    assert len(await rows(database, OutboxMessage)) == 3  # two replies, one e-mail


async def test_the_same_event_twice_at_once_has_one_effect(service: Service, database: Database) -> None:
    event = said("indienen Bankje")
    handled = await asyncio.gather(*(service.handle("telegram", "1", event) for _ in range(5)))
    assert sorted(one.duplicate for one in handled) == [False, True, True, True, True]
    assert len(await rows(database, Plan)) == 1


async def test_the_same_event_id_of_another_resident_is_another_event(service: Service) -> None:
    await service.handle("web", "a", said("hallo", "7"))
    assert not (await service.handle("web", "b", said("hallo", "7"))).duplicate


async def test_events_of_one_resident_go_one_after_the_other(
    database: Database, database_url: str, clock: Clock
) -> None:
    # Opened twice, as two processes do, so that only the database itself can keep them apart.
    other = await Database.open(database_url)
    services = [make_service(database, clock), make_service(other, clock)]
    await asyncio.gather(*(services[n % 2].handle("web", "a", said("hallo")) for n in range(20)))
    await other.close()
    (conversation,) = await rows(database, Conversation)
    assert State.load(conversation.state).misses == 20


async def test_residents_do_not_wait_for_each_other(postgres_url: str, clock: Clock) -> None:
    database = await Database.open(postgres_url)
    service = make_service(database, clock)
    await service.handle("web", "a", said("hallo"))
    async with database.unit_of_work() as work:
        await work.conversations.lock("web", "a", clock())
        waiting = asyncio.create_task(service.handle("web", "a", said("wacht")))
        await service.handle("web", "b", said("hallo"))
        assert not waiting.done()
    await waiting
    await database.close()


async def test_an_event_that_fails_leaves_nothing_and_can_be_tried_again(database: Database, clock: Clock) -> None:
    def fail(state: State, event: AnyEvent, knowledge: Knowledge, record: Record, /) -> Turn:
        raise ZeroDivisionError

    event = said("indienen Bankje")
    with pytest.raises(ZeroDivisionError):
        await make_service(database, clock, respond=fail).handle("web", "a", event)
    assert await rows(database, Conversation) == []
    assert not (await make_service(database, clock).handle("web", "a", event)).duplicate


# -- what is said ---------------------------------------------------------------------


async def test_replies_to_a_pushed_channel_wait_in_the_outbox_in_order(service: Service, database: Database) -> None:
    await service.handle("telegram", "1", said("een"))
    await service.handle("telegram", "1", said("twee"))
    outbox = await rows(database, OutboxMessage)
    assert [text_of(row.payload) for row in outbox] == ["1: een", "tot zo", "2: twee", "tot zo"]
    assert {(row.channel, row.address, row.lane) for row in outbox} == {("telegram", "1", "telegram:1")}
    assert await rows(database, Message) == []


async def test_a_fetching_channel_reads_both_sides_back(service: Service, database: Database) -> None:
    await service.handle("web", "a", said("hallo"))
    event = said("")
    await service.handle("web", "a", Pressed(id=event.id, at=event.at, nonce=event.nonce, data="w:status"))
    assert await lines(service) == ["hallo", "1: hallo", "tot zo", "Mijn plannen", "plannen: "]
    assert await rows(database, OutboxMessage) == []


async def test_a_transcript_goes_on_after_a_line(service: Service) -> None:
    await service.handle("web", "a", said("een"))
    last = (await service.transcript("web", "a"))[-1].id
    await service.handle("web", "a", said("twee"))
    assert next(line.text for line in await service.transcript("web", "a", last)) == "twee"
    assert await service.transcript("web", "nobody") == []


async def test_private_numbers_and_places_are_not_kept_in_a_transcript(service: Service, database: Database) -> None:
    await service.handle("web", "a", said("mijn bsn is 123456782"))
    event = said("")
    located = Located(id=event.id, at=event.at, nonce=event.nonce, latitude=52.2241, longitude=5.1759)
    await service.handle("web", "a", located)
    stored = str([row.payload for row in await rows(database, Message) if row.direction == "in"])
    assert "123456782" not in stored
    assert "52.2" not in stored


async def test_news_ends_the_wait_for_it(service: Service) -> None:
    await service.handle("web", "a", said("hallo"))
    last = (await service.transcript("web", "a"))[-1].id
    waiting = asyncio.create_task(service.wait_for_news("web", "a", last, 20))
    await asyncio.sleep(0)
    await service.handle("web", "a", said("weer"))
    assert await asyncio.wait_for(waiting, 10)


async def test_waiting_for_news_ends_without_news_too(service: Service) -> None:
    await service.handle("web", "a", said("hallo"))
    last = (await service.transcript("web", "a"))[-1].id
    assert await service.wait_for_news("web", "a", 0, 20)
    assert not await service.wait_for_news("web", "a", last, 0.01)
    assert not await service.wait_for_news("web", "nobody", 0, 0.01)


# -- plans ----------------------------------------------------------------------------


async def test_a_submitted_plan_has_a_holder_a_date_a_history_and_a_reader(
    service: Service, database: Database
) -> None:
    await service.handle("web", "a", said("indienen Bankje"))
    (plan,) = await rows(database, Plan)
    assert (plan.title, plan.status, plan.holder_kind, plan.holder) == ("Bankje", "ontvangen", "wijkregisseur", "Zuid")
    assert plan.next_date == date(2026, 11, 24)  # two working days after a Friday
    (change,) = await rows(database, PlanChange)
    assert (change.kind, change.to_status, change.actor_kind) == ("submitted", "ontvangen", "resident")
    assert await to_officer(database) == ["Bankje"]
    assert (await rows(database, OutboxMessage))[0].plan_id == plan.id


async def test_the_resident_sees_the_plan_from_then_on(service: Service, database: Database) -> None:
    seen: list[Record] = []

    def look(state: State, event: AnyEvent, knowledge: Knowledge, record: Record, /) -> Turn:
        seen.append(wholly(record))
        return respond(state, event, knowledge, record)

    await submit(service, database)
    service = make_service(database, Clock(), respond=look)
    await service.handle("web", "a", said("hallo"))
    await service.handle("web", "b", said("hallo"))
    (plan,) = seen[0].plans
    assert (plan.title, plan.status, plan.draft and plan.draft.name) == ("Bankje", "ontvangen", "Sam Smit")
    assert [stage.status for stage in plan.stages] == ["ontvangen"]
    assert seen[0].kept["plannen"] == 1
    assert seen[1].plans == ()


async def test_photos_of_the_draft_go_with_the_plan(service: Service, database: Database) -> None:
    photo = await service.keep_photo("web", "a", picture())
    await service.handle("web", "a", pictured(photo))
    await submit(service, database)
    (plan,), (stored,) = await rows(database, Plan), await rows(database, Photo)
    assert stored.plan_id == plan.id
    mails = [row.payload for row in await rows(database, OutboxMessage) if row.channel == "email"]
    assert mails[0]["photos"] == [photo]


async def test_a_photo_of_someone_else_does_not_go_with_the_plan(service: Service, database: Database) -> None:
    foreign = await service.keep_photo("web", "b", picture())
    await service.handle("web", "a", pictured(foreign))
    await submit(service, database)
    (stored,) = await rows(database, Photo)
    assert stored.plan_id is None


async def test_what_is_added_reaches_the_officer(service: Service, database: Database) -> None:
    await submit(service, database)
    await service.handle("web", "a", said("toevoegen er komen ook planten"))
    assert await to_officer(database) == ["Bankje", "added  er komen ook planten Bankje"]


async def test_nobody_touches_the_plan_of_another(service: Service, database: Database) -> None:
    reference = await submit(service, database)
    await service.handle("web", "b", said(f"ander {reference}"))
    assert [change.kind for change in await rows(database, PlanChange)] == ["submitted"]


async def test_a_withdrawn_plan_is_closed_and_the_officer_hears(service: Service, database: Database) -> None:
    await submit(service, database)
    await service.handle("web", "a", said("intrekken bedacht"))
    await service.handle("web", "a", said("intrekken nogmaals"))
    (plan,) = await rows(database, Plan)
    assert plan.status == "ingetrokken"
    assert plan.closed_at is not None
    assert await to_officer(database) == ["Bankje", "status ingetrokken bedacht Bankje"]


async def test_disagreeing_reopens_and_the_history_replays_to_the_status(service: Service, database: Database) -> None:
    reference = await submit(service, database)
    await service.change_status(reference, "afgewezen", REGISSEUR, reason="te duur")
    await service.handle("web", "a", said("oneens het is goedkoper"))
    (plan,) = await rows(database, Plan)
    assert (plan.status, plan.closed_at) == ("heropend", None)
    assert replay(await rows(database, PlanChange)) == plan.status


async def test_judging_and_evaluating_are_asked_once(service: Service, database: Database) -> None:
    views: list[tuple[bool, bool]] = []

    def look(state: State, event: AnyEvent, knowledge: Knowledge, record: Record, /) -> Turn:
        views.append((record.plans[0].may_judge, record.plans[0].may_evaluate))
        return respond(state, event, knowledge, record)

    clock = Clock()
    reference = await submit(service, database)
    await service.change_status(reference, "in_gesprek", REGISSEUR)
    await service.change_status(reference, "afgerond", REGISSEUR)
    service = make_service(database, clock, respond=look)
    for text in ("eens", "cijfer 4", "hallo"):
        await service.handle("web", "a", said(text))
    assert views == [(True, True), (False, True), (False, False)]
    assert [change.score for change in await rows(database, PlanChange)][-1] == 4


async def test_who_gave_a_mark_can_still_disagree(service: Service, database: Database) -> None:
    reference = await submit(service, database)
    await service.change_status(reference, "in_gesprek", REGISSEUR)
    await service.change_status(reference, "afgerond", REGISSEUR)
    views: list[tuple[bool, bool]] = []

    def look(state: State, event: AnyEvent, knowledge: Knowledge, record: Record, /) -> Turn:
        views.append((record.plans[0].may_judge, record.plans[0].may_evaluate))
        return respond(state, event, knowledge, record)

    service = make_service(database, Clock(), respond=look)
    for text in ("cijfer 1", "oneens het is niet af"):
        await service.handle("web", "a", said(text))
    assert views == [(True, True), (True, False)]
    (plan,) = await rows(database, Plan)
    assert plan.status == "heropend"


async def test_the_term_to_disagree_runs_out(service: Service, database: Database) -> None:
    seen: list[bool] = []

    def look(state: State, event: AnyEvent, knowledge: Knowledge, record: Record, /) -> Turn:
        seen.append(record.plans[0].may_judge)
        return respond(state, event, knowledge, record)

    clock = Clock()
    reference = await submit(service, database)
    await service.change_status(reference, "afgewezen", REGISSEUR, reason="te duur")
    service = make_service(database, clock, respond=look)
    for days in (14, 1):
        clock.pass_(days=days)
        await service.handle("web", "a", said("hallo"))
    assert seen == [True, False]


# -- officers -------------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["web", "telegram"])
async def test_a_change_of_status_reaches_the_resident(service: Service, database: Database, channel: str) -> None:
    reference = await submit(service, database, channel)
    plan = await service.change_status(reference, "in_gesprek", REGISSEUR, note="belt morgen")
    assert plan.status == "in_gesprek"
    if channel == "web":
        told = (await lines(service))[-1]
    else:
        told = text_of((await rows(database, OutboxMessage))[-1].payload)
    assert told == "Bankje is nu in_gesprek."


async def test_a_plan_is_with_the_role_that_its_status_asks_for(service: Service, database: Database) -> None:
    reference = await submit(service, database)
    assert (await service.change_status(reference, "bij_college", REGISSEUR)).holder_kind == "college"
    assert (await service.change_status(reference, "in_gesprek", REGISSEUR)).holder_kind == "wijkregisseur"


@pytest.mark.parametrize(
    ("to", "actor", "code"),
    [
        ("ontvangen", REGISSEUR, "unchanged"),
        ("buurtdeal", REGISSEUR, "not_allowed"),
        ("in_gesprek", Actor("resident"), "not_allowed"),
        ("afgewezen", REGISSEUR, "reason_required"),
        ("in_gesprek", Actor("wijkregisseur", "outsider"), "not_yours"),
    ],
)
async def test_what_is_not_allowed_changes_nothing(
    database: Database, clock: Clock, to: str, actor: Actor, code: str
) -> None:
    service = make_service(database, clock, rules=Rules(may_act=lambda officer, area: officer != "outsider"))
    reference = await submit(service, database)
    with pytest.raises(Refused, match=code):
        await service.change_status(reference, to, actor)
    assert (await service.plan(reference)).status == "ontvangen"
    assert len(await rows(database, PlanChange)) == 1


async def test_an_unknown_plan_is_refused(service: Service) -> None:
    with pytest.raises(Refused, match="unknown_plan"):
        await service.change_status("HV-000", "in_gesprek", REGISSEUR)
    with pytest.raises(Refused, match="unknown_plan"):
        await service.plan("HV-000")


async def test_two_officers_at_once_make_one_change(service: Service, database: Database) -> None:
    reference = await submit(service, database)
    both = await asyncio.gather(
        *(service.change_status(reference, "in_gesprek", REGISSEUR) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in both) == ["PlanRecord", "Refused"]
    assert (await lines(service)).count("Bankje is nu in_gesprek.") == 1


async def test_officer_and_resident_at_once_do_not_block_each_other(
    service: Service, database: Database, database_url: str, clock: Clock
) -> None:
    reference = await submit(service, database)
    other = await Database.open(database_url)
    desk = make_service(other, clock)
    for to in ("in_gesprek", "bij_wijkteam", "in_gesprek", "bij_college"):
        await asyncio.gather(
            desk.change_status(reference, to, REGISSEUR),
            *(service.handle("web", "a", said("toevoegen iets")) for _ in range(3)),
        )
    await other.close()
    assert len(await rows(database, PlanChange)) == 1 + 4 + 12


async def test_a_link_works_once(service: Service, database: Database) -> None:
    reference = await submit(service, database)
    token = service.make_link(reference, "in_gesprek", OFFICER)
    assert (await service.read_link(token)).action == "in_gesprek"
    assert (await service.use_link(token, "wijkregisseur")).status == "in_gesprek"
    for use in (service.read_link(token), service.use_link(token, "wijkregisseur")):
        with pytest.raises(LinkRefused, match="used"):
            await use
    (_, change) = await rows(database, PlanChange)
    assert change.actor == OFFICER


async def test_a_link_that_could_do_nothing_is_not_used_up(service: Service, database: Database) -> None:
    reference = await submit(service, database)
    token = service.make_link(reference, "afgewezen", OFFICER)
    with pytest.raises(Refused, match="reason_required"):
        await service.use_link(token, "wijkregisseur")
    assert (await service.use_link(token, "wijkregisseur", reason="te duur")).status == "afgewezen"


async def test_a_deal_counts_for_its_wijk_and_year(service: Service, database: Database) -> None:
    seen: list[Record] = []

    def look(state: State, event: AnyEvent, knowledge: Knowledge, record: Record, /) -> Turn:
        seen.append(wholly(record))
        return respond(state, event, knowledge, record)

    clock = Clock()
    for public in (True, False):
        reference = await submit(service, database)
        await service.change_status(reference, "in_gesprek", REGISSEUR)
        await service.change_status(reference, "buurtdeal", REGISSEUR, deal_amount=1200, deal_public=public)
    service = make_service(database, clock, respond=look)
    await service.handle("web", "b", said("hallo"))
    clock.pass_(days=60)
    await service.handle("web", "b", said("hallo"))
    now, next_year = (record.thermometers["Zuid"] for record in seen)
    assert (now.year, now.budget, now.promised, now.plans) == (2026, 10_000, 2400, (("Bankje", 1200),))
    assert (next_year.year, next_year.promised) == (2027, 0)


async def test_the_export_has_a_row_per_plan_without_contact_details(service: Service, database: Database) -> None:
    reference = await submit(service, database)
    await service.change_status(reference, "in_gesprek", REGISSEUR)
    async with database.unit_of_work(read_only=True) as work:
        (row,) = await export_plans(work)
    assert tuple(row) == COLUMNS
    assert (row["reference"], row["status"], row["first_reaction_at"]) == (reference, "in_gesprek", Clock()())
    assert "Sam" not in str(row)
    assert "sam@" not in str(row)


# -- other effects --------------------------------------------------------------------


async def code_from(service: Service, address: str = "a") -> str:
    return (await service.handle("web", address, said("elders"))).replies[0].text


async def test_a_code_brings_the_plans_to_another_channel(service: Service, database: Database) -> None:
    reference = await submit(service, database)
    code = await code_from(service)
    handled = await service.handle("telegram", "1", said(f"/ga {code.lower().replace('-', ' ')}"))
    assert [reply.text for reply in handled.replies][-2:] == ["gelukt", "plannen: Bankje: ontvangen"]
    await service.change_status(reference, "in_gesprek", REGISSEUR)
    assert (await rows(database, OutboxMessage))[-1].address == "1"
    await service.handle("web", "a", said("toevoegen vanaf het oude adres"))
    assert (await rows(database, PlanChange))[-1].kind == "added"


async def test_a_code_works_once_for_a_day_and_only_elsewhere(
    service: Service, database: Database, clock: Clock
) -> None:
    await submit(service, database)
    for code, address in (("VERZ-ONNEN", "b"), (await code_from(service), "a")):
        handled = await service.handle("web", address, said(f"/ga {code}"))
        assert handled.replies[-1].text == "mislukt"
    code = await code_from(service)
    await service.handle("web", "b", said(f"/ga {code}"))
    assert (await service.handle("web", "c", said(f"/ga {code}"))).replies[-1].text == "mislukt"
    late = await code_from(service)
    clock.pass_(days=1)
    assert (await service.handle("web", "d", said(f"/ga {late}"))).replies[-1].text == "mislukt"


async def test_a_code_that_was_not_asked_for_does_not_work(service: Service, database: Database) -> None:
    codes: list[str] = []

    def look(state: State, event: AnyEvent, knowledge: Knowledge, record: Record, /) -> Turn:
        codes.append(record.join_code)
        return respond(state, event, knowledge, record)

    await make_service(database, Clock(), respond=look).handle("web", "a", said("hallo"))
    assert (await service.handle("web", "b", said(f"/ga {codes[0]}"))).replies[-1].text == "mislukt"


async def test_questions_in_vain_and_thumbs_are_kept_for_editors(service: Service, database: Database) -> None:
    await service.handle("web", "a", said("raar waar is de maan"))
    await service.handle("web", "a", said("duim hoeveel geld is er"))
    kept = [(row.kind, row.question, row.topic) for row in await rows(database, Unanswered)]
    assert kept == [("unanswered", "waar is de maan", ""), ("bad", "hoeveel geld is er", "wijkbudget")]


async def test_erasing_leaves_nothing_personal_in_the_database(
    service: Service, database: Database, clock: Clock
) -> None:
    photo = await service.keep_photo("telegram", "31612345678", picture())
    await service.handle("telegram", "31612345678", pictured(photo))
    reference = await submit(service, database, "telegram", "31612345678")
    await service.handle("telegram", "31612345678", said("toevoegen bel Sam Smit"))
    other = await submit(service, database, "web", "b")
    event = said("wis")
    await service.handle("telegram", "31612345678", event)
    # What is left: that it is erased, for resident and officer, and the other resident.
    outbox = await rows(database, OutboxMessage)
    assert [text_of(row.payload) for row in outbox if row.address == "31612345678"] == ["4: wis", "tot zo"]
    farewell = [row.payload for row in outbox if reference in str(row.payload)]
    assert farewell == [{"subject": f"Plan {reference}", "text": "erased ingetrokken"}]
    assert await rows(database, Photo) == []
    erased, kept = sorted(await rows(database, Plan), key=lambda plan: plan.reference == other)
    assert (erased.title, erased.draft, erased.conversation_id, erased.wijk) == ("", "{}", None, "Zuid")
    assert (erased.status, erased.amount) == ("ingetrokken", 1500)
    assert (kept.reference, kept.title, kept.status) == (other, "Bankje", "ontvangen")
    history = [change for change in await rows(database, PlanChange) if change.plan_id == erased.id]
    assert [(change.kind, change.reason, change.note) for change in history] == [
        ("submitted", "", ""),
        ("added", "", ""),
        ("erased", "", ""),
    ]
    assert replay(history) == "ingetrokken"
    # Delivered again, it does not start anew; after it, the resident does.
    assert (await service.handle("telegram", "31612345678", event)).duplicate
    assert (await service.handle("telegram", "31612345678", said("hallo"))).replies[0].text == "1: hallo"


async def test_erasing_in_one_channel_erases_the_joined_ones(service: Service, database: Database) -> None:
    await submit(service, database)
    await service.handle("telegram", "1", said(f"/ga {await code_from(service)}"))
    await service.handle("telegram", "1", said("wis"))
    assert await lines(service) == []
    assert [plan.title for plan in await rows(database, Plan)] == [""]


# -- photos ---------------------------------------------------------------------------


async def test_a_photo_can_be_fetched_by_a_sender(service: Service) -> None:
    photo = await service.keep_photo("web", "a", picture())
    found = await service.photo(photo)
    assert found is not None
    assert found[0] == "image/jpeg"
    assert Image.open(BytesIO(found[1])).size == (40, 30)
    assert await service.photo("unknown") is None


async def test_a_photo_that_the_conversation_does_not_want_is_not_kept(service: Service, database: Database) -> None:
    photo = await service.keep_photo("web", "a", picture())
    await service.handle("web", "a", pictured(photo, "nee"))
    assert await rows(database, Photo) == []


async def test_a_photo_taken_out_of_a_draft_is_not_kept(service: Service, database: Database) -> None:
    photo = await service.keep_photo("web", "a", picture())
    await service.handle("web", "a", pictured(photo))
    await service.handle("web", "b", said(f"weg {photo}"))
    assert len(await rows(database, Photo)) == 1
    await service.handle("web", "a", said(f"weg {photo}"))
    assert await rows(database, Photo) == []


async def test_nobody_fills_the_disk_with_photos(service: Service, database: Database) -> None:
    for _ in range(MAX_LOOSE_PHOTOS):
        await service.keep_photo("web", "a", picture())
    with pytest.raises(PhotoRefused):
        await service.keep_photo("web", "a", picture())
    await service.keep_photo("web", "b", picture())
    assert len(await rows(database, Photo)) == MAX_LOOSE_PHOTOS + 1


# -- when storage is away -------------------------------------------------------------


async def test_a_locked_file_is_told_and_nothing_is_half_stored(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database.BUSY_SECONDS", 0)
    database = await Database.open(f"sqlite:///{tmp_path / 'bot.db'}")
    service = make_service(database, clock)
    other = sqlite3.connect(tmp_path / "bot.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    event = said("indienen Bankje")
    with pytest.raises(Unavailable):
        await service.handle("telegram", "1", event)
    other.execute("ROLLBACK")
    other.close()
    assert await rows(database, OutboxMessage) == []
    assert not (await service.handle("telegram", "1", event)).duplicate
    await database.close()


async def test_a_server_that_is_away_is_told_and_nothing_is_half_stored(
    postgres_server: Any, postgres_url: str, clock: Clock
) -> None:
    database = await Database.open(postgres_url)
    service = make_service(database, clock)
    name = make_url(postgres_url).database
    postgres_server.psql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false;")
    postgres_server.psql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}';")
    event = said("indienen Bankje")
    with pytest.raises(Unavailable):
        await service.handle("telegram", "1", event)
    with pytest.raises(Unavailable):
        await service.transcript("web", "a")
    postgres_server.psql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true;")
    assert not (await service.handle("telegram", "1", event)).duplicate
    assert len(await rows(database, Plan)) == 1
    await database.close()


async def test_seen_events_are_those_that_had_an_effect(service: Service, database: Database) -> None:
    await service.handle("web", "a", said("hallo", "1"))
    await service.handle("web", "a", said("hallo", "1"))
    async with database.unit_of_work(read_only=True) as work:
        seen = (await work.session.exec(select(SeenEvent.event_id))).all()
    assert seen == ["1"]
