"""A letter before it is an e-mail: what it says, in the order a reader needs it.

Plain data without HTML and without a sentence of its own, so that whoever writes the
letter thinks about its content and ``compose`` about its looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["good", "todo", "bad", "unknown"]


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A labelled value; ``href`` makes a link of it (``mailto:``, ``tel:``)."""

    label: str
    value: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class LetterMark:
    """A judgement: "Draagvlak: nog doen", with its reason and what would repair it as lines."""

    tone: Tone
    label: str
    title: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    url: str
    primary: bool = False


@dataclass(frozen=True, slots=True)
class LetterSection:
    """A part with a heading; everything in it is optional and comes in this order."""

    title: str
    paragraphs: tuple[str, ...] = ()
    facts: tuple[LetterRow, ...] = ()
    """Short values, drawn as a table."""
    answers: tuple[LetterRow, ...] = ()
    """Long values, drawn under their label."""
    marks: tuple[LetterMark, ...] = ()
    buttons: tuple[Button, ...] = ()
    note: str = ""
    """Small print at the end."""


@dataclass(frozen=True, slots=True)
class Letter:
    language: str
    subject: str
    kicker: str
    """The line above the title: what kind of letter this is."""
    title: str
    preview: str = ""
    """What a mailbox shows beside the subject."""
    banner: str = ""
    """Something out of the ordinary that the reader must see first."""
    paragraphs: tuple[str, ...] = ()
    sections: tuple[LetterSection, ...] = ()
    footer: tuple[str, ...] = ()
