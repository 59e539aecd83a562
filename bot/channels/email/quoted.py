"""What somebody wrote in an answer, without the mail that is quoted in it and without a signature.

Mail programs mark neither in one way, so this knows what those that are used most write.
Where it is in doubt it keeps: a quoted line too many is a nuisance, an answer lost is worse.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from itertools import islice

SIGNATURE = re.compile(r"--\s?")
QUOTED = re.compile(r"\s*>")
BEGINS = re.compile(r"(op|on)\b", re.IGNORECASE)
TIME = re.compile(r"\d[:.]\d\d\b")
WROTE = re.compile(r"\b(schreef|geschreven|wrote)\b", re.IGNORECASE)
FROM_WROTE = 120
"""Characters from "schreef" to the colon at the end."""
ATTRIBUTION_LINES = 3
LONGEST_ATTRIBUTION = 400
MAX_TEXT = 100_000
"""Characters: far more than anybody writes, and a moment to read."""
DIVIDER = re.compile(r"(-{3,}\s*(oorspronkelijk|original).*-{3,}|_{20,})", re.IGNORECASE)
HEADER = re.compile(r"\W*(van|from)\W*:\s*\S.*", re.IGNORECASE)
NEXT_HEADER = re.compile(r"\W*(verzonden|datum|sent|date|aan|to)\W*:\s*\S.*", re.IGNORECASE)
"""Outlook puts the headers of the mail above it."""
DEVICE = re.compile(r"(verzonden|verstuurd|sent)\s+(vanaf|vanuit|met|from|with)\s+.{2,60}", re.IGNORECASE)
""" "Verstuurd vanaf mijn iPhone"."""


def own_words(text: str) -> str:
    lines = [line.rstrip() for line in text[:MAX_TEXT].replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    kept = _without_quotes(lines)
    while kept and (not kept[-1] or DEVICE.fullmatch(kept[-1].strip())):
        kept.pop()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _without_quotes(lines: Sequence[str]) -> list[str]:
    kept: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place].strip()
        if QUOTED.match(line):
            place += 1
            continue
        introduced = _attribution(lines, place)
        if introduced:
            place += introduced
            if not _quotes_next(lines, place):
                break  # the rest is the other mail, without a mark
            continue
        if SIGNATURE.fullmatch(line) or DIVIDER.fullmatch(line) or _is_header(lines, place):
            break
        kept.append(lines[place])
        place += 1
    return kept


def _attribution(lines: Sequence[str], place: int) -> int:
    """How many lines say who wrote what is quoted after them; 0: it is something else."""
    if not BEGINS.match(lines[place].strip()):
        return 0
    for count in range(1, ATTRIBUTION_LINES + 1):
        together = " ".join(line.strip() for line in lines[place : place + count])
        if len(together) <= LONGEST_ATTRIBUTION and _says_who_wrote(together.strip()):
            return count
    return 0


def _says_who_wrote(text: str) -> bool:
    """ "Op ma 23 nov. 2026 om 10:00 schreef Wijkbot <…>:". Without a time it may be their own words.

    Not one pattern: that would try every time with every "schreef".
    """
    time = TIME.search(text)
    if time is None or not text.endswith(":"):
        return False
    return any(len(text) - 1 - wrote.end() <= FROM_WROTE for wrote in WROTE.finditer(text, time.end()))


def _quotes_next(lines: Sequence[str], place: int) -> bool:
    following = next((line for line in islice(lines, place, None) if line.strip()), "")
    return bool(QUOTED.match(following))


def _is_header(lines: Sequence[str], place: int) -> bool:
    following = lines[place + 1] if place + 1 < len(lines) else ""
    return bool(HEADER.fullmatch(lines[place]) and NEXT_HEADER.fullmatch(following))


# -- HTML ---------------------------------------------------------------------------------

BREAKS = frozenset({"p", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "blockquote", "br", "hr"})
UNSEEN = frozenset({"script", "style", "head", "title", "template"})
TAG = re.compile(
    r"<(?P<closes>/?)(?P<name>[A-Za-z][^\s/<>]*+)(?:(?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+|[^<>]*+)>"
)
"""Never past the next "<", so that a text full of them is read once."""
NO_MARKUP = {tag: re.compile(rf"</{tag}", re.IGNORECASE) for tag in ("script", "style", "textarea", "title")}
MAX_HTML = 400_000
"""Characters; most of them are no text."""


def html_text(html: str) -> str:
    """The text of a mail that has no plain one; what it quotes is marked as in a plain one."""
    return _Reader(html[:MAX_HTML]).text()


class _Reader:
    """What is text and what is not, no more. Python's own HTMLParser takes the square of the length
    for tags that do not end: 12,500 characters of ``<a `` cost it three seconds."""

    def __init__(self, html: str) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._unseen = self._quotes = place = 0
        while place < len(html):
            begins = html.find("<", place)
            self._data(html[place : begins if begins >= 0 else len(html)])
            place = self._markup(html, begins) if begins >= 0 else len(html)

    def _markup(self, html: str, place: int) -> int:
        """Takes what begins with "<" there; where it ends."""
        if html.startswith("<!--", place):
            return _after(html, "-->", place + 4)
        if html.startswith(("<!", "<?"), place):
            return _after(html, ">", place)
        tag = TAG.match(html, place)
        if tag is None:
            self._data("<")
            return place + 1
        name = tag["name"].lower()
        if tag["closes"]:
            self._closes(name)
            return tag.end()
        self._opens(name)
        closing = NO_MARKUP[name].search(html, tag.end()) if name in NO_MARKUP else None
        return tag.end() if name not in NO_MARKUP else closing.start() if closing else len(html)

    def _opens(self, tag: str) -> None:
        if tag in BREAKS:
            self._end_line()
        self._unseen += tag in UNSEEN
        self._quotes += tag == "blockquote"

    def _closes(self, tag: str) -> None:
        if tag in BREAKS and tag != "br":
            self._end_line(gap=tag == "p")
        self._unseen = max(0, self._unseen - (tag in UNSEEN))
        self._quotes = max(0, self._quotes - (tag == "blockquote"))

    def _data(self, data: str) -> None:
        if data and not self._unseen:
            self._line.append(data if data == "<" else re.sub(r"\s+", " ", unescape(data)))

    def text(self) -> str:
        self._end_line()
        return "\n".join(self._lines)

    def _end_line(self, *, gap: bool = False) -> None:
        words, self._line = "".join(self._line).strip(), []
        mark = "> " if self._quotes else ""
        if words:
            self._lines.append(mark + words)
        if gap and self._lines and self._lines[-1]:
            self._lines.append(mark.strip())


def _after(html: str, mark: str, place: int) -> int:
    """Where the text goes on after the mark; at the end where it does not stand there."""
    found = html.find(mark, place)
    return found + len(mark) if found >= 0 else len(html)
