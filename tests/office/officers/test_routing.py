"""Who gets the plans of an area, and who may act on them."""

from __future__ import annotations

import pytest

from bot.office.officers.routing import UNSET_TEAM, Routing
from tests.plans import ANNE, CORA, ROUTING, TEAM, Officer, Team

NOBODY = Team()


def test_every_officer_of_the_area_gets_it() -> None:
    recipients = ROUTING.recipients("Zuid")
    assert recipients.emails == ("anne@gemeente.test", "bram@gemeente.test")
    assert recipients.telegram == ("1001",)
    assert not recipients.is_team


def test_areas_of_one_wijk_are_kept_apart() -> None:
    assert ROUTING.recipients("Oost 1221").emails == ("bram@gemeente.test",)
    assert ROUTING.recipients("Oost 1223").is_team


@pytest.mark.parametrize("area", ["zuid", "ZUID", "Zuïd"])
def test_an_area_is_found_however_it_is_written(area: str) -> None:
    assert ROUTING.recipients(area).emails == ROUTING.recipients("Zuid").emails


@pytest.mark.parametrize("area", ["", "Noord", "Oost"])
def test_an_area_without_officer_goes_to_the_team(area: str) -> None:
    recipients = ROUTING.recipients(area)
    assert recipients.emails == TEAM.emails
    assert recipients.is_team


def test_without_a_team_it_goes_to_the_coordinator() -> None:
    recipients = Routing((ANNE, CORA), NOBODY).recipients("Noord")
    assert recipients.emails == ("cora@gemeente.test",)
    assert recipients.is_team


def test_there_is_always_somebody() -> None:
    recipients = Routing((), NOBODY).recipients("Zuid")
    assert recipients.emails == (UNSET_TEAM,)
    assert recipients.is_team


def test_a_chat_is_nobody_while_telegram_is_off() -> None:
    only_chat = Officer("Dirk", telegram=5, areas=("Zuid",))
    assert Routing((only_chat,), TEAM).recipients("Zuid").telegram == ("5",)
    assert Routing((only_chat,), TEAM, telegram=False).recipients("Zuid").emails == TEAM.emails


def test_an_address_named_twice_gets_it_once() -> None:
    twice = Officer("Anne B.", "Anne@Gemeente.test", areas=("Zuid",))
    assert Routing((ANNE, twice), TEAM).recipients("Zuid").emails == ("anne@gemeente.test",)


@pytest.mark.parametrize(
    ("who", "area", "may"),
    [
        ("anne@gemeente.test", "Zuid", True),
        ("ANNE@gemeente.test", "Zuid", True),
        ("1001", "Zuid", True),
        ("anne@gemeente.test", "Oost 1221", False),
        ("cora@gemeente.test", "Oost 1221", True),
        ("team@gemeente.test", "Noord", True),
        ("team@gemeente.test", "Zuid", False),
        ("weg@gemeente.test", "Zuid", False),
        ("", "Zuid", False),
        ("", "", False),
    ],
)
def test_who_may_act(who: str, area: str, *, may: bool) -> None:
    assert ROUTING.may_act(who, area) is may


def test_the_role_decides_what_is_possible() -> None:
    assert ROUTING.role("anne@gemeente.test") == "wijkregisseur"
    assert ROUTING.role("cora@gemeente.test") == "coordinator"
    assert ROUTING.role("team@gemeente.test") == "coordinator"


def test_areas_that_nobody_has_are_named() -> None:
    assert ROUTING.without_officer(["Zuid", "Oost 1221", "Oost 1223"]) == ("Oost 1223",)
