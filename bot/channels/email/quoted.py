"""What somebody wrote in an answer, without the mail that is quoted in it and without a signature.

Mail programs mark neither in one way, so this knows what those that are used most write.
Where it is in doubt it keeps: a quoted line too many is a nuisance, an answer lost is worse.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser

SIGNATURE = re.compile(r"--\s?")
QUOTED = re.compile(r"\s*>")
BEGINS = re.compile(r"(op|on)\b", re.IGNORECASE)
ATTRIBUTION = re.compile(r"(op|on)\b.*\d[:.]\d\d\b.*\b(schreef|geschreven|wrote)\b.{0,120}:", re.IGNORECASE)
""" "Op ma 23 nov. 2026 om 10:00 schreef Wijkbot <…>:", on a few lines. Without a time it may be their own words."""
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
        if len(together) <= LONGEST_ATTRIBUTION and ATTRIBUTION.fullmatch(together.strip()):
            return count
    return 0


def _quotes_next(lines: Sequence[str], place: int) -> bool:
    following = next((line for line in lines[place:] if line.strip()), "")
    return bool(QUOTED.match(following))


def _is_header(lines: Sequence[str], place: int) -> bool:
    following = lines[place + 1] if place + 1 < len(lines) else ""
    return bool(HEADER.fullmatch(lines[place]) and NEXT_HEADER.fullmatch(following))


# -- HTML ---------------------------------------------------------------------------------

BREAKS = frozenset({"p", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "blockquote", "br", "hr"})
UNSEEN = frozenset({"script", "style", "head", "title", "template"})
MAX_HTML = 400_000
"""Characters; most of them are no text."""


def html_text(html: str) -> str:
    """The text of a mail that has no plain one; what it quotes is marked as in a plain one."""
    reader = _HtmlReader()
    reader.feed(html[:MAX_HTML])
    reader.close()
    return reader.text()


class _HtmlReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._unseen = self._quotes = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BREAKS:
            self._end_line()
        self._unseen += tag in UNSEEN
        self._quotes += tag == "blockquote"

    def handle_endtag(self, tag: str) -> None:
        if tag in BREAKS and tag != "br":
            self._end_line(gap=tag == "p")
        self._unseen = max(0, self._unseen - (tag in UNSEEN))
        self._quotes = max(0, self._quotes - (tag == "blockquote"))

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._line.append(re.sub(r"\s+", " ", data))

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
