"""What may belong to a plan is held whole and asked about: answers after news, photos outside a form."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.conversation.turn.plan_view import PlanView, Record
from bot.conversation.turn.replies import AddToPlan, DropPhotos, EraseEverything, MailReceipt
from bot.conversation.turn.state import State
from bot.initiative.draft import MAX_PHOTOS, PlanDraft
from tests.conversation.everything import AT, CLOSED, OPEN, plan, state_at
from tests.conversation.small import Chat


def with_news(question: str = "Zullen we dinsdag bellen?", **more: object) -> Chat:
    """A resident who heard something about their plan after their last message."""
    told = plan(OPEN, "in_gesprek", open_question=question, told_at=AT + timedelta(seconds=1), **more)
    return having(told, state=State(greeted=True, language="nl", language_chosen=True, met_at=AT))


def having(*plans: PlanView, state: State | None = None) -> Chat:
    chat = Chat(state=state)
    chat.record = Record(plans=plans)
    return chat


@pytest.mark.parametrize("text", ["ja graag, na 10 uur", "ja", "1401 AB", "wie komt er dan?", "nee, liever niet"])
def test_what_is_typed_right_after_a_question_is_offered_as_the_answer(text: str) -> None:
    chat = with_news()
    chat.say(text)
    assert f"“{text}”" in chat.text
    assert chat.effects == []
    chat.say("ja")
    assert chat.effects == [AddToPlan(OPEN, text=text)]
    assert chat.state.held is None


def test_an_answer_in_two_messages_and_a_photo_stays_whole() -> None:
    chat = with_news()
    chat.say("ja graag")
    chat.say("na 10 uur dan")
    chat.photo("foto-9", "dit is het adres")
    chat.choose("Ja, stuur door")
    assert chat.effects == [AddToPlan(OPEN, text="ja graag\nna 10 uur dan\ndit is het adres", photo="foto-9")]


def test_something_else_is_answered_as_a_question() -> None:
    chat = with_news()
    chat.say("en het budget dan?")
    chat.choose("Nee, iets anders")
    assert chat.state.held is None
    assert not [effect for effect in chat.effects if isinstance(effect, AddToPlan)]
    assert "Is dit" not in chat.text


def test_a_question_to_the_bot_after_plain_news_is_answered() -> None:
    chat = with_news(question="")
    chat.say("wie is mijn wijkregisseur?")
    assert chat.asked.topic == "wijkregisseur"


def test_news_is_news_once() -> None:
    chat = with_news(question="")
    chat.say("bedankt")
    chat.say("fijn, tot volgende week")
    assert "Is dit een bericht" not in chat.text


def test_a_yes_after_news_is_not_about_what_the_bot_asked_before() -> None:
    chat = with_news()
    chat.state = chat.state.model_copy(update={"if_yes": "c:privacy_wis_ja"})
    chat.say("ja")
    assert EraseEverything() not in chat.effects
    assert "“ja”" in chat.text


# -- photos ---------------------------------------------------------------------------


def test_a_loose_photo_is_held_and_asked_about() -> None:
    chat = having(plan(OPEN, "ontvangen"))
    chat.photo("foto-1")
    chat.photo("foto-2", "de hoek bij de vijver")
    assert chat.state.held is not None
    assert chat.state.held.photos == ("foto-1", "foto-2")
    chat.choose("Toevoegen aan: Bankjes")
    assert chat.effects == [
        AddToPlan(OPEN, text="de hoek bij de vijver", photo="foto-1"),
        AddToPlan(OPEN, photo="foto-2"),
    ]


def test_a_question_under_a_photo_is_answered_and_the_photo_asked_about() -> None:
    chat = Chat()
    chat.photo("foto-1", "wie is mijn wijkregisseur?")
    assert chat.turn.replies[0].topic == "wijkregisseur"
    assert "Bij een nieuw plan" in chat.labels


def test_a_photo_goes_with_the_plan_that_is_made_next() -> None:
    chat = Chat()
    chat.photo("foto-1", "hier kan een bankje")
    chat.choose("Bij een nieuw plan")
    chat.choose("Ja")
    assert chat.state.draft is not None
    assert (chat.state.draft.photos, chat.state.draft.what) == (("foto-1",), "hier kan een bankje")
    assert chat.state.held is None


def test_only_who_says_so_has_a_photo_thrown_away() -> None:
    chat = Chat()
    chat.photo("foto-1")
    chat.say("wie is mijn wijkregisseur?")
    assert chat.effects == []
    chat.press("h:weg")
    assert chat.effects == [DropPhotos(("foto-1",))]


def test_more_photos_than_a_plan_can_have_are_refused_by_name() -> None:
    chat = Chat()
    for number in range(MAX_PHOTOS + 1):
        chat.photo(f"foto-{number}")
    assert chat.effects == [DropPhotos((f"foto-{MAX_PHOTOS}",))]
    assert str(MAX_PHOTOS) in chat.text


def test_a_photo_in_a_form_that_has_no_use_for_it_is_asked_about_afterwards() -> None:
    chat = Chat(state=state_at("criteria", "soort"))
    chat.photo("foto-1")
    assert chat.step == "soort"
    chat.say("stop")
    assert "Waar hoort hij bij?" in chat.text


# -- in plain words -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ik wil mijn plan intrekken", "withdraw"),
        ("kunt u mijn plan intrekken?", "withdraw"),
        ("kan ik nog een foto toevoegen?", "add"),
        ("ik wil iets veranderen", "add"),
        ("er zit een fout in mijn plan", "add"),
    ],
)
def test_what_somebody_wants_with_their_plan_is_done_and_not_explained(text: str, kind: str) -> None:
    chat = having(plan(OPEN, "ontvangen"))
    chat.say(text)
    assert chat.state.walk is not None
    assert (chat.state.walk.kind, chat.state.walk.reference) == (kind, OPEN)


def test_with_several_plans_it_is_asked_which() -> None:
    chat = having(plan(OPEN, "ontvangen"), plan("VB-555-666-777", "in_gesprek"))
    chat.say("ik wil mijn plan intrekken")
    chat.press("p:withdraw:VB-555-666-777")
    assert chat.state.walk is not None
    assert chat.state.walk.reference == "VB-555-666-777"


@pytest.mark.parametrize("text", ["ik wil mijn plan niet intrekken", "ik wil nog geen foto toevoegen"])
def test_who_does_not_want_it_is_not_taken_to_it(text: str) -> None:
    chat = having(plan(OPEN, "ontvangen"))
    chat.say(text)
    assert chat.state.walk is None


def test_how_is_my_plan_shows_it() -> None:
    chat = having(plan(OPEN, "ontvangen"))
    chat.say("hoe staat het met mijn plan?")
    assert OPEN in chat.text


def test_erase_all_my_data_asks_once_and_erases() -> None:
    chat = having(plan(OPEN, "ontvangen"))
    chat.say("wis al mijn gegevens")
    assert "Weet u het zeker?" in chat.text
    chat.say("ja")
    assert chat.effects == [EraseEverything()]


def test_a_reference_of_another_conversation_is_no_dead_end() -> None:
    chat = having(plan(CLOSED, "afgerond"))
    chat.say("VB-999-999-999")
    for way in ("link in uw mail", "/status", "14 000", "VB-999-999-999"):
        assert way in chat.text


# -- the receipt by mail --------------------------------------------------------------


def test_the_receipt_goes_to_the_address_of_the_plan_at_once() -> None:
    known = plan(OPEN, "ontvangen").model_copy(update={"draft": PlanDraft(title="x", email="jo@voorbeeld.nl")})
    chat = having(known)
    chat.press(f"p:mail:{OPEN}")
    assert chat.effects == [MailReceipt(OPEN, "jo@voorbeeld.nl")]


def test_the_receipt_is_mailed_to_an_address_that_is_asked_for_and_not_endlessly() -> None:
    chat = having(plan(OPEN, "ontvangen"))
    for address in ("jo@voorbeeld.nl", "kim@voorbeeld.nl", "wie@voorbeeld.nl"):
        chat.press(f"p:mail:{OPEN}")
        chat.say(f"stuur maar naar {address}")
    assert chat.effects == [MailReceipt(OPEN, "jo@voorbeeld.nl"), MailReceipt(OPEN, "kim@voorbeeld.nl")]
    assert "al een paar keer" in chat.text


def test_words_under_a_file_that_cannot_be_read_are_read() -> None:
    from bot.conversation.machine import respond
    from bot.conversation.turn.events import Unread

    chat = Chat()
    event = Unread(id="1", at=AT, nonce="0", kind="document", caption="wie is mijn wijkregisseur?")
    turn = respond(chat.state, event, chat.knowledge, chat.record)
    assert "Uw tekst erbij lees ik wel" in turn.replies[0].text
    assert turn.replies[-1].topic == "wijkregisseur"
