"""The questions of the plan form: words, place, amount."""

from __future__ import annotations

import pytest

from bot.conversation.intake.order import FORM, MAX_TEXT, MAX_TITLE, REQUIRED, STEPS
from bot.conversation.turn.events import Said
from bot.conversation.turn.replies import NoteUnanswered
from bot.conversation.turn.scene import Scene
from tests.conversation.plan_form import ANSWERS, EVERYWHERE, at, consented, draft
from tests.conversation.small import INSIDE, OUTSIDE, Chat

# -- words --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "step", [step for step in FORM if step in ("titel", "wat", "wanneer", "eigen", "steun", "naam")]
)
@pytest.mark.parametrize("text", ["x", "!", "…", "👍", "a ."])
def test_an_empty_or_one_letter_answer_is_asked_again(step: str, text: str) -> None:
    chat = at(step)
    chat.say(text)
    assert chat.step == step
    is_yes = text == "👍" and step in REQUIRED  # which is told in other words
    assert is_yes or "erg kort" in chat.turn.replies[0].text
    assert chat.asked.text.startswith("Vraag")


@pytest.mark.parametrize(
    ("step", "longest"),
    [
        ("wat", MAX_TEXT),
        ("wanneer", 300),
        ("eigen", MAX_TEXT),
        ("steun", MAX_TEXT),
        ("naam", MAX_TITLE),
    ],
)
def test_the_longest_answer_fits_and_one_letter_more_is_refused_with_both_numbers(step: str, longest: int) -> None:
    chat = at(step)
    chat.say("a" * (longest + 1))
    assert chat.step == step
    assert str(longest) in chat.text
    assert str(longest + 1) in chat.text
    chat.say("a" * longest)
    assert chat.step == FORM[FORM.index(step) + 1]


def test_a_story_told_as_the_title_is_kept_as_what_the_plan_is() -> None:
    chat = at("titel")
    story = "Wij willen graag drie bankjes bij de vijver, want er is nu nergens een plek om even uit te rusten."
    chat.say(story)
    assert (chat.step, draft(chat).title, draft(chat).what) == ("titel", "", story)
    assert "korte naam" in chat.turn.replies[0].text
    chat.say("/stop")
    chat.say("/plan")
    chat.choose("Verdergaan")
    assert chat.step == "titel"
    chat.say("Bankjes bij de vijver")
    assert f"Nu staat er: {story}" in chat.asked.text
    chat.choose("Zo laten")
    assert chat.step == "waar"


def test_a_second_story_or_one_beyond_measure_is_too_long_for_a_title() -> None:
    chat = at("titel")
    chat.say("a" * (MAX_TEXT + 1))
    assert str(MAX_TITLE) in chat.turn.replies[0].text
    chat.say("Een heel verhaal. " * 9)
    chat.say("Nog een heel verhaal. " * 9)
    assert str(MAX_TITLE) in chat.turn.replies[0].text
    assert draft(chat).what.startswith("Een heel")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mijn naam is Fatima", "Fatima"),
        ("ik heet Jo de Vries", "Jo de Vries"),
        ("my name is Ade", "Ade"),
        ("Ikram Benali", "Ikram Benali"),
        ("ik ben", "ik ben"),
    ],
)
def test_a_name_is_kept_without_the_words_before_it(text: str, name: str) -> None:
    chat = at("naam")
    chat.say(text)
    assert draft(chat).name == name


@pytest.mark.parametrize("step", ["titel", "wat", "naam"])
@pytest.mark.parametrize(
    "text", ["overslaan", "weet ik niet", "geen idee", "geen idee hoor", "ja", "ok", "nee hoor", "prima", "klaar"]
)
def test_what_is_needed_cannot_be_skipped_and_it_is_said_why(step: str, text: str) -> None:
    chat = at(step)
    chat.say(text)
    assert chat.step == step
    assert len(chat.turn.replies) == 2


@pytest.mark.parametrize("step", ["wanneer", "eigen", "steun"])
@pytest.mark.parametrize("text", ["overslaan", "weet ik niet", "ik weet het niet", "-"])
def test_the_rest_can_be_skipped(step: str, text: str) -> None:
    chat = at(step)
    chat.say(text)
    assert chat.step == FORM[FORM.index(step) + 1]


BSN = "111222333"
IBAN = "NL91ABNA0417164300"


def test_private_numbers_are_not_stored_and_the_resident_is_told() -> None:
    chat = at("wat")
    chat.say(f"Bankjes. Mijn BSN is {BSN} en mijn rekening {IBAN}")
    assert "persoonlijk nummer" in chat.turn.replies[0].text
    assert BSN not in chat.state.to_json()
    assert IBAN not in chat.state.to_json()
    assert draft(chat).what.startswith("Bankjes.")


