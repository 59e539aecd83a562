"""Where a conversation stands, and what the record knows of the resident.

``State`` is stored as JSON with each event. Fields may be added with a default at any
time; a field is renamed or removed only by raising ``VERSION`` and migrating in
``State.load``, because half-finished plans must survive an upgrade.
"""

from __future__ import annotations

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
    criteria: dict[str, str] = Field(default_factory=dict)
    if_yes: str = ""
    """With ``if_no``: the ``Choice.data`` that a typed yes or no stands for, in the very next message."""
    if_no: str = ""
    doubted: str = ""
    """Typed at a question of the plan form, and perhaps a question itself: the resident was asked which."""
    misses: int = 0
    """Fallbacks in a row: after two, a person is offered."""

    def to_json(self) -> str:
        return self.model_dump_json(exclude_defaults=True)

    @classmethod
    def load(cls, text: str) -> State:
        return cls.model_validate_json(text or "{}")
