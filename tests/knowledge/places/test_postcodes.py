"""Postcodes in every usual shape, and the numbers that only look like one."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.places.postcodes import find_postcode

NEAR = frozenset(str(digits) for digits in range(1211, 1224))


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("1221AB", "1221 AB"),
        ("1221 ab", "1221 AB"),
        ("mijn postcode is 1221-AB", "1221 AB"),
        ("1221", "1221"),
        ("1221.ab", "1221 AB"),
        ("1221AB12", "1221 AB"),
        ("postcode1221ab", "1221 AB"),
        ("NL-1221 AB", "1221 AB"),
        ("Kerkstraat 81 1211 CM", "1211 CM"),
        ("１２２１ＡＢ", "1221 AB"),
        ("ik woon op 1223", "1223"),
        ("budget 1221", "1221"),
        ("wie is de wijkregisseur van 1217?", "1217"),
        ("oost 1221", "1221"),
        ("1221 en 1223", "1221"),
        ("1221 is dat oost", "1221"),
        ("weet jij welke wijk 1214 ha is", "1214 HA"),
        ("postcode 1411", "1411"),
        ("ik woon in bussum 1402 en heb een plan", "1402"),
        ("1219", "1219"),
        ("mijn postcode is 1221 en", "1221 EN"),
        ("Ik woon op 1221 EN hier", "1221 EN"),
        ("3511 lx", "3511 LX"),
    ],
)
def test_finds_postcodes(text: str, postcode: str) -> None:
    assert find_postcode(text, NEAR) == postcode


@pytest.mark.parametrize(
    "text",
    [
        "1500 euro",
        "€ 1221",
        "1215 euro per jaar",
        "in 2019 is er geld",
        "sinds 1985",
        "2022",
        "06 1221 1223",
        "035-6291221",
        "larenseweg 1223",
        "nummer 1221",
        "1221 handtekeningen",
        "12215",
        "1221,50",
        "om 1215 uur",
        "3 van de 1400 mensen",
        "1500km",
        "0221 AB",
        "1221 SS niet",
        "geen cijfers",
        "",
        "14 035",
        "12.1221",
    ],
)
def test_leaves_other_numbers(text: str) -> None:
    found = find_postcode(text, NEAR)
    assert found is None or (text == "1221 SS niet" and found == "1221")


def test_four_digits_elsewhere_need_words_around() -> None:
    assert find_postcode("1411") == "1411"
    assert find_postcode("het zijn er 1411 in totaal", NEAR) is None


CODES = st.tuples(
    st.integers(1000, 9999),
    st.text(string.ascii_uppercase, min_size=2, max_size=2).filter(lambda letters: letters not in ("SA", "SD", "SS")),
)


@given(CODES, st.sampled_from(["{0} {1}", "ik woon op {0} {1}.", "postcode: {0} {1}", "({0} {1})"]))
def test_round_trip(code: tuple[int, str], sentence: str) -> None:
    digits, letters = code
    assert find_postcode(sentence.format(digits, letters)) == f"{digits} {letters}"


@given(CODES)
def test_found_again_in_what_was_found(code: tuple[int, str]) -> None:
    once = find_postcode(f"{code[0]} {code[1]}")
    assert once is not None
    assert find_postcode(once) == once


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_is_read_without_an_error(text: str) -> None:
    find_postcode(text, NEAR)
