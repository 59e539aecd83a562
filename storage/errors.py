"""What can go wrong with storage, for those who must tell it to someone."""

from __future__ import annotations

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import exc as sql


class StorageError(Exception):
    """The database cannot be used as configured; the message says what to change."""


class StorageUnavailable(Exception):  # noqa: N818  (a state of the world, not a mistake)
    """The database cannot do it now: full disk, locked, unreachable. Nothing was stored; try again later.

    The message is the kind of fault only, because a driver's own words may quote data.
    """


OURS = (sql.IntegrityError, sql.ProgrammingError, sql.DataError, sql.NotSupportedError)
"""A statement of ours that is wrong: no use to try it again."""

# While connecting, asyncpg's own exceptions come through as they are.
FAULTS = (sql.DBAPIError, sql.TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)


def translated(error: BaseException) -> BaseException:
    """A fault of the database becomes ``StorageUnavailable``; a fault of ours stays what it is."""
    if isinstance(error, OURS) and not error.connection_invalidated:
        return error
    if isinstance(error, FAULTS):
        return StorageUnavailable(type(cause(error)).__name__)
    return error


def cause(error: BaseException) -> BaseException:
    """What the driver said."""
    return error.orig if isinstance(error, sql.DBAPIError) and error.orig is not None else error
