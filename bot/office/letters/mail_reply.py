"""How a resident can answer a mail about their plan, as that mail tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.office.letters.voice import Voice
from bot.ports.letter import Button, LetterSection

ByMail = Literal["plan", "officer", "nobody"]
"""Where an answer by mail arrives: in the plan, in an officer's own mailbox, or not at all."""
SAID = {"plan": "antwoorden_plan", "officer": "antwoorden", "nobody": "bellen"}


@dataclass(frozen=True, slots=True)
class Answering:
    by_mail: ByMail
    chat: str = ""
    """Address of the web chat where they sent it in, "" where it is no use to them."""

    @property
    def can_reply(self) -> bool:
        return self.by_mail != "nobody"

    def section(self, voice: Voice, *before: str, reference: str, button: str = "") -> LetterSection:
        """What happens next, and how they can answer; ``button``: how that to the chat is called."""
        told = [*before, voice.say(f"mail_bewoner.{SAID[self.by_mail]}", kenmerk=reference)]
        buttons: tuple[Button, ...] = ()
        if button and self.chat:
            told.append(voice.say("mail_bewoner.antwoorden_chat"))
            buttons = (Button(button, self.chat, primary=True),)
        told.append(voice.say("mail_bewoner.groet"))
        return LetterSection(voice.say("mail_bewoner.verder"), paragraphs=tuple(told), buttons=buttons)
