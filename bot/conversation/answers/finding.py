"""Which topics a message asks for: as a whole, in the light of the topic before, or in one of its sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.conversation.turn.scene import Scene
from knowledge.language.normalise import fold, words
from knowledge.matching.matcher import Match

SHORT = 7
"""Words up to which a message may lean on the topic before."""
MOST_PARTS = 12
"""Sentences of one message that are looked at."""
WINDOW = 20
"""Words looked at together in a story without full stops; the next window begins halfway."""
SURE_ALONE = 0.9
"""From here one sentence of a message that means nothing as a whole is worth a question back. On the
test questions surer sentences than this are right, and no out-of-scope story holds one."""

_SENTENCE_END = re.compile(r"(?<=[.?!])\s+|\n+")


@dataclass(frozen=True, slots=True)
class FoundTopics:
    match: Match
    others: tuple[str, ...] = ()
    """Topics of the other questions in the message."""


def find(scene: Scene, text: str) -> FoundTopics:
    """The match of a message and the other topics asked in it.

    Of several questions the first is answered and the others are offered; in a story that
    leads up to its questions, what the whole is about. Where the whole means nothing, a sure
    sentence in it leads to a question back, never to an answer: in stories about something
    else one sentence easily sounds like ours.
    """
    whole = scene.knowledge.matcher.match(text, scene.language)
    parts = [part for part in _questions(scene, text) if len(words(part)) > 1]
    asked = _sure(scene, parts)
    if len(asked) > 1:
        begins = words(text)[:1] == words(parts[0])[:1]
        first = asked[0] if begins or whole.kind != "answer" else whole
        return FoundTopics(first, tuple(topic for match in asked if (topic := match.topics[0]) != first.topics[0]))
    if whole.kind != "answer" and (leaning := in_context(scene, text)) is not None:
        return FoundTopics(leaning)
    if whole.kind == "fallback" and (hidden := _hidden(scene, text)):
        return FoundTopics(Match("choice", hidden, whole.score, whole.language))
    return FoundTopics(whole)


def _sure(scene: Scene, parts: list[str]) -> list[Match]:
    """The sure matches of the questions in a message, each topic once; none where it asks one thing."""
    if len(parts) < 2:
        return []
    matches = [scene.knowledge.matcher.match(part, scene.language) for part in parts[:MOST_PARTS]]
    return list({match.topics[0]: match for match in reversed(matches) if match.kind == "answer"}.values())[::-1]


def _questions(scene: Scene, text: str) -> list[str]:
    """The sentences that are questions; "wie is … en hoeveel …" are two."""
    openers = "|".join(sorted(map(re.escape, scene.phrases("opdracht.vraagwoorden")), key=len, reverse=True))
    joiners = "|".join(map(re.escape, scene.phrases("opdracht.voegwoorden")))
    joined = re.compile(rf"[,;]?\s+(?:{joiners})\s+(?=(?:{openers})\s)|,\s+(?=(?:{openers})\s)", re.IGNORECASE)
    starts = re.compile(rf"(?:{openers})\s")
    # Squeezed, for the pattern tries every part of a run of blanks.
    sentences = (" ".join(sentence.split()) for sentence in _SENTENCE_END.split(text) if sentence.strip())
    parts = [(part, sentence.endswith("?")) for sentence in sentences for part in joined.split(sentence)]
    return [part for part, marked in parts if marked or starts.match(fold(part))]


def in_context(scene: Scene, text: str) -> Match | None:
    """A short message that means nothing alone ("en hoeveel is dat dan?"), read with the title of the topic before.

    None where it does not lean on that topic, or does not mean anything with it either.
    """
    topic = scene.knowledge.topics.get(scene.state.topic)
    asks = text.endswith("?") or opens_with(scene, text, "vraagwoorden") or opens_with(scene, text, "vervolg")
    if topic is None or len(words(text)) > SHORT or not (asks and leans(scene, text)):
        return None
    match = scene.knowledge.matcher.match(f"{scene.translated(topic.title)} {text}", scene.language)
    return match if match.kind == "answer" else None


def opens_with(scene: Scene, text: str, key: str) -> bool:
    """Whether the text begins with one of the phrases of ``opdracht.<key>``."""
    said = f"{' '.join(words(text))} "
    return any(said.startswith(f"{phrase} ") for phrase in scene.phrases(f"opdracht.{key}"))


def leans(scene: Scene, text: str) -> bool:
    """Whether the text refers to something said before ("dat", "daar", "hem")."""
    padded = f" {' '.join(words(text))} "
    return any(f" {small} " in padded for small in scene.phrases("opdracht.terugverwijzers"))


def _hidden(scene: Scene, text: str) -> tuple[str, ...]:
    """The topics of the sentences, or windows of words, that are sure by themselves; the surest first."""
    parts = [part for part in _SENTENCE_END.split(text) if len(words(part)) > 2]
    if len(parts) < 2:
        parts = _windows(text)
    matches = [scene.knowledge.matcher.match(part, scene.language) for part in parts[:MOST_PARTS]]
    sure = [match for match in matches if match.kind == "answer" and match.score >= SURE_ALONE]
    return tuple(dict.fromkeys(match.topics[0] for match in sorted(sure, key=lambda match: -match.score)))


def _windows(text: str) -> list[str]:
    said = text.split()
    if len(said) <= WINDOW:
        return []
    return [" ".join(said[start : start + WINDOW]) for start in range(0, len(said) - WINDOW // 2, WINDOW // 2)]
