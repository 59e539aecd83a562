"""Reads the topic files ``onderwerpen/<groep>/<id>.toml``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import get_args

from knowledge.files.fields import Fields, TranslatedFields
from knowledge.files.formats import read_toml, relative
from knowledge.files.sources import Sources
from knowledge.models.content import Language, Step, Topic
from knowledge.models.problems import Problems

FOLDER = "onderwerpen"
RESERVED = frozenset({"fallback"})
"""An id that means "I do not know" wherever answers are measured."""

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_ID = 60
"""Bytes: with "t:" in front an id must fit into a button's data."""


def read_topics(folder: Path, languages: Sequence[Language], sources: Sources, problems: Problems) -> dict[str, Topic]:
    """All topics by id, in the order of their files; broken ones are left out, with their problems."""
    topics: dict[str, Topic] = {}
    groups: dict[str, str] = {}
    for path in _files(folder):
        file = relative(path, folder)
        if path.parent.parent != folder / FOLDER:
            problems.add(file, "", f"staat niet in een map onder {FOLDER}/, zoals {FOLDER}/geld/")
        elif not _ID.fullmatch(path.stem) or len(path.stem) > _LONGEST_ID or path.stem in RESERVED:
            problems.add(file, "", "de bestandsnaam mag alleen kleine letters, cijfers en streepjes hebben")
        elif path.stem in groups:
            problems.add(file, "", f"het onderwerp “{path.stem}” bestaat al in de map {groups[path.stem]}")
        else:
            groups[path.stem] = path.parent.name
            topic = _read_topic(path, file, languages, sources, problems)
            if topic is not None:
                topics[topic.id] = topic
    if not topics and not problems.errors:
        problems.add(FOLDER, "", "er is geen enkel onderwerp")
    return topics


def topic_ids(folder: Path) -> set[str]:
    """Ids of all topic files, broken ones too: what points at one of those is not wrong itself."""
    return {path.stem for path in _files(folder)}


def _files(folder: Path) -> list[Path]:
    """Without what an editor program leaves beside them."""
    return sorted(path for path in (folder / FOLDER).glob("**/*.toml") if not path.name.startswith((".", "~")))


def _read_topic(
    path: Path, file: str, languages: Sequence[Language], sources: Sources, problems: Problems
) -> Topic | None:
    table = read_toml(path, file, problems)
    if table is None:
        return None
    before = len(problems.errors)
    fields = Fields(table, file, problems)
    translated = TranslatedFields(fields, languages)
    source = fields.text("bron")
    topic = Topic(
        id=path.stem,
        group=path.parent.name,
        title=translated.text("titel"),
        examples=translated.texts("vragen"),
        answer=translated.text("antwoord"),
        answer_wijk=translated.text("antwoord_wijk", required=False) or None,
        asks_wijk=fields.flag("vraagt_wijk"),
        step=_step(fields),
        see_also=fields.texts("zie_ook", required=False),
        source=sources.shown(source, file, "bron", problems) if source else "",
        checked=fields.day("gecontroleerd") or date.min,
<<<<<<< HEAD
        answer_empty=translated.text("antwoord_leeg", required=False) or None,
        cited=source,
        key_words=translated.texts("trefwoorden", required=False),
        no_choice=fields.flag("geen_keuze"),
||||||| cd37017
        answer_empty=translated.text("antwoord_leeg", required=False) or None,
        cited=source,
=======
>>>>>>> main
    )
    if topic.asks_wijk and topic.answer_wijk is None:
        fields.problem("vraagt_wijk", "heeft alleen zin als er ook een antwoord_wijk is")
    for table_of_language in translated.translations.values():
        table_of_language.day("gecontroleerd", required=False)
    translated.finish()
    return topic if len(problems.errors) == before else None


def _step(fields: Fields) -> Step | None:
    value = fields.one_of("stap", get_args(Step), required=False)
    return next((step for step in get_args(Step) if step == value), None)


def translation_days(path: Path, languages: Sequence[Language]) -> dict[Language, date]:
    """When each translation of a topic was last checked, where its file says so."""
    fields = Fields(read_toml(path, path.name, Problems()) or {}, path.name, Problems())
    days = {language: fields.table_at(language) for language in languages[1:]}
    found = {language: table.day("gecontroleerd", required=False) for language, table in days.items() if table}
    return {language: day for language, day in found.items() if day is not None}
