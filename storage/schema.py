"""Whether the tables that are there are those that this program's migrations make.

A migration is never changed once somebody ran it. Where that happened all the same, or where
somebody changed a table by hand, the program would start and then fail at each statement.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, MetaData, text
from sqlmodel import SQLModel

SHOWN = 5
"""Differences named; the rest is counted."""

_COLUMNS = {
    "sqlite": 'SELECT m.name, p.name, p."notnull" = 1, p.dflt_value IS NOT NULL OR p.pk > 0 '
    "FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table'",
    "postgresql": "SELECT table_name, column_name, is_nullable = 'NO', column_default IS NOT NULL "
    "FROM information_schema.columns WHERE table_schema = current_schema()",
}
_INDEXES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index'",
    "postgresql": "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()",
}


def differences(connection: Connection, metadata: MetaData = SQLModel.metadata) -> list[str]:
    """What is missing, or would make each new row fail; [] where all is well. Other people's tables do not matter."""
    there: dict[str, dict[str, tuple[bool, bool]]] = {}
    for table, column, required, filled in connection.execute(text(_COLUMNS[connection.dialect.name])):
        there.setdefault(table, {})[column] = bool(required), bool(filled)
    indexes = {str(name) for (name,) in connection.execute(text(_INDEXES[connection.dialect.name]))}
    found = list(_in_tables(metadata, there))
    wanted = {str(index.name) for table in metadata.tables.values() if table.name in there for index in table.indexes}
    return [*found, *(f"index {name} is missing" for name in sorted(wanted - indexes))]


def _in_tables(metadata: MetaData, there: Mapping[str, Mapping[str, tuple[bool, bool]]]) -> Iterator[str]:
    for name, table in metadata.tables.items():
        if name not in there:
            yield f"table {name} is missing"
            continue
        known = {column.name: column for column in table.columns}
        for column in known:
            if column not in there[name]:
                yield f"column {name}.{column} is missing"
        for column, (required, filled) in there[name].items():
            if column not in known:
                if required and not filled:
                    yield f"column {name}.{column} is not known here and must be filled"
            elif required and known[column].nullable:
                yield f"column {name}.{column} must be filled"


def told(found: list[str]) -> str:
    rest = f", and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return f"{', '.join(found[:SHOWN])}{rest}"
