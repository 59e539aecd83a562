"""A plan and its criteria in lines that anybody can read: the resident's summary, the officer's mail, the desk.

The answers of the criteria walk are kept as question id to choice id; where an amount is
asked, as whole euro ("1500") or, from a button, as a bound ("<=2000", ">25000").
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from bot.initiative.draft import PlanDraft
from knowledge.base import Knowledge
from knowledge.language.formatting import enumerate_names, euro, show_telephone
from knowledge.models.content import DecisionRule, Language, Translated
from knowledge.models.requirements import CriteriaChoice, CriteriaQuestion, Door, Outcome, Requirement

END = "einde"
"""``ga_naar`` of a choice after which nothing more is asked."""
AMOUNT = "bedrag"
"""Choice of an amount question that stands for every amount."""
UNKNOWN = "weet-niet"
"""Choice for "weet ik niet"."""

WORST_FIRST: tuple[Outcome, ...] = ("past-niet", "nog-doen", "onbekend", "goed")
"""Where several answers inform one requirement, the first of these that occurs is its outcome."""


@dataclass(frozen=True, slots=True)
class SummaryLine:
    key: str
    """Step of the form where this is told."""
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Indication:
    """How a plan stands on one requirement; no decision."""

    title: str
    outcome: Outcome
    outcome_label: str
    grounds: tuple[tuple[str, str], ...]
    """Each reason with what would repair it; either may be ""."""
    source: str

    @property
    def reason(self) -> str:
        return _joined(reason for reason, _ in self.grounds)

    @property
    def repair(self) -> str:
        return _joined(repair for _, repair in self.grounds)


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides on amounts within ``span`` ("tot € 2.000")."""

    span: str
    who: str
    how: str
    source: str


def translated(texts: Translated | None, knowledge: Knowledge, language: Language) -> str:
    """The translation, or else the original; "" where there is no text."""
    if texts is None:
        return ""
    return texts.get(language) or texts[knowledge.gemeente.original]


# -- the plan -----------------------------------------------------------------------


def summarise(draft: PlanDraft, knowledge: Knowledge, language: Language) -> tuple[SummaryLine, ...]:
    """Everything that was told, a line per question, what was left out included."""
    values = {
        "titel": draft.title,
        "wat": draft.what,
        "waar": _where(draft),
        "wanneer": draft.when,
        "bedrag": _amount(draft, knowledge, language),
        "eigen": draft.own_share,
        "steun": draft.support,
        "fotos": str(len(draft.photos)) if draft.photos else "",
        "naam": draft.name,
        "contact": _contact(draft, knowledge, language),
    }
    empty = knowledge.texts.say("samenvatting.leeg", language)
    return tuple(
        SummaryLine(key, knowledge.texts.say(f"samenvatting.{key}", language), value or empty)
        for key, value in values.items()
    )


def _where(draft: PlanDraft) -> str:
    place = draft.area or draft.wijk
    return f"{place} ({draft.postcode})" if place and draft.postcode else place


def _amount(draft: PlanDraft, knowledge: Knowledge, language: Language) -> str:
    if draft.amount is None:
        return ""
    if draft.amount == 0:
        return knowledge.texts.say("samenvatting.geen_geld", language)
    shown = euro(draft.amount, language)
    if draft.amount_text and _digits(draft.amount_text) != str(draft.amount):
        return knowledge.texts.say("samenvatting.bedrag_volgens", language, bedrag=shown, tekst=draft.amount_text)
    return shown


def _digits(text: str) -> str:
    """The digits of an amount as written: those of "€ 1.500,-" say all, those of "tussen 500 en 1000" do not."""
    return "".join(c for c in text if c.isdigit())


def _contact(draft: PlanDraft, knowledge: Knowledge, language: Language) -> str:
    ways = [knowledge.texts.say("samenvatting.deze_chat", language)] if draft.by_chat else []
    telephone = show_telephone(draft.telephone, knowledge.gemeente.region_code)
    ways += [way for way in (draft.email, telephone) if way]
    return enumerate_names(ways, knowledge.texts.say("bedrag.en", language)) if ways else ""


# -- the criteria -------------------------------------------------------------------


def question_of(knowledge: Knowledge, question_id: str) -> CriteriaQuestion | None:
    return next((q for q in knowledge.criteria.questions if q.id == question_id), None)


def choice_of(question: CriteriaQuestion, answer: str) -> CriteriaChoice | None:
    """The choice that an answer stands for; None for one that is no longer offered."""
    wanted = AMOUNT if question.kind == "bedrag" and amount_of(answer) is not None else answer
    return next((choice for choice in question.choices if choice.id == wanted), None)


def next_question(knowledge: Knowledge, question: CriteriaQuestion, answer: str) -> CriteriaQuestion | None:
    """The question after this answer; None at the end."""
    choice = choice_of(question, answer)
    if choice is not None and choice.goto is not None:
        return None if choice.goto == END else question_of(knowledge, choice.goto)
    following = {before.id: after for before, after in pairwise(knowledge.criteria.questions)}
    return following.get(question.id)


