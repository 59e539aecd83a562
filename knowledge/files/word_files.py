"""Reads ``woorden.toml``, ``buiten.csv``, ``gevaar.toml`` and ``teksten.toml``."""

from __future__ import annotations

import string
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from knowledge.danger.dangers import Danger, Dangers, Pattern
from knowledge.danger.signals import Group, Rule, RuleError, Term, group, rule
from knowledge.files.fields import Fields, TranslatedFields
from knowledge.files.formats import read_csv, read_toml
from knowledge.language.normalise import fold
from knowledge.language.word_lists import Words
from knowledge.models.content import Language, Texts
from knowledge.models.problems import Problems, meant

WORDS, OUTSIDE, DANGER, TEXTS = "woorden.toml", "buiten.csv", "gevaar.toml", "teksten.toml"


def read_words(folder: Path, languages: Sequence[Language], problems: Problems) -> Words:
    table = read_toml(folder / WORDS, WORDS, problems)
    if table is None:
        return Words()
    fields = Fields(table, WORDS, problems)
    skip, small = ({languages[0]: _folded(fields.texts(key, required=False))} for key in ("skip", "klein"))
    for language in languages[1:]:
        other = fields.table_at(language)
        if other is not None:
            skip[language], small[language] = (_folded(other.texts(key, required=False)) for key in ("skip", "klein"))
            other.finish()
    words = Words(
        synonyms=_per_language(fields, "synoniemen", languages, _synonyms),
        skip=skip,
        abbreviations=_per_language(fields, "afkortingen", languages, _abbreviations),
        small=small,
    )
    fields.finish()
    return words


def _per_language(
    fields: Fields, key: str, languages: Sequence[Language], read: Any
) -> dict[Language, Mapping[str, str]]:
    """``[key]`` for the original and ``[key.en]`` for a translation."""
    table = fields.table_at(key)
    if table is None:
        return {}
    found = {languages[0]: read(table, languages)}
    for language in languages[1:]:
        other = table.table_at(language) if isinstance(table.table.get(language), dict) else None
        if other is not None:
            found[language] = read(other, languages)
    return found


def _synonyms(table: Fields, languages: Sequence[Language]) -> dict[str, str]:
    """Every other word to the one on the left; a word with two left sides is a problem."""
    found: dict[str, str] = {}
    for key, value in table.table.items():
        if key in languages and isinstance(value, dict):
            continue
        for other in table.texts(key):
            word = fold(other)
            if found.get(word, fold(key)) != fold(key):
                table.problem(key, f"“{other}” staat ook bij “{found[word]}”")
            elif word != fold(key):
                found[word] = fold(key)
    return found


def _abbreviations(table: Fields, languages: Sequence[Language]) -> dict[str, str]:
    return {
        fold(key): fold(table.text(key))
        for key, value in table.table.items()
        if not (key in languages and isinstance(value, dict))
    }


def _folded(texts: Sequence[str]) -> frozenset[str]:
    return frozenset(fold(text) for text in texts)


def read_outside(folder: Path, languages: Sequence[Language], problems: Problems) -> tuple[tuple[str, Language], ...]:
    """Messages that no topic covers, besides those of the base."""
    found: list[tuple[str, Language]] = []
    if not (folder / OUTSIDE).exists():
        return ()
    for row in read_csv(folder / OUTSIDE, OUTSIDE, ("zin", "taal"), problems):
        if row["taal"] not in languages:
            message = f"de taal “{row['taal']}” staat niet in gemeente.toml"
            problems.unknown(OUTSIDE, row.key, message, languages, row["taal"])
        elif row["zin"]:
            found.append((row["zin"], row["taal"]))
    return tuple(found)


