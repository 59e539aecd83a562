"""First things first: danger, numbers that must not be told, and what cannot be read."""

from __future__ import annotations

from dataclasses import replace

from knowledge.personal import mask

from bot.conversation.events import Edited, Pictured, Said, Unread
from bot.conversation.phrasing import Phrasing
from bot.conversation.replies import Choice, Reply, Turn
from bot.conversation.status import add_choice
from bot.conversation.walk import Scene

MAX_TEXT = 4096
"""Characters of one message that are read: the limit of a Telegram message, held for every channel."""


def danger(scene: Scene) -> Turn | None:
    """Emergency, violence, despair, gas: the number to call, before anything else.

    A form in progress stays where it was, so that it can be gone on with afterwards.
    """
    if not scene.text:
        return None
    found = scene.knowledge.dangers.find(scene.text)
    if found is None:
        return None
    answer = found.answer.get(scene.language) or found.answer[scene.knowledge.gemeente.original]
    reply = Reply(Phrasing(scene).render(answer), language=scene.language, topic="spoed")
    if scene.state.walk is None:
        return scene.turn(reply)
    return scene.turn(
        reply,
        scene.reply(
            "stappen.na_gevaar", scene.choice("stappen.verder", "c:hervat"), scene.choice("stappen.stop", "c:stop")
        ),
    )


def without_private_numbers(scene: Scene) -> tuple[Scene, tuple[Reply, ...]]:
    """The scene with BSN, IBAN and card numbers taken out of the text, and why, where there were any."""
    event = scene.event
    match event:
        case Said(text=text) | Edited(text=text):
            masked = mask(text[:MAX_TEXT])
            clean: Said | Edited | Pictured = replace(event, text=masked.text)
        case Pictured(caption=caption):
            masked = mask(caption[:MAX_TEXT])
            clean = replace(event, caption=masked.text)
        case _:
            return scene, ()
    warnings = (scene.reply("veilig.geen_nummers"),) if masked.kinds else ()
    return Scene(scene.state, clean, scene.knowledge, scene.record), warnings


def unreadable(scene: Scene) -> Turn | None:
    """Stickers, voice, documents and loose photos: said kindly, with what does work."""
    match scene.event:
        case Unread(kind=kind):
            key = f"onleesbaar.{kind}"
            known = scene.knowledge.texts.has(key)
            return scene.turn(scene.reply(key if known else "onleesbaar.other"))
        case Pictured(caption=""):
            plan = scene.choice("stap.plan", "w:plan")
            return scene.turn(scene.reply("onleesbaar.losse_foto", plan, *_add_choices(scene)))
        case Edited():
            return scene.turn(scene.reply("onleesbaar.aangepast"))
        case Said(text=text) if not text.strip():
            return scene.turn(scene.reply("onleesbaar.leeg"))
    return None


def _add_choices(scene: Scene) -> tuple[Choice, ...]:
    return tuple(add_choice(scene, plan) for plan in scene.record.plans[:2])
