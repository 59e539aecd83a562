"""What the pages for signed-in officers ask of the rest of the bot: plain values, labels already in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

Urgency = Literal["red", "orange", "green", "none"]
"""By the working time that is left; "none" for a closed plan."""
Tab = Literal["mij", "bewoner", "anderen", "open", "gesloten"]
FieldKind = Literal["text", "area", "choice", "check"]


class SignInRefused(Exception):  # noqa: N818  (a verdict, not a mistake)
    def __init__(self, code: Literal["wrong", "over", "too_often"]) -> None:
        """``wrong``: another try is possible; ``over``: used, expired or never made; ``too_often``: by this client."""
        super().__init__(code)
        self.code = code


class NotThere(Exception):  # noqa: N818  (a verdict, not a mistake)
    """There is nothing of that name that this officer may see; the two look the same."""


class NotNow(NotThere):
    """An action that is not possible with a plan as it stands; the plan is theirs."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in, as ``config.toml`` knows them now."""

    email: str
    name: str
    role: Literal["wijkregisseur", "coordinator"]
    leads: bool
    """Sees all areas, the figures and the trail."""
    areas: tuple[str, ...]
    """Their own, and those of colleagues for whom they stand in now."""


# -- the work list ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filter of a work list, as typed: what fits nothing is ignored."""

    tab: str = ""
    status: str = ""
    area: str = ""
    text: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    reference: str
    title: str
    place: str
    status: str
    urgency: Urgency
    due: str
    """"nog 2 werkdagen" """
    next_date: str
    holder: str
    amount: str
    waits: str
    """What it waits for, "" where it waits for this officer."""


@dataclass(frozen=True, slots=True)
class TabCount:
    tab: Tab
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class WorkList:
    tab: Tab
    tabs: tuple[TabCount, ...]
    urgent: Mapping[Urgency, int]
    """How many open plans there are of each colour."""
    statuses: tuple[tuple[str, str], ...]
    areas: tuple[str, ...]
    """And the wijken of which there is more than one area."""
    wanted: Wanted
    rows: tuple[Row, ...]
    found: int
    page: int
    pages: int


