"""Who gets the plans of an area: pure, from the officers and the team of ``config.toml``.

An area that nobody has goes to the team, marked as such, so that no plan is without a
reader. ``bot.config`` has the same fields; anything with them will do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from knowledge.normalise import fold

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


class Routing:
    def __init__(self, officers: Sequence[Officer], team: Team, *, telegram: bool = True) -> None:
        """``telegram``: whether that channel is on; else a chat is nobody who could read a plan."""
        self._officers = tuple(officers)
        self._team = team
        self._telegram = telegram

    def recipients(self, area: str) -> Recipients:
        """The officers of an area; else the team; else the coordinators; never nobody."""
        mine = [officer for officer in self._officers if officer.role != "coordinator" and _has(officer, area)]
        leads = [officer for officer in self._officers if officer.role == "coordinator"]
        choices = (
            self._of(mine, is_team=False),
            Recipients(_distinct(self._team.emails), self._chats(self._team.telegram), is_team=True),
            self._of(leads, is_team=True),
        )
        return next((found for found in choices if found.emails or found.telegram), Recipients((UNSET_TEAM,), (), True))

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
        if officer is not None and (officer.role == "coordinator" or _has(officer, area)):
            return True
        recipients = self.recipients(area)
        return fold(identity) in {fold(email) for email in recipients.emails} or identity in recipients.telegram

    def role(self, identity: str) -> str:
        """The role in which this person acts; the team acts as coordinator."""
        officer = self.officer(identity)
        return officer.role if officer is not None else "coordinator"

    def _of(self, officers: Sequence[Officer], *, is_team: bool) -> Recipients:
        emails = _distinct(officer.email for officer in officers if officer.email)
        return Recipients(emails, self._chats(officer.telegram for officer in officers), is_team)

    def _chats(self, chats: Iterable[int | None]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(str(chat) for chat in chats if chat)) if self._telegram else ()

    def without_officer(self, areas: Iterable[str]) -> tuple[str, ...]:
        """The areas whose plans go to the team, for the operator's banner."""
        return tuple(area for area in areas if self.recipients(area).is_team)


def _has(officer: Officer, area: str) -> bool:
    return bool(area) and fold(area) in {fold(own) for own in officer.areas}


def _distinct(emails: Iterable[str]) -> tuple[str, ...]:
    """Each address once, however it was written."""
    return tuple({fold(email): email for email in reversed(list(emails))}.values())[::-1]

