"""What an officer types, made fit to be kept."""

from __future__ import annotations

import re

MAX_LENGTH = 2_000
"""Characters of one field; a resident has to read it on a phone."""
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def plain(text: str) -> str:
    """With the line breaks of a text and without signs that nobody sees."""
    return UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
