"""Links and codes that work once."""

from __future__ import annotations

import hashlib
from datetime import datetime

from storage.models import Conversation, JoinCode, UsedLink
from storage.tables.repository import Repository, insert_new


class UsedLinks(Repository):
    async def use(self, token_id: str, now: datetime) -> bool:
        """Use up a link; False: it was used before."""
        return await insert_new(self._session, UsedLink, {"token_id": token_id, "used_at": now})

    async def was_used(self, token_id: str) -> bool:
        return await self._session.get(UsedLink, token_id) is not None


class JoinCodes(Repository):
    async def keep(self, code: str, conversation_id: str, expires_at: datetime) -> None:
        values = {"code_hash": _hash(code), "conversation_id": conversation_id, "expires_at": expires_at}
        await insert_new(self._session, JoinCode, values)

    async def take(self, code: str, now: datetime) -> Conversation | None:
        """The conversation that made this code; it works once and until it expires."""
        kept = await self._session.get(JoinCode, _hash(code), with_for_update=True)
        if kept is None:
            return None
        await self._session.delete(kept)
        await self._session.flush()
        return await self._session.get(Conversation, kept.conversation_id) if kept.expires_at > now else None


def _hash(code: str) -> str:
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
