"""First things first: danger, numbers that must not be told, and what cannot be read."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.conversation.answers.phrasing import Phrasing
from bot.conversation.plans.status import add_choice, can
from bot.conversation.turn.events import Edited, Pictured, Pressed, Said, Unread
from bot.conversation.turn.replies import Choice, DropPhotos, Reply, Turn
from bot.conversation.turn.scene import Scene
from knowledge.entities.masking import mask

MAX_TEXT = 4096
"""Characters of one message that are read: the limit of a Telegram message, held for every channel."""
ADDABLE = 2
"""Plans offered under a loose photo."""

GO_ON = "c:hervat"
URGENT = "nood"
"""The emergency number, by its key in ``noodnummers.csv``."""

_MASK = re.compile(r"\[[a-z]+\]")


def danger(scene: Scene) -> Turn | None:
    """Emergency, violence, despair, gas: the number to call, before anything else.

    A form in progress stays where it was, so that it can be gone on with afterwards.
    """
    found = scene.knowledge.dangers.find(scene.text) if scene.text else None
    if found is None:
        return None
    scene = scene.to(alarm=found.id, since_alarm=0)
    reply = Reply(Phrasing(scene).render(scene.translated(found.answer)), language=scene.language, topic="spoed")
    if scene.state.walk is None:
        return scene.turn(reply)
    return scene.turn(reply, scene.reply("stappen.na_gevaar", *_ways_on(scene)))


def possible(scene: Scene) -> tuple[Reply, ...]:
    """Where it is not sure that there is danger the number stands above the answer, and nothing else changes."""
    found = scene.knowledge.dangers.doubt(scene.text) if scene.text else None
    if found is None:
        return ()
    urgent = scene.knowledge.facts.emergency.get(URGENT, "")
    key = "gevaar_daarna.misschien" if found.number in ("", urgent) else "gevaar_daarna.misschien_ook"
    return (scene.reply(key, nummer=found.number, nood=urgent),)


def _ways_on(scene: Scene) -> tuple[Choice, ...]:
    leave = (scene.choice("stappen.stop", "c:stop"),) if scene.in_form else ()
    return (scene.choice("stappen.verder", GO_ON), *leave)


def after_alarm(scene: Scene) -> Turn | None:
    """After an alarm the bot stays with it, short, and repeats the number, until *verdergaan* is chosen.

    Outside a form a question that the knowledge can answer goes on by itself, and so does a greeting.
    """
    event = scene.event
    if not scene.state.alarm or isinstance(event, Unread | Edited):
        return None
    if isinstance(event, Pressed) and not (event.data.startswith("s:") and scene.in_form):
        return None
    if not scene.in_form and scene.typed and _is_about_something_else(scene):
        return None
    dropped = (DropPhotos((event.photo,)),) if isinstance(event, Pictured) else ()
    scene = scene.to(since_alarm=scene.state.since_alarm + 1)
    return scene.turn(_staying(scene), effects=dropped)


def _is_about_something_else(scene: Scene) -> bool:
    return scene.means("groet") or scene.knowledge.matcher.match(scene.typed, scene.language).kind == "answer"


def _staying(scene: Scene) -> Reply:
    """Warm and short; not the same words twice in a row."""
    again = "_weer" if scene.state.since_alarm % 2 == 0 else ""
    own = f"gevaar_daarna.{scene.state.alarm}{again}"
    key = own if scene.knowledge.texts.has(own) else f"gevaar_daarna.algemeen{again}"
    numbers = {danger.id: danger.number for danger in scene.knowledge.dangers.all}
    urgent = scene.knowledge.facts.emergency.get(URGENT, "")
    number = numbers.get(scene.state.alarm) or urgent
    return scene.reply(key, *_ways_on(scene), nummer=number, nood=urgent)


def calmed(scene: Scene) -> Scene:
    """The alarm is over once the resident chose something else."""
    return scene.to(alarm="", since_alarm=0) if scene.state.alarm else scene


def without_private_numbers(scene: Scene) -> tuple[Scene, tuple[Reply, ...]]:
    """The scene with BSN, IBAN and card numbers taken out of the text, and why, where there were any.

    A message that was nothing else is left empty.
    """
    event = scene.event
    match event:
        case Said(text=text) | Edited(text=text):
            masked = mask(text[:MAX_TEXT])
            clean: Said | Edited | Pictured = replace(event, text=_rest(masked.text) if masked.kinds else masked.text)
        case Pictured(caption=caption):
            masked = mask(caption[:MAX_TEXT])
            clean = replace(event, caption=_rest(masked.text) if masked.kinds else masked.text)
        case _:
            return scene, ()
    warnings = (scene.reply("veilig.geen_nummers"),) if masked.kinds else ()
    return replace(scene, event=clean), warnings


def _rest(masked: str) -> str:
    """The masked text, "" where the masks are all there is to it."""
    return masked if any(character.isalnum() for character in _MASK.sub("", masked)) else ""


def unreadable(scene: Scene) -> Turn | None:
    """Stickers, voice, documents and loose photos: said kindly, with what does work."""
    match scene.event:
        case Unread(kind=kind):
            key = f"onleesbaar.{kind}"
            return scene.turn(scene.reply(key if scene.knowledge.texts.has(key) else "onleesbaar.other"))
        case Pictured() if not scene.text:
            return scene.turn(loose_photo(scene))
        case Edited():
            return scene.turn(scene.reply("onleesbaar.aangepast"))
        case Said() if not scene.text:
            return scene.turn(scene.reply("onleesbaar.leeg"))
    return None


def loose_photo(scene: Scene) -> Reply:
    """A photo that belongs to nothing is not kept; what it could belong to is offered."""
    if scene.in_form:
        return scene.reply("onleesbaar.foto_hier_niet")
    adding = tuple(add_choice(scene, plan) for plan in scene.record.plans if can(plan, "add"))[:ADDABLE]
    return scene.reply("onleesbaar.losse_foto", scene.choice("stap.plan", "w:plan"), *adding)
