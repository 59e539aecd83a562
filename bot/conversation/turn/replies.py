"""What the bot says and what must happen with it: replies and effects in a turn.

Replies are channel-neutral: plain text with line breaks and lines that start with "- "
for lists, and choices that a channel draws as buttons. Effects are requests to the
service, carried out in the same transaction that stores the new state.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bot.conversation.turn.state import State
    from bot.initiative.draft import PlanDraft

MAX_CHOICE_DATA = 64
"""Bytes of UTF-8. Telegram's limit for callback_data, held for every channel."""


Role = Literal["main", "other", "stop", "more", "up", "down"]
"""What a button is for: a channel draws the main action, stopping and the thumbs each in its own way."""

_ROLES: Mapping[str, Role] = {"c:stop": "stop", "c:terug": "stop", "w:plan": "main", "c:hervat": "main"}
_PREFIXES: Mapping[str, Role] = {"m:": "more", "f:up:": "up", "f:down:": "down", "h:add:": "main"}
_PLAN_ON = re.compile(r"s:plan:\w+:(?:ja|klaar|verder)")
"""In the plan form: yes, enough, go on."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button. ``data`` comes back in ``Pressed``; with ``url`` it opens a page instead."""

    label: str
    data: str = ""
    url: str = ""

    @property
    def role(self) -> Role:
        """Read from ``data``, so that buttons that were stored before have one too."""
        if _PLAN_ON.fullmatch(self.data):
            return "main"
        if self.data in _ROLES:
            return _ROLES[self.data]
        return next((role for start, role in _PREFIXES.items() if self.data.startswith(start)), "other")


Wanted = Literal["location", "photo", "email", "telephone"]


@dataclass(frozen=True, slots=True)
class Reply:
    text: str
    """The core: two or three sentences."""
    choices: tuple[Choice, ...] = ()
    footer: str = ""
    """Source and date of an answer, drawn smaller where the channel can."""
    more: str = ""
    """What "Meer lezen" opens. A channel that cannot fold it gives the choice of role "more" instead."""
    hint: str = ""
    """What the text field invites to, e.g. "Typ uw postcode"."""
    progress: tuple[int, int] | None = None
    """Which question of how many, to be drawn; the text says it too."""
    to_keep: bool = False
    """Something to copy or print, such as a receipt."""
    wants: frozenset[Wanted] = frozenset()
    """What the resident may hand in next: a channel shows its location or photo control."""
    language: str = "nl"
    topic: str = ""
    """Id of the topic that this reply answers with, for tests and figures; "" for the bot's own sentences."""


@dataclass(frozen=True, slots=True)
class SubmitPlan:
    """The resident confirmed: store the plan under ``reference`` and route it to ``area``."""

    reference: str
    draft: PlanDraft
    language: str


@dataclass(frozen=True, slots=True)
class AddToPlan:
    reference: str
    text: str = ""
    photo: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawPlan:
    reference: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class JudgeOutcome:
    """The resident says whether they agree with "afgerond" or "afgewezen"."""

    reference: str
    agreed: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Evaluate:
    """A score of 1 to 5 and an optional remark after completion."""

    reference: str
    score: int
    remark: str = ""


@dataclass(frozen=True, slots=True)
class MailReceipt:
    """The resident wants it in writing: reference, who has the plan and by when they hear, to this address."""

    reference: str
    email: str


@dataclass(frozen=True, slots=True)
class ContinueElsewhere:
    """The resident asked for a link or code to go on in another channel."""


@dataclass(frozen=True, slots=True)
class JoinWithCode:
    """The resident came in with a code made in another channel: join that conversation's plans here."""

    code: str


@dataclass(frozen=True, slots=True)
class DropPhotos:
    """Photos of a draft that is thrown away or that the resident took out."""

    photos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EraseEverything:
    """/privacy: erase all that is kept of this resident, at once."""


@dataclass(frozen=True, slots=True)
class NoteUnanswered:
    """A question asked in vain, personal data masked already."""

    question: str
    language: str


@dataclass(frozen=True, slots=True)
class RateAnswer:
    """Thumbs up or down under an answer; ``question`` has personal data masked."""

    topic: str
    question: str
    good: bool
    language: str


Effect = (
    SubmitPlan
    | AddToPlan
    | WithdrawPlan
    | JudgeOutcome
    | Evaluate
    | MailReceipt
    | ContinueElsewhere
    | JoinWithCode
    | DropPhotos
    | EraseEverything
    | NoteUnanswered
    | RateAnswer
)


@dataclass(frozen=True, slots=True)
class Turn:
    """The outcome of one event: the state to store, what to say, what to do."""

    state: State
    replies: tuple[Reply, ...]
    effects: tuple[Effect, ...] = ()
