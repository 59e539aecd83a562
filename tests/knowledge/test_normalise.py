"""Folding is the ground that every look-up stands on: it must be total, idempotent and blind to looks."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.normalise import cut, even, fold, words

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Buurtcoördinator", "buurtcoordinator"),
        ("  Hé,   wat\tis\u00a0dit?\n", "he, wat is dit?"),
        ("foto’s van ‘de Meent’", "foto's van 'de meent'"),
        ("Noord–West", "noord-west"),
        ("ＡＢＣ １２２１", "abc 1221"),
        ("Straße Łódź Ærø", "strasse lodz aero"),
        ("ĳsbaan", "ijsbaan"),
        ("zacht\u00adstreepje", "zachtstreepje"),
        ("West-Indië", "west-indie"),
        ("", ""),
    ],
)
def test_folds(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_even_keeps_capitals_and_accents() -> None:
    assert even("  Café  ‘Oost’ ") == "Café 'Oost'"


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Mag ik foto's e-mailen?", ["mag", "ik", "foto's", "e", "mailen"]),
        ("1221-AB, zo'n plan_b!", ["1221", "ab", "zo'n", "plan", "b"]),
        ("'s avonds", ["s", "avonds"]),
        ("€ ?! …", []),
    ],
)
def test_words(written: str, found: list[str]) -> None:
    assert words(written) == found


@given(ANY_TEXT)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert even(even(text)) == even(text)


def test_folding_is_idempotent_for_every_character() -> None:
    characters = (f"a{chr(code)}b" for code in range(sys.maxunicode + 1) if unlikely_to_differ(code))
    wrong = [hex(ord(text[1])) for text in characters if fold(fold(text)) != fold(text)]
    assert not wrong


def unlikely_to_differ(code: int) -> bool:
    """Leave out the private planes and most of Han, which fold to themselves; a second is enough for the rest."""
    return code < 0x3400 or 0x9FFF < code < 0xE000 or 0xF8FF < code < 0x20000


@given(ANY_TEXT)
def test_case_and_accents_do_not_matter(text: str) -> None:
    assert words(text) == words(fold(text))
    assert all(word and word == fold(word) for word in words(text))


@given(st.text(alphabet="abcdefgëïéöü '-"))
def test_capitals_do_not_matter(text: str) -> None:
    assert fold(text.upper()) == fold(text)


@given(ANY_TEXT, st.integers(1, 40))
def test_a_cut_text_is_short_when_evened(text: str, longest: int) -> None:
    assert len(even(cut(text, longest))) <= longest
    assert text.isascii() <= (cut(text, longest) == text[:longest])


@pytest.mark.parametrize(
    ("text", "cut_to"),
    [("\ufdfa" * 9, 2), ("㌀" * 9, 9), ("gewoon", 6), ("een e\u0301e\u0301n", 9), ("a" + "\u0301" * 40, 31)],
)
def test_cuts_what_stands_for_more_letters(text: str, cut_to: int) -> None:
    assert cut(text, 36) == text[:cut_to]
