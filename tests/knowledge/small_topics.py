"""A handful of invented topics, small enough to learn from in a moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from knowledge.language.word_lists import Words
from knowledge.models.content import Topic

DUTCH: Mapping[str, tuple[str, ...]] = {
    "bibliotheek": (
        "waar is de bibliotheek",
        "hoe laat gaat de bibliotheek open",
        "ik wil een boek lenen",
        "boeken terugbrengen",
        "lidmaatschap van de bibliotheek",
        "kan ik mijn boek verlengen",
        "is de bibliotheek zondag open",
        "boete voor te laat terugbrengen van een boek",
        "bibliotheekpas kwijt",
        "voorlezen in de bibliotheek",
    ),
    "zwembad": (
        "wanneer is het zwembad open",
        "wat kost een kaartje voor het zwembad",
        "zwemles voor mijn kind",
        "ik wil leren zwemmen",
        "is er een buitenbad",
        "abonnement zwembad",
        "zwemdiploma halen",
        "mag ik mijn zwembandjes meenemen",
        "hoe warm is het water in het zwembad",
        "banenzwemmen in de ochtend",
    ),
    "markt": (
        "op welke dag is de markt",
        "waar staat de marktkraam met kaas",
        "hoe huur ik een kraam op de markt",
        "is er zaterdag markt",
        "tot hoe laat duurt de markt",
        "standplaats op de markt aanvragen",
        "marktmeester spreken",
        "groente kopen op de markt",
        "viskraam markt",
        "gaat de markt door met pasen",
    ),
    "museum": (
        "wat is er te zien in het museum",
        "entree museum",
        "is het museum gratis voor kinderen",
        "rondleiding in het museum",
        "openingstijden museum",
        "tentoonstelling schilderijen",
        "museumkaart geldig",
        "met de klas naar het museum",
        "audiotour huren",
        "hoe kom ik bij het museum",
    ),
}
ENGLISH: Mapping[str, tuple[str, ...]] = {
    "bibliotheek": (
        "where is the library",
        "I want to borrow a book",
        "library opening hours",
        "return my books",
        "lost my library card",
    ),
    "zwembad": (
        "when is the swimming pool open",
        "swimming lessons for my child",
        "price of a ticket for the pool",
        "is there an outdoor pool",
        "learn to swim",
    ),
    "markt": (
        "which day is the market",
        "rent a market stall",
        "is there a market on saturday",
        "buy vegetables at the market",
        "market closing time",
    ),
    "museum": (
        "what is on at the museum",
        "museum entrance fee",
        "guided tour of the museum",
        "museum opening hours",
        "school visit to the museum",
    ),
}
OUTSIDE = (
    *(
        (line, "nl")
        for line in (
            "wat wordt het weer morgen",
            "wie wint de wedstrijd",
            "hoe kook ik een ei",
            "vertel een mop",
            "je bent dom",
            "mijn auto start niet",
            "hoeveel is 12 keer 12",
            "welke trein gaat naar zee",
            "asdf qwer",
            "recept voor soep",
            "wie is de koning van spanje",
            "ik heb hoofdpijn",
            "pizza bestellen",
            "beste telefoon kopen",
            "lalala",
        )
    ),
    *(
        (line, "en")
        for line in (
            "what is the weather like",
            "tell me a joke",
            "who won the match",
            "my car does not start",
            "you are stupid",
            "how do I bake bread",
            "best phone to buy",
            "king of spain",
        )
    ),
)
WORDS = Words(
    synonyms={"nl": {"bieb": "bibliotheek", "plons plas": "zwembad", "pelikaan": "zwembad"}},
    skip={"nl": frozenset({"de", "het", "een", "alstublieft", "ik vroeg me af"}), "en": frozenset({"the", "a"})},
    abbreviations={"nl": {"zb": "zwembad"}},
)


def topics(**extra: tuple[str, ...]) -> dict[str, Topic]:
    """The topics; ``extra`` adds Dutch examples to one of them."""
    return {
        name: Topic(
            id=name,
            group="groep",
            title={"nl": name.capitalize(), "en": name.capitalize()},
            examples={"nl": (*texts, *extra.get(name, ())), "en": ENGLISH[name]},
            answer={},
            answer_wijk=None,
            asks_wijk=False,
            step=None,
            see_also=(),
            source="",
            checked=date(2026, 1, 1),
        )
        for name, texts in DUTCH.items()
    }
