"""Buttons: what each kind of ``Choice.data`` does, the stale ones included."""

from __future__ import annotations

from bot.conversation.answers import topics
from bot.conversation.answers.own_wijk import place_of_area, settle_place
from bot.conversation.commands import Walks, run, set_language, then_ask
from bot.conversation.intake.order import KIND as PLAN
from bot.conversation.intake.order import SUMMARY
from bot.conversation.plans import privacy, status
from bot.conversation.turn.events import Pressed
from bot.conversation.turn.replies import RateAnswer, Turn
from bot.conversation.turn.scene import Scene


def pressed(scene: Scene, walks: Walks) -> Turn | None:
    """A button that is no step of the form in progress; None for those and for events without a button."""
    if not isinstance(scene.event, Pressed):
        return None
    walk = scene.state.walk
    kind, _, value = scene.data.partition(":")
    if kind == "s" and walk is not None and scene.data.startswith(f"s:{walk.kind}:"):
        return None
    if kind == "g" and walk is not None and walk.kind == "wijk":
        return None
    return _anywhere(scene, walks, kind, value) or _stale(scene, walks)


def _anywhere(scene: Scene, walks: Walks, kind: str, value: str) -> Turn | None:
    """What a button means wherever it is pressed; None for one that means nothing (any more)."""
    match kind:
        case "t" if value in scene.knowledge.topics:
            return then_ask(scene, _topic(scene, value), walks)
        case "w" if value in ("status", "privacy", "taal") or value in walks:
            return run(scene, walks, value)
        case "l" if value in scene.knowledge.gemeente.languages:
            return then_ask(scene, set_language(scene, value), walks)
        case "g":
            return then_ask(scene, settle_place(scene, place_of_area(scene, value)), walks)
        case "f":
            return then_ask(scene, rate(scene, value), walks)
        case "p":
            return status.pressed(scene, value, walks)
        case "c":
            return _control(scene, walks, value)
    return None


def _topic(scene: Scene, topic: str) -> Turn:
    """A choice between topics answers what was asked; any other topic button is a question by itself."""
    title = scene.translated(scene.knowledge.topics[topic].title)
    question = scene.state.question if topic in scene.state.offered else title
    return topics.answer_topic(scene, topic, question=question)


def _control(scene: Scene, walks: Walks, value: str) -> Turn | None:
    walk = scene.state.walk
    if value == "opnieuw_ja" and walk is not None:
        return walks[walk.kind].restart(scene)
    if value == "none" and scene.state.offered:
        return then_ask(scene, topics.fall_back(scene, scene.state.question), walks)
    if value.startswith("join:"):
        return status.join(scene, value.removeprefix("join:"))
    if value.startswith("privacy"):
        turn = privacy.pressed(scene, value)
        if turn is None or turn.state.if_yes:  # a form's question after this one would take its yes
            return turn
        return then_ask(scene, turn, walks)
    return run(scene, walks, value)


def rate(scene: Scene, value: str) -> Turn:
    """Thumbs under the last answer; thanks, and after a thumb down a way to a person."""
    way, _, topic = value.partition(":")
    state = scene.state
    if way not in ("up", "down") or not state.question or topic != state.topic:
        return scene.turn(scene.reply("antwoord.duim_te_laat"))
    effect = RateAnswer(topic, state.question, way == "up", scene.language)
    key = "antwoord.duim_dank" if way == "up" else "antwoord.duim_jammer"
    scene = scene.to(question="")
    return scene.turn(scene.reply(key), effects=(effect,))


def _stale(scene: Scene, walks: Walks) -> Turn:
    """A button of an earlier question: said kindly, and the present question or the menu again."""
    if scene.state.walk is not None:
        return then_ask(scene, scene.turn(scene.reply("stappen.oude_knop")), walks)
    if scene.data.startswith(f"s:{PLAN}:{SUMMARY}:") and scene.record.plans:  # "send" was pressed twice
        return scene.turn(scene.reply("stappen.al_verstuurd", scene.choice("stap.status", "w:status")))
    return scene.turn(scene.reply("stappen.oude_knop", *topics.menu(scene)))
