"""A mail that a resident sent in answer to one about their plan, as far as it matters."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MailAnswer:
    sender: str
    """The address that it says it is from; "" where it names none, or several."""
    text: str
    photos: tuple[bytes, ...]
    left_out: int
    """Attachments that are no picture, or one too many."""
    identity: str
    """The same for a mail that is delivered again; tells nothing of what is in it."""
