"""From replies to Telegram's messages: plain text in pieces that fit, buttons, keyboards.

Text goes without a parse mode, so that nothing typed by a resident or an editor is read as
markup. Lengths are counted in UTF-16 units, the strictest way in which Telegram counts.
"""

from __future__ import annotations

import ipaddress
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from telegram import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.conversation.turn.replies import MAX_CHOICE_DATA, Choice, Reply

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_LABEL = 40
"""What a phone shows of a button that has its row to itself."""
PAIR_LABEL = 17
"""And of one that shares its row with another."""

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | ForceReply


@dataclass(frozen=True, slots=True)
class Part:
    """One message to send."""

    text: str
    markup: Markup | None = None


def render(reply: Reply, side: Markup | None = None, hint: str = "") -> tuple[Part, ...]:
    """The messages of a reply, its buttons under the last.

    A message has either buttons or a keyboard. ``side`` is a keyboard to show or remove: it
    goes with the last message, or with an earlier one where the last has buttons. A reply of
    one paragraph with buttons has no room for it: then ``hint`` becomes a message that
    carries it, and without a hint it is left out.
    """
    return _with_side(parts(reply.text, reply.choices, reply.footer), side, hint)


def parts(text: str, choices: Sequence[Choice] = (), footer: str = "") -> tuple[Part, ...]:
    """A text with its buttons and a last line."""
    keyboard, lines = buttons(choices)
    whole = "\n\n".join(part for part in (clean(text), "\n".join(lines), clean(footer)) if part)
    if not whole and keyboard is None:
        return ()
    texts = split(whole or "…")
    return (*(Part(text) for text in texts[:-1]), Part(texts[-1], keyboard))


def _with_side(messages: tuple[Part, ...], side: Markup | None, hint: str) -> tuple[Part, ...]:
    if side is None or not messages:
        return messages
    *earlier, last = messages
    if last.markup is None:
        return (*earlier, Part(last.text, side))
    if not earlier:
        first, gap, rest = last.text.partition("\n\n")
        if not gap:
            return (last, Part(hint, side)) if hint else messages
        earlier, last = [Part(first)], Part(rest, last.markup)
    return (Part(earlier[0].text, side), *earlier[1:], last)


def location_keyboard(label: str) -> ReplyKeyboardMarkup:
    """A keyboard of one button that shares the resident's location, gone after use."""
    button = KeyboardButton(label, request_location=True)
    return ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)


# -- buttons ------------------------------------------------------------------------


def buttons(choices: Iterable[Choice]) -> tuple[InlineKeyboardMarkup | None, list[str]]:
    """The keyboard, and lines for the text: what fits on no button is said in full there, never cut silently."""
    lines: list[str] = []
    drawn: list[Choice] = []
    for choice in choices:
        if _can_be_pressed(choice):
            drawn.append(choice)
        else:
            lines.append(f"{choice.label}: {choice.url}" if choice.url else f"- {choice.label}")
    labels = [clean(choice.label) or "…" for choice in drawn]
    if any(width(label) > MAX_LABEL for label in labels):
        lines[:0] = [f"{number}. {label}" for number, label in enumerate(labels, 1)]
        labels = [_shortened(f"{number}. {label}") for number, label in enumerate(labels, 1)]
    keys = [_button(label, choice) for label, choice in zip(labels, drawn, strict=True)]
    return (InlineKeyboardMarkup(_rows(keys)) if keys else None), lines


def _can_be_pressed(choice: Choice) -> bool:
    if choice.url:
        return is_public(choice.url)
    return 0 < len(choice.data.encode()) <= MAX_CHOICE_DATA


def is_public(url: str) -> bool:
    """Telegram refuses the whole message for a button to an address such as localhost."""
    address = urlsplit(url)
    host = address.hostname or ""
    if address.scheme == "tg":
        return True
    try:
        return address.scheme in ("http", "https") and ipaddress.ip_address(host).is_global
    except ValueError:
        return address.scheme in ("http", "https") and "." in host.strip(".")


def _button(label: str, choice: Choice) -> InlineKeyboardButton:
    if choice.url:
        return InlineKeyboardButton(label, url=choice.url)
    return InlineKeyboardButton(label, callback_data=choice.data)


def _rows(keys: Sequence[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    """Two short ones that follow each other share a row."""
    rows: list[list[InlineKeyboardButton]] = []
    for key in keys:
        fits = bool(rows) and len(rows[-1]) == 1 and all(width(k.text) <= PAIR_LABEL for k in (rows[-1][0], key))
        if fits:
            rows[-1].append(key)
        else:
            rows.append([key])
    return rows


def _shortened(label: str) -> str:
    if width(label) <= MAX_LABEL:
        return label
    return label[: _most(label, MAX_LABEL - 1)].rstrip() + "…"


# -- text ---------------------------------------------------------------------------


def width(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def clean(text: str) -> str:
    """Without what no JSON text may hold and without space around it."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").strip()


def split(text: str, limit: int = MAX_TEXT) -> list[str]:
    """Pieces of at most ``limit``, cut at the end of a paragraph, line, sentence or word where there is one."""
    pieces = []
    rest = clean(text)
    while width(rest) > limit:
        cut = _cut(rest, _most(rest, limit))
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces


def _most(text: str, limit: int) -> int:
    """How many characters of ``text`` fit in ``limit`` units without breaking one that is seen as one."""
    units = 0
    for index, character in enumerate(text):
        units += 2 if character > "\uffff" else 1
        if units > limit:
            return _whole(text, index)
    return len(text)


def _cut(text: str, most: int) -> int:
    for end in ("\n\n", "\n", ". ", " "):
        at = text.rfind(end, most // 3, most + 1)
        if at > 0:
            return at + len(end.rstrip())
    return most


def _whole(text: str, index: int) -> int:
    """The last place at or before ``index`` that is not inside an accented letter, an emoji family or a flag."""
    at = index
    while at > max(1, index - 40) and _joins(text, at):
        at -= 1
    return max(1, at if not _joins(text, at) else index)


def _joins(text: str, at: int) -> bool:
    """Whether the characters around ``at`` are seen as one."""
    before, after = text[at - 1], text[at]
    if "\u200d" in (before, after) or unicodedata.category(after) in ("Mn", "Mc", "Me") or "🏻" <= after <= "🏿":
        return True
    flags = 0
    while at - flags > 0 and "🇦" <= text[at - flags - 1] <= "🇿":
        flags += 1
    return "🇦" <= after <= "🇿" and flags % 2 == 1
