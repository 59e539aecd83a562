"""A language that the bot does not speak: one sentence in it, with a number and a person."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from bot.conversation.answers.topics import COURTESIES
from bot.conversation.turn.phrasing import Phrasing
from bot.conversation.turn.replies import Turn
from bot.conversation.turn.scene import Scene
from knowledge.language.detection import LanguageClues, foreign_language
from knowledge.language.normalise import fold
from knowledge.models.content import Texts


def other_language(scene: Scene) -> Turn | None:
    """None for a message in a language of the municipality, or of one that it has no sentence for."""
    if not scene.text or scene.in_form:
        return None
    own = scene.phrases("opdracht.taalwoorden")
    language = foreign_language(scene.text, _clues(scene.knowledge.texts), own)
    if not language or _is_courtesy(scene):
        return None
    reply = scene.reply(f"vreemde_taal.{language}.zin")
    if scene.state.wijk:
        contact = Phrasing(scene, scene.state.wijk, scene.state.area).render("{wijk.contact}")
        reply = replace(reply, text=f"{reply.text}\n\n{contact}")
    return scene.turn(replace(reply, language=language))


def _is_courtesy(scene: Scene) -> bool:
    """A greeting or thanks that people of every language say here."""
    match = scene.knowledge.matcher.match(scene.text, scene.language)
    return match.kind == "answer" and match.topics[0] in COURTESIES


def _clues(texts: Texts) -> tuple[LanguageClues, ...]:
    def listed(key: str) -> str:
        return texts.say(key, texts.original) if texts.has(key) else ""

    languages = (language.strip() for language in listed("vreemde_taal.talen").split(",") if language.strip())
    kinds = ("schrift", "letters", "woorden")
    return tuple(_clue(name, *(listed(f"vreemde_taal.{name}.{kind}") for kind in kinds)) for name in languages)


@lru_cache(maxsize=128)
def _clue(language: str, script: str, letters: str, words: str) -> LanguageClues:
    known = frozenset(fold(word) for word in words.split(",") if word.strip())
    return LanguageClues(language, script.strip(), frozenset(letters.replace(",", "").split()), known)
