"""Commands and buttons: what may be said at any moment, in a form or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.conversation import answer, privacy, status
from bot.conversation.events import Said
from bot.conversation.places import place_of_area, settle_place
from bot.conversation.replies import Choice, RateAnswer, Reply, Turn
from bot.conversation.state import State
from bot.conversation.walk import Scene, WalkKind

Walks = Mapping[str, WalkKind]

SLASH = {
    "start": "start",
    "help": "help",
    "stop": "stop",
    "status": "status",
    "privacy": "privacy",
    "wijk": "wijk",
    "taal": "taal",
    "language": "taal",
    "plan": "plan",
    "criteria": "criteria",
    "terug": "terug",
    "back": "terug",
    "opnieuw": "opnieuw",
    "verder": "hervat",
    "ga": "join",
}
"""Slash commands, as in the command menu, to what they do."""

MENU = ("start", "help", "plan", "criteria", "status", "wijk", "privacy", "taal", "stop")
"""Commands shown in a channel's menu, in this order; ``opdracht_uitleg.<name>`` describes each."""


def command(scene: Scene, walks: Walks) -> Turn | None:
    """A slash command or a message that is wholly a command word."""
    name, argument = _spoken(scene)
    return run(scene, walks, name, argument) if name else None


def _spoken(scene: Scene) -> tuple[str, str]:
    if not isinstance(scene.event, Said):
        return "", ""
    if scene.text.startswith("/"):
        word, _, argument = scene.text[1:].partition(" ")
        return SLASH.get(word.split("@")[0].lower(), "onbekend"), argument.strip()
    in_form = scene.state.walk is not None
    always = ("stop", "terug", "opnieuw", "help")
    spoken = always if in_form else (*always, "status", "hervat")
    return next((name for name in spoken if scene.means(name)), ""), ""


def run(scene: Scene, walks: Walks, name: str, argument: str = "") -> Turn | None:
    """Carries out a command by name; None for one that a button names no more."""
    if name in ("plan", "criteria", "wijk"):
        return walks[name].start(scene)
    simple: Mapping[str, Callable[[], Turn]] = {
        "start": lambda: start(scene, argument),
        "join": lambda: start(scene, argument),
        "help": lambda: _aside(scene, walks, scene.reply("opdracht_antwoord.help", *answer.menu(scene))),
        "status": lambda: status.overview(scene),
        "privacy": lambda: privacy.overview(scene),
        "taal": lambda: languages(scene, argument),
        "stop": lambda: stop(scene, walks),
        "terug": lambda: back(scene, walks),
        "opnieuw": lambda: again(scene),
        "hervat": lambda: resume(scene, walks),
        "onbekend": lambda: _aside(scene, walks, scene.reply("opdracht_antwoord.onbekend", *answer.menu(scene))),
    }
    return simple[name]() if name in simple else None


def _aside(scene: Scene, walks: Walks, reply: Reply) -> Turn:
    """A reply in the middle of a form: the form's question follows again."""
    walk = scene.state.walk
    return scene.turn(reply, walks[walk.kind].ask(scene)) if walk and walk.kind in walks else scene.turn(reply)


# -- the commands -------------------------------------------------------------------


def introduction(scene: Scene) -> tuple[Reply, ...]:
    """Before the first answer to somebody who did not press start: this is a bot."""
    starts = isinstance(scene.event, Said) and scene.text.startswith(("/start", "/ga"))
    return () if scene.state.greeted or starts else (scene.reply("groet.kort"),)


def welcome(scene: Scene) -> Reply:
    """The greeting: a bot, what it can do, how to reach a person, the most wanted things."""
    wanted = [answer.topic_choice(scene, topic) for topic in WANTED if topic in scene.knowledge.topics]
    other = [
        Choice(name, f"l:{code}") for code, name in scene.knowledge.gemeente.languages.items() if code != scene.language
    ]
    return scene.reply("groet.welkom", *answer.menu(scene), *wanted, *other)


WANTED = ("wijkregisseur", "wijkbudget")


def start(scene: Scene, argument: str) -> Turn:
    """The greeting, or with a code of another channel: go on with the plans from there."""
    if argument:
        return status.join(scene, argument)
    replies = [welcome(scene)]
    if scene.state.draft is not None:
        replies.append(_draft_offer(scene))
    return scene.to(walk=None).turn(*replies)


def _draft_offer(scene: Scene) -> Reply:
    draft = scene.state.draft
    title = draft.title if draft is not None and draft.title else scene.say("stappen.zonder_titel")
    return scene.reply("stappen.half_plan", scene.choice("stappen.verder", "w:plan"), titel=title)


