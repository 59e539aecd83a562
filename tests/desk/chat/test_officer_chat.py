"""Officers act on plans from their chat: only theirs, only what is possible now, with a reason where one is due."""

from __future__ import annotations

from itertools import count

import pytest
from sqlmodel import select

from bot.conversation.turn.events import Pressed
from bot.desk.chat.officer_chat import MAX_REASON, NOTHING, OfficerChat
from bot.office.letters.step_links import StepPages
from bot.office.officers.links import PLAN_LINK, Links
from bot.office.officers.routing import Routing
from bot.office.officers.rules import Rules
from bot.ports.backend import OfficerAnswer
from storage.database import Database
from storage.models import Plan, PlanChange
from tests.conftest import Clock
from tests.plans import SECRET, TEAM, Officer, shipped
from tests.service_doubles import CountedNotices, Service, respond, said

ZUID = Officer("Anne", telegram=1001, areas=("Zuid",))
OOST = Officer("Bram", telegram=1002, areas=("Oost 1221",))
LEAD = Officer("Cora", telegram=1003, role="coordinator")
ROUTING = Routing((ZUID, OOST, LEAD), TEAM)
CHATS = {"1001", "1002", "1003"}
_numbers = count(1)


@pytest.fixture
def service(database: Database, clock: Clock) -> Service:
    return Service(
        database,
        shipped,
        notices=CountedNotices(),
        links=Links(SECRET, clock),
        rules=Rules(may_act=ROUTING.may_act),
        respond=respond,
        mask=lambda text: text,
        clock=clock,
    )


@pytest.fixture
def officers(service: Service, database: Database, clock: Clock) -> OfficerChat:
    return OfficerChat(service, database, ROUTING, shipped, CHATS, clock=clock)


@pytest.fixture
async def reference(service: Service, database: Database) -> str:
    await service.handle("telegram", "7", said("indienen Bankje"))
    async with database.unit_of_work(read_only=True) as work:
        return (await work.session.exec(select(Plan))).one().reference


async def press(officers: OfficerChat, chat: str, data: str) -> OfficerAnswer:
    event = said("")
    return await officers.officer_pressed(chat, data, Pressed(id=event.id, at=event.at, nonce=event.nonce, data=data))


def button(answer: OfficerAnswer | None, kind: str = "ja") -> str:
    """Data of the yes, or the no, of a question whether they are sure."""
    assert answer is not None
    return next(choice.data for choice in answer.choices or () if choice.data.startswith(f"o:{kind}:"))


async def take(officers: OfficerChat, data: str, *given: str, chat: str = "1001") -> OfficerAnswer:
    """A step all the way: its button, what it asks, and yes."""
    answer: OfficerAnswer | None = await press(officers, chat, data)
    for text in given:
        answer = await say(officers, text, chat)
    return await press(officers, chat, button(answer))


async def say(officers: OfficerChat, text: str, chat: str = "1001", event_id: str = "") -> OfficerAnswer | None:
    return await officers.officer_said(chat, text, said(text, event_id or f"e{next(_numbers)}"))


async def steps(database: Database) -> list[tuple[str, str, str]]:
    """Status, actor and reason of every change by an officer."""
    async with database.unit_of_work(read_only=True) as work:
        changes = (await work.session.exec(select(PlanChange).order_by("id"))).all()
    return [(change.to_status, change.actor, change.reason) for change in changes if change.actor]


async def test_a_step_is_taken_and_the_next_ones_are_offered(
    officers: OfficerChat, database: Database, reference: str
) -> None:
    answer = await take(officers, f"o:in_gesprek:{reference}")
    assert reference in answer.text
    assert answer.choices
    assert all(0 < len(choice.data.encode()) <= 64 and choice.label for choice in answer.choices)
    assert f"o:buurtdeal:{reference}" in {choice.data for choice in answer.choices}
    assert await steps(database) == [("in_gesprek", "1001", "")]


@pytest.mark.parametrize("chat", ["1002", "666"], ids=["another area", "an outsider"])
@pytest.mark.parametrize("status", ["in_gesprek", "afgewezen"])
async def test_nobody_acts_on_a_plan_of_others(
    officers: OfficerChat, database: Database, reference: str, chat: str, status: str
) -> None:
    answer = await press(officers, chat, f"o:{status}:{reference}")
    assert not answer.wants_reason
    assert await say(officers, "daarom", chat) is None
    assert await steps(database) == []


