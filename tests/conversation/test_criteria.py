"""The criteria walk: generic over a small invented file, and walked through in the shipped one."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.turn.replies import MAX_CHOICE_DATA
from bot.conversation.turn.state import State, Walk
from bot.initiative.draft import PlanDraft
from bot.initiative.summary import indications
from knowledge.base import Knowledge
from tests.conversation.small import Chat, shipped


def begun(known: Knowledge | None = None, language: str = "nl") -> Chat:
    chat = Chat(known, State(greeted=True, language=language, language_chosen=True))
    chat.say("/criteria")
    return chat


def at(question: str, **answers: str) -> Chat:
    """In the walk at a question, the ones before answered as given or with their first choice."""
    chat = begun()
    while chat.step != question:
        chat.press(f"s:criteria:{chat.step}:{answers.get(chat.step) or first_choice(chat)}")
    return chat


def first_choice(chat: Chat) -> str:
    return chat.asked.choices[0].data.split(":", 3)[3]


def finished(**answers: str) -> Chat:
    chat = at("bedrag", **answers)
    chat.say(answers.get("bedrag", "80"))
    return chat


# -- one question at a time -----------------------------------------------------------


def test_begins_with_what_it_is_and_the_first_question() -> None:
    chat = begun()
    assert "geen besluit" in chat.turn.replies[0].text
    assert chat.asked.text == "Vraag 1 van 5. Wat is het?"
    assert chat.labels == ["Een plan", "Iets is kapot", "Een taak overnemen", "Stoppen"]


def test_one_question_at_a_time_with_its_explanation_and_a_way_back() -> None:
    chat = begun()
    chat.choose("Een plan")
    assert len(chat.turn.replies) == 1
    assert chat.asked.text == "Vraag 2 van 5. Is er steun?\n\nVan buren."
    assert "Terug" in chat.labels


@pytest.mark.parametrize(
    ("typed", "choice"),
    [
        ("1", "ja"),
        ("2.", "nee"),
        ("3", "weet-niet"),
        ("de tweede", "nee"),
        ("eerste", "ja"),
        ("de laatste", "weet-niet"),
        ("ja", "ja"),
        ("Ja hoor", "ja"),
        ("nee", "nee"),
        ("Nee, nog niet", "nee"),
        ("JA VAN VEEL BUREN", "ja"),
        ("van veel buren", "ja"),
        ("veel buuren", "ja"),
        ("weet ik niet", "weet-niet"),
        ("geen idee", "weet-niet"),
        ("ik weet het niet", "weet-niet"),
        ("nee, niet veel buren", "nee"),
        ("yes", "ja"),
    ],
)
def test_typed_answers(typed: str, choice: str) -> None:
    chat = at("steun")
    chat.say(typed)
    assert chat.state.criteria["steun"] == choice
    assert chat.step == "straat"


@pytest.mark.parametrize("typed", ["blauw", "0", "9", "bankje in het park", "x", "dorp of stad", "?"])
def test_what_is_no_answer_is_asked_again_and_kindly(typed: str) -> None:
    chat = at("straat")
    chat.say(typed)
    assert chat.step == "straat"
    assert "straat" not in chat.state.criteria
    assert "herken ik niet" in chat.turn.replies[0].text
    assert chat.asked.text.startswith("Vraag 3 van 5")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("1500", "1500"),
        ("€ 1.500,-", "1500"),
        ("anderhalf duizend", "1500"),
        ("tussen 500 en 1000", "1000"),
        ("2 euro", "2"),
        ("weet ik niet", "weet-niet"),
        ("geen idee", "weet-niet"),
    ],
)
def test_an_amount_is_typed_freely(typed: str, stored: str) -> None:
    chat = at("bedrag")
    chat.say(typed)
    assert chat.state.criteria["bedrag"] == stored
    assert chat.state.walk is None


def test_the_buttons_of_an_amount_are_the_spans_of_the_decision_table() -> None:
    chat = at("bedrag")
    assert chat.labels[:4] == ["tot € 100", "van € 100 tot € 1.000", "meer dan € 1.000", "Weet ik niet"]
    chat.choose("meer dan")
    assert "de raad" in chat.text


def test_no_amount_is_asked_again() -> None:
    chat = at("bedrag")
    chat.say("best veel eigenlijk")
    assert "Ik zie geen bedrag" in chat.text
    assert chat.step == "bedrag"


def test_a_question_in_between_is_answered_and_the_walk_goes_on_where_it_was() -> None:
    chat = at("straat")
    chat.say("wie is mijn wijkregisseur?")
    assert chat.turn.replies[0].topic == "wijkregisseur"
    assert chat.asked.text.startswith("Vraag 3 van 5")
    assert chat.step == "straat"


@pytest.mark.parametrize("data", ["s:criteria:soort:kapot", "s:criteria:straat:bestaat-niet", "s:plan:titel:-", "s:x"])
def test_a_stale_or_foreign_button_changes_nothing(data: str) -> None:
    chat = at("straat")
    before = chat.state.criteria
    chat.press(data)
    assert chat.state.criteria == before
    assert chat.step == "straat"
    assert "eerdere vraag" in chat.turn.replies[0].text


@pytest.mark.parametrize(
    "act",
    [
        lambda chat: chat.photo("f"),
        lambda chat: chat.locate(52.0, 5.0),
        lambda chat: chat.unread("voice"),
        lambda chat: chat.edit("Voor de wijk"),
    ],
)
def test_other_events_are_no_answer(act: Callable[[Chat], object]) -> None:
    chat = at("straat")
    act(chat)
    assert chat.step == "straat"
    assert "straat" not in chat.state.criteria
    assert chat.asked.text.startswith("Vraag 3 van 5")


# -- back, stop, again ----------------------------------------------------------------


def test_back_to_the_question_before_and_no_further_than_the_first() -> None:
    chat = at("straat")
    chat.say("terug")
    assert chat.step == "steun"
    chat.press("c:terug")
    assert chat.step == "soort"
    chat.say("terug")
    assert chat.step == "soort"
    assert "eerste vraag" in chat.turn.replies[0].text


def test_an_answer_changed_on_the_way_back_is_the_one_that_counts() -> None:
    chat = at("geld", steun="nee")
    for _ in range(3):
        chat.say("terug")
    chat.choose("Iets is kapot")
    assert chat.state.walk is None
    assert "Melding (en)" not in chat.text
    assert "Meld het." in chat.text
    assert "Steun" not in chat.text


def test_stop_keeps_the_answers_and_the_walk_can_be_gone_on_with() -> None:
    chat = at("straat", steun="nee")
    chat.say("stop")
    assert chat.state.walk is None
    chat.choose("Verdergaan")
    assert chat.step == "straat"
    chat.say("terug")
    assert chat.step == "steun"
    assert chat.state.criteria["steun"] == "nee"


def test_again_asks_first_and_then_begins_from_nothing() -> None:
    chat = at("straat")
    chat.say("opnieuw")
    assert chat.step == "straat"
    chat.choose("Ja, opnieuw")
    assert chat.step == "soort"
    assert chat.state.criteria == {}


def test_the_command_in_the_middle_asks_the_question_again() -> None:
    chat = at("straat")
    chat.say("/criteria")
    assert chat.step == "straat"


def test_after_a_finished_walk_a_new_one_begins_from_nothing() -> None:
    chat = finished()
    chat.choose("Vragen opnieuw doen")
    assert chat.step == "soort"
    assert chat.state.criteria == {}


def test_a_question_that_an_editor_took_out_is_passed_over() -> None:
    state = State(greeted=True, walk=Walk(kind="criteria", step="weggehaald"), criteria={"soort": "plan"})
    chat = Chat(state=state)
    chat.say("ja")
    assert chat.state.criteria["steun"] == "ja"
    assert chat.step == "straat"


# -- the end --------------------------------------------------------------------------


def test_a_good_plan_gets_all_good_who_decides_and_the_ordinary_door() -> None:
    chat = finished()
    results, door = chat.turn.replies
    assert "- Steun: goed. Er is steun." in results.text
    assert "geen besluit" in results.text
    assert results.footer == "Bronnen: Voorbeeldnota, eis 1; Voorbeeldnota, eis 2; Voorbeeldnota, eis 3."
    assert "tot € 100" in door.text
    assert "de regisseur" in door.text
    assert "Naar het budget." in door.text
    assert [choice.data for choice in door.choices] == ["w:plan", "t:wijkbudget", "w:criteria"]


def test_what_is_not_right_yet_comes_with_its_reason_and_what_would_repair_it() -> None:
    chat = finished(steun="nee", straat="straat")
    assert "- Steun: nog doen. Er is nog geen steun. Tip: Vraag uw buren." in chat.text
    assert "- Bereik: past niet. Een straat is te klein. Tip: Doe er een bij." in chat.text
    assert chat.text.startswith("Zo past uw plan nog niet.")


@pytest.mark.parametrize(
    ("answers", "opening"),
    [
        ({}, "Dat ziet er goed uit."),
        ({"steun": "weet-niet"}, "Uw plan maakt misschien kans."),
        ({"steun": "nee"}, "Uw plan maakt kans."),
        ({"steun": "weet-niet", "geld": "ja"}, "Zo past uw plan nog niet."),
    ],
)
def test_the_worst_outcome_sets_the_tone(answers: dict[str, str], opening: str) -> None:
    assert finished(**answers).text.startswith(opening)


def test_each_reason_is_followed_by_what_would_repair_it() -> None:
    assert (
        "past niet. Een straat is te klein. Tip: Doe er een bij. Er is ander geld. Tip: Vraag dat."
        in finished(straat="straat", geld="ja").text
    )


def test_who_does_not_know_most_of_it_is_not_told_that_the_plan_has_a_chance() -> None:
    chat = begun(shipped())
    for _ in shipped().criteria.questions:
        chat.say("weet ik niet")
    results, _ = chat.turn.replies
    assert "misschien" in results.text.splitlines()[0]
    assert results.footer.count("hilversum.nl") == 1


def test_something_broken_is_a_report_at_once() -> None:
    chat = begun()
    chat.say("er is iets kapot")
    (reply,) = chat.turn.replies
    assert "Meld het." in reply.text
    assert [choice.data for choice in reply.choices] == ["t:melding", "w:criteria"]


def test_another_door_does_not_say_who_decides_on_the_wijkbudget() -> None:
    chat = finished(geld="ja")
    assert "Naar een fonds." in chat.text
    assert "de regisseur" not in chat.text


def test_an_amount_not_known_gives_the_whole_table() -> None:
    chat = at("bedrag")
    chat.say("weet ik niet")
    assert "- meer dan € 1.000: de raad" in chat.text


def test_the_answers_go_along_with_a_plan_in_the_making() -> None:
    draft = PlanDraft(title="Bankjes", consent_at=Chat().at)
    chat = Chat(state=State(greeted=True, language="nl", language_chosen=True, draft=draft))
    chat.say("/criteria")
    for answer in ("1", "1", "1", "1", "5000"):
        chat.say(answer)
    assert chat.state.draft is not None
    assert chat.state.draft.criteria == chat.state.criteria
    assert chat.state.draft.door == "groot"
    chat.choose("Verder met uw plan")
    assert chat.state.walk is not None
    assert (chat.state.walk.kind, chat.step) == ("plan", "wat")


# -- the shipped file -----------------------------------------------------------------


def test_the_shipped_walk_asks_eight_to_eleven_questions() -> None:
    assert 8 <= len(shipped().criteria.questions) <= 11


def test_the_shipped_walk_covers_the_four_requirements_and_the_four_principles() -> None:
    asked = {question.requirement for question in shipped().criteria.questions}
    assert {"initiatief", "draagvlak", "thema", "aanvullend"} <= asked
    assert {"wet", "inzet", "terugkoppeling", "verantwoording"} <= asked
    assert asked == {requirement.id for requirement in shipped().criteria.requirements}


def test_every_shipped_requirement_names_a_source_and_every_outcome_a_reason() -> None:
    criteria = shipped().criteria
    assert all("Uitvoeringsnotitie" in one.source or "hilversum.nl" in one.source for one in criteria.requirements)
    for question in criteria.questions:
        for choice in question.choices:
            assert (choice.outcome is None) == (choice.reason is None), (question.id, choice.id)
            if choice.outcome not in (None, "goed"):
                assert choice.repair, (question.id, choice.id)


def test_every_shipped_question_knows_i_do_not_know() -> None:
    for question in shipped().criteria.questions:
        assert any(choice.id == "weet-niet" for choice in question.choices), question.id


def test_every_shipped_text_is_there_in_english() -> None:
    criteria = shipped().criteria
    texts = [question.text for question in criteria.questions]
    texts += [question.explanation for question in criteria.questions if question.explanation]
    for question in criteria.questions:
        for choice in question.choices:
            texts += [text for text in (choice.text, choice.reason, choice.repair) if text]
    texts += [requirement.title for requirement in criteria.requirements]
    texts += [text for door in criteria.doors.values() for text in (door.title, door.text)]
    assert all(text.get("nl") and text.get("en") for text in texts)


def test_every_shipped_label_finds_its_own_choice_when_typed() -> None:
    for question in shipped().criteria.questions:
        if question.kind == "bedrag":
            continue
        for choice, language in product(question.choices, ("nl", "en")):
            state = State(
                greeted=True, language=language, language_chosen=True, walk=Walk(kind="criteria", step=question.id)
            )
            chat = Chat(shipped(), state)
            chat.say(choice.text[language].lower().rstrip("."))
            assert chat.state.criteria.get(question.id) == choice.id, choice.text[language]


@pytest.mark.parametrize(
    ("question", "typed", "choice"),
    [
        ("soort", "er is iets kapot", "kapot"),
        ("soort", "een plan", "plan"),
        ("soort", "taak overnemen", "taak"),
        ("wie", "bewoners", "bewoners"),
        ("wie", "van een bedrijf", "bedrijf"),
        ("wie", "alleen ik", "alleen"),
        ("wie", "vrijwiligers", "vrijwilligers"),
        ("bereik", "een straat", "straat"),
        ("bereik", "mijn straat", None),
        ("draagvlak", "nog niet gevraagd", "niet-gevraagd"),
        ("draagvlak", "ja", None),
        ("geld-elders", "nee", "nee"),
        ("geld-elders", "voor een deel", "deel"),
        ("beleid", "misschien wel", "twijfel"),
        ("inzet", "we hebben het verdeeld", "afgesproken"),
        ("inzet", "de gemeente", "niets"),
    ],
)
def test_how_residents_answer_the_shipped_questions(question: str, typed: str, choice: str | None) -> None:
    chat = Chat(
        shipped(), State(greeted=True, language="nl", language_chosen=True, walk=Walk(kind="criteria", step=question))
    )
    chat.say(typed)
    assert chat.state.criteria.get(question) == choice


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(["nl", "en"]))
def test_every_way_through_the_shipped_walk_ends_in_a_door(data: st.DataObject, language: str) -> None:
    chat = begun(shipped(), language)
    for _ in range(len(shipped().criteria.questions)):
        if chat.state.walk is None:
            break
        values = [choice for choice in chat.asked.choices if choice.data.startswith("s:")]
        assert all(len(choice.data.encode()) <= MAX_CHOICE_DATA for choice in chat.asked.choices)
        chat.press(data.draw(st.sampled_from(values)).data)
    assert chat.state.walk is None
    assert len(indications(chat.state.criteria, shipped(), language)) in (0, 1, len(shipped().criteria.requirements))
    assert all(0 < len(reply.text) <= 4096 and "{" not in reply.text for reply in chat.turn.replies)
    assert chat.asked.choices[-1].data == "w:criteria"


EVENTS = st.one_of(
    st.sampled_from(["1", "ja", "terug", "stop", "/criteria", "opnieuw", "500 euro", "wie beslist?", "…"]).map(
        lambda text: ("say", text)
    ),
    st.sampled_from(
        [
            "s:criteria:soort:plan",
            "s:criteria:steun:ja",
            "s:criteria:bedrag:>1000",
            "c:opnieuw_ja",
            "w:criteria",
            "s:criteria:bedrag:>x",
            "c:terug",
        ]
    ).map(lambda data: ("press", data)),
    st.text(max_size=30).map(lambda text: ("say", text)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENTS, max_size=12))
def test_any_events_get_a_reply(events: list[tuple[str, str]]) -> None:
    chat = begun()
    for act, value in events:
        getattr(chat, act)(value)
        assert all(reply.text for reply in chat.turn.replies)
