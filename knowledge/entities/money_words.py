"""The words around a number that tell whether it is money. Folded; Dutch and English together.

General language only: nothing here belongs to one municipality.
"""

from __future__ import annotations


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


CURRENCY = _listed("€ eur euro euros euro's euroos euri eurootjes eurotjes eu pegels")
NOT_EURO = frozenset({"buro", "neuro", "duro", "kuro", "ruro"})
"""Within one typo of "euro", yet something else."""

SCALES: dict[str, int] = {
    "k": 1_000,
    "mln": 1_000_000,
    "ton": 100_000,
    "honderd": 100,
    "hondert": 100,
    "hundred": 100,
    "duizend": 1_000,
    "duizent": 1_000,
    "thousand": 1_000,
    "miljoen": 1_000_000,
    "million": 1_000_000,
    "mille": 1_000,
    "rug": 1_000,
    "ruggen": 1_000,
    "rooie": 1_000,
    "doezoe": 1_000,
    "grand": 1_000,
    "duizendje": 1_000,
    "duizendjes": 1_000,
    "honderdje": 100,
    "meier": 100,
    "meiers": 100,
    "barkie": 100,
    "tientje": 10,
    "tientjes": 10,
    "geeltje": 25,
    "geeltjes": 25,
}
MONEY_SCALES = _listed(
    "k mille rug ruggen rooie doezoe grand duizendje duizendjes honderdje meier meiers barkie tientje tientjes "
    "geeltje geeltjes"
)
"""Scales that are said of money only."""

VAGUE = _listed("paar enkele several few couple aantal zoveel")
"""Before "honderd" and the like: no amount can be told."""

ABOUT_MONEY = _listed(
    "kost kosten kostte gekost budget bedrag subsidie geld betalen betaald betaal betaalt krijgen krijg aanvragen "
    "pot potten potje potjes aanvraag vragen vraag nodig begroting begroot offerte vergoeding bijdrage budgetje "
    "bedragen uitgeven prijs duurder goedkoper wijkbudget buurtbudget subsidiebedrag kosting goedkeuren goedkeurt "
    "boven onder maximaal hooguit minimaal circa ongeveer financieren sponsoren ontvangen lenen besteden plan project "
    "idee beslist besluit beslissen amount cost costs budgets grant money pay need request apply ask fund funding "
    "subsidy spend price quote project's approve decides"
)

MAY_FOLLOW = _listed(
    "voor om en of nodig krijgen krijg aanvragen vragen kost kosten is zijn te dan per in bij als die dat wat met "
    "door van naar beslist beslissen besluit mag kan kun kunnen we wij ik jullie u hebben heb heeft willen wil "
    "wel ook nog maar alleen totaal subsidie budget nou toch dus want zodat uit aan op niet hoeveel waar wie hoe "
    "moet had hadden was werd kreeg kregen krijgt opzij apart kept over short wijkkansen bijdrage voorstellen "
    "indienen uitgeven besteden lenen ophalen geven moeten genoeg beschikbaar aub graag ofzo hoor denk gaat gaan "
    "wordt worden ongeveer incl inclusief excl naast zonder tegen erbij extra omdat "
    "terwijl zou zouden zal zullen komt kwam komen for to and or are i you can could will would from if on who what "
    "how do does need please as but so that enough available total max"
)
"""Words after a number that leave it free to be an amount; any other word is what is counted: "1500 mensen"."""

COUNTED_IN_K = _listed(
    "lopen loop run race rennen hardlopen wandelen wandeling route km volgers followers views likes mensen "
    "inwoners bewoners people residents huishoudens woningen"
)
"""After "5k": no money."""

NUMBERED = _listed(
    "jaren nummer nr nummertje huisnummer postcode wijk jaar sinds kenmerk artikel pagina groep lijn code bus "
    "referentie referentienummer reference ref plannummer dossier dossiernummer aanvraagnummer "
    "flat kamer tel telefoon telefoonnummer bel number phone call postal area page district"
)
"""Before a number: it is a name, not an amount."""

BETWEEN = frozenset({"tussen", "between"})
TO = frozenset({"tot", "to", "-", "a", "of", "or", "/"})
AND = frozenset({"en", "and"})
FILLERS = _listed("de een the ongeveer circa ca max maximaal rond about around")
