"""Calibration that is shipped with the knowledge."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from knowledge.files import calibration_file
from knowledge.matching.calibration import EVIDENCE, Thresholds, fit
from knowledge.matching.matcher import Matcher
from tests.knowledge.small_topics import DUTCH, OUTSIDE, WORDS, topics


@pytest.fixture(scope="module")
def decision() -> Thresholds:
    return Matcher.build(topics(), OUTSIDE, WORDS).decision


def test_what_is_written_is_read_again(decision: Thresholds, tmp_path: Path) -> None:
    calibration_file.write(tmp_path, decision, "abc")
    kept = calibration_file.read(tmp_path)
    assert kept is not None
    assert kept.digest == "abc"
    for written, found in ((decision.right, kept.decision.right), (decision.ours, kept.decision.ours)):
        evidence = np.random.default_rng(0).normal(size=(50, EVIDENCE))
        assert written.probabilities(evidence) == pytest.approx(found.probabilities(evidence), abs=1e-6)
    matcher = Matcher.build(topics(), OUTSIDE, WORDS, given=kept.decision)
    assert all(matcher.match(text).topics for texts in DUTCH.values() for text in texts)


def test_a_folder_without_it_ships_none(tmp_path: Path) -> None:
    assert calibration_file.read(tmp_path) is None


def test_a_file_that_this_code_cannot_use_is_left_alone(decision: Thresholds, tmp_path: Path) -> None:
    calibration_file.write(tmp_path, decision, "abc")
    file = tmp_path / calibration_file.FILE
    good = json.loads(file.read_text("utf-8"))
    shorter = {**good["juist"], "gewichten": good["juist"]["gewichten"][1:]}
    wrong = ({}, {**good, "juist": shorter}, {**good, "drempels": {}}, {**good, "van_ons": None}, [good])
    for text in ("", "{", *map(json.dumps, wrong)):
        file.write_text(text, "utf-8")
        assert calibration_file.read(tmp_path) is None


def test_a_judge_of_nothing_has_the_size_that_is_expected() -> None:
    judge = fit(np.zeros((0, EVIDENCE)), np.zeros(0, dtype=np.bool_))
    kept = Thresholds(judge, judge, 0.5, 0.5, 0.5)
    assert (kept.right.mean.shape, kept.right.scale.shape, kept.right.weights.shape) == calibration_file.fit_size()
