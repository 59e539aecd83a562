"""The order of things in one turn, and what is found in a message: questions, follow-ups, courtesies, old buttons."""

from __future__ import annotations

import pytest

from bot.conversation.machine import respond
from bot.conversation.turn.events import Said
from bot.conversation.turn.plan_view import Record
from bot.conversation.turn.replies import Effect, EraseEverything, JoinWithCode, NoteUnanswered, RateAnswer
from bot.conversation.turn.scene import Scene
from bot.conversation.turn.state import State, Walk
from bot.initiative.draft import PlanDraft
from knowledge.base import Knowledge
from knowledge.models.content import Texts
from tests.conversation.everything import AT, DRAFT, OPEN, plan, state_at
from tests.conversation.small import Chat, knowledge


def new() -> Chat:
    return Chat(state=State())


# -- the first turn -------------------------------------------------------------------


def test_a_greeting_is_answered_with_the_whole_greeting_once() -> None:
    chat = new()
    chat.say("hallo")
    assert len(chat.turn.replies) == 1
    assert "computerprogramma" in chat.text
    chat.say("wie is mijn wijkregisseur")
    assert "computerprogramma" not in chat.text


def test_a_first_question_is_answered_after_saying_that_this_is_a_bot() -> None:
    chat = new()
    chat.say("wie is mijn wijkregisseur")
    assert "computerprogramma" in chat.turn.replies[0].text
    assert chat.turn.replies[1].topic == "wijkregisseur"


def test_stop_as_the_first_word_is_not_met_with_a_greeting() -> None:
    chat = new()
    chat.say("/stop")
    assert "computerprogramma" not in chat.text


def test_a_half_plan_is_offered_to_who_comes_back() -> None:
    chat = Chat(state=State(greeted=True, language="nl", draft=DRAFT))
    chat.say("hoi")
    assert "Bankjes" in chat.text
    chat.choose("Verdergaan")
    assert chat.step == "waar"


# -- language -------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["privacy", "asdf qwerty", "budget", "1402", "?"])
def test_a_word_of_no_language_does_not_change_it(text: str) -> None:
    chat = new()
    chat.say(text)
    assert chat.state.language == "nl"


def test_a_chosen_language_stays() -> None:
    chat = Chat(state=State(language="en", language_chosen=True))
    chat.say("wie is mijn wijkregisseur")
    assert chat.turn.replies[-1].language == "en"


def test_another_language_in_a_form_asks_the_question_again_in_it() -> None:
    chat = Chat(state=state_at("plan", "titel"))
    chat.say("/taal en")
    assert chat.asked.language == "en"
    assert chat.step == "titel"


# -- words ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("?", "weet_ik_niet"), ("-", "overslaan"), ("N.V.T.", "overslaan"), ("Ja, graag!", "ja"), ("JA", "ja"),
        ("i don’t know", "weet_ik_niet"), ("nee...", "nee"), ("  stop. ", "stop"), ("👍", "ja"),
    ],
)  # fmt: skip
def test_a_command_word_is_known_however_it_is_written(text: str, command: str) -> None:
    assert scene_of(text).means(command)


@pytest.mark.parametrize("text", ["", " ", "jaja wat", "stop de auto's", "nee maar"])
def test_no_other_text_is_a_command(text: str) -> None:
    scene = scene_of(text)
    assert not any(scene.means(command) for command in ("ja", "nee", "stop", "overslaan", "weet_ik_niet"))


def scene_of(text: str) -> Scene:
    return Scene(State(language="nl"), Said(id="1", at=AT, nonce="0", text=text), knowledge(), Record())


def test_a_sentence_with_values_missing_or_stray_braces_is_still_said() -> None:
    texts = Texts({"nl": {"a": "{een} en {twee}", "b": "accolade { en {0} }"}}, "nl")
    assert texts.say("a", "nl", een="{twee}") == "{twee} en {twee}"
    assert texts.say("b", "en", een=1) == "accolade { en {0} }"


# -- questions ------------------------------------------------------------------------


def test_of_two_questions_the_first_is_answered_and_the_other_offered() -> None:
    chat = Chat()
    chat.say("Wie is mijn wijkregisseur? Hoe groot is het budget?")
    assert chat.turn.replies[0].topic == "wijkregisseur"
    assert "Titel wijkbudget" in chat.labels
    chat.say("ja")
    assert chat.turn.replies[0].topic == "wijkbudget"