def read_dangers(
    folder: Path,
    languages: Sequence[Language],
    emergency: Mapping[str, str],
    problems: Problems,
    ordinary: Collection[str] = (),
) -> Dangers:
    """``nummer`` is a key of ``noodnummers.csv``; ``ordinary`` are words that other files use."""
    table = read_toml(folder / DANGER, DANGER, problems) or {}
    fields = Fields(table, DANGER, problems)
    innocent = fields.texts("onschuldig", required=False)
    groups = _word_groups(fields)
    denials = _group(fields, "ontkenning", groups)
    patterns = []
    for one in fields.tables_at("gevaar"):
        translated = TranslatedFields(one, languages)
        number = one.text("nummer")
        if number and number not in emergency:
            message = f"“{number}” staat niet in feiten/noodnummers.csv"
            problems.unknown(DANGER, f"{one.path} nummer", message, emergency, number)
        danger = Danger(one.text("id"), emergency.get(number, ""), translated.text("antwoord"))
        lists = {key: translated.texts(key, required=key == "zinnen") for key in ("zinnen", "woorden", "niet")}
        sentences, phrases, harmless = (
            tuple(text for texts in found.values() for text in texts) for found in lists.values()
        )
        rules, unless = _rules(one, groups), _group(one, "tenzij", groups)
        patterns.append(Pattern(danger, phrases, sentences, harmless, rules, unless))
        translated.finish()
    fields.finish()
    return Dangers(patterns, innocent, denials, ordinary)


def _word_groups(fields: Fields) -> dict[str, tuple[str, ...]]:
    """``[woordgroepen]``: words that rules call by one name."""
    table = fields.table_at("woordgroepen")
    return {} if table is None else {key: table.texts(key) for key in table.table}


def _group(fields: Fields, key: str, groups: Mapping[str, Sequence[str]]) -> Group:
    """A list of words and ``@names`` of word groups."""
    found: set[Term] = set()
    for number, written in enumerate(fields.texts(key, required=False), 1):
        try:
            found |= group(written, groups)
        except RuleError as error:
            _unreadable(fields, f"{key} nummer {number}", written, error, groups)
    return frozenset(found)


def _rules(fields: Fields, groups: Mapping[str, Sequence[str]]) -> tuple[Rule, ...]:
    found = []
    for number, written in enumerate(fields.texts("samen", required=False), 1):
        try:
            found.append(rule(written, groups))
        except RuleError as error:
            _unreadable(fields, f"samen nummer {number}", written, error, groups)
    return tuple(found)


def _unreadable(fields: Fields, key: str, written: str, error: RuleError, groups: Mapping[str, Sequence[str]]) -> None:
    if error.missing:
        message = f"de woordgroep “{error.missing}” bestaat niet{meant(error.missing, groups)}"
    else:
        message = f"“{written}” mist een woord naast een +, - of |"
    fields.problem(key, message)


def read_texts(folder: Path, languages: Sequence[Language], problems: Problems) -> Texts:
    table = read_toml(folder / TEXTS, TEXTS, problems) or {}
    original = languages[0]
    texts: dict[Language, dict[str, str]] = {language: {} for language in languages}
    for key, value in table.items():
        if key in languages[1:]:
            _flatten(value, "", texts[key], f"[{key}]", problems)
        else:
            _flatten({key: value}, "", texts[original], "", problems)
    for language in languages[1:]:
        for key, text in texts[language].items():
            _check_translation(key, text, texts[original], language, problems)
    for key, text in texts[original].items():
        if _names(text) is None:
            problems.add(TEXTS, key, "er staat een accolade { of } te veel of te weinig")
    return Texts(texts, original)


def _flatten(value: Any, prefix: str, into: dict[str, str], path: str, problems: Problems) -> None:
    if isinstance(value, dict):
        for key, below in value.items():
            _flatten(below, f"{prefix}.{key}" if prefix else key, into, path, problems)
    elif isinstance(value, str):
        into[prefix] = value.strip("\n")
    else:
        problems.add(TEXTS, f"{path} {prefix}".strip(), "moet een tekst tussen aanhalingstekens zijn")


def _check_translation(
    key: str, text: str, original: Mapping[str, str], language: Language, problems: Problems
) -> None:
    where = f"[{language}] {key}"
    if key not in original:
        problems.unknown(TEXTS, where, "staat niet in het origineel", original, key)
        return
    names, wanted = _names(text), _names(original[key])
    if names is None:
        problems.add(TEXTS, where, "er staat een accolade { of } te veel of te weinig")
    elif wanted is not None and not names <= wanted:
        for name in sorted(names - wanted):
            problems.unknown(TEXTS, where, f"{{{name}}} staat niet in het origineel", wanted, name)


def _names(text: str) -> set[str] | None:
    """The names between braces; None where the braces do not match."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return None
