"""Whom residents can reach now: the contacts of ``contacten.csv``, with deputies for who is away.

It is put around the knowledge once, so that every text for residents follows: where
nobody stands in, a contact has no name, and residents read the role with the number of
the municipality.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.initiative.calendar import local_date
from bot.office.officers.routing import Officer, Routing
from knowledge.base import Knowledge
from knowledge.language.normalise import fold
from knowledge.models.content import Contact


def with_deputies(
    knowledge: Callable[[], Knowledge], routing: Routing, clock: Callable[[], datetime]
) -> Callable[[], Knowledge]:
    """The knowledge as it holds while somebody is away; the same object where nobody is."""

    def now() -> Knowledge:
        original = knowledge()
        known = original.facts.contacts
        contacts = tuple(_now(contact, known, routing, clock()) for contact in known)
        if contacts == known:
            return original
        return replace(original, facts=replace(original.facts, contacts=contacts))

    return now


def _now(contact: Contact, known: tuple[Contact, ...], routing: Routing, at: datetime) -> Contact:
    officer = routing.officer(contact.email) or routing.officer_named(contact.name)
    if officer is None or not routing.is_away(officer):
        return contact
    deputy = routing.stand_in(officer)
    if deputy is None:
        return replace(contact, name="", email="", telephone="")
    own = next((one for one in known if _is_of(one, deputy) and one.holds(local_date(at))), None)
    # An address of config.toml is for the bot; residents get what the deputy's own row makes public.
    return replace(contact, name=deputy.name, email=own.email if own else "", telephone=own.telephone if own else "")


def _is_of(contact: Contact, officer: Officer) -> bool:
    return bool(contact.name) and fold(contact.name) == fold(officer.name)
