"""A plan and its criteria in lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.initiative.draft import PlanDraft
from bot.initiative.summary import (
    amount_of,
    deciders,
    decision_for,
    door_of,
    indications,
    open_question,
    summarise,
    walked,
)
from tests.conversation.small import knowledge, shipped

KNOWN = knowledge()
GOOD = {"soort": "plan", "steun": "ja", "straat": "wijk", "geld": "nee", "bedrag": "80"}


def values(draft: PlanDraft, language: str = "nl") -> dict[str, str]:
    return {line.key: line.value for line in summarise(draft, KNOWN, language)}


def test_an_empty_plan_says_for_each_question_that_nothing_is_filled_in() -> None:
    lines = summarise(PlanDraft(), KNOWN, "nl")
    assert [line.key for line in lines] == [
        "titel",
        "wat",
        "waar",
        "wanneer",
        "bedrag",
        "eigen",
        "steun",
        "fotos",
        "naam",
        "contact",
    ]
    assert {line.value for line in lines} == {"niet ingevuld"}
    assert all(line.label for line in lines)


def test_a_whole_plan() -> None:
    draft = PlanDraft(
        title="Bankjes",
        what="Drie bankjes",
        wijk="Oosterwijk",
        area="Oosterwijk 1411",
        postcode="1411 AB",
        when="mei",
        amount=1500,
        amount_text="€ 1.500,-",
        own_share="zelf zetten",
        support="de school",
        photos=("a", "b"),
        name="Jo",
        by_chat=True,
        email="jo@voorbeeld.nl",
        telephone="+31612345678",
    )
    assert values(draft) == {
        "titel": "Bankjes",
        "wat": "Drie bankjes",
        "waar": "Oosterwijk 1411 (1411 AB)",
        "wanneer": "mei",
        "bedrag": "€ 1.500",
        "eigen": "zelf zetten",
        "steun": "de school",
        "fotos": "2",
        "naam": "Jo",
        "contact": "deze chat, jo@voorbeeld.nl en 06 12345678",
    }
    assert values(draft, "en")["contact"] == "this chat, jo@voorbeeld.nl and 06 12345678"


@pytest.mark.parametrize(
    ("draft", "shown"),
    [
        (PlanDraft(), "niet ingevuld"),
        (PlanDraft(amount=0), "Geen geld nodig"),
        (PlanDraft(amount=1500, amount_text="1500"), "€ 1.500"),
        (PlanDraft(amount=1500), "€ 1.500"),
        (PlanDraft(amount=1000, amount_text="tussen 500 en 1000"), "€ 1.000 (getypt: tussen 500 en 1000)"),
        (PlanDraft(amount=1500, amount_text="anderhalf duizend"), "€ 1.500 (getypt: anderhalf duizend)"),
        (PlanDraft(amount=5, amount_text="{5} euro"), "€ 5"),
    ],
)
def test_amount(draft: PlanDraft, shown: str) -> None:
    assert values(draft)["bedrag"] == shown


@pytest.mark.parametrize(
    ("answer", "amount"),
    [
        ("1500", 1500),
        ("<=2000", 2000),
        (">25000", 25001),
        ("0", 0),
        ("weet-niet", None),
        ("", None),
        ("<=", None),
        (">", None),
        ("-5", None),
        ("²", None),
    ],
)
def test_amount_of_an_answer(answer: str, amount: int | None) -> None:
    assert amount_of(answer) == amount


@pytest.mark.parametrize(
    ("amount", "who"),
    [(0, "regisseur"), (100, "regisseur"), (101, "wethouder"), (1000, "wethouder"), (1001, "raad"), (10**9, "raad")],
)
def test_who_decides_goes_by_the_limits_and_a_limit_is_included(amount: int, who: str) -> None:
    (decider,) = deciders(amount, KNOWN, "nl")
    assert decider.who == f"de {who}"


def test_who_decides_where_the_amount_is_not_known_is_the_whole_table() -> None:
    rows = deciders(None, KNOWN, "nl")
    assert [row.span for row in rows] == ["tot € 100", "van € 100 tot € 1.000", "meer dan € 1.000"]


@given(st.integers(0, 10**9))
def test_somebody_decides_at_every_amount(amount: int) -> None:
    for known in (KNOWN, shipped()):
        assert decision_for(amount, known) is not None


def test_indications_say_outcome_reason_repair_and_source() -> None:
    first, *_ = indications({"soort": "plan", "steun": "nee"}, KNOWN, "nl")
    assert (first.title, first.outcome, first.outcome_label) == ("Steun", "nog-doen", "nog doen")
    assert (first.reason, first.repair, first.source) == (
        "Er is nog geen steun.",
        "Vraag uw buren.",
        "Voorbeeldnota, eis 1",
    )


def test_the_worst_of_several_answers_is_the_outcome_of_their_requirement() -> None:
    both = indications(GOOD | {"straat": "wijk", "geld": "ja"}, KNOWN, "nl")[1]
    assert (both.outcome, both.reason) == ("past-niet", "Er is ander geld.")
    worst = indications(GOOD | {"straat": "straat", "geld": "ja"}, KNOWN, "nl")[1]
    assert worst.reason == "Een straat is te klein. Er is ander geld."
    assert worst.repair == "Doe er een bij. Vraag dat."
    good = indications(GOOD, KNOWN, "nl")[1]
    assert good.outcome == "goed"


def test_indications_in_the_other_language() -> None:
    assert indications({"soort": "plan", "steun": "ja"}, KNOWN, "en")[0].title == "Steun (en)"


def test_answers_off_the_path_do_not_count() -> None:
    left = GOOD | {"soort": "kapot"}
    assert indications(left, KNOWN, "nl") == ()
    assert [question.id for question, _ in walked(left, KNOWN)] == ["soort"]
    assert open_question(left, KNOWN) is None


def test_an_answer_that_is_no_longer_offered_is_asked_again() -> None:
    asked = open_question(GOOD | {"steun": "bestaat-niet"}, KNOWN)
    assert asked is not None
    assert asked.id == "steun"
    nothing = open_question({}, KNOWN)
    assert nothing is not None
    assert nothing.id == "soort"


@pytest.mark.parametrize(
    ("changed", "door"),
    [
        ({}, "budget"),
        ({"bedrag": "weet-niet"}, "budget"),
        ({"bedrag": "1001"}, "groot"),
        ({"bedrag": ">1000"}, "groot"),
        ({"bedrag": "<=1000"}, "budget"),
        ({"geld": "ja"}, "fonds"),
        ({"geld": "ja", "bedrag": "5000"}, "fonds"),
        ({"soort": "taak", "geld": "ja"}, "overnemen"),
        ({"soort": "kapot", "bedrag": "5000"}, "melding"),
        ({"soort": "weg"}, "budget"),
    ],
)
def test_the_right_door_is_the_one_of_highest_rank(changed: dict[str, str], door: str) -> None:
    assert door_of(GOOD | changed, KNOWN).id == door


def test_no_answers_no_indications_and_the_ordinary_door() -> None:
    assert indications({}, KNOWN, "nl") == ()
    assert door_of({}, KNOWN).id == "budget"


@given(st.dictionaries(st.sampled_from(["soort", "steun", "straat", "geld", "bedrag", "x"]), st.text(max_size=8)))
def test_any_stored_answers_can_be_read(answers: dict[str, str]) -> None:
    indications(answers, KNOWN, "en")
    assert door_of(answers, KNOWN).title
    assert len(walked(answers, KNOWN)) <= len(KNOWN.criteria.questions)
