"""Honest chances, and thresholds by the stated rule."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from knowledge.matching.calibration import EVIDENCE, OUTSIDE_ANSWERED, OUTSIDE_OFFERED, WRONG, calibrate, evidence, fit
from knowledge.matching.features import Token


def lines(count: int = 4000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Evidence of which the first number tells how likely the best topic is right: half of it does."""
    random = np.random.default_rng(1)
    found = random.normal(size=(count, EVIDENCE))
    chance = 1 / (1 + np.exp(-3 * found[:, 0]))
    right = random.random(count) < chance
    ours = right | (random.random(count) < 0.3)
    return found, right, ours


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


def test_a_threshold_misses_no_goal_by_more_than_another_would() -> None:
    found, right, ours = lines()
    decision = calibrate(found, right, ours)
    right_chance, ours_chance = decision.right.probabilities(found), decision.ours.probabilities(found)

    def worst(right_from: float, ours_from: float) -> float:
        answered = (right_chance >= right_from) & (ours_chance >= ours_from)
        return max(float((answered & ~right)[ours].mean()) / WRONG, float(answered[~ours].mean()) / OUTSIDE_ANSWERED)

    assert worst(decision.right_from, decision.sure_ours_from) < worst(0.3, 0.3)
    assert 0 < decision.ours_from < 1


def test_no_more_lines_out_of_scope_pass_than_the_goals_allow() -> None:
    found, right, ours = lines()
    decision = calibrate(found[:2000], right[:2000], ours[:2000])
    outside = decision.ours.probabilities(found[2000:])[~ours[2000:]]
    assert (outside >= decision.sure_ours_from).mean() <= OUTSIDE_ANSWERED + 0.02
    assert 0 < (outside >= decision.ours_from).mean() <= OUTSIDE_OFFERED + 0.04
    assert decision.ours_from < decision.sure_ours_from


def test_an_answer_takes_both_chances_and_a_choice_only_the_first() -> None:
    decision = replace(calibrate(*lines(500)), right_from=0.8, sure_ours_from=0.7, ours_from=0.4)
    chances = {(0.9, 0.9): "answer", (0.7, 0.9): "choice", (0.9, 0.5): "choice", (0.9, 0.3): "fallback"}
    assert {pair: decision.kind(*pair) for pair in chances} == chances


def test_no_lines_are_no_error() -> None:
    nothing = np.zeros(0, dtype=np.bool_)
    decision = calibrate(np.zeros((0, EVIDENCE)), nothing, nothing)
    assert decision.right.probability(np.zeros(EVIDENCE)) == 0.5


@pytest.mark.parametrize("count", [1, 2, 5])
def test_evidence_has_one_length_whatever_the_number_of_topics(count: int) -> None:
    tokens = (Token("wijk", "wijk", ("wijk",), True, False), Token("xx", "xx", ("xx",), False, False))
    pulls = np.array([[0.2, -0.1], [0.0, 0.3]])[:count]
    found = evidence(np.linspace(-1, 1, count, dtype=np.float32), -0.5, tokens, 0.5, pulls)
    assert found.shape == (EVIDENCE,)
    assert found[0] == 1 or count == 1
    assert np.isfinite(found).all()
