"""Plans, officers and the shipped knowledge, for tests of what is told about plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

from bot.initiative.draft import PlanDraft
from bot.initiative.record import Change, PlanPhoto, PlanRecord
from bot.initiative.summary import open_question
from bot.office.officers.routing import Routing
from knowledge.base import Knowledge
from knowledge.loader import read
from knowledge.models.problems import Problems

NOW = datetime(2026, 11, 20, 9, 5, tzinfo=UTC)
SECRET = "geheim-voor-proeven-van-32-tekens-of-meer"
REFERENCE = "HV-7KM-4PX-9RT"
SHIPPED = Path(__file__).parent.parent / "knowledge" / "hilversum"


@cache
def shipped() -> Knowledge:
    """The shipped folder without its matcher, which takes long to build and has no part in this."""
    problems = Problems()
    parts = read(SHIPPED, problems)
    assert parts is not None
    return Knowledge(
        gemeente=parts.gemeente,
        topics=parts.topics,
        facts=parts.facts,
        texts=parts.texts,
        criteria=parts.criteria,
        places=parts.places,
        matcher=cast("Any", None),
        dangers=parts.dangers,
    )


@dataclass(frozen=True)
class Officer:
    name: str
    email: str | None = None
    telegram: int | None = None
    role: str = "wijkregisseur"
    areas: tuple[str, ...] = ()


@dataclass(frozen=True)
class Team:
    emails: tuple[str, ...] = ()
    telegram: tuple[int, ...] = ()


ANNE = Officer("Anne Bos", "anne@gemeente.test", 1001, areas=("Zuid",))
BRAM = Officer("Bram Vos", "bram@gemeente.test", areas=("Zuid", "Oost 1221"))
CORA = Officer("Cora Lam", "cora@gemeente.test", role="coordinator")
TEAM = Team(("team@gemeente.test",))
ROUTING = Routing((ANNE, BRAM, CORA), TEAM)


def criteria() -> dict[str, str]:
    """Answers of a whole walk: the first choice everywhere, but the last one at a few."""
    answers: dict[str, str] = {}
    knowledge = shipped()
    while (question := open_question(answers, knowledge)) is not None:
        hard = len(answers) in (3, 5)
        answers[question.id] = "1500" if question.kind == "bedrag" else question.choices[-1 if hard else 0].id
    return answers


def draft(**changes: Any) -> PlanDraft:
    values: dict[str, Any] = {
        "title": "Koffieochtend voor Zoë's buurt & tuin",
        "what": "Elke maandag koffie in het buurthuis.\nVoor iedereen die zich alleen voelt.",
        "wijk": "Zuid",
        "area": "Zuid",
        "postcode": "1214 AB",
        "when": "vanaf maart",
        "amount": 1500,
        "amount_text": "anderhalf duizend",
        "own_share": "Wij zetten koffie en ruimen op.",
        "support": "12 buren en de bakker",
        "photos": ("foto-a", "foto-b"),
        "name": "Zoë de Vries",
        "by_chat": True,
        "email": "zoe@voorbeeld.test",
        "telephone": "+31612345678",
    }
    return PlanDraft(**values | changes)


def record(**changes: Any) -> PlanRecord:
    told = changes.get("draft") or draft()
    values: dict[str, Any] = {
        "reference": REFERENCE,
        "wijk": told.wijk,
        "area": told.area,
        "title": told.title,
        "draft": told,
        "amount": told.amount,
        "language": "nl",
        "status": "ontvangen",
        "holder": told.area,
        "holder_kind": "wijkregisseur",
        "next_date": date(2026, 11, 24),
        "created_at": NOW,
        "updated_at": NOW,
        "closed_at": None,
        "deal_amount": None,
        "channel": "web",
    }
    return PlanRecord(**values | changes)


def change(to: str = "in_gesprek", **changes: Any) -> Change:
    values: dict[str, Any] = {
        "id": 7,
        "at": NOW,
        "actor_kind": "wijkregisseur",
        "actor": "anne@gemeente.test",
        "kind": "status",
        "from_status": "ontvangen",
        "to_status": to,
        "reason": "",
        "note": "",
        "score": None,
    }
    return Change(**values | changes)


PHOTOS = (PlanPhoto("foto-a", "image/jpeg", 2000, 1500), PlanPhoto("foto-b", "image/jpeg", 800, 600))