def walked(answers: dict[str, str], knowledge: Knowledge) -> tuple[tuple[CriteriaQuestion, CriteriaChoice], ...]:
    """The questions answered, in the order asked; answers off that path (changed on the way back) are left out."""
    path: list[tuple[CriteriaQuestion, CriteriaChoice]] = []
    question = next(iter(knowledge.criteria.questions), None)
    seen: set[str] = set()
    while question is not None and question.id not in seen and question.id in answers:
        seen.add(question.id)
        answer = answers[question.id]
        choice = choice_of(question, answer)
        if choice is None:
            break
        path.append((question, choice))
        question = next_question(knowledge, question, answer)
    return tuple(path)


def open_question(answers: dict[str, str], knowledge: Knowledge) -> CriteriaQuestion | None:
    """The first question of the walk that has no (valid) answer yet; None where the walk is complete."""
    path = walked(answers, knowledge)
    if not path:
        return next(iter(knowledge.criteria.questions), None)
    last = path[-1][0]
    following = next_question(knowledge, last, answers[last.id])
    return following if following is None or all(question.id != following.id for question, _ in path) else None


def indications(answers: dict[str, str], knowledge: Knowledge, language: Language) -> tuple[Indication, ...]:
    """How the answers stand on each requirement that they say something about, in the editors' order."""
    path = walked(answers, knowledge)
    found = []
    for requirement in knowledge.criteria.requirements:
        choices = [choice for question, choice in path if question.requirement == requirement.id and choice.outcome]
        if choices:
            found.append(_indication(requirement, choices, knowledge, language))
    return tuple(found)


def _indication(
    requirement: Requirement, choices: list[CriteriaChoice], knowledge: Knowledge, language: Language
) -> Indication:
    outcome = next(outcome for outcome in WORST_FIRST if any(choice.outcome == outcome for choice in choices))
    deciding = [choice for choice in choices if choice.outcome == outcome]
    return Indication(
        title=translated(requirement.title, knowledge, language),
        outcome=outcome,
        outcome_label=knowledge.texts.say(f"criteria.uitkomst_{outcome.replace('-', '_')}", language),
        grounds=tuple(
            (translated(choice.reason, knowledge, language), translated(choice.repair, knowledge, language))
            for choice in deciding
        ),
        source=requirement.source,
    )


def _joined(texts: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(text for text in texts if text))


def sources_of(found: Iterable[Indication]) -> str:
    """Each source once."""
    return "; ".join(dict.fromkeys(source for one in found for source in one.source.split("; ")))


# -- who decides, and where to go ---------------------------------------------------


def amount_of(answer: str) -> int | None:
    """Euro of an answer to an amount question: "1500", "<=2000" or ">25000" (one euro more); else None."""
    if answer.isdecimal():
        return int(answer)
    if answer.startswith("<=") and answer[2:].isdecimal():
        return int(answer[2:])
    if answer.startswith(">") and answer[1:].isdecimal():
        return int(answer[1:]) + 1
    return None


def amount_answer(answers: dict[str, str], knowledge: Knowledge) -> str:
    """The answer to the amount question on the path walked; "" for none or "weet ik niet"."""
    for question, choice in walked(answers, knowledge):
        if question.kind == "bedrag" and choice.id == AMOUNT:
            return answers[question.id]
    return ""


def decision_for(amount: int, knowledge: Knowledge) -> DecisionRule | None:
    """The row of the decision table for this amount; limits are inclusive."""
    fitting = (row for row in knowledge.facts.decisions if row.limit is None or amount <= row.limit)
    return next(fitting, None)


def span_of(decision: DecisionRule, knowledge: Knowledge, language: Language) -> str:
    """ "tot € 2.000", "van € 2.000 tot € 10.000" or "meer dan € 25.000"."""
    say = knowledge.texts.say
    rows = knowledge.facts.decisions
    place = rows.index(decision)
    floor = rows[place - 1].limit if place else None
    if decision.limit is None:
        return say("bedrag.boven", language, bedrag=euro(floor or 0, language))
    if floor is None:
        return say("bedrag.tot", language, bedrag=euro(decision.limit, language))
    return say("bedrag.tussen", language, van=euro(floor, language), tot=euro(decision.limit, language))


def deciders(amount: int | None, knowledge: Knowledge, language: Language) -> tuple[Decider, ...]:
    """Who decides at this amount: one row of the decision table; every row while the amount is not known."""
    fitting = None if amount is None else decision_for(amount, knowledge)
    rows = knowledge.facts.decisions if fitting is None else (fitting,)
    return tuple(
        Decider(
            span_of(row, knowledge, language),
            translated(row.who, knowledge, language),
            translated(row.how, knowledge, language),
            row.source,
        )
        for row in rows
    )


def door_of(answers: dict[str, str], knowledge: Knowledge) -> Door:
    """Where a plan with these answers belongs: of all doors that they name, the one of highest rank."""
    criteria = knowledge.criteria
    named = [choice.door for _, choice in walked(answers, knowledge) if choice.door]
    amount = amount_of(amount_answer(answers, knowledge))
    if amount is not None and (decision := decision_for(amount, knowledge)) is not None:
        named.append(decision.door)
    doors = [criteria.doors[door] for door in named if door in criteria.doors]
    return max(doors, key=lambda door: door.rank, default=criteria.doors[criteria.default_door])
