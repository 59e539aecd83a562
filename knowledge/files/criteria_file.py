"""Reads ``criteria.toml``: the questions of "Maakt mijn plan kans?", the requirements and the doors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args

from knowledge.files.fields import Fields, TranslatedFields
from knowledge.files.formats import read_toml
from knowledge.files.sources import Sources
from knowledge.models.content import Language, Step
from knowledge.models.problems import Problems
from knowledge.models.requirements import Criteria, CriteriaChoice, CriteriaQuestion, Door, Outcome, Requirement

FILE = "criteria.toml"
END = "einde"
"""As ``ga_naar``: no more questions."""

_KIND = Literal["keuze", "bedrag"]


def read_criteria(folder: Path, languages: Sequence[Language], sources: Sources, problems: Problems) -> Criteria | None:
    table = read_toml(folder / FILE, FILE, problems)
    if table is None:
        return None
    fields = Fields(table, FILE, problems)
    doors = _doors(fields, languages)
    requirements = tuple(_requirement(one, languages, sources) for one in fields.tables_at("eisen"))
    questions = tuple(_question(one, languages) for one in fields.tables_at("vragen"))
    default = fields.one_of("standaard_deur", list(doors)) or ""
    fields.finish()
    criteria = Criteria(questions, requirements, doors, default)
    _check_references(criteria, fields)
    return criteria


def _requirement(fields: Fields, languages: Sequence[Language], sources: Sources) -> Requirement:
    translated = TranslatedFields(fields, languages)
    source = fields.text("bron")
    made = Requirement(
        id=fields.text("id"),
        title=translated.text("titel"),
        source=sources.shown(source, FILE, f"{fields.path} bron", fields.problems) if source else "",
    )
    translated.finish()
    return made


def _question(fields: Fields, languages: Sequence[Language]) -> CriteriaQuestion:
    translated = TranslatedFields(fields, languages)
    kind = fields.one_of("soort", get_args(_KIND))
    made = CriteriaQuestion(
        id=fields.text("id"),
        kind="bedrag" if kind == "bedrag" else "keuze",
        text=translated.text("vraag"),
        explanation=translated.text("uitleg", required=False) or None,
        requirement=fields.text("eis", required=False) or None,
        choices=tuple(_choice(one, languages) for one in fields.tables_at("keuzes")),
    )
    if made.kind == "keuze" and len(made.choices) < 2:
        fields.problem("keuzes", "heeft minstens twee keuzes nodig")
    translated.finish()
    return made


def _choice(fields: Fields, languages: Sequence[Language]) -> CriteriaChoice:
    translated = TranslatedFields(fields, languages)
    outcome = fields.one_of("uitkomst", get_args(Outcome), required=False)
    made = CriteriaChoice(
        id=fields.text("id"),
        text=translated.text("tekst"),
        outcome=next((known for known in get_args(Outcome) if known == outcome), None),
        reason=translated.text("reden", required=False) or None,
        repair=translated.text("herstel", required=False) or None,
        door=fields.text("deur", required=False) or None,
        goto=fields.text("ga_naar", required=False) or None,
    )
    translated.finish()
    return made


def _doors(fields: Fields, languages: Sequence[Language]) -> dict[str, Door]:
    table = fields.table_at("deuren", required=True)
    made: dict[str, Door] = {}
    for name in table.table if table else ():
        one = table.table_at(name) if table else None
        if one is None:
            continue
        translated = TranslatedFields(one, languages)
        step = one.one_of("stap", get_args(Step), required=False)
        made[name] = Door(
            id=name,
            title=translated.text("titel"),
            text=translated.text("tekst"),
            topic=one.text("onderwerp"),
            rank=one.number("rang"),
            step=next((known for known in get_args(Step) if known == step), None),
        )
        translated.finish()
    return made


def _check_references(criteria: Criteria, fields: Fields) -> None:
    """Requirements, doors and following questions that are named exist, and no id stands twice."""
    requirements = [requirement.id for requirement in criteria.requirements]
    questions = [question.id for question in criteria.questions]
    _check_unique(fields, "eisen", requirements)
    _check_unique(fields, "vragen", questions)
    for place, question in enumerate(criteria.questions):
        where = f"vragen “{question.id}”"
        _check_unique(fields, f"{where} keuzes", [choice.id for choice in question.choices])
        if question.requirement:
            _check_known(fields, f"{where} eis", question.requirement, requirements)
        for choice in question.choices:
            at = f"{where} keuzes “{choice.id}”"
            if choice.door:
                _check_known(fields, f"{at} deur", choice.door, list(criteria.doors))
            if choice.goto:  # only onwards: a walk that goes back would never end
                _check_known(fields, f"{at} ga_naar", choice.goto, [*questions[place + 1 :], END])


def _check_known(fields: Fields, key: str, wanted: str, known: Sequence[str]) -> None:
    if wanted not in known:
        fields.problems.unknown(FILE, key, f"“{wanted}” bestaat niet of staat niet verderop", known, wanted)


def _check_unique(fields: Fields, key: str, ids: Sequence[str]) -> None:
    for one in sorted({one for one in ids if ids.count(one) > 1}):
        fields.problems.add(FILE, key, f"“{one}” staat er twee keer")
