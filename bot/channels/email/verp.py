"""The envelope sender of a mail tells which message of the outbox it was: ``bounces+b17-6a1f…-…@domain``.

A report about a mail that came back goes to its envelope sender (RFC 5321, 3.6.3 and 4.4),
whatever it quotes of the mail itself. An address per message is known as VERP. The moment
in it tells a message that was tried anew from what it was before.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime

from bot.channels.email.message import mailbox

SIGNS = 16
"""80 bits: too many to guess, and the local part stays within its 64 octets (RFC 5321, 4.5.3.1.1)."""
LONGEST_LOCAL = 64 - len("+b--") - 16 - 8 - SIGNS
"""What is left of a local part beside the largest id of a database, a moment and the signature."""
TOKEN = re.compile(rf"(?P<id>[1-9a-f][0-9a-f]{{0,15}})-(?P<since>[0-9a-f]{{8}})-(?P<sign>[a-z2-7]{{{SIGNS}}})")


@dataclass(frozen=True, slots=True)
class Sending:
    """A message, and the second from which it is being sent: ``wijkbot outbox retry`` begins another sending."""

    message_id: int
    since: int

    @classmethod
    def of(cls, message_id: int, created_at: datetime) -> Sending:
        return cls(message_id, int(created_at.timestamp()))


class ReturnAddresses:
    def __init__(self, address: str, secret: str) -> None:
        """``address``: where bounces are read. ``secret``: that of the links. Raises BadAddress."""
        parsed = mailbox("", address)
        self._local, self.domain = parsed.username, parsed.domain
        self._secret = secret.encode()

    def of(self, sending: Sending) -> str:
        return f"{self._local}+b{sending.message_id:x}-{sending.since:08x}-{self._sign(sending)}@{self.domain}"

    def read(self, address: str) -> Sending | None:
        """The sending that an address was made for; None: it is not one of ours."""
        local, _, domain = address.lower().rpartition("@")
        prefix = f"{self._local}+b".lower()
        token = TOKEN.fullmatch(local.removeprefix(prefix))
        if token is None or not local.startswith(prefix) or domain != self.domain.lower():
            return None
        sending = Sending(int(token["id"], 16), int(token["since"], 16))
        return sending if hmac.compare_digest(token["sign"], self._sign(sending)) else None

    def _sign(self, sending: Sending) -> str:
        # Base32 in small letters, because some servers change the case of an address.
        mac = hmac.digest(self._secret, f"wijkbot.bounce:{sending.message_id}:{sending.since}".encode(), hashlib.sha256)
        return base64.b32encode(mac).decode("ascii").lower()[:SIGNS]
