"""Slips of the finger."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from knowledge.language.mistyping import mistype


@given(st.integers())
def test_one_word_in_three_gets_one_slip(seed: int) -> None:
    text = "hoeveel geld krijgt onze wijk voor bloembakken"
    slips = [
        OSA.distance(one, other) for one, other in zip(text.split(), mistype(text, Random(seed)).split(), strict=True)
    ]
    assert max(slips) <= 1
    assert sum(slips) <= 2


def test_the_same_seed_gives_the_same_slip() -> None:
    assert mistype("straatfeest", Random(3)) == mistype("straatfeest", Random(3))
    assert len({mistype("straatfeest", Random(seed)) for seed in range(20)}) > 5


@given(st.sampled_from(["", "ik", "wie is dat", "1216 12345"]), st.integers())
def test_short_words_and_numbers_stay(text: str, seed: int) -> None:
    assert mistype(text, Random(seed)) == text


@given(st.text(max_size=60), st.integers())
def test_any_text_can_be_mistyped(text: str, seed: int) -> None:
    assert isinstance(mistype(text, Random(seed)), str)
