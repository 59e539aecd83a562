"""What a mail that came to a return address says: the message failed, or nothing of the kind."""

from __future__ import annotations

from email import message_from_bytes
from email.message import Message
from typing import Literal

Verdict = Literal["failed", "other", "no report"]
"""Other: a report or an answer of a machine that changes nothing. No report: somebody wrote it."""


def read_report(data: bytes, *, from_nobody: bool) -> Verdict:
    """``from_nobody``: it came with the empty sender that reports have (RFC 5321, 4.5.5)."""
    try:
        message = message_from_bytes(data)
        if message.get_content_type() == "multipart/report":
            return "failed" if "failed" in _actions(message) else "other"
        if from_nobody:
            return "failed" if _is_plain_bounce(message) else "other"
    except (RecursionError, ValueError, LookupError, TypeError):
        # Built to harm or broken: parts nested a thousand deep, unknown character sets.
        return "other"
    return "no report"


def _actions(report: Message) -> set[str]:
    """What was done, in one word per recipient (RFC 3464, 2.3.3); "delayed" and "relayed" are no failure.

    A report of another type (read receipt, complaint) has no such part.
    """
    statuses = [part for part in _parts(report) if part.get_content_type() == "message/delivery-status"]
    # The email package makes a message of each block of fields.
    fields = [str(block["Action"] or "") for status in statuses for block in _parts(status)]
    return {words[0].lower() for field in fields if (words := field.split())}


def _parts(message: Message) -> list[Message]:
    """Without those further down: a report may hold the mail it is about, with whatever that holds."""
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []


def _is_plain_bounce(message: Message) -> bool:
    """A bounce from before RFC 3464, which some servers still write, rather than an absence notice.

    Both come from nobody; a notice says so (RFC 3834, 5). Exim says it of its bounces as
    well, but then names who did not get the mail, which it does not when it is only late.
    """
    answered = str(message["Auto-Submitted"] or "").strip().lower().startswith("auto-replied")
    return "X-Failed-Recipients" in message or not answered
