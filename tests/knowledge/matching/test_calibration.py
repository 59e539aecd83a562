"""Honest chances, and thresholds by the stated rule."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from knowledge.matching.calibration import (
    OUTSIDE_ANSWERED,
    OUTSIDE_OFFERED,
    WRONG,
    Judged,
    Thresholds,
    calibrate,
    fit,
    worth_offering,
)
from knowledge.matching.evidence import WITH_MEANING, WORDS_ONLY, Scored, evidence
from knowledge.matching.features import Token

EVIDENCE = 18


def lines(count: int = 4000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Evidence of which the first number tells how likely the best topic is right: half of it does."""
    random = np.random.default_rng(1)
    found = random.normal(size=(count, EVIDENCE))
    chance = 1 / (1 + np.exp(-3 * found[:, 0]))
    right = random.random(count) < chance
    ours = right | (random.random(count) < 0.3)
    return found, right, ours


def thresholds(found: np.ndarray, right: np.ndarray, ours: np.ndarray) -> Thresholds:
    return calibrate(Judged(found, right, ours, np.zeros(len(ours), dtype=np.bool_)))


def test_of_lines_given_seventy_percent_seventy_percent_are_right() -> None:
    found, right, _ = lines()
    chances = fit(found[:2000], right[:2000]).probabilities(found[2000:])
    for low in (0.1, 0.3, 0.5, 0.7, 0.9):
        near = np.abs(chances - low) < 0.1
        assert right[2000:][near].mean() == pytest.approx(chances[near].mean(), abs=0.08)


def test_one_line_alone_gets_the_same_chance_as_among_others() -> None:
    found, right, _ = lines(500)
    judge = fit(found, right)
    assert judge.probability(found[7]) == pytest.approx(judge.probabilities(found)[7])


def test_no_more_is_answered_wrong_than_the_rule_allows() -> None:
    found, right, ours = lines()
    decision = thresholds(found[:2000], right[:2000], ours[:2000])
    right_chance, ours_chance = decision.right.probabilities(found[2000:]), decision.ours.probabilities(found[2000:])
    answered = (right_chance >= decision.right_from) & (ours_chance >= decision.sure_ours_from)
    assert (answered & ~right[2000:])[ours[2000:]].mean() <= WRONG + 0.02
    assert 0 < decision.offered_from < 1


def test_the_hands_count_half_each_where_there_are_enough_of_both() -> None:
    ours = np.array([True] * 800 + [False] * 400)
    other_hand = np.arange(len(ours)) % 6 == 0
    counts = Judged(np.zeros((len(ours), 1)), ours, ours, other_hand).counts()
    assert counts[ours & other_hand].sum() == pytest.approx(counts[ours & ~other_hand].sum())
    assert set(counts[~ours]) == {1.0}  # 67 lines of others would each decide too much


def test_no_more_lines_out_of_scope_pass_than_the_goals_allow() -> None:
    found, right, ours = lines()
    decision = thresholds(found[:2000], right[:2000], ours[:2000])
    outside = found[2000:][~ours[2000:]]
    chances = decision.right.probabilities(outside), decision.ours.probabilities(outside)
    answered = (chances[0] >= decision.right_from) & (chances[1] >= decision.sure_ours_from)
    assert answered.mean() <= OUTSIDE_ANSWERED + 0.03
    assert 0 < (worth_offering(*chances) >= decision.offered_from).mean() <= OUTSIDE_OFFERED + 0.04


def test_an_answer_takes_both_chances_and_a_choice_above_all_that_it_is_ours() -> None:
    decision = replace(thresholds(*lines(500)), right_from=0.8, sure_ours_from=0.7, offered_from=0.4)
    chances = {(0.9, 0.9): "answer", (0.7, 0.9): "choice", (0.9, 0.5): "choice", (0.9, 0.2): "fallback"}
    assert {pair: decision.kind(*pair) for pair in chances} == chances


def test_no_lines_are_no_error() -> None:
    nothing = np.zeros(0, dtype=np.bool_)
    decision = thresholds(np.zeros((0, EVIDENCE)), nothing, nothing)
    assert decision.right.probability(np.zeros(EVIDENCE)) == 0.5


@pytest.mark.parametrize("count", [1, 2, 5])
def test_evidence_has_one_length_whatever_the_number_of_topics(count: int) -> None:
    tokens = (Token("wijk", "wijk", ("wijk",), True, False), Token("xx", "xx", ("xx",), False, False))
    pulls = np.array([[0.2, -0.1], [0.0, 0.3]])[:count]
    scores, shares = np.linspace(-1, 1, count), np.zeros(count)
    words = evidence(Scored(scores, shares, -0.5), tokens, 0.5, pulls)
    both = evidence(Scored(scores, shares, -0.5, scores / 2, 0.1), tokens, 0.5, pulls)
    assert (words.shape, both.shape) == ((WORDS_ONLY,), (WITH_MEANING,))
    assert words[0] == 1 or count == 1
    assert np.isfinite(both).all()
