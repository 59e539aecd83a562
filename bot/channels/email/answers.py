"""A mail that a resident sent in answer to one about their plan: what of it belongs to the plan.

Only what is here goes further: the words without quote and signature, and pictures. All
other headers and attachments are forgotten with the mail.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Literal, cast

from bot.channels.email.quoted import html_text, own_words
from bot.ports.mail import CONTROL
from bot.ports.mail_answer import MailAnswer

MAX_PHOTOS = 5
MAX_PARTS = 200
"""Of a mail with parts in parts; the others are not looked at."""
ROBOTS = ("bulk", "junk", "list", "auto_reply")
ROBOT_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Response", "List-Id", "List-Unsubscribe")
AWAY = re.compile(
    r"\s*(automatische? (antwoord|beantwoording|reactie)|auto(matic)?[- ]?(reply|response)|"
    r"out of (the )?office|afwezigheidsbericht)",
    re.IGNORECASE,
)
"""How the subject begins of what a mailbox answers by itself and forgets to mark; not what a person may write."""

Verdict = Literal["automatic", "unreadable"]


def read_answer(data: bytes) -> MailAnswer | Verdict:
    """What of a mail belongs to a plan. "automatic": no person wrote it."""
    try:
        message = message_from_bytes(data, policy=default)
        if _is_automatic(message):
            return "automatic"
        pictures, others = _attachments(message)
        return MailAnswer(
            sender=_sender(message),
            text=_clean(_words(message)),
            photos=tuple(pictures[:MAX_PHOTOS]),
            left_out=others + len(pictures[MAX_PHOTOS:]),
            identity=hashlib.sha256(_message_id(message) or data).hexdigest(),
        )
    except Exception:
        # What is built to harm or broken makes the parser raise nearly anything: parts nested a
        # thousand deep, headers that end halfway, unknown character sets.
        return "unreadable"


def _is_automatic(message: EmailMessage) -> bool:
    """An absence notice, a mailing list, a report (RFC 3834, 2)."""
    submitted = str(message["Auto-Submitted"] or "no").split(";")[0].strip().lower()
    precedence = str(message["Precedence"] or "").strip().lower()
    return (
        submitted != "no"
        or precedence in ROBOTS
        or any(name in message for name in ROBOT_HEADERS)
        or message.get_content_type() == "multipart/report"
        or bool(AWAY.match(str(message["Subject"] or "")))
    )


def _message_id(message: EmailMessage) -> bytes:
    return str(message["Message-ID"] or "").strip().encode(errors="replace")


def _sender(message: EmailMessage) -> str:
    addresses = [address.addr_spec for header in message.get_all("From", []) for address in header.addresses]
    return addresses[0] if len(addresses) == 1 else ""


def _words(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    text = _decoded(cast("EmailMessage", body))
    return own_words(html_text(text) if body.get_content_subtype() == "html" else text)


def _decoded(part: EmailMessage) -> str:
    try:
        return str(part.get_content())
    except LookupError:  # a character set that is not known: most letters are the same in all
        return bytes(part.get_payload(decode=True) or b"").decode("latin-1")


def _clean(text: str) -> str:
    """Without signs that nobody sees, which could make a line look like another."""
    return "\n".join(CONTROL.sub(" ", line).rstrip() for line in text.split("\n")).strip()


def _attachments(message: EmailMessage) -> tuple[list[bytes], int]:
    """Pictures, also those that stand between the words, and how many other files there are."""
    pictures, others = [], 0
    for part in _leaves(message):
        if part.get_content_maintype() == "image":
            pictures.append(bytes(part.get_payload(decode=True) or b""))
        elif part.get_content_disposition() == "attachment":
            others += 1
    return pictures, others


def _leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    for number, part in enumerate(message.walk()):
        if number >= MAX_PARTS:
            return
        if not part.is_multipart():
            yield part
