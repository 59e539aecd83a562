"""``woorden.toml``: what editors know about words, for the matcher."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.models.content import Language


@dataclass(frozen=True, slots=True)
class Words:
    """Everything per language, folded (``normalise.fold``).

    In the file: ``[nl] overslaan = ["alstublieft", …]``, ``[nl.synoniemen] wijkregisseur =
    ["buurtcoordinator", …]``, ``[nl.afkortingen] buco = "buurtcoordinator"``.
    """

    synonyms: Mapping[Language, Mapping[str, str]] = field(default_factory=dict)
    """Another word, or words with a space between, to the one that stands for it."""
    skip: Mapping[Language, frozenset[str]] = field(default_factory=dict)
    """Words that say nothing about the subject."""
    abbreviations: Mapping[Language, Mapping[str, str]] = field(default_factory=dict)
    """Abbreviation to what it is short for, perhaps several words."""
    small: Mapping[Language, frozenset[str]] = field(default_factory=dict)
    """Words around a key word in a plain request ("info over …", "… aanvragen"), which say nothing of its subject."""
