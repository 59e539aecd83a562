"""Of several places in a message the one that holds; spelt-out postcodes, streets and other towns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.places.places import Places
from knowledge.places.postcodes import find_postcode
from knowledge.places.spelt import written_out
from knowledge.places.streets import Street, StreetFinder, street_named

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()))
WIJKEN = ["Noordoost", "Noordwest", "Zuid", "Zuidoost", "Zuidwest", "de Meent", "het Centrum", "Oost"]


@pytest.mark.parametrize(
    ("text", "wijk"),
    [
        ("niet in Noord maar in Zuid", "Zuid"),
        ("ik woon niet in Zuid maar in Noordwest", "Noordwest"),
        ("vroeger Oost, nu Zuid", "Zuid"),
        ("vroeger woonde ik in Oost, nu in Zuid", "Zuid"),
        ("Zuid, vroeger Oost", "Zuid"),
        ("ben verhuisd van Kerkelanden naar de Meent", "Hilversumse Meent"),
        ("verhuisd van Oost naar Zuid", "Zuid"),
        ("ik ben net verhuisd naar de Meent", "Hilversumse Meent"),
        ("wij zijn van het centrum naar Zuidwest verhuisd", "Zuidwest"),
        ("niet in het centrum, wel in Noord, is er geld", "Noordoost"),
        ("ik woon niet meer in het centrum maar in de Meent", "Hilversumse Meent"),
        ("ik woon in Zuid, niet in Oost", "Zuid"),
        ("eerst Zuidoost en nu Noordwest", "Noordwest"),
        ("ik zei Oost maar ik bedoel Zuid", "Zuid"),
        ("Oost, nee Zuid", "Zuid"),
        ("sorry, niet Zuidoost maar Zuidwest", "Zuidwest"),
        ("I used to live in Oost, now in Zuid", "Zuid"),
        ("not in Noord but in Zuid", "Zuid"),
        ("I moved from Kerkelanden to Zuid", "Zuid"),
        ("ik werk in Oost en woon in Zuid", "Zuid"),
        ("ik woon in Zuid en werk in Oost", "Zuid"),
        ("niet 1221 AB maar 1216 AB", "Zuidwest"),
        ("ik ben verhuisd van 1221 AB naar 1216 AB", "Zuidwest"),
        ("vroeger 1221 AB, tegenwoordig 1214 AB", "Zuid"),
        ("1216 AB, niet 1221 AB", "Zuidwest"),
        ("niet in Oost, postcode 1216 AB", "Zuidwest"),
        ("1217, in het centrum", "Centrum"),
    ],
)
def test_the_place_that_holds(places: Places, text: str, wijk: str) -> None:
    place = places.find(text)
    assert place is not None
    assert place.wijk == wijk


@pytest.mark.parametrize(
    "text",
    [
        "Noord of Zuid",
        "ik ga verhuizen van Oost naar Zuid",
        "ik woon in Oost en ga binnenkort naar Zuid",
        "Resedastraat 12, 1221 AB",
        "Goudriaanstraat in Zuid",
        "Larenseweg 100",
        "ik woon in Zuid, postcode 1221 AB",
        "oost 1221 of 1223",
    ],
)
def test_in_doubt_it_is_unclear(places: Places, text: str) -> None:
    place = places.find(text)
    assert place is not None
    assert place.kind == "unclear"
    assert place.alternatives


@pytest.mark.parametrize("text", ["ik woon niet in Noord", "wij zijn verhuisd uit Oost en wonen", "niet meer 1221 AB"])
def test_a_place_that_is_denied_or_left_is_none(places: Places, text: str) -> None:
    assert places.find(text) is None


@pytest.mark.parametrize(
    ("text", "wijk"),
    [
        ("ik woon aan de Resedastraat", "Zuid"),
        ("Resedastraat 12", "Zuid"),
        ("resedastraat", "Zuid"),
        ("Resedastr. 12", "Zuid"),
        ("Hogendorplaan 3", "Zuid"),
        ("van hogendorplaan 3", "Zuid"),
        ("Resedastraat 12, 1214 AB", "Zuid"),
        ("Wegaplein", "Oost"),
        ("wij wonen in de Wirixstraat", "Noordoost"),
        ("Jacob van Heemskerckstraat 5", "Zuidoost"),
        ("Jac. P. Thijsseplein 4", "Oost"),
        ("1e Nieuwstraat 4", "Centrum"),
        ("eerste nieuwstraat", "Centrum"),
        ("Thebe 22", "Zuidoost"),
        ("ik woon aan het Jan Korteplein", "Centrum"),
        ("Goudriaanstrat 8", "Noordoost"),
    ],
)
def test_streets_that_the_sources_name(places: Places, text: str, wijk: str) -> None:
    place = places.find(text)
    assert place is not None
    assert place.wijk == wijk
    assert place.street


@pytest.mark.parametrize(
    "text", ["thebe was een stad", "in de straat", "ik ben onderweg", "een wegaplant", "Emmastraat 12"]
)
def test_other_words_are_no_known_street(places: Places, text: str) -> None:
    assert places.find(text) is None


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("Emmastraat 12", "Emmastraat"),
        ("ik woon op de Geuzenweg", "Geuzenweg"),
        ("Minckelersstr. 4", "Minckelersstr"),
        ("ik ben op weg", ""),
        ("een zebrapad in onze straat", ""),
        ("het schoolplein", ""),
    ],
)
def test_a_street_is_known_by_its_ending(text: str, street: str) -> None:
    assert street_named(text) == street


def test_a_street_of_two_areas_is_unclear_and_a_short_name_must_be_its_own() -> None:
    finder = StreetFinder([Street("Van Dorplaan", ("A",)), Street("Jan Dorplaan", ("B",)), Street("Hof", ("A", "B"))])
    assert [one.street.name for one in finder.find_all("Van Dorplaan 3")] == ["Van Dorplaan"]
    assert not finder.find_all("Dorplaan 3")


@pytest.mark.parametrize(
    ("text", "town"),
    [
        ("Bussum", "Bussum"),
        ("Amsterdam Zuid", "Amsterdam"),
        ("ik woon in Bussum", "Bussum"),
        ("in Laren", "Laren"),
        ("ik woon in Den Haag", "Den Haag"),
        ("ik woon in Amsterdam Oost", "Amsterdam"),
    ],
)
def test_another_town(places: Places, text: str, town: str) -> None:
    place = places.find(text)
    assert place is not None
    assert (place.kind, place.town) == ("elsewhere", town)


@pytest.mark.parametrize(
    "text", ["hoe ver is Amsterdam", "de trein naar Utrecht", "verhuisd van Bussum naar Hilversum Zuid"]
)
def test_a_town_in_passing_is_not_where_somebody_lives(places: Places, text: str) -> None:
    place = places.find(text)
    assert place is None or place.wijk == "Zuid"


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("twaalf veertien A B", "1214 AB"),
        ("twaalf eenentwintig ab", "1221 AB"),
        ("een twee twee een A B", "1221 AB"),
        ("1 2 2 1 A B", "1221 AB"),
        ("1214 A B", "1214 AB"),
        ("12 16 AB", "1216 AB"),
        ("twaalf een en twintig bee cee", "1221 BC"),
        ("mijn postcode is twaalf zestien a b", "1216 AB"),
        ("twaalfhonderd veertien ab", "1214 AB"),
        ("postcode twaalf veertien", "1214"),
        ("Emmastraat 12,1221AB", "1221 AB"),
        ("Emmastraat 12-1221AB", "1221 AB"),
        ("Emmastraat 12a,1221 ab", "1221 AB"),
        ("Emmastraat 12/1221 AB", "1221 AB"),
    ],
)
def test_postcodes_spelt_out_or_glued(places: Places, text: str, postcode: str) -> None:
    assert find_postcode(text, places.near) == postcode


@pytest.mark.parametrize(
    "text",
    ["twaalf bankjes en twee bomen", "2 x 500", "drie en vijf a", "wij zijn met 20 25 en de rest", "vijf voor twaalf"],
)
def test_other_numbers_in_words_stay(text: str) -> None:
    assert written_out(text) == text


@pytest.mark.parametrize("text", ["1500", "ons plan kost 1215", "1217 nodig", "we vragen 1214", "3511"])
def test_four_digits_outside_a_place_question_are_no_postcode(places: Places, text: str) -> None:
    assert places.find(text) is None


def test_four_digits_are_the_answer_to_where(places: Places) -> None:
    there = places.find("3511", asked=True)
    assert there is not None
    assert there.kind == "elsewhere"
    here = places.find("1221", asked=True)
    assert here is not None
    assert here.area == "Oost 1221"


@pytest.mark.parametrize(
    "text", ["1221 AB", "in Zuid", "Zuid graag", "vroeger Oost, nu Zuid", "Resedastraat 12", "Bussum"]
)
def test_nothing_but_a_place(places: Places, text: str) -> None:
    assert places.is_only_place(text)


@pytest.mark.parametrize(
    "text", ["wijkbudget zuid", "wijkwethouder noordoost", "wijkagent centrum", "subsidie oost", "hallo"]
)
def test_a_place_with_something_beside_it(places: Places, text: str) -> None:
    assert not places.is_only_place(text)


PAIRS = st.lists(st.sampled_from(WIJKEN), min_size=2, max_size=2, unique=True)
SAID = [
    "niet in {0} maar in {1}",
    "vroeger {0}, nu {1}",
    "ik ben verhuisd van {0} naar {1}",
    "eerst woonde ik in {0} en nu in {1}",
    "ik woon in {1}, niet in {0}",
    "ik bedoel {1}, niet {0}",
]


@given(PAIRS, st.sampled_from(SAID))
def test_whatever_the_wijken_the_second_holds(places: Places, wijken: list[str], said: str) -> None:
    place, wanted = places.find(said.format(*wijken)), places.find_name(f"in {wijken[1]}")
    assert place is not None
    assert wanted is not None
    assert place.wijk == wanted.wijk


@given(ANY_TEXT)
def test_any_text_is_read_without_an_error(places: Places, text: str) -> None:
    places.find(text)
    places.is_only_place(text)
    street_named(text)


PIECES = [
    "niet",
    "Oost",
    "1221 AB",
    "naar",
    "verhuisd",
    "van",
    "Zuid",
    "Resedastraat",
    "nu",
    ",",
    "1216",
    "Bussum",
    "woon",
]


@given(st.lists(st.sampled_from(PIECES), max_size=9).map(" ".join))
def test_any_mix_of_places_is_read_without_an_error(places: Places, text: str) -> None:
    place = places.find(text)
    assert place is None or place.kind != "unclear" or place.alternatives
