"""Alembic's way in.

The program runs migrations over a connection that it has open already
(``Database.open``). A developer makes a new one from the models with

    alembic -c storage/migrations/alembic.ini -x url=sqlite:///new.db revision --autogenerate -m "…"

on a database that holds the tables of the newest migration.
"""

from __future__ import annotations

from typing import Literal

from alembic import context
from sqlalchemy import Connection, create_engine
from sqlmodel import AutoString, SQLModel

from storage import models


def render_plainly(kind: str, item: object, autogenerate: object) -> str | Literal[False]:
    """Write our own column types as SQLAlchemy's: a migration must not change when the models do."""
    if kind != "type":
        return False
    if isinstance(item, models.UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, AutoString):
        return f"sa.String(length={getattr(item.impl, 'length', None)})"
    return False


def run(connection: Connection) -> None:
    # SQLite cannot alter most of a table; batch mode copies it instead.
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        render_item=render_plainly,
    )
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:
        run(given)
        return
    url = context.get_x_argument(as_dictionary=True)["url"]
    with create_engine(url).connect() as connection:
        run(connection)


main()
