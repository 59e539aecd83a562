"""Letters and deliveries to test with; everything a resident can type is nasty here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.office.letters.composition import compose
from bot.ports.letter import Button, Letter, LetterMark, LetterRow, LetterSection
from bot.ports.mail import Mail, Picture

AT = datetime(2026, 11, 20, 9, 5, tzinfo=UTC)
JPEG = bytes(range(256)) * 40 + b"\r\n.\r\nFrom here\r\n"
"""Bytes that a careless transport would change: dots, line ends, "From"."""


@dataclass(frozen=True)
class Sent:
    """A message of the outbox."""

    payload: dict[str, Any]
    dedupe_key: str = "plan:HV-7KM-4PX-9RT:email:zuid@voorbeeld.test"
    address: str = "zuid@voorbeeld.test"
    id: int = 17
    created_at: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass
class Album:
    """Stored photos; remembers nothing of who asks."""

    pictures: dict[str, Picture] = field(default_factory=dict)

    async def __call__(self, photo: str) -> Picture | None:
        return self.pictures.get(photo)


def letter(**changes: Any) -> Letter:
    values: dict[str, Any] = {
        "language": "nl",
        "subject": "Nieuw plan HV-7KM-4PX-9RT: Café voor Zoë & co (Zuid)",
        "kicker": "Nieuw plan uit Zuid",
        "title": "Café voor Zoë & co",
        "banner": "Let op: dit is voor het team.",
        "paragraphs": ("Een bewoner heeft dit plan ingediend.",),
        "sections": (
            LetterSection(
                "In het kort",
                facts=(LetterRow("Kenmerk", "HV-7KM-4PX-9RT"), LetterRow("Wie beslist", "de wijk\nsamen")),
            ),
            LetterSection(
                "Wat wilt u doen?", buttons=(Button("Ik ga in gesprek", "https://bot.test/ambtenaar/stap/abc"),)
            ),
            LetterSection("Het plan", answers=(LetterRow("Wat", "Koffie <b>en</b> thee\n- op maandag\n- op vrijdag"),)),
            LetterSection("Kans", marks=(LetterMark("todo", "nog doen", "Draagvlak", ("Waarom: vraag uw buren",)),)),
            LetterSection("Bewoner", facts=(LetterRow("E-mail", "zoë@voorbeeld.test", "mailto:zoe@voorbeeld.test"),)),
        ),
        "footer": ("Gemaakt door de Wijkbot.",),
    }
    return Letter(**values | changes)


def mail(**changes: Any) -> Mail:
    composed = compose(letter())
    values: dict[str, Any] = {
        "to": "zuid@voorbeeld.test",
        "subject": composed.subject,
        "text": composed.text,
        "html": composed.html,
        "at": AT,
        "reply_to": "zoe@voorbeeld.test",
        "reply_to_name": "Zoë de Vries",
        "thread": "HV-7KM-4PX-9RT",
    }
    return Mail(**values | changes)


def sent(**changes: Any) -> Sent:
    return Sent(mail(**changes).model_dump(mode="json"))
