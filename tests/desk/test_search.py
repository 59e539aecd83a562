"""Who looks for a plan finds it in whatever they remember of it, mistyped or not."""

from __future__ import annotations

import pytest

from bot.desk.plan.search import found_in
from bot.desk.plan.sheet import Sheet
from storage.models import Plan, PlanChange
from tests.plans import NOW, draft


def sheet() -> Sheet:
    told = draft(title="Moestuin bij de vijver", name="Zoë de Vries", what="Wij willen bakken met kruiden.")
    plan = Plan(
        reference="HV-123-456-789", wijk="Zuid", area="Zuid", title=told.title, amount=1500, language="nl",
        draft=told.model_dump_json(exclude_defaults=True), status="in_gesprek", holder="Zuid",
        holder_kind="wijkregisseur", next_date=NOW.date(), created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    note = PlanChange(
        id=1, plan_id=plan.id, at=NOW, actor_kind="wijkregisseur", kind="note", note="Bellen met Stichting Tuinwijk."
    )
    return Sheet(plan, [note])


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ("moestuin", ("titel",)), ("mostuin", ("titel",)), ("moestiun", ("titel",)), ("VRIES", ("bewoner",)),
        ("zoe", ("bewoner",)), ("123-456", ("kenmerk",)), ("1500", ("bedrag",)), ("kruiden", ("plan",)),
        ("kruidn", ("plan",)), ("tuinwijk", ("geschiedenis",)), ("stichting", ("geschiedenis",)),
        ("anne", ("medewerker",)), ("vijver kruiden", ("titel", "plan")), ("1501", ()), ("voetbal", ()),
        ("moestuin voetbal", ()), ("zuid", ("plek",)),
    ],
)  # fmt: skip
def test_every_word_is_found_where_it_stands(typed: str, where: tuple[str, ...]) -> None:
    assert found_in(sheet(), {"Anne Bos"}, typed) == where
