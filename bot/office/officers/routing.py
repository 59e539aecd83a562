"""Who gets the plans of an area: pure, from the officers and the team of ``config.toml``.

An area that nobody has goes to the team, marked as such, so that no plan is without a
reader. ``bot.config`` has the same fields; anything with them will do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.initiative.kinds import Role
from knowledge.language.normalise import fold

UNSET_TEAM = "wijkteam@wijkbot.invalid"
"""Where plans go on a bot that is only tried out (RFC 2606: this domain cannot exist)."""


class Officer(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str | None: ...
    @property
    def telegram(self) -> int | None: ...
    @property
    def role(self) -> str: ...
    @property
    def areas(self) -> Sequence[str]: ...


class Team(Protocol):
    @property
    def emails(self) -> Sequence[str]: ...
    @property
    def telegram(self) -> Sequence[int]: ...


@dataclass(frozen=True, slots=True)
class Recipients:
    emails: tuple[str, ...]
    telegram: tuple[str, ...] = ()
    """Chat ids."""
    is_team: bool = False
    """The area has nobody of its own, and the message says so."""
    absent: tuple[str, ...] = ()
    """Names of officers who would have got it and are away."""


class StandIns(Protocol):
    """Who is away just now (``bot.absence``)."""

    def deputy(self, officer: str) -> str | None:
        """The deputy of an officer (by ``officer_id``) who is away, "" for nobody; None: they are here."""
        ...


class NobodyAway:
    def deputy(self, officer: str) -> str | None:
        return None


class Routing:
    def __init__(
        self, officers: Sequence[Officer], team: Team, *, telegram: bool = True, absences: StandIns | None = None
    ) -> None:
        """``telegram``: whether that channel is on; else a chat is nobody who could read a plan."""
        self._officers = tuple(officers)
        self._team = team
        self._telegram = telegram
        self._absences = absences or NobodyAway()

    def recipients(self, area: str, handler: str = "") -> Recipients:
        """Who took the plan, else the officers of its area, the team, or the coordinators; never nobody.

        Deputies stand in for those who are away. Where that leaves nobody, the coordinators come first.
        """
        taken = self._of([one for one in self._officers if self._took(one, handler)], is_team=False)
        if taken.emails:
            return taken
        mine = [officer for officer in self._officers if officer.role != Role.COORDINATOR and _has(officer, area)]
        team = Recipients(_distinct(self._team.emails), self._chats(self._team.telegram), is_team=True)
        absent = tuple(officer.name for officer in mine)
        if mine:  # all away, or the first choice would do
            covering = (replace(self._leads(is_team=False), absent=absent), replace(team, is_team=False, absent=absent))
        else:
            covering = (team, self._leads(is_team=True))
        choices = (self._of(mine, is_team=False), *covering, self._as_they_are(mine))
        return next((found for found in choices if found.emails or found.telegram), Recipients((UNSET_TEAM,), (), True))

    def escalation(self) -> Recipients:
        """Who hears of what is long overdue: the coordinators, else the team; never nobody."""
        team = Recipients(_distinct(self._team.emails), self._chats(self._team.telegram), is_team=True)
        leads = [officer for officer in self._officers if officer.role == Role.COORDINATOR]
        choices = (self._leads(is_team=False), team, self._as_they_are(leads))
        return next((found for found in choices if found.emails or found.telegram), Recipients((UNSET_TEAM,), (), True))

    def in_place_of(self, identity: str) -> Recipients:
        """Who reads what goes to this person by name: their deputy while they are away, else the coordinators."""
        officer = self.officer(identity)
        if officer is None:
            return Recipients((identity,))
        acting = self.stand_in(officer)
        if acting is not None and acting.email:
            return self._of([officer], is_team=False)
        return replace(self.escalation(), absent=(officer.name,))

    def stands_in_for(self, identity: str) -> tuple[Officer, ...]:
        """The officers who are away and whose work this person does now."""
        mine = self.officer(identity)
        return tuple(
            one
            for one in self._officers
            if mine is not None and one is not mine and self.is_away(one) and self.stand_in(one) is mine
        )

    def is_away(self, officer: Officer) -> bool:
        return self._absences.deputy(officer_id(officer)) is not None

    def officer(self, identity: str) -> Officer | None:
        """The officer with this e-mail address or Telegram chat id."""
        wanted = fold(identity)
        for officer in self._officers:
            if wanted and wanted in (fold(officer.email or ""), str(officer.telegram or "")):
                return officer
        return None

    def may_act(self, identity: str, area: str) -> bool:
        """Whether this person may change a plan of an area: an officer of it, a coordinator, or the team.

        Asked again when a link is used: who is taken out of ``config.toml`` can do nothing with old mail.
        """
        officer = self.officer(identity)
        if officer is not None and (officer.role == Role.COORDINATOR or _has(officer, area)):
            return True
        recipients = self.recipients(area)
        return fold(identity) in {fold(email) for email in recipients.emails} or identity in recipients.telegram

    def handles(self, identity: str, handler: str) -> bool:
        """Whether this person is the officer who took a plan, or stands in for that one.

        Nobody is, once taken out of ``config.toml``.
        """
        officer = self.officer(identity) if handler else None
        own = officer is not None and self._took(officer, handler)
        return own or any(self._took(one, handler) for one in self.stands_in_for(identity))

    def has_officer(self, area: str) -> bool:
        """Whether plans of an area reach somebody for it; else the team has them."""
        return not self.recipients(area).is_team

    def officer_named(self, name: str) -> Officer | None:
        return next((officer for officer in self._officers if name and fold(officer.name) == fold(name)), None)

    def name_of(self, identity: str) -> str:
        """Of who does the work of this officer now; "" where that is nobody."""
        officer = self.officer(identity)
        acting = self.stand_in(officer) if officer is not None else None
        return acting.name if acting is not None else ""

    def desk_address(self, typed: str) -> str:
        """The configured e-mail address that was meant, with which somebody may sign in at the desk; "" for none."""
        known = (officer.email for officer in self._officers if officer.email)
        return next((email for email in (*known, *self._team.emails) if fold(email) == fold(typed.strip())), "")

    @property
    def desk_addresses(self) -> tuple[str, ...]:
        """Of everybody who can sign in."""
        return _distinct([*(officer.email for officer in self._officers if officer.email), *self._team.emails])

    @property
    def colleagues(self) -> tuple[Officer, ...]:
        """The officers who can sign in, and so can be handed a plan."""
        return tuple(officer for officer in self._officers if officer.email)

    def leads(self, identity: str) -> bool:
        """Whether this person is a coordinator; where none is set, the team is."""
        officer = self.officer(identity)
        if officer is not None:
            return officer.role == Role.COORDINATOR
        has_lead = any(one.role == Role.COORDINATOR and one.email for one in self._officers)
        return not has_lead and bool(self.desk_address(identity))

    def role(self, identity: str) -> str:
        """The role in which this person acts; the team acts as coordinator."""
        officer = self.officer(identity)
        return officer.role if officer is not None else Role.COORDINATOR

    def _took(self, officer: Officer, handler: str) -> bool:
        return bool(handler and officer.email) and fold(officer.email or "") == fold(handler)

    def _leads(self, *, is_team: bool) -> Recipients:
        return self._of([one for one in self._officers if one.role == Role.COORDINATOR], is_team=is_team)

    def _of(self, officers: Sequence[Officer], *, is_team: bool) -> Recipients:
        """Those of them who are here, and the deputies of the others."""
        here = [found for one in officers if (found := self.stand_in(one)) is not None]
        absent = tuple(one.name for one in officers if self.is_away(one))
        return replace(self._as_they_are(here), is_team=is_team, absent=absent)

    def _as_they_are(self, officers: Sequence[Officer]) -> Recipients:
        emails = _distinct(officer.email for officer in officers if officer.email)
        return Recipients(emails, self._chats(officer.telegram for officer in officers))

    def stand_in(self, officer: Officer) -> Officer | None:
        """Who does the work of an officer now, themselves if they are here; None where deputies lead nowhere."""
        passed: set[str] = set()
        while (deputy := self._absences.deputy(officer_id(officer))) is not None:
            passed.add(officer_id(officer))
            following = self.officer(deputy)
            if following is None or officer_id(following) in passed:
                return None
            officer = following
        return officer

    def _chats(self, chats: Iterable[int | None]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(str(chat) for chat in chats if chat)) if self._telegram else ()

    def without_officer(self, areas: Iterable[str]) -> tuple[str, ...]:
        """The areas whose plans go to the team, for the operator's banner."""
        return tuple(area for area in areas if not self.has_officer(area))


def officer_id(officer: Officer) -> str:
    """How an officer is named in the database: the e-mail address, else the Telegram chat id."""
    return fold(officer.email) if officer.email else str(officer.telegram or "")


def _has(officer: Officer, area: str) -> bool:
    return bool(area) and fold(area) in {fold(own) for own in officer.areas}


def _distinct(emails: Iterable[str]) -> tuple[str, ...]:
    """Each address once, however it was written."""
    return tuple({fold(email): email for email in reversed(list(emails))}.values())[::-1]