STORY = (
    "Mijn tablet vraagt steeds om een code. De kat ligt op mijn voeten. {}Cruijff heeft nooit voor Feyenoord "
    "gespeeld, zegt mijn man. Mijn auto tikt. We vliegen naar Kreta met twee kleuters. Vanavond eten we soep."
)


def test_a_sure_sentence_in_a_story_about_nothing_leads_to_a_question_back(shipped_knowledge: Knowledge) -> None:
    story = STORY.format("Wie beslist over mijn plan. ")
    assert shipped_knowledge.matcher.match(story, "nl").kind == "fallback"
    chat = Chat(shipped_knowledge)
    chat.say(story)
    assert chat.state.offered == ("wie-beslist",)
    chat.say("ja")
    assert chat.turn.replies[0].topic == "wie-beslist"


def test_nothing_that_fits_is_noted_without_personal_data(shipped_knowledge: Knowledge) -> None:
    chat = Chat(shipped_knowledge)
    chat.say(STORY.format("Mail naar jo@voorbeeld.nl. "))
    (noted,) = [effect for effect in chat.effects if isinstance(effect, NoteUnanswered)]
    assert "jo@" not in noted.question


def test_none_of_these_is_noted_once() -> None:
    state = State(greeted=True, language="nl", offered=("wijkbudget", "melding"), question="geld")
    chat = Chat(state=state)
    chat.say("geen van deze")
    assert [effect.question for effect in chat.effects if isinstance(effect, NoteUnanswered)] == ["geld"]
    chat.press("c:none")
    assert len(chat.effects) == 1


def test_a_choice_is_picked_by_its_place() -> None:
    chat = Chat(state=State(greeted=True, language="nl", offered=("wijkbudget", "melding"), question="geld"))
    chat.say("de tweede")
    assert chat.turn.replies[0].topic == "melding"


@pytest.mark.parametrize("text", ["ja", "nee", "👍"])
def test_yes_and_no_to_nothing_are_no_questions(text: str) -> None:
    chat = Chat()
    chat.say(text)
    assert chat.effects == []
    assert chat.state.misses == 0


def test_thumbs_count_once_and_only_for_the_answer_they_stand_under() -> None:
    chat = Chat()
    chat.say("wie is mijn wijkregisseur")
    chat.say("hoe groot is het budget")
    chat.press("f:up:wijkregisseur")
    assert chat.effects == []
    chat.press("f:down:wijkbudget")
    chat.press("f:down:wijkbudget")
    assert chat.effects == [RateAnswer("wijkbudget", "hoe groot is het budget", good=False, language="nl")]


# -- in a form ------------------------------------------------------------------------


def test_a_question_in_a_form_is_answered_and_the_form_goes_on() -> None:
    chat = Chat(state=state_at("plan", "wanneer"))
    chat.say("wie is mijn wijkregisseur?")
    assert chat.turn.replies[0].topic == "wijkregisseur"
    assert chat.step == "wanneer"
    assert chat.asked.text.startswith("Vraag 4")


@pytest.mark.parametrize("text", ["hallo", "dank je wel", "Thanks!"])
def test_a_courtesy_is_no_answer_to_a_form_unless_it_is_typed_again(text: str) -> None:
    chat = Chat(state=state_at("plan", "naam"))
    chat.say(text)
    assert chat.step == "naam"
    chat.say(text)
    assert chat.step == "contact"


@pytest.mark.parametrize("command", ["/status", "/privacy", "/taal", "/help", "/x"])
def test_a_command_that_only_tells_something_asks_the_step_again(command: str) -> None:
    chat = Chat(state=state_at("plan", "wanneer"))
    chat.say(command)
    assert chat.step == "wanneer"
    assert chat.asked.text.startswith("Vraag 4")


def test_a_small_form_in_a_large_one_leads_back_to_it() -> None:
    chat = Chat(state=state_at("plan", "wanneer"))
    chat.say("/wijk")
    assert chat.state.walk is not None
    assert chat.state.walk.kind == "wijk"
    chat.say("1401")
    assert chat.state.wijk == "Noorderwijk"
    assert chat.step == "wanneer"
    chat.say("/wijk")
    chat.say("stop")
    assert (chat.step, len(chat.turn.replies)) == ("wanneer", 1)


def test_starting_another_large_form_does_not_come_back_to_the_first() -> None:
    chat = Chat(state=state_at("plan", "wanneer"))
    chat.say("/wijk")
    chat.say("/criteria")
    assert chat.state.paused is None
    chat.choose("Iets is kapot")
    assert chat.state.walk is None
    assert chat.state.draft is not None


