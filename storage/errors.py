"""What can go wrong with storage, for those who must tell it to someone."""

from __future__ import annotations


class StorageError(Exception):
    """The database cannot be used as configured; the message says what to change."""


class StorageUnavailable(Exception):  # noqa: N818  (a state of the world, not a mistake)
    """The database cannot do it now: full disk, locked, unreachable. Nothing was stored; try again later.

    The message is the kind of fault only, because a driver's own words may quote data.
    """
