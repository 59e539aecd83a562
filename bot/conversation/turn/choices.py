"""Which of the offered choices somebody means who types instead of pressing a button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz

from bot.conversation.turn.replies import Choice
from bot.conversation.turn.scene import Scene
from knowledge.language.normalise import fold, words

LIKENESS = 0.55
"""Of 1: from here a text names a choice."""
MARGIN = 0.1
"""How much more like the text a choice must be than the next one."""
LONGEST = 60
"""Characters of a text that may name a choice; a longer one tells something else."""
ORDINALS = 3
"""``opdracht.keuze_1`` and so on exist up to this number."""
SMALL_WORD = 3
"""Letters of a word that weighs little ("we", "het")."""
SMALL_WEIGHT = 0.3
SAME_WORD = 80
"""Of 100 (``fuzz.ratio``): "bewoner" is "bewoners"; words of four letters or fewer must be equal."""


def pick(scene: Scene, labels: Sequence[str]) -> int | None:
    """The index of the label meant by "2", "de tweede", "de laatste", "ja", or the label's own words; else None."""
    written = fold(scene.text).strip(" .!)")
    if not written or len(written) > LONGEST:
        return None
    if written.isdecimal():
        return int(written) - 1 if 0 < int(written) <= len(labels) else None
    for index in range(min(ORDINALS, len(labels))):
        if scene.means(f"keuze_{index + 1}"):
            return index
    if scene.means("keuze_laatste"):
        return len(labels) - 1
    return _named(scene, written, [fold(label) for label in labels])


def _named(scene: Scene, written: str, labels: list[str]) -> int | None:
    if written in labels:
        return labels.index(written)
    verdict = _verdict(scene, written)
    candidates = {index: label for index, label in enumerate(labels) if verdict in ("", _first_word(label))}
    if verdict and (len(candidates) == 1 or scene.means("ja") or scene.means("nee")):
        return next(iter(candidates)) if len(candidates) == 1 else None
    likeness = _likeness(written, candidates)
    best, *others = sorted(likeness, key=lambda index: -likeness[index]) or [-1]
    if likeness.get(best, 0) < LIKENESS:
        return None
    return None if others and likeness[best] - likeness[others[0]] < MARGIN else best


def _verdict(scene: Scene, written: str) -> str:
    """ "ja" or "nee" in the language of the labels, where the text is or begins with one; else "".

    "Nee, dat weten ze niet" must never be taken for "Ja, dat weten ze".
    """
    for meaning in ("ja", "nee"):
        word = fold(scene.say(f"stappen.{meaning}"))
        if scene.means(meaning) or _first_word(written) == word:
            return word
    return ""


def _likeness(written: str, labels: Mapping[int, str]) -> dict[int, float]:
    """How much of the text each label holds, words in few labels weighing most; next to that likeness as a whole."""
    said = words(written)
    held = {word: [index for index, label in labels.items() if _holds(label, word)] for word in said}
    weights = {word: _weight(word, len(where)) for word, where in held.items()}
    total = sum(weights.values()) or 1
    return {
        index: 0.7 * sum(weights[word] for word, where in held.items() if index in where) / total
        + 0.3 * fuzz.ratio(written, label) / 100
        for index, label in labels.items()
    }


def _weight(word: str, labels: int) -> float:
    return (SMALL_WEIGHT if len(word) <= SMALL_WORD else 1) / max(1, labels)


def _holds(label: str, word: str) -> bool:
    return any(word == other or (len(word) > 4 and fuzz.ratio(word, other) >= SAME_WORD) for other in words(label))


def _first_word(text: str) -> str:
    return next(iter(words(text)), "")


def topic_choice(scene: Scene, topic_id: str) -> Choice:
    return Choice(scene.translated(scene.knowledge.topics[topic_id].title), f"t:{topic_id}")


def spoken(scene: Scene, key: str) -> bool:
    """Whether the whole message is one of the words listed in ``teksten.toml`` under ``key``, in any language."""
    return bool(words(scene.text)) and scene.wholly(key)


def unsure(scene: Scene) -> bool:
    return scene.means("weet_ik_niet") or spoken(scene, "plan.woorden_weet_niet")
