"""Lines of a conversation as JSON, for the outbox and the transcript."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.conversation.turn.events import AnyEvent, Edited, Located, Pictured, Pressed, Said, Unread
from bot.conversation.turn.replies import Reply
from bot.ports.backend import Line
from bot.ports.reply_json import reply_from_json, reply_to_json


def pack_reply(reply: Reply) -> dict[str, Any]:
    return {"kind": "reply", "reply": reply_to_json(reply)}


def pack_event(event: AnyEvent, label: str, mask: Callable[[str], str]) -> dict[str, Any]:
    """What the resident did, as far as it is worth reading back: no coordinates, no private numbers."""
    match event:
        case Said(text=text):
            return {"kind": "said", "text": mask(text)}
        case Edited(text=text):
            return {"kind": "edited", "text": mask(text)}
        case Pressed():
            return {"kind": "pressed", "text": label}
        case Pictured(photo=photo, caption=caption):
            return {"kind": "pictured", "photo": photo, "text": mask(caption)}
        case Located():
            return {"kind": "located"}
        case Unread(kind=kind):
            return {"kind": "unread", "unread": kind}


def unpack_line(line_id: int, direction: str, payload: Mapping[str, Any], at: datetime) -> Line:
    if direction == "out":
        return Line(line_id, "out", at, reply=reply_from_json(payload["reply"]))
    return Line(line_id, "in", at, text=payload.get("text", ""), kind=payload["kind"])
