"""Facts in answers: which rows come first, none left out, in the resident's language, and a gap said as a gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.conversation.turn.plan_view import Record, ThermometerView
from bot.conversation.turn.state import State
from knowledge.base import Knowledge
from tests.conversation.small import Chat, knowledge

Row = Mapping[str, str]
LISTED = {"nl": "Dit is er in {wijk.naam}:\n{wijk.initiatieven}", "en": "There is in {wijk.naam}:\n{wijk.initiatieven}"}


def town(
    answer: Mapping[str, str] = LISTED, empty: Mapping[str, str] | None = None, **tables: Sequence[Row]
) -> Knowledge:
    base = knowledge()
    topic = replace(base.topics["wijkbudget"], answer_wijk=answer, answer_empty=empty)
    facts = replace(base.facts, tables={name: tuple(rows) for name, rows in tables.items()})
    return replace(base, topics={**base.topics, "wijkbudget": topic}, facts=facts)


def told(known: Knowledge, question: str = "geld voor de buurt", language: str = "nl", **state: Any) -> str:
    home: dict[str, Any] = {"wijk": "Oosterwijk", "area": "Oosterwijk 1411"} | state
    chat = Chat(known, State(greeted=True, language=language, language_chosen=True, **home))
    chat.say(question)
    return chat.text


def row(name: str, year: str = "2020", **more: str) -> Row:
    return {"wijk": "Oosterwijk", "naam": name, "jaar": year, **more}


def order(text: str, *names: str) -> list[str]:
    return sorted(names, key=text.index)


def test_the_newest_come_first_each_with_its_year_and_rows_of_another_part_not_at_all() -> None:
    rows = [row("Oud", "2017-2018"), row("Nieuw", "2022-2023"), row("Elders", gebied="Oosterwijk 1412")]
    text = told(town(initiatieven=rows))
    assert order(text, "Oud", "Nieuw") == ["Nieuw", "Oud"]
    assert "- Nieuw (2022-2023)" in text
    assert "Elders" not in text


def test_what_is_near_comes_before_what_is_new() -> None:
    rows = [row("Hele wijk", "2024"), row("Eigen deel", "2019", gebied="Oosterwijk 1411")]
    assert order(told(town(initiatieven=rows)), "Hele wijk", "Eigen deel") == ["Eigen deel", "Hele wijk"]


def test_what_was_asked_comes_before_all() -> None:
    rows = [row("Feest", "2024", soort="feest"), row("Perkje", "2018", soort="groen, tuinen")]
    text = told(town(initiatieven=rows), "geld voor groene plannen in de buurt")
    assert order(text, "Feest", "Perkje") == ["Perkje", "Feest"]


def test_of_many_rows_the_last_ones_are_named_too() -> None:
    rows = [row(f"Plan {number}", str(2000 + number), omschrijving="Uitleg.") for number in range(12)]
    text = told(town(initiatieven=rows))
    assert text.count("Uitleg.") == 8
    assert all(f"Plan {number} (" in text for number in range(12))


def test_local_rows_come_first_and_those_of_no_wijk_are_named() -> None:
    answer = {"nl": "Hier werken:\n{wijk.partners}"}
    everywhere = [{"wijk": "", "naam": f"Landelijk {number}", "wat": "hulp"} for number in range(9)]
    text = told(town(answer, partners=[*everywhere, {"wijk": "Oosterwijk", "naam": "De Schuur", "wat": "ruimte"}]))
    assert "- De Schuur: ruimte" in text
    assert order(text, "De Schuur", "Landelijk 0") == ["De Schuur", "Landelijk 0"]
    assert "Landelijk 8" in text


def test_a_row_is_told_in_the_language_of_the_resident() -> None:
    rows = [row("Tuin", naam_en="Garden", omschrijving="Een tuin.", omschrijving_en="A garden.")]
    assert "Garden (2020): A garden." in told(town(initiatieven=rows), language="en")


def test_a_list_without_rows_changes_the_answer_around_it() -> None:
    empty = {"nl": "Dat weten wij nog niet van {wijk.naam}."}
    assert told(town(empty=empty, initiatieven=[])) == "Dat weten wij nog niet van Oosterwijk."
    assert "Dit is er in" in told(town(empty=empty, initiatieven=[row("Tuin")]))


@pytest.mark.parametrize(("wijk", "shown"), [("Noorderwijk", "het Noorderwijk"), ("Oosterwijk", "Oosterwijk")])
def test_a_wijk_is_named_as_one_says_it(wijk: str, shown: str) -> None:
    articles: list[Row] = [{"wijk": "Noorderwijk", "lidwoord": "het"}, {"wijk": "Oosterwijk", "lidwoord": ""}]
    answer = {"nl": "Geld in {wijk.naam}. {wijk.contact}"}
    text = told(town(answer, wijken=articles), wijk=wijk, area="")
    assert text.startswith(f"Geld in {shown}.")
    assert f"van {shown}." in text


def test_each_column_of_the_budgets_can_be_told_without_a_name_in_the_code() -> None:
    rows = [{"wijk": "Oosterwijk", "bedrag": "100", "bedrag_1999": "50", "aandeel_1999": "13"}]
    answer = {"nl": "{wijk.budget} {budget.bedrag_1999} {budget.aandeel_1999}\n{budgetten.bedrag_1999}"}
    assert told(town(answer, budgetten=rows)) == "€ 100 € 50 13%\n- Oosterwijk: € 50"


def test_the_thermometer_claims_no_more_than_the_bot_knows() -> None:
    chat = Chat(
        town({"nl": "{wijk.thermometer}"}),
        State(greeted=True, language="nl", language_chosen=True, wijk="Oosterwijk", area="Oosterwijk 1411"),
    )
    chat.record = Record(thermometers={"Oosterwijk": ThermometerView(year=2026, promised=400, plans=(("Bank", 400),))})
    chat.say("geld voor de buurt")
    assert "€ 400" in chat.text
    assert "deze bot" in chat.text
    assert "nog € " not in chat.text