def test_a_step_stores_no_private_number_even_if_nothing_took_it_out_before() -> None:
    chat = at("wat")
    event = Said(id="1", at=chat.at, nonce="0" * 32, text=f"Bankjes, rekening {IBAN}")
    taken = STEPS["wat"].take(Scene(chat.state, event, chat.knowledge, chat.record), draft(chat))
    assert taken is not None
    assert IBAN not in str(taken.fields)


def test_a_plan_worded_as_a_question_is_an_answer() -> None:
    chat = at("wat")
    chat.say("Wij wonen bij de vijver en daar kun je nergens zitten. Kunnen we daar drie bankjes voor ouderen krijgen?")
    assert draft(chat).what.startswith("Wij wonen")
    assert chat.step == "waar"


@pytest.mark.parametrize("step", EVERYWHERE)
def test_a_question_in_between_is_answered_and_the_form_goes_on_where_it_was(step: str) -> None:
    chat = at(step)
    before = draft(chat)
    chat.say("wie is mijn wijkregisseur?")
    assert chat.turn.replies[0].topic == "wijkregisseur"
    assert chat.step == step
    assert draft(chat) == before
    assert len(chat.turn.replies) == 2


def test_what_was_taken_for_a_question_is_an_answer_when_it_is_typed_again() -> None:
    chat = at("titel")
    chat.say("Wie is mijn wijkregisseur?")
    assert chat.step == "titel"
    chat.say("Wie is mijn wijkregisseur?")
    assert draft(chat).title == "Wie is mijn wijkregisseur?"


# -- where --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "area", "postcode"),
    [
        ("1401AB", "Noorderwijk", "1401 AB"),
        ("het is 1401 ab geloof ik", "Noorderwijk", "1401 AB"),
        ("1411", "Oosterwijk 1411", "1411"),
        ("Noorderwijk", "Noorderwijk", ""),
        ("noordewijk", "Noorderwijk", ""),
    ],
)
def test_place_by_postcode_or_name(text: str, area: str, postcode: str) -> None:
    chat = at("waar")
    chat.say(text)
    assert chat.step == "wanneer"
    assert (draft(chat).area, draft(chat).postcode) == (area, postcode)
    assert area in chat.turn.replies[0].text


def test_a_wijk_with_two_areas_needs_the_postcode() -> None:
    chat = at("waar")
    chat.say("Oosterwijk")
    assert chat.step == "waar"
    assert [choice.label for choice in chat.asked.choices] == ["Oosterwijk 1411", "Oosterwijk 1412"]
    chat.say("1412")
    assert draft(chat).area == "Oosterwijk 1412"


def test_the_area_can_be_chosen_instead() -> None:
    chat = at("waar")
    chat.say("Oosterwijk")
    chat.choose("Oosterwijk 1411")
    assert draft(chat).area == "Oosterwijk 1411"


def test_a_doubtful_postcode_says_likely() -> None:
    chat = at("waar")
    chat.say("1402")
    assert "waarschijnlijk" in chat.turn.replies[0].text
    assert chat.step == "wanneer"


def test_place_by_shared_location() -> None:
    chat = at("waar")
    assert "location" in chat.asked.wants
    chat.locate(*INSIDE)
    assert draft(chat).area == "Noorderwijk"
    elsewhere = at("waar")
    elsewhere.locate(*OUTSIDE)
    assert elsewhere.step == "waar"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1017 AB", "niet in de gemeente"),
        ("1409", "geen woonadressen"),
        ("ergens", "vind ik niet"),
        ("nee", "Typ een postcode"),
        ("weet ik niet", "Typ een postcode"),
        ("ja", "vind ik niet"),
    ],
)
def test_what_gives_no_place_is_asked_again_with_the_reason(text: str, said: str) -> None:
    chat = at("waar")
    chat.say(text)
    assert chat.step == "waar"
    assert said in chat.turn.replies[0].text
    assert draft(chat).wijk == ""


def test_a_wijk_known_already_is_only_confirmed() -> None:
    chat = consented(wijk="Oosterwijk", area="Oosterwijk 1412")
    chat.say("Bankjes")
    chat.say("Drie bankjes")
    assert chat.labels[0] == "Ja, Oosterwijk 1412"
    chat.say("ja")
    assert draft(chat).area == "Oosterwijk 1412"


def test_the_plan_may_be_in_another_wijk_than_the_resident() -> None:
    chat = consented(wijk="Oosterwijk", area="Oosterwijk 1412")
    chat.say("Bankjes")
    chat.say("Drie bankjes")
    chat.say("1401")
    assert draft(chat).area == "Noorderwijk"
    assert chat.state.area == "Oosterwijk 1412"


def test_the_place_told_here_is_remembered() -> None:
    chat = at("waar")
    chat.say("1401")
    assert chat.state.area == "Noorderwijk"


