"""Links for officers: what is forged, changed, late or for something else is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.office.officers.links import VALID_FOR, LinkRefused, Links
from tests.conftest import Clock
from tests.service_doubles import OFFICER, SECRET


@pytest.fixture
def links(clock: Clock) -> Links:
    return Links(SECRET, clock)


def test_a_link_says_what_it_is_for(links: Links, clock: Clock) -> None:
    claim = links.read("plan", links.make("plan", "HV-1", "in_gesprek", OFFICER))
    assert (claim.reference, claim.action, claim.officer) == ("HV-1", "in_gesprek", OFFICER)
    assert claim.expires_at == clock() + VALID_FOR


def test_two_links_are_never_the_same(links: Links) -> None:
    tokens = {links.make("plan", "HV-1", "in_gesprek", OFFICER) for _ in range(10)}
    assert len({links.read("plan", token).token_id for token in tokens}) == 10


def test_a_link_expires(links: Links, clock: Clock) -> None:
    token = links.make("plan", "HV-1", "in_gesprek", OFFICER, timedelta(hours=1))
    clock.pass_(minutes=59)
    links.read("plan", token)
    clock.pass_(minutes=1)
    with pytest.raises(LinkRefused, match="expired"):
        links.read("plan", token)


def test_a_link_for_one_purpose_is_none_for_another(links: Links) -> None:
    with pytest.raises(LinkRefused, match="forged"):
        links.read("plan", links.make("sign-in", "HV-1", "in_gesprek", OFFICER))


def test_another_secret_signs_other_links(links: Links, clock: Clock) -> None:
    with pytest.raises(LinkRefused, match="forged"):
        links.read("plan", Links(SECRET[::-1], clock).make("plan", "HV-1", "in_gesprek", OFFICER))


def test_a_link_with_any_sign_changed_is_refused(links: Links) -> None:
    token = links.make("plan", "HV-1", "in_gesprek", OFFICER)
    for place in range(len(token) - 1):  # the last sign of a signature carries two bits that mean nothing
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(LinkRefused, match="forged"):
            links.read("plan", changed)


@given(st.text())
def test_anything_else_is_refused(token: str) -> None:
    with pytest.raises(LinkRefused, match="forged"):
        Links(SECRET, Clock()).read("plan", token)


def test_a_short_secret_is_refused(clock: Clock) -> None:
    with pytest.raises(ValueError, match="32"):
        Links("short", clock)
