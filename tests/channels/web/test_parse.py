from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.channels.web.parse import PostedForm, to_events
from bot.conversation.turn.events import Located, Pressed, Said, Unread

AT = datetime(2026, 11, 20, tzinfo=UTC)


def form(**fields: object) -> PostedForm:
    return PostedForm(**({"id": "abcdefgh"} | fields))  # type: ignore[arg-type]


def test_the_same_form_twice_is_the_same_event() -> None:
    assert to_events(form(text="hallo"), AT)[0].id == to_events(form(text="hallo"), AT)[0].id


def test_a_form_that_was_changed_before_sending_it_again_is_another_event() -> None:
    ids = {
        to_events(form(**fields), AT)[0].id for fields in ({"text": "a"}, {"text": "b"}, {"data": "a"}, {"data": "b"})
    }
    assert len(ids) == 4


def test_every_event_has_chance_of_its_own() -> None:
    assert to_events(form(text="a"), AT)[0].nonce != to_events(form(text="a"), AT)[0].nonce


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"text": "hallo"}, Said),
        ({"data": "w:plan"}, Pressed),
        ({"place": "52.2,5.2"}, Located),
        ({"unread": ["video"]}, Unread),
    ],
)
def test_kinds(fields: dict[str, object], kind: type) -> None:
    assert [type(event) for event in to_events(form(**fields), AT)] == [kind]


def test_a_button_wins_from_typed_text() -> None:
    assert [type(event) for event in to_events(form(text="half getypt", data="w:plan"), AT)] == [Pressed]


@pytest.mark.parametrize("place", [",", "52.2", "52.2,5.2,1", "noord,zuid", "91,5", "52,181", "nan,5", "inf,5"])
def test_a_place_that_is_none_is_refused(place: str) -> None:
    with pytest.raises(ValueError):
        to_events(form(place=place), AT)
