"""A mail as it waits in the outbox: content only, and addresses that are safe in a header."""

from __future__ import annotations

import hashlib
import re
import textwrap
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address

from pydantic import BaseModel, ConfigDict

MAX_SUBJECT = 150
"""Characters; a mailbox shows fewer."""


CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # C0 and C1, the line breaks among them
    "\u2028\u2029"  # line and paragraph separator
    "\u200e\u200f\u202a-\u202e\u2066-\u2069]"  # direction marks: they can make a name look like another
)


class Mail(BaseModel):
    """The payload of an outbox message of channel ``email``: content only, ready to send."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    to: str
    subject: str
    text: str
    html: str
    at: datetime
    """When it was written: the Date of every attempt."""
    language: str = "nl"
    reply_to: str = ""
    reply_to_name: str = ""
    thread: str = ""
    """Mails with the same thread are shown together by mail programs."""
    photos: tuple[str, ...] = ()
    """Ids; the bytes are attached when the mail is sent."""
    photo_name: str = "foto"
    """File name of the attachments, without number and ending."""


@dataclass(frozen=True, slots=True)
class Picture:
    mime: str
    data: bytes


class BadAddress(ValueError):  # noqa: N818  (what it is, not whose mistake)
    """An address that no mail can go to; holds no part of it."""


def mailbox(name: str, address: str) -> Address:
    """An address that is safe in a header. Raises BadAddress.

    The domain may be international; a local part outside ASCII needs SMTPUTF8, which too
    few servers speak, so it is refused.
    """
    local, _, domain = address.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii") if domain else ""
        parsed = Address(display_name=one_line(name), addr_spec=f"{local}@{domain}")
    except (ValueError, UnicodeError, HeaderParseError, IndexError) as error:
        raise BadAddress("not an e-mail address") from error
    if not (parsed.username and parsed.domain) or not f"{local}@{domain}".isascii() or _has_odd_signs(address):
        raise BadAddress("not an e-mail address")
    return parsed


def _has_odd_signs(address: str) -> bool:
    return any(sign.isspace() or not sign.isprintable() for sign in address.strip())


def same_mailbox(one: str, other: str) -> bool:
    """Whether two ways to write an address mean one mailbox; never for what is no address."""
    try:
        return mailbox("", one).addr_spec.casefold() == mailbox("", other).addr_spec.casefold()
    except BadAddress:
        return False


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def subject_of(text: str) -> str:
    """On one line and not longer than a header should be."""
    return textwrap.shorten(one_line(text), MAX_SUBJECT, placeholder=" …")


def one_line(text: str) -> str:
    """Without line breaks and control signs: what goes into a header cannot start a new one."""
    return " ".join(CONTROL.sub(" ", text).split())
