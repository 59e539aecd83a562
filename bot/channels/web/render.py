"""Lines of a conversation to what the templates draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from markupsafe import Markup

from bot.channels.web.anchors import to_html
from bot.channels.web.settings import WebSettings
from bot.conversation.turn.replies import Choice, Reply
from bot.ports.backend import Line

Say = Callable[[str], str]

WORDLESS = {"located": "web.deelde_locatie", "pictured": "web.stuurde_foto", "unread": "web.stuurde_bestand"}
"""What a line says that the resident sent without words."""
OTHERWISE = "web.zonder_tekst"


@dataclass(frozen=True, slots=True)
class Bubble:
    """One line as it is drawn."""

    id: int
    mine: bool
    html: Markup
    language: str = ""
    footer: str = ""
    """HTML, safe as ``html`` is."""
    choices: tuple[Choice, ...] = ()
    wants: tuple[str, ...] = ()
    current: bool = False
    """Belongs to the bot's last turn: its choices lie open."""
    anchor: bool = False
    """Where the page jumps to: the resident's last line with the answer under it, or what came by itself since."""
    at: datetime | None = None
    time: str = ""


def bubbles(lines: Sequence[Line], say: Say, language: str, now: datetime, settings: WebSettings) -> list[Bubble]:
    """Oldest first. ``say`` gives sentences in the language of the page."""
    last_mine = max((index for index, line in enumerate(lines) if line.direction == "in"), default=-1)
    drawn = []
    for index, line in enumerate(lines):
        at = line.at.astimezone(_zone(settings.timezone))
        time = time_label(at, now, language)
        if line.reply is not None:
            drawn.append(of_reply(line.reply, settings, line.id, current=index > last_mine, at=at, time=time))
        else:
            html = to_html(line.text or say(WORDLESS.get(line.kind, OTHERWISE)), settings.telephone_region)
            drawn.append(Bubble(line.id, True, html, at=at, time=time))
    if drawn:
        start = _start(lines, last_mine)
        drawn[start] = replace(drawn[start], anchor=True)
    return drawn


def _start(lines: Sequence[Line], last_mine: int) -> int:
    """The first news since the resident's last line; without news that line; the first one where only the bot spoke.

    An answer has the moment of what it answers, and news a later one.
    """
    if last_mine < 0:
        return 0
    news = (index for index in range(last_mine + 1, len(lines)) if lines[index].at > lines[last_mine].at)
    return next(news, last_mine)


def of_reply(
    reply: Reply,
    settings: WebSettings,
    line_id: int = 0,
    *,
    current: bool,
    at: datetime | None = None,
    time: str = "",
) -> Bubble:
    region = settings.telephone_region
    return Bubble(
        line_id,
        False,
        to_html(reply.text, region),
        reply.language,
        to_html(reply.footer, region),
        reply.choices,
        tuple(sorted(reply.wants)),
        current,
        at=at,
        time=time,
    )


def language_of(lines: Sequence[Line], original: str) -> str:
    """What the bot spoke last; the page speaks the same."""
    return next((line.reply.language for line in reversed(lines) if line.reply is not None), original)


def time_label(at: datetime, now: datetime, language: str) -> str:
    """The time, with the day where it is not today. Both moments are aware."""
    time = format_time(at, "HH:mm", locale=language)
    if at.date() == now.astimezone(at.tzinfo).date():
        return time
    return f"{format_date(at, 'd MMM', locale=language)} {time}"


@lru_cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
