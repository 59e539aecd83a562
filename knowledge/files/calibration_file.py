"""``ijking.json``: how far matches may be trusted; ``wijkbot calibrate`` writes it.

Found out on lines that nothing was learnt from. Two calibrations stand in it: for a reading of
the words alone, and for one that the encoder of meanings added to.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.matching.calibration import Calibration, Judge, Thresholds, inputs_of
from knowledge.matching.evidence import WITH_MEANING, WORDS_ONLY

FILE = "ijking.json"
_DIGITS = 7
"""Decimals kept of each number: more than the chances need, and the same on every machine."""
_KEYS = ("juist", "van_ons", "keuze")


def read(folder: Path) -> Calibration | None:
    """What the folder ships, or None where that is nothing, or of another shape than this code expects."""
    try:
        kept = json.loads((folder / FILE).read_text("utf-8"))
        words = _thresholds(kept["woorden"], WORDS_ONLY)
        meaning = _thresholds(kept["betekenis"], WITH_MEANING) if "betekenis" in kept else None
        return Calibration(words, meaning, str(kept["hoort_bij"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write(folder: Path, calibration: Calibration) -> None:
    """Raises OSError where the folder cannot be written."""
    kept: dict[str, Any] = {
        "uitleg": "Gemaakt met `wijkbot calibrate`; niet met de hand aanpassen. Zie LEESMIJ.md.",
        "hoort_bij": calibration.digest,
        "woorden": _table(calibration.words),
    }
    if calibration.meaning is not None:
        kept["betekenis"] = _table(calibration.meaning)
    (folder / FILE).write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _table(decision: Thresholds) -> dict[str, Any]:
    froms = (decision.right_from, decision.sure_ours_from, decision.offered_from)
    return {
        "drempels": dict(zip(_KEYS, map(_short, froms), strict=True)),
        "juist": _numbers(decision.right),
        "van_ons": _numbers(decision.ours),
    }


def _thresholds(kept: dict[str, Any], size: int) -> Thresholds:
    right, ours = (_judge(kept[name], size) for name in ("juist", "van_ons"))
    return Thresholds(right, ours, *(float(kept["drempels"][key]) for key in _KEYS))


def _judge(kept: dict[str, Any], size: int) -> Judge:
    mean, scale, weights = (
        np.array(kept[key].split(), dtype=np.float64) for key in ("gemiddelde", "schaal", "gewichten")
    )
    if (mean.shape, scale.shape, weights.shape) != ((size,), (size,), (inputs_of(size),)):
        raise ValueError(FILE)
    return Judge(mean, scale, weights)


def _numbers(judge: Judge) -> dict[str, str]:
    """On one line each: nobody reads them."""
    parts = {"gemiddelde": judge.mean, "schaal": judge.scale, "gewichten": judge.weights}
    return {key: " ".join(f"{_short(number):g}" for number in numbers.tolist()) for key, numbers in parts.items()}


def _short(number: float) -> float:
    return round(number, _DIGITS)
