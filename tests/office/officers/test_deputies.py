"""Whom residents read they can reach: the contact, the deputy while that one is away, else the role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from bot.office.officers.absences import Away, AwayOfficers
from bot.office.officers.deputies import with_deputies
from bot.office.officers.routing import Routing
from bot.office.officers.rules import rules_for
from knowledge.base import Knowledge
from knowledge.models.content import Contact
from tests.conftest import Clock
from tests.plans import ANNE, BRAM, CORA, NOW, TEAM, record, shipped

TODAY = NOW.date()
OWN = Contact("Zuid", "wijkregisseur", "Anne Bos", "anne@gemeente.test", "035 1111111", date(2027, 1, 1))
BRAMS = Contact("Oost 1221", "wijkregisseur", "Bram Vos", "bram@hilversum.test", "035 2222222", date(2027, 1, 1))


class Town:
    def __init__(self, clock: Clock, *contacts: Contact) -> None:
        self.absences = AwayOfficers(clock)
        self.routing = Routing((ANNE, BRAM, CORA), TEAM, absences=self.absences)
        facts = replace(shipped().facts, contacts=contacts)
        self.original = replace(shipped(), facts=facts)
        self.knowledge: Callable[[], Knowledge] = with_deputies(lambda: self.original, self.routing, clock)

    def away(self, officer: str, deputy: str = "") -> None:
        self.absences.hold([Away(officer, deputy, TODAY, TODAY)])

    def contact(self, area: str = "Zuid") -> Contact | None:
        return self.knowledge().facts.contact(area, TODAY)

    def holder(self, handler: str = "") -> str:
        kind = "officer" if handler else "wijkregisseur"
        plan = record(area="Zuid", handler=handler, holder_kind=kind)
        return rules_for(self.routing).shown_holder(plan, self.knowledge(), "nl", TODAY)


def test_nothing_is_made_anew_while_everybody_is_here(clock: Clock) -> None:
    town = Town(clock, OWN, BRAMS)
    assert town.knowledge() is town.original
    assert (town.holder(), town.holder("anne@gemeente.test")) == ("Anne Bos", "Anne Bos")


def test_the_deputy_is_named_with_what_is_public_of_them(clock: Clock) -> None:
    town = Town(clock, OWN, BRAMS)
    town.away("anne@gemeente.test", "bram@gemeente.test")
    found = town.contact()
    assert found is not None
    assert (found.name, found.email, found.telephone) == ("Bram Vos", "bram@hilversum.test", "035 2222222")
    assert town.contact("Oost 1221") == BRAMS
    assert (town.holder(), town.holder("anne@gemeente.test")) == ("Bram Vos", "Bram Vos")


def test_an_address_of_the_configuration_is_not_given_to_residents(clock: Clock) -> None:
    town = Town(clock, OWN)
    town.away("anne@gemeente.test", "bram@gemeente.test")
    found = town.contact()
    assert found is not None
    assert (found.name, found.email, found.telephone) == ("Bram Vos", "", "")


def test_without_a_deputy_it_is_the_role_with_the_number(clock: Clock) -> None:
    town = Town(clock, replace(OWN, email=""))  # known by name
    town.away("anne@gemeente.test")
    assert town.holder() == "de wijkregisseur (14 035)"
    assert "Anne" not in town.holder("anne@gemeente.test")
    assert "14 035" in town.holder("anne@gemeente.test")


def test_it_ends_with_the_absence(clock: Clock) -> None:
    town = Town(clock, OWN)
    town.away("anne@gemeente.test")
    clock.pass_(hours=24)
    assert town.contact() == OWN


@pytest.mark.parametrize("handler", ["", "anne@gemeente.test"])
def test_a_person_whose_data_are_past_their_date_is_the_role(clock: Clock, handler: str) -> None:
    town = Town(clock, replace(OWN, valid_until=date(2026, 11, 1)))
    assert town.holder(handler) == "de wijkregisseur (14 035)"