# -- one plan ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """How the plan stands on one requirement."""

    tone: Literal["good", "todo", "bad", "unknown"]
    label: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one message."""

    tone: Literal["good", "todo", "bad"]
    words: str


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the history."""

    at: str
    who: str
    what: str
    texts: tuple[Fact, ...]
    """What was said, each under its label."""
    internal: bool
    deliveries: tuple[Delivered, ...]


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that can be done with a plan."""

    action: str
    label: str
    suggested: bool = False
    at_once: bool = False
    """Needs no page of its own: there is nothing to fill in."""


@dataclass(frozen=True, slots=True)
class PlanPage:
    reference: str
    title: str
    place: str
    status: str
    status_told: str
    """What the resident reads about this status."""
    urgency: Urgency
    due: str
    facts: tuple[Fact, ...]
    answers: tuple[Fact, ...]
    contact: tuple[Fact, ...]
    reaches: str
    """How the resident hears of what is recorded here."""
    photos: tuple[str, ...]
    """Ids."""
    marks: tuple[Mark, ...]
    marks_told: str
    deciders: tuple[Fact, ...]
    notices: tuple[str, ...]
    """What the officer must know first: a question is open, it was handed over with a reason …"""
    history: tuple[Happened, ...]
    """Newest first."""
    mails: tuple[Delivered, ...]
    """What became of the messages to officers."""
    main: tuple[Deed, ...]
    others: tuple[Deed, ...]
    nonce: str
    """For the deeds that are done at once."""
    seen: int


@dataclass(frozen=True, slots=True)
class Picture:
    mime: str
    data: bytes
    name: str


# -- a form -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: FieldKind
    label: str
    hint: str
    required: bool
    value: str = ""
    problem: str = ""
    options: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    """Groups of (value, label)."""


@dataclass(frozen=True, slots=True)
class Form:
    """What an action asks. ``warning``: why it was not done, where it was not a field."""

    reference: str
    plan_title: str
    place: str
    status: str
    action: str
    title: str
    intro: str
    told: str
    """What the resident will read; "" where they hear nothing."""
    fields: tuple[Field, ...]
    templates: tuple[tuple[str, str], ...]
    """Key and name of the texts that can be started from."""
    template: str
    nonce: str
    seen: int
    deciders: tuple[Fact, ...] = ()
    warning: str = ""

    @property
    def problems(self) -> tuple[Field, ...]:
        return tuple(one for one in self.fields if one.problem)


class FormRefused(Exception):  # noqa: N818  (a verdict, not a mistake)
    """Not done; ``form`` is the same again with what was typed and what is wrong with it."""

    def __init__(self, form: Form, status: Literal[409, 422] = 422) -> None:
        super().__init__(status)
        self.form = form
        self.status = status


# -- the person, the trail ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Absence:
    """The form to be away, filled in."""

    now: str
    """What stands, in words; "" for nothing."""
    since: str
    until: str
    """ISO dates, the first and the last day."""
    deputy: str
    deputies: tuple[tuple[str, str], ...]
    """Address and name of those who can be chosen."""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Me:
    facts: tuple[Fact, ...]
    sessions: str
    absence: Absence | None
    """None: for the team, which is nobody in particular."""


@dataclass(frozen=True, slots=True)
class TrailWanted:
    officer: str = ""
    reference: str = ""
    start: str = ""
    """ISO dates; the first and the last day."""
    end: str = ""


@dataclass(frozen=True, slots=True)
class TrailRow:
    at: str
    who: str
    what: str
    reference: str
    area: str


@dataclass(frozen=True, slots=True)
class TrailPage:
    wanted: TrailWanted
    officers: tuple[tuple[str, str], ...]
    rows: tuple[TrailRow, ...]
    cut: str
    """Said where there is more than is shown."""
    columns: tuple[str, ...] = field(default=())


# -- the figures ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FiguresTable:
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """A line per wijk, the total last; the first cell is the name."""


@dataclass(frozen=True, slots=True)
class FiguresPage:
    year: int
    years: tuple[int, ...]
    """Those that can be chosen, newest first."""
    told: str
    """Of which plans these are the figures, and on which day."""
    tables: tuple[FiguresTable, ...]


class BureauBackend(Protocol):
    """All may raise Unavailable; what takes a plan raises NotThere."""

    async def ask(self, typed: str, client: str, mark: str = "") -> str:
        """Somebody wants to sign in; gives the secret for their browser. Raises SignInRefused."""
        ...

    def mark_of(self, person: Person) -> str:
        """What a browser keeps in which they signed in, to be given with ``ask``."""
        ...

    async def link_works(self, link: str) -> bool: ...

    async def enter_by_link(self, link: str, client: str) -> str:
        """The token of a session. Raises SignInRefused."""
        ...

    async def enter_by_code(self, browser: str, code: str, client: str) -> str:
        """The token of a session. Raises SignInRefused."""
        ...

    async def person(self, token: str) -> Person | None: ...

    async def leave(self, token: str) -> None: ...

    async def leave_everywhere(self, person: Person) -> None: ...

    async def work_list(self, person: Person, wanted: Wanted) -> WorkList: ...

    async def plan_page(self, person: Person, reference: str) -> PlanPage:
        """Notes that this person saw the plan."""
        ...

    async def photo(self, person: Person, photo_id: str) -> Picture: ...

    async def form(self, person: Person, reference: str, action: str, template: str = "") -> Form:
        """Raises NotNow."""
        ...

    async def act(
        self, person: Person, reference: str, action: str, typed: Mapping[str, str], nonce: str, seen: int
    ) -> bool:
        """Do it, once per ``nonce``; whether the plan is still theirs to see. ``seen``: see ``Form``.

        Raises FormRefused.
        """
        ...

    async def me(self, person: Person) -> Me: ...

    async def go_away(self, person: Person, since: str, until: str, deputy: str) -> str:
        """ISO dates; gives what is wrong with them in words, "" where it was noted."""
        ...

    async def come_back(self, person: Person) -> None: ...

    async def trail(self, person: Person, wanted: TrailWanted) -> TrailPage: ...

    async def trail_export(self, person: Person, wanted: TrailWanted, kind: Literal["csv", "json"]) -> str: ...

    async def figures(self, person: Person, year: str) -> FiguresPage:
        """``year`` as typed; this year where it is none."""
        ...

    async def figures_export(self, person: Person, year: str, kind: Literal["csv", "json"]) -> str: ...

    def done(self, action: str) -> str:
        """What is said after an action; "" for an unknown one."""
        ...

    def say(self, key: str, **values: object) -> str: ...

    @property
    def language(self) -> str: ...
