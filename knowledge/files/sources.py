"""Sources: ``bronnen.csv`` and the references to it, "jaarverslag-2021-2022, Een greep uit Zuid"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.files.formats import TableRow
from knowledge.models.problems import Problems


@dataclass(frozen=True, slots=True)
class Sources:
    titles: Mapping[str, str]
    """Key to title with year, "Uitvoeringsnotitie Buurten 3.0 (2020)"."""

    @classmethod
    def from_rows(cls, rows: list[TableRow]) -> Sources:
        return cls({row["sleutel"]: _shown(row["titel"], row["datum"]) for row in rows})

    def shown(self, reference: str, file: str, key: str, problems: Problems) -> str:
        """A reference as a resident reads it; an unknown source is a problem."""
        shown = []
        for part in reference.split(";"):
            source, comma, place = part.strip().partition(",")
            if source.strip() in self.titles:
                shown.append(self.titles[source.strip()] + (f", {place.strip()}" if comma else ""))
            else:
                message = f"de bron “{source.strip()}” staat niet in feiten/bronnen.csv"
                problems.unknown(file, key, message, self.titles, source)
        return "; ".join(shown)


def _shown(title: str, day: str) -> str:
    return f"{title} ({day[:4]})" if day and day[:4] not in title else title
