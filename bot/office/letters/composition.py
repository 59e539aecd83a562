"""A letter as an e-mail: the same content once as readable text and once as HTML.

The HTML loads nothing from elsewhere, carries its style inline (mail programs drop the
rest), reads well in light and dark, and stays in order without any style.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.ports.letter import Letter, LetterRow, LetterSection
from bot.ports.mail import subject_of

WIDTH = 74
"""Columns of the text version: quoted once it still fits in 78 (RFC 5322, 2.1.1)."""


@dataclass(frozen=True, slots=True)
class Composed:
    subject: str
    text: str
    html: str


def compose(letter: Letter) -> Composed:
    return Composed(subject_of(letter.subject), as_text(letter), as_html(letter))


# -- HTML -------------------------------------------------------------------------------


TOGETHER = re.compile(r"(?<=€) (?=\d)|(?<=\d) (?=\d)")
"""The space in an amount or a telephone number."""


def _breaks(text: str) -> Markup:
    """Line breaks stay; an amount and a telephone number each stay on one line."""
    lines = (TOGETHER.sub("\N{NO-BREAK SPACE}", line) for line in text.strip().splitlines())
    return Markup("<br>").join(map(escape, lines))


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("bot.office.letters"),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["breaks"] = _breaks
    return environment


ENVIRONMENT = _environment()


def as_html(letter: Letter) -> str:
    return ENVIRONMENT.get_template("letter.html").render(letter=letter)


# -- text -------------------------------------------------------------------------------


def as_text(letter: Letter) -> str:
    """For a mail program that shows no HTML: wrapped lines, headings underlined, a signature mark."""
    return _Plain(WIDTH, ruled=True).letter(letter) + "\n"


def as_chat(letter: Letter) -> str:
    """For a chat, which wraps by itself and has its buttons elsewhere."""
    return _Plain(100_000, ruled=False).letter(letter)


@dataclass(frozen=True, slots=True)
class _Plain:
    width: int
    ruled: bool

    def letter(self, letter: Letter) -> str:
        blocks = [self._filled(letter.kicker), self._heading(letter.title, "=")]
        blocks += [self._filled(text) for text in (letter.banner, *letter.paragraphs) if text]
        for section in letter.sections:
            blocks += self._section(section)
        if letter.footer:
            mark = "-- \n" if self.ruled else ""
            blocks.append(mark + "\n".join(self._filled(line) for line in letter.footer))
        return "\n\n".join(blocks)

    def _heading(self, title: str, rule: str) -> str:
        filled = self._filled(title)
        return f"{filled}\n{rule * min(self.width, len(title))}" if self.ruled else filled

    def _section(self, section: LetterSection) -> Iterator[str]:
        yield self._heading(section.title.upper(), "-")
        yield from (self._filled(paragraph) for paragraph in section.paragraphs)
        if section.facts:
            yield "\n".join(self._fact(row) for row in section.facts)
        yield from (f"{row.label}:\n{self._filled(row.value, indent=2)}" for row in section.answers)
        for mark in section.marks:
            lines = (self._filled(line, indent=2) for line in mark.lines)
            yield "\n".join([self._filled(f"[{mark.label}] {mark.title}"), *lines])
        yield from (f"{button.label}:\n  {button.url}" for button in section.buttons)
        if section.note:
            yield self._filled(section.note)

    def _fact(self, row: LetterRow) -> str:
        first, *rest = row.value.splitlines() or [""]
        lines = (self._fill(line, "  ", "  ") for line in rest)
        return "\n".join([self._fill(f"{row.label}: {first}", "", "  "), *lines])

    def _filled(self, text: str, indent: int = 0) -> str:
        """Wrapped, with the line breaks of the writer kept."""
        space = " " * indent
        lines = text.strip().splitlines()
        hanging = [space + ("  " if line.startswith("- ") else "") for line in lines]
        return "\n".join(self._fill(line, space, after) for line, after in zip(lines, hanging, strict=True)) or space

    def _fill(self, line: str, first: str, following: str) -> str:
        """Words are never broken: they may be addresses."""
        return textwrap.fill(
            line,
            self.width,
            initial_indent=first,
            subsequent_indent=following,
            break_long_words=False,
            break_on_hyphens=False,
        )
