"""The plan form under what residents and networks do to it: any event at any step has an outcome."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.intake.order import FORM
from bot.conversation.turn.replies import MAX_CHOICE_DATA, EraseEverything, SubmitPlan
from bot.conversation.turn.state import State, Walk
from bot.initiative.draft import MAX_PHOTOS, PlanDraft
from tests.conversation.plan_form import ANSWERS, EVERYWHERE, at, draft
from tests.conversation.small import INSIDE, OUTSIDE, Chat, shipped


def test_a_changed_message_changes_the_answer_that_it_was() -> None:
    chat = at("eigen")
    chat.edit("Banken in het plantsoen")
    assert draft(chat).title == "Banken in het plantsoen"
    assert "Titel" in chat.turn.replies[0].text
    assert chat.step == "eigen"


def test_a_changed_message_that_is_no_answer_changes_nothing() -> None:
    chat = at("eigen")
    before = draft(chat)
    chat.edit("iets heel anders dan alles hiervoor, over de hond")
    assert draft(chat) == before
    assert chat.step == "eigen"


def test_a_changed_message_that_became_too_long_is_refused() -> None:
    chat = at("wat")
    chat.edit(f"{ANSWERS['titel']} en het park en de straat en nog veel meer van zulke plekken in de hele wijk")
    assert draft(chat).title == ANSWERS["titel"]


@pytest.mark.parametrize("step", EVERYWHERE)
@pytest.mark.parametrize(
    "data",
    ["s:plan:toestemming:ja", "s:plan:verder:opnieuw", "s:criteria:soort:plan", "s:plan:x:y", "s:plan:email:nonsens"],
)
def test_a_stale_button_changes_nothing(step: str, data: str) -> None:
    chat = at(step)
    before = draft(chat)
    chat.press(data)
    assert draft(chat) == before
    assert chat.step == step
    assert chat.turn.replies


@pytest.mark.parametrize("step", [step for step in (*FORM, "email", "telefoon", "samenvatting") if step != "waar"])
def test_a_location_elsewhere_in_the_form_leaves_the_step(step: str) -> None:
    chat = at(step)
    before = draft(chat)
    chat.locate(*INSIDE)
    assert (chat.step, draft(chat)) == (step, before)
    assert len(chat.turn.replies) == 2


@pytest.mark.parametrize("kind", ["sticker", "voice", "video", "document", "contact", "poll", "other"])
def test_what_cannot_be_read_is_said_and_the_step_asked_again(kind: str) -> None:
    chat = at("wat")
    chat.unread(kind)  # type: ignore[arg-type]
    assert chat.step == "wat"
    assert chat.asked.text.startswith("Vraag 2")


TEXTS = [
    "ja",
    "nee",
    "terug",
    "stop",
    "opnieuw",
    "overslaan",
    "weet ik niet",
    "klaar",
    "/plan",
    "/criteria",
    "/start",
    "/privacy",
    "1401 AB",
    "Oosterwijk",
    "500",
    "tussen 5 en 10",
    "jo@voorbeeld.nl",
    "0612345678",
    "verder",
    "titel",
    "wie is mijn wijkregisseur?",
    "x",
    "Een bankje {in} het park",
    "stop maar",
    "111222333",
    "1",
    "",
]
DATA = [
    "w:plan",
    "w:criteria",
    "c:stop",
    "c:terug",
    "c:hervat",
    "c:opnieuw_ja",
    "s:plan:toestemming:ja",
    "s:plan:samenvatting:ja",
    "s:plan:samenvatting:wijzig",
    "s:plan:veranderen:fotos",
    "s:plan:contact:chat",
    "s:plan:contact:klaar",
    "s:plan:waar:Noorderwijk",
    "s:plan:waar:Weg",
    "s:plan:fotos:wis",
    "s:plan:titel:houd",
    "g:x",
]
EVENTS = st.one_of(
    st.sampled_from(TEXTS).map(lambda text: ("say", (text,))),
    st.text(max_size=40).map(lambda text: ("say", (text,))),
    st.sampled_from(DATA).map(lambda data: ("press", (data,))),
    st.sampled_from(["f1", "f2"]).map(lambda photo: ("photo", (photo,))),
    st.tuples(st.sampled_from(["f3", "f4", "f5", "f6"]), st.text(max_size=20)).map(lambda pair: ("photo", pair)),
    st.sampled_from([INSIDE, OUTSIDE]).map(lambda spot: ("locate", spot)),
    st.sampled_from(["sticker", "photo_too_large"]).map(lambda kind: ("unread", (kind,))),
    st.text(max_size=40).map(lambda text: ("edit", (text,))),
)
STEP = st.sampled_from([*FORM, "email", "telefoon", "samenvatting", "veranderen", "verder", "toestemming", "weg"])


@settings(max_examples=200, deadline=None)
@given(STEP, st.booleans(), st.lists(EVENTS, max_size=10))
def test_any_events_from_any_step_get_a_reply_and_lose_no_plan(
    step: str, consent: bool, events: list[tuple[str, tuple[str, ...]]]
) -> None:
    told = PlanDraft(title="Bankjes", what="Drie", consent_at=datetime(2026, 11, 1, tzinfo=UTC)) if consent else None
    chat = Chat(state=State(greeted=True, language="nl", walk=Walk(kind="plan", step=step), draft=told))
    for act, values in events:
        before = chat.state.draft
        getattr(chat, act)(*values)
        assert all(reply.text for reply in chat.turn.replies)
        for reply in chat.turn.replies:
            assert all(choice.label and len(choice.data.encode()) <= MAX_CHOICE_DATA for choice in reply.choices)
        thrown_away = values[0] in ("c:opnieuw_ja", "s:plan:verder:opnieuw")
        erased = any(isinstance(effect, EraseEverything) for effect in chat.turn.effects)
        if before is not None and chat.state.draft is None:
            assert erased or any(isinstance(effect, SubmitPlan) for effect in chat.turn.effects)
        elif before is not None and before.title and not thrown_away:
            assert draft(chat).title
        if chat.state.draft is not None:
            assert chat.state.draft.consent_at is not None
            assert len(chat.state.draft.photos) <= MAX_PHOTOS


def test_every_sentence_of_the_form_is_there_in_each_language() -> None:
    texts = shipped().texts.texts
    for group in ("plan", "criteria", "samenvatting", "statusnaam", "statusuitleg"):
        dutch = {key for key in texts["nl"] if key.startswith(f"{group}.")}
        assert dutch
        assert dutch == {key for key in texts["en"] if key.startswith(f"{group}.")}
