"""A plan's life is written in codes: enumerations everywhere, and never a comparison with what people read."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest

import bot
from bot.desk.plan.possible import suggested
from bot.initiative.kinds import ChangeKind, HolderKind, Role, Status
from tests.plans import shipped

ROOT = Path(bot.__file__).parent
CODES = {str(code) for kind in (Status, ChangeKind, HolderKind, Role) for code in kind}
MODULES = [
    path for room in ("desk", "office", "initiative", "delivery") for path in sorted((ROOT / room).rglob("*.py"))
]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_code_of_a_plan_is_compared_as_a_string(path: Path) -> None:
    compared = {
        side.value
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Compare)
        for side in (node.left, *node.comparators)
        if isinstance(side, ast.Constant)
    }
    assert not compared & CODES


def test_codes_are_what_the_database_has_held_all_along() -> None:
    assert [str(one) for one in Status][:3] == ["ontvangen", "in_gesprek", "bij_wijkteam"]
    assert f"{Status.AFGEROND}" == "afgerond" == Status.AFGEROND


def test_every_decision_names_a_step_that_exists() -> None:
    steps = {rule.step for rule in shipped().facts.decisions}
    assert steps - {""} <= set(Status)


def test_the_step_of_an_amount_does_not_hang_on_a_sentence() -> None:
    """Two rows may read the same; each still leads to its own step."""
    knowledge = shipped()
    alike = tuple(replace(rule, who={"nl": "het college"}) for rule in knowledge.facts.decisions)
    told = replace(knowledge, facts=replace(knowledge.facts, decisions=alike))
    amounts = (1_000, 5_000, 20_000, 90_000)
    assert [suggested(amount, told) for amount in amounts] == ["", "wijkwethouder", "wijkteam", "college"]
    assert suggested(None, told) == ""
