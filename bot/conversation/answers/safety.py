"""First things first: danger, numbers that must not be told, and what cannot be read."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.conversation.plans.status import add_choice, can
from bot.conversation.turn.events import Edited, Pictured, Said, Unread
from bot.conversation.turn.phrasing import Phrasing
from bot.conversation.turn.replies import Reply, Turn
from bot.conversation.turn.scene import Scene
from knowledge.entities.masking import mask
from knowledge.language.normalise import cut

MAX_TEXT = 4096
"""Characters of one message that are read: the limit of a Telegram message, held for every channel."""
ADDABLE = 2
"""Plans offered under a loose photo."""

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
    reply = Reply(Phrasing(scene).render(scene.translated(found.answer)), language=scene.language, topic="spoed")
    if scene.state.walk is None:
        return scene.turn(reply)
    go_on, leave = scene.choice("stappen.verder", "c:hervat"), scene.choice("stappen.stop", "c:stop")
    return scene.turn(reply, scene.reply("stappen.na_gevaar", go_on, leave))


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
