"""The plan form, from consent to receipt, through the real machine."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.conversation.intake.order import FORM, MAX_TEXT, MAX_TITLE
from bot.conversation.turn.replies import DropPhotos
from bot.conversation.turn.state import State, Walk
from bot.initiative.draft import PlanDraft
from bot.initiative.reference import parse_reference
from tests.conversation.plan_form import ANSWERS, at, draft, submitted
from tests.conversation.small import Chat, knowledge

# -- consent ------------------------------------------------------------------------------


def test_asks_permission_before_anything_and_says_what_why_and_how_long() -> None:
    chat = Chat()
    chat.say("/plan")
    assert chat.step == "toestemming"
    for word in ("Wat bewaar ik?", "Waarom?", "90 dagen", "2 jaar", "/privacy", "BSN"):
        assert word in chat.text
    assert chat.state.draft is None


@pytest.mark.parametrize("yes", ["ja", "Ja, graag", "oké", "prima", "yes", "dat is goed", "Ja, dat mag."])
def test_yes_begins_the_form_and_notes_when_it_was_said(yes: str) -> None:
    chat = Chat()
    chat.say("/plan")
    chat.say(yes)
    assert chat.step == "titel"
    assert draft(chat).consent_at is not None
    assert "Vraag 1 van 10" in chat.text


@pytest.mark.parametrize("text", ["ja maar wat doen jullie ermee", "misschien", "nou goed dan maar niet"])
def test_half_a_yes_is_no_permission(text: str) -> None:
    chat = Chat()
    chat.say("/plan")
    chat.say(text)
    assert chat.step == "toestemming"
    assert chat.state.draft is None


def test_no_ends_it_and_keeps_nothing() -> None:
    chat = Chat()
    chat.say("/plan")
    chat.say("nee")
    assert chat.state.walk is None
    assert chat.state.draft is None
    assert "14 000" in chat.text


def test_without_a_yes_nothing_is_kept() -> None:
    chat = Chat()
    chat.say("/plan")
    chat.say("Bankjes in het park")
    assert chat.step == "toestemming"
    chat.photo("f1", "kijk")
    assert chat.state.draft is None
    assert chat.turn.effects == (DropPhotos(("f1",)),)
    assert chat.step == "toestemming"


def test_a_form_of_another_time_without_consent_asks_for_it_first() -> None:
    chat = Chat(state=State(greeted=True, walk=Walk(kind="plan", step="bedrag"), draft=PlanDraft(title="Oud")))
    chat.say("1500")
    assert chat.step == "toestemming"
    assert chat.state.draft == PlanDraft(title="Oud")
    chat.press("s:plan:toestemming:ja")
    assert chat.step == "titel"


# -- the whole form -----------------------------------------------------------------------


def test_from_consent_to_receipt() -> None:
    chat = at("samenvatting")
    assert "Gevraagd bedrag: € 1.500" in chat.text
    chat.choose("Klopt, versturen")
    (effect,) = submitted(chat)
    told = effect.draft
    assert (told.title, told.what, told.wijk, told.area, told.postcode) == (
        ANSWERS["titel"],
        ANSWERS["wat"],
        "Noorderwijk",
        "Noorderwijk",
        "1401 AB",
    )
    assert (told.when, told.amount, told.own_share, told.support) == (
        "in mei",
        1500,
        ANSWERS["eigen"],
        ANSWERS["steun"],
    )
    assert (told.name, told.by_chat, told.email, told.telephone) == ("Jo Voorbeeld", True, "", "")
    assert effect.language == "nl"
    assert chat.state.walk is None
    assert chat.state.draft is None


def test_the_receipt_says_reference_holder_term_and_that_it_is_no_application() -> None:
    chat = at("samenvatting")
    chat.say("ja")
    (effect,) = submitted(chat)
    assert parse_reference(effect.reference, knowledge().gemeente) == effect.reference
    assert effect.reference in chat.text
    assert "Noor Voorbeeld, wijkregisseur van Noorderwijk" in chat.text
    assert "2 werkdagen" in chat.text
    assert "nog geen formele subsidieaanvraag" in chat.text
    for needed in ("naam, adres en rekeningnummer", "overzicht van kosten en inkomsten", "het hele jaar", "13 weken"):
        assert needed in chat.text
    assert "nooit hier in de chat" in chat.text


def test_where_no_name_is_filled_in_the_receipt_names_the_role() -> None:
    chat = at("samenvatting", waar="1411")
    chat.say("ja")
    assert "de wijkregisseur van Oosterwijk 1411" in chat.text


@pytest.mark.parametrize("text", ["ja", "Ja, klopt!", "versturen", "ja, verstuur maar", "Klopt", "alles klopt"])
def test_words_that_send(text: str) -> None:
    chat = at("samenvatting")
    chat.say(text)
    assert len(submitted(chat)) == 1


@pytest.mark.parametrize(
    "text", ["ja maar het bedrag klopt niet", "wacht even", "nog niet", "klopt niet", "klaar", "bedrag"]
)
def test_words_that_do_not_send(text: str) -> None:
    chat = at("samenvatting")
    chat.say(text)
    assert not submitted(chat)
    assert chat.state.draft is not None


def test_a_second_press_sends_nothing_more() -> None:
    chat = at("samenvatting")
    button = next(choice.data for choice in chat.asked.choices if choice.data.endswith(":ja"))
    chat.press(button)
    chat.press(button)
    chat.say("ja")
    assert len(submitted(chat)) == 1


def test_two_plans_have_two_references() -> None:
    chat = at("samenvatting")
    chat.say("ja")
    chat.state = at("samenvatting").state
    chat.say("ja")
    first, second = submitted(chat)
    assert first.reference != second.reference


def test_only_what_is_needed_is_required() -> None:
    skipping = dict.fromkeys(("wanneer", "bedrag", "eigen", "steun", "fotos"), "overslaan")
    chat = at("samenvatting", **skipping)
    chat.say("versturen")
    told = submitted(chat)[0].draft
    assert (told.when, told.amount, told.own_share, told.support, told.photos) == ("", None, "", "", ())


def test_the_form_in_english() -> None:
    chat = Chat(state=State(greeted=True, language="en", language_chosen=True))
    chat.say("/plan")
    assert "permission" in chat.text
    for text in (
        "yes",
        "Benches",
        "Three benches",
        "1401",
        "skip",
        "two thousand euros",
        "skip",
        "skip",
        "skip",
        "Jo",
        "this chat",
        "done",
        "yes",
    ):
        chat.say(text)
    (effect,) = submitted(chat)
    assert (effect.language, effect.draft.amount) == ("en", 2000)
    assert "not yet a formal subsidy application" in chat.text


# -- the summary --------------------------------------------------------------------------


NEW = {
    "titel": ("Stoelen", "title", "Stoelen"),
    "wat": ("Vier stoelen", "what", "Vier stoelen"),
    "waar": ("1411", "area", "Oosterwijk 1411"),
    "wanneer": ("juni", "when", "juni"),
    "bedrag": ("900", "amount", 900),
    "eigen": ("schilderen", "own_share", "schilderen"),
    "steun": ("de kerk", "support", "de kerk"),
    "naam": ("Sam", "name", "Sam"),
}


@pytest.mark.parametrize("step", NEW)
def test_every_answer_can_be_changed_and_then_comes_the_summary(step: str) -> None:
    text, field, value = NEW[step]
    chat = at("veranderen")
    chat.press(f"s:plan:veranderen:{step}")
    assert chat.step == step
    assert "Nu staat er" in chat.asked.text
    chat.say(text)
    assert chat.step == "samenvatting"
    assert getattr(draft(chat), field) == value


def test_photos_and_contact_can_be_changed() -> None:
    chat = at("veranderen")
    chat.choose("Foto's")
    chat.photo("f1")
    chat.say("klaar")
    assert chat.step == "samenvatting"
    chat.choose("Iets veranderen")
    chat.choose("Bereikbaar via")
    chat.choose("Per e-mail")
    chat.say("jo@voorbeeld.nl")
    chat.say("klaar")
    assert chat.step == "samenvatting"
    assert draft(chat).email == "jo@voorbeeld.nl"


@pytest.mark.parametrize("text", ["titel", "1", "Titel", "bedrag", "naam"])
def test_a_line_can_be_named(text: str) -> None:
    chat = at("samenvatting")
    chat.say(text)
    assert chat.step == {"1": "titel"}.get(text, text.lower())


@pytest.mark.parametrize("keep", ["zo laten", "terug"])
def test_a_change_of_mind_leaves_the_answer(keep: str) -> None:
    chat = at("veranderen")
    before = draft(chat)
    chat.choose("Titel")
    chat.say(keep)
    assert chat.step == "samenvatting"
    assert draft(chat) == before


def test_a_wrong_new_answer_is_asked_again_and_the_old_one_stays() -> None:
    chat = at("veranderen")
    chat.choose("Titel")
    chat.say("x" * (MAX_TITLE + 1))
    assert chat.step == "titel"
    assert draft(chat).title == ANSWERS["titel"]


def test_no_at_the_summary_leads_to_changing() -> None:
    chat = at("samenvatting")
    chat.say("nee")
    assert chat.step == "veranderen"
    chat.say("nee")
    assert chat.step == "samenvatting"


def test_a_long_plan_is_summarised_within_one_message() -> None:
    chat = at("samenvatting", wat="w" * MAX_TEXT, eigen="e" * MAX_TEXT, steun="s" * MAX_TEXT)
    assert len(chat.asked.text) < 2500
    chat.say("ja")
    assert len(submitted(chat)[0].draft.what) == MAX_TEXT


def test_what_is_missing_is_asked_before_sending() -> None:
    state = State(
        greeted=True,
        language="nl",
        language_chosen=True,
        walk=Walk(kind="plan", step="samenvatting"),
        draft=PlanDraft(title="Bankjes", consent_at=datetime(2026, 11, 1, tzinfo=UTC)),
    )
    chat = Chat(state=state)
    chat.say("ja")
    assert not submitted(chat)
    assert chat.step == "wat"


# -- criteria go along --------------------------------------------------------------------


def test_finished_criteria_travel_with_the_plan() -> None:
    chat = at("samenvatting")
    chat.choose("Maakt mijn plan kans?")
    for answer in ("1", "1", "1", "1", "5000"):
        chat.say(answer)
    chat.choose("Verder met uw plan")
    assert chat.step == "samenvatting"
    assert "gaan mee" in chat.text
    chat.say("ja")
    told = submitted(chat)[0].draft
    assert told.criteria == {"soort": "plan", "steun": "ja", "straat": "wijk", "geld": "nee", "bedrag": "5000"}
    assert told.door == "groot"
    assert chat.state.criteria == {}


def test_half_criteria_travel_without_a_door() -> None:
    chat = Chat()
    chat.say("/criteria")
    chat.say("1")
    chat.say("2")
    state = chat.state.model_copy(update={"walk": None})
    chat.state = at("samenvatting").state.model_copy(update={"criteria": state.criteria})
    chat.say("ja")
    told = submitted(chat)[0].draft
    assert told.criteria == {"soort": "plan", "steun": "nee"}
    assert told.door == ""


# -- back, stop, go on, again -------------------------------------------------------------


@pytest.mark.parametrize("step", FORM[1:])
def test_back_leads_to_the_question_before_with_the_answer_still_there(step: str) -> None:
    chat = at(step)
    before = draft(chat)
    chat.say("terug")
    assert chat.step == FORM[FORM.index(step) - 1]
    assert draft(chat) == before
    if chat.step != "fotos":
        chat.say("zo laten")
        assert chat.step == step


def test_back_at_the_first_question_says_so() -> None:
    chat = at("titel")
    chat.say("terug")
    assert chat.step == "titel"
    assert "eerste vraag" in chat.text


def test_back_from_the_summary() -> None:
    chat = at("samenvatting")
    chat.say("terug")
    assert chat.step == "contact"


@pytest.mark.parametrize("step", [*FORM[1:], "samenvatting"])
def test_stop_keeps_the_plan_and_going_on_leads_to_where_it_was(step: str) -> None:
    chat = at(step)
    before = draft(chat)
    chat.say("stop")
    assert chat.state.walk is None
    assert draft(chat) == before
    assert "/plan" in chat.text
    chat.choose("Verdergaan")
    expected = "naam" if step == "fotos" else step
    assert chat.step in (expected, "fotos")
    assert draft(chat) == before


def test_a_photo_sent_early_does_not_make_the_form_skip_questions() -> None:
    chat = at("wat")
    chat.photo("f1")
    chat.say("stop")
    chat.choose("Verdergaan")
    assert chat.step == "wat"


def test_starting_again_offers_to_go_on_or_to_begin_again() -> None:
    chat = at("wanneer")
    chat.say("stop")
    chat.say("/plan")
    assert chat.step == "verder"
    assert ANSWERS["titel"] in chat.text
    chat.choose("Verdergaan")
    assert chat.step == "wanneer"


def test_beginning_again_throws_the_plan_and_its_photos_away_and_keeps_the_consent() -> None:
    chat = at("wanneer")
    chat.photo("f1")
    consent = draft(chat).consent_at
    chat.say("stop")
    chat.say("/plan")
    chat.choose("Opnieuw")
    assert chat.step == "titel"
    assert draft(chat).title == ""
    assert draft(chat).consent_at == consent
    assert chat.turn.effects == (DropPhotos(("f1",)),)


def test_again_in_the_form_asks_first() -> None:
    chat = at("wanneer")
    chat.say("opnieuw")
    assert draft(chat).title == ANSWERS["titel"]
    chat.choose("Nee, verdergaan")
    assert chat.step == "wanneer"
    chat.say("opnieuw")
    chat.choose("Ja, opnieuw")
    assert (chat.step, draft(chat).title) == ("titel", "")


def test_another_walk_in_between_leaves_the_plan() -> None:
    chat = at("bedrag")
    chat.say("/wijk")
    chat.say("1411")
    assert draft(chat).title == ANSWERS["titel"]
    chat.say("/plan")
    chat.say("verder")
    assert chat.step == "bedrag"


def test_the_command_in_the_middle_asks_the_question_again() -> None:
    chat = at("bedrag")
    chat.say("/plan")
    assert chat.step == "bedrag"


def test_the_plan_survives_being_written_down_and_read_again() -> None:
    chat = at("samenvatting")
    assert State.load(chat.state.to_json()) == chat.state


def test_an_unclear_word_to_the_consent_is_answered_with_the_choices_alone() -> None:
    chat = Chat(state=State(greeted=True, language="nl", language_chosen=True))
    chat.say("/plan")
    chat.say("misschien")
    (reply,) = chat.turn.replies
    assert "ja of nee" in reply.text
    assert [choice.label for choice in reply.choices] == ["Ja, dat is goed", "Nee, liever niet"]
