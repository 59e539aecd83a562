"""E-mail addresses and telephone numbers, as typed by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.entities.entities import find_email, find_telephone

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("mail mij op Jan.de.Vries@Voorbeeld.NL.", "Jan.de.Vries@voorbeeld.nl"),
        ("a+buurt@post.voorbeeld.org", "a+buurt@post.voorbeeld.org"),
        ("<jan@voorbeeld.nl>", "jan@voorbeeld.nl"),
        ("jan@voorbeeld", None),
        ("jan at voorbeeld.nl", None),
        ("@voorbeeld.nl", None),
        ("", None),
    ],
)
def test_finds_email(text: str, email: str | None) -> None:
    assert find_email(text) == email


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("06 12345678", "+31612345678"),
        ("bel 035-629 12 34 na zes uur", "+31356291234"),
        ("+31 6 1234 5678", "+31612345678"),
        ("0032 470 12 34 56", "+32470123456"),
        ("NL91 ABNA 0417 1643 00", None),
        ("1221 AB 12", None),
        ("1500 euro", None),
        ("2026-11-20", None),
    ],
)
def test_finds_telephone(text: str, number: str | None) -> None:
    assert find_telephone(text, "NL") == number


@given(ANY_TEXT)
def test_any_text_is_read_without_an_error(text: str) -> None:
    find_email(text)
    find_telephone(text, "NL")
