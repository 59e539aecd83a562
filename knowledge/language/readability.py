"""Whether Dutch text is plain enough for level B1: short sentences, no very long words.

Measures form only: whether words are familiar is for the editor's ear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.models.placeholders import names_in

LONGEST_SENTENCE = 20
"""Words; plain-language guides for Dutch government advise 15 on average."""
LONGEST_WORD = 22
"""Letters; longer compounds are better taken apart or explained."""

_PLACEHOLDER = re.compile(r"\{[^{}\n]*\}")
_END = re.compile(r"(?<=[.!?:])[\"')]*\s+(?=[^a-z])|\n+")
_ABBREVIATION = re.compile(r"\b(?:bijv|bv|nr|tel|st|mr|dr|o\.a|b\.v|d\.w\.z|m\.a\.w|t/m|ca|e\.d|enz)\.$", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class LongSentence:
    text: str
    words: int


def sentences(text: str) -> list[str]:
    """The sentences and list lines of a text; a placeholder counts as one word."""
    plain = _PLACEHOLDER.sub("X", text) if names_in(text) else text
    found: list[str] = []
    for part in _END.split(plain):
        part = part.strip(" -\t")
        if found and _ABBREVIATION.search(found[-1]):
            found[-1] += f" {part}"
        elif part:
            found.append(part)
    return found


def long_sentences(text: str, limit: int = LONGEST_SENTENCE) -> list[LongSentence]:
    counted = [LongSentence(sentence, len(_WORD.findall(sentence))) for sentence in sentences(text)]
    return [sentence for sentence in counted if sentence.words > limit]


def long_words(text: str, limit: int = LONGEST_WORD) -> list[str]:
    """Words longer than ``limit``, web and e-mail addresses left out."""
    plain = re.sub(r"\S*(?:@|www\.|https?:)\S*", " ", _PLACEHOLDER.sub(" ", text))
    return [word for word in _WORD.findall(plain) if len(word) > limit and "." not in word]
