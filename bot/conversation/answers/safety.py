"""First things first: danger, numbers that must not be told, and what cannot be read."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.conversation.answers.phrasing import Phrasing
from bot.conversation.turn.events import Edited, Pictured, Said, Unread, Unreadable
from bot.conversation.turn.replies import Reply, Turn
from bot.conversation.turn.scene import Scene
from knowledge.entities.masking import mask

MAX_TEXT = 4096
"""Characters of one message that are read: the limit of a Telegram message, held for every channel."""

_MASK = re.compile(r"\[[a-z]+\]")


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
            masked = mask(text[:MAX_TEXT])
            clean: Said | Edited | Pictured = replace(event, text=_rest(masked.text) if masked.kinds else masked.text)
        case Pictured(caption=caption):
            masked = mask(caption[:MAX_TEXT])
            clean = replace(event, caption=_rest(masked.text) if masked.kinds else masked.text)
        case _:
            return scene, ()
    warnings = (scene.reply("veilig.geen_nummers"),) if masked.kinds else ()
    return replace(scene, event=clean), warnings


def words_under_file(scene: Scene) -> tuple[Scene, tuple[Reply, ...]]:
    """The words under a file that cannot be read, as if they were typed, and what is said of the file."""
    event = scene.event
    if not isinstance(event, Unread) or not event.caption.strip():
        return scene, ()
    said = Said(id=event.id, at=event.at, nonce=event.nonce, text=event.caption)
    return replace(scene, event=said), (_not_read(scene, event.kind),)


def _not_read(scene: Scene, kind: Unreadable) -> Reply:
    key = f"onleesbaar.{kind}"
    return scene.reply(key if scene.knowledge.texts.has(key) else "onleesbaar.other")


def _rest(masked: str) -> str:
    """The masked text, "" where the masks are all there is to it."""
    return masked if any(character.isalnum() for character in _MASK.sub("", masked)) else ""


def unreadable(scene: Scene) -> Turn | None:
    """Stickers, voice and documents: said kindly, with what does work."""
    match scene.event:
        case Unread(kind=kind):
            return scene.turn(_not_read(scene, kind))
        case Edited():
            return scene.turn(scene.reply("onleesbaar.aangepast"))
        case Said() if not scene.text:
            return scene.turn(scene.reply("onleesbaar.leeg"))
    return None
