"""How well the matcher does on test questions that it never learnt from: ``vragen.csv``.

Figures in all and per topic, which topics are taken for which, and which example won.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.files.formats import read_csv
from knowledge.matching.matcher import Match, Matcher
from knowledge.models.content import Language
from knowledge.models.problems import Problems

QUESTIONS = "vragen.csv"
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


@dataclass(frozen=True, slots=True)
class Outcome:
    question: Question
    match: Match
    example: str = ""
    """The example that won it, where the match went wrong."""

    @property
    def answered_right(self) -> bool:
        return self.match.kind == "answer" and self.match.topics[0] == self.question.topic

    @property
    def answered_wrong(self) -> bool:
        return self.match.kind == "answer" and not self.answered_right

    @property
    def within_reach(self) -> bool:
        """Right at once, or the right button is among the choices; out of scope: "I do not know"."""
        if self.question.topic == OUTSIDE or self.match.kind == "answer":
            return self.answered_right or (self.question.topic == OUTSIDE and self.match.kind == "fallback")
        return self.question.topic in self.match.topics

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
            if taken_for != one.question.topic:
                pairs[one.question.topic, taken_for].append(one)
        found = [Confusion(topic, taken_for, tuple(outcomes)) for (topic, taken_for), outcomes in pairs.items()]
        return sorted(found, key=lambda one: (-len(one.outcomes), one.topic, one.taken_for))


def evaluate(matcher: Matcher, questions: Iterable[Question], reasons: bool = True) -> Evaluation:
    """Asks every question without a hint of its language. ``reasons``: look up which example won a wrong one."""
    return Evaluation(tuple(_ask(matcher, question, reasons) for question in questions))


def read_questions(folder: Path, problems: Problems) -> list[Question]:
    """The rows of ``vragen.csv``; "fallback" and an empty topic both mean out of scope."""
    rows = read_csv(folder / QUESTIONS, QUESTIONS, _COLUMNS, problems, others=True)
    topics = {row["onderwerp"]: row["onderwerp"] for row in rows} | {"fallback": OUTSIDE}
    return [Question(row["vraag"], topics[row["onderwerp"]], row["taal"], row["stijl"]) for row in rows if row["vraag"]]


def _ask(matcher: Matcher, question: Question, reasons: bool) -> Outcome:
    match = matcher.match(question.text)
    outcome = Outcome(question, match)
    if not reasons or not match.topics or match.topics[0] == question.topic:
        return outcome
    winner = matcher.explain(question.text).candidates[0]
    return Outcome(question, match, winner.nearest[0][0] if winner.nearest else "")


def _grouped(outcomes: Iterable[Outcome], key: Callable[[Outcome], str]) -> dict[str, EvaluationFigures]:
    groups: defaultdict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        groups[key(one)].append(one)
    return {name: EvaluationFigures.of(group) for name, group in groups.items()}
