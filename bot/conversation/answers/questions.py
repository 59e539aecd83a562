"""What is left after commands and forms: a question, in words or with a button in mind.

What is known of the resident helps: the wijk ("wie is dat bij mij?"), the topic before
("en in Zuid?"), a place in the question itself.
"""

from __future__ import annotations

from bot.conversation.answers import own_wijk, safety, topics
from bot.conversation.answers.finding import SHORT, FoundTopics, find, leans, opens_with
from bot.conversation.turn.choices import topic_choice
from bot.conversation.turn.events import Pictured
from bot.conversation.turn.replies import Reply, Turn
from bot.conversation.turn.scene import Scene
from knowledge.entities.masking import mask
from knowledge.language.normalise import fold, words
from knowledge.places.places import Place

LONG_STORY = 35
"""Words from which a message is a story, that may be a plan to send in."""
FEW = 3
"""Words of a place name that is not known, or of a question that is only a place."""
COURTESIES = ("groet", "bedankt")
"""Greeting and thanks, no answer to any form: word lists (``opdracht.groet``), and topics that answer them."""


def question(scene: Scene) -> Turn:
    """Answers; always a turn, for this is the last part of the machine."""
    picked = _picked(scene)
    if picked is not None:
        return picked
    if not words(scene.text):  # only signs or pictures, which tell nothing to answer
        return scene.turn(scene.reply("antwoord.niet_begrepen", *(() if scene.in_form else topics.menu(scene))))
    if greets(scene):
        return _greeted(scene)
    turn = _follow_up(scene)
    if isinstance(scene.event, Pictured):
        return _under_photo(scene, turn)
    return turn or _answer(scene, find(scene, scene.text))


def _under_photo(scene: Scene, follow_up: Turn | None) -> Turn:
    """The answer to the words under a photo that was not kept; words that ask nothing only say what is on it."""
    found = find(scene, scene.text)
    photo = safety.loose_photo(scene)
    if follow_up is None and found.match.kind == "fallback" and "?" not in scene.text:
        return scene.turn(photo)
    turn = follow_up or _answer(scene, found)
    return Turn(turn.state, (*turn.replies, photo), turn.effects)


def aside(scene: Scene) -> Turn:
    """What was said in the middle of a form and is no answer to its step."""
    return safety.unreadable(scene) or own_wijk.located(scene) or question(scene)


def greets(scene: Scene) -> bool:
    """Whether the message is a greeting and nothing else."""
    return bool(scene.typed) and scene.means(COURTESIES[0])


def courtesy(scene: Scene) -> Reply | None:
    """The answer to a greeting or thanks in the middle of a form; None for anything else.

    Who types it twice means it: then it is the answer to the form.
    """
    topic = next((topic for topic in COURTESIES if scene.typed and scene.means(topic)), "")
    if not topic or fold(scene.state.question) == fold(scene.text):
        return None
    return scene.reply(f"stappen.{topic}")


def _picked(scene: Scene) -> Turn | None:
    """An answer to what the bot asked last: "de tweede" or "geen van deze" of a choice, "weet ik niet" to the wijk.

    A "ja" or "nee" to nothing is no question to the knowledge.
    """
    offered = scene.state.offered
    if offered and (topic := _chosen(scene, offered)):
        return topics.answer_topic(scene, topic, question=scene.state.question)
    if offered and (scene.means("keuze_geen") or scene.means("nee")):
        return topics.fall_back(scene, scene.state.question)
    unwilling = any(scene.means(word) for word in ("nee", "weet_ik_niet", "overslaan"))
    if scene.state.pending_topic and unwilling:
        return scene.to(pending_topic="").turn(scene.reply("wijk.zonder", *topics.menu(scene)))
    if scene.means("nee") or (scene.means("oke") and not words(scene.text)):
        return scene.turn(scene.reply("antwoord.goed"))
    return scene.turn(scene.reply("antwoord.niet_begrepen", *topics.menu(scene))) if bare_yes(scene) else None


def _chosen(scene: Scene, offered: tuple[str, ...]) -> str:
    """The topic meant by "1", "de tweede", "laatste", or "ja" where only one was offered; "" for none."""
    for index, topic in enumerate(offered):
        if scene.means(f"keuze_{index + 1}"):
            return topic
    only = len(offered) == 1 and scene.means("ja")
    return offered[-1] if only or scene.means("keuze_laatste") else ""


def bare_yes(scene: Scene) -> bool:
    """Whether the message is only "ja" or "klopt"; "oké" and "prima" are thanks."""
    return scene.means("ja") and not scene.means("oke")


