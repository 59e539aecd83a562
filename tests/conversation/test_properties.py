"""What holds for every conversation: there is an answer, nothing told is lost, and the same twice is once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation.machine import WALKS
from bot.conversation.turn.events import AnyEvent, Edited, Located, Pictured, Pressed, Said, Unread
from bot.conversation.turn.replies import EraseEverything, SubmitPlan, Turn
from bot.conversation.turn.state import State
from bot.initiative.draft import PlanDraft
from bot.office.officers.links import Links
from storage.database import Database
from tests.conftest import Clock
from tests.conversation.everything import DATA, ERASING, STEPS_OF, TEXTS, every_event, every_state, met
from tests.conversation.small import INSIDE, OUTSIDE, knowledge
from tests.service_doubles import SECRET, CountedNotices, Service

STATES = dict(every_state())
EVENTS = list(every_event())


def told(draft: PlanDraft | None) -> set[str]:
    """The answers that a draft holds, by field."""
    return set() if draft is None else {name for name in draft.model_fields_set if getattr(draft, name)}


def lost(before: State, turn: Turn) -> bool:
    """Whether a plan in the making, or its title, is gone."""
    draft, after = before.draft, turn.state.draft
    if draft is None or draft.consent_at is None:
        return False
    return after is None or bool(draft.title and not after.title)


def asked_for(event: AnyEvent, turn: Turn) -> bool:
    """Whether the resident sent the plan in, had it erased or began again."""
    sent = any(isinstance(effect, SubmitPlan | EraseEverything) for effect in turn.effects)
    return sent or (isinstance(event, Pressed) and event.data in ERASING)


def test_every_form_is_gone_through() -> None:
    assert set(STEPS_OF) == set(WALKS)


@pytest.mark.parametrize("name", STATES)
def test_every_event_at_every_step_has_an_outcome(name: str) -> None:
    before = STATES[name]
    for event in EVENTS:
        turn = met(before, event)
        assert not lost(before, turn) or asked_for(event, turn), event


@pytest.mark.parametrize("name", STATES)
def test_every_button_that_is_offered_does_something(name: str) -> None:
    """No button of a turn is stale in the very next one."""
    for event in EVENTS:
        turn = met(STATES[name], event)
        for choice in turn.replies[-1].choices if turn.replies else ():
            pressed = met(turn.state, Pressed(id="2", at=event.at, nonce=event.nonce, data=choice.data))
            old = knowledge().texts.say("stappen.oude_knop", turn.state.language or "nl")
            assert old not in [reply.text for reply in pressed.replies], (event, choice)


@pytest.mark.parametrize("name", STATES)
def test_a_form_can_always_be_left(name: str) -> None:
    before = STATES[name]
    event = Said(id="1", at=EVENTS[0].at, nonce="0" * 32, text="/stop")
    state = met(before, event).state
    if state.walk is not None:  # the form that a small one had interrupted
        state = met(state, event).state
    assert state.walk is None
    assert told(before.draft) <= told(state.draft)


texts = st.one_of(st.sampled_from(TEXTS), st.text(max_size=60))
places = st.one_of(st.sampled_from([INSIDE, OUTSIDE]), st.tuples(st.floats(-90, 90), st.floats(-180, 180)))
kinds = st.sampled_from([event.kind for event in EVENTS if isinstance(event, Unread)])


@st.composite
def events(draw: st.DrawFn) -> AnyEvent:
    common: dict[str, Any] = {
        "id": str(draw(st.integers(0, 10**9))),
        "at": draw(st.sampled_from(EVENTS)).at,
        "nonce": draw(st.binary(min_size=16, max_size=16)).hex(),
    }
    match draw(st.sampled_from(["said", "said", "pressed", "pressed", "edited", "located", "pictured", "unread"])):
        case "said":
            return Said(**common, text=draw(texts))
        case "pressed":
            return Pressed(**common, data=draw(st.sampled_from([*DATA, *ERASING])))
        case "edited":
            return Edited(**common, text=draw(texts))
        case "located":
            latitude, longitude = draw(places)
            return Located(**common, latitude=latitude, longitude=longitude)
        case "pictured":
            return Pictured(**common, photo=f"foto-{common['id']}", caption=draw(texts))
    return Unread(**common, kind=draw(kinds))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(STATES)), st.lists(st.tuples(events(), st.integers(0, 99)), max_size=25))
def test_any_conversation_gets_answers_and_loses_nothing(name: str, happenings: list[tuple[AnyEvent, int]]) -> None:
    """From any state, whatever happens; every other time one of the offered buttons is pressed."""
    state = STATES[name]
    offered: list[str] = []
    for event, number in happenings:
        if offered and number % 2:
            event = Pressed(id=event.id, at=event.at, nonce=event.nonce, data=offered[number % len(offered)])
        turn = met(state, event)
        assert not lost(state, turn) or asked_for(event, turn)
        offered = [choice.data for reply in turn.replies for choice in reply.choices if choice.data]
        state = turn.state


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("twins")
    return folder / "once.db", folder / "twice.db"


addresses = count()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(events(), min_size=1, max_size=8, unique_by=lambda event: event.id))
def test_what_is_delivered_twice_happens_once(twins: tuple[Path, Path], happenings: list[AnyEvent]) -> None:
    """Two residents do the same; every event of one of them is delivered twice."""
    address = str(next(addresses))
    once = asyncio.run(_talk(twins[0], address, happenings, 1))
    twice = asyncio.run(_talk(twins[1], address, happenings, 2))
    assert once == twice


async def _talk(path: Path, address: str, happenings: list[AnyEvent], times: int) -> list[str]:
    """What is stored of the conversation: its state, its lines, its plans."""
    database = await Database.open(f"sqlite:///{path}")
    clock = Clock()
    service = Service(database, knowledge, notices=CountedNotices(), links=Links(SECRET, clock), clock=clock)
    try:
        for event in happenings:
            nonce = sha256(f"{address}{event.id}".encode()).hexdigest()
            for _ in range(times):
                handled = await service.handle("terminal", address, replace(event, nonce=nonce))
            assert handled.duplicate == (times > 1)
        lines = await service.transcript("terminal", address)
        return [f"{line.direction} {line.text} {line.reply.text if line.reply else ''}" for line in lines]
    finally:
        await database.close()
