"""How well messages are understood that nothing was learnt from: ``vragen.csv``, and ``vragen_anderen.csv``.

The first holds lines of our own hand, the second lines in the shapes in which others write. The
figures of both stand apart: one's own hand flatters. Of the other hand some lines are kept
``apart``: the judges learn from the rest, and never from those.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from knowledge.files.formats import read_csv
from knowledge.models.content import Language
from knowledge.models.problems import Problems

QUESTIONS, OTHERS = "vragen.csv", "vragen_anderen.csv"
_OTHER_COLUMNS = ("vraag", "onderwerp", "ook_goed", "taal", "vorm", "bron", "apart")
_COLUMNS = ("vraag", "onderwerp", "taal")
OUTSIDE = ""
"""Topic of a question that no topic covers."""


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    topic: str
    language: Language
    style: str = ""
    """Kind of phrasing, where the file has a column ``stijl``."""
    also_right: tuple[str, ...] = ()
    other_hand: bool = False
    apart: bool = False
    """Of the other hand and never learnt from, not even by the judges."""

    @property
    def topics(self) -> tuple[str, ...]:
        """All that are right."""
        return (self.topic, *self.also_right)


class Done(Protocol):
    """What was done with a message."""

    @property
    def kind(self) -> str: ...
    @property
    def topics(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    question: Question
    match: Done
    example: str = ""
    """The example that won it, where the match went wrong."""

    @property
    def answered_right(self) -> bool:
        return self.match.kind == "answer" and self.match.topics[0] in self.question.topics

    @property
    def answered_wrong(self) -> bool:
        return self.match.kind == "answer" and not self.answered_right and OUTSIDE not in self.question.also_right

    @property
    def within_reach(self) -> bool:
        """Right at once, or the right button is among the choices; out of scope: "I do not know"."""
        if self.question.topic == OUTSIDE or self.match.kind == "answer":
            return self.answered_right or (self.question.topic == OUTSIDE and self.match.kind == "fallback")
        return bool({*self.question.topics} & {*self.match.topics})

    @property
    def fell_back(self) -> bool:
        return self.match.kind == "fallback"


@dataclass(frozen=True, slots=True)
class EvaluationFigures:
    """Shares of a number of questions, 0..1."""

    questions: int
    answered_right: float
    answered_wrong: float
    within_reach: float
    fell_back: float

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> EvaluationFigures:
        count = len(outcomes)

        def share(hits: Iterable[bool]) -> float:
            return sum(hits) / count if count else 0.0

        return cls(
            count,
            share(one.answered_right for one in outcomes),
            share(one.answered_wrong for one in outcomes),
            share(one.within_reach for one in outcomes),
            share(one.fell_back for one in outcomes),
        )


@dataclass(frozen=True, slots=True)
class Confusion:
    """Questions of one topic for which another was answered or put first."""

    topic: str
    taken_for: str
    """Empty: nothing was found."""
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    outcomes: tuple[Outcome, ...]

    @property
    def in_scope(self) -> EvaluationFigures:
        return EvaluationFigures.of([one for one in self.outcomes if one.question.topic != OUTSIDE])

    @property
    def out_of_scope(self) -> EvaluationFigures:
        """``answered_wrong`` and ``fell_back`` are what counts here."""
        return EvaluationFigures.of([one for one in self.outcomes if one.question.topic == OUTSIDE])

    def per_topic(self) -> dict[str, EvaluationFigures]:
        """The topics of the questions, worst first."""
        found = _grouped(self.outcomes, lambda one: one.question.topic)
        return dict(sorted(found.items(), key=lambda item: (item[1].within_reach, item[1].answered_right, item[0])))

    def per_style(self) -> dict[str, EvaluationFigures]:
        return _grouped([one for one in self.outcomes if one.question.topic != OUTSIDE], lambda one: one.question.style)

    def confusions(self) -> list[Confusion]:
        """Most frequent first; what was answered at once and right is none."""
        pairs: defaultdict[tuple[str, str], list[Outcome]] = defaultdict(list)
        for one in self.outcomes:
            taken_for = one.match.topics[0] if one.match.topics else OUTSIDE
            if taken_for not in one.question.topics:
                pairs[one.question.topic, taken_for].append(one)
        found = [Confusion(topic, taken_for, tuple(outcomes)) for (topic, taken_for), outcomes in pairs.items()]
        return sorted(found, key=lambda one: (-len(one.outcomes), one.topic, one.taken_for))


def evaluate(
    ask: Callable[[str], Done], questions: Iterable[Question], winner: Callable[[str], str] | None = None
) -> Evaluation:
    """Asks every question without a hint of its language. ``winner``: tells which example won a wrong one."""
    found = []
    for question in questions:
        done = ask(question.text)
        missed = winner is not None and done.topics and done.topics[0] not in question.topics
        found.append(Outcome(question, done, winner(question.text) if missed and winner else ""))
    return Evaluation(tuple(found))


def read_questions(folder: Path, problems: Problems) -> list[Question]:
    """The rows of both files; "fallback" and an empty topic both mean out of scope."""
    rows = read_csv(folder / QUESTIONS, QUESTIONS, _COLUMNS, problems, others=True)
    own = [Question(row["vraag"], _topic(row["onderwerp"]), row["taal"], row["stijl"]) for row in rows if row["vraag"]]
    return [*own, *read_others(folder, problems)]


def read_others(folder: Path, problems: Problems) -> list[Question]:
    """The lines of other hands; none where the municipality has no such file."""
    if not (folder / OTHERS).exists():
        return []
    return [
        Question(
            row["vraag"],
            _topic(row["onderwerp"]),
            row["taal"],
            row["vorm"],
            tuple(_topic(topic) for topic in row["ook_goed"].split()),
            other_hand=True,
            apart=row["apart"] == "ja",
        )
        for row in read_csv(folder / OTHERS, OTHERS, _OTHER_COLUMNS, problems)
    ]


def _topic(name: str) -> str:
    return OUTSIDE if name == "fallback" else name


def _grouped(outcomes: Iterable[Outcome], key: Callable[[Outcome], str]) -> dict[str, EvaluationFigures]:
    groups: defaultdict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        groups[key(one)].append(one)
    return {name: EvaluationFigures.of(group) for name, group in groups.items()}