async def test_a_coordinator_acts_everywhere(officers: OfficerChat, database: Database, reference: str) -> None:
    await take(officers, f"o:in_gesprek:{reference}", chat="1003")
    assert await steps(database) == [("in_gesprek", "1003", "")]


@pytest.mark.parametrize("data", ["o:", "o:x", "o:in_gesprek:HV-000-000-000", "o:afgewezen:", "o::::"])
async def test_a_button_of_no_plan_does_nothing(officers: OfficerChat, database: Database, data: str) -> None:
    answer = await press(officers, "1001", data)
    assert answer.text
    assert not answer.wants_reason
    assert await steps(database) == []


async def test_a_step_that_does_not_exist_is_refused(officers: OfficerChat, database: Database, reference: str) -> None:
    for status in ("ontvangen_", "afgerond"):
        assert (await press(officers, "1001", f"o:{status}:{reference}")).text
    assert await steps(database) == []


async def test_an_old_button_says_what_is_possible_now(
    officers: OfficerChat, database: Database, reference: str
) -> None:
    await take(officers, f"o:bij_college:{reference}")
    await take(officers, f"o:buurtdeal:{reference}", "Schoonhouden.", "De bank.", "€ 1.500,-")
    for old in ("afgewezen", "bij_college"):
        answer = await press(officers, "1001", f"o:{old}:{reference}")
        assert not answer.wants_reason
        assert f"o:afgerond:{reference}" in {choice.data for choice in answer.choices or ()}
    assert [status for status, _, _ in await steps(database)] == ["bij_college", "buurtdeal"]


async def test_nothing_happens_before_a_yes_to_all_that_is_told(
    officers: OfficerChat, database: Database, reference: str
) -> None:
    asked = await press(officers, "1001", f"o:in_gesprek:{reference}")
    for told in ("Weet u het zeker?", reference, "Bankje", "Ik ga in gesprek", "Dit leest de bewoner"):
        assert told in asked.text
    assert [choice.label for choice in asked.choices or ()] == ["Ja, vastleggen", "Nee, niet doen"]
    assert all(len(choice.data.encode()) <= 64 for choice in asked.choices or ())
    assert await steps(database) == []


async def test_a_no_leaves_the_plan_and_offers_its_steps_again(
    officers: OfficerChat, database: Database, reference: str
) -> None:
    asked = await press(officers, "1001", f"o:in_gesprek:{reference}")
    answer = await press(officers, "1001", button(asked, "nee"))
    assert "Er is niets veranderd." in answer.text
    assert f"o:in_gesprek:{reference}" in {choice.data for choice in answer.choices or ()}
    assert "geldt niet meer" in (await press(officers, "1001", button(asked))).text
    assert await steps(database) == []


async def test_a_step_pressed_twice_asks_twice_and_is_taken_once(
    officers: OfficerChat, database: Database, reference: str
) -> None:
    asked = [await press(officers, "1001", f"o:in_gesprek:{reference}") for _ in range(2)]
    assert asked[0] == asked[1]
    await press(officers, "1001", button(asked[0]))
    for old in (button(asked[1]), button(asked[0], "nee")):
        answer = await press(officers, "1001", old)
        assert "heeft niets veranderd" in answer.text
        assert "in gesprek" in answer.text
    assert "kan deze stap niet" in (await press(officers, "1001", f"o:in_gesprek:{reference}")).text
    assert await steps(database) == [("in_gesprek", "1001", "")]


async def test_a_confirmation_expires_or_is_replaced_or_stopped(
    officers: OfficerChat, database: Database, clock: Clock, reference: str
) -> None:
    old = button(await press(officers, "1001", f"o:in_gesprek:{reference}"))
    clock.pass_(hours=25)
    assert "geldt niet meer" in (await press(officers, "1001", old)).text
    stopped = button(await press(officers, "1001", f"o:in_gesprek:{reference}"))
    await say(officers, "/stop")
    assert "geldt niet meer" in (await press(officers, "1001", stopped)).text
    replaced = button(await press(officers, "1001", f"o:in_gesprek:{reference}"))
    await press(officers, "1001", f"o:bij_college:{reference}")
    assert "geldt niet meer" in (await press(officers, "1001", replaced)).text
    assert await steps(database) == []


