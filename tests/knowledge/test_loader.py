"""Loading: everything right becomes knowledge, everything wrong is named at once, in Dutch, with its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge.loader import load, read
from knowledge.models.problems import KnowledgeError, Problems
from tests.knowledge.town import edit


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(KnowledgeError) as caught:
        load(folder)
    return [str(problem) for problem in caught.value.problems]


def test_a_right_folder_becomes_knowledge(town: Path) -> None:
    known = load(town)
    assert known.gemeente.name == "Kleinstad"
    assert known.gemeente.original == "nl"
    assert known.gemeente.reference_prefix == "KS"
    topic = known.topics["geld"]
    assert (topic.group, topic.step, topic.asks_wijk, topic.checked) == ("geld", "plan", True, date(2026, 11, 20))
    assert topic.source == "Nota Wijken (2020), tabel 1; De site"
    assert topic.title["en"] == "How much money is there?"
    assert known.facts.numbers == {"totaal": "€ 30.000", "weken": "13"}
    assert known.facts.budgets == {"Centrum": 10000, "Oost": 15000, "Bergendal": 5000}
    assert [decision.limit for decision in known.facts.decisions] == [2000, None]
    assert known.facts.decisions[0].who == {"nl": "de regisseur", "en": "the director"}
    assert known.texts.say("groet.welkom", "en", gemeente="X") == "Hello, we are X."
    assert known.criteria.questions[0].choices[1].goto == "einde"
    assert known.criteria.doors["budget"].topic == "geld"
    found = known.dangers.find("het huis staat in brand")
    assert found is not None
    assert found.number == "112"
    assert known.places.find_postcode("9004").area == "Oost 9004"
    assert known.matcher.match("hoeveel geld is er").topics[0] == "geld"


def test_words_are_folded_per_language(town: Path) -> None:
    parts = read(town, Problems())
    assert parts is not None
    assert parts.words.synonyms == {"nl": {"centen": "geld", "poen": "geld"}, "en": {"cash": "money"}}
    assert parts.words.skip["en"] == {"the"}
    assert parts.words.abbreviations == {"nl": {"gem": "gemeente"}}
    assert parts.outside[1] == ("the weather tomorrow", "en")


def test_a_contact_counts_until_it_expires_and_not_as_an_example(town: Path) -> None:
    facts = load(town).facts
    assert facts.contact("Centrum", date(2027, 1, 1)) is not None
    assert facts.contact("Centrum", date(2027, 1, 2)) is None
    assert facts.contact("Oost 9003", date(2026, 11, 21)) is None


def test_the_version_changes_with_any_file(town: Path) -> None:
    before = load(town).version
    edit(town, "buiten.csv", "het weer van morgen", "het weer van overmorgen")
    assert load(town).version != before


GELD = "onderwerpen/geld/geld.toml"

WRONG = [
    # unknown and missing keys
    (GELD, "zie_ook", "zie_ok", "onderwerpen/geld/geld.toml: zie_ok: is onbekend; bedoelt u “zie_ook”?"),
    (GELD, 'bron = "nota, tabel 1; site"', "", "onderwerpen/geld/geld.toml: bron: ontbreekt"),
    (GELD, "[en]\ntitel", "[en]\ntitle", "onderwerpen/geld/geld.toml: [en] title: is onbekend; bedoelt u “titel”?"),
    (
        GELD,
        'vragen = ["how much',
        'vraag = ["how much',
        "onderwerpen/geld/geld.toml: [en] vraag: is onbekend; bedoelt u “vragen”?",
    ),
    # wrong kinds
    (
        GELD,
        "vraagt_wijk = true",
        'vraagt_wijk = "ja"',
        "onderwerpen/geld/geld.toml: vraagt_wijk: moet true of false zijn",
    ),
    (
        GELD,
        "gecontroleerd = 2026-11-20",
        'gecontroleerd = "gisteren"',
        "onderwerpen/geld/geld.toml: gecontroleerd: moet een datum zijn, zoals 2026-11-20",
    ),
    (
        GELD,
        '"hoeveel geld is er", ',
        "1, ",
        "onderwerpen/geld/geld.toml: vragen: nummer 1 moet een tekst tussen aanhalingstekens zijn",
    ),
    (
        GELD,
        'stap = "plan"',
        'stap = "plann"',
        "onderwerpen/geld/geld.toml: stap: “plann” bestaat niet; bedoelt u “plan”?",
    ),
    # references
    (
        GELD,
        'zie_ook = ["mensen"]',
        'zie_ook = ["mens"]',
        "onderwerpen/geld/geld.toml: zie_ook: het onderwerp “mens” bestaat niet; bedoelt u “mensen”?",
    ),
    (
        GELD,
        "nota, tabel 1",
        "noota, tabel 1",
        "onderwerpen/geld/geld.toml: bron: de bron “noota” staat niet in feiten/bronnen.csv; bedoelt u “nota”?",
    ),
    (
        GELD,
        "Er is {getal.totaal}",
        "Er is {getal.totaaal}",
        "onderwerpen/geld/geld.toml: antwoord: {getal.totaaal} is onbekend; bedoelt u “getal.totaal”?",
    ),
    (
        GELD,
        "There is {getal.totaal}",
        "There is {wijk.budget}",
        "onderwerpen/geld/geld.toml: [en] antwoord: {wijk.budget} mag alleen in antwoord_wijk staan",
    ),
    (
        GELD,
        "Er is {getal.totaal}",
        "Er is {lijst.wijken}",
        "onderwerpen/geld/geld.toml: antwoord: {lijst.wijken} is een lijst en moet alleen op een regel staan",
    ),
    (
        GELD,
        "Er is {getal.totaal}",
        "Er is {getal.totaal",
        "onderwerpen/geld/geld.toml: antwoord: er staat een accolade { of } te veel of te weinig",
    ),
    (
        "criteria.toml",
        'eis = "steun"',
        'eis = "stuen"',
        "criteria.toml: vragen “buren” eis: “stuen” bestaat niet of staat niet verderop; bedoelt u “steun”?",
    ),
    (
        "criteria.toml",
        'ga_naar = "einde"',
        'ga_naar = "buren"',
        "criteria.toml: vragen “buren” keuzes “nee” ga_naar: “buren” bestaat niet of staat niet verderop"
        "; mogelijk: einde, kosten",
    ),
    (
        "criteria.toml",
        'onderwerp = "geld"',
        'onderwerp = "gelt"',
        "criteria.toml: [deuren.budget] onderwerp: het onderwerp “gelt” bestaat niet; bedoelt u “geld”?",
    ),
    (
        "gevaar.toml",
        'nummer = "nood"',
        'nummer = "noot"',
        "gevaar.toml: gevaar “brand” nummer: “noot” staat niet in feiten/noodnummers.csv; bedoelt u “nood”?",
    ),
    (
        "teksten.toml",
        "Hello, we are {gemeente}",
        "Hello, we are {gemente}",
        "teksten.toml: [en] groet.welkom: {gemente} staat niet in het origineel; bedoelt u “gemeente”?",
    ),
    (
        "teksten.toml",
        "wij zijn {gemeente}",
        "wij zijn {gemeente",
        "teksten.toml: groet.welkom: er staat een accolade { of } te veel of te weinig",
    ),
    (
        "woorden.toml",
        '["centen", "poen"]',
        '["centen"]\nbudget = ["centen"]',
        "woorden.toml: [synoniemen] budget: “centen” staat ook bij “geld”",
    ),
    (
        "gemeente.toml",
        'kenmerk = "KS"',
        'kenmerk = "klein"',
        "gemeente.toml: kenmerk: moet uit één tot vier hoofdletters bestaan, zoals HV",
    ),
    (
        "feiten/gebieden.csv",
        "Oost 9004;Oost",
        "Oost 9004;Oostt",
        "feiten/gebieden.csv: regel 4: “Oostt” bij wijk bestaat niet; bedoelt u “Oost”?",
    ),
    (
        "feiten/postcodes.csv",
        "9001;Centrum",
        "9001;Centrm",
        "feiten/postcodes.csv: regel 2: “Centrm” bij gebied bestaat niet; bedoelt u “Centrum”?",
    ),
    (
        "feiten/buurten.csv",
        "Oost;Oost 9004",
        "Oost;Centrum",
        "feiten/buurten.csv: regel 4: het gebied “Centrum” ligt niet in de wijk Oost",
    ),
    (
        "feiten/besluit.csv",
        "the council;In the budget.;budget",
        "the council;In the budget.;buget",
        "feiten/besluit.csv: deur: de deur “buget” staat niet in criteria.toml; bedoelt u “budget”?",
    ),
    (
        "buiten.csv",
        "morgen;nl",
        "morgen;de",
        "buiten.csv: regel 2: de taal “de” staat niet in gemeente.toml; mogelijk: en, nl",
    ),
    # cells
    (
        "feiten/budgetten.csv",
        "€ 15000",
        "veel",
        "feiten/budgetten.csv: regel 3: “veel” bij bedrag is geen bedrag in hele euro's",
    ),
    (
        "feiten/budgetten.csv",
        "Bergendal;5000",
        "Oost;5000",
        "feiten/budgetten.csv: regel 4: “oost” staat ook op regel 3",
    ),
    (
        "feiten/contacten.csv",
        "2027-01-01",
        "1 januari",
        "feiten/contacten.csv: regel 2: “1 januari” is geen datum; schrijf jaar-maand-dag, zoals 2026-11-20",
    ),
    (
        "feiten/getallen.csv",
        "weken;13;aantal",
        "weken;13;aantl",
        "feiten/getallen.csv: regel 3: de soort “aantl” is onbekend; bedoelt u “aantal”?",
    ),
    ("feiten/noodnummers.csv", "nood;112", "nood;", "feiten/noodnummers.csv: regel 2: het vak “nummer” is leeg"),
    # syntax
    (
        GELD,
        'titel = "Hoeveel geld is er?"',
        "titel = Hoeveel geld is er?",
        "onderwerpen/geld/geld.toml: regel 1: deze waarde klopt niet; staat een tekst tussen aanhalingstekens?",
    ),
    (
        GELD,
        '"hoe groot is de pot"]',
        '"hoe groot is de pot"',
        "onderwerpen/geld/geld.toml: regel 5: er ontbreekt een ] na een lijst",
    ),
    (
        "feiten/getallen.csv",
        "sleutel;waarde;soort;omschrijving;bron;gecontroleerd",
        "sleutel,waarde,soort,omschrijving,bron,gecontroleerd",
        "feiten/getallen.csv: regel 1: de kolommen zijn gescheiden door komma's; gebruik puntkomma's (;)",
    ),
    (
        "feiten/getallen.csv",
        "sleutel;waarde",
        "sleutel;warde",
        "feiten/getallen.csv: regel 1: de kolom “waarde” ontbreekt",
    ),
    (
        "feiten/partners.csv",
        "Helpt;nota",
        "Helpt; altijd;nota;",
        (
            "feiten/partners.csv: regel 2: heeft 7 vakken in plaats van 5; "
            'zet een tekst met een puntkomma tussen aanhalingstekens "'
        ),
    ),
    ("kaart/gemeente.geojson", "{", "", "kaart/gemeente.geojson: regel 1: is geen goed GeoJSON-bestand"),
]


@pytest.mark.parametrize(("file", "old", "new", "message"), WRONG, ids=[message[:60] for *_, message in WRONG])
def test_what_is_wrong_is_named(town: Path, file: str, old: str, new: str, message: str) -> None:
    edit(town, file, old, new)
    found = problems_of(town)
    if message.endswith("7 vakken"):
        assert any(message in problem for problem in found)
    else:
        assert message in found


def test_everything_wrong_is_named_at_once(town: Path) -> None:
    edit(town, GELD, "zie_ook", "zie_ok")
    edit(town, "feiten/gebieden.csv", "Oost 9004;Oost", "Oost 9004;Oostt")
    edit(town, "criteria.toml", 'eis = "steun"', 'eis = "stuen"')
    (town / "teksten.toml").unlink()
    found = "\n".join(problems_of(town))
    for part in ("zie_ok", "Oostt", "stuen", "teksten.toml: dit bestand ontbreekt"):
        assert part in found


def test_a_file_saved_as_windows_1252_is_named_with_its_line(town: Path) -> None:
    path = town / "feiten/partners.csv"
    path.write_bytes(path.read_text("utf-8").replace("Helpt", "Helpt cliënten").encode("cp1252"))
    (found,) = problems_of(town)
    assert found.startswith("feiten/partners.csv: regel 2: is opgeslagen als Windows-1252 (ANSI) (bij het teken “ë”)")
    assert "CSV UTF-8" in found


def test_a_file_of_excel_with_a_bom_and_empty_rows_is_fine(town: Path) -> None:
    path = town / "feiten/partners.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n") + b";;;;\r\n\r\n")
    topic = town / GELD
    topic.write_bytes(b"\xef\xbb\xbf" + topic.read_bytes())
    assert load(town).facts.tables["partners"][0]["naam"] == "Welzijn"


def test_files_that_editor_programs_leave_behind_are_passed_over(town: Path) -> None:
    (town / "onderwerpen/geld/.geld.toml.swp.toml").write_text("half", encoding="utf-8")
    (town / "feiten/~partners.csv").write_text("half", encoding="utf-8")
    assert set(load(town).topics) == {"geld", "mensen"}


def test_a_topic_in_the_wrong_place_or_with_a_wrong_name(town: Path) -> None:
    (town / "onderwerpen/los.toml").write_text("titel = 1", encoding="utf-8")
    (town / "onderwerpen/geld/Mijn Onderwerp.toml").write_text("", encoding="utf-8")
    (town / "onderwerpen/geld/mensen.toml").write_text("", encoding="utf-8")
    found = "\n".join(problems_of(town))
    assert "onderwerpen/los.toml: staat niet in een map" in found
    assert "Mijn Onderwerp.toml: de bestandsnaam mag alleen kleine letters" in found
    assert "mensen.toml: het onderwerp “mensen” bestaat al in de map geld" in found


def test_no_folder_at_all(tmp_path: Path) -> None:
    (found,) = problems_of(tmp_path / "weg")
    assert found.endswith("deze map bestaat niet")


def test_an_empty_folder_names_every_missing_file(tmp_path: Path) -> None:
    found = "\n".join(problems_of(tmp_path))
    for file in ("gemeente.toml", "criteria.toml", "feiten/wijken.csv", "kaart/postcodes.geojson"):
        assert f"{file}: dit bestand ontbreekt" in found


def test_a_third_language_is_a_matter_of_data(town: Path) -> None:
    edit(town, "gemeente.toml", 'en = "English"', 'en = "English"\nuk = "Українська"')
    with (town / GELD).open("a", encoding="utf-8") as file:
        file.write('\n[uk]\ntitel = "Скільки грошей?"\nvragen = ["скільки є грошей"]\nantwoord = "{getal.totaal}"\n')
    topic = load(town).topics["geld"]
    assert topic.title["uk"] == "Скільки грошей?"
    assert topic.examples["uk"] == ("скільки є грошей",)
