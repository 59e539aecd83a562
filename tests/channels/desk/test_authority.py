"""Who may promise what is the decision table, at every door of the desk; and a deal can be put right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.steps.forms import ActionForm
from bot.initiative.authority import decided_elsewhere, is_wijkbudget, own_limit
from bot.initiative.kinds import ChangeKind, Status
from bot.office.handling.changes import Actor
from bot.office.handling.decisions import Refused
from bot.office.letters.voice import Voice
from bot.office.reports.figures import figures
from tests.channels.desk.desk import Desk, Visitor
from tests.plans import shipped

VOICE = Voice(shipped(), "nl")
DEAL = {"bewoners": "Koffie zetten.", "gemeente": "De zaal."}
DECIDED = {"besluit_wie": "de wijkwethouder", "besluit_op": "2026-11-19", "besluit_grond": "besluit 2026-114"}


@given(st.integers(0, 500_000), st.booleans(), st.booleans())
def test_a_form_asks_for_the_decision_exactly_where_somebody_else_decides(
    amount: int, at_the_desk: bool, decided: bool
) -> None:
    form = ActionForm("buurtdeal", VOICE, with_decision=at_the_desk)
    problems = form.problems({**DEAL, "bedrag": str(amount), **(DECIDED if decided and at_the_desk else {})})
    elsewhere = decided_elsewhere(amount, shipped()) is not None
    assert elsewhere is (amount > own_limit(shipped()))
    assert bool(problems) is (elsewhere and not (decided and at_the_desk))
    for field in form.fields({"bedrag": str(amount)}, problems):
        assert "{" not in field.label + field.hint + field.problem


@pytest.mark.parametrize("role", ["wijkregisseur", "coordinator"])
async def test_nobody_promises_above_their_limit_by_any_door(desk: Desk, role: str) -> None:
    reference = await desk.submit()
    officer = {"wijkregisseur": "anne@gemeente.test", "coordinator": "cora@gemeente.test"}[role]
    actor = Actor(role, officer)
    await desk.service.change_status(reference, Status.IN_GESPREK, actor)
    with pytest.raises(Refused, match="decision_required"):
        await desk.service.change_status(reference, Status.BUURTDEAL, actor, deal_amount=85_000)
    assert (await desk.plan(reference)).deal_amount is None


async def deal_of(desk: Desk, amount: str, **more: str) -> tuple[str, Visitor]:
    reference = await desk.submit()
    anne = await desk.signed_in()
    await anne.get(f"/plan/{reference}/doe/gesprek")
    await anne.post(f"/plan/{reference}/doe/gesprek", tekst="Zullen wij bellen?")
    await anne.get(f"/plan/{reference}/doe/buurtdeal")
    await anne.post(f"/plan/{reference}/doe/buurtdeal", **DEAL, bedrag=amount, **more)
    return reference, anne


async def test_a_deal_waits_for_the_decision_and_then_says_who_took_it(desk: Desk) -> None:
    reference, anne = await deal_of(desk, "9000")
    assert (await desk.plan(reference)).status == Status.IN_GESPREK
    assert "Over € 9.000 beslist de wijkwethouder samen met de wijkregisseur" in anne.text
    await anne.post(f"/plan/{reference}/doe/buurtdeal", **DEAL, bedrag="9000", **DECIDED)
    plan = await desk.plan(reference)
    assert (plan.status, plan.deal_amount) == (Status.BUURTDEAL, 9000)
    line = next(one for one in await desk.history(reference) if one.kind == ChangeKind.DECIDED)
    assert (line.after, str(line.decided_on), line.note) == tuple(DECIDED.values())
    await anne.get(f"/plan/{reference}")
    assert "Besluit vastgelegd: de wijkwethouder" in anne.text
    assert "2026-114" not in " ".join(await desk.told())


async def test_only_money_of_the_wijkbudget_counts_as_such(desk: Desk) -> None:
    await deal_of(desk, "85000", **DECIDED)
    await deal_of(desk, "1500")
    async with desk.database.unit_of_work(read_only=True) as work:
        total = (await figures(work, shipped(), desk.clock())).total
    assert total.promised == 1500
    assert not is_wijkbudget(85_000, shipped())


async def test_a_deal_can_be_put_right_with_a_reason(desk: Desk) -> None:
    reference, anne = await deal_of(desk, "1500")
    address = f"/plan/{reference}/doe/deal_wijzigen"
    await anne.get(address)
    await anne.post(address, bedrag="15000", reden="Een nul te weinig.")
    assert (await desk.plan(reference)).deal_amount == 1500
    await anne.post(address, bedrag="1200", reden="De zaal is goedkoper.")
    plan = await desk.plan(reference)
    assert (plan.deal_amount, plan.status) == (1200, Status.BUURTDEAL)
    told = (await desk.told())[-1]
    assert "van € 1.500 naar € 1.200" in told
    assert "De zaal is goedkoper." in told
    await anne.get(f"/plan/{reference}")
    assert "Afspraak aangepast: van € 1.500 naar € 1.200" in anne.text
