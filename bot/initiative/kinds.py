"""The codes that a plan's life is written in: what the database keeps, links carry and sentences are found by.

A code never changes; the words that people read stand beside it in ``teksten.toml``
("statusnaam.<status>", "bureau.gebeurd.<change kind>", "bureau.kanaal.<channel>").
"""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """In the order of a plan's life."""

    ONTVANGEN = "ontvangen"
    IN_GESPREK = "in_gesprek"
    BIJ_WIJKTEAM = "bij_wijkteam"
    BIJ_WIJKWETHOUDER = "bij_wijkwethouder"
    BIJ_COLLEGE = "bij_college"
    BUURTDEAL = "buurtdeal"
    IN_UITVOERING = "in_uitvoering"
    AFGEROND = "afgerond"
    DOORVERWEZEN = "doorverwezen"
    AFGEWEZEN = "afgewezen"
    INGETROKKEN = "ingetrokken"
    HEROPEND = "heropend"


class Role(StrEnum):
    """Who does something with a plan."""

    WIJKREGISSEUR = "wijkregisseur"
    COORDINATOR = "coordinator"
    RESIDENT = "resident"
    SYSTEM = "system"


class HolderKind(StrEnum):
    """With whom a plan is."""

    WIJKREGISSEUR = "wijkregisseur"
    WIJKTEAM = "wijkteam"
    WIJKWETHOUDER = "wijkwethouder"
    COLLEGE = "college"
    TEAM = "team"
    """Where nobody has the area."""
    OFFICER = "officer"
    """One person, who took it."""


class ChangeKind(StrEnum):
    """What a line of a plan's history is about."""

    SUBMITTED = "submitted"
    STATUS = "status"
    ADDED = "added"
    """The resident told more; ``before`` says in which way (``AddedBy``)."""
    JUDGED = "judged"
    """The resident agrees with a closing."""
    EVALUATED = "evaluated"
    ERASED = "erased"

    QUESTION = "question"
    TALK = "talk"
    MESSAGE = "message"
    """An officer wrote to the resident from their own mailbox."""
    NOTE = "note"
    DECIDED = "decided"
    """Who may decide about the amount did: ``after`` who, ``decided_on`` when, ``note`` on what ground."""
    DEAL_CHANGED = "deal_changed"
    """``before`` and ``after``: euro."""
    TAKEN = "taken"
    HANDED = "handed"
    RETURNED = "returned"

    UNREACHED = "unreached"
    """News (``about``) did not reach the resident; ``after`` names the other way that it goes, "" for none."""
    UNTOLD = "untold"
    """The next date was moved; the resident could not be told, because nothing reaches them."""
    POSTPONED = "postponed"
    """The resident was told that it takes longer."""
    DECISION_LATE = "decision_late"
    """The resident was told that the decision takes longer."""
    WAITED = "waited"
    """The next date was moved because it is the resident's turn."""
    REMINDED = "reminded"
    """The resident was reminded of a question."""
    CHECKED_IN = "checked_in"
    """The resident was asked how the work goes."""
    ESCALATED = "escalated"
    """The coordinator heard that it is overdue."""


class AddedBy(StrEnum):
    """How something was added to a plan, where not in a chat."""

    EMAIL = "email"
    OFFICER = "officer"
    """An officer noted what the resident said."""


class ChannelName(StrEnum):
    WEB = "web"
    TELEGRAM = "telegram"
    EMAIL = "email"
