"""Amounts and telephone numbers, as people read them."""

from __future__ import annotations

import pytest

from knowledge.language.formatting import show_euro, show_telephone
from tests.plans import shipped


@pytest.mark.parametrize(
    ("amount", "language", "shown"),
    [
        (0, "nl", "€ 0"),
        (500, "nl", "€ 500"),
        (31080, "nl", "€ 31.080"),
        (1_000_000, "nl", "€ 1.000.000"),
        (500, "en", "€500"),
        (31080, "en", "€31,080"),
    ],
)
def test_an_amount_is_written_the_way_of_the_language(amount: int, language: str, shown: str) -> None:
    assert show_euro(amount, language) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+31612345678", "06 12345678"),
        ("+31356292911", "035 629 2911"),
        ("+442079460958", "+44 20 7946 0958"),
        ("14 035", "14 035"),
        ("", ""),
    ],
)
def test_a_telephone_number_is_written_the_way_of_the_country(number: str, shown: str) -> None:
    assert show_telephone(number, "NL") == shown


def test_every_amount_of_the_table_can_be_shown_in_another_language() -> None:
    facts = shipped().facts
    assert {key for key, value in facts.numbers.items() if value.startswith("€")} == set(facts.amounts)
