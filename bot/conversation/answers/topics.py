"""What the bot answers with: a topic, a choice between topics, or an honest "I do not know".

An answer is a core of two or three sentences; "Meer lezen" gives the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.conversation.turn.choices import topic_choice
from bot.conversation.turn.phrasing import Phrasing
from bot.conversation.turn.replies import Choice, NoteUnanswered, Reply, Turn
from bot.conversation.turn.scene import Scene
from bot.initiative.summary import deciders
from knowledge.entities.masking import mask
from knowledge.language.formatting import show_day, show_euro
from knowledge.language.normalise import words
from knowledge.models.content import Topic
from knowledge.models.placeholders import names_in
from knowledge.places.places import Place

COURTESIES = ("groet", "bedankt")
"""Greeting and thanks, no answer to any form: word lists (``opdracht.groet``), and topics that answer them."""
DANGER_TOPIC = "spoed"
"""The topic of emergencies."""
NO_CHOICE = frozenset({*COURTESIES, DANGER_TOPIC})
"""Topics that nobody is asked to choose: they fill up a choice and are never what was meant."""
_MASK = re.compile(r"\[[a-z]+\]")
"""What ``mask`` leaves of a number or address."""
MAX_CHOICES = 3
CORE_WORDS = 40
"""Of an answer before "Meer lezen": two or three sentences, what a phone shows with the buttons under it."""
DECISIONS = "lijst.besluit"
"""Placeholder of the table of who decides at which amount."""
PATIENCE = 2
"""Questions in a row without an answer after which the bot says that a person is the better way."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A topic's answer for one resident, in its two parts."""

    core: str
    rest: str


def menu(scene: Scene) -> tuple[Choice, ...]:
    """The most wanted things, and what opens the others."""
    steps = ("plan", "criteria", "wijk")
    wanted = tuple(scene.choice(f"stap.{step}", f"w:{step}") for step in steps)
    return (*wanted, scene.choice("stap.meer", "c:meer"))


def menu_more(scene: Scene) -> tuple[Choice, ...]:
    """What the menu leaves out at first."""
    steps = ("status", "privacy", "taal")
    return tuple(scene.choice(f"stap.{step}", f"w:{step}") for step in steps)


# -- one topic ----------------------------------------------------------------------


def parts_of(text: str) -> Answer:
    """The first paragraph, with those after it as long as the whole stays short; then the rest."""
    first, *others = re.split(r"\n[ \t]*\n", text.strip())
    core = [first]
    while others and len(" ".join((*core, others[0])).split()) <= CORE_WORDS:
        core.append(others.pop(0))
    return Answer("\n\n".join(core), "\n\n".join(others))


def answer_of(scene: Scene, topic: Topic, wijk: str, area: str) -> Answer:
    phrasing = Phrasing(scene, wijk, area)
    body = _body(scene, topic, phrasing, wijk)
    whole = phrasing.render(body)
    decision = _decision(scene) if DECISIONS in names_in(body) else ""
    return Answer(decision, whole) if decision else parts_of(whole)


def _body(scene: Scene, topic: Topic, phrasing: Phrasing, wijk: str) -> str:
    """The general answer, or that of the wijk, or what is said where that has a gap."""
    if not wijk or topic.answer_wijk is None:
        return scene.translated(topic.answer)
    own = scene.translated(topic.answer_wijk)
    empty = topic.answer_empty
    return scene.translated(empty) if empty is not None and phrasing.lacks(own) else own


def area_choices(scene: Scene, names: tuple[str, ...] = ()) -> tuple[Choice, ...]:
    """A button per area, or for the named ones only."""
    areas = names or tuple(area.name for area in scene.knowledge.places.areas)
    return tuple(Choice(area, f"g:{area}") for area in areas)


def _decision(scene: Scene) -> str:
    """Who decides at the amount that the resident named; "" where they named none."""
    draft = scene.state.draft
    amount = scene.state.amount or (draft.amount if draft is not None else None)
    if not amount:
        return ""
    row = deciders(amount, scene.knowledge, scene.language)[0]
    return scene.say("vervolg_antwoord.beslist", bedrag=show_euro(amount, scene.language), wie=row.who, hoe=row.how)


