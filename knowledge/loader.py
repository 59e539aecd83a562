"""Builds the knowledge from a municipality's folder, or says everything that is wrong with it.

Reading goes on after a problem, so that an editor sees all of them at once. Nothing is
kept between two loads: a live reload builds everything anew and swaps it in whole.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.base import Knowledge
from knowledge.danger.dangers import Dangers
from knowledge.danger.lexicon import vocabulary
from knowledge.files.base_files import LEARNT, folder_of
from knowledge.files.criteria_file import read_criteria
from knowledge.files.fact_tables import Tables, build_facts, check_sources, read_tables
from knowledge.files.fields import Fields
from knowledge.files.formats import read_toml, relative
from knowledge.files.place_tables import build_places
from knowledge.files.references import check_references
from knowledge.files.sources import Sources
from knowledge.files.topic_files import read_topics, topic_ids
from knowledge.files.word_files import read_dangers, read_outside, read_texts, read_words
from knowledge.language.word_lists import Words
from knowledge.models.content import Facts, Gemeente, Language, Texts, Topic
from knowledge.models.problems import KnowledgeError, Problem, Problems
from knowledge.models.requirements import Criteria
from knowledge.places.places import Places

if TYPE_CHECKING:
    from knowledge.matching.calibration import Calibration
    from knowledge.matching.learnt import Learnt
    from knowledge.matching.matcher import Matcher

__all__ = ["KnowledgeError", "Parts", "Problem", "load", "read"]

GEMEENTE = "gemeente.toml"
SUFFIXES = frozenset({".toml", ".csv", ".geojson"})
"""Files that the knowledge consists of."""


@dataclass(frozen=True, slots=True)
class Parts:
    """All that was read, before the matcher is built."""

    folder: Path
    gemeente: Gemeente
    topics: Mapping[str, Topic]
    facts: Facts
    texts: Texts
    criteria: Criteria
    places: Places
    dangers: Dangers
    words: Words
    outside: tuple[tuple[str, Language], ...]
    tables: Tables
    version: str
<<<<<<< HEAD
    wishes: Wishes = field(default_factory=Wishes)
    shipped: Learnt | None = None
    """What was learnt from the base, where the municipality has one."""
||||||| cd37017
    wishes: Wishes = field(default_factory=Wishes)
=======
>>>>>>> main

    @property
    def lessons(self) -> tuple[object, ...]:
        """All that the matcher learns from: while it is equal, a matcher need not learn again."""
        examples = [
            (topic.id, topic.title, topic.examples, topic.key_words, topic.no_choice) for topic in self.topics.values()
        ]
        return examples, self.outside, self.words


def load(folder: Path, cache: Path | None = None) -> Knowledge:
    """The knowledge of a folder. Raises KnowledgeError with every problem that keeps it from being used.

    ``cache``: where the matcher keeps what it learned, for a quicker start with the same files.
    """
    parts = read_whole(folder)
    return assemble(parts, build_matcher(parts, cache))


def read_whole(folder: Path) -> Parts:
    """Everything but the matcher. Raises KnowledgeError like ``load``."""
    problems = Problems()
    parts = read(folder, problems)
    if parts is None or problems.errors:
        raise KnowledgeError(problems.errors)
    return parts


def assemble(parts: Parts, matcher: Matcher) -> Knowledge:
    return Knowledge(
        gemeente=parts.gemeente,
        topics=parts.topics,
        facts=parts.facts,
        texts=parts.texts,
        criteria=parts.criteria,
        places=parts.places,
        matcher=matcher,
        dangers=parts.dangers,
        version=parts.version,
    )


def build_matcher(parts: Parts, cache: Path | None = None, calibration: Calibration | None = None) -> Matcher:
    """``calibration``: how far to trust matches, instead of what the folder's file says of it."""
    # Here, not above: reading and checking the files needs none of it.
    from knowledge.files.calibration_file import read as read_calibration
    from knowledge.matching.building import build

    given = calibration or read_calibration(parts.folder)
    return build(parts.topics, parts.outside, parts.words, shipped=parts.shipped, given=given, cache=cache)


def _shipped(base: str, words: Words, problems: Problems) -> Learnt | None:
    """What was learnt from the base."""
    from knowledge.matching.learnt_file import load as load_learnt

    found = load_learnt(folder_of(base) / LEARNT, words) if base else None
    if base and found is None:
        problems.add(GEMEENTE, "basis", f"wat van “{base}” is geleerd, kan niet worden gelezen; draai wijkbot learn")
    return found


