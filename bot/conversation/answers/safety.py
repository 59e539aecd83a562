"""First things first: danger, numbers that must not be told, and what cannot be read."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.conversation.turn.events import Edited, Pictured, Pressed, Said, Unread
from bot.conversation.turn.phrasing import Phrasing
from bot.conversation.turn.replies import Choice, DropPhotos, Reply, Turn
from bot.conversation.turn.scene import Scene
from knowledge.entities.masking import mask
from knowledge.language.normalise import cut

MAX_TEXT = 4096
"""Characters of one message that are read: the limit of a Telegram message, held for every channel."""

GO_ON = "c:hervat"
URGENT = "nood"
"""The emergency number, by its key in ``noodnummers.csv``."""

_MASK = re.compile(r"\[[a-z]+\]")


def short(scene: Scene) -> Scene:
    """The scene with no more text than a message can hold, counted as it is once evened.

    The first thing of all: a sign may stand for eighteen letters, and everything after this reads each.
    """
    match scene.event:
        case Said(text=text) | Edited(text=text):
            kept = cut(text, MAX_TEXT)
            return scene if kept == text else replace(scene, event=replace(scene.event, text=kept))
        case Pictured(caption=caption):
            kept = cut(caption, MAX_TEXT)
            return scene if kept == caption else replace(scene, event=replace(scene.event, caption=kept))
    return scene


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
            masked = mask(text)
            clean: Said | Edited | Pictured = replace(event, text=_rest(masked.text) if masked.kinds else masked.text)
        case Pictured(caption=caption):
            masked = mask(caption)
            clean = replace(event, caption=_rest(masked.text) if masked.kinds else masked.text)
        case _:
            return scene, ()
    warnings = (scene.reply("veilig.geen_nummers"),) if masked.kinds else ()
    return replace(scene, event=clean), warnings


def _rest(masked: str) -> str:
    """The masked text, "" where the masks are all there is to it."""
    return masked if any(character.isalnum() for character in _MASK.sub("", masked)) else ""


def unreadable(scene: Scene) -> Turn | None:
    """Stickers, voice and documents: said kindly, with what does work."""
    match scene.event:
        case Unread(kind=kind):
            key = f"onleesbaar.{kind}"
            return scene.turn(scene.reply(key if scene.knowledge.texts.has(key) else "onleesbaar.other"))
        case Edited():
            return scene.turn(scene.reply("onleesbaar.aangepast"))
        case Said() if not scene.text:
            return scene.turn(scene.reply("onleesbaar.leeg"))
    return None
