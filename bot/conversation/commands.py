"""Commands: what may be said at any moment, in a form or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.conversation.answers import questions, topics
from bot.conversation.plans import privacy, status
from bot.conversation.turn.events import Said
from bot.conversation.turn.replies import Choice, Reply, Turn
from bot.conversation.turn.scene import Scene, WalkKind
from knowledge.language.normalise import fold

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
    "restart": "opnieuw",
    "verder": "hervat",
    "ga": "join",
}
"""Slash commands, as in the command menu, to what they do."""

MENU = ("start", "help", "plan", "criteria", "status", "wijk", "privacy", "taal", "stop")
"""Commands shown in a channel's menu, in this order; ``opdracht_uitleg.<name>`` describes each."""

ASIDE = frozenset({"help", "status", "privacy", "taal", "onbekend"})
"""Commands that leave a form where it is: its question follows again."""

ALWAYS = ("stop", "terug", "opnieuw", "help")
"""Commands that may be a plain word in a form too; there any other word may be an answer."""


def command(scene: Scene, walks: Walks) -> Turn | None:
    """A slash command or a message that is wholly a command word."""
    name, argument = _spoken(scene)
    return run(scene, walks, name, argument) if name else None


def _spoken(scene: Scene) -> tuple[str, str]:
    if scene.typed.startswith("/"):
        word, _, argument = scene.typed[1:].partition(" ")
        return SLASH.get(word.split("@")[0].lower(), "onbekend"), argument.strip()
    spoken = ALWAYS if scene.state.walk is not None else (*ALWAYS, "status", "hervat")
    return next((name for name in spoken if scene.typed and scene.means(name)), ""), ""


def run(scene: Scene, walks: Walks, name: str, argument: str = "") -> Turn | None:
    """Carries out a command by name; None for one that there is not (any more)."""
    if name in ("plan", "criteria", "wijk"):
        return walks[name].start(scene)
    simple: Mapping[str, Callable[[], Turn]] = {
        "start": lambda: status.ask_to_join(scene, argument) if argument else start(scene),
        "join": lambda: status.join(scene, argument),
        "help": lambda: scene.turn(_with_menu(scene, "opdracht_antwoord.help")),
        "status": lambda: status.overview(scene),
        "privacy": lambda: privacy.overview(scene),
        "taal": lambda: languages(scene, argument),
        "stop": lambda: stop(scene, walks),
        "terug": lambda: back(scene, walks),
        "opnieuw": lambda: again(scene, walks),
        "hervat": lambda: resume(scene, walks),
        "onbekend": lambda: scene.turn(_with_menu(scene, "opdracht_antwoord.onbekend")),
    }
    if name not in simple:
        return None
    turn = simple[name]()
    return then_ask(scene, turn, walks) if name in ASIDE else turn


def then_ask(scene: Scene, turn: Turn, walks: Walks) -> Turn:
    """The turn, and the question of the form in progress again, if there is one."""
    walk = turn.state.walk
    if walk is None or walk.kind not in walks:
        return turn
    later = Scene(turn.state, scene.event, scene.knowledge, scene.record)
    return Turn(turn.state, (*turn.replies, walks[walk.kind].ask(later)), turn.effects)


def _with_menu(scene: Scene, key: str) -> Reply:
    return scene.reply(key, *(() if scene.in_form else topics.menu(scene)))


# -- the commands -------------------------------------------------------------------


def introduction(scene: Scene) -> tuple[Reply, ...]:
    """Before the first answer to somebody who did not press start: this is a bot."""
    greets = isinstance(scene.event, Said) and (
        scene.text.startswith(("/start", "/ga", "/stop")) or questions.greets(scene)
    )
    return () if scene.state.greeted or greets else (scene.reply("groet.kort"),)


def start(scene: Scene) -> Turn:
    """The greeting; a half-finished plan is offered again."""
    scene = scene.to(walk=None, paused=None, pending_topic="", offered=())
    return topics.offering_draft(scene, scene.turn(topics.welcome(scene)))


def stop(scene: Scene, walks: Walks) -> Turn:
    walk = scene.state.walk
    if walk is not None and walk.kind in walks:
        return walks[walk.kind].stop(scene)
    scene = scene.to(pending_topic="", offered=())
    return scene.turn(scene.reply("opdracht_antwoord.stop", *topics.menu(scene)))


def back(scene: Scene, walks: Walks) -> Turn:
    walk = scene.state.walk
    if walk is not None and walk.kind in walks:
        return walks[walk.kind].back(scene)
    return scene.turn(scene.reply("opdracht_antwoord.niets_terug", *topics.menu(scene)))


def again(scene: Scene, walks: Walks) -> Turn:
    """In a form: begin it again, but only after a yes where something would be lost. Elsewhere: the greeting."""
    walk = scene.state.walk
    if walk is None:
        return start(scene.to(topic="", topic_wijk="", topic_area="", question="", misses=0))
    if walk.kind not in ("plan", "criteria"):
        return walks[walk.kind].restart(scene)
    yes, no = scene.choice("stappen.ja_opnieuw", "c:opnieuw_ja"), scene.choice("stappen.nee_verder", "c:hervat")
    scene = scene.to(if_yes=yes.data, if_no=no.data)
    return scene.turn(scene.reply("stappen.opnieuw_zeker", yes, no))


def resume(scene: Scene, walks: Walks) -> Turn:
    """Go on with the form in progress, or with the half-finished plan."""
    walk = scene.state.walk
    if walk is not None and walk.kind in walks:
        return scene.turn(walks[walk.kind].ask(scene))
    if scene.state.draft is not None:
        return walks["plan"].start(scene)
    return scene.turn(scene.reply("opdracht_antwoord.niets_verder", *topics.menu(scene)))


def languages(scene: Scene, argument: str = "") -> Turn:
    """Choose a language, by button, "/taal en" or "/taal English"."""
    known = scene.knowledge.gemeente.languages
    for code, name in known.items():
        if fold(argument) in (code, fold(name)):
            return set_language(scene, code)
    return scene.turn(scene.reply("taal.kies", *(Choice(name, f"l:{code}") for code, name in known.items())))


def set_language(scene: Scene, code: str) -> Turn:
    scene = scene.to(language=code, language_chosen=True)
    return scene.turn(_with_menu(scene, "taal.gekozen"))
