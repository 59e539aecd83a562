"""What each action asks has words for it, and finds what is wrong."""

from __future__ import annotations

import re

import pytest

from bot.desk.plan.possible import FIRST_FOR, ORDER
from bot.desk.steps.forms import KINDS, ActionForm, cleaned
from bot.initiative.lifecycle import STATUSES
from bot.office.handling.actions import FIELDS, STATUS_OF, euro_of, told
from bot.office.letters.voice import Voice
from bot.ports.typed_text import MAX_LENGTH
from tests.plans import shipped

VOICE = Voice(shipped(), "nl")
NAMES = {"naam": "Zoë", "titel": "Koffie", "kenmerk": "HV-1", "gebied": "Zuid", "ambtenaar": "Anne"}


def test_actions_and_their_places_fit_together() -> None:
    assert set(ORDER) == set(FIELDS)
    assert set(STATUS_OF) <= set(FIELDS)
    assert set(STATUS_OF.values()) <= set(STATUSES)
    assert {action for actions in FIRST_FOR.values() for action in actions} <= set(FIELDS)


@pytest.mark.parametrize("action", FIELDS)
def test_every_action_has_its_words(action: str) -> None:
    for group in ("knop", "intro", "gedaan"):
        assert VOICE.say(f"bureau.{group}.{action}")
    asked = ActionForm(action, VOICE, (("Groep", (("a@b.nl", "A"),)),))
    nothing = dict.fromkeys((wanted.rstrip("?") for wanted in FIELDS[action]), "")
    problems = asked.problems(nothing)
    for field in asked.fields({}, problems):
        assert field.label
        assert field.required is (field.name in problems)
        assert bool(field.problem) is field.required


@pytest.mark.parametrize("action", FIELDS)
def test_every_template_fills_a_form_without_a_mistake(action: str) -> None:
    asked = ActionForm(action, VOICE)
    for key, name in asked.templates():
        filled = asked.filled(key, NAMES)
        assert name
        assert filled
        assert not re.search(r"\{\w*\}", "".join(filled.values()))
        assert not set(asked.problems(filled)) & set(filled)
        required = {wanted for wanted in FIELDS[action] if not wanted.endswith("?")}
        assert required <= set(filled)


def test_templates_of_unknown_actions_are_none() -> None:
    keys = [key for key in shipped().texts.texts["nl"] if key.startswith("sjabloon.")]
    assert keys
    for key in keys:
        _, action, _, field = key.split(".")
        assert field == "naam" or field in {wanted.rstrip("?") for wanted in FIELDS[action]}, key
        assert KINDS.get(field, "area") == "area"


@pytest.mark.parametrize(
    ("typed", "euro"),
    [("1500", 1500), ("€ 1.500,-", 1500), ("1500 euro", 1500), ("0", 0), (" 250 ", 250), ("anderhalf duizend", 1500),
     ("", None), ("veel", None), ("tussen 500 en 1000", None), ("99999999999", None), ("10000001", None),
     ("1 " * 30, None)],
)  # fmt: skip
def test_an_amount(typed: str, euro: int | None) -> None:
    assert euro_of(typed) == euro


def test_a_text_is_cleaned_and_what_is_not_asked_left_out() -> None:
    typed = {"tekst": " een\r\ntwee\x00\r ", "status": "afgerond", "notitie": "\t"}
    assert cleaned(typed, "vraag") == {"tekst": "een\ntwee", "notitie": ""}


def test_a_text_may_be_as_long_as_it_says() -> None:
    asked = ActionForm("vraag", VOICE)
    assert asked.problems({"tekst": "é" * MAX_LENGTH}) == {}
    assert set(asked.problems({"tekst": "é" * (MAX_LENGTH + 1)})) == {"tekst"}


@pytest.mark.parametrize(("language", "amount"), [("nl", "Bedrag: € 1.500"), ("en", "€1,500")])
def test_a_resident_reads_an_amount_as_in_their_language(language: str, amount: str) -> None:
    given = {"bewoners": "x", "gemeente": "y", "bedrag": "1.500"}
    said = told("buurtdeal", given, Voice(shipped(), language))
    assert amount in said.reason
    assert said.deal_amount == 1500
