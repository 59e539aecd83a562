"""What somebody wrote in an answer, without the mail that is quoted in it and without a signature.

Mail programs mark neither in one way, so this knows what those that are used most write.
Where it is in doubt it keeps: a quoted line too many is a nuisance, an answer lost is worse.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser

SIGNATURE = "-- "
"""With the space, as the programs that know of it write it (RFC 3676, 4.3)."""
LISTED = re.compile(r"\s*([-*•]|\d+[.)])\s")
QUOTED = re.compile(r"\s*>")
BEGINS = re.compile(r"-*\s*(op|on|\d{4}-\d\d-\d\d)\b", re.IGNORECASE)
WROTE = r"(schreef|geschreven|wrote)"
ATTRIBUTION = re.compile(
    rf"-*\s*(op|on)\b.*\d[:.]\d\d\b.*\b{WROTE}\b.{{0,120}}(:|-{{3,}})|"
    r"\d{4}-\d\d-\d\d \d\d?:\d\d\b.{0,120}<[^<>\s]+@[^<>\s]+>\s*:",
    re.IGNORECASE,
)
""" "Op ma 23 nov. 2026 om 10:00 schreef Wijkbot <…>:", on a few lines. Without a time it may be their own words."""
RUN_ON = re.compile(
    rf"(op|on)\b.{{0,80}}\d[:.]\d\d\b.{{0,40}}\b{WROTE}\b.{{0,80}}<[^<>\s]+@[^<>\s]+>\s*:\s*\S", re.IGNORECASE
)
"""The same with the quoted mail behind it on one line."""
BARE = re.compile(rf"(de )?wijkbot\b.{{0,40}}\b{WROTE}\s*:", re.IGNORECASE)
"""Without a moment only where it names the bot: "de voorzitter schreef:" introduces what is their own."""
ATTRIBUTION_LINES = 3
LONGEST_ATTRIBUTION = 400
MAX_TEXT = 100_000
"""Characters: far more than anybody writes, and a moment to read."""
DIVIDER = re.compile(
    r"(-{3,}\s*(oorspronkelijk|original|doorgestuurd|forwarded).*-{3,}|_{20,}|"
    r"begin (doorgestuurd bericht|forwarded message):|begin van doorgestuurd bericht:)",
    re.IGNORECASE,
)
HEADER = re.compile(r"\W*(van|from)\W*:\s*\S.*", re.IGNORECASE)
OTHER_HEADER = re.compile(
    r"\W*(verzonden|datum|sent|date|aan|to|cc|bcc|onderwerp|subject|prioriteit|importance|"
    r"antwoord(en)? aan|beantwoorden(\W+aan)?|reply-to)\W*:.*",
    re.IGNORECASE,
)
MARKING = re.compile(r"\W*(verzonden|datum|sent|date|onderwerp|subject)\W*:\s*\S.*", re.IGNORECASE)
"""Outlook puts the headers of the mail above it. A sender and a receiver alone may be part of a plan."""
CONTINUED = re.compile(r"\s*<[^<>\s]+@[^<>\s]+>\s*")
HEADERS_AT_MOST = 8
DEVICE = re.compile(
    r"(verzonden|verstuurd|sent)\s+(vanaf|vanuit|met|from|with)\s+.{2,60}|"
    r"(download|get|haal)\s+outlook\s+(voor|for)\s+.{2,20}(<\S+>)?",
    re.IGNORECASE,
)
""" "Verstuurd vanaf mijn iPhone"."""


def own_words(text: str) -> str:
    lines = text[:MAX_TEXT].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept, unmarked = _without_quotes(lines)
    if not any(line.strip() for line in kept) and len(unmarked) > 1:  # one line is only what we asked
        kept = unmarked
    while kept and (not kept[-1].strip() or DEVICE.fullmatch(kept[-1].strip())):
        kept.pop()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in kept)).strip()


def _without_quotes(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """What is theirs; and where that is nothing, what may be theirs: an answer in the quoted mail, or under it."""
    kept: list[str] = []
    quotes: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place].strip()
        if QUOTED.match(line):
            quotes.append(line)
            place += 1
            continue
        introduced = _attribution(lines, place)
        if introduced:
            place += introduced
            quotes.clear()
            if not _quotes_next(lines, place):
                return kept, list(lines[place:])  # the rest is the other mail, without a mark
            return _after_quote(kept, lines[place:])
        if _is_signature(lines, place):
            return kept, quotes
        if DIVIDER.fullmatch(line) or _is_header(lines, place) or RUN_ON.match(line):
            return kept, []
        kept.append(lines[place])
        place += 1
    return kept, quotes


def _after_quote(kept: list[str], lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """What stands under and between a mail that is quoted with its marks."""
    rest, _ = _without_quotes(lines)
    return [*kept, *rest], []


def _is_signature(lines: Sequence[str], place: int) -> bool:
    """Without the space it may be a line in somebody's list."""
    if lines[place] == SIGNATURE:
        return True
    following = next((line for line in lines[place + 1 :] if line.strip()), "")
    return lines[place].strip() == "--" and not LISTED.match(following)


def _attribution(lines: Sequence[str], place: int) -> int:
    """How many lines say who wrote what is quoted after them; 0: it is something else."""
    if BARE.fullmatch(lines[place].strip()):
        return 1
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
    """Whether the headers of another mail begin here: its sender, and soon when or about what."""
    if not HEADER.fullmatch(lines[place].strip()):
        return False
    for line in lines[place + 1 : place + HEADERS_AT_MOST]:
        if MARKING.fullmatch(line.strip()):
            return True
        if not (OTHER_HEADER.fullmatch(line.strip()) or CONTINUED.fullmatch(line)):
            return False
    return False


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
        if tag in BREAKS or tag == "body":
            self._end_line()
            self._unseen = 0  # a head that nobody closed ends here, as in a browser
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