def answer_topic(scene: Scene, topic_id: str, *, place: Place | None = None, question: str = "") -> Turn:
    """The answer of a topic, for a named place or else for the resident's own wijk.

    ``question``: what the resident asked, for the thumbs under the answer. In the middle of a
    form nothing is asked besides: the form's own question follows.
    """
    topic = scene.knowledge.topics[topic_id]
    if topic_id in COURTESIES:
        return _courteous(scene, topic)
    wijk, area = (place.wijk, place.area) if place else (scene.state.wijk, scene.state.area)
    asking = topic.asks_wijk and not wijk and not scene.in_form
    scene = _remember(scene, topic, wijk, area, mask(question, contacts=True).text)
    scene = scene.to(pending_topic=topic.id if asking else "")
    answer = answer_of(scene, topic, wijk, area)
    reply = Reply(
        answer.core,
        choices=_choices_under(scene, topic, wijk, answer),
        footer=footer(scene, topic),
        more=answer.rest,
        language=scene.language,
        topic=topic.id,
    )
    return scene.turn(_asking_wijk(scene, reply) if asking else reply)


def _courteous(scene: Scene, topic: Topic) -> Turn:
    """One sentence back, after which what was talked about can still be leant on."""
    core = answer_of(scene, topic, "", "").core.partition("\n\n")[0]
    return scene.to(misses=0).turn(Reply(core, language=scene.language, topic=topic.id))


def _remember(scene: Scene, topic: Topic, wijk: str, area: str, question: str) -> Scene:
    own = wijk == scene.state.wijk and area == scene.state.area
    return scene.to(
        topic=topic.id,
        topic_wijk="" if own else wijk,
        topic_area="" if own else area,
        question=question,
        offered=(),
        misses=0,
        idle=0,
    )


def _asking_wijk(scene: Scene, reply: Reply) -> Reply:
    """With the question for the wijk at the end of the same bubble, and a button per area."""
    asked = scene.say("wijk.vraag_kort")
    choices = (*reply.choices, *area_choices(scene))
    return replace(reply, text=f"{reply.text}\n\n{asked}", choices=choices, wants=frozenset({"location"}))


def footer(scene: Scene, topic: Topic) -> str:
    """Source and date."""
    return scene.say("antwoord.bron", bron=topic.source, datum=show_day(topic.checked, scene.language))


def rest_of(scene: Scene, topic_id: str) -> Turn:
    """What "Meer lezen" opens, as a message: for channels that cannot fold it, and for who types it."""
    topic, state = scene.knowledge.topics[topic_id], scene.state
    elsewhere = state.topic == topic_id and state.topic_wijk
    wijk, area = (state.topic_wijk, state.topic_area) if elsewhere else (state.wijk, state.area)
    answer = answer_of(scene, topic, wijk, area)
    text = answer.rest or answer.core
    scene = scene.to(idle=0)
    choices = () if scene.in_form else see_also(scene, topic)
    return scene.turn(
        Reply(text, choices, footer=footer(scene, topic), language=scene.language, topic=topic.id),
    )


def see_also(scene: Scene, topic: Topic) -> tuple[Choice, ...]:
    """The step that belongs to it and other topics, at most three together."""
    step = [scene.choice(f"stap.{topic.step}", f"w:{topic.step}")] if topic.step else []
    others = [topic_choice(scene, other) for other in topic.see_also if other not in NO_CHOICE]
    return tuple((*step, *others)[:MAX_CHOICES])


def read_more(scene: Scene, topic_id: str) -> Choice:
    return scene.choice("antwoord.meer_lezen", f"m:{topic_id}")


def _choices_under(scene: Scene, topic: Topic, wijk: str, answer: Answer) -> tuple[Choice, ...]:
    """What one can do next; in a form only what belongs to the answer, for there the form goes on."""
    more = [read_more(scene, topic.id)] if answer.rest else []
    if scene.in_form:
        ask_wijk = [scene.choice("stap.wijk", "w:wijk")] if topic.asks_wijk and not wijk else []
        return (*more, *ask_wijk)
    if not scene.state.question:
        return (*more, *see_also(scene, topic))
    up = scene.choice("antwoord.duim_op", f"f:up:{topic.id}")
    down = scene.choice("antwoord.duim_neer", f"f:down:{topic.id}")
    return (*more, *see_also(scene, topic), up, down)


