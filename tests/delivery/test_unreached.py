"""Who could not be told is nobody who is being waited for: list, clock, letters and figures say the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.relay import Relay
from bot.initiative.kinds import ChangeKind, ChannelName, Role, Status
from bot.initiative.standing import missed, not_reached, open_question, reactions, standing, waits_for_resident
from bot.office.promises.promise_steps import steps
from bot.office.promises.round_letter import Seen, section_of
from bot.office.reports.figures import figures
from storage.database import Database
from storage.models import Plan, PlanChange
from tests.conftest import Clock
from tests.delivery.test_reaching import MAIL, Line
from tests.plans import shipped
from tests.promised import FRIDAY, WIJKREGISSEUR, World, local
from tests.service_doubles import said

GEMEENTE = shipped().gemeente


@pytest.fixture
def world(database: Database, clock: Clock) -> World:
    clock.now = FRIDAY
    return World(database, clock)


async def bounce(world: World, *, refused: str = MAIL) -> None:
    """All that waits is sent; this mailbox is dead."""
    await Relay(world.database, {"telegram": Line(), "email": Line(refused)}, clock=world.clock).deliver_due()
    await world.reaching.follow_up(world.clock())


async def asked_in_vain(world: World, **draft: object) -> str:
    """A question to a resident whose mailbox does not exist and who has no other way."""
    reference = await world.submit(email=MAIL, **draft)
    await world.give(reference, Status.IN_GESPREK, "Wat kost het?")
    await world.ask(reference, "Wat kost het?")
    await bounce(world)
    return reference


async def seen(world: World, reference: str) -> Seen:
    plan, history = await world.plan(reference), await world.history(reference)
    return Seen(plan, history, standing(plan, history, GEMEENTE))


async def test_a_question_that_did_not_arrive_is_the_officers_move_today(world: World) -> None:
    reference = await asked_in_vain(world)
    one = await seen(world, reference)
    assert open_question(one.history) is not None
    assert not waits_for_resident(one.history)
    assert one.standing.unreached is not None
    assert one.standing.due == FRIDAY.date()
    assert section_of(one, GEMEENTE, FRIDAY.date()) == "vandaag"


async def test_nothing_more_is_sent_to_a_dead_mailbox(world: World) -> None:
    reference = await asked_in_vain(world)
    before = len(await world.outbox(MAIL))
    for day in range(21, 31):
        await world.round(day)
    assert len(await world.outbox(MAIL)) == before
    kinds = await world.kinds(reference)
    assert ChangeKind.REMINDED not in kinds
    assert ChangeKind.POSTPONED not in kinds
    assert kinds.count(ChangeKind.ESCALATED) == 1
    assert (await world.plan(reference)).next_date > local(30).date()


async def test_the_officer_reads_which_ways_are_left(world: World) -> None:
    await asked_in_vain(world, telephone="+31612345678")
    letter = (await world.outbox("anne@gemeente.test"))[-1]
    told = " ".join(str(letter.payload["text"]).split())
    assert "Bel de bewoner: 06 12345678" in told
    assert "Het bericht staat ook in de chat op de website" in told
    assert "niet gegeven" not in told


async def test_without_any_way_left_the_officer_reads_that(world: World) -> None:
    await asked_in_vain(world, telephone="")
    told = " ".join(str((await world.outbox("anne@gemeente.test"))[-1].payload["text"]).split())
    assert "gaf geen telefoonnummer" in told
    assert "Bel " not in told.partition("De bewoner is niet bereikt")[2].partition("Het bericht")[0]


async def test_a_reaction_that_nobody_heard_is_none_in_the_figures(world: World) -> None:
    reference = await world.submit(email=MAIL)
    await world.give(reference, Status.IN_GESPREK, "Wat kost het?")
    await bounce(world)
    world.clock.now = local(30).astimezone(UTC)
    async with world.database.unit_of_work(read_only=True) as work:
        total = (await figures(work, world.knowledge(), world.clock())).total
    assert (total.reacted_in_time, total.reacted_late) == (0, 1)


async def test_the_resident_who_comes_back_is_waited_for_no_more_and_was_reached(world: World) -> None:
    reference = await asked_in_vain(world)
    await world.service.handle("web", "a", said(f"toevoegen {reference} Het kost 500 euro."))
    history = await world.history(reference)
    assert not_reached(history) is None
    assert open_question(history) is None


def change(number: int, kind: str, **values: object) -> PlanChange:
    at = datetime(2026, 11, 20, 9, tzinfo=UTC) + timedelta(hours=number)
    given_ = {"actor_kind": Role.SYSTEM, **values}
    return PlanChange(id=number, plan_id="p", at=at, kind=kind, **given_)


def line(kind: str, number: int, told: int) -> PlanChange:
    match kind:
        case "question" | "talk" | "note":
            return change(number, kind, actor_kind=WIJKREGISSEUR.kind)
        case "status":
            return change(number, kind, actor_kind=WIJKREGISSEUR.kind, to_status=Status.IN_GESPREK)
        case "lost":
            return change(number, ChangeKind.UNREACHED, before=ChannelName.EMAIL, after="", about=told)
        case "otherwise":
            return change(
                number, ChangeKind.UNREACHED, before=ChannelName.TELEGRAM, after=ChannelName.EMAIL, about=told
            )
        case "noted":
            return change(number, ChangeKind.ADDED, actor_kind=WIJKREGISSEUR.kind, before="officer")
        case _:
            return change(number, ChangeKind.ADDED, actor_kind=Role.RESIDENT)


@st.composite
def histories(draw: st.DrawFn) -> list[PlanChange]:
    """Lines as they can follow each other; news that is lost is about something that was told."""
    kinds = st.sampled_from(["question", "talk", "note", "status", "lost", "otherwise", "noted", "added"])
    found = [change(1, ChangeKind.SUBMITTED, actor_kind=Role.RESIDENT, to_status=Status.ONTVANGEN)]
    told = 0
    for number, kind in enumerate(draw(st.lists(kinds, max_size=12)), 2):
        if kind in ("lost", "otherwise") and not told:
            continue
        found.append(line(kind, number, told))
        told = number if kind in ("question", "talk", "status") else told
    return found


@given(histories(), st.integers(0, 30))
def test_list_clock_and_figures_agree_whatever_happened(history: list[PlanChange], days: int) -> None:
    now = local(20) + timedelta(days=days)
    plan = Plan(
        id="p", reference="HV-1", conversation_id="c", wijk="Zuid", area="Zuid", title="t", draft="{}", language="nl",
        status=Status.IN_GESPREK, holder="Zuid", holder_kind="wijkregisseur", next_date=local(24).date(),
        created_at=FRIDAY, updated_at=FRIDAY,
    )  # fmt: skip
    one = Seen(plan, history, standing(plan, history, GEMEENTE))
    unreached = not_reached(history) is not None
    assert one.standing.waits == waits_for_resident(history)
    assert not (unreached and one.standing.waits)
    kinds = {step.kind for step in steps(one, GEMEENTE, now)}
    if unreached:
        assert one.standing.due <= one.standing.unreached.at.date()  # type: ignore[union-attr]
        assert not [step for step in steps(one, GEMEENTE, now) if step.tells]
    if ChangeKind.REMINDED in kinds or ChangeKind.WAITED in kinds:
        assert one.standing.waits
    assert not {change.id for change in reactions(history)} & missed(history)