# -- the amount ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1500", 1500),
        ("€ 1.500,-", 1500),
        ("anderhalf duizend", 1500),
        ("tussen 500 en 1000", 1000),
        ("2k", 2000),
        ("ongeveer 750 euro denk ik", 750),
        ("0", 0),
        ("niets", 0),
        ("het kost niets", 0),
        ("weet ik niet", None),
        ("overslaan", None),
        ("geen idee", None),
    ],
)
def test_amounts(text: str, amount: int | None) -> None:
    chat = at("bedrag")
    chat.say(text)
    assert chat.step == "eigen"
    assert draft(chat).amount == amount


def test_of_a_range_it_is_said_which_bound_is_used() -> None:
    chat = at("bedrag")
    chat.say("tussen 500 en 1000")
    assert "€ 500 tot € 1.000" in chat.text
    assert "hoogste" in chat.text
    assert draft(chat).amount_text == "tussen 500 en 1000"


@pytest.mark.parametrize(
    ("text", "said"), [("best veel", "geen bedrag"), ("900 miljoen euro", "heel groot"), ("ja", "geen bedrag")]
)
def test_no_usable_amount_is_asked_again(text: str, said: str) -> None:
    chat = at("bedrag")
    chat.say(text)
    assert chat.step == "bedrag"
    assert said in chat.text


def test_an_amount_told_in_the_plan_is_offered() -> None:
    chat = at("bedrag", wat="Drie bankjes van samen 600 euro")
    chat.choose("€ 600")
    assert draft(chat).amount == 600


def test_an_amount_told_in_the_criteria_is_offered() -> None:
    chat = Chat()
    chat.say("/criteria")
    for answer in ("1", "1", "1", "1", "800"):
        chat.say(answer)
    chat.choose("Plan indienen")
    chat.choose("Ja")
    for step in ("titel", "wat", "waar", "wanneer"):
        chat.say(ANSWERS[step])
    chat.say("ja")
    assert draft(chat).amount == 800


# -- words that may be a question ------------------------------------------------------------

QUESTION = "hoe oud is de burgemeester"
ASKING = ["titel", "wat", "wanneer", "eigen", "steun", "naam"]


@pytest.mark.parametrize("step", ASKING)
@pytest.mark.parametrize("text", [QUESTION, "Hoe oud is de burgemeester?", "how old is the mayor", "Mag ik hier roken"])
def test_what_begins_as_a_question_is_put_in_the_plan_only_after_a_yes(step: str, text: str) -> None:
    chat = at(step)
    chat.say(text)
    assert (chat.step, len(chat.turn.replies)) == (step, 1)
    assert chat.asked.text.startswith(f"“{text}” lijkt op een vraag")
    assert not STEPS[step].answered(draft(chat))
    chat.choose("Ja, zet het")
    assert chat.step == FORM[FORM.index(step) + 1]
    assert text in draft(chat).model_dump().values()
    assert chat.state.doubted == ""


@pytest.mark.parametrize("answer", ["Nee, het is een vraag", "nee"])
def test_a_question_after_all_is_treated_as_one_and_the_form_goes_on(answer: str) -> None:
    chat = at("wat")
    chat.say(QUESTION)
    if answer == "nee":
        chat.say(answer)
    else:
        chat.choose(answer)
    assert [effect.question for effect in chat.effects if isinstance(effect, NoteUnanswered)] == [QUESTION]
    assert (chat.step, draft(chat).what, chat.state.doubted) == ("wat", "", "")
    assert chat.asked.text.startswith("Vraag 2")


def test_a_typed_yes_puts_the_words_in_the_plan_whole() -> None:
    chat = at("wat")
    chat.say("hoe oud is jo@example.org")
    chat.say("ja")
    assert (chat.step, draft(chat).what) == ("waar", "hoe oud is jo@example.org")


def test_another_answer_takes_the_place_of_words_in_doubt() -> None:
    chat = at("wat")
    chat.say(QUESTION)
    chat.say("Drie bankjes")
    assert (chat.step, draft(chat).what, chat.state.doubted) == ("waar", "Drie bankjes", "")
    chat.press("s:plan:wat:hoort")
    assert draft(chat).what == "Drie bankjes"


def test_an_answer_that_is_changed_stays_as_it_was_while_the_new_words_are_in_doubt() -> None:
    chat = at("veranderen")
    chat.choose("Wat en voor wie")
    before = draft(chat).what
    chat.say(QUESTION)
    chat.choose("Nee, het is een vraag")
    assert (chat.step, draft(chat).what) == ("wat", before)


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ("wanneer", "wanneer het lente is"),
        ("wat", "Wat ik wil is een bankje"),
        ("steun", "wie maar wil"),
        ("wat", "kunnen we een bankje krijgen"),
        ("wat", "Hoe oud de bomen ook zijn, er moet een bankje onder, want " + "ouderen " * 10),
    ],
)
def test_an_answer_that_is_no_question_is_not_doubted(step: str, text: str) -> None:
    chat = at(step)
    chat.say(text)
    assert chat.step == FORM[FORM.index(step) + 1]
