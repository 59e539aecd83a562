"""From a question to an answer of the knowledge, a choice between topics, or an honest "I do not know".

What is known of the resident helps: the wijk ("wie is dat bij mij?"), the topic before
("en in Zuid?"), several questions in one message, a long story with a question in it.
"""

from __future__ import annotations

import re
from itertools import islice

from knowledge.entities import find_entities
from knowledge.matcher import Match
from knowledge.personal import mask

from bot.conversation.phrasing import Phrasing
from bot.conversation.replies import Choice, NoteUnanswered, Reply, Turn
from bot.conversation.walk import Scene
from knowledge.models import Topic
from knowledge.normalise import words

MAX_CHOICES = 3
LONG_STORY = 35
"""Words from which a message is a story: the question is then sought sentence by sentence."""
SHORT = 7
"""Words up to which a message may be a follow-up that leans on the topic before."""


def in_language(scene: Scene, texts: object) -> str:
    """The translation for this resident, or the original."""
    assert hasattr(texts, "get")
    return texts.get(scene.language) or texts[scene.knowledge.gemeente.original]  # type: ignore[index,no-any-return]


def topic_choice(scene: Scene, topic_id: str) -> Choice:
    return Choice(in_language(scene, scene.knowledge.topics[topic_id].title), f"t:{topic_id}")


def answer_topic(scene: Scene, topic_id: str, *, wijk: str = "", area: str = "", question: str = "") -> Turn:
    """The answer of a topic, for the given wijk or else the resident's own."""
    topic = scene.knowledge.topics[topic_id]
    wijk, area = (wijk, area) if wijk else (scene.state.wijk, scene.state.area)
    known = bool(wijk) and topic.answer_wijk is not None
    body = topic.answer_wijk if known and topic.answer_wijk is not None else topic.answer
    asking = topic.asks_wijk and not known
    scene = scene.to(
        topic=topic.id,
        question=mask(question, contacts=True).text,
        offered=(),
        misses=0,
        pending_topic=topic.id if asking else "",
    )
    reply = Reply(
        Phrasing(scene, wijk, area).render(in_language(scene, body)),
        choices=_choices_under(scene, topic, asking),
        footer=scene.say("antwoord.bron", bron=topic.source, datum=f"{topic.checked:%d-%m-%Y}"),
        language=scene.language,
        topic=topic.id,
    )
    if not asking:
        return scene.turn(reply)
    return scene.turn(reply, scene.reply("wijk.vraag", wants=frozenset({"location"})))


def _choices_under(scene: Scene, topic: Topic, asking: bool) -> tuple[Choice, ...]:
    choices = []
    if topic.step and not (topic.step == "wijk" and asking):
        choices.append(scene.choice(f"stap.{topic.step}", f"w:{topic.step}"))
    choices += [topic_choice(scene, other) for other in topic.see_also[:MAX_CHOICES]]
    if scene.state.question:
        choices += [scene.choice("antwoord.duim_op", "f:up"), scene.choice("antwoord.duim_neer", "f:down")]
    return tuple(choices)


def answer_question(scene: Scene) -> Turn:
    """What the resident typed, as a question."""
    text = scene.text
    place = find_entities(text, scene.knowledge.places)
    follow_up = _follow_up(scene, place.wijk or "", place.area or "")
    if follow_up is not None:
        return follow_up
    match, others = find_match(scene, text)
    if match.kind == "fallback" and len(words(text)) <= SHORT and scene.state.topic:
        match = _in_context(scene, text) or match
    if match.kind == "answer":
        named = place.wijk if place.wijk and place.wijk != scene.state.wijk else ""
        turn = answer_topic(scene, match.topics[0], wijk=named or "", area=place.area or "", question=text)
        return _with_extras(scene, turn, match, others)
    if match.kind == "choice":
        return offer(scene, match.topics)
    return fall_back(scene)


def find_match(scene: Scene, text: str) -> tuple[Match, tuple[str, ...]]:
    """The match of a message and the other topics asked in it.

    A message of several sentences is matched as a whole and sentence by sentence: in a
    long story the surest sentence wins, in two short questions the first is answered and
    the rest offered.
    """
    matcher, language = scene.knowledge.matcher, scene.language
    whole = matcher.match(text, language)
    questions = [part for part in re.split(r"(?<=[?])\s+", text) if part.strip().endswith("?")]
    if len(questions) > 1 and len(words(text)) < LONG_STORY:
        parts = [matcher.match(part, language) for part in islice(questions, 4)]
        sure = list(dict.fromkeys(part.topics[0] for part in parts if part.kind == "answer"))
        if len(sure) > 1:
            first = next(part for part in parts if part.kind == "answer")
            return first, tuple(sure[1:])
    return whole, ()


def _with_extras(scene: Scene, turn: Turn, match: Match, others: tuple[str, ...]) -> Turn:
    """Offers the other questions of the message, and to send in a story that is a plan."""
    replies = list(turn.replies)
    if others:
        choices = tuple(topic_choice(scene, topic) for topic in others[:MAX_CHOICES])
        replies.append(scene.reply("antwoord.ook_gevraagd", *choices))
    topic = scene.knowledge.topics[match.topics[0]]
    if topic.step == "plan" and len(words(scene.text)) >= LONG_STORY:
        replies.append(scene.reply("antwoord.is_dit_een_plan", scene.choice("stap.plan", "w:plan")))
    return Turn(turn.state, tuple(replies), turn.effects)


def _follow_up(scene: Scene, wijk: str, area: str) -> Turn | None:
    """ "en in Zuid?": only a place and small words, after an answer that differs per wijk."""
    last = scene.knowledge.topics.get(scene.state.topic)
    if not wijk or last is None or last.answer_wijk is None or len(words(scene.text)) > SHORT:
        return None
    if scene.knowledge.matcher.match(scene.text, scene.language).kind == "answer":
        return None
    return answer_topic(scene, last.id, wijk=wijk, area=area, question=scene.text)


def _in_context(scene: Scene, text: str) -> Match | None:
    """A short message that means nothing alone ("en hoeveel is dat dan?"), read after the title of the topic before."""
    title = in_language(scene, scene.knowledge.topics[scene.state.topic].title)
    match = scene.knowledge.matcher.match(f"{title} {text}", scene.language)
    small = {word.strip() for word in scene.say("opdracht.terugverwijzers").split(",")}
    leans = bool(small & set(words(text)))
    return match if leans and match.kind != "fallback" else None


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
    key = "antwoord.weet_ik_niet" if scene.state.misses < 2 else "antwoord.weer_niet"
    effects = (NoteUnanswered(asked, scene.language),) if words(asked) else ()
    return scene.turn(scene.reply(key, *menu(scene)), effects=effects)


def menu(scene: Scene) -> tuple[Choice, ...]:
    """The most wanted things."""
    steps = ("plan", "criteria", "wijk", "status")
    return tuple(scene.choice(f"stap.{step}", f"w:{step}") for step in steps)
