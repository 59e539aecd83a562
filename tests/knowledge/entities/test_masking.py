"""What must not be kept is found by its check digits; everything else stays readable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban as iban_check
from stdnum import luhn
from stdnum.nl import bsn as bsn_check

from knowledge.entities.masking import mask

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "masked", "kinds"),
    [
        ("mijn bsn is 123456782", "mijn bsn is [bsn]", {"bsn"}),
        ("123.456.782", "[bsn]", {"bsn"}),
        ("bsn 1234.56.782 graag", "bsn [bsn] graag", {"bsn"}),
        ("bsn 10000008", "bsn [bsn]", {"bsn"}),
        ("12345 6782", "[bsn]", {"bsn"}),
        ("12 34 56 782", "[bsn]", {"bsn"}),
        ("123 45 67 82", "[bsn]", {"bsn"}),
        ("123/456/782", "[bsn]", {"bsn"}),
        ("123\u00a0456\u00a0782", "[bsn]", {"bsn"}),
        ("mijn bsn: 1 2 3 4 5 6 7 8 2", "mijn bsn: [bsn]", {"bsn"}),
        ("maak over op NL91 ABNA 0417 1643 00 aub", "maak over op [iban] aub", {"iban"}),
        ("nl91abna0417164300", "[iban]", {"iban"}),
        ("ibanNL91ABNA0417164300", "iban[iban]", {"iban"}),
        ("NL91\u2009ABNA\u20090417\u20091643\u200900", "[iban]", {"iban"}),
        ("NL91_ABNA_0417_1643_00", "[iban]", {"iban"}),
        ("BE68 5390 0754 7034.", "[iban].", {"iban"}),
        ("kaart 4111 1111 1111 1111", "kaart [card]", {"card"}),
        ("kaart 4111.1111.1111.1111", "kaart [card]", {"card"}),
        ("4111  1111  1111  1111", "[card]", {"card"}),
        ("3782 822463 10005", "[card]", {"card"}),
        ("5500-0000-0000-0004 en 123456782", "[card] en [bsn]", {"card", "bsn"}),
        ("mijnbsn123456782", "mijnbsn[bsn]", {"bsn"}),
        ("BSN/123456782", "BSN/[bsn]", {"bsn"}),
        ("bsn-123456782", "bsn-[bsn]", {"bsn"}),
        ("mijn zaak is Z/24/111222333, mijn bsn 123456782", "mijn zaak is Z/24/111222333, mijn bsn [bsn]", {"bsn"}),
        ("zaaknummer 111222333 en 123456782", "zaaknummer 111222333 en [bsn]", {"bsn"}),
        ("123456782, is dat mijn bsn?", "[bsn], is dat mijn bsn?", {"bsn"}),
        ("SA03 8000 0000 6080 1016 7519", "[iban]", {"iban"}),
    ],
)
def test_sensitive_numbers_are_always_masked(text: str, masked: str, kinds: set[str]) -> None:
    found = mask(text)
    assert (found.text, set(found.kinds)) == (masked, kinds)


@pytest.mark.parametrize(
    "text",
    [
        "123456789",
        "NL91 ABNA 0417 1643 01",
        "4111 1111 1111 1112",
        "€ 123.456.782",
        "123.456.782 euro",
        "1500 euro",
        "+31612345678",
        "0031 123456782",
        "HV-7KM-4PX-9RT",
        "1221 AB",
        "14 035",
        "000000000",
        "20261120",
        "zaaknummer 123456782",
        "ordernummer: 111222333",
        "btw NL111222333B01",
        "NL111222333B01",
        "btw-id NL 111.222.333 B01",
        "111222333B01",
        "zaak Z/24/111222333",
        "Z-24-111222333",
        "Z24/111222333",
        "2024-111222333",
        "INT/111222333/2026",
        "zaaknummer is 111222333",
        "zaak: 111222333",
        "met kenmerk 111222333",
        "mijn referentie was 111222333",
        "bestelling 111222333 is niet gekomen",
        "bestelnummer: 111222333",
        "onze ref. 111222333",
        "aanvraagnummer 111222333",
        "pakket 111222333",
        "rsin 111222333",
        "lidnummer 111222333",
        "case number 111222333",
        "order #111222333",
        "model AB111222333",
        "mijn bsn geef ik niet, wel mijn zaaknummer 111222333",
        "kvk 12345678",
        "2026-11-20 2026-11-27",
        "06 12 34 56 78",
        "20-11-2026",
        "van 2026 tot 2027",
        "14:30 uur 20-11",
        "1 2 3 4 5 6 7 8 2",
        "€ 12.345,67",
        "035 629 26 12",
        "nl is een land",
        "",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert mask(text).text == text
    assert not mask(text).kinds


@pytest.mark.parametrize(
    ("text", "masked", "kinds"),
    [
        ("mail a.b@voorbeeld.nl of bel", "mail [email] of bel", {"email"}),
        ("bel 06 12345678", "bel [telephone]", {"telephone"}),
        ("mijn nummer is 035-629 12 34 thuis", "mijn nummer is [telephone] thuis", {"telephone"}),
        ("ik woon op 1221 AB 12", "ik woon op 1221[address] [address]", {"address"}),
        ("Kerkstraat 81 1211 CM", "Kerkstraat [address] 1211[address]", {"address"}),
        ("Larenseweg 105-2", "Larenseweg [address]", {"address"}),
        ("Vaartweg 10 en 12", "Vaartweg [address]", {"address"}),
        ("Kerkbrink 6", "Kerkbrink [address]", {"address"}),
        ("Larenseweg 1 t/m 15", "Larenseweg [address]", {"address"}),
        ("Larenseweg 1 tm 15", "Larenseweg [address]", {"address"}),
        ("Larenseweg 1 tot en met 15", "Larenseweg [address]", {"address"}),
        ("Larenseweg 12 – 14", "Larenseweg [address]", {"address"}),
        ("Larenseweg 3, 5 en 7a doen mee", "Larenseweg [address] doen mee", {"address"}),
        ("Larenseweg nummers 3 en 5", "Larenseweg nummers [address]", {"address"}),
        ("Larenseweg 12A t/m 12F", "Larenseweg [address]", {"address"}),
        ("1216 AB 12-14", "1216[address] [address]", {"address"}),
        ("1216 AB 1 t/m 15", "1216[address] [address]", {"address"}),
        ("wij wonen op nummer 3 en 5", "wij wonen op nummer [address]", {"address"}),
        ("Kerkstraat 10 en 1214 AB", "Kerkstraat [address] en 1214 AB", {"address"}),
        ("ze woont op nummer 14", "ze woont op nummer [address]", {"address"}),
        (
            "mw. de Vries, tel 0031 6 12345678, vries@mail.nl",
            "mw. de Vries, tel [telephone], [email]",
            {"telephone", "email"},
        ),
        ("in 2026 en 2027", "in 2026 en 2027", set()),
        ("we hebben 1500 of 2000 nodig", "we hebben 1500 of 2000 nodig", set()),
        ("1221ab", "1221ab", set()),
        ("wie beslist over 2000 euro in 1221", "wie beslist over 2000 euro in 1221", set()),
    ],
)
def test_contacts_are_masked_for_logs(text: str, masked: str, kinds: set[str]) -> None:
    found = mask(text, contacts=True)
    assert (found.text, set(found.kinds)) == (masked, kinds)


def test_contacts_stay_where_they_are_wanted() -> None:
    assert mask("bel 06 12345678 of mail a@b.nl").text == "bel 06 12345678 of mail a@b.nl"


@given(st.integers(1, 99_999_999))
def test_every_bsn_is_found(start: int) -> None:
    digits = f"{start:08d}"
    check = sum(int(digit) * weight for digit, weight in zip(digits, range(9, 1, -1), strict=True)) % 11
    if check == 10:
        return
    bsn = f"{digits}{check}"
    assert bsn_check.is_valid(bsn)
    assert mask(f"mijn nummer {bsn}, dus").text == "mijn nummer [bsn], dus"


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=4, max_size=4), st.integers(0, 9_999_999_999), st.integers(1, 6))
def test_every_dutch_iban_is_found_however_it_is_spaced(bank: str, account: int, step: int) -> None:
    rest = f"{bank}{account:010d}"
    number = int("".join(str(int(c, 36)) for c in rest + "NL00"))
    iban = f"NL{98 - number % 97:02d}{rest}"
    assert iban_check.is_valid(iban)
    spaced = " ".join(iban[at : at + step] for at in range(0, len(iban), step)) if step > 1 else iban
    assert mask(f"rekening {spaced} van mij").text == "rekening [iban] van mij"


@given(st.integers(400_000_000_000_000, 599_999_999_999_999))
def test_every_card_is_found(start: int) -> None:
    check = luhn.calc_check_digit(str(start))
    assert "card" in mask(f"kaart {start}{check}").kinds


@given(ANY_TEXT, st.booleans())
def test_masking_twice_changes_nothing(text: str, contacts: bool) -> None:
    once = mask(text, contacts)
    assert mask(once.text, contacts).text == once.text


NUMBERS = st.text("0123456789 .-+NLABab@€,", max_size=60)


@given(NUMBERS, st.booleans())
def test_masking_numbers_twice_changes_nothing(text: str, contacts: bool) -> None:
    once = mask(text, contacts)
    assert mask(once.text, contacts).text == once.text
