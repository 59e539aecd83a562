"""Figures over test questions: on invented topics, and on the shipped ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.editing.evaluation import Evaluation, EvaluationFigures, Outcome, Question, evaluate, read_questions
from knowledge.matching.building import build
from knowledge.matching.matcher import Match
from knowledge.models.problems import Problems
from tests.knowledge.small_topics import OUTSIDE, WORDS, topics


def outcome(topic: str, kind: str, *found: str, style: str = "") -> Outcome:
    return Outcome(Question("vraag", topic, "nl", style), Match(kind, found, 0.5, "nl"))  # type: ignore[arg-type]


ANSWERED = outcome("markt", "answer", "markt", style="kort")
WRONG = outcome("markt", "answer", "museum", "markt", style="kort")
CHOICE = outcome("museum", "choice", "markt", "museum")
CHOICE_WITHOUT = outcome("museum", "choice", "markt")
LOST = outcome("museum", "fallback")
OUTSIDE_LEFT = outcome("", "fallback")
OUTSIDE_ANSWERED = outcome("", "answer", "markt")
OUTSIDE_OFFERED = outcome("", "choice", "markt")


@pytest.mark.parametrize(
    ("one", "right", "wrong", "within"),
    [
        (ANSWERED, True, False, True),
        (WRONG, False, True, False),
        (CHOICE, False, False, True),
        (CHOICE_WITHOUT, False, False, False),
        (LOST, False, False, False),
        (OUTSIDE_LEFT, False, False, True),
        (OUTSIDE_ANSWERED, False, True, False),
        (OUTSIDE_OFFERED, False, False, False),
    ],
)
def test_what_counts_as_right(one: Outcome, right: bool, wrong: bool, within: bool) -> None:
    assert (one.answered_right, one.answered_wrong, one.within_reach) == (right, wrong, within)


def test_figures_in_and_out_of_scope_are_apart() -> None:
    done = Evaluation((ANSWERED, WRONG, CHOICE, LOST, OUTSIDE_LEFT, OUTSIDE_ANSWERED))
    assert done.in_scope == EvaluationFigures(4, 0.25, 0.25, 0.5, 0.25)
    assert done.out_of_scope == EvaluationFigures(2, 0.0, 0.5, 0.5, 0.5)
    assert EvaluationFigures.of([]) == EvaluationFigures(0, 0.0, 0.0, 0.0, 0.0)


def test_the_worst_topic_comes_first() -> None:
    done = Evaluation((ANSWERED, ANSWERED, CHOICE, LOST))
    assert list(done.per_topic()) == ["museum", "markt"]
    assert done.per_topic()["museum"].within_reach == 0.5


def test_styles_are_counted_within_scope() -> None:
    done = Evaluation((ANSWERED, WRONG, OUTSIDE_LEFT))
    assert {name: figures.questions for name, figures in done.per_style().items()} == {"kort": 2}


def test_confusions_name_the_pair_most_frequent_first() -> None:
    done = Evaluation((WRONG, CHOICE, CHOICE_WITHOUT, LOST, ANSWERED, OUTSIDE_LEFT, OUTSIDE_ANSWERED))
    assert [(one.topic, one.taken_for, len(one.outcomes)) for one in done.confusions()] == [
        ("museum", "markt", 2),
        ("", "markt", 1),
        ("markt", "museum", 1),
        ("museum", "", 1),
    ]


def test_a_wrong_answer_names_the_example_that_won_it() -> None:
    matcher = build(topics(), OUTSIDE, WORDS)
    done = evaluate(
        matcher.match,
        [Question("waar is de bibliotheek", "museum", "nl"), Question("waar is de bibliotheek", "bibliotheek", "nl")],
        lambda text: matcher.explain(text).candidates[0].nearest[0][0],
    )
    assert [one.example for one in done.outcomes] == ["waar is de bibliotheek", ""]


def test_lines_of_other_hands_have_more_than_one_right_answer_and_some_are_kept_apart(tmp_path: Path) -> None:
    (tmp_path / "vragen.csv").write_text("vraag;onderwerp;taal\nis er markt;markt;nl\n", encoding="utf-8")
    (tmp_path / "vragen_anderen.csv").write_text(
        "vraag;onderwerp;ook_goed;taal;vorm;bron;apart\nkraam;markt;museum fallback;nl;trefwoord;lijst;ja\n",
        encoding="utf-8",
    )
    problems = Problems()
    own, other = read_questions(tmp_path, problems)
    assert not list(problems)
    assert (own.other_hand, other.other_hand, other.apart) == (False, True, True)
    assert other.topics == ("markt", "museum", "")
    assert Outcome(other, Match("answer", ("museum",), 1.0, "nl")).answered_right
    assert not Outcome(other, Match("answer", ("zwembad",), 1.0, "nl")).answered_wrong  # "I do not know" is right too


def test_the_file_is_read_with_both_ways_to_say_out_of_scope(tmp_path: Path) -> None:
    (tmp_path / "vragen.csv").write_text(
        "vraag;onderwerp;taal;stijl;postcode\nis er markt;markt;nl;kort;\nweer?;;nl;kort;\nmop;fallback;nl;;\n;;;;\n",
        encoding="utf-8",
    )
    problems = Problems()
    assert read_questions(tmp_path, problems) == [
        Question("is er markt", "markt", "nl", "kort"),
        Question("weer?", "", "nl", "kort"),
        Question("mop", "", "nl"),
    ]
    assert not list(problems)


def test_a_missing_file_is_a_problem_and_not_an_exception(tmp_path: Path) -> None:
    problems = Problems()
    assert read_questions(tmp_path, problems) == []
    assert list(problems)
