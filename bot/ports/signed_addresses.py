"""Addresses that the bot makes and signs: what comes in at them says by itself what it is about.

The envelope sender of a mail tells which message of the outbox it was: ``bounces+b17-6a1f…-…@domain``.

A report about a mail that came back goes to its envelope sender (RFC 5321, 3.6.3 and 4.4),
whatever it quotes of the mail itself. An address per message is known as VERP. The moment
in it tells a message that was tried anew from what it was before.

The Reply-To of a mail to a resident tells which plan it is about: ``bounces+rhv-7km-…-…@domain``.
The Reply-To of a mail to an officer tells which plan and which officer: ``bounces+ohv-7km-…-…@domain``.
None can stand for another: each kind is signed as what it is.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.ports.mail import mailbox

SIGNS = 16
"""80 bits: too many to guess, and the local part stays within its 64 octets (RFC 5321, 4.5.3.1.1)."""
LONGEST_LOCAL = 64 - len("+b--") - 16 - 8 - SIGNS
"""What is left of a local part beside the largest id of a database, a moment and the signature."""
TOKEN = re.compile(rf"(?P<id>[1-9a-f][0-9a-f]{{0,15}})-(?P<since>[0-9a-f]{{8}})-(?P<sign>[a-z2-7]{{{SIGNS}}})")

PLAN = re.compile(rf"(?P<reference>[a-z0-9]+(?:-[a-z0-9]+)*)-(?P<sign>[a-z2-7]{{{SIGNS}}})")


@dataclass(frozen=True, slots=True)
class Sending:
    """A message, and the second from which it is being sent: ``wijkbot outbox retry`` begins another sending."""

    message_id: int
    since: int

    @classmethod
    def of(cls, message_id: int, created_at: datetime) -> Sending:
        return cls(message_id, int(created_at.timestamp()))


class SignedAddresses:
    """One mailbox with a part per kind of thing behind a plus sign, and a signature over both."""

    kind = ""
    """What is signed."""
    mark = ""
    """One letter, so that nobody has to try each signature."""
    token: re.Pattern[str]
    """What stands between the mark and the domain; its group "sign" is the signature."""

    def __init__(self, address: str, secret: str) -> None:
        """``address``: where mail is read. ``secret``: that of the links. Raises BadAddress."""
        parsed = mailbox("", address)
        self._local, self.domain = parsed.username, parsed.domain
        self._secret = secret.encode()

    def _made(self, written: str, signed: str) -> str:
        return f"{self._local}+{self.mark}{written}-{self._sign(signed)}@{self.domain}"

    def _read(self, address: str) -> re.Match[str] | None:
        """Of an address that has our form; who signed it is not looked at yet."""
        local, _, domain = address.lower().rpartition("@")
        prefix = f"{self._local}+{self.mark}".lower()
        token = self.token.fullmatch(local.removeprefix(prefix))
        return token if token and local.startswith(prefix) and domain == self.domain.lower() else None

    def _is_ours(self, token: re.Match[str], signed: str) -> bool:
        return hmac.compare_digest(token["sign"], self._sign(signed))

    def _sign(self, signed: str) -> str:
        # Base32 in small letters, because some servers change the case of an address.
        mac = hmac.digest(self._secret, f"wijkbot.{self.kind}:{signed}".encode(), hashlib.sha256)
        return base64.b32encode(mac).decode("ascii").lower()[:SIGNS]


class ReturnAddresses(SignedAddresses):
    kind, mark, token = "bounce", "b", TOKEN

    def of(self, sending: Sending) -> str:
        return self._made(f"{sending.message_id:x}-{sending.since:08x}", _signed(sending))

    def read(self, address: str) -> Sending | None:
        """The sending that an address was made for; None: it is not one of ours."""
        token = self._read(address)
        if token is None:
            return None
        sending = Sending(int(token["id"], 16), int(token["since"], 16))
        return sending if self._is_ours(token, _signed(sending)) else None


class ReplyAddresses(SignedAddresses):
    """Who has such an address can add to the plan, so only the mail to its resident carries it."""

    kind, mark, token = "reply", "r", PLAN

    def of(self, reference: str) -> str:
        return self._made(reference.lower(), reference.upper())

    def read(self, address: str) -> str | None:
        """The reference of the plan that an address was made for, in capitals; None: it is not one of ours."""
        token = self._read(address)
        if token is None:
            return None
        reference = token["reference"].upper()
        return reference if self._is_ours(token, reference) else None


class OfficerAddresses(SignedAddresses):
    """Of one plan and one officer: what that officer sends there goes to the resident in their name."""

    kind, mark, token = "officer", "o", PLAN

    def of(self, reference: str, officer: str) -> str:
        return self._made(reference.lower(), _of_officer(reference, officer))

    def read(self, address: str, officers: Iterable[str]) -> tuple[str, str] | None:
        """The plan, and which of these officers it was made for; None: it is not one of ours."""
        token = self._read(address)
        if token is None:
            return None
        reference = token["reference"].upper()
        found = (one for one in officers if self._is_ours(token, _of_officer(reference, one)))
        officer = next(found, None)
        return (reference, officer) if officer is not None else None


def _of_officer(reference: str, officer: str) -> str:
    return f"{reference.upper()}:{officer.strip().casefold()}"


def _signed(sending: Sending) -> str:
    return f"{sending.message_id}:{sending.since}"
