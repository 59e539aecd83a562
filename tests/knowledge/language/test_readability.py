"""Sentences and words that are too long for plain language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.language.readability import long_sentences, long_words, sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Bel ons. Wij helpen u.", ["Bel ons.", "Wij helpen u."]),
        ("Nodig:\n- een plan\n- een begroting", ["Nodig:", "een plan", "een begroting"]),
        ("Bel {gemeente.telefoon}. Of mail.", ["Bel X.", "Of mail."]),
        ("Neem bijv. Wilma. Zij weet het.", ["Neem bijv. Wilma.", "Zij weet het."]),
        ("Dat kost € 1.500 per jaar.", ["Dat kost € 1.500 per jaar."]),
        ("", []),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_long_sentences_are_counted() -> None:
    long = " ".join(["Woord"] * 21) + "."
    (found,) = long_sentences(f"Kort. {long} Kort.")
    assert found.words == 21
    assert not long_sentences(" ".join(["woord"] * 20))


def test_long_words_but_no_addresses() -> None:
    assert long_words("Het uitvoeringsprogrammabureau zit op www.een-heel-lang-adres-van-de-gemeente.nl") == [
        "uitvoeringsprogrammabureau"
    ]


@given(st.text())
def test_no_word_is_lost(text: str) -> None:
    kept = "".join("".join(sentences(text)).split()).replace("-", "")
    assert len(kept) <= len("".join(text.split()))
    long_sentences(text)
    long_words(text)
