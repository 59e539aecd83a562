"""Whole conversations as text files, and what plays them on the real service.

A line is a letter, a colon and a text. What happens:

    U  the resident types                   D  presses a button of the last turn, by its label
    U* types so many characters of a text   O  presses an old button, by its label
    E  changes an earlier message           F  sends a photo, perhaps with words under it
    L  shares a location                    S  sends a sticker, voice message, document …
    X  the last event is delivered again    C  goes on in another conversation ("telegram b")
    T  time passes ("3 dagen")              H  the bot is restarted
    W  an officer changes the status of the newest plan ("afgewezen | de reden")

What is true of the bot's last turn, or of what is stored after it:

    B  says this          K  offers this button         N  number of replies
    !B does not say this  !K does not offer it          A  "plannen 1", "mails 2", "fotos 0" …
    V  remembers a name for what a pattern finds; "{name}" stands for it in later lines

"#" begins a remark.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

from PIL import Image
from sqlmodel import col, func, select

from bot.conversation.turn.events import AnyEvent, Edited, Located, Pictured, Pressed, Said, Unread
from bot.conversation.turn.replies import Choice, Reply
from bot.initiative.kinds import Status
from bot.office.handling.changes import Actor
from bot.office.letters.correspondence import Correspondence
from bot.office.letters.step_links import StepPages
from bot.office.officers.links import Links
from bot.office.officers.rules import rules_for
from bot.ports.backend import PhotoRefused
from knowledge.base import Knowledge
from storage.database import Database
from storage.models import OutboxMessage, Photo, Plan, Unanswered
from tests.conftest import Clock
from tests.plans import CORA, ROUTING, SECRET
from tests.service_doubles import Service

UNITS = {"dag": "days", "dagen": "days", "uur": "hours", "minuten": "minutes"}
COUNTED: Mapping[str, Any] = {
    "plannen": select(func.count()).select_from(Plan),
    "ingetrokken": select(func.count()).select_from(Plan).where(Plan.status == "ingetrokken"),
    "fotos": select(func.count()).select_from(Photo),
    "mails": select(func.count()).select_from(OutboxMessage).where(OutboxMessage.channel == "email"),
    "onbeantwoord": select(func.count()).select_from(Unanswered).where(Unanswered.kind == "unanswered"),
    "duimen": select(func.count()).select_from(Unanswered).where(Unanswered.kind != "unanswered"),
}


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    kind: str
    text: str


def read(path: Path) -> list[Line]:
    """The lines of a transcript. Raises ValueError for one that means nothing."""
    lines = []
    for number, raw in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not raw.strip() or raw.startswith("#"):
            continue
        kind, colon, text = raw.partition(":")
        if not colon or kind.strip() not in KINDS:
            raise ValueError(f"{path.name}:{number}: {raw}")
        lines.append(Line(number, kind.strip(), text.strip().replace("\\n", "\n")))
    return lines


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 30), (20, 120, 60)).save(file, "JPEG")
    return file.getvalue()


@dataclass
class Stage:
    """Plays a transcript on a service of its own; ``heard`` is the bot's last turn."""

    url: str
    knowledge: Knowledge
    clock: Clock
    channel: str = "terminal"
    address: str = "a"
    heard: tuple[Reply, ...] = ()
    duplicate: bool = False
    offered: list[Choice] = field(default_factory=list)
    """Every button so far, oldest first."""
    names: dict[str, str] = field(default_factory=dict)
    last: AnyEvent | None = None
    seen: int = 0
    """Id of the last line of the transcript that was looked at."""

    async def open(self) -> None:
        self.database = await Database.open(self.url)
        links = Links(SECRET, self.clock)
        notices = Correspondence(lambda: self.knowledge, ROUTING, StepPages(links, "https://wijk.example.org"))
        self.service = Service(
            self.database,
            lambda: self.knowledge,
            notices=notices,
            links=links,
            rules=rules_for(ROUTING),
            clock=self.clock,
        )

    async def close(self) -> None:
        await self.database.close()

    async def play(self, line: Line) -> None:
        """Does or checks what the line says. Raises AssertionError where it is not so."""
        text = re.sub(r"\{(\w+)\}", lambda name: self.names.get(name[1], name[0]), line.text)
        await KINDS[line.kind](self, text)

    # -- what happens -----------------------------------------------------------------

    def stamp(self) -> dict[str, Any]:
        self.clock.pass_(seconds=20)
        return {"id": uuid4().hex, "at": self.clock(), "nonce": uuid4().hex}

    async def meet(self, event: AnyEvent) -> None:
        handled = await self.service.handle(self.channel, self.address, event)
        self.last = event
        self.hear(handled.replies, duplicate=handled.duplicate)
        assert handled.duplicate or self.heard, "the bot says nothing"
        await self.news()

    def hear(self, replies: tuple[Reply, ...], *, duplicate: bool = False) -> None:
        self.heard, self.duplicate = replies, duplicate
        self.offered += [choice for reply in replies for choice in reply.choices]
        assert all(reply.text.strip() for reply in replies), "an empty reply"

    async def news(self) -> tuple[Reply, ...]:
        """Lines of the bot in the web transcript that were not looked at yet."""
        lines = await self.service.transcript(self.channel, self.address, self.seen)
        self.seen = max((line.id for line in lines), default=self.seen)
        return tuple(line.reply for line in lines if line.reply is not None)

    async def types(self, text: str) -> None:
        await self.meet(Said(**self.stamp(), text=text))

    async def types_long(self, text: str) -> None:
        count, _, phrase = text.partition(" ")
        await self.types((f"{phrase} " * (int(count) // len(phrase) + 1))[: int(count)])

    async def edits(self, text: str) -> None:
        await self.meet(Edited(**self.stamp(), text=text))

    async def presses(self, label: str) -> None:
        choices = [choice for reply in self.heard for choice in reply.choices]
        await self.press(label, choices)

    async def presses_old(self, label: str) -> None:
        await self.press(label, self.offered)

    async def press(self, label: str, choices: list[Choice]) -> None:
        found = [choice for choice in choices if choice.label == label]
        assert found, f"no button {label!r} among {[choice.label for choice in choices]}"
        await self.meet(Pressed(**self.stamp(), data=found[-1].data))

    async def photographs(self, caption: str) -> None:
        photo = await self.service.keep_photo(self.channel, self.address, picture())
        await self.meet(Pictured(**self.stamp(), photo=photo, caption=caption))

    async def locates(self, text: str) -> None:
        latitude, longitude = map(float, text.split(","))
        await self.meet(Located(**self.stamp(), latitude=latitude, longitude=longitude))

    async def sends(self, kind: str) -> None:
        if kind == "kapotte foto":
            try:
                await self.service.keep_photo(self.channel, self.address, b"GIF89a geen foto")
            except PhotoRefused as refused:
                kind = refused.kind
        await self.meet(Unread(**self.stamp(), kind=kind))  # type: ignore[arg-type]

    async def again(self, text: str) -> None:
        assert self.last is not None
        await self.meet(self.last)
        assert self.duplicate, "delivered twice, handled twice"

    async def elsewhere(self, text: str) -> None:
        channel, _, address = text.rpartition(" ")
        self.channel, self.address, self.seen = channel or "terminal", address, 0
        await self.news()

    async def waits(self, text: str) -> None:
        count, unit = text.split()
        self.clock.now += timedelta(**{UNITS[unit]: int(count)})

    async def restarts(self, text: str) -> None:
        await self.close()
        await self.open()

    async def officer(self, text: str) -> None:
        status, _, reason = text.partition("|")
        reference = await self.scalar(select(Plan.reference).order_by(col(Plan.created_at).desc()).limit(1))
        actor = Actor("coordinator", CORA.email or "")
        amount = 500 if status.strip() == Status.BUURTDEAL else None
        await self.service.change_status(reference, status.strip(), actor, reason=reason.strip(), deal_amount=amount)
        self.hear(await self.news())

    # -- what is true -----------------------------------------------------------------

    @property
    def said(self) -> str:
        return "\n".join(f"{reply.text}\n{reply.footer}" for reply in self.heard)

    @property
    def labels(self) -> list[str]:
        return [choice.label for reply in self.heard for choice in reply.choices]

    async def says(self, text: str) -> None:
        assert text in self.said, f"does not say {text!r}:\n{self.said}"

    async def says_not(self, text: str) -> None:
        assert text not in self.said, f"says {text!r}:\n{self.said}"

    async def offers(self, label: str) -> None:
        assert label in self.labels, f"no button {label!r} among {self.labels}"

    async def offers_not(self, label: str) -> None:
        assert label not in self.labels, f"a button {label!r}"

    async def counts(self, text: str) -> None:
        assert len(self.heard) == int(text), f"{len(self.heard)} replies:\n{self.said}"

    async def stored(self, text: str) -> None:
        what, _, count = text.partition(" ")
        found = await self.scalar(COUNTED[what])
        assert found == int(count), f"{what}: {found}"

    async def remembers(self, text: str) -> None:
        name, _, pattern = text.partition(" ")
        found = re.search(pattern, self.said)
        assert found, f"nothing like {pattern} in:\n{self.said}"
        self.names[name] = found[1]

    async def scalar(self, query: Any) -> Any:
        async with self.database.unit_of_work(read_only=True) as work:
            return (await work.session.exec(query)).one()


KINDS: Mapping[str, Callable[[Stage, str], Awaitable[None]]] = {
    "U": Stage.types,
    "U*": Stage.types_long,
    "E": Stage.edits,
    "D": Stage.presses,
    "O": Stage.presses_old,
    "F": Stage.photographs,
    "L": Stage.locates,
    "S": Stage.sends,
    "X": Stage.again,
    "C": Stage.elsewhere,
    "T": Stage.waits,
    "H": Stage.restarts,
    "W": Stage.officer,
    "B": Stage.says,
    "!B": Stage.says_not,
    "K": Stage.offers,
    "!K": Stage.offers_not,
    "N": Stage.counts,
    "A": Stage.stored,
    "V": Stage.remembers,
}

CHECKS = frozenset({"B", "!B", "K", "!K", "N", "A"})
"""Lines that say what must be true."""
