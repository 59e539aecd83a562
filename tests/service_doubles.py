"""A conversation of a few words, notices that are easy to count, and a service made of them.

The service is tested with these because it must work with any pure ``respond``; that the
real one fits is tested as well.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any, cast
from uuid import uuid4

from bot.conversation import machine
from bot.conversation.turn.events import AnyEvent, Pictured, Pressed, Said
from bot.conversation.turn.plan_view import Record
from bot.conversation.turn.replies import (
    AddToPlan,
    Choice,
    ContinueElsewhere,
    DropPhotos,
    Effect,
    EraseEverything,
    Evaluate,
    JoinWithCode,
    JudgeOutcome,
    NoteUnanswered,
    RateAnswer,
    Reply,
    SubmitPlan,
    Turn,
    WithdrawPlan,
)
from bot.conversation.turn.state import State
from bot.initiative.draft import PlanDraft
from bot.initiative.record import Change, PlanPhoto, PlanRecord
from bot.office.handling.office import Office, nothing_to_prepare, utc_now
from bot.office.notices import Notice, Notices, ResidentNews
from bot.office.officers.links import Links
from bot.office.officers.rules import Rules
from bot.ports.backend import Outgoing as Sendable
from bot.service.officers import OfficerService
from bot.service.residents import ResidentService, Respond, nowhere
from knowledge.base import Knowledge
from knowledge.entities import masking
from knowledge.models.content import Facts, Gemeente, Texts
from knowledge.models.requirements import Criteria
from storage.database import Database
from storage.unit_of_work import UnitOfWork

OFFICER = "officer@example.invalid"
SECRET = "a secret that is long enough for tests"


def small_knowledge() -> Knowledge:
    """What the service itself looks at; the rest is never asked."""
    terms = {
        "eerste_reactie_werkdagen": 2,
        "vervolg_werkdagen": 10,
        "besluit_weken": 13,
        "uitvoering_weken": 13,
        "oneens_dagen": 14,
        "bewaar_gesprek_dagen": 90,
        "bewaar_plan_dagen": 730,
    }
    nothing = cast("Any", None)
    return Knowledge(
        gemeente=Gemeente("Voorbeeld", "14 000", "example.invalid", {"nl": "Nederlands"}, terms),
        topics={},
        facts=Facts({}, {}, (), (), {"Zuid": 10_000, "Oost": 5_000}, {}),
        texts=Texts({"nl": {"status.join_gelukt": "gelukt", "status.join_mislukt": "mislukt"}}, "nl"),
        criteria=Criteria((), (), {}, ""),
        places=nothing,
        matcher=nothing,
        dangers=nothing,
    )


def respond(state: State, event: AnyEvent, knowledge: Knowledge, record: Record, /) -> Turn:
    """Counts events in ``misses``, keeps photos in the draft, and does what the first word says."""
    state = state.model_copy(update={"misses": state.misses + 1, "language": "nl"})
    if isinstance(event, Pictured):
        return _pictured(state, event)
    if isinstance(event, Pressed):
        plans = ", ".join(f"{plan.title}: {plan.status}" for plan in record.plans)
        return Turn(state, (Reply(f"plannen: {plans}"),))
    word, _, rest = (event.text if isinstance(event, Said) else "").partition(" ")
    effect = _effect(word, rest, state, event, record)
    said = Reply(f"{state.misses}: {word}", (Choice("Mijn plannen", "w:status"),))
    if word == "indienen":
        state = state.model_copy(update={"draft": None})
    if word == "elders":
        said = Reply(record.join_code)
    if word == "wis":
        state = State(language="nl")
    return Turn(state, (said, Reply("tot zo")), (effect,) if effect is not None else ())


def _pictured(state: State, event: Pictured) -> Turn:
    draft = state.draft or PlanDraft()
    if event.caption != "nee":
        draft = draft.model_copy(update={"photos": (*draft.photos, event.photo)})
    return Turn(state.model_copy(update={"draft": draft}), (Reply("foto"),))


def _effect(word: str, rest: str, state: State, event: AnyEvent, record: Record) -> Effect | None:
    own = record.plans[0].reference if record.plans else ""
    photos = state.draft.photos if state.draft is not None else ()
    draft = PlanDraft(
        title=rest,
        what="Een bankje",
        wijk="Zuid",
        area="Zuid",
        amount=1500,
        photos=photos,
        name="Sam Smit",
        email="sam@example.invalid",
        by_chat=True,
    )
    effects: Mapping[str, Callable[[], Effect]] = {
        "indienen": lambda: SubmitPlan(f"HV-{event.nonce[:9]}".upper(), draft, "nl"),
        "toevoegen": lambda: AddToPlan(own, text=rest),
        "ander": lambda: AddToPlan(rest, text="van een ander"),
        "intrekken": lambda: WithdrawPlan(own, rest),
        "eens": lambda: JudgeOutcome(own, agreed=True),
        "oneens": lambda: JudgeOutcome(own, agreed=False, reason=rest),
        "cijfer": lambda: Evaluate(own, int(rest), "fijn"),
        "elders": ContinueElsewhere,
        "/ga": lambda: JoinWithCode(rest),
        "weg": lambda: DropPhotos((rest,)),
        "wis": EraseEverything,
        "raar": lambda: NoteUnanswered(rest, "nl"),
        "duim": lambda: RateAnswer("wijkbudget", rest, good=False, language="nl"),
    }
    return effects[word]() if word in effects else None


def wholly(record: Record) -> Record:
    """Look at every part, so that all of them are read."""
    assert record.plans is not None
    assert record.kept is not None
    assert record.thermometers is not None
    return record


class CountedNotices:
    """One e-mail per notice, to one officer."""

    def compose(self, plan: PlanRecord, photos: Sequence[PlanPhoto]) -> Sequence[Notice]:
        payload = {"subject": f"Plan {plan.reference}", "text": plan.title, "photos": [p.id for p in photos]}
        return [Notice("email", OFFICER, payload, f"plan:{plan.reference}:{OFFICER}")]

    def officer_update(self, plan: PlanRecord, change: Change, photos: Sequence[PlanPhoto]) -> Sequence[Notice]:
        text = f"{change.kind} {change.to_status} {change.reason}{change.note}".strip()
        payload = {"subject": f"Plan {plan.reference}", "text": f"{text} {plan.title}".strip()}
        return [Notice("email", OFFICER, payload, f"change:{change.id}:{OFFICER}")]

    def resident_update(self, plan: PlanRecord, change: Change) -> ResidentNews:
        reply = Reply(f"{plan.title} is nu {change.to_status}. {change.reason}".strip())
        mail = Notice("email", plan.draft.email, {"subject": "Uw plan"}, f"news:{change.id}")
        return ResidentNews(reply, (mail,) if not plan.channel else ())


class Service(ResidentService, OfficerService):
    """Both sides over one office, for tests in which residents and officers meet."""

    def __init__(
        self,
        database: Database,
        knowledge: Callable[[], Knowledge],
        *,
        notices: Notices,
        links: Links,
        rules: Rules | None = None,
        respond: Respond = machine.respond,
        mask: Callable[[str], str] = lambda text: masking.mask(text).text,
        pushed: frozenset[str] = frozenset({"telegram"}),
        greeting: frozenset[str] = frozenset({"web"}),
        prepare: Callable[[UnitOfWork], Awaitable[None]] = nothing_to_prepare,
        links_to: Callable[[str], Sequence[str]] = nowhere,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.office = Office(database, knowledge, notices, rules=rules, pushed=pushed, prepare=prepare, clock=clock)
        OfficerService.__init__(self, self.office, links)
        ResidentService.__init__(self, self.office, respond=respond, mask=mask, greeting=greeting, links_to=links_to)


def make_service(
    database: Database,
    clock: Callable[[], datetime],
    *,
    respond: Respond = respond,
    rules: Rules | None = None,
    mask: Callable[[str], str] = lambda text: text.replace("123456782", "…"),
) -> Service:
    return Service(
        database,
        small_knowledge,
        notices=CountedNotices(),
        links=Links(SECRET, clock),
        rules=rules,
        respond=respond,
        mask=mask,
        greeting=frozenset(),
        clock=clock,
    )


_numbers = count(1)


def said(text: str, event_id: str = "") -> Said:
    at = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    return Said(id=event_id or str(next(_numbers)), at=at, nonce=uuid4().hex, text=text)


class Recorder:
    """A sender that takes everything and remembers it."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        """Address and text, in order."""

    async def send(self, message: Sendable) -> None:
        self.sent.append((message.address, text_of(message.payload)))


def text_of(payload: Mapping[str, Any]) -> str:
    return str(payload["reply"]["text"] if "reply" in payload else payload["text"])
