"""``ijking.json``: how far matches may be trusted, learnt once and shipped with the knowledge.

Finding that out takes several times as long as learning the examples themselves. A first
start, and a live reload after an edit, take it from this file; ``wijkbot calibrate``
writes it. A folder without it works as well: then every start with new examples takes
longer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.matching.calibration import Judge, Thresholds, fit_size

FILE = "ijking.json"
_DIGITS = 10
"""Decimals kept of each number: far more than the chances need, and the same on every machine."""


@dataclass(frozen=True, slots=True)
class Calibrated:
    decision: Thresholds
    digest: str
    """Of the examples and the code that it was learnt with."""


def read(folder: Path) -> Calibrated | None:
    """What the folder ships, or None where that is nothing, or of another shape than this code expects."""
    try:
        kept = json.loads((folder / FILE).read_text("utf-8"))
        right, ours = (_judge(kept[name]) for name in ("juist", "van_ons"))
        thresholds = kept["drempels"]
        decision = Thresholds(right, ours, *(float(thresholds[key]) for key in ("juist", "zeker_van_ons", "van_ons")))
        return Calibrated(decision, str(kept["hoort_bij"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write(folder: Path, decision: Thresholds, digest: str) -> None:
    """Raises OSError where the folder cannot be written."""
    thresholds = (decision.right_from, decision.sure_ours_from, decision.ours_from)
    kept = {
        "uitleg": "Gemaakt met `wijkbot calibrate`; niet met de hand aanpassen. Zie LEESMIJ.md.",
        "hoort_bij": digest,
        "drempels": dict(zip(("juist", "zeker_van_ons", "van_ons"), map(_short, thresholds), strict=True)),
        "juist": _numbers(decision.right),
        "van_ons": _numbers(decision.ours),
    }
    (folder / FILE).write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _judge(kept: dict[str, Any]) -> Judge:
    mean, scale, weights = (np.array(kept[key], dtype=np.float64) for key in ("gemiddelde", "schaal", "gewichten"))
    if (mean.shape, scale.shape, weights.shape) != fit_size():
        raise ValueError(FILE)
    return Judge(mean, scale, weights)


def _numbers(judge: Judge) -> dict[str, list[float]]:
    parts = {"gemiddelde": judge.mean, "schaal": judge.scale, "gewichten": judge.weights}
    return {key: [_short(number) for number in numbers.tolist()] for key, numbers in parts.items()}


def _short(number: float) -> float:
    return round(number, _DIGITS)
