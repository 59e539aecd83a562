"""Where a conversation stands, and what the record knows of the resident.

``State`` is stored as JSON with each event. Fields may be added with a default at any
time; a field is renamed or removed only by raising ``VERSION`` and migrating in
``State.load``, because half-finished plans must survive an upgrade.
"""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

VERSION = 1
MAX_PHOTOS = 5


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class PlanDraft(Frozen):
    """A plan as far as it has been told. Nothing of it is required until it is confirmed."""

    title: str = ""
    what: str = ""
    wijk: str = ""
    area: str = ""
    """Working area of the wijkregisseur (``gebieden.csv``), e.g. "Oost 1221"."""
    postcode: str = ""
    when: str = ""
    amount: int | None = None
    """Euro; the upper bound of a range. None: not known yet."""
    amount_text: str = ""
    """As the resident wrote it."""
    own_share: str = ""
    support: str = ""
    photos: tuple[str, ...] = ()
    name: str = ""
    by_chat: bool = False
    email: str = ""
    telephone: str = ""
    consent_at: datetime | None = None
    started_at: datetime | None = None
    criteria: dict[str, str] = Field(default_factory=dict)
    """Answers of the criteria walk, question id to choice id (or euro), where it was done."""
    door: str = ""


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


class PlanStage(Frozen):
    """One line of a plan's timeline as a resident may see it."""

    at: datetime
    status: str
    reason: str = ""


class Told(Frozen):
    """Something that the resident wrote about a plan that was sent in."""

    at: datetime
    text: str = ""
    mark: int | None = None
    """From 1 to 5, where it was asked how it went."""


class PlanView(Frozen):
    """A submitted plan of this resident, for ``/status``."""

    reference: str
    title: str
    wijk: str
    status: str
    """A key of ``initiative.STATUSES``."""
    holder: str
    """Who has it now, as shown: a name or a role."""
    next_date: date | None = None
    stages: tuple[PlanStage, ...] = ()
    open_question: str = ""
    """What the officer asked and the resident has not answered yet."""
    may_judge: bool = False
    """Closed, and the term to disagree still runs."""
    reopened_until: date | None = None
    """Its next date, where the resident who does not agree opens it again now."""
    may_evaluate: bool = False
    draft: PlanDraft | None = None
    """Everything that was sent in, for "alles bekijken"."""
    told_later: tuple[Told, ...] = ()
    """What the resident wrote about it since, for the same."""


class ThermometerView(Frozen):
    """What was promised in a year to plans of one wijk that came through the bot; only public plans by title.

    Not what is left: plans that came another way are not known here.
    """

    year: int
    promised: int
    plans: tuple[tuple[str, int], ...] = ()


class Record(Frozen):
    """What storage knows about this resident when an event comes in."""

    plans: tuple[PlanView, ...] = ()
    kept: dict[str, int] = Field(default_factory=dict)
    """Counts of what is stored: "berichten", "fotos", "plannen" …"""
    thermometers: dict[str, ThermometerView] = Field(default_factory=dict)
    """By wijk."""
    with_team: bool = False
    """The plan in the making goes to the team, because nobody is set for its area."""
    join_code: str = ""
    join_links: tuple[str, ...] = ()
    """Other channels, each opened with that code."""