def _follow_up(scene: Scene) -> Turn | None:
    """ "en in Zuid?", "en bij ons?": only a place and small words, after an answer that differs per wijk."""
    last = scene.knowledge.topics.get(scene.state.topic)
    count = len(words(scene.text))
    if last is None or last.answer_wijk is None or count > SHORT:
        return None
    place = own_wijk.named(scene)
    here = _here(scene)
    if place is None and not here:
        return None
    if not (opens_with(scene, scene.text, "vervolg") or count <= FEW):
        return None
    means_itself = scene.knowledge.matcher.match(scene.text, scene.language).kind == "answer"
    return None if means_itself and not _only_a_place(scene) else _about(scene, last.id, place)


def _only_a_place(scene: Scene) -> bool:
    """Whether nothing but small words stands around the place."""
    lists = ("taalwoorden", "terugverwijzers", "vervolg")
    small = {word for key in lists for phrase in scene.phrases(f"opdracht.{key}") for word in words(phrase)}
    rest = [word for word in words(scene.text) if word not in small]
    return len(rest) < 2 or all(scene.knowledge.places.find_name(word) is None for word in rest)


def _here(scene: Scene) -> bool:
    """Whether the text says "bij mij", "in onze wijk"."""
    padded = f" {' '.join(words(scene.text))} "
    return any(f" {here} " in padded for here in scene.phrases("opdracht.bij_mij"))


def _answer(scene: Scene, found: FoundTopics) -> Turn:
    match = found.match
    if match.kind == "choice":
        turn = topics.offer(scene, match.topics)
        return Turn(turn.state, (*turn.replies, *_plan_offer(scene, match.topics[0])))
    if match.kind == "fallback":
        lost = scene.state.pending_topic and len(words(scene.text)) <= FEW and not scene.text.endswith("?")
        return own_wijk.settle_place(scene, None) if lost else topics.fall_back(scene)
    topic = match.topics[0]
    return _with_extras(scene, _about(scene, topic, own_wijk.named(scene)), topic, found.others)


def _greeted(scene: Scene) -> Turn:
    """A greeting back: the first time in full; a half-finished plan is offered again."""
    if not scene.state.greeted or COURTESIES[0] not in scene.knowledge.topics:
        return topics.offering_draft(scene, scene.turn(topics.welcome(scene)))
    return topics.offering_draft(scene, topics.answer_topic(scene, COURTESIES[0]))


def _about(scene: Scene, topic_id: str, place: Place | None) -> Turn:
    """The answer for the place that the question names, for the one just talked about, or for the resident's own."""
    topic = scene.knowledge.topics[topic_id]
    if place is not None and (place.postcode or (place.kind == "sure" and own_wijk.tells_own(scene))):
        return _for_own_place(scene, topic_id, place)
    if topic.answer_wijk is None:
        return topics.answer_topic(scene, topic_id, question=scene.text)
    short = len(words(scene.text)) <= SHORT
    if place is None and scene.state.topic_wijk and short and leans(scene, scene.text) and not _here(scene):
        place = Place("sure", scene.state.topic_wijk, scene.state.topic_area)
    if place is not None and place.kind == "split" and own_wijk.needs_area(topic):
        waiting = scene.to(pending_topic=topic_id, question=mask(scene.text, contacts=True).text)
        return own_wijk.settle_place(waiting, place)
    return topics.answer_topic(scene, topic_id, place=place, question=scene.text)


def _for_own_place(scene: Scene, topic_id: str, place: Place) -> Turn:
    """A postcode in a question is the resident's own, and so is "ik woon in Zuid": remembered, and answered for."""
    if place.kind in ("elsewhere", "nonexistent"):
        refusal = own_wijk.not_here(scene, place)
        if scene.knowledge.topics[topic_id].asks_wijk:
            return scene.turn(refusal)
        turn = topics.answer_topic(scene, topic_id, question=scene.text)
    else:
        scene = own_wijk.settle(scene, place)
        refusal = own_wijk.found_reply(scene, place, brief=True)
        turn = topics.answer_topic(scene, topic_id, question=scene.text)
    return Turn(turn.state, (refusal, *turn.replies), turn.effects)


def _with_extras(scene: Scene, turn: Turn, topic_id: str, others: tuple[str, ...]) -> Turn:
    """Offers the other questions of the message, and to send in a story that is a plan."""
    replies = list(turn.replies)
    if others:
        others = others[: topics.MAX_CHOICES]
        choices = tuple(topic_choice(scene, topic) for topic in others)
        replies.append(scene.reply("antwoord.ook_gevraagd", *choices))
    replies += _plan_offer(scene, topic_id)
    return Turn(turn.state.model_copy(update={"offered": others}), tuple(replies), turn.effects)


def _plan_offer(scene: Scene, topic_id: str) -> tuple[Reply, ...]:
    """A long story about something that one sends in is perhaps the plan itself."""
    is_story = len(words(scene.text)) >= LONG_STORY and not scene.in_form
    if not is_story or scene.knowledge.topics[topic_id].step != "plan":
        return ()
    return (scene.reply("antwoord.is_dit_een_plan", scene.choice("stap.plan", "w:plan")),)
