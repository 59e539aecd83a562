"""Forms of one word have one stem."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.language.stemming import stem


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("nl", ("wijk", "wijken")),
        ("nl", ("plan", "plannen", "plannetje", "plannetjes")),
        ("nl", ("boom", "boompje")),
        ("nl", ("straat", "straatje", "straatjes")),
        ("nl", ("feest", "feestje")),
        ("nl", ("bank", "banken", "bankje")),
        ("en", ("neighbour", "neighbours")),
        ("en", ("plan", "plans", "planning")),
    ],
)
def test_forms_of_a_word_share_a_stem(language: str, forms: tuple[str, ...]) -> None:
    assert len({stem(form, language) for form in forms}) == 1


@pytest.mark.parametrize("word", ["je", "1216", "foto's", ""])
def test_short_words_and_numbers_stay(word: str) -> None:
    assert stem(word, "nl") == word


def test_a_language_without_rules_keeps_its_words() -> None:
    assert stem("wijken", "xx") == "wijken"


@given(st.text(max_size=30), st.sampled_from(["nl", "en", "de", "tr", "xx"]))
def test_any_word_has_a_stem(word: str, language: str) -> None:
    assert isinstance(stem(word, language), str)
