"""Plain text of a reply to safe HTML: paragraphs, lists, and links where something can be followed.

Everything is escaped first come, first served: a piece of text is either recognised as a
link and built from escaped parts, or escaped as it is. No HTML in a reply survives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

import phonenumbers
from markupsafe import Markup, escape

URL = re.compile(r"(?<![\w./@-])(?:https://|www\.)[^\s<>\"']+")
EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9][\w.+-]*@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}", re.ASCII)
EMERGENCY = re.compile(r"(?<![\w€.,/-])(?<!€ )112(?![\w/-]|[.,]\d| \d| euro)")
TRAILING = ".,;:!?)»”’"
BULLET = "- "


def to_html(text: str, region: str = "NL") -> Markup:
    """Blank lines part paragraphs, lines that start with "- " form a list, other line breaks stay."""
    paragraphs = re.split(r"\n[ \t]*\n", text.strip())
    return Markup("\n").join(block for paragraph in paragraphs for block in _blocks(paragraph, region))


def _blocks(paragraph: str, region: str) -> Iterator[Markup]:
    for is_list, group in groupby(paragraph.split("\n"), key=lambda line: line.lstrip().startswith(BULLET)):
        lines = [line.strip() for line in group]
        if is_list:
            items = (Markup("<li>{}</li>").format(link(line[len(BULLET) :], region)) for line in lines)
            yield Markup("<ul>{}</ul>").format(Markup("").join(items))
        elif any(lines):
            yield Markup("<p>{}</p>").format(Markup("<br>").join(link(line, region) for line in lines))


def link(text: str, region: str = "NL") -> Markup:
    """One line with its addresses and telephone numbers as links, all else escaped."""
    pieces, end = [], 0
    for start, stop, href in sorted(_found(text, region), key=lambda found: (found[0], -found[1])):
        if start < end:  # inside a longer link, such as a number in an address
            continue
        pieces += [escape(text[end:start]), _anchor(href, text[start:stop])]
        end = stop
    return Markup("").join([*pieces, escape(text[end:])])


def _found(text: str, region: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and target of everything in a line that can be followed."""
    for match in URL.finditer(text):
        shown = match.group().rstrip(TRAILING)
        href = shown if shown.startswith("https:") else f"https://{shown}"
        yield match.start(), match.start() + len(shown), href
    for match in EMAIL.finditer(text):
        yield match.start(), match.end(), f"mailto:{match.group()}"
    for match in EMERGENCY.finditer(text):
        yield match.start(), match.end(), f"tel:{match.group()}"
    if any(sign.isdigit() for sign in text):
        for number in phonenumbers.PhoneNumberMatcher(text, region):
            # Dialled as written: short national numbers such as 14 0xx do not work with a country code.
            dialled = re.sub(r"[^\d+]", "", number.raw_string.replace("(0)", ""))
            yield number.start, number.end, f"tel:{dialled}"


def _anchor(href: str, shown: str) -> Markup:
    if href.startswith("tel:"):
        return Markup('<a class="wb-tel" href="{}">{}</a>').format(href, shown)
    return Markup('<a href="{}">{}</a>').format(href, shown)
