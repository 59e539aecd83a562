"""What the bot says and what must happen with it: replies and effects in a turn.

Replies are channel-neutral: plain text with line breaks and lines that start with "- "
for lists, and choices that a channel draws as buttons. Effects are requests to the
service, carried out in the same transaction that stores the new state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bot.conversation.turn.state import State
    from bot.initiative.draft import PlanDraft

MAX_CHOICE_DATA = 64
"""Bytes of UTF-8. Telegram's limit for callback_data, held for every channel."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button. ``data`` comes back in ``Pressed``; with ``url`` it opens a page instead."""

    label: str
    data: str = ""
    url: str = ""


Wanted = Literal["location", "photo", "email", "telephone"]


@dataclass(frozen=True, slots=True)
class Reply:
    text: str
    choices: tuple[Choice, ...] = ()
    footer: str = ""
    """Source and date of an answer, drawn smaller where the channel can."""
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
