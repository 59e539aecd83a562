"""Whatever is wrong with the file of what was learnt: it is learnt again."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from knowledge.matching.matcher import Matcher
from tests.knowledge.small_topics import OUTSIDE, WORDS, topics

QUESTION = "waar is de bieb"


def build(folder: Path) -> Matcher:
    return Matcher.build(topics(), OUTSIDE, WORDS, folder)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What a file holds that nothing is wrong with."""
    folder = tmp_path_factory.mktemp("kept")
    build(folder)
    (file,) = folder.iterdir()
    return file.read_bytes()


def damaged(good: bytes) -> Iterator[bytes]:
    """Bits turned, cut off, zeros, and what is no such file at all; among them the headers at either end."""
    chance = random.Random(7)
    yield from (b"", b"PK", b"nonsense", bytes(len(good)), good[: len(good) // 2], good[:-1], good + good)
    ends = [*range(120), *range(len(good) - 900, len(good))]
    for place in (*chance.sample(ends, 120), *(chance.randrange(len(good)) for _ in range(60))):
        turned = bytearray(good)
        turned[place] ^= 1 << chance.randrange(8)
        yield bytes(turned)


def test_a_damaged_file_is_learnt_anew(kept: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    learnt = build(tmp_path)
    (file,) = tmp_path.iterdir()
    # Learning again takes a moment each.
    monkeypatch.setattr("knowledge.matching.matcher.learn_all", lambda *_: learnt.learnt)
    for number, wrong in enumerate(damaged(kept)):
        file.write_bytes(wrong)
        assert build(tmp_path).match(QUESTION) == learnt.match(QUESTION), number


@pytest.mark.parametrize("part", ["matrix", "rarity", "starts", "right_mean", "stolen", "names"])
def test_parts_that_do_not_fit_together_are_learnt_anew(
    kept: bytes, tmp_path: Path, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    learnt = build(tmp_path)
    (file,) = tmp_path.iterdir()
    monkeypatch.setattr("knowledge.matching.matcher.learn_all", lambda *_: learnt.learnt)
    with np.load(file) as good:
        parts = dict(good)
    for wrong in (parts[part][:-1], parts[part].astype("U9"), np.zeros((3, 3, 3)), np.array(7)):
        with file.open("wb") as archive:
            np.savez(archive, **{**parts, part: wrong})
        assert build(tmp_path).match(QUESTION) == learnt.match(QUESTION)
