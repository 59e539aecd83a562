"""What the bot answers with: a topic, a choice between topics, or an honest "I do not know"."""

from __future__ import annotations

import re

from bot.conversation.turn.choices import topic_choice
from bot.conversation.turn.phrasing import Phrasing
from bot.conversation.turn.replies import Choice, NoteUnanswered, Reply, Turn
from bot.conversation.turn.scene import Scene
from knowledge.entities.masking import mask
from knowledge.language.normalise import words
from knowledge.models.content import Topic
from knowledge.places.places import Place

_MASK = re.compile(r"\[[a-z]+\]")
"""What ``mask`` leaves of a number or address."""
MAX_CHOICES = 3
PATIENCE = 2
"""Questions in a row without an answer after which the bot says that a person is the better way."""


def menu(scene: Scene) -> tuple[Choice, ...]:
    """The most wanted things."""
    steps = ("plan", "criteria", "wijk", "status")
    return tuple(scene.choice(f"stap.{step}", f"w:{step}") for step in steps)


def answer_topic(scene: Scene, topic_id: str, *, place: Place | None = None, question: str = "") -> Turn:
    """The answer of a topic, for a named place or else for the resident's own wijk.

    ``question``: what the resident asked, for the thumbs under the answer. In the middle of a
    form nothing is asked besides: the form's own question follows.
    """
    topic = scene.knowledge.topics[topic_id]
    wijk, area = (place.wijk, place.area) if place else (scene.state.wijk, scene.state.area)
    own = wijk == scene.state.wijk and area == scene.state.area
    body = topic.answer_wijk if wijk and topic.answer_wijk is not None else topic.answer
    asking = topic.asks_wijk and not wijk and not scene.in_form
    scene = scene.to(
        topic=topic.id,
        topic_wijk="" if own else wijk,
        topic_area="" if own else area,
        question=mask(question, contacts=True).text,
        offered=(),
        misses=0,
        pending_topic=topic.id if asking else "",
    )
    reply = Reply(
        Phrasing(scene, wijk, area).render(scene.translated(body)),
        choices=_choices_under(scene, topic, wijk),
        footer=scene.say("antwoord.bron", bron=topic.source, datum=f"{topic.checked:%d-%m-%Y}"),
        language=scene.language,
        topic=topic.id,
    )
    if not asking:
        return scene.turn(reply)
    return scene.turn(reply, scene.reply("wijk.vraag", wants=frozenset({"location"})))


def _choices_under(scene: Scene, topic: Topic, wijk: str) -> tuple[Choice, ...]:
    """What one can do next; in a form only what belongs to the answer, for there the form goes on."""
    see_also = [topic_choice(scene, other) for other in topic.see_also[:MAX_CHOICES]]
    if scene.in_form:
        ask_wijk = [scene.choice("stap.wijk", "w:wijk")] if topic.asks_wijk and not wijk else []
        return (*ask_wijk, *see_also)
    step = [] if not topic.step else [scene.choice(f"stap.{topic.step}", f"w:{topic.step}")]
    if not scene.state.question:
        return (*step, *see_also)
    up = scene.choice("antwoord.duim_op", f"f:up:{topic.id}")
    down = scene.choice("antwoord.duim_neer", f"f:down:{topic.id}")
    return (*step, *see_also, up, down)


def offer(scene: Scene, topics: tuple[str, ...]) -> Turn:
    """Asks which of at most three topics was meant."""
    topics = topics[:MAX_CHOICES]
    scene = scene.to(offered=topics, question=mask(scene.text, contacts=True).text)
    choices = [topic_choice(scene, topic) for topic in topics]
    return scene.turn(scene.reply("antwoord.welke", *choices, scene.choice("antwoord.geen_van_deze", "c:none")))


def fall_back(scene: Scene, question: str = "") -> Turn:
    """Honest: not known, noted for the editors, and the next step. After two in a row a person is offered first."""
    asked = mask(question or scene.text, contacts=True).text
    scene = scene.to(misses=scene.state.misses + 1, offered=(), question="")
    effects = (NoteUnanswered(asked, scene.language),) if words(_MASK.sub("", asked)) else ()
    if scene.in_form:  # the form's own question follows
        return scene.turn(scene.reply("antwoord.weet_ik_niet_kort"), effects=effects)
    key = "antwoord.weet_ik_niet" if scene.state.misses < PATIENCE else "antwoord.weer_niet"
    return scene.turn(scene.reply(key, *menu(scene)), effects=effects)


WANTED = ("wijkregisseur", "wijkbudget")
"""Topics in the greeting, where the municipality has them."""


def welcome(scene: Scene) -> Reply:
    """The greeting: a bot, what it can do, how to reach a person, the most wanted things."""
    wanted = [topic_choice(scene, topic) for topic in WANTED if topic in scene.knowledge.topics]
    languages = scene.knowledge.gemeente.languages
    other = [Choice(name, f"l:{code}") for code, name in languages.items() if code != scene.language]
    return scene.reply("groet.welkom", *menu(scene), *wanted, *other)


def offering_draft(scene: Scene, turn: Turn) -> Turn:
    """The turn, with the half-finished plan offered again to somebody who comes back."""
    draft = scene.state.draft
    if draft is None or scene.in_form:
        return turn
    go_on = scene.choice("stappen.verder", "c:hervat")
    offer = scene.reply("stappen.half_plan", go_on, titel=draft.title or scene.say("stappen.zonder_titel"))
    return Turn(turn.state.model_copy(update={"if_yes": go_on.data}), (*turn.replies, offer), turn.effects)
