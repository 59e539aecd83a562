"""What a resident sends that may belong to a plan: words after news about it, and photos outside a form.

Nothing of it is thrown away and nothing goes along by itself: it is held whole in the state
(photos that are in it stay in storage) until the resident has said where it goes.
"""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.answers.questions import courtesy_word, question
from bot.conversation.plans.status import add_choice, can, refusal
from bot.conversation.turn.events import Pictured, Said
from bot.conversation.turn.plan_view import PlanView, Record
from bot.conversation.turn.replies import AddToPlan, DropPhotos, Effect, Reply, Turn
from bot.conversation.turn.scene import Scene
from bot.conversation.turn.state import Held, State
from bot.initiative.draft import MAX_ADDITION, MAX_PHOTOS
from knowledge.entities.masking import mask

ADDABLE = 2
"""Plans offered for a loose photo."""
SHOWN = 280
"""Characters of an answer that are shown back; the whole of it is kept."""


# -- news ---------------------------------------------------------------------------


def news(state: State, record: Record) -> PlanView | None:
    """The plan that the resident heard something about since their last message, and can react to."""
    since = state.met_at
    if since is None:  # then storage need not be asked
        return None
    fresh = [plan for plan in record.plans if plan.told_at is not None and plan.told_at >= since]
    return max((plan for plan in fresh if can(plan, "add")), key=lambda plan: str(plan.told_at), default=None)


def news_first(scene: Scene) -> Scene:
    """After news a "ja" is about that, and no longer about what the bot asked before."""
    state = scene.state
    asked = state.if_yes or state.if_no or state.offer or state.offered or state.pending_topic
    if not asked or news(state, scene.record) is None:
        return scene
    return scene.to(if_yes="", if_no="", offer="", offered=(), pending_topic="")


def after_news(scene: Scene) -> Turn | None:
    """What is typed or photographed right after news is offered as the answer to it, kept whole."""
    if not (isinstance(scene.event, Pictured) or scene.typed):
        return None
    held = scene.state.held
    if held is not None and held.reference and not scene.asks_something():  # goes on where the answer was not done
        return _offered(scene, _more(held, scene), held.reference)
    plan = news(scene.state, scene.record)
    if plan is None or courtesy_word(scene) or (not plan.open_question and scene.asks_something()):
        return None
    return _offered(scene, _more(held or Held(), scene), plan.reference)


def answers_question(scene: Scene) -> Turn | None:
    """Words that mean nothing else, while a question of an officer is open: perhaps the answer to that."""
    if not scene.typed or courtesy_word(scene):
        return None
    asked = next((plan for plan in scene.record.plans if plan.open_question and can(plan, "add")), None)
    if asked is None or scene.knowledge.matcher.match(scene.text, scene.language).kind != "fallback":
        return None
    return _offered(scene, _more(Held(), scene), asked.reference)


def _more(held: Held, scene: Scene) -> Held:
    """What was held, with what this event brings."""
    text = "\n".join(part for part in (held.text, mask(scene.text).text) if part)
    photos = held.photos
    if isinstance(scene.event, Pictured) and scene.event.photo not in photos:
        photos = (*photos, scene.event.photo)
    return held.model_copy(update={"text": text[:MAX_ADDITION], "photos": photos[:MAX_PHOTOS]})


def _offered(scene: Scene, held: Held, reference: str) -> Turn:
    plan = next(plan for plan in scene.record.plans if plan.reference == reference)
    yes = scene.choice("vastgehouden.stuur", f"h:add:{reference}")
    no = scene.choice("vastgehouden.geen_antwoord", "h:nee")
    held = held.model_copy(update={"reference": reference})
    scene = scene.to(held=held, if_yes=yes.data, if_no=no.data)
    shown = held.text if len(held.text) <= SHOWN else f"{held.text[:SHOWN].rstrip()}…"
    photos = scene.say("vastgehouden.met_fotos", aantal=len(held.photos)) if held.photos else ""
    quoted = scene.say("vastgehouden.tekst", tekst=shown) if shown else ""
    told = "\n".join(part for part in (quoted, photos) if part)
    key = "vastgehouden.antwoord" if plan.open_question else "vastgehouden.reactie"
    return scene.turn(scene.reply(key, yes, no, kenmerk=reference, wat=told))


# -- photos -------------------------------------------------------------------------


