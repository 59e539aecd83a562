"""Amounts as residents write them: with and without a euro sign, in words, in slang, as ranges."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.entities.amounts import Amount, find_amount, meant_amount, rival_amounts

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


@pytest.mark.parametrize(
    ("text", "euro"),
    [
        # too many or odd digits around a dot
        ("1000.000", 1_000_000),
        ("€ 1000.000", 1_000_000),
        ("€ 2500.000,00", 2_500_000),
        ("1.500.00 euro", 1500),
        ("€ 1.500,00", 1500),
        ("12,50 euro", 13),
        ("1500.50 euro", 1501),
        # halves and quarters
        ("½ ton", 50_000),
        ("1½ duizend euro", 1500),
        ("1 ½ duizend", 1500),
        ("2½ mille", 2500),
        ("1/2 ton", 50_000),
        ("1 1/2 duizend euro", 1500),
        ("¾ ton", 75_000),
        ("een kwart ton", 25_000),
        # misspelt words
        ("achtienhonderd euro", 1800),
        ("tweehondert euro", 200),
        ("vijventwintig euro", 25),
        ("drieduizent euro", 3000),
        ("viertienhonderd euro", 1400),
        ("agtienhonderd euro", 1800),
        ("vyfhonderd euro", 500),
        # so many times so much
        ("2 x 500 euro", 1000),
        ("2x500 euro", 1000),
        ("2 × € 500", 1000),
        ("twee keer 500 euro", 1000),
        ("3 maal 250 euro", 750),
        ("4 bankjes à 250 euro", 1000),
        ("10 keer duizend euro", 10_000),
        # the total
        ("300 euro voor planten en 200 euro voor grond, samen 500", 500),
        ("een bankje 500 euro en aarde 300 euro, samen 800", 800),
        ("500 euro en 300 euro, in totaal 800 euro", 800),
        ("500 en 300 bij elkaar 800 euro", 800),
        ("1500 in totaal voor twee bankjes van 750", 1500),
        ("wij vragen 300 voor planten en 200 voor grond, samen 500", 500),
        # what is asked, beside what they pay themselves
        ("eigen bijdrage 500, wij vragen 1500", 1500),
        ("wij vragen 1500 euro, eigen bijdrage 500 euro", 1500),
        ("het kost 2000 euro, we leggen zelf 500 euro in en vragen 1500", 1500),
        ("we hebben 2000 nodig, eigen bijdrage 500, dus vragen we 1500", 1500),
        ("750 euro hebben we gespaard en 1250 euro subsidie graag", 1250),
        ("sponsors geven 200 euro, de rest is 800 euro", 800),
        # corrections
        ("niet 500 maar 800 euro", 800),
        ("geen 500 euro maar 800 euro", 800),
        ("500 euro, nee 600 euro", 600),
        # years beside amounts
        ("in 2025 kregen we 500", 500),
        ("in 2025 kregen we 500 euro, nu vragen we 800 euro", 800),
        ("van 2024 tot 2026 hebben we 500 nodig", 500),
        ("voorjaar 2027 willen we 750 euro", 750),
        ("sinds 1998 en nu 600 euro", 600),
    ],
)
def test_amounts_as_they_are_meant(text: str, euro: int) -> None:
    for bare in (False, True):
        found = find_amount(text, bare)
        if found is None:
            assert not bare, text
        else:
            assert found.upper == euro, text


@pytest.mark.parametrize(
    ("text", "euro"),
    [
        ("€ 1.5OO", 1500),
        ("15OO euro", 1500),
        ("2ooo", 2000),
        ("l500 euro", 1500),
        ("€ l.OOO", 1000),
        ("€ 1,5", 1500),
        ("2025", 2025),
        ("ongeveer 1950", 1950),
    ],
)
def test_what_may_mean_something_else_is_no_amount_and_can_be_asked(text: str, euro: int) -> None:
    assert find_amount(text, bare=True) is None
    meant = meant_amount(text)
    assert meant is not None
    assert meant.upper == euro


@pytest.mark.parametrize(
    "text", ["500", "tussen 500 en 1000", "in 2025", "sinds 1998", "co2 meter", "h2o", "", "1221 AB"]
)
def test_nothing_is_asked_about_a_clear_number(text: str) -> None:
    assert meant_amount(text) is None


@pytest.mark.parametrize(
    ("text", "euro"),
    [
        ("300 voor planten en 200 voor grond", [300, 200]),
        ("300 euro voor planten, 200 euro voor grond", [300, 200]),
        ("300 en 200, samen 500", []),
        ("eigen bijdrage 500, wij vragen 1500", []),
        ("1500 voor 20 mensen", []),
        ("tussen 500 en 1000", []),
    ],
)
def test_amounts_between_which_nothing_chooses(text: str, euro: list[int]) -> None:
    assert [amount.upper for amount in rival_amounts(text)] == euro


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


@given(st.integers(1, 50), st.integers(50, 5_000), st.sampled_from(["{} x {} euro", "{}x{} euro", "{} keer € {}"]))
def test_so_many_times_so_much(count: int, each: int, written: str) -> None:
    found = find_amount(written.format(count, each))
    assert found is not None
    assert found.upper == count * each


@given(st.integers(100, 9_000), st.integers(100, 9_000))
def test_the_total_is_taken_in_any_wording(one: int, other: int) -> None:
    for written in ("{} euro en {} euro, samen {}", "{} voor zand en {} voor stenen, in totaal {} euro"):
        found = find_amount(written.format(one, other, one + other))
        assert found is not None
        assert found.upper == one + other


@given(st.integers(100, 9_000), st.integers(100, 9_000))
def test_of_what_is_paid_and_what_is_asked_the_asked_counts(own: int, asked: int) -> None:
    for written in ("eigen bijdrage {0} euro, wij vragen {1} euro", "wij vragen {1} euro, zelf leggen we {0} euro in"):
        found = find_amount(written.format(own, asked))
        assert found is not None
        assert found.upper == asked


@given(st.integers(1990, 2040), st.integers(100, 1_899))
def test_a_year_is_no_amount(year: int, euro: int) -> None:
    for written in ("in {} kregen we {}", "sinds {} kost dat {} euro", "voor {} willen we {} euro"):
        found = find_amount(written.format(year, euro), bare=True)
        assert found is not None
        assert found.upper == (euro if year != 2000 or "euro" in written else found.upper)


@given(ANY_TEXT)
def test_any_text_is_read_for_doubts_without_an_error(text: str) -> None:
    meant_amount(text)
    rival_amounts(text)


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
