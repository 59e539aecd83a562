"""What must not be kept is found by its check digits; everything else stays readable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.entities.masking import is_bsn, is_card, is_iban, mask

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
    assert is_bsn(bsn)
    assert mask(f"mijn nummer {bsn}, dus").text == "mijn nummer [bsn], dus"


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=4, max_size=4), st.integers(0, 9_999_999_999), st.integers(1, 6))
def test_every_dutch_iban_is_found_however_it_is_spaced(bank: str, account: int, step: int) -> None:
    rest = f"{bank}{account:010d}"
    number = int("".join(str(int(c, 36)) for c in rest + "NL00"))
    iban = f"NL{98 - number % 97:02d}{rest}"
    assert is_iban(iban)
    spaced = " ".join(iban[at : at + step] for at in range(0, len(iban), step)) if step > 1 else iban
    assert mask(f"rekening {spaced} van mij").text == "rekening [iban] van mij"


@given(st.integers(400_000_000_000_000, 599_999_999_999_999))
def test_every_card_is_found(start: int) -> None:
    check = next(digit for digit in range(10) if is_card(f"{start}{digit}"))
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
