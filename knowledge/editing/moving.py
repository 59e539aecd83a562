"""Which examples of other topics a new topic should take over, and moving them.

A topic that others talked about so far has no chance while their examples name its subject:
twelve examples of its own gave one right answer of ten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit

from knowledge.files.topic_files import FOLDER
from knowledge.loader import Parts
from knowledge.matching.features import Reader
from knowledge.matching.keywords import KeyWords
from knowledge.models.content import Language

NAMED = 0.2
"""Share of an example's telling words that belongs to a key word of the new topic, from which it is listed."""


@dataclass(frozen=True, slots=True)
class MovableExample:
    text: str
    language: Language
    topic: str


def examples_to_move(parts: Parts, topic: str) -> list[MovableExample]:
    """Own examples of other topics in which a key word of this one stands, and none of their own topic."""
    known = parts.shipped.model.reader if parts.shipped is not None else Reader.of(parts.words, ())
    reader = Reader(parts.words, known.spelling, known.languages)
    key_words = KeyWords.of(parts.topics, reader)
    ids = tuple(parts.topics)
    at = ids.index(topic)
    found = []
    for place, other in enumerate(parts.topics.values()):
        for language, examples in other.examples.items() if other.id != topic else ():
            for example in examples:
                shares = key_words.shares(reader.tokens(example, language), ids)
                if shares[at] >= NAMED and shares[at] > shares[place]:
                    found.append(MovableExample(example, language, other.id))
    return found


def move_examples(folder: Path, topic: str, examples: Sequence[MovableExample]) -> None:
    """Raises OSError where a file cannot be written."""
    documents = {name: _document(folder, name) for name in {topic, *(one.topic for one in examples)}}
    original = next(iter(tomlkit.parse((folder / "gemeente.toml").read_text("utf-8"))["talen"]))
    for example in examples:
        old, new = (_list(documents[name][1], example.language, original) for name in (example.topic, topic))
        if example.text in old:
            old.remove(example.text)
        if example.text not in new:
            new.append(example.text)
    for path, document in documents.values():
        path.write_text(tomlkit.dumps(document), "utf-8")


def _document(folder: Path, topic: str) -> tuple[Path, Any]:
    path = next((folder / FOLDER).rglob(f"{topic}.toml"))
    return path, tomlkit.parse(path.read_text("utf-8"))


def _list(document: Any, language: Language, original: Language) -> Any:
    table = document if language == original else document.setdefault(language, tomlkit.table())
    return table.setdefault("vragen", tomlkit.array().multiline(True))
