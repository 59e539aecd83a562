"""Postcodes that are spelt out: "twaalf veertien A B", "een twee twee een ab", "1 2 2 1 A B"."""

from __future__ import annotations

import re

from knowledge.language.normalise import even, fold
from knowledge.language.number_words import atoms_of, combine


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD = re.compile(r"[^\W_]+")
_LETTER_NAMES = {
    "aa": "A",
    "bee": "B",
    "cee": "C",
    "dee": "D",
    "ee": "E",
    "ef": "F",
    "eff": "F",
    "gee": "G",
    "haa": "H",
    "ie": "I",
    "jee": "J",
    "kaa": "K",
    "el": "L",
    "em": "M",
    "oo": "O",
    "pee": "P",
    "kuu": "Q",
    "er": "R",
    "es": "S",
    "tee": "T",
    "uu": "U",
    "vee": "V",
    "wee": "W",
    "iks": "X",
    "ij": "Y",
    "zet": "Z",
    "zed": "Z",
}
_SMALL = _listed(
    "en in is op of de we ik te om al er ze je zo nu na ja me as at to be by do go he if it my no on or so nr km"
)
"""Words of two letters that are no letters of a postcode."""
_LONGEST = 1_000
"""Characters; a longer message is a story."""


def written_out(text: str) -> str:
    """The evened text with spelt-out postcodes in digits and capitals; the same where there are none."""
    text = even(text)
    if len(text) > _LONGEST:
        return text
    found = list(_WORD.finditer(text))
    words = [fold(match.group()) for match in found]
    position = 0
    pieces: list[str] = []
    done = 0
    while position < len(words):
        digits, after = _digits(words, position)
        letters, end = _letters(words, after) if digits else ("", after)
        if digits and not letters and _is_called_postcode(words, position, after):
            pieces.append(f"{text[done : found[position].start()]}{digits}")
            done = found[after - 1].end()
            position = after
        elif letters and (after - position > 1 or end - after > 1):
            pieces.append(f"{text[done : found[position].start()]}{digits} {letters}")
            done = found[end - 1].end()
            position = end
        else:
            position += 1
    return "".join(pieces) + text[done:]


def _is_called_postcode(words: list[str], start: int, end: int) -> bool:
    """ "postcode twaalf veertien", or a message that is nothing else."""
    alone = start == 0 and end == len(words)
    return end - start > 1 and (
        alone or any(word.startswith(("postc", "zip")) for word in words[max(0, start - 3) : start])
    )


def _digits(words: list[str], position: int) -> tuple[str, int]:
    """Four digits from a run of numbers ("twaalf veertien", "1 2 2 1"), and the word after them; "" for none."""
    digits = ""
    while position < len(words) and len(digits) < 4:
        word = words[position]
        if word == "en" and digits and position + 1 < len(words):  # "een en twintig"
            joined = _value(words[position + 1])
            if len(joined) == 2 and joined.endswith("0") and digits[-1:] != "0":
                digits, position = f"{digits[:-1]}{joined[0]}{digits[-1]}", position + 2
                continue
        value = _value(word)
        if not value:
            break
        if len(value) == 4 and value.endswith("00") and position + 1 < len(words):  # "twaalfhonderd veertien"
            rest = _value(words[position + 1])
            if 0 < len(rest) <= 2:
                digits, position = digits + str(int(value) + int(rest)), position + 2
                continue
        digits, position = digits + value, position + 1
    return (digits, position) if len(digits) == 4 and digits[0] != "0" else ("", position)


def _value(word: str) -> str:
    if word.isascii() and word.isdigit():
        return word if len(word) <= 4 else ""
    atoms = atoms_of(word)
    return str(combine(atoms)) if atoms and combine(atoms) < 10_000 else ""


def _letters(words: list[str], position: int) -> tuple[str, int]:
    letters = ""
    while position < len(words) and len(letters) < 2:
        word = words[position]
        if len(word) == 1 and "a" <= word <= "z":
            letters += word.upper()
        elif word in _LETTER_NAMES:
            letters += _LETTER_NAMES[word]
        elif len(word) == 2 and not letters and word.isascii() and word.isalpha() and word not in _SMALL:
            letters = word.upper()
        else:
            break
        position += 1
    return (letters, position) if len(letters) == 2 else ("", position)
