"""Words by which a plain word such as "zuid" or "centrum" is known to be a place. Folded; general language only."""

from __future__ import annotations


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


COMPASS = _listed("noord oost zuid west north east south")
BEFORE = _listed(
    "in uit van voor naar bij binnen door over rond rondom richting omgeving wijk wijken buurt stadsdeel gebied "
    "deel en of dan wijkgebied is heeft krijgt gaat doet ook woon woont wonen regio met per tussen vanuit wil mag kan "
    "from near at for about and or live has district neighbourhood neighborhood area"
)
"""A plain word right after one of these is a place."""
SUBJECTS = _listed(
    "regisseur regiseur budget geld subsidie plan plannen initiatief initiatieven activiteiten contact nieuws thema "
    "themas bewoners inwoners potje straatfeest buurthuis speeltuin coordinator buco wethouder opbouwwerker spreekuur "
    "krant contactpersoon nummer mail email agenda cijfers kaart info informatie feest markt winkels parkeren money "
    "events news"
)
"""Closing a message with one of these and a plain word names a place: "wijkbudget centrum"."""
SUBJECT_BEGINNINGS = ("wijk", "buurt")
SUBJECT_ENDINGS = (
    "spreekuur",
    "vereniging",
    "ochtend",
    "middag",
    "avond",
    "budget",
    "regisseur",
    "coordinator",
    "wethouder",
    "feest",
    "agent",
    "team",
    "plan",
)
ARTICLES = _listed("het de t the 'n")
NO_NAME = _listed("een het ten the n geen elk ieder a an uit't op't")
"""Right before a compass word these make it a direction."""
DIRECTION = _listed(
    "kant zijde gevel gericht west holland nederland europa afrika amerika korea azie limburg "
    "brabant vietnam soedan sudan africa america of ends beveland"
)
"""Right after a compass word these make it part of something else."""
ELSEWHERE = _listed(
    "amsterdam rotterdam utrecht haag almere amersfoort bussum weesp laren huizen naarden baarn soest zeist eindhoven "
    "breda groningen arnhem nijmegen lelystad haarlem leiden delft tilburg zwolle midden"
)
"""Other places: "Amsterdam Zuid"."""
VERBS = _listed("is heeft krijgt mag kan wil gaat doet moet zit ligt wordt hoeveel wie wat welke has is gets what who")
SMALL = _listed("en graag aub dus ja nee denk ik woon hoor please hallo hoi mvg of ook")
MOVES = _listed("naar tot to")