def stop(scene: Scene, walks: Walks) -> Turn:
    walk = scene.state.walk
    if walk is not None and walk.kind in walks:
        return walks[walk.kind].stop(scene)
    return scene.to(pending_topic="", offered=()).turn(scene.reply("opdracht_antwoord.stop", *answer.menu(scene)))


def back(scene: Scene, walks: Walks) -> Turn:
    walk = scene.state.walk
    if walk is not None and walk.kind in walks:
        return walks[walk.kind].back(scene)
    return scene.turn(scene.reply("opdracht_antwoord.niets_terug", *answer.menu(scene)))


def again(scene: Scene) -> Turn:
    """In a form: begin it again, but only after a yes. Elsewhere: a fresh greeting."""
    if scene.state.walk is not None:
        yes = scene.choice("stappen.ja_opnieuw", "c:opnieuw_ja")
        return scene.turn(scene.reply("stappen.opnieuw_zeker", yes, scene.choice("stappen.nee_verder", "c:hervat")))
    return start(scene.to(topic="", question="", pending_topic="", offered=(), misses=0), "")


def resume(scene: Scene, walks: Walks) -> Turn:
    """Go on with the form in progress, or with the half-finished plan."""
    walk = scene.state.walk
    if walk is not None and walk.kind in walks:
        return scene.turn(walks[walk.kind].ask(scene))
    if scene.state.draft is not None:
        return walks["plan"].start(scene)
    return scene.turn(scene.reply("opdracht_antwoord.niets_verder", *answer.menu(scene)))


def languages(scene: Scene, argument: str = "") -> Turn:
    """Choose a language, by button or "/taal en"."""
    known = scene.knowledge.gemeente.languages
    if argument.lower() in known:
        return set_language(scene, argument.lower())
    choices = [Choice(name, f"l:{code}") for code, name in known.items()]
    return scene.turn(scene.reply("taal.kies", *choices))


def set_language(scene: Scene, code: str) -> Turn:
    scene = scene.to(language=code, language_chosen=True)
    return scene.turn(scene.reply("taal.gekozen", *answer.menu(scene)))


# -- buttons ------------------------------------------------------------------------


def pressed(scene: Scene, walks: Walks) -> Turn | None:
    """A button that is no step of the form in progress; None for those and for events without a button."""
    kind, _, value = scene.data.partition(":")
    match kind:
        case "t" if value in scene.knowledge.topics:
            turn = answer.answer_topic(scene, value, question=scene.state.question)
            return _then_ask(turn, scene, walks)
        case "w" if value in ("status", "privacy", "taal") or value in walks:
            return run(scene, walks, value)
        case "l" if value in scene.knowledge.gemeente.languages:
            return _then_ask(set_language(scene, value), scene, walks)
        case "g" if scene.state.walk is None:
            return area_pressed(scene, value)
        case "f" if value in ("up", "down"):
            return rate(scene, good=value == "up")
        case "p":
            return status.pressed(scene, value, walks)
        case "c":
            return _control(scene, walks, value)
        case "s" if scene.state.walk is None:
            return scene.turn(scene.reply("stappen.oude_knop", *answer.menu(scene)))
    return None


def _control(scene: Scene, walks: Walks, value: str) -> Turn | None:
    walk = scene.state.walk
    if value == "opnieuw_ja" and walk is not None and walk.kind in walks:
        return walks[walk.kind].restart(scene)
    if value == "none":
        return answer.fall_back(scene, scene.state.question)
    if value.startswith("privacy"):
        return privacy.pressed(scene, value)
    return run(scene, walks, value)


def _then_ask(turn: Turn, scene: Scene, walks: Walks) -> Turn:
    """The turn, and the question of the form in progress again, if there is one."""
    walk = turn.state.walk
    if walk is None or walk.kind not in walks:
        return turn
    later = Scene(turn.state, scene.event, scene.knowledge, scene.record)
    return Turn(turn.state, (*turn.replies, walks[walk.kind].ask(later)), turn.effects)


def area_pressed(scene: Scene, area: str) -> Turn:
    return settle_place(scene, place_of_area(scene, area))


def rate(scene: Scene, *, good: bool) -> Turn:
    """Thumbs under the last answer; thanks, and after a thumb down a way to a person."""
    state: State = scene.state
    if not state.topic or not state.question:
        return scene.turn(scene.reply("antwoord.duim_te_laat"))
    effect = RateAnswer(state.topic, state.question, good, scene.language)
    scene = scene.to(question="")
    key = "antwoord.duim_dank" if good else "antwoord.duim_jammer"
    return scene.turn(scene.reply(key), effects=(effect,))