def read(folder: Path, problems: Problems) -> Parts | None:
    """Everything but the matcher; None, with the problems, where too little could be read."""
    if not folder.is_dir():
        problems.add(str(folder), "", "deze map bestaat niet")
        return None
    read_gemeente = _gemeente(folder, problems)
    languages: Sequence[Language] = list(read_gemeente.languages) if read_gemeente else ["nl"]
    tables = read_tables(folder, problems)
    sources = Sources.from_rows(tables["bronnen"])
    check_sources(tables, sources, problems)
    facts = build_facts(tables, languages, sources, problems)
    topics = read_topics(folder, languages, sources, problems)
    texts = read_texts(folder, languages, problems)
    criteria = read_criteria(folder, languages, sources, problems)
    words = read_words(folder, languages, problems)
    outside = read_outside(folder, languages, problems)
<<<<<<< HEAD
    shipped = _shipped(read_gemeente.base, words, problems) if read_gemeente else None
    used = _used_words(topics, outside, shipped)
    dangers = read_dangers(folder, languages, facts.emergency, problems, used)
    wishes = read_wishes(folder, topic_ids(folder), problems)
||||||| cd37017
    dangers = read_dangers(folder, languages, facts.emergency, problems, _used_words(topics, outside))
    wishes = read_wishes(folder, topic_ids(folder), problems)
=======
    dangers = read_dangers(folder, languages, facts.emergency, problems, _used_words(topics, outside))
>>>>>>> main
    places = build_places(folder, read_gemeente.name if read_gemeente else "", tables, problems)
    check_references(topics, topic_ids(folder), criteria, dangers, facts, problems)
    if read_gemeente is None or criteria is None or places is None:
        return None
    return Parts(
        folder,
        read_gemeente,
        topics,
        facts,
        texts,
        criteria,
        places,
        dangers,
        words,
        outside,
        tables,
        version_of(folder),
<<<<<<< HEAD
        wishes,
        shipped,
||||||| cd37017
        wishes,
=======
>>>>>>> main
    )


def _used_words(
    topics: Mapping[str, Topic], outside: Sequence[tuple[str, Language]], shipped: Learnt | None
) -> frozenset[str]:
    """What residents write about other things: such a word is not a danger with a typo in it."""
    asked = (text for topic in topics.values() for texts in topic.examples.values() for text in texts)
    own = vocabulary((*asked, *(text for text, _ in outside)))
    return own | frozenset(shipped.model.reader.spelling.counts) if shipped is not None else own


def _gemeente(folder: Path, problems: Problems) -> Gemeente | None:
    table = read_toml(folder / GEMEENTE, GEMEENTE, problems)
    if table is None:
        return None
    before = len(problems.errors)
    fields = Fields(table, GEMEENTE, problems)
    languages, terms = fields.table_at("talen", required=True), fields.table_at("termijnen", required=True)
    gemeente = Gemeente(
        name=fields.text("naam"),
        telephone=fields.text("telefoon"),
        website=fields.text("website"),
        languages=languages.strings() if languages else {},
        terms={key: terms.number(key) for key in terms.table} if terms else {},
        region_code=fields.text("land", required=False) or "NL",
        reference_prefix=fields.text("kenmerk"),
<<<<<<< HEAD
        example_terms=fields.texts("voorbeeld_termijnen", required=False),
        base=fields.text("basis", required=False),
||||||| cd37017
        example_terms=fields.texts("voorbeeld_termijnen", required=False),
=======
>>>>>>> main
    )
    if gemeente.reference_prefix and not re.fullmatch(r"[A-Z]{1,4}", gemeente.reference_prefix):
        fields.problem("kenmerk", "moet uit één tot vier hoofdletters bestaan, zoals HV")
    if languages is not None and not gemeente.languages:
        fields.problem("talen", "heeft minstens één taal nodig")
    fields.also("cbs_gemeentecode", "sommen", "niet_vertalen")  # read by postcode_import and checks
    fields.finish()
    return gemeente if len(problems.errors) == before else None


def files_of(folder: Path) -> list[Path]:
    """Every file that the knowledge consists of, in a fixed order."""
    return sorted(
        path for path in folder.rglob("*") if path.suffix in SUFFIXES and not path.name.startswith((".", "~"))
    )


def version_of(folder: Path) -> str:
    """A short hash over names and contents of all files."""
    digest = hashlib.sha256()
    for path in files_of(folder):
        digest.update(relative(path, folder).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
