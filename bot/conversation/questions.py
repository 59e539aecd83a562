"""What is left after commands and forms: a question, in words or with a button in mind."""

from __future__ import annotations

from bot.conversation import answer, places, safety
from bot.conversation.replies import Turn
from bot.conversation.walk import Scene


def question(scene: Scene) -> Turn:
    """Answers; always a turn, for this is the last part of the machine."""
    picked = _pick_offered(scene)
    if picked:
        return answer.answer_topic(scene, picked, question=scene.state.question)
    if not scene.text:
        return scene.turn(scene.reply("antwoord.niet_begrepen", *answer.menu(scene)))
    return answer.answer_question(scene)


def aside(scene: Scene) -> Turn:
    """What was said in the middle of a form and is no answer to its step."""
    turn = safety.unreadable(scene) or places.located_aside(scene)
    return turn if turn is not None else question(scene)


def _pick_offered(scene: Scene) -> str:
    """The topic meant by "1", "de tweede" or "laatste" after a choice; "" if none."""
    offered = scene.state.offered
    for index, topic in enumerate(offered):
        if scene.means(f"keuze_{index + 1}"):
            return topic
    return offered[-1] if offered and scene.means("keuze_laatste") else ""
