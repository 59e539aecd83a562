"""Who has a plan, as residents read it."""

from __future__ import annotations

import pytest

from bot.office.officers.routing import Routing
from bot.office.officers.rules import rules_for
from tests.plans import NOW, ROUTING, TEAM, record, shipped

TODAY = NOW.date()


@pytest.mark.parametrize(
    ("plan", "shown"),
    [
        ({"area": "Zuid"}, "de wijkregisseur (14 035)"),
        ({"area": "Oost 1223"}, "het team van de wijkregisseurs (14 035)"),
        ({"area": ""}, "het team van de wijkregisseurs (14 035)"),
        ({"area": "Oost 1223", "holder_kind": "wijkteam"}, "het wijkteam (14 035)"),
        ({"area": "Zuid", "holder_kind": "officer", "handler": "anne@gemeente.test"}, "Anne Bos"),
        # taken by somebody who is no officer any more
        ({"area": "Zuid", "holder_kind": "officer", "handler": "weg@gemeente.test"}, "de wijkregisseur (14 035)"),
        # while it is with the wijkteam, that has it, whoever handles it
        ({"area": "Zuid", "holder_kind": "wijkteam", "handler": "anne@gemeente.test"}, "het wijkteam (14 035)"),
    ],
)
def test_a_resident_reads_who_really_has_the_plan(plan: dict[str, str], shown: str) -> None:
    assert rules_for(ROUTING).shown_holder(record(**plan), shipped(), "nl", TODAY) == shown


def test_an_officer_set_later_has_the_plans_that_were_there() -> None:
    plan = record(area="Zuid")
    nobody = Routing((), TEAM)
    assert rules_for(nobody).shown_holder(plan, shipped(), "en", TODAY) == "the team of the wijkregisseurs (14 035)"
    assert "wijkregisseur, the" in rules_for(ROUTING).shown_holder(plan, shipped(), "en", TODAY)
