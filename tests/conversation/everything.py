"""Every form at every step, and every kind of event: what the tests of the whole machine go through."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, get_args

from bot.conversation.intake.order import CHANGE, CONSENT, RESUME, STEPS, SUMMARY
from bot.conversation.machine import WALKS, respond
from bot.conversation.turn.events import AnyEvent, Edited, Located, Pictured, Pressed, Said, Unread, Unreadable
from bot.conversation.turn.plan_view import PlanStage, PlanView, Record
from bot.conversation.turn.replies import MAX_CHOICE_DATA, JoinWithCode, Turn
from bot.conversation.turn.state import State, Walk
from bot.initiative.draft import PlanDraft
from bot.initiative.lifecycle import STATUSES
from tests.conversation.small import CRITERIA, INSIDE, OUTSIDE, knowledge

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
OPEN, CLOSED, REFUSED = "VB-222-222-222", "VB-333-333-333", "VB-444-444-444"

DRAFT = PlanDraft(title="Bankjes", what="Drie bankjes", consent_at=AT, started_at=AT, photos=("foto-1",))

PLAN_STEPS = (CONSENT, RESUME, *STEPS, SUMMARY, CHANGE)
STEPS_OF: dict[str, tuple[str, ...]] = {
    "plan": PLAN_STEPS,
    "criteria": tuple(question.id for question in CRITERIA.questions),
    "wijk": ("waar",),
    "add": ("wat",),
    "withdraw": ("zeker",),
    "judge": ("eens", "waarom"),
    "evaluate": ("cijfer", "beter4"),
}
"""Kind of form to its steps; a test holds that no form is missing."""

OF_PLAN = {"add": OPEN, "withdraw": OPEN, "judge": REFUSED, "evaluate": CLOSED}
"""The plan that a form of one plan is about."""

TEXTS = (
    "ja", "nee", "terug", "stop", "opnieuw", "overslaan", "weet ik niet", "klaar", "verder", "help", "status", "?", "-",
    "/start", "/plan", "/criteria", "/wijk", "/status", "/privacy", "/taal", "/taal en", "/stop", "/ga", "/x", "/",
    "1401 AB", "1402", "1409", "1012AB", "Oosterwijk", "ik woon in Noorderwijk", "500", "tussen 5 en 10",
    "999999999999", "jo@voorbeeld.nl", "0612345678", "hallo", "dank je wel", "wie is mijn wijkregisseur?",
    "en in Oosterwijk?",
    "wie is de wijkregisseur in Oosterwijk", "wat is het wijkbudget en wie beslist over mijn plan", "111222333",
    "mijn bsn is 111222333", "VB-222-222-222", "VB-999-999-999", "geen van deze", "de tweede", "en hoeveel is dat dan?",
    "x", "{in} %s {0}", "👍", "", "   ", "\n", "asdf qwerty", "een bankje bij de school " * 250,
)  # fmt: skip
DATA = (
    "w:plan", "w:criteria", "w:wijk", "w:status", "w:privacy", "w:taal", "w:x", "t:wijkregisseur", "t:x", "l:en", "l:x",
    "g:Noorderwijk", "g:Oosterwijk 1412", "g:x", "f:up:wijkregisseur", "f:down:x", "f:", "c:stop", "c:terug",
    "c:opnieuw", "c:hervat", "c:help", "c:none", "c:x", "c:privacy_bekijk", "c:privacy_wis",
    "c:privacy_nee", "c:privacy_x", "s:plan:titel:-", "s:plan:samenvatting:ja", "s:criteria:soort:plan", "s:x", "s",
    "", "zzz", "p:elsewhere:" + OPEN, *(f"p:{action}:{OPEN}" for action in (*OF_PLAN, "x")), f"p:add:{CLOSED}",
    f"p:judge:{REFUSED}", f"p:evaluate:{CLOSED}", "p:add:VB-999-999-999", "p:", "é" * 32,
)  # fmt: skip
ERASING = ("c:privacy_wis_ja", "s:plan:verder:opnieuw", "c:opnieuw_ja")
"""Buttons that throw a draft away because somebody asked for it."""


def plan(reference: str, status: str, **more: Any) -> PlanView:
    stages = (PlanStage(at=AT, status="ontvangen"), PlanStage(at=AT, status=status, reason="Omdat het zo is."))
    return PlanView(
        reference=reference,
        title="Bankjes",
        wijk="Noorderwijk",
        status=status,
        holder="de wijkregisseur",
        next_date=date(2026, 11, 24),
        stages=stages,
        draft=DRAFT,
        **more,
    )


RECORD = Record(
    plans=(
        plan(OPEN, "in_gesprek", open_question="Hoeveel bankjes?"),
        plan(CLOSED, "afgerond", may_judge=True, may_evaluate=True),
        plan(REFUSED, "afgewezen", may_judge=True),
        *(plan(f"VB-55{n % 10}-66{n // 10}-777", status) for n, status in enumerate(STATUSES)),
    ),
    kept={"berichten": 3, "fotos": 1, "plannen": 3, "concepten": 1},
    join_code="ABCD-EFGH-JKLM",
)


def state_at(kind: str, step: str, **more: Any) -> State:
    """In a form at a step, with a plan in the making."""
    walk = Walk(kind=kind, step=step, reference=OF_PLAN.get(kind, ""))
    draft = None if step == CONSENT else DRAFT
    return State(greeted=True, language="nl", walk=walk, draft=draft).model_copy(update=more)


def every_state() -> Iterator[tuple[str, State]]:
    yield "new", State()
    yield "idle", State(greeted=True, language="nl")
    yield "english", State(greeted=True, language="en", language_chosen=True, draft=DRAFT)
    offered = State(greeted=True, offered=("wijkbudget", "melding"), question="geld", pending_topic="wijkregisseur")
    yield "offered", offered
    yield "answered", State(greeted=True, topic="wijkregisseur", question="wie", topic_wijk="Oosterwijk")
    yield "old form", State(greeted=True, walk=Walk(kind="weg", step="x"), draft=DRAFT)
    gone = {"wijk": "Weg", "area": "Weg", "topic": "weg", "offered": ("weg",), "pending_topic": "weg"}
    yield "old knowledge", State(greeted=True).model_copy(update=gone)
    for kind, steps in STEPS_OF.items():
        for step in steps:
            yield f"{kind}:{step}", state_at(kind, step)
    yield "interrupted", state_at("wijk", "waar", paused=Walk(kind="plan", step="wanneer"))
    yield (
        "changing",
        state_at("plan", "bedrag").model_copy(update={"walk": Walk(kind="plan", step="bedrag", changing=True)}),
    )
    yield "step that is gone", state_at("plan", "weg")
    yield "question that is gone", state_at("criteria", "weg")
    yield (
        "plan that is gone",
        state_at("add", "wat").model_copy(update={"walk": Walk(kind="add", step="wat", reference="VB-999-999-999")}),
    )


def every_event(nonce: str = "0f" * 16) -> Iterator[AnyEvent]:
    common: dict[str, Any] = {"id": "1", "at": AT, "nonce": nonce}
    for text in TEXTS:
        yield Said(**common, text=text)
        yield Edited(**common, text=text)
    for data in (*DATA, *ERASING):
        yield Pressed(**common, data=data)
    for place in (INSIDE, OUTSIDE, (90.0, 180.0)):
        yield Located(**common, latitude=place[0], longitude=place[1])
    for caption in ("", "bij de vijver", "wie is mijn wijkregisseur?", "111222333"):
        yield Pictured(**common, photo="foto-2", caption=caption)
    for kind in get_args(Unreadable):
        yield Unread(**common, kind=kind)


def met(state: State, event: AnyEvent, record: Record = RECORD) -> Turn:
    """The turn, after what must be true of every turn was looked at."""
    turn = respond(State.load(state.to_json()), event, knowledge(), record)
    answered = turn.replies or any(isinstance(effect, JoinWithCode) for effect in turn.effects)
    assert answered, "no reply"  # the service says whether a code worked
    for reply in turn.replies:
        assert reply.text.strip()
        assert "{" not in reply.text or "{in}" in reply.text, reply.text
        for choice in reply.choices:
            assert choice.label.strip()
            assert choice.url or 0 < len(choice.data.encode()) <= MAX_CHOICE_DATA
    assert turn.state.greeted or turn.replies[0].topic == "spoed"
    assert turn.state.walk is None or turn.state.walk.kind in WALKS
    assert State.load(turn.state.to_json()) == turn.state
    return turn
