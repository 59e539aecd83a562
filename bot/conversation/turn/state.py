"""Where a conversation stands, and what the record knows of the resident.

``State`` is stored as JSON with each event. Fields may be added with a default at any
time; a field is renamed or removed only by raising ``VERSION`` and migrating in
``State.load``, because half-finished plans must survive an upgrade.
"""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from bot.initiative.draft import Frozen, PlanDraft

VERSION = 1


class Walk(Frozen):
    """A form in progress: which one, at which step, how to go back."""

    kind: str
    """"plan", "criteria", "wijk", "add", "withdraw", "judge", "evaluate" …"""
    step: str
    trail: tuple[str, ...] = ()
    """Steps walked before, newest last."""
    changing: bool = False
    """One answer is being changed from the summary: go back there after it."""
    reference: str = ""


class Held(Frozen):
    """What a resident sent that may belong to a plan: kept whole until they say where it goes."""

    text: str = ""
    photos: tuple[str, ...] = ()
    reference: str = ""
    """The plan whose news it follows; "" where that is not known yet."""
    for_plan: bool = False
    """It goes with the plan that they are about to make."""


class State(Frozen):
    version: int = VERSION
    language: str = ""
    """"" until noticed or chosen."""
    language_chosen: bool = False
    greeted: bool = False
    wijk: str = ""
    area: str = ""
    postcode: str = ""
    topic: str = ""
    """The topic answered last, for "en in Zuid?"."""
    topic_wijk: str = ""
    """The wijk that the last answer was about, where that is not the resident's own."""
    topic_area: str = ""
    question: str = ""
    """The question answered last, personal data masked, for the thumbs under the answer."""
    pending_topic: str = ""
    """The topic to answer once the wijk is known."""
    offered: tuple[str, ...] = ()
    """Topics of the last choice; free text "de eerste" picks from them."""
    walk: Walk | None = None
    paused: Walk | None = None
    """The form that a small one (``/wijk`` in the middle of a plan) interrupted; it goes on after that."""
    draft: PlanDraft | None = None
    wish: PlanDraft | None = None
    """What was read in a wish that is no plan yet: it was offered to bring it to the wijkregisseur."""
    wish_asked: bool = False
    """That was offered in the turn before: what is typed now may add to it."""
    criteria: dict[str, str] = Field(default_factory=dict)
    if_yes: str = ""
    """With ``if_no``: the ``Choice.data`` that a typed yes or no stands for, in the very next message."""
    if_no: str = ""
    doubted: str = ""
    """Typed at a question of the plan form, and perhaps a question itself: the resident was asked which."""
    alarm: str = ""
    """The danger of the last alarm, until the resident chooses to go on: nothing typed goes into a form."""
    since_alarm: int = 0
    """Messages after it."""
    misses: int = 0
    """Fallbacks in a row: after two, a person is offered."""
    idle: int = 0
    """Turns since the last answer: what it was about is forgotten after some (``memory.LASTS``)."""
    amount: int | None = None
    """Euro named in one of the last turns, e.g. for "wie beslist daarover?"."""
    next_best: tuple[str, ...] = ()
    """Topics that the last question may have meant instead."""
    offer: str = ""
    """``Choice.data`` of what the last bubble offers: "graag" takes it."""
    said: str = ""
    """Tells whether a bubble is the same as the last one."""
    told: tuple[str, ...] = ()
    """What is said once in a conversation, and was."""
    held: Held | None = None
    met_at: datetime | None = None
    """Moment of the last event: what came about a plan since is news."""

    def to_json(self) -> str:
        return self.model_dump_json(exclude_defaults=True)

    @classmethod
    def load(cls, text: str) -> State:
        return cls.model_validate_json(text or "{}")
