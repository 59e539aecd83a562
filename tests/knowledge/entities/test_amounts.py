"""Amounts as residents write them: with and without a euro sign, in words, in slang, as ranges."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.entities.amounts import Amount, find_amount

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "euro"),
    [
        # with a sign or word
        ("€ 1.500,-", 1500),
        ("€1500", 1500),
        ("1500 euro", 1500),
        ("500eur", 500),
        ("EUR 500", 500),
        ("€1500,=", 1500),
        ("ik heb 1.500,50 euro nodig", 1501),
        ("12,500 euros", 12500),
        ("1 500 euro", 1500),
        ("500 euro's", 500),
        ("1500,- graag", 1500),
        ("€ 1.000.000", 1_000_000),
        ("5 eruo", 5),
        ("300 euri", 300),
        # thousands in short
        ("2k", 2000),
        ("2,5k", 2500),
        ("twee mille", 2000),
        ("plan van 30 mille", 30000),
        ("twee ruggen", 2000),
        ("een tientje", 10),
        ("1,5 miljoen", 1_500_000),
        ("1.5 ton", 150_000),
        ("25 duizend aanvragen", 25000),
        # in words
        ("anderhalf duizend", 1500),
        ("vijftienhonderd euro", 1500),
        ("vijfentwintighonderd", 2500),
        ("duizend euro", 1000),
        ("tweeduizend en vijftig euro", 2050),
        ("drie en een half duizend euro", 3500),
        ("vijftig euro", 50),
        ("tweeënhalf duizend", 2500),
        ("een half miljoen euro", 500_000),
        ("driekwart ton euro", 75_000),
        # English
        ("two thousand euros", 2000),
        ("twenty-five thousand", 25000),
        ("half a million", 500_000),
        ("two hundred and fifty euros", 250),
        ("a thousand euros", 1000),
        ("what was the 75k spent on", 75000),
        # by what is said around it
        ("ons plan kost 1500", 1500),
        ("wie beslist over 8000", 8000),
        ("subsidie van 2000", 2000),
        ("boven de 10.000 wie beslist dan", 10000),
        ("we have a quote of 78,000 for a sports square", 78000),
        ("mag ik 300 euro vragen voor 20 buren", 300),
        ("de 75.000 naast het geld voor de wijken", 75000),
        ("wie krijgt er wat uit die pot van 75000", 75000),
    ],
)
def test_finds_amounts(text: str, euro: int) -> None:
    found = find_amount(text)
    assert found is not None
    assert (found.lower, found.upper) == (euro, euro)


@pytest.mark.parametrize(
    ("text", "lower", "upper"),
    [
        ("tussen 500 en 1000", 500, 1000),
        ("tussen de 5 en de 10 duizend", 5000, 10000),
        ("500 - 750 euro", 500, 750),
        ("van 500 tot 1000 euro", 500, 1000),
        ("2 à 3 duizend euro", 2000, 3000),
        ("2-3k", 2000, 3000),
        ("500 of 600 euro", 500, 600),
        ("between 500 and 1000", 500, 1000),
        ("vijf tot tienduizend euro", 5000, 10000),
        ("tussen vijfhonderd en duizend euro", 500, 1000),
        ("€500-€700", 500, 700),
        ("1500 euro tot 2000 euro", 1500, 2000),
    ],
)
def test_finds_ranges(text: str, lower: int, upper: int) -> None:
    found = find_amount(text)
    assert found is not None
    assert (found.lower, found.upper) == (lower, upper)


@pytest.mark.parametrize(
    "text",
    [
        "1500",
        "een paar honderd",
        "een paar duizend euro",
        "honderden euro's",
        "3 ton zand",
        "10 duizend inwoners",
        "duizend keer dank",
        "wijkbudget 2021",
        "in 2019 was er subsidie",
        "tussen 2018 en 2022",
        "50%",
        "50 cent",
        "06 12345678",
        "bel 035 629 1234",
        "14 035",
        "kerkstraat 81 1211 cm",
        "1221 ab",
        "postcode 1221",
        "13 weken",
        "we zijn met 150 mensen en het budget is klein",
        "3 bankjes",
        "voor 20 tot 30 kinderen",
        "1e nieuwstraat budget",
        "our request for money, reference 2231",
        "aanvraag met referentie 4410",
        "10e groep",
        "5k lopen",
        "ze zijn allemaal boven de 75",
        "9" * 5000,
        "",
        "geen idee",
    ],
)
def test_leaves_other_numbers(text: str) -> None:
    assert find_amount(text) is None


@pytest.mark.parametrize(
    ("text", "euro"),
    [
        ("1500", 1500),
        ("ongeveer 1500 denk ik", 1500),
        ("3 bankjes van 500", 500),
        ("1500 voor 20 mensen", 1500),
        ("twintig", 20),
        ("0", 0),
        ("1.500", 1500),
        ("20 bakken van 50 euro", 50),
    ],
)
def test_bare_numbers_count_as_an_answer_to_how_much(text: str, euro: int) -> None:
    found = find_amount(text, bare=True)
    assert found is not None
    assert found.upper == euro


def test_no_number_is_no_answer() -> None:
    assert find_amount("dat weet ik nog niet", bare=True) is None


@given(st.integers(1, 999_999))
def test_round_trip_of_written_euros(euro: int) -> None:
    dutch = f"{euro:,}".replace(",", ".")
    for written in (f"€ {dutch}", f"€{euro},-", f"{euro} euro", f"ik vraag {dutch} euro aan voor ons plan"):
        found = find_amount(written)
        assert found is not None
        assert found == Amount(euro, euro, found.text), written


@given(st.integers(1, 50_000), st.integers(1, 50_000))
def test_round_trip_of_ranges(one: int, other: int) -> None:
    low, high = sorted((one, other))
    found = find_amount(f"tussen {low} en {high} euro")
    assert found is not None
    assert (found.lower, found.upper) == (low, high)


DUTCH = ["nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf"]


@given(st.integers(2, 12), st.sampled_from([(100, "honderd"), (1000, "duizend")]))
def test_round_trip_of_words(count: int, unit: tuple[int, str]) -> None:
    for written in (f"{DUTCH[count]}{unit[1]} euro", f"{DUTCH[count]} {unit[1]} euro", f"{count} {unit[1]} euro"):
        found = find_amount(written)
        assert found is not None
        assert found.upper == count * unit[0]


@given(ANY_TEXT, st.booleans())
def test_any_text_is_read_without_an_error(text: str, bare: bool) -> None:
    found = find_amount(text, bare)
    assert found is None or 0 <= found.lower <= found.upper


PIECES = [
    "1",
    "2.5",
    "1.500",
    ",",
    "-",
    "€",
    "euro",
    "k",
    "mille",
    "ton",
    "duizend",
    "honderd",
    "tussen",
    "en",
    "tot",
    "een",
    "half",
    "anderhalf",
    "a",
    "of",
    "paar",
    "1221",
    "%",
    "twee",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
def test_any_mix_of_number_words_is_read_without_an_error(text: str) -> None:
    found = find_amount(text, bare=True)
    assert found is None or 0 <= found.lower <= found.upper