@pytest.mark.parametrize("chat", ["1003", "1002", "666"])
async def test_a_confirmation_is_of_the_chat_that_was_asked(
    officers: OfficerChat, database: Database, reference: str, chat: str
) -> None:
    asked = await press(officers, "1001", f"o:in_gesprek:{reference}")
    await press(officers, chat, button(asked))
    for data in (f"o:ja:{reference}:", f"o:ja:{reference}", "o:ja:HV-000-000-000:x", "o:ja::"):
        await press(officers, "1001", data)
    assert await steps(database) == []


async def test_a_yes_counts_only_for_the_plan_as_it_was_shown(
    officers: OfficerChat, database: Database, reference: str
) -> None:
    asked = await press(officers, "1001", f"o:bij_college:{reference}")
    await take(officers, f"o:in_gesprek:{reference}", chat="1003")
    answer = await press(officers, "1001", button(asked))
    assert "inmiddels" in answer.text
    assert [status for status, _, _ in await steps(database)] == ["in_gesprek"]


async def test_an_english_resident_is_shown_in_english(
    officers: OfficerChat, database: Database, reference: str
) -> None:
    async with database.unit_of_work() as work:
        plan = await work.plans.lock(reference)
        assert plan is not None
        plan.language = "en"
        await work.commit()
    assert "Your plan is now:" in (await press(officers, "1001", f"o:in_gesprek:{reference}")).text


async def test_a_refusal_waits_for_its_reason(officers: OfficerChat, database: Database, reference: str) -> None:
    asked = await press(officers, "1001", f"o:afgewezen:{reference}")
    assert asked.wants_reason
    assert asked.choices is None
    assert reference in asked.text
    asked = await say(officers, "  Het plein wordt vernieuwd.\n")
    assert asked is not None
    assert asked.wants_reason
    assert await steps(database) == []
    asked = await say(officers, "Kies een ander plein.")
    assert asked is not None
    assert "andere weg" in asked.text
    assert await steps(database) == []
    asked = await say(officers, "Het Oranjefonds.")
    assert asked is not None
    assert "Wat kan helpen: Kies een ander plein." in asked.text
    assert await steps(database) == []
    answer = await press(officers, "1001", button(asked))
    assert reference in answer.text
    told = "Het plein wordt vernieuwd.\nWat kan helpen: Kies een ander plein.\nEen andere weg: Het Oranjefonds."
    assert await steps(database) == [("afgewezen", "1001", told)]
    assert await say(officers, "nog iets") is None


async def test_referring_asks_a_reason_only(officers: OfficerChat, database: Database, reference: str) -> None:
    await take(officers, f"o:doorverwezen:{reference}", "Dit is een melding.")
    assert await steps(database) == [("doorverwezen", "1001", "Dit is een melding.")]


async def test_a_deal_asks_who_does_what_and_its_amount(
    officers: OfficerChat, database: Database, reference: str
) -> None:
    await take(officers, f"o:bij_college:{reference}")
    assert (await press(officers, "1001", f"o:buurtdeal:{reference}")).wants_reason
    for given in ("Wij zetten koffie.", "De zaal is gratis."):
        assert await say(officers, given) is not None
    for wrong in ("veel", "tussen 500 en 1000"):
        answer = await say(officers, wrong)
        assert answer is not None
        assert answer.wants_reason
    asked = await say(officers, "1.250 euro")
    assert asked is not None
    assert "Bedrag: € 1.250" in asked.text
    await press(officers, "1001", button(asked))
    async with database.unit_of_work(read_only=True) as work:
        plan = await work.plans.find(reference)
    assert plan is not None
    assert (plan.status, plan.deal_amount) == ("buurtdeal", 1250)
    told = (await steps(database))[-1][-1]
    assert told == "De bewoners doen: Wij zetten koffie.\nDe gemeente doet: De zaal is gratis.\nBedrag: € 1.250"


@pytest.mark.parametrize(("kind", "public"), [("openbaar", True), ("ja", False)])
async def test_a_deal_may_be_public(
    officers: OfficerChat, database: Database, reference: str, kind: str, public: bool
) -> None:
    await take(officers, f"o:in_gesprek:{reference}")
    await press(officers, "1001", f"o:buurtdeal:{reference}")
    for given in ("Wij zetten koffie.", "De zaal is gratis."):
        await say(officers, given)
    asked = await say(officers, "1.250 euro")
    assert asked is not None
    assert "wijkthermometer" in asked.text
    assert [choice.label for choice in asked.choices or ()] == [
        "Ja, en de titel is niet openbaar", "Ja, en de titel is openbaar", "Nee, niet doen",
    ]  # fmt: skip
    assert all(len(choice.data.encode()) <= 64 for choice in asked.choices or ())
    await press(officers, "1001", button(asked, kind))
    async with database.unit_of_work(read_only=True) as work:
        plan = await work.plans.find(reference)
    assert plan is not None
    assert (plan.status, plan.deal_amount, plan.deal_public) == ("buurtdeal", 1250, public)


