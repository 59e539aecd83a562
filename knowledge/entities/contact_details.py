"""E-mail addresses and telephone numbers in what a resident types."""

from __future__ import annotations

import re
from itertools import islice

import phonenumbers

_EMAIL = re.compile(
    r"(?<![\w.+-])(?P<local>[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}+){0,8}+)"
    r"@(?P<domain>(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24})(?![\w-])"
)
_PHONE_LIKE = re.compile(r"\d(?:\D{0,3}\d){6,14}")
"""Seven digits close together: without them the costly search is skipped."""
MOST = 5
"""Telephone numbers of one message that are looked at closely: each takes a millisecond."""
LONGEST = 4_096
"""Characters that are looked through, the longest message that a channel carries."""


def email_spans(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _EMAIL.finditer(text)] if "@" in text else []


def find_email(text: str) -> str | None:
    """The first e-mail address, its domain in lower case; its length and dots are checked, its existence is not."""
    for match in _EMAIL.finditer(text) if "@" in text else ():
        local, domain = match["local"], match["domain"].lower()
        if len(local) <= 64 and len(domain) <= 253:
            return f"{local}@{domain}"
    return None


def telephone_spans(text: str, region: str) -> list[tuple[int, int, str]]:
    """Start, end and E.164 form of the first valid telephone numbers; ``region`` is an ISO code such as "NL"."""
    if not _PHONE_LIKE.search(text[:LONGEST]):
        return []
    matches = phonenumbers.PhoneNumberMatcher(text[:LONGEST], region, max_tries=MOST)
    return [
        (match.start, match.end, phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164))
        for match in islice(matches, MOST)
    ]


def digit_spans(text: str) -> list[tuple[int, int]]:
    """All that may be a telephone number, where a message holds more of that than is looked at closely; else none."""
    found = [match.span() for match in _PHONE_LIKE.finditer(text)]
    return found if len(found) > MOST else []
