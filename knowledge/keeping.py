"""What was learnt, kept in a file, so that a start with the same knowledge takes no learning.

The name of the file holds a hash of the examples, the word lists, this package's own code
and the calibration that was given: another comma in an example is another file. Whatever
is wrong with a file, it is learnt again and written anew.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.calibration import Decision, Judge
from knowledge.features import Reader
from knowledge.learning import Example, Learnt, Model
from knowledge.weighing import Rows, Weights
from knowledge.words import Words

_PREFIX = "matcher-"
_CODE = ("calibration", "features", "keeping", "learning", "mistyping", "normalise", "sounding", "spelling", "stemming",
         "training", "weighing")


KEPT = 2
"""Files kept: with the calibration that was shipped, and with one's own, which ``wijkbot check`` finds out."""


def digest_of(examples: Sequence[Example], topics: Sequence[str], words: Words) -> str:
    """Tells one set of lessons from another."""
    digest = hashlib.sha256()
    for name in _CODE:
        digest.update((Path(__file__).with_name(f"{name}.py")).read_bytes())
    lists = [sorted((language, *sorted(table.items())) for language, table in part.items())
             for part in (words.synonyms, words.abbreviations)]
    skip = sorted((language, *sorted(table)) for language, table in words.skip.items())
    digest.update(repr((list(examples), list(topics), lists, skip)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:20]


def file_for(folder: Path, digest: str, given: Decision | None) -> Path:
    """Where the result of learning from exactly these is kept; ``given``: the calibration, where it was not learnt."""
    numbers = b"" if given is None else b"".join(
        (*(part.tobytes() for judge in (given.right, given.ours) for part in (judge.mean, judge.scale, judge.weights)),
         np.array([given.right_from, given.sure_ours_from, given.ours_from]).tobytes()))
    return folder / f"{_PREFIX}{digest}-{hashlib.sha256(numbers).hexdigest()[:8]}.npz"


def load(path: Path, reader: Reader) -> Learnt | None:
    """What was kept, or None where there is nothing that can be read."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            kept = dict(archive)
            if bytes(kept.pop("seal")) != _seal(kept):
                return None
            names = bytes(kept["names"]).decode("utf-8", "surrogatepass").split("\n")
            weights = Weights.of(names, kept["rarity"])
            right, ours = (Judge(kept[f"{name}_mean"], kept[f"{name}_scale"], kept[f"{name}_weights"])
                           for name in ("right", "ours"))
            decision = Decision(right, ours, *kept["thresholds"].tolist())
            stolen = tuple((int(at), int(winner)) for at, winner in kept["stolen"])
            rows = Rows(kept["columns"], kept["values"], kept["starts"])
            return Learnt(Model(reader, weights, kept["matrix"], rows, kept["duals"]), decision, stolen)
    except Exception:
        # What reads a broken archive raises nearly anything: of zlib, of struct, of the parser of array headers,
        # MemoryError for an array that says it is huge. All of it can be learnt again.
        return None


def _seal(parts: Mapping[str, NDArray[Any]]) -> bytes:
    """Tells whether all parts are as they were written: each can be read and they may still not fit together."""
    digest = hashlib.blake2b()
    for name in sorted(parts):
        digest.update(f"{name} {parts[name].dtype} {parts[name].shape}".encode())
        digest.update(np.ascontiguousarray(parts[name]).data)
    return digest.digest()


def save(path: Path, learnt: Learnt) -> None:
    """Keeps what was learnt; files of earlier knowledge go. Does nothing where the folder cannot be written."""
    model, decision = learnt.model, learnt.decision
    names = "\n".join(model.weights.columns).encode("utf-8", "surrogatepass")
    parts = {"names": np.frombuffer(names, dtype=np.uint8), "matrix": model.matrix, "duals": model.duals,
             "rarity": model.weights.rarity, "columns": model.rows.columns, "values": model.rows.values,
             "starts": model.rows.starts,
             "stolen": np.array(learnt.stolen, dtype=np.int64).reshape(-1, 2),
             "thresholds": np.array([decision.right_from, decision.sure_ours_from, decision.ours_from])}
    for name, judge in (("right", decision.right), ("ours", decision.ours)):
        parts |= {f"{name}_mean": judge.mean, f"{name}_scale": judge.scale, f"{name}_weights": judge.weights}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            np.savez(file, seal=np.frombuffer(_seal(parts), dtype=np.uint8), **parts)  # type: ignore[arg-type]  # the stub takes the names for options
        Path(name).replace(path)
        files = sorted(path.parent.glob(f"{_PREFIX}*.npz"), key=lambda one: one.stat().st_mtime_ns, reverse=True)
        for old in files[KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:
        return
