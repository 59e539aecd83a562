"""What a mail that came to a return address says: the message failed, or nothing of the kind."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import Message
from typing import Literal

from bot.channels.email.answers import AWAY

STATUS_PARTS = frozenset({"message/delivery-status", "message/global-delivery-status"})
ACTION = re.compile(r"^Action:\s*([A-Za-z-]+)", re.MULTILINE | re.IGNORECASE)
ANSWERING = ("X-Autoreply", "X-Autorespond", "X-MS-Exchange-Inbox-Rules-Loop")
LATE = re.compile(
    r"\b(delayed|warning: (message|could)|not yet (been )?delivered|still (being )?(trying|retried)|vertraagd)\b",
    re.IGNORECASE,
)
"""How a server says that it goes on trying."""
Verdict = Literal["failed", "other", "no report"]
"""Other: a report or an answer of a machine that changes nothing. No report: somebody wrote it."""


def read_report(data: bytes, *, from_nobody: bool) -> Verdict:
    """``from_nobody``: it came with the empty sender that reports have (RFC 5321, 4.5.5)."""
    try:
        message = message_from_bytes(data)
        report = _report_in(message)
        if report is not None:
            return "failed" if "failed" in _actions(report) else "other"
        if from_nobody:
            return "failed" if _is_plain_bounce(message) else "other"
    except (RecursionError, ValueError, LookupError, TypeError):
        # Built to harm or broken: parts nested a thousand deep, unknown character sets.
        return "other"
    return "no report"


def _report_in(message: Message, deepest: int = 3) -> Message | None:
    """The report itself, or in a wrapping that a list or a scanner put around it; not in a mail that it holds."""
    if message.get_content_type() == "multipart/report":
        return message
    if deepest == 0 or message.get_content_maintype() != "multipart":
        return None
    inside = (_report_in(part, deepest - 1) for part in _parts(message))
    return next((found for found in inside if found is not None), None)


def _actions(report: Message) -> set[str]:
    """What was done, in one word per recipient (RFC 3464, 2.3.3); "delayed" and "relayed" are no failure.

    A report of another type (read receipt, complaint) has no such part. That of an
    international address is called otherwise (RFC 6533, 3), and the email package does not
    take its blocks of fields apart.
    """
    statuses = [part for part in _parts(report) if part.get_content_type() in STATUS_PARTS]
    told = (
        "\n".join(block.as_string() for block in _parts(status)) or str(status.get_payload()) for status in statuses
    )
    return {found[1].lower() for text in told for found in ACTION.finditer(text)}


def _fields(status: Message) -> str:
    return "\n".join(block.as_string() for block in _parts(status)) or str(status.get_payload())


def _parts(message: Message) -> list[Message]:
    """Without those further down: a report may hold the mail it is about, with whatever that holds."""
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []


def _is_plain_bounce(message: Message) -> bool:
    """A bounce from before RFC 3464, which some servers still write, rather than an absence notice or a warning.

    All come from nobody; a notice says so (RFC 3834, 5) or in its subject, and a warning
    that it is tried again. Exim says of its bounces too that a machine wrote them, but then
    names who did not get the mail, which it does not when it is only late.
    """
    if "X-Failed-Recipients" in message:
        return True
    answered = str(message["Auto-Submitted"] or "").strip().lower().startswith("auto-replied")
    subject = str(message["Subject"] or "")
    return not (
        answered
        or any(name in message for name in ANSWERING)
        or AWAY.match(subject)
        or LATE.search(subject)
        or LATE.search(_beginning(message))
    )


def _beginning(message: Message) -> str:
    """The first words of a mail in one part."""
    payload = message.get_payload(decode=True)
    return payload[:300].decode("latin-1") if isinstance(payload, bytes) else ""
