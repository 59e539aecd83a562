"""The envelope sender of a mail tells which message of the outbox it was: ``bounces+b17-…@domain``.

A report about a mail that came back goes to its envelope sender (RFC 5321, 3.6.3 and 4.4),
whatever it quotes of the mail itself. An address per message is known as VERP.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from bot.channels.email.message import mailbox

SIGNS = 16
"""80 bits: too many to guess, and the local part stays within its 64 octets (RFC 5321, 4.5.3.1.1)."""
LONGEST_LOCAL = 64 - len("+b-") - 19 - SIGNS
"""What is left of a local part beside the largest id of a database and its signature."""
TOKEN = re.compile(rf"(?P<id>[1-9][0-9]{{0,18}})-(?P<sign>[a-z2-7]{{{SIGNS}}})")


class ReturnAddresses:
    def __init__(self, address: str, secret: str) -> None:
        """``address``: where bounces are read. ``secret``: that of the links. Raises BadAddress."""
        parsed = mailbox("", address)
        self._local, self.domain = parsed.username, parsed.domain
        self._secret = secret.encode()

    def of(self, message_id: int) -> str:
        return f"{self._local}+b{message_id}-{self._sign(message_id)}@{self.domain}"

    def read(self, address: str) -> int | None:
        """The message that an address was made for; None: it is not one of ours."""
        local, _, domain = address.lower().rpartition("@")
        prefix = f"{self._local}+b".lower()
        token = TOKEN.fullmatch(local.removeprefix(prefix))
        if token is None or not local.startswith(prefix) or domain != self.domain.lower():
            return None
        message_id = int(token["id"])
        return message_id if hmac.compare_digest(token["sign"], self._sign(message_id)) else None

    def _sign(self, message_id: int) -> str:
        # Base32 in small letters, because some servers change the case of an address.
        mac = hmac.digest(self._secret, f"wijkbot.bounce:{message_id}".encode(), hashlib.sha256)
        return base64.b32encode(mac).decode("ascii").lower()[:SIGNS]
