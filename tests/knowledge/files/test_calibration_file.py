"""Calibration that is shipped with the knowledge."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from knowledge.files import calibration_file
from knowledge.matching.building import build
from knowledge.matching.calibration import Calibration, Thresholds, fit
from knowledge.matching.evidence import WITH_MEANING, WORDS_ONLY
from tests.knowledge.small_topics import DUTCH, OUTSIDE, WORDS, topics


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    judge = fit(np.zeros((0, WITH_MEANING)), np.zeros(0, dtype=np.bool_))
    found = build(topics(), OUTSIDE, WORDS).calibration
    return replace(found, meaning=Thresholds(judge, judge, 0.9, 0.8, 0.7), digest="abc")


def test_what_is_written_is_read_again(calibration: Calibration, tmp_path: Path) -> None:
    calibration_file.write(tmp_path, calibration)
    kept = calibration_file.read(tmp_path)
    assert kept is not None
    assert kept.digest == "abc"
    assert kept.meaning is not None
    assert kept.meaning.right_from == 0.9
    evidence = np.random.default_rng(0).normal(size=(50, WORDS_ONLY))
    for written, found in ((calibration.words.right, kept.words.right), (calibration.words.ours, kept.words.ours)):
        assert written.probabilities(evidence) == pytest.approx(found.probabilities(evidence), abs=1e-4)
    matcher = build(topics(), OUTSIDE, WORDS, given=kept)
    assert all(matcher.match(text).topics for texts in DUTCH.values() for text in texts)


def test_a_folder_without_it_ships_none(tmp_path: Path) -> None:
    assert calibration_file.read(tmp_path) is None


def test_a_file_that_this_code_cannot_use_is_left_alone(calibration: Calibration, tmp_path: Path) -> None:
    calibration_file.write(tmp_path, calibration)
    file = tmp_path / calibration_file.FILE
    good = json.loads(file.read_text("utf-8"))
    words = good["woorden"]
    shorter = {**words, "juist": {**words["juist"], "gewichten": "1 2 3"}}
    wrong = ({}, {**good, "woorden": shorter}, {**good, "woorden": {**words, "drempels": {}}}, [good])
    for text in ("", "{", *map(json.dumps, wrong)):
        file.write_text(text, "utf-8")
        assert calibration_file.read(tmp_path) is None
