"""A mail that a resident sent in answer to one about their plan: what of it belongs to the plan.

Only what is here goes further: the words without quote and signature, pictures and files.
All other headers are forgotten with the mail.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Literal, cast

from bot.channels.email.quoted import html_text, own_words
from bot.ports.mail import CONTROL

MAX_PHOTOS = 5
MAX_PICTURES = 20
"""Looked at; among them are the signs under a signature, which are too small to be a photo."""
MAX_FILES = 5
REACTION = "text/vnd.google.email-reaction+json"
SEALS = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
"""Parts that programs add to show that a mail is genuine."""
MAX_PARTS = 200
"""Of a mail with parts in parts; the others are not looked at."""
ROBOTS = ("bulk", "junk", "list", "auto_reply")
ROBOT_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Response", "List-Id", "List-Unsubscribe")
AWAY = re.compile(
    r"\s*(automatische? (antwoord|beantwoording|reactie)|auto(matic)?[- ]?(reply|response)|"
    r"out of (the )?office|afwezigheid(sbericht|smelding)?\b|afwezig\s*:|niet aanwezig\s*:|abwesen(d|heitsnotiz)|"
    r"r\u00e9ponse automatique)",
    re.IGNORECASE,
)
"""How the subject begins of what a mailbox answers by itself and forgets to mark; not what a person may write."""

Verdict = Literal["automatic", "unreadable"]


@dataclass(frozen=True, slots=True)
class MailFile:
    name: str
    """As the sender called it; not to be trusted."""
    data: bytes


@dataclass(frozen=True, slots=True)
class MailAnswer:
    sender: str
    """The address that it says it is from; "" where it names none, or several."""
    text: str
    photos: tuple[bytes, ...]
    files: tuple[MailFile, ...]
    left_out: int
    """Attachments that are too many."""
    identity: str
    """The same for a mail that is delivered again; tells nothing of what is in it."""


def read_answer(data: bytes) -> MailAnswer | Verdict:
    """What of a mail belongs to a plan. "automatic": no person wrote it."""
    try:
        message = message_from_bytes(data, policy=default)
        if _is_automatic(message):
            return "automatic"
        pictures, files = _attachments(message)
        return MailAnswer(
            sender=_sender(message),
            text=_clean(_words(message)),
            photos=tuple(pictures[:MAX_PICTURES]),
            files=tuple(files[:MAX_FILES]),
            left_out=len(files[MAX_FILES:]) + len(pictures[MAX_PICTURES:]),
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
    """Of the first part with text, and of those like it after a picture; of another kind it is a scanner's footer."""
    reaction = next((part for part in _leaves(message) if part.get_content_type() == REACTION), None)
    if reaction is not None:
        return _reaction(reaction)
    bodies = list(_bodies(message))
    return "\n\n".join(text for kind, text in bodies if text and kind == bodies[0][0])


def _bodies(message: EmailMessage) -> Iterator[tuple[str, str]]:
    """Kind and own words of each part that somebody reads, in order; of alternatives the first that says something."""
    if message.get_content_type() == "multipart/alternative":
        parts = [cast("EmailMessage", part) for part in message.iter_parts()]
        found = [body for part in sorted(parts, key=_is_html) for body in _bodies(part)]
        said = [body for body in found if body[1]]
        yield from said[:1] or found[:1]
    elif message.is_multipart() and message.get_content_maintype() == "multipart":
        for part in message.iter_parts():
            yield from _bodies(cast("EmailMessage", part))
    elif message.get_content_type() in ("text/plain", "text/html") and not _is_file(message):
        html = message.get_content_subtype() == "html"
        text = own_words(html_text(_decoded(message)) if html else _decoded(message))
        yield message.get_content_subtype(), text


def _is_html(part: EmailMessage) -> bool:
    return part.get_content_type() != "text/plain"


def _reaction(part: EmailMessage) -> str:
    """The sign with which somebody reacted in Gmail; the text beside it is Gmail's."""
    return str(json.loads(_decoded(part)).get("emoji", ""))[:20]


def _decoded(part: EmailMessage) -> str:
    if part.get_content_maintype() == "text":
        try:
            return str(part.get_content())
        except LookupError:  # a character set that is not known: most letters are the same in all
            pass
    return bytes(part.get_payload(decode=True) or b"").decode("latin-1")


def _clean(text: str) -> str:
    """Without signs that nobody sees, which could make a line look like another."""
    return "\n".join(CONTROL.sub(" ", line).rstrip() for line in text.split("\n")).strip()


def _attachments(message: EmailMessage) -> tuple[list[bytes], list[MailFile]]:
    """Pictures, those that were attached before those between the words, which may be signs; and all other files."""
    pictures: list[tuple[bool, bytes]] = []
    files: list[MailFile] = []
    for part in _leaves(message):
        if part.get_content_maintype() == "image":
            pictures.append((not _is_file(part), _content(part)))
        elif _is_file(part) and part.get_content_type() not in SEALS:
            files.append(MailFile(part.get_filename("") or "", _content(part)))
    return [data for _, data in sorted(pictures, key=lambda one: one[0])], files


def _is_file(part: EmailMessage) -> bool:
    """Apple Mail shows a file between the words and still sends it along; text without a name is text."""
    if part.get_content_disposition() == "attachment":
        return True
    return part.get_content_maintype() not in ("text", "image", "multipart", "message")


def _content(part: EmailMessage) -> bytes:
    return bytes(part.get_payload(decode=True) or b"")


def _leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    for number, part in enumerate(message.walk()):
        if number >= MAX_PARTS:
            return
        if not part.is_multipart():
            yield part
