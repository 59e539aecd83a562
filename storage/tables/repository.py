"""What can be asked of the tables and stored in them, per kind of thing.

Nothing here commits: a repository works inside the unit of work that made it. The
order of locks is conversation first, plan second; keep it, or two transactions that
want both can wait for each other.
"""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import CursorResult, Executable
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession


async def execute(session: AsyncSession, statement: Executable) -> int:
    """Run a statement that changes rows; how many it changed."""
    # exec() is typed for select and the like only, so the session below it is asked.
    connection = await session.connection()
    await session.flush()
    result = cast("CursorResult[Any]", await connection.execute(statement))
    return result.rowcount


async def insert_new(session: AsyncSession, table: type[SQLModel], values: dict[str, Any]) -> bool:
    """Insert unless a row with the same unique key stands; whether it was inserted."""
    connection = await session.connection()
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(**values).on_conflict_do_nothing()
    return await execute(session, statement) == 1


class Repository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session
