"""From the plain content that the outbox keeps to the message that goes over the wire.

The same delivery always gives the same bytes: Message-ID, Date and boundaries come from
the delivery, not from the clock or chance. A mail that is sent twice after a crash is
then recognised as one by the servers and programs that look at the Message-ID.
"""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from bot.ports.mail import BadAddress, Mail, Picture, digest, mailbox, one_line, subject_of


def build_message(mail: Mail, *, sender: str, dedupe_key: str, pictures: Sequence[Picture] = ()) -> EmailMessage:
    """The whole message. Raises BadAddress for ``to`` or ``sender``; a bad Reply-To is left out."""
    origin = mailbox(*parseaddr(sender))
    identity = digest(dedupe_key)
    message = EmailMessage(policy=SMTP)
    message["From"] = origin
    message["To"] = mailbox("", mail.to)
    message["Subject"] = subject_of(mail.subject)
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = f"<{identity}@{origin.domain}>"
    if mail.thread:
        message["References"] = f"<{digest(mail.thread)}@{origin.domain}>"
    if mail.reply_to:
        _add_reply_to(message, mail)
    # No out-of-office answers to a machine: the header of RFC 3834, and Exchange's own.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    for number, picture in enumerate(pictures, start=1):
        kind, _, subtype = picture.mime.partition("/")
        name = f"{one_line(mail.photo_name)}-{number}.{ENDINGS.get(picture.mime, subtype)}"
        message.add_attachment(picture.data, maintype=kind, subtype=subtype, filename=name)
    # Last, or it would go down with the text into the first part.
    message["Content-Language"] = one_line(mail.language)
    _fix_boundaries(message, identity)
    return message


ENDINGS = {"image/jpeg": "jpg"}


def _add_reply_to(message: EmailMessage, mail: Mail) -> None:
    try:
        message["Reply-To"] = mailbox(mail.reply_to_name, mail.reply_to)
    except BadAddress:
        return  # it stands in the text as well, as it was written


def _fix_boundaries(message: EmailMessage, identity: str) -> None:
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{number}_{identity}")
