"""Typed access to one TOML table: every wrong or unknown key becomes a problem and reading goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from knowledge.models.content import Language, Translated
from knowledge.models.problems import Problems, meant

_DUTCH = {
    str: "een tekst tussen aanhalingstekens",
    bool: "true of false",
    int: "een getal zonder aanhalingstekens",
    list: "een lijst tussen [ en ]",
    dict: "een kopje met namen eronder",
}


class Fields:
    """``path`` is what stands before the key in a problem: "[en]", "vraag “steun”"."""

    def __init__(self, table: Mapping[str, Any], file: str, problems: Problems, path: str = "") -> None:
        self.table, self.file, self.problems, self.path = table, file, problems, path
        self._taken: set[str] = set()

    def problem(self, key: str, message: str) -> None:
        self.problems.add(self.file, f"{self.path} {key}".strip(), message)

    def _take(self, key: str, kind: type, required: bool) -> Any:
        self._taken.add(key)
        if key not in self.table:
            if required:
                self.problem(key, "ontbreekt")
            return None
        value = self.table[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.problem(key, f"moet {_DUTCH[kind]} zijn")
            return None
        return value

    def text(self, key: str, required: bool = True) -> str:
        value = self._take(key, str, required)
        stripped = value.strip() if isinstance(value, str) else ""
        if isinstance(value, str) and required and not stripped:
            self.problem(key, "is leeg")
        return stripped

    def number(self, key: str, default: int = 0, required: bool = True) -> int:
        value = self._take(key, int, required)
        return value if isinstance(value, int) else default

    def flag(self, key: str) -> bool:
        return self._take(key, bool, required=False) is True

    def day(self, key: str, required: bool = True) -> date | None:
        self._taken.add(key)
        value = self.table.get(key)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if isinstance(value, str):
            try:
                return date.fromisoformat(value.strip())
            except ValueError:
                pass
        if value is not None or required:
            self.problem(key, "ontbreekt" if value is None else "moet een datum zijn, zoals 2026-11-20")
        return None

    def texts(self, key: str, required: bool = True) -> tuple[str, ...]:
        """A list of texts; an empty or doubled one is a problem of the check, not of reading."""
        value = self._take(key, list, required)
        if value is None:
            return ()
        for place, item in enumerate(value, 1):
            if not isinstance(item, str):
                self.problem(key, f"nummer {place} moet {_DUTCH[str]} zijn")
        return tuple(item.strip() for item in value if isinstance(item, str) and item.strip())

    def one_of(self, key: str, allowed: Sequence[str], required: bool = True) -> str | None:
        value = self.text(key, required)
        if value and value not in allowed:
            self.problem(key, f"“{value}” bestaat niet{meant(value, allowed)}")
            return None
        return value or None

    def table_at(self, key: str, required: bool = False) -> Fields | None:
        value = self._take(key, dict, required)
        return None if value is None else Fields(value, self.file, self.problems, f"{self.path} [{key}]".strip())

    def tables_at(self, key: str, label: str = "id") -> list[Fields]:
        """The ``[[key]]`` tables, each named in problems by its ``label``."""
        value = self._take(key, list, required=False) or []
        made = []
        for place, item in enumerate(value, 1):
            if isinstance(item, dict):
                name = item.get(label, place)
                path = f"{self.path} {key} “{name}”".strip()
                made.append(Fields(item, self.file, self.problems, path))
            else:
                self.problem(key, f"nummer {place} moet een kopje [[{key}]] zijn")
        return made

    def strings(self) -> dict[str, str]:
        """All keys of this table with text values."""
        return {key: self.text(key) for key in self.table}

    def finish(self) -> None:
        """Every key that nobody asked for is unknown."""
        for key in self.table:
            if key not in self._taken:
                self.problem(key, f"is onbekend{meant(key, self._taken - set(self.table))}")

    def also(self, *keys: str) -> None:
        """Keys that somebody else reads."""
        self._taken.update(keys)


class TranslatedFields:
    """The same table in the original and in ``[en]`` and the like, under it."""

    def __init__(self, fields: Fields, languages: Sequence[Language]) -> None:
        self.original = languages[0]
        self.fields = fields
        self.translations = {
            language: table for language in languages[1:] if (table := fields.table_at(language)) is not None
        }

    def text(self, key: str, required: bool = True) -> Translated:
        """The original first; empty where an optional text is not there."""
        original = self.fields.text(key, required)
        texts = {self.original: original} if original else {}
        for language, table in self.translations.items():
            translated = table.text(key, required=False)
            if translated and not original and not required:
                table.problem(key, "staat hier wel, maar niet in het origineel")
            elif translated:
                texts[language] = translated
        return texts

    def texts(self, key: str, required: bool = True) -> dict[Language, tuple[str, ...]]:
        found = {self.original: self.fields.texts(key, required)}
        for language, table in self.translations.items():
            found[language] = table.texts(key, required=False)
        return found

    def finish(self) -> None:
        self.fields.finish()
        for table in self.translations.values():
            table.finish()
