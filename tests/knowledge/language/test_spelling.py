"""Putting right what was mistyped or run together."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.language.spelling import Spelling

KNOWN = Spelling(
    {
        "wijk": 9,
        "buurt": 8,
        "budget": 7,
        "regisseur": 5,
        "wijkregisseur": 4,
        "tuin": 3,
        "tuinen": 1,
        "straat": 6,
        "feest": 6,
        "geld": 2,
        "held": 1,
        "in": 20,
    }
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wijkregiseur", "wijkregisseur"),  # a letter too few
        ("budgett", "budget"),  # a letter too many
        ("burut", "buurt"),
        ("strata", "straat"),  # turned round
        ("faest", "feest"),
        ("veest", "feest"),  # another letter, also the first one
        ("geeeeeld", "geld"),
        ("feeeeest", "feest"),
        ("wijkkk", "wijk"),
        ("innn", "in"),  # drawn out
        ("wijkregiseurr", "wijkregisseur"),  # a letter too few and one too many in a long word
    ],
)
def test_a_word_near_a_known_one_is_put_right(typed: str, meant: str) -> None:
    assert KNOWN.correct(typed) == meant


@pytest.mark.parametrize("typed", ["wijk", "held", "wij", "xyzzy", "12345", "gld", "", "tuinier5", "bxdgxt"])
def test_known_short_strange_and_far_words_are_left_alone(typed: str) -> None:
    assert KNOWN.correct(typed) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("wagten", "wachten"), ("reaksie", "reactie"), ("komisie", "commissie"), ("fersoek", "verzoek"), ("sorg", "zorg")],
)
def test_a_word_written_as_it_sounds_is_put_right(typed: str, meant: str) -> None:
    known = Spelling({"wachten": 9, "reactie": 3, "commissie": 2, "verzoek": 2, "zorg": 1, "sort": 9})
    assert known.correct(typed) == meant


def test_a_rare_word_that_sounds_like_a_common_one_is_a_slip_too() -> None:
    assert Spelling({"reactie": 60, "reaksie": 2}).correct("reaksie") == "reactie"
    assert Spelling({"willen": 60, "wielen": 2}).correct("wielen") is None


def test_the_word_seen_most_often_wins_where_two_are_as_near() -> None:
    assert Spelling({"geld": 5, "gels": 1}).correct("gelx") == "geld"
    assert Spelling({"geld": 1, "gels": 5}).correct("gelx") == "gels"


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("buurtbudget", ("buurt", "budget")),
        ("straatfeest", ("straat", "feest")),
        ("wijkenfeest", ("wijk", "feest")),
        ("buurtsbudget", ("buurt", "budget")),
        ("wijkregisseur", ("wijk", "regisseur")),
        ("budget", ()),
        ("inbudget", ()),
        ("", ()),
    ],
)
def test_a_compound_is_taken_apart(word: str, parts: tuple[str, ...]) -> None:
    assert KNOWN.split(word) == parts


@given(st.text(max_size=40))
@settings(deadline=None)
def test_any_word_gives_known_words_or_nothing(word: str) -> None:
    corrected = KNOWN.correct(word)
    assert corrected is None or corrected in KNOWN
    assert all(part in KNOWN for part in KNOWN.split(word))


@given(st.sampled_from(["wijkregisseur", "straat", "buurt", "budget"]), st.data())
@settings(deadline=None)
def test_one_letter_dropped_from_a_long_word_is_found_again(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    assert KNOWN.correct(word[:place] + word[place + 1 :]) == word


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("waneer", "wanneer"),
        ("wannneer", "wanneer"),
        ("wanneerr", "wanneer"),
        ("wannere", "wanneer"),
        ("buurttegl", "buurttegel"),
    ],
)
def test_a_slip_among_the_examples_is_read_as_the_word_that_is_meant(slip: str, meant: str) -> None:
    assert Spelling({meant: 40, slip: 2}).correct(slip) == meant


@pytest.mark.parametrize(
    ("word", "other", "count"),
    [
        ("planken", "plannen", 400),  # another letter is another word
        ("waneer", "wanneer", 30),  # not so much more frequent
        ("wnaner", "wanneer", 400),  # too far
        ("haas", "has", 400),  # too short
        ("wandele", "wandelen", 400),  # an ending
        ("pannen", "plannen", 400),  # too short to lack a letter
        ("nader", "ander", 400),  # the first letter is seldom wrong
    ],
)
def test_a_rare_word_is_not_taken_for_a_slip_too_easily(word: str, other: str, count: int) -> None:
    assert Spelling({other: count, word: 2}).correct(word) is None
