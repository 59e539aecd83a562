"""Names of wijken and buurten in what residents type, with the shipped names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.places.names import NameFinder, PlaceName
from knowledge.places.places import Places


@pytest.mark.parametrize(
    ("text", "wijk"),
    [
        # the plain names, as a place
        ("in zuid", "Zuid"),
        ("zuid", "Zuid"),
        ("Zuid?", "Zuid"),
        ("wijk oost", "Oost"),
        ("wijkregisseur zuid?", "Zuid"),
        ("hoeveel geld heeft noord", "Noordoost"),
        ("wijkbudget centrum", "Centrum"),
        ("ik woon in het centrum", "Centrum"),
        ("het centrum van hilversum is vies", "Centrum"),
        ("hilversum oost", "Oost"),
        ("hilversum-zuid", "Zuid"),
        ("zuid heeft meer geld dan ons", "Zuid"),
        ("ik hoor dat oost een aardig bedrag krijgt", "Oost"),
        ("agenda centrum", "Centrum"),
        ("wijkbudjet centrum hoeveel", "Centrum"),
        ("straatfeest zuid", "Zuid"),
        ("is er nog iets over voor zuid of is alles al op", "Zuid"),
        ("heeft oost of krijgt west meer", "Oost"),
        ("wijkzuid", "Zuid"),
        ("en in oost?", "Oost"),
        ("Ik woon in Zuid. Wie is mijn regisseur", "Zuid"),
        # compounds, joined, split, with a hyphen
        ("zuidoost", "Zuidoost"),
        ("zuid-oost", "Zuidoost"),
        ("zuid oost", "Zuidoost"),
        ("noord west budget", "Noordwest"),
        ("wie is de wijkregisseur van noordoost", "Noordoost"),
        ("hilversumsemeent", "Hilversumse Meent"),
        ("de meent", "Hilversumse Meent"),
        ("in de meent is niks", "Hilversumse Meent"),
        ("mediapark", "Noordwest"),
        ("het media park", "Noordwest"),
        # typos
        ("zuidost", "Zuidoost"),
        ("noordwesst", "Noordwest"),
        ("noordost plan", "Noordoost"),
        ("zuidwst", "Zuidwest"),
        ("ik woon in kerklanden", "Zuidwest"),
        ("kerkelandn", "Zuidwest"),
        ("hilversumse ment", "Hilversumse Meent"),
        ("in libergen", "Oost"),
        ("in het centrm", "Centrum"),
        ("wijkregisseur centum", "Centrum"),
        # buurten and what people call them
        ("kerkelanden", "Zuidwest"),
        ("in de riebeeck", "Zuidoost"),
        ("van riebeek kwartier", "Zuidoost"),
        ("bloemenbuurt", "Zuid"),
        ("schilderswijk", "Zuidoost"),
        ("west-indië", "Zuidoost"),
        ("anna’s hoeve", "Oost"),
        ("annas hoeve", "Oost"),
        ("het rode dorp", "Zuidwest"),
        ("trompenberg", "Noordwest"),
        ("t hoogt van t kruis", "Zuidoost"),
        ("st. vitusbuurt", "Centrum"),
        ("I live in the city centre", "Centrum"),
        ("is there money in southeast?", "Zuidoost"),
    ],
)
def test_finds_names(places: Places, text: str, wijk: str) -> None:
    place = places.find_name(text)
    assert place is not None
    assert place.wijk == wijk


@pytest.mark.parametrize(
    "text",
    [
        "is er een buurtcentrum",
        "op welke dag zit de wijkregisseur in het wijkcentrum",
        "wijkcentrum",
        "winkelcentrum",
        "een medisch centrum",
        "het centrum van de aandacht",
        "in het centrum van parijs",
        "tuin op het zuiden",
        "noord-holland",
        "in zuid afrika",
        "noord-korea",
        "van oost naar west",
        "oost west thuis best",
        "zuidelijk",
        "noordelijke wind",
        "oosterspoorplein",
        "amsterdam zuid",
        "zuiderkerk",
        "kerkelandenlaan",
        "hij meent dat",
        "wat meent u daarmee",
        "gemeente",
        "gemeentehuis",
        "bloemen planten",
        "bloembakken",
        "een haven",
        "schilders gezocht",
        "south of the park",
        "hilversum",
        "gemeente hilversum",
        "hilversummers.nl",
        "wat kan ik op hilversumers nl",
        "zuid kant van het veld",
        "meentwerf",
        "buurt centrum",
        "een centrum voor jongeren",
        "",
        "in de wijk",
        "centrale verwarming",
        "eens",
    ],
)
def test_leaves_other_words(places: Places, text: str) -> None:
    assert places.find_name(text) is None


def test_a_wijk_with_two_areas_is_split_until_something_says_which(places: Places) -> None:
    split = places.find_name("ik woon in oost")
    assert split is not None
    assert (split.kind, split.alternatives) == ("split", ("Oost 1221", "Oost 1223"))
    named = places.find_name("wie zit er in oost 1223")
    assert named is not None
    assert (named.kind, named.area) == ("sure", "Oost 1223")
    by_buurt = places.find_name("ik woon in liebergen")
    assert by_buurt is not None
    assert (by_buurt.kind, by_buurt.area, by_buurt.buurt) == ("sure", "Oost 1223", "Liebergen")


def test_a_nickname_of_two_buurten_names_their_wijk(places: Places) -> None:
    place = places.find_name("bloemenkwartier")
    assert place is not None
    assert (place.wijk, place.buurt) == ("Zuid", "")
    exact = places.find_name("bloemenkwartier noord")
    assert exact is not None
    assert exact.buurt == "Bloemenkwartier Noord"


def test_the_first_name_counts(places: Places) -> None:
    place = places.find_name("is kerkelanden ook zuid of centrum")
    assert place is not None
    assert place.wijk == "Zuidwest"


def test_every_official_name_is_found_in_a_sentence(places: Places) -> None:
    for wijk in places.wijken:
        for name in (wijk.name, *wijk.buurten):
            for sentence in ("{}", "ik woon in {}", "wie is de wijkregisseur van {}?", "wijkbudget {} graag"):
                place = places.find_name(sentence.format(name.lower()))
                assert place is not None, name
                assert place.wijk == wijk.name, name


LONG = ["kerkelanden", "hilversumsemeent", "staatsliedenkwartier", "erfgooiersbuurt", "villaparken"]


@given(st.sampled_from(LONG), st.data())
def test_one_typo_in_a_long_name_is_forgiven(places: Places, name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(name) - 2))
    letter = data.draw(st.sampled_from("abcdefghijklmnoprstuvw"))
    kind = data.draw(st.sampled_from(["drop", "double", "swap", "change"]))
    typed = {
        "drop": name[:at] + name[at + 1 :],
        "double": name[:at] + name[at] + name[at:],
        "swap": name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        "change": name[:at] + letter + name[at + 1 :],
    }[kind]
    right, found = places.find_name(name), places.find_name(f"ik woon in {typed}")
    assert right is not None
    assert found is not None, typed
    assert found.wijk == right.wijk


def test_names_equally_near_are_no_guess() -> None:
    finder = NameFinder([PlaceName("Berkenhof", "A"), PlaceName("Berkenhok", "B")], "Stad")
    assert finder.find("berkenhoz") is None
    found = finder.find("berkenhof")
    assert found is not None
    assert found.wijk == "A"
