"""What was learnt, as a file: shipped with the base, or kept for the next start with the same edit.

Everything in it is numbers and words, no code: it is read without trust. A file that cannot be
read, or was made by another version of this code, counts as none.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.language.detection import Noticer
from knowledge.language.spelling import Spelling
from knowledge.language.word_lists import Words
from knowledge.matching.features import Reader
from knowledge.matching.learning import Model, Packed
from knowledge.matching.learnt import Learnt
from knowledge.matching.meaning import Meaning
from knowledge.matching.vectors import Weights

PREFIX = "geleerd-"
KEPT = 2
"""Files kept of edits: this one and the one before."""
_CODE = (
    *(f"matching/{name}.py" for name in ("classifier", "features", "learning", "learnt", "meaning", "vectors")),
    *(f"language/{name}.py" for name in ("mistyping", "normalise", "phonetics", "spelling", "stemming")),
)


def digest_of(lessons: Sequence[object]) -> str:
    """Tells one set of lessons from another, and one version of the code from another."""
    digest = hashlib.sha256()
    for name in _CODE:
        digest.update((Path(__file__).parents[1] / name).read_bytes())
    digest.update(json.dumps(lessons, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:20]


def listed(words: Words) -> list[object]:
    """The word lists in an order that does not change."""
    tables = [
        sorted((language, sorted(table.items())) for language, table in part.items())
        for part in (words.synonyms, words.abbreviations)
    ]
    return [*tables, *(sorted((name, sorted(one)) for name, one in part.items()) for part in (words.skip,))]


def file_for(folder: Path, digest: str) -> Path:
    return folder / f"{PREFIX}{digest}.npz"


def load(path: Path, words: Words) -> Learnt | None:
    """What was kept, or None where there is nothing that can be read."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            kept = dict(archive)
        return _read(kept, words) if bytes(kept.pop("seal")) == _seal(kept) else None
    except Exception:
        # What reads a broken archive raises nearly anything: of zlib, of struct, of the parser of array headers,
        # MemoryError for an array that says it is huge. All of it can be learnt again.
        return None


def _read(kept: Mapping[str, NDArray[Any]], words: Words) -> Learnt:
    names = json.loads(bytes(kept["names"]))
    spelling = Spelling(
        dict(zip(names["words"], kept["counts"].tolist(), strict=True)),
        dict(zip(names["words"], names["sounds"], strict=True)),
    )
    reader = Reader(words, spelling, names["languages"])
    model = Model(reader, Weights(kept["numbers"], kept["rarity"]), Packed(kept["bytes"], kept["scales"]))
    return Learnt(
        model,
        tuple(names["topics"]),
        tuple((text, language, topic) for text, language, topic in names["own"]),
        kept["duals"].astype(np.float32),
        _noticer(names, kept),
        _meaning(kept) if "mean" in kept else None,
        names["digest"],
    )


def _seal(parts: Mapping[str, NDArray[Any]]) -> bytes:
    """Tells whether all parts are as they were written: each can be read and they may still not fit together."""
    digest = hashlib.blake2b()
    for name in sorted(parts):
        digest.update(f"{name} {parts[name].dtype} {parts[name].shape}".encode())
        digest.update(np.ascontiguousarray(parts[name]).data)
    return digest.digest()


def save(path: Path, learnt: Learnt, *, pack: bool = True) -> None:
    """Raises OSError where the folder cannot be written. ``pack``: half the size, and seconds more to write."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    parts = _parts(learnt)
    with os.fdopen(handle, "wb") as file:
        (np.savez_compressed if pack else np.savez)(file, seal=np.frombuffer(_seal(parts), dtype=np.uint8), **parts)
    Path(name).replace(path)


def keep(folder: Path, digest: str, learnt: Learnt) -> None:
    """Saves what an edit taught; files of earlier edits go. Does nothing where the folder cannot be written."""
    try:
        save(file_for(folder, digest), learnt, pack=False)
        files = sorted(folder.glob(f"{PREFIX}*.npz"), key=lambda one: one.stat().st_mtime_ns, reverse=True)
        for old in files[KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:
        return


def _parts(learnt: Learnt) -> dict[str, Any]:
    model, noticer, meaning = learnt.model, learnt.noticer, learnt.meaning
    spelling = model.reader.spelling
    sounds = spelling.sounds
    clues = sorted({clue for table in noticer.likelihoods.values() for clue in table})
    names = {
        "words": list(spelling.counts),
        "sounds": [sounds.get(word, "") for word in spelling.counts],
        "languages": list(model.reader.languages),
        "topics": learnt.topics,
        "own": learnt.own,
        "clues": clues,
        "noticed": list(noticer.likelihoods),
        "unseen": list(noticer.unseen.values()),
        "digest": learnt.digest,
    }
    parts: dict[str, Any] = {
        "names": np.frombuffer(json.dumps(names).encode(), dtype=np.uint8),
        "counts": np.array(list(spelling.counts.values()), dtype=np.int32),
        "numbers": model.weights.numbers,
        "rarity": model.weights.rarity,
        "bytes": model.matrix.bytes,
        "scales": model.matrix.scales,
        "duals": learnt.duals.astype(np.float16),
        "likelihoods": np.array(
            [[table.get(clue, noticer.unseen[name]) for clue in clues] for name, table in noticer.likelihoods.items()],
            dtype=np.float32,
        ),
    }
    if meaning is not None:
        parts |= {
            "mean": meaning.mean,
            "even": meaning.even,
            "squares": meaning.squares.astype(np.float32),
            "sums": meaning.sums.astype(np.float32),
            "matrix": meaning.matrix,
        }
    return parts


def _noticer(names: dict[str, Any], kept: Mapping[str, NDArray[Any]]) -> Noticer:
    tables = {
        name: dict(zip(names["clues"], row, strict=True))
        for name, row in zip(names["noticed"], kept["likelihoods"].tolist(), strict=True)
    }
    return Noticer(tables, dict(zip(names["noticed"], names["unseen"], strict=True)))


def _meaning(kept: Mapping[str, NDArray[Any]]) -> Meaning:
    squares, sums = kept["squares"].astype(np.float64), kept["sums"].astype(np.float64)
    return Meaning(kept["mean"], kept["even"], squares, sums, kept["matrix"])
