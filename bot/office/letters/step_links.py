"""The steps of an officer with one tap: each a page that asks to confirm, behind a link of their own.

In a chat a button opens that page where a phone can: a bot on an address of this machine
only asks in the chat instead (``bot.desk.chat.officer_chat``).
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.turn.replies import Choice
from bot.office.letters.voice import Voice
from bot.office.officers.links import PLAN_LINK, Links
from bot.ports.addresses import STEP


@dataclass(frozen=True, slots=True)
class StepPages:
    links: Links
    public_url: str
    """Of the bot's web server, without a slash at the end."""

    def url(self, reference: str, status: str, officer: str) -> str:
        """``officer``: e-mail address or chat id of who may use it."""
        return f"{self.public_url}{STEP}{self.links.make(PLAN_LINK, reference, status, officer)}"


def step_button(voice: Voice, reference: str, status: str, chat: str, pages: StepPages | None) -> Choice:
    """Of a step, in an officer's chat; ``pages``: None where they cannot be opened from there."""
    label = voice.say(f"ambtenaar.stap.{status}")
    if pages is None:
        return Choice(label, f"o:{status}:{reference}")
    return Choice(label, url=pages.url(reference, status, chat))
