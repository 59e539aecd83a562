"""Reference numbers: easy to read aloud, impossible to guess ("HV-7KM-4PX-9RT").

Nine symbols of an alphabet without pairs that look or sound the same: 40 bits, drawn from
the event's nonce. What a resident types is read back generously.
"""

from __future__ import annotations

import re
from hashlib import sha256

from knowledge.language.normalise import even
from knowledge.models.content import Gemeente

ALPHABET = "023456789CFHJKLMPRTWXY"
"""22 symbols, of each confusing pair or group one: 0 (O Q D), 2 (Z), 5 (S), 6 (G), 8 (B), L (1 I), M (N), W (V).
No vowels, so that no word comes out by accident."""

MISREAD = str.maketrans(
    {
        "O": "0",
        "Q": "0",
        "D": "0",
        "Z": "2",
        "S": "5",
        "G": "6",
        "B": "8",
        "1": "L",
        "I": "L",
        "N": "M",
        "V": "W",
    }
)
"""What people write or hear instead of the symbol that stands there."""

GROUPS = 3
GROUP = 3
_BETWEEN = r"[\s.,_/-]*"


def make_reference(nonce: str, gemeente: Gemeente) -> str:
    """The reference of a plan, from the random ``nonce`` of the event that sends it in."""
    number = int.from_bytes(sha256(f"reference {nonce}".encode()).digest())
    symbols = []
    for _ in range(GROUPS * GROUP):
        number, place = divmod(number, len(ALPHABET))
        symbols.append(ALPHABET[place])
    return _written("".join(symbols), gemeente)


def parse_reference(text: str, gemeente: Gemeente) -> str | None:
    """The reference number that a message holds, as ``make_reference`` writes it; None for none.

    Capitals, spaces and dashes do not matter, nor do look-alikes ("o" for 0). Without the
    letters of the municipality in front, the groups must stand apart or hold a digit and a letter.
    """
    read = even(text).upper().translate(MISREAD)
    symbol = f"[{ALPHABET}]"
    prefix = _BETWEEN.join(re.escape(letter) for letter in gemeente.reference_prefix.upper().translate(MISREAD))
    whole = re.search(rf"(?<!\w){prefix}((?:{_BETWEEN}{symbol}){{{GROUPS * GROUP}}})(?!\w)", read)
    if whole is not None:
        return _written(re.sub(_BETWEEN, "", whole[1]), gemeente)
    for bare in re.finditer(rf"(?<![\w-])(?:{symbol}{{{GROUP}}}[ -]?){{{GROUPS}}}(?![\w-])", even(text).upper()):
        symbols = re.sub(r"[ -]", "", bare[0])
        if any(c.isdigit() for c in symbols) and any(c.isalpha() for c in symbols):
            return _written(symbols, gemeente)
    return None


def _written(symbols: str, gemeente: Gemeente) -> str:
    groups = (symbols[start : start + GROUP] for start in range(0, len(symbols), GROUP))
    return "-".join((gemeente.reference_prefix, *groups))
