"""A small invented municipality, so that loading and checking are tested apart from the shipped data."""

from __future__ import annotations

import json
from pathlib import Path

FILES = {
    "gemeente.toml": """
naam = "Kleinstad"
telefoon = "14 012"
website = "www.kleinstad.example"
kenmerk = "KS"
cbs_gemeentecode = "GM9999"
[talen]
nl = "Nederlands"
en = "English"
[termijnen]
eerste_reactie_werkdagen = 2
[sommen]
totaal = ["budgetten.bedrag"]
""",
    "teksten.toml": """
[groet]
welkom = "Hallo, wij zijn {gemeente}."
[en.groet]
welkom = "Hello, we are {gemeente}."
""",
    "woorden.toml": """
skip = ["de", "alstublieft"]
[en]
skip = ["the"]
[synoniemen]
geld = ["centen", "poen"]
[synoniemen.en]
money = ["cash"]
[afkortingen]
gem = "gemeente"
""",
    "gevaar.toml": """
onschuldig = ["brandveilig bouwen"]
[[gevaar]]
id = "brand"
nummer = "nood"
antwoord = "Bel {nood.nood}."
zinnen = ["er is brand in mijn huis"]
woorden = ["staat in brand"]
niet = ["in vuur en vlam staat in brand"]
[gevaar.en]
antwoord = "Call {nood.nood}."
zinnen = ["there is a fire in my house"]
""",
    "criteria.toml": """
standaard_deur = "budget"
[[eisen]]
id = "steun"
titel = "Steun"
bron = "nota, 1"
en.titel = "Support"
[[vragen]]
id = "buren"
soort = "keuze"
vraag = "Doen uw buren mee?"
eis = "steun"
en.vraag = "Do your neighbours join in?"
[[vragen.keuzes]]
id = "ja"
tekst = "Ja"
uitkomst = "goed"
en.tekst = "Yes"
[[vragen.keuzes]]
id = "nee"
tekst = "Nee"
uitkomst = "nog-doen"
reden = "Er is nog geen steun."
ga_naar = "einde"
en.tekst = "No"
en.reden = "There is no support yet."
[[vragen]]
id = "kosten"
soort = "bedrag"
vraag = "Wat kost het?"
en.vraag = "What does it cost?"
[deuren.budget]
titel = "Het budget"
tekst = "Hier hoort uw plan."
onderwerp = "geld"
rang = 0
stap = "plan"
en.titel = "The budget"
en.tekst = "Your plan belongs here."
""",
    "buiten.csv": "zin;taal\nhet weer van morgen;nl\nthe weather tomorrow;en\nwie wint de wedstrijd;nl\n",
    "onderwerpen/geld/geld.toml": """
titel = "Hoeveel geld is er?"
bron = "nota, tabel 1; site"
gecontroleerd = 2026-11-20
vragen = ["hoeveel geld is er", "wat is het budget", "hoe groot is de pot"]
antwoord = "Er is {getal.totaal}. Bel {gemeente.telefoon}."
antwoord_wijk = "Uw wijk {wijk.naam} heeft {wijk.budget}."
vraagt_wijk = true
zie_ook = ["mensen"]
stap = "plan"
[en]
titel = "How much money is there?"
vragen = ["how much money is there", "what is the budget"]
antwoord = "There is {getal.totaal}. Call {gemeente.telefoon}."
antwoord_wijk = "Your wijk {wijk.naam} has {wijk.budget}."
""",
    "onderwerpen/mensen/mensen.toml": """
titel = "Wie kan mij helpen?"
bron = "nota"
gecontroleerd = 2026-11-20
vragen = ["wie kan mij helpen", "met wie praat ik", "wie is mijn contactpersoon"]
antwoord = "Bel {gemeente.telefoon}."
zie_ook = ["geld"]
[en]
titel = "Who can help me?"
vragen = ["who can help me", "whom do I talk to"]
antwoord = "Call {gemeente.telefoon}."
""",
    "feiten/bronnen.csv": "sleutel;titel;datum;adres\nnota;Nota Wijken;2020-12-01;\nsite;De site;;\n",
    "feiten/getallen.csv": (
        "sleutel;waarde;soort;omschrijving;bron;gecontroleerd\n"
        "totaal;30000;euro;alles samen;nota;2026-11-20\nweken;13;aantal;weken;nota;2026-11-20\n"
    ),
    "feiten/noodnummers.csv": "sleutel;nummer;waarvoor;bron;gecontroleerd\nnood;112;gevaar;nota;2026-11-20\n",
    "feiten/wijken.csv": (
        "wijk;bijnamen;gewone_woorden;cbs_wijkcode;bron;gecontroleerd\n"
        "Centrum;binnenstad;Centrum;WK999901;nota;2026-11-20\n"
        "Oost;;Oost;WK999902;nota;2026-11-20\n"
        "Bergendal;de berg;;WK999903;nota;2026-11-20\n"
    ),
    "feiten/gebieden.csv": (
        "gebied;wijk;bron;gecontroleerd\nCentrum;Centrum;nota;2026-11-20\nOost 9003;Oost;nota;2026-11-20\n"
        "Oost 9004;Oost;nota;2026-11-20\nBergendal;Bergendal;nota;2026-11-20\n"
    ),
    "feiten/postcodes.csv": (
        "postcode;gebied;raakt_ook;bron;gecontroleerd\n9001;Centrum;;nota;2026-11-20\n"
        "9002;Bergendal;Centrum, Buitengebied;nota;2026-11-20\n9003;Oost 9003;;nota;2026-11-20\n"
        "9004;Oost 9004;;nota;2026-11-20\n9000;;;nota;2026-11-20\n"
    ),
    "feiten/buurten.csv": (
        "buurt;wijk;gebied;bijnamen;gewone_woorden;bron;gecontroleerd\n"
        "Appelkwartier Noord;Bergendal;;appelkwartier, appelbuurt;;nota;2026-11-20\n"
        "Appelkwartier Zuid;Bergendal;;appelkwartier, appelbuurt;;nota;2026-11-20\n"
        "Anna's Tuin;Oost;Oost 9004;;;nota;2026-11-20\n"
        "Stationsbuurt;Oost;;;;nota;2026-11-20\n"
    ),
    "feiten/budgetten.csv": (
        "wijk;bedrag;bron;gecontroleerd\nCentrum;10.000;nota;2026-11-20\nOost;€ 15000;nota;2026-11-20\n"
        "Bergendal;5000;nota;2026-11-20\n"
    ),
    "feiten/besluit.csv": (
        "tot;wie;hoe;wie_en;hoe_en;deur;bron;gecontroleerd\n"
        ";de raad;In de begroting.;the council;In the budget.;budget;nota;2026-11-20\n"
        "2000;de regisseur;Met een rekening.;the director;With a bill.;budget;nota;2026-11-20\n"
    ),
    "feiten/contacten.csv": (
        "gebied;rol;naam;email;telefoon;geldig_tot;voorbeeld\n"
        "Centrum;wijkregisseur;;centrum@kleinstad.example;;2027-01-01;\nOost 9003;wijkregisseur;;;;;ja\n"
    ),
    "feiten/themas.csv": "wijk;thema;jaar;bron;gecontroleerd\n",
    "feiten/partners.csv": "wijk;naam;wat;bron;gecontroleerd\n;Welzijn;Helpt;nota;2026-11-20\n",
    "feiten/initiatieven.csv": "wijk;gebied;naam;omschrijving;jaar;bron;gecontroleerd\n",
    "feiten/activiteiten.csv": "wijk;naam;omschrijving;bron;gecontroleerd\n",
    "feiten/kranten.csv": "wijk;naam;omschrijving;bron;gecontroleerd\n",
    "feiten/spreekuren.csv": "wijk;waar;wanneer;bron;gecontroleerd\n",
}

SQUARES = {"9001": (5.00, 52.00), "9002": (5.01, 52.00), "9003": (5.00, 52.01), "9004": (5.0102, 52.01)}
"""South-west corners of squares of 0.01 degrees; between 9003 and 9004 lies a sliver of 0.0002 degrees."""


def square(west: float, south: float, width: float = 0.01, height: float = 0.01) -> dict[str, object]:
    east, north = west + width, south + height
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def build_town(folder: Path) -> Path:
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"), encoding="utf-8")
    write_shapes(folder / "kaart/gemeente.geojson", [({}, square(5.0, 52.0, 0.0202, 0.02))])
    areas = [({"postcode4": code}, square(*corner)) for code, corner in SQUARES.items()]
    write_shapes(folder / "kaart/postcodes.geojson", areas)
    return folder


def write_shapes(path: Path, features: list[tuple[dict[str, str], dict[str, object]]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = [{"type": "Feature", "properties": properties, "geometry": shape} for properties, shape in features]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": made}), encoding="utf-8")


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Replaces text in a file; the test is wrong when it is not there."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}"
    path.write_text(text.replace(old, new), encoding="utf-8")
