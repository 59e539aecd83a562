"""Checks on the invented municipality: clean where nothing is wrong, one problem for one mistake."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from knowledge.editing.checks import check
from tests.knowledge.town import edit

TODAY = date(2026, 11, 21)
GELD = "onderwerpen/geld/geld.toml"
MENSEN = "onderwerpen/mensen/mensen.toml"


def checked(town: Path, today: date = TODAY, keys: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    """Level and text of every problem, but the hint that the small town has few examples."""
    found = check(town, today, keys, matching=False)
    return [(problem.level, str(problem)) for problem in found if "maak er minstens" not in str(problem)]


def test_a_right_folder_has_only_hints(town: Path) -> None:
    assert checked(town) == [
        ("let op", "feiten/contacten.csv: gebied: er is geen contact voor Bergendal"),
        ("let op", "feiten/contacten.csv: gebied: er is geen contact voor Oost 9004"),
        ("let op", "feiten/contacten.csv: regel 3: Oost 9003: hier staan nog voorbeeldgegevens"),
    ]


LONG = " ".join(["Woord"] * 25)

MISTAKES = [
    (
        GELD,
        "Hoeveel geld is er?",
        "Hoeveel geld is er precies voor alle wijken samen?",
        "fout",
        "onderwerpen/geld/geld.toml: titel: is 50 tekens; een knop toont er hoogstens 40",
    ),
    (
        MENSEN,
        '"wie kan mij helpen"',
        '"Hoeveel geld is er?!"',
        "fout",
        "onderwerpen/mensen/mensen.toml: vragen: “Hoeveel geld is er?!” staat ook bij het onderwerp “geld”",
    ),
    (
        MENSEN,
        '"wie kan mij helpen"',
        '"Met wie praat ik?"',
        "let op",
        "onderwerpen/mensen/mensen.toml: vragen: “met wie praat ik” staat er twee keer",
    ),
    (
        MENSEN,
        '"wie kan mij helpen"',
        '"het weer van morgen"',
        "fout",
        "onderwerpen/mensen/mensen.toml: vragen: “het weer van morgen” staat ook in buiten.csv",
    ),
    (
        MENSEN,
        'antwoord = "Bel {gemeente.telefoon}."',
        f'antwoord = "{LONG}."',
        "let op",
        "onderwerpen/mensen/mensen.toml: antwoord: een zin van 25 woorden is lang voor B1: "
        "“Woord Woord Woord Woord Woord Woord …”",
    ),
    (
        MENSEN,
        "Bel {gemeente.telefoon}.",
        "Bel 14 012.",
        "let op",
        "onderwerpen/mensen/mensen.toml: antwoord: schrijf {gemeente.telefoon} in plaats van het nummer",
    ),
    (
        MENSEN,
        "Bel {gemeente.telefoon}.",
        "Dat is € 5.",
        "let op",
        "onderwerpen/mensen/mensen.toml: antwoord: schrijf {getal.…}"
        " in plaats van een bedrag; het bedrag staat in feiten/",
    ),
    (
        MENSEN,
        "gecontroleerd = 2026-11-20",
        "gecontroleerd = 2025-01-01",
        "let op",
        "onderwerpen/mensen/mensen.toml: gecontroleerd: is van 2025-01-01; kijk het antwoord weer na",
    ),
    (
        MENSEN,
        "gecontroleerd = 2026-11-20",
        "gecontroleerd = 2027-01-01",
        "let op",
        "onderwerpen/mensen/mensen.toml: gecontroleerd: 2027-01-01 ligt in de toekomst",
    ),
    (
        MENSEN,
        "[en]",
        "[en]\ngecontroleerd = 2026-01-01",
        "let op",
        "onderwerpen/mensen/mensen.toml: [en] gecontroleerd: de vertaling is van 2026-01-01, "
        "het origineel van 2026-11-20; kijk de vertaling na",
    ),
    (
        MENSEN,
        'titel = "Who can help me?"\n',
        "",
        "let op",
        "onderwerpen/mensen/mensen.toml: [en] titel: de vertaling ontbreekt",
    ),
    (
        "teksten.toml",
        '[en.groet]\nwelkom = "Hello, we are {gemeente}."',
        "",
        "let op",
        "teksten.toml: [en] groet.welkom: de vertaling ontbreekt",
    ),
    (
        "criteria.toml",
        'en.tekst = "No"\n',
        "",
        "let op",
        "criteria.toml: [en] vragen “buren” keuzes “nee” tekst: de vertaling ontbreekt",
    ),
    (
        "feiten/budgetten.csv",
        "€ 15000",
        "16000",
        "fout",
        "feiten/getallen.csv: totaal: is 30000, maar budgetten.bedrag is 31000",
    ),
    (
        "feiten/budgetten.csv",
        "Bergendal;5000;nota;2026-11-20\n",
        "",
        "fout",
        "feiten/budgetten.csv: wijk: de wijk Bergendal heeft geen budget",
    ),
    (
        "gemeente.toml",
        'totaal = ["budgetten.bedrag"]',
        'totaaal = ["budgetten.bedrag"]',
        "fout",
        "gemeente.toml: [sommen] totaaal: “totaaal” staat niet in feiten/getallen.csv; bedoelt u “totaal”?",
    ),
    (
        "feiten/contacten.csv",
        "2027-01-01",
        "2026-11-20",
        "fout",
        "feiten/contacten.csv: regel 2: Centrum: deze gegevens golden tot 2026-11-20",
    ),
    (
        "feiten/contacten.csv",
        "centrum@kleinstad.example",
        "centrum@kleinstad",
        "fout",
        "feiten/contacten.csv: regel 2: “centrum@kleinstad” is geen e-mailadres",
    ),
    (
        "feiten/partners.csv",
        "2026-11-20",
        "2025-01-01",
        "let op",
        "feiten/partners.csv: gecontroleerd: 1 regels zijn langer dan een jaar niet nagekeken, de oudste op 2025-01-01",
    ),
    (
        GELD,
        'zie_ook = ["mensen"]',
        'zie_ook = ["men"]',
        "fout",
        "onderwerpen/geld/geld.toml: zie_ook: het onderwerp “men” bestaat niet; bedoelt u “mensen”?",
    ),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "level", "message"), MISTAKES, ids=[mistake[-1][-40:] for mistake in MISTAKES]
)
def test_a_mistake_is_reported(town: Path, file: str, old: str, new: str, level: str, message: str) -> None:
    before = checked(town)
    assert (level, message) not in before
    edit(town, file, old, new)
    assert (level, message) in checked(town)


def test_columns_that_do_not_add_up_per_row(town: Path) -> None:
    edit(town, "gemeente.toml", "[sommen]", '[sommen]\n"budgetten.samen" = ["bedrag", "handgeld"]')
    table = town / "feiten/budgetten.csv"
    table.write_text(
        "wijk;bedrag;handgeld;samen;bron;gecontroleerd\nCentrum;10000;1;10001;nota;2026-11-20\n"
        "Oost;15000;2;15003;nota;2026-11-20\nBergendal;5000;0;5000;nota;2026-11-20\n",
        encoding="utf-8",
    )
    errors = [text for level, text in checked(town) if level == "fout"]
    assert errors == ["feiten/budgetten.csv: regel 3: samen is 15003, maar bedrag + handgeld is 15002"]


def test_text_keys_that_code_uses_must_be_there(town: Path) -> None:
    found = checked(town, keys=frozenset({"groet.welkom", "groet.welkm"}))
    message = "teksten.toml: groet.welkm: deze tekst ontbreekt, maar de bot gebruikt hem; bedoelt u “groet.welkom”?"
    assert ("fout", message) in found
    assert sum("ontbreekt, maar" in text for _, text in found) == 1


def test_test_questions_name_topics_and_are_no_examples(town: Path) -> None:
    (town / "vragen.csv").write_text(
        "vraag;onderwerp;taal\nwaar is het geld gebleven;geld;nl\nhoe laat is het;;nl\niets;gelt;nl\n"
        "hoeveel geld is er;geld;nl\n",
        encoding="utf-8",
    )
    found = [text for _, text in checked(town) if text.startswith("vragen.csv")]
    assert found == [
        "vragen.csv: regel 4: het onderwerp “gelt” bestaat niet; bedoelt u “geld”?",
        "vragen.csv: regel 5: “hoeveel geld is er” staat ook als voorbeeld bij een onderwerp",
    ]


def test_what_cannot_be_loaded_is_checked_as_far_as_it_goes(town: Path) -> None:
    (town / "kaart/gemeente.geojson").unlink()
    assert ("fout", "kaart/gemeente.geojson: dit bestand ontbreekt") in checked(town)


def test_grave_problems_come_first(town: Path) -> None:
    edit(town, GELD, "zie_ook", "zie_ok")
    levels = [level for level, _ in checked(town)]
    assert levels == sorted(levels)
    assert levels[0] == "fout"


def test_officers_texts_need_no_translation(town: Path) -> None:
    edit(town, "gemeente.toml", "kenmerk", 'niet_vertalen = ["mail"]\nkenmerk')
    edit(town, "teksten.toml", "[groet]", '[mail]\nkop = "Een plan"\n[groet]')
    assert not [text for _, text in checked(town) if "mail.kop" in text]


def test_a_question_that_another_topic_would_win(town: Path) -> None:
    money_starts = ("hoeveel", "is er", "krijg ik", "waar blijft het", "ik wil")
    money_ends = ("voor mijn straat", "uit de pot", "van het budget", "per jaar")
    people_starts = ("met wie praat ik", "wie helpt mij", "wie bel ik", "wie is de contactpersoon")
    people_ends = ("in de wijk", "bij de gemeente", "over mijn plan", "als ik hulp zoek", "vandaag")
    money = [f"{start} geld {end}" for start in money_starts for end in money_ends]
    people = [f"{start} {end}" for start in people_starts for end in people_ends]
    edit(town, GELD, '"hoe groot is de pot"', json.dumps(money)[1:-1])
    edit(town, MENSEN, '"wie kan mij helpen"', json.dumps([*people, "hoeveel geld per jaar uit de pot"])[1:-1])
    hints = [str(problem) for problem in check(town, TODAY) if "lijken meer op een ander" in str(problem)]
    assert any(hint.startswith(MENSEN) and "“hoeveel geld per jaar uit de pot” (geld)" in hint for hint in hints)
