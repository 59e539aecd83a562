"""People who use Telegram: what they do becomes an update in the server's queue."""

from __future__ import annotations

from itertools import count
from typing import Any

from tests.botapi.server import BOT_USER, NOW, BotApiServer

_updates = count(500_001)
_messages = count(1)


class Person:
    """Somebody in a chat with the bot; ``chat`` below zero is a group."""

    def __init__(self, server: BotApiServer, chat: int, *, user: int = 0, language: str = "nl") -> None:
        self.server, self.chat = server, chat
        self.user: dict[str, Any] = {
            "id": user or abs(chat),
            "is_bot": False,
            "first_name": "Proef",
            "last_name": "Bewoner",
            "language_code": language,
        }

    def update(self, **content: Any) -> dict[str, Any]:
        return {"update_id": next(_updates), **content}

    def message(self, **content: Any) -> dict[str, Any]:
        return {"message_id": next(_messages), "date": NOW, "chat": self.place, "from": self.user, **content}

    @property
    def place(self) -> dict[str, Any]:
        if self.chat < 0:
            return {"id": self.chat, "type": "supergroup", "title": "Proefgroep"}
        return {"id": self.chat, "type": "private", "first_name": "Proef"}

    def send(self, **content: Any) -> int:
        """A message with this content."""
        return self.server.add(self.update(message=self.message(**content)))

    def say(self, text: str, **content: Any) -> int:
        return self.send(text=text, **content)

    def edit(self, **content: Any) -> int:
        return self.server.add(self.update(edited_message=self.message(edit_date=NOW + 5, **content)))

    def press(self, data: str, *, message: int = 1, stale: bool = False, inaccessible: bool = False) -> int:
        """A button under message ``message``; ``stale``: the query can no longer be answered."""
        update = self.update()
        query = f"q{update['update_id']}"
        if not stale:
            self.server.queries.add(query)
        under: dict[str, Any] = {"message_id": message, "date": 0 if inaccessible else NOW, "chat": self.place}
        if not inaccessible:
            under |= {"from": BOT_USER, "text": "?"}
        update["callback_query"] = {
            "id": query,
            "from": self.user,
            "chat_instance": "1",
            "data": data,
            "message": under,
        }
        return self.server.add(update)

    def photo(self, data: bytes, caption: str = "", **content: Any) -> int:
        """A photo in two sizes; only the larger one holds ``data``."""
        file_id = f"photo{len(self.server.files)}"
        self.server.files[file_id] = data
        sizes = [
            {"file_id": name, "file_unique_id": f"u{name}", "width": side, "height": side, "file_size": size}
            for name, side, size in ((f"{file_id}s", 90, 900), (file_id, 900, len(data)))
        ]
        return self.send(photo=sizes, **({"caption": caption} if caption else {}), **content)

    def file(self, data: bytes, mime: str, size: int | None = None, **content: Any) -> int:
        file_id = f"file{len(self.server.files)}"
        self.server.files[file_id] = data
        document = {"file_id": file_id, "file_unique_id": f"u{file_id}", "mime_type": mime, "file_name": "bestand"}
        return self.send(document=document | {"file_size": len(data) if size is None else size}, **content)

    def member(self, old: str, new: str) -> int:
        """The bot's own membership changed, e.g. "member" to "kicked"."""
        before, after = (
            {"status": status, "user": self.server.me} | ({"until_date": 0} if status == "kicked" else {})
            for status in (old, new)
        )
        change = {"chat": self.place, "from": self.user, "date": NOW}
        change |= {"old_chat_member": before, "new_chat_member": after}
        return self.server.add(self.update(my_chat_member=change))