# -- several topics -----------------------------------------------------------------


def answer_each(scene: Scene, topic_ids: Sequence[str], question: str) -> Turn:
    """Several questions of one message, each in short, in the order asked; a button for the whole of each."""
    topics = [scene.knowledge.topics[topic] for topic in topic_ids[:MAX_CHOICES]]
    first, state = topics[0], scene.state
    scene = _remember(scene, first, state.wijk, state.area, mask(question, contacts=True).text)
    told = [
        scene.say(
            "antwoord.elk",
            titel=scene.translated(topic.title),
            antwoord=answer_of(scene, topic, state.wijk, state.area).core.partition("\n\n")[0],
        )
        for topic in topics
    ]
    waiting = next((topic for topic in topics if topic.asks_wijk), None) if not state.wijk else None
    choices = tuple(topic_choice(scene, topic.id) for topic in topics)
    reply = Reply("\n\n".join(told), choices, footer=footer(scene, first), language=scene.language, topic=first.id)
    if waiting is None or scene.in_form:
        return scene.turn(reply)
    scene = scene.to(pending_topic=waiting.id)
    return scene.turn(_asking_wijk(scene, reply))


def offer(scene: Scene, topics: tuple[str, ...]) -> Turn:
    """Asks which of at most three topics was meant; where danger may be one, its number stands above them."""
    urgent = scene.knowledge.facts.emergency.get("nood", "") if DANGER_TOPIC in topics[:MAX_CHOICES] else ""
    topics = tuple(topic for topic in topics if topic not in NO_CHOICE)[:MAX_CHOICES]
    if not topics and not urgent:
        return fall_back(scene)
    scene = scene.to(offered=topics, question=mask(scene.text, contacts=True).text, idle=0)
    choices = [topic_choice(scene, topic) for topic in topics]
    key = "antwoord.welke_of_nood" if urgent else "antwoord.welke"
    return scene.turn(scene.reply(key, *choices, scene.choice("antwoord.geen_van_deze", "c:none"), nood=urgent))


def fall_back(scene: Scene, question: str = "") -> Turn:
    """Honest: not known, noted for the editors, and the next step. After two in a row a person is offered first."""
    asked = mask(question or scene.text, contacts=True).text
    scene = scene.to(misses=scene.state.misses + 1, offered=(), question="")
    effects = (NoteUnanswered(asked, scene.language),) if words(_MASK.sub("", asked)) else ()
    if scene.in_form:  # the form's own question follows
        return scene.turn(scene.reply("antwoord.weet_ik_niet_kort"), effects=effects)
    key = "antwoord.weet_ik_niet" if scene.state.misses < PATIENCE else "antwoord.weer_niet"
    if scene.state.misses > PATIENCE and scene.state.misses % 2:
        key = "antwoord.nog_niet"  # never the same twice in a row
    return scene.turn(scene.reply(key, *menu(scene)), effects=effects)


# -- the beginning ------------------------------------------------------------------

WANTED = ("wijkbudget",)
"""Topics offered once the wijk is known, where the municipality has them."""


def welcome(scene: Scene) -> Reply:
    """The greeting: who this is, how to reach a person, what the resident wants."""
    return scene.reply("groet.welkom", *menu(scene))


def greeted_again(scene: Scene) -> Turn:
    """A greeting back to who was greeted before; it introduces nothing again."""
    return scene.to(misses=0).turn(scene.reply("groet.terug", *menu(scene)))


def led_in(words_before: str, replies: tuple[Reply, ...]) -> tuple[Reply, ...]:
    """The replies with a sentence before them, in the first bubble."""
    if not words_before or not replies:
        return replies
    first, *others = replies
    return (replace(first, text=f"{words_before}\n\n{first.text}"), *others)


def offering_draft(scene: Scene, turn: Turn) -> Turn:
    """The turn, with the half-finished plan offered again to somebody who comes back."""
    draft = scene.state.draft
    if draft is None or scene.in_form:
        return turn
    go_on = scene.choice("stappen.verder", "c:hervat")
    offer = scene.reply("stappen.half_plan", go_on, titel=draft.title or scene.say("stappen.zonder_titel"))
    return Turn(turn.state.model_copy(update={"if_yes": go_on.data}), (*turn.replies, offer), turn.effects)