async def test_no_other_step_becomes_public(officers: OfficerChat, database: Database, reference: str) -> None:
    asked = await press(officers, "1001", f"o:in_gesprek:{reference}")
    assert "wijkthermometer" not in asked.text
    await press(officers, "1001", button(asked).replace("o:ja:", "o:openbaar:"))
    async with database.unit_of_work(read_only=True) as work:
        plan = await work.plans.find(reference)
    assert plan is not None
    assert (plan.status, plan.deal_public) == ("in_gesprek", False)


async def test_on_a_public_address_the_next_steps_are_pages(
    service: Service, database: Database, clock: Clock, reference: str
) -> None:
    links = Links(SECRET, clock)
    pages = StepPages(links, "https://bot.voorbeeld.test")
    officers = OfficerChat(service, database, ROUTING, shipped, CHATS, pages=pages, clock=clock)
    answer = await take(officers, f"o:in_gesprek:{reference}")  # a button of before there was an address
    assert answer.choices
    assert not any(choice.data for choice in answer.choices)
    claim = links.read(PLAN_LINK, answer.choices[0].url.rpartition("/")[2])
    assert (claim.reference, claim.officer) == (reference, "1001")


async def test_withdrawing_asks_how_the_resident_asked_for_it(
    officers: OfficerChat, database: Database, reference: str
) -> None:
    assert (await press(officers, "1001", f"o:ingetrokken:{reference}")).wants_reason
    assert await steps(database) == []
    asked = await say(officers, "Gebeld op 20 november.")
    assert asked is not None
    assert "Dit lezen alleen medewerkers: Gebeld op 20 november." in asked.text
    await press(officers, "1001", button(asked))
    assert await steps(database) == [("ingetrokken", "1001", "")]


async def test_an_answer_delivered_twice_counts_once(officers: OfficerChat, database: Database, reference: str) -> None:
    await press(officers, "1001", f"o:afgewezen:{reference}")
    await say(officers, "daarom", event_id="r1")
    assert await say(officers, "daarom", event_id="r1") == NOTHING
    assert await steps(database) == []
    await say(officers, "dit fonds")
    asked = await say(officers, "anders zo", event_id="r2")
    assert await say(officers, "anders zo", event_id="r2") == NOTHING
    await press(officers, "1001", button(asked))
    assert len(await steps(database)) == 1


async def test_a_reason_too_long_is_asked_again(officers: OfficerChat, database: Database, reference: str) -> None:
    await press(officers, "1001", f"o:afgewezen:{reference}")
    for wrong in ("x" * (MAX_REASON + 1), "   "):
        answer = await say(officers, wrong)
        assert answer is not None
        assert answer.wants_reason
    asked = [await say(officers, right) for right in ("daarom", "zo wel", "daar")]
    await press(officers, "1001", button(asked[-1]))
    told = "daarom\nWat kan helpen: zo wel\nEen andere weg: daar"
    assert await steps(database) == [("afgewezen", "1001", told)]


async def test_a_colleague_who_was_first_is_told(officers: OfficerChat, database: Database, reference: str) -> None:
    await press(officers, "1001", f"o:afgewezen:{reference}")
    await take(officers, f"o:bij_college:{reference}", chat="1003")
    await take(officers, f"o:buurtdeal:{reference}", "x", "y", "0", chat="1003")
    answer = await say(officers, "daarom")
    assert answer is not None
    assert "inmiddels" in answer.text
    assert answer.choices
    assert await say(officers, "zo wel") is None
    assert "afgewezen" not in [status for status, _, _ in await steps(database)]


async def test_what_is_asked_survives_a_restart_and_ends_by_a_command_or_by_time(
    officers: OfficerChat, service: Service, database: Database, clock: Clock, reference: str
) -> None:
    for end in ("/stop", ""):
        await press(officers, "1001", f"o:afgewezen:{reference}")
        restarted = OfficerChat(service, database, ROUTING, shipped, CHATS, clock=clock)
        if end:
            assert await say(restarted, end) is None
        else:
            clock.pass_(hours=25)
        assert await say(restarted, "goedemorgen") is None
    assert await steps(database) == []
