"""Everything that can stand in a plan's history or in the trail has words of its own."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import bot
from bot.desk.plan.history_words import HistoryWords
from bot.initiative.kinds import ChangeKind
from bot.office.letters.voice import Voice
from bot.office.officers.routing import Routing
from storage.models import PlanChange
from tests.plans import ANNE, BRAM, NOW, TEAM, shipped

NAMED_BY = {"change_plan": 3, "Step": 0, "note_view": 1}
"""Function to the place of the argument that names what happened."""


def written(function: str) -> set[str]:
    """What the program passes as the name of what happened, read from its source."""
    found: set[str] = set()
    for path in Path(bot.__path__[0]).rglob("*.py"):
        module = ".".join(("bot", *path.relative_to(bot.__path__[0]).with_suffix("").parts))
        for call in calls(ast.parse(path.read_text(encoding="utf-8")), function):
            if len(call.args) > NAMED_BY[function]:
                found |= set(values(call.args[NAMED_BY[function]], module))
    return found


def calls(tree: ast.Module, function: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name == function:
                yield node


def values(argument: ast.expr, module: str) -> Iterator[str]:
    """A string, or a constant of a module; what only passes through is named elsewhere."""
    if isinstance(argument, ast.Constant):
        yield str(argument.value)
    name = ast.unparse(argument)
    value: object = importlib.import_module(module)
    for part in name.split("."):
        value = getattr(value, part, None)
    if isinstance(value, str):
        yield value


def words() -> HistoryWords:
    return HistoryWords(Voice(shipped(), "nl"), Routing((ANNE, BRAM), TEAM))


def test_every_kind_of_change_has_its_words() -> None:
    texts = shipped().texts
    assert sorted(kind for kind in ChangeKind if not texts.has(f"bureau.gebeurd.{kind}")) == []
    others = set(ChangeKind) - {ChangeKind.STATUS, ChangeKind.DEAL_CHANGED}
    assert words().change(ChangeKind.DEAL_CHANGED, "1000", "2000").count("€") == 2
    said = {kind: words().change(kind, "anne@gemeente.test", "bram@gemeente.test", 4) for kind in others}
    assert [kind for kind, text in said.items() if kind in text or "{" in text] == []


def test_every_kind_of_look_has_its_words() -> None:
    kinds = written("note_view") | {"log", "export", "figures", "figures_export"}
    assert "plan" in kinds
    assert sorted(kind for kind in kinds if not shipped().texts.has(f"bureau.gezien.{kind}")) == []


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ("email", "Bericht kwam niet aan via Telegram. Het gaat nu via e-mail"),
        ("", "Bericht kwam niet aan via Telegram. Er is geen andere weg: vertel het de bewoner zelf"),
    ],
)
def test_news_that_did_not_arrive_names_the_channels(other: str, told: str) -> None:
    assert words().change("unreached", "telegram", other) == told


@pytest.mark.parametrize(("new", "told"), [(date(2026, 12, 4), []), (date(2026, 12, 7), ["Nieuwe datum"])])
def test_a_date_that_stays_is_no_new_date(new: date, told: list[str]) -> None:
    """Of a second question on one day, for which the resident gets as long as for the first."""
    change = PlanChange(
        id=1,
        plan_id="1",
        at=NOW,
        actor_kind="wijkregisseur",
        actor="anne@gemeente.test",
        kind="question",
        old_date=date(2026, 12, 4),
        new_date=new,
    )
    (happened,) = words().happened([change], {})
    assert [fact.label for fact in happened.texts] == told


@pytest.mark.parametrize(
    ("way", "said"), [("", "Aanvulling of antwoord"), ("email", "per e-mail"), ("officer", "vastgelegd")]
)
def test_an_answer_tells_by_what_way_it_came(way: str, said: str) -> None:
    assert said in words().change("added", way, "")
