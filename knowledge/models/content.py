"""What an editor writes, as typed values: topics, facts, texts, the criteria walk.

Everything here is immutable and knows no file, socket or clock. ``loader`` builds it
from the files of a municipality's folder, ``checks`` criticises it, and the
conversation reads it. Keys in the files are Dutch because Dutch editors write them;
the names here are the field's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Language = str
"""ISO 639-1 code; the first language of ``gemeente.toml`` is the original."""

Translated = Mapping[Language, str]
"""One text per language; always holds the original."""

Step = Literal["plan", "criteria", "status", "wijk", "privacy", "taal"]
"""A walk that a button can start."""


@dataclass(frozen=True, slots=True)
class Gemeente:
    """``gemeente.toml``: who runs this bot and what it promises."""

    name: str
    telephone: str
    website: str
    languages: Mapping[Language, str]
    """Code to the language's own name, e.g. ``{"nl": "Nederlands", "en": "English"}``; original first."""
    terms: Mapping[str, int]
    """Promised terms by key of ``[termijnen]``; the key's ending names the unit (``_dagen``, ``_weken`` …)."""
    region_code: str = "NL"
    reference_prefix: str = "WB"
    """``kenmerk``: the letters that a plan's reference number begins with."""
    base: str = ""
    """``basis``: the folder of phrasings that this municipality shares with others."""

    @property
    def original(self) -> Language:
        return next(iter(self.languages))


@dataclass(frozen=True, slots=True)
class Topic:
    """One answer: the file ``onderwerpen/<group>/<id>.toml``."""

    id: str
    group: str
    title: Translated
    examples: Mapping[Language, tuple[str, ...]]
    answer: Translated
    """The answer where the resident's wijk is not known; may hold placeholders."""
    answer_wijk: Translated | None
    """The answer where it is known, or None: then ``answer`` serves both."""
    asks_wijk: bool
    """After ``answer`` the bot asks for postcode or wijk, then gives ``answer_wijk``."""
    step: Step | None
    """The walk that a button under the answer starts."""
    see_also: tuple[str, ...]
    source: str
    """As shown to the resident: title, year and place, e.g. "Uitvoeringsnotitie Buurten 3.0 (2020), tabel 2"."""
    checked: date
<<<<<<< HEAD
    answer_empty: Translated | None = None
    """Instead of ``answer_wijk`` where a list of that is empty for the resident's wijk."""
    cited: str = ""
    """The source as written: "bron, deel, deel; bron, deel"."""
    key_words: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)
    """``trefwoorden``: the topic in a word or a few; a message that is one gets this answer."""
    no_choice: bool = False
    """``geen_keuze``: no topic to offer besides others, as greetings and danger are none."""
||||||| cd37017
    answer_empty: Translated | None = None
    """Instead of ``answer_wijk`` where a list of that is empty for the resident's wijk."""
    cited: str = ""
    """The source as written: "bron, deel, deel; bron, deel"."""
=======
>>>>>>> main


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """A row of ``besluit.csv``: who decides up to ``limit`` euro (None: no limit)."""

    limit: int | None
    who: Translated
    how: Translated
    door: str
    """Id of the door in ``criteria.toml`` that belongs to this amount."""
    source: str
    step: str = ""
    """Status with which a plan of this amount is laid before who decides; "" where the officer does."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A row of ``contacten.csv``: who to reach for an area. All but ``area`` and ``role`` may be empty."""

    area: str
    role: str
    name: str = ""
    email: str = ""
    telephone: str = ""
    valid_until: date | None = None
    example: bool = False

    def holds(self, on: date) -> bool:
        """Whether it may be shown on a day."""
        return not self.example and (self.valid_until is None or self.valid_until >= on)


@dataclass(frozen=True, slots=True)
class Facts:
    """The tables of ``feiten/``: every amount, name and number, each in one place."""

    numbers: Mapping[str, str]
    """``getallen.csv``: key to the value as shown, e.g. "€ 2.000"."""
    emergency: Mapping[str, str]
    decisions: tuple[DecisionRule, ...]
    contacts: tuple[Contact, ...]
    budgets: Mapping[str, int]
    """Wijk to its newest yearly subsidy budget in euro."""
    tables: Mapping[str, tuple[Mapping[str, str], ...]]
    """Every other table by file stem, rows as read, for the lists in answers."""
    amounts: Mapping[str, int] = field(default_factory=dict)
    """Those of ``numbers`` that are euro, to be shown the way of another language."""

    def contact(self, area: str, on: date, role: str = "wijkregisseur") -> Contact | None:
        """The contact of an area, or None where nothing valid on that day is filled in."""
        for contact in self.contacts:
            if contact.area == area and contact.role == role and contact.holds(on):
                return contact
        return None


_VALUE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Texts:
    """``teksten.toml``: the bot's own sentences, by dotted key and language."""

    texts: Mapping[Language, Mapping[str, str]]
    original: Language

    def say(self, key: str, language: Language, **values: object) -> str:
        """The sentence with its values filled in; the original where no translation exists.

        A value that is not given stays as its name in braces: a slip of an editor costs no resident
        an answer. Raises KeyError for an unknown key: ``checks`` compares the keys that code uses.
        """
        translated = self.texts.get(language, {}).get(key)
        text = translated if translated is not None else self.texts[self.original][key]
        return _VALUE.sub(lambda value: str(values.get(value[1], value[0])), text)

    def has(self, key: str) -> bool:
        return key in self.texts[self.original]
