"""What the conversation is told of a resident's plans."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.conversation.turn.plan_view import Remark
from bot.service.resident_record import _in_a_line, _told
from storage.models import PlanChange


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
    assert _in_a_line(text) == line


def test_what_a_resident_told_is_theirs_alone_and_a_mark_is_no_words() -> None:
    at = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    history = [
        PlanChange(at=at, actor_kind="resident", kind="submitted"),
        PlanChange(at=at, actor_kind="wijkregisseur", kind="note", note="bellen"),
        PlanChange(at=at, actor_kind="resident", kind="evaluated", score=4, note="Het duurde lang."),
        PlanChange(at=at, actor_kind="resident", kind="evaluated", score=1),
    ]
    assert list(_told(history)) == [Remark(at=at, text="Het duurde lang.", mark=4), Remark(at=at, mark=1)]


def test_what_an_officer_heard_of_a_resident_is_shown_to_them() -> None:
    at = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    heard = PlanChange(at=at, actor_kind="wijkregisseur", kind="added", note="Gebeld: in april.", before="officer")
    assert [told.text for told in _told([heard])] == ["Gebeld: in april."]
