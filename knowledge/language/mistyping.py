"""Texts as somebody in a hurry would type them: editors write their examples with care, residents do not."""

from __future__ import annotations

from random import Random

SHORTEST = 4
"""Letters from which a word is mistyped."""
_SHARE = 0.3
"""Words in which something goes wrong, at least one per text."""
_LETTERS = "aeioudnrstl"


def mistype(text: str, random: Random) -> str:
    """A copy with one slip in some of its words: a letter dropped, doubled, replaced, or two turned round."""
    words = text.split(" ")
    able = [place for place, word in enumerate(words) if len(word) >= SHORTEST and word.isalpha()]
    if not able:
        return text
    for place in random.sample(able, max(1, round(len(able) * _SHARE))):
        words[place] = _slip(words[place], random)
    return " ".join(words)


def _slip(word: str, random: Random) -> str:
    place = random.randrange(1, len(word) - 1)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    return random.choice(
        (
            before + after,
            before + letter + letter + after,
            before + random.choice(_LETTERS) + after,
            before + after[0] + letter + after[1:],
        )
    )
