"""What follows on an answer: the part of it that is asked now, and never the same bubble twice.

The part is named by small words ("wat kost dat?", "wanneer werkt die?"); what the topic says
about it are the sentences that hold such a fact. Where there are none, that is said honestly,
with who knows it.
"""

from __future__ import annotations

import re

from bot.conversation.answers.topics import answer_of, footer, read_more, rest_of, see_also
from bot.conversation.turn.lasting import mark
from bot.conversation.turn.phrasing import Phrasing, holder_phrase
from bot.conversation.turn.replies import Choice, NoteUnanswered, Reply, Turn
from bot.conversation.turn.scene import Scene
from bot.initiative.calendar import local_date
from knowledge.entities.masking import mask
from knowledge.language.normalise import fold, words
from knowledge.models.content import Topic
from knowledge.models.placeholders import names_in

FACETS = ("doen", "naam", "kaart", "bereiken", "hoeveel", "duur", "wanneer", "waar", "wie", "waarom", "meer")
"""Parts of an answer: ``vervolg.<facet>`` lists the words that ask for it, ``vervolg_bewijs.<facet>`` what a
sentence about it holds."""
OF_A_PERSON = frozenset({"naam", "bereiken", "wie"})
LONGEST = 9
"""Words of a message that asks for a part of what was said before."""
SHORT = 4
"""Words of a message that cannot mean much without what was said before."""
MOST = 3
"""Sentences of an answer to one part."""
SMALL = ("taalwoorden", "terugverwijzers", "vervolg", "vulwoorden", "vraagwoorden", "voegwoorden")

_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")


def follow_up(scene: Scene) -> Turn | None:
    """The part asked of the answer before; None for a message that names something of its own."""
    topic = scene.knowledge.topics.get(scene.state.topic)
    if topic is None or len(words(scene.text)) > LONGEST:
        return None
    facet = asked_facet(scene)
    if not facet or not _leans(scene):
        return None
    match = scene.knowledge.matcher.match(scene.text, scene.language)
    if not _only_asks(scene) and (match.kind == "answer" or not _points_back(scene)):
        return None
    means_else = match.kind == "answer" and match.topics[0] != topic.id
    # What the topic does not tell may be a question by itself, with a topic of its own.
    return None if means_else and not _tells(scene, topic, facet) else part_asked(scene, topic, facet)


def same_topic(scene: Scene, topic_id: str) -> Turn | None:
    """A question about the topic just answered that points back at it: only the part that it asks for."""
    facet = asked_facet(scene)
    topic = scene.knowledge.topics[topic_id]
    if topic_id != scene.state.topic or not facet or not _points_back(scene):
        return None
    return part_asked(scene, topic, facet)


def not_again(scene: Scene, turn: Turn) -> Turn:
    """The turn; where it would say the last bubble again, the part asked or the rest of the answer instead."""
    state = scene.state
    topic = scene.knowledge.topics.get(turn.replies[-1].topic) if turn.replies else None
    if topic is None or mark(turn.replies[-1]) != state.said:
        return turn
    facet = asked_facet(scene) if fold(scene.text) != fold(state.question) else ""
    if facet and facet != "meer":
        return part_asked(scene.to(idle=0), topic, facet)
    rest = rest_of(scene, topic.id)
    return rest if mark(rest.replies[-1]) != state.said else _unknown(scene, topic, "meer")


def asked_facet(scene: Scene) -> str:
    """The part that the message asks for, by the longest of its words; "" for none."""
    written = f" {' '.join(words(scene.text))} "
    found = {
        facet: max((len(phrase) for phrase in _asking(scene, facet) if f" {phrase} " in written), default=0)
        for facet in FACETS
    }
    best = max(FACETS, key=lambda facet: found[facet])
    return best if found[best] else ""


def _asking(scene: Scene, facet: str) -> frozenset[str]:
    return scene.phrases(f"vervolg.{facet}")


def _leans(scene: Scene) -> bool:
    """Whether the message points back ("dat", "die"), or is too short to stand by itself."""
    return _points_back(scene) or len(words(scene.text)) <= SHORT or scene.wholly("vervolg.doen")


def _points_back(scene: Scene) -> bool:
    return not scene.phrases("vervolg.leunt").isdisjoint(words(scene.text))


def _tells(scene: Scene, topic: Topic, facet: str) -> bool:
    return facet in ("meer", "doen") or bool(_sentences(scene, topic, facet))