def test_sending_in_twice_says_that_it_was_sent() -> None:
    chat = Chat()
    chat.record = Record(plans=(plan(OPEN, "ontvangen"),))
    chat.press("s:plan:samenvatting:ja")
    assert "al verstuurd" in chat.text


def test_a_form_that_no_longer_exists_is_left_and_the_plan_kept() -> None:
    walk = Walk(kind="weg", step="x")
    chat = Chat(state=State(greeted=True, language="nl", walk=walk, draft=PlanDraft(title="Bankje", consent_at=AT)))
    chat.say("wie is mijn wijkregisseur")
    assert chat.state.walk is None
    assert chat.state.draft is not None


# -- safety ---------------------------------------------------------------------------


def test_a_private_number_alone_is_no_answer_to_a_form() -> None:
    chat = Chat(state=state_at("plan", "naam"))
    chat.say("111222333")
    assert "niet bewaard" in chat.turn.replies[0].text
    assert chat.step == "naam"


def test_danger_comes_before_everything_else(shipped_knowledge: Knowledge) -> None:
    chat = Chat(shipped_knowledge, State())
    chat.say("mijn bsn is 111222333 en er is brand in huis")
    assert "112" in chat.turn.replies[0].text
    assert "niet bewaard" in chat.turn.replies[1].text
    assert not chat.state.greeted


@pytest.mark.parametrize("text", ["ja klopt", "ja dat klopt", "klopt"])
def test_a_yes_to_nothing_is_not_taken_for_a_question(text: str) -> None:
    chat = Chat()
    chat.say(text)
    assert chat.text.startswith("Dat begrijp ik niet.")


# -- a typed yes or no to a question with buttons -----------------------------------------


@pytest.mark.parametrize(("word", "kept"), [("ja", False), ("ja hoor", False), ("nee", True)])
def test_a_typed_yes_or_no_decides_whether_a_form_begins_again(word: str, kept: bool) -> None:
    chat = Chat()
    chat.say("/criteria")
    chat.choose("Een plan")
    chat.say("opnieuw")
    chat.say(word)
    assert bool(chat.state.criteria) == kept
    assert chat.step == ("steun" if kept else "soort")


def test_a_typed_yes_to_begin_again_is_no_answer_to_the_plan_form() -> None:
    chat = Chat(state=state_at("plan", "wanneer"))
    chat.say("opnieuw")
    chat.say("ja")
    assert chat.step == "titel"


@pytest.mark.parametrize(("word", "effects"), [("ja", [EraseEverything()]), ("nee", [])])
def test_a_typed_yes_or_no_decides_about_erasing(word: str, effects: list[Effect]) -> None:
    chat = Chat()
    chat.say("/privacy")
    chat.choose("Alles wissen")
    chat.say(word)
    assert chat.effects == effects
    chat.say("ja")  # counts once
    assert chat.effects == effects


def test_to_erase_everything_is_asked_last_in_a_form_and_a_yes_is_about_that() -> None:
    chat = Chat(state=state_at("plan", "naam"))
    chat.say("/privacy")
    assert chat.asked.text.startswith("Vraag 9")
    chat.press("c:privacy_wis")
    assert "Weet u het zeker?" in chat.asked.text
    chat.say("nee")
    assert chat.effects == []
    assert (chat.step, chat.asked.text[:7]) == ("naam", "Vraag 9")
    chat.press("c:privacy_wis")
    chat.say("ja")
    assert chat.effects == [EraseEverything()]


def test_an_answer_to_the_form_is_no_yes_to_erasing() -> None:
    chat = Chat(state=state_at("plan", "naam"))
    chat.press("c:privacy_wis")
    chat.say("Jo Voorbeeld")
    assert (chat.step, chat.effects) == ("contact", [])
    chat.say("ja")
    assert chat.effects == []


def test_a_typed_yes_to_the_half_plan_goes_on_with_it() -> None:
    chat = Chat(state=State(greeted=True, language="nl", language_chosen=True, draft=DRAFT))
    chat.say("/start")
    chat.say("ja")
    assert chat.state.walk is not None
    assert chat.state.walk.kind == "plan"


def test_a_typed_yes_joins_two_conversations() -> None:
    chat = Chat()
    chat.say("/start abc")
    yes = Said(id="ja", at=chat.at, nonce="0" * 32, text="ja")
    assert respond(chat.state, yes, chat.knowledge, chat.record).effects == (JoinWithCode("abc"),)
