"""Reference numbers: hard to guess, easy to read aloud, read back generously."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.initiative.reference import ALPHABET, GROUP, GROUPS, MISREAD, make_reference, parse_reference
from tests.conversation.small import knowledge

GEMEENTE = knowledge().gemeente
NONCES = st.binary(min_size=16, max_size=16).map(bytes.hex)


def test_nine_symbols_hold_at_least_forty_bits() -> None:
    assert GROUPS * GROUP * math.log2(len(ALPHABET)) >= 40


def test_no_symbol_looks_like_another() -> None:
    for pair in ("0O", "0Q", "0D", "1I", "1L", "2Z", "5S", "6G", "8B", "UV", "VW", "MN"):
        assert len(set(pair) & set(ALPHABET)) <= 1, pair
    assert not set("AEIOU") & set(ALPHABET), "a word might come out"


def test_what_is_misread_leads_to_a_symbol_and_never_from_one() -> None:
    assert not {chr(code) for code in MISREAD} & set(ALPHABET)
    assert {str(symbol) for symbol in MISREAD.values()} <= set(ALPHABET)


@given(NONCES)
def test_shape(nonce: str) -> None:
    reference = make_reference(nonce, GEMEENTE)
    assert re.fullmatch(rf"VB(-[{ALPHABET}]{{3}}){{3}}", reference)


def test_same_nonce_same_reference_and_other_nonce_other_reference() -> None:
    references = [make_reference(f"{number:032x}", GEMEENTE) for number in range(2000)]
    assert len(set(references)) == len(references)
    assert make_reference("0" * 32, GEMEENTE) == references[0]


def test_every_symbol_occurs_in_every_place() -> None:
    columns = zip(*(make_reference(f"{n:032x}", GEMEENTE)[3:].replace("-", "") for n in range(3000)), strict=True)
    assert all(set(column) == set(ALPHABET) for column in columns)


@given(NONCES)
def test_reads_back_what_it_made(nonce: str) -> None:
    reference = make_reference(nonce, GEMEENTE)
    for written in (
        reference,
        reference.lower(),
        reference.replace("-", " "),
        reference.replace("-", ""),
        f"mijn kenmerk is {reference}.",
        " ".join(reference),
        reference.replace("0", "o"),
        reference.replace("0", "O"),
        reference.replace("L", "1"),
        reference.replace("L", "i"),
        reference.replace("M", "n"),
        reference.replace("5", "s"),
        f"({reference})",
        reference.replace("-", "\u2013"),
        f"{reference}?",
    ):
        assert parse_reference(written, GEMEENTE) == reference, written


@pytest.mark.parametrize(
    ("written", "reference"),
    [
        ("7KM 4PX 9RT", "VB-7KM-4PX-9RT"),
        ("hoe staat het met 7km-4px-9rt?", "VB-7KM-4PX-9RT"),
        ("7KM4PX9RT", "VB-7KM-4PX-9RT"),
        ("vb 7km4px 9rt graag", "VB-7KM-4PX-9RT"),
    ],
)
def test_reads_groups_alone(written: str, reference: str) -> None:
    assert parse_reference(written, GEMEENTE) == reference


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hoe staat mijn plan ervoor",
        "bel 035 629 2111",
        "0356292111",
        "mijn postcode is 1401 AB",
        "VB",
        "VB-7KM-4PX-9R",
        "VB-7KM-4PX-9RTX",
        "XVB-7KM-4PX-9RT",
        "vb laat me het weten",
        "van 500 tot 1500 euro",
        "HV-AAA-EEE-UUU",
        "400 300 200",
    ],
)
def test_nothing_to_read(text: str) -> None:
    assert parse_reference(text, GEMEENTE) is None


@given(st.text())
def test_never_raises(text: str) -> None:
    found = parse_reference(text, GEMEENTE)
    assert found is None or parse_reference(found, GEMEENTE) == found
