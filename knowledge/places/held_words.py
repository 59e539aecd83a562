"""Words that tell of a place whether it is so now. Folded, Dutch and English; general language only."""

from __future__ import annotations


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


DENIALS = _listed("niet geen nie not never")
CLOSES_DENIAL = _listed(
    "meer in op aan uit bij te de het t wijk buurt postcode langer any longer anymore in the at from"
)
"""May stand between a denial and the place."""
ALONE = _listed("alleen enkel slechts zozeer only just")
ONWARDS = _listed("maar wel but")
NOW = _listed("nu inmiddels tegenwoordig thans momenteel sindsdien now nowadays currently presently")
CORRECTIONS = _listed("nee sorry correctie oeps bedoel bedoelde bedoelen mean meant rather liever juist wel no")
FORMERLY = _listed("vroeger eerst eerder voorheen destijds oorspronkelijk ooit formerly previously originally once")
LIVED = _listed("woonde woonden gewoond lived")
LIVES = _listed("woon woont wonen wonend wonende woonachtig thuis huis live lives living home")
WORKS = _listed("werk werkt werken baan kantoor school work works office job")
MOVED = _listed("verhuisd verhuisden verhuisde moved")
MOVES = _listed("verhuis verhuizen verhuist verhuizing move moving")
SOON = _listed("straks binnenkort later volgend soon later next")
FROM = _listed("van uit vanuit from")
OWN_HOME = _listed("woon woonde verhuisd moved")
SPEAKER = _listed("ik wij we ben zijn i i'm we're am are have")
BESIDE = _listed(
    "ben was waren ging mijn onze m'n het dat is adres straat aan de hoek naast tegenover postcode wijk buurt heet dus "
    "zei zeg zeggen moet zijn net pas sinds kort i am was my our used said address street"
)
"""With the others: words that only help to tell a place."""