def _only_asks(scene: Scene) -> bool:
    """Whether nothing but small words stands around what asks for the part."""
    lists = (*(f"opdracht.{name}" for name in SMALL), *(f"vervolg.{name}" for name in (*FACETS, "klein", "leunt")))
    small = {word for key in lists for phrase in scene.phrases(key) for word in phrase.split()}
    return all(word in small for word in words(scene.text))


# -- the part asked -----------------------------------------------------------------


def part_asked(scene: Scene, topic: Topic, facet: str) -> Turn:
    """The sentences of the answer that tell it, or that it is not known."""
    if facet == "meer":
        return not_again(scene, rest_of(scene, topic.id))
    if facet == "doen":
        choices = tuple(choice for choice in see_also(scene, topic) if choice.role == "main")
        return _told(scene, topic, scene.say("vervolg_antwoord.doen"), choices)
    wijk, area = _place(scene)
    if facet in OF_A_PERSON and topic.asks_wijk and not wijk:
        asked = scene.reply("vervolg_antwoord.welke_wijk", wants=frozenset({"location"}))
        return scene.to(pending_topic=topic.id, idle=0).turn(asked)
    text = _name(scene, wijk, area) if facet == "naam" and _is_about_holder(topic) else ""
    text = text or "\n".join(_sentences(scene, topic, facet))
    found = bool(text) and not (facet == "naam" and _is_about_holder(topic) and not _name(scene, wijk, area))
    if not found:
        return _unknown(scene, topic, facet)
    if mark(Reply(text)) == scene.state.said:
        text = scene.say("vervolg_antwoord.zoals", tekst=text)
    return _told(scene, topic, text, (read_more(scene, topic.id),))


def _place(scene: Scene) -> tuple[str, str]:
    """The wijk that the answer before was about."""
    state = scene.state
    return (state.topic_wijk, state.topic_area) if state.topic_wijk else (state.wijk, state.area)


def _is_about_holder(topic: Topic) -> bool:
    """Whether the answer names the wijkregisseur."""
    return any("wijk.regisseur" in names_in(text) for text in (topic.answer_wijk or {}).values())


def _name(scene: Scene, wijk: str, area: str) -> str:
    """The wijkregisseur by name; "" where no name is filled in, for the role tells no name."""
    contact = scene.knowledge.facts.contact(area, local_date(scene.event.at))
    named = contact is not None and contact.name
    return scene.say("vervolg_antwoord.naam", wie=holder_phrase(scene, area, wijk)) if named else ""


def _sentences(scene: Scene, topic: Topic, facet: str) -> list[str]:
    """Of the whole answer, those that hold what is asked; a line of a list is one."""
    answer = answer_of(scene, topic, *_place(scene))
    lines = [line.strip() for line in f"{answer.core}\n{answer.rest}".splitlines() if line.strip()]
    parts = [
        part for line in lines for part in ([line] if line.startswith("- ") else _SENTENCE_END.split(line)) if part
    ]
    proof = [fold(one).strip() for one in scene.say(f"vervolg_bewijs.{facet}").split(",")]
    return [part for part in parts if _holds(part, proof)][:MOST]


def _holds(sentence: str, proof: list[str]) -> bool:
    """Signs such as "€" may stand against a number; words stand by themselves."""
    folded, said = fold(sentence), f" {' '.join(words(sentence))} "
    return any((f" {one} " in said) if one.replace(" ", "").isalpha() else one in folded for one in proof if one)


def _told(scene: Scene, topic: Topic, text: str, choices: tuple[Choice, ...]) -> Turn:
    scene = scene.to(idle=0, misses=0, offered=(), question=mask(scene.text, contacts=True).text)
    reply = Reply(text, choices, footer=footer(scene, topic), language=scene.language, topic=topic.id)
    return scene.turn(reply)


def _unknown(scene: Scene, topic: Topic, facet: str) -> Turn:
    """Honest: what is not known, and who knows."""
    wijk, area = _place(scene)
    who = Phrasing(scene, wijk, area).render("{wijk.contact}") if wijk else scene.say("vervolg_antwoord.wie_weet")
    title = scene.translated(topic.title)
    key = f"vervolg_antwoord.niet_{facet}"
    said = scene.say(key if scene.knowledge.texts.has(key) else "vervolg_antwoord.niet", titel=title)
    text = f"{said} {who}"
    if mark(Reply(text)) == scene.state.said:
        text = scene.say("vervolg_antwoord.echt_niet")
    asked = mask(scene.text, contacts=True).text
    scene = scene.to(idle=0, offered=())
    reply = Reply(text, see_also(scene, topic)[:1], language=scene.language)
    return scene.turn(reply, effects=(NoteUnanswered(f"{title} / {asked}", scene.language),))