def loose_photo(scene: Scene) -> Turn | None:
    """A photo outside a form: held, and asked about. A question under it is answered too."""
    if not isinstance(scene.event, Pictured):
        return None
    had = scene.state.held or Held()
    if len(had.photos) >= MAX_PHOTOS:
        refused = scene.reply("plan.foto_te_veel", maximum=MAX_PHOTOS)
        return scene.turn(refused, effects=(DropPhotos((scene.event.photo,)),))
    scene = scene.to(held=_more(had, scene))
    if scene.in_form:
        return scene.turn(scene.reply("vastgehouden.foto_straks"))
    if not scene.text or not _asks(scene):
        return scene.turn(where_to(scene))
    event = scene.event
    asked = replace(scene, event=Said(id=event.id, at=event.at, nonce=event.nonce, text=scene.text))
    turn = question(asked.to(held=scene.state.held))
    return Turn(turn.state, (*turn.replies, where_to(scene)), turn.effects)


def _asks(scene: Scene) -> bool:
    """Whether the words under the photo want an answer, rather than tell what is on it."""
    return "?" in scene.text or scene.knowledge.matcher.match(scene.text, scene.language).kind == "answer"


def where_to(scene: Scene) -> Reply:
    """Asks where what is held belongs."""
    held = scene.state.held or Held()
    adding = [
        replace(add_choice(scene, plan), data=f"h:add:{plan.reference}")
        for plan in scene.record.plans
        if can(plan, "add")
    ]
    new = scene.choice("vastgehouden.nieuw_plan", "h:nieuw")
    away = scene.choice("vastgehouden.weg", "h:weg")
    key = "vastgehouden.fotos" if len(held.photos) > 1 else "vastgehouden.foto"
    return scene.reply(key, *adding[:ADDABLE], new, away, aantal=len(held.photos))


def asked_later(scene: Scene, turn: Turn) -> Turn:
    """After a form in which a photo came that did not belong there: now it is asked about."""
    held, walk = turn.state.held, turn.state.walk
    if scene.state.walk is None or walk is not None or held is None or not held.photos or held.for_plan:
        return turn
    asked = where_to(replace(scene, state=turn.state))
    return Turn(turn.state, (*turn.replies, asked), turn.effects)


def into_draft(state: State) -> State:
    """What was kept for a new plan goes into it as soon as there is one."""
    held, draft = state.held, state.draft
    if held is None or not held.for_plan or draft is None or draft.consent_at is None:
        return state
    photos = (*draft.photos, *(photo for photo in held.photos if photo not in draft.photos))[:MAX_PHOTOS]
    what = draft.what or held.text
    return state.model_copy(update={"held": None, "draft": draft.model_copy(update={"photos": photos, "what": what})})


# -- buttons ------------------------------------------------------------------------


def pressed(scene: Scene, value: str) -> Turn | None:
    """A button "h:…"; None where nothing is held any more."""
    held = scene.state.held
    action, _, reference = value.partition(":")
    if held is None:
        return None
    match action:
        case "add":
            return _added(scene, held, reference)
        case "nee":
            return _elsewhere(scene, held)
        case "weg":
            dropped: tuple[Effect, ...] = (DropPhotos(held.photos),) if held.photos else ()
            return scene.to(held=None).turn(scene.reply("vastgehouden.weggegooid"), effects=dropped)
    return None


def for_new_plan(scene: Scene) -> Scene:
    """The scene in which what is held goes with the plan that is about to be made."""
    held = scene.state.held
    if held is None:
        return scene
    kept = scene.to(held=held.model_copy(update={"for_plan": True, "reference": ""}))
    return replace(kept, state=into_draft(kept.state))


def _added(scene: Scene, held: Held, reference: str) -> Turn:
    refused = refusal(scene, reference, "add")
    if refused is not None:
        return refused
    first, *others = held.photos or ("",)
    effects = (
        AddToPlan(reference, text=held.text, photo=first),
        *(AddToPlan(reference, photo=photo) for photo in others),
    )
    more = scene.choice("status.nog_iets", f"p:add:{reference}")
    done = scene.reply("status.toegevoegd", more, scene.choice("stap.status", "w:status"), kenmerk=reference)
    return scene.to(held=None).turn(done, effects=effects)


def _elsewhere(scene: Scene, held: Held) -> Turn:
    """It was no answer to the news: words are answered as a question, photos asked about."""
    if held.photos:
        scene = scene.to(held=held.model_copy(update={"reference": ""}))
        return scene.turn(where_to(scene))
    event = scene.event
    asked = replace(scene.to(held=None), event=Said(id=event.id, at=event.at, nonce=event.nonce, text=held.text))
    return question(asked)
