"""What the conversation is told of a resident's plans."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy.event import listens_for

from bot.conversation.turn.events import AnyEvent, Said
from bot.conversation.turn.plan_view import Record, Remark
from bot.conversation.turn.replies import Reply, Turn
from bot.conversation.turn.state import State
from bot.service.resident_record import in_a_line, remarks
from knowledge.base import Knowledge
from storage.database import Database
from storage.models import PlanChange
from tests.conftest import Clock
from tests.service_doubles import make_service, said


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        ("Dank u wel", "Dank u wel"),
        ("De bewoners doen: maaien\nDe gemeente doet: de bank.\nBedrag: € 1.500",
         "De bewoners doen: maaien. De gemeente doet: de bank. Bedrag: € 1.500"),
        ("\n\nEen\r\n\r\n twee! \n", "Een. twee!"),
    ],
)  # fmt: skip
def test_what_was_said_with_a_status_is_one_line_of_the_timeline(text: str, line: str) -> None:
    assert in_a_line(text) == line


def test_what_a_resident_told_is_theirs_alone_and_a_mark_is_no_words() -> None:
    at = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    history = [
        PlanChange(plan_id="p", at=at, actor_kind="resident", kind="submitted"),
        PlanChange(plan_id="p", at=at, actor_kind="wijkregisseur", kind="note", note="bellen"),
        PlanChange(plan_id="p", at=at, actor_kind="resident", kind="evaluated", score=4, note="Het duurde lang."),
        PlanChange(plan_id="p", at=at, actor_kind="resident", kind="evaluated", score=1),
    ]
    assert list(remarks(history)) == [Remark(at=at, text="Het duurde lang.", mark=4), Remark(at=at, mark=1)]


def test_what_an_officer_heard_of_a_resident_is_shown_to_them() -> None:
    at = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    heard = PlanChange(
        plan_id="p", at=at, actor_kind="wijkregisseur", kind="added", note="Gebeld: in april.", before="officer"
    )
    assert [told.text for told in remarks([heard])] == ["Gebeld: in april."]


async def test_a_greeting_asks_storage_for_no_plans_counts_or_deals(database: Database, clock: Clock) -> None:
    """They are summed over all plans of a year, for one sentence in one answer."""
    asked: list[str] = []

    def respond(state: State, event: AnyEvent, knowledge: Knowledge, record: Record, /) -> Turn:
        if isinstance(event, Said) and event.text == "thermometer":
            asked.append(str(record.thermometers["Zuid"].promised))
        return Turn(state, (Reply("dag"),))

    statements: list[str] = []

    @listens_for(database.engine.sync_engine, "before_cursor_execute")
    def note(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement)

    service = make_service(database, clock, respond=respond)
    await service.handle("web", "a", said("hallo"))
    assert not [one for one in statements if "FROM plan" in one]
    await service.handle("web", "a", said("thermometer"))
    assert asked == ["0"]
    assert len([one for one in statements if "FROM plan" in one]) == 1
