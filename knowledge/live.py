"""Keeps the knowledge up to date with its files: a good edit is live within seconds, a bad one is reported.

The knowledge that runs is only ever replaced by a whole new one, so a half-saved or
wrong file changes nothing for residents.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Collection
from pathlib import Path

from watchfiles import Change, DefaultFilter, awatch

from knowledge.base import Knowledge
from knowledge.editing.checks import look_for_keys
from knowledge.loader import SUFFIXES, Parts, assemble, build_matcher, read_whole, version_of
from knowledge.models.problems import KnowledgeError, Problem, Problems

SETTLE = 300
"""Milliseconds without further changes before the files are read again."""

Report = Callable[["LiveKnowledge"], None]


class LiveKnowledge:
    """The knowledge of a folder, now. Raises KnowledgeError when the files are wrong from the start.

    ``report`` is called after each reload, good or bad; ``problems`` is empty after a good one.
    """

    def __init__(
        self,
        folder: Path,
        report: Report | None = None,
        cache: Path | None = None,
        text_keys: Collection[str] = (),
    ) -> None:
        """``text_keys``: of the sentences that the bot cannot do without."""
        self.folder = folder
        self._cache = cache
        self._report = report
        self._text_keys = text_keys
        parts = self._read_parts()
        self._lessons = parts.lessons
        self.current: Knowledge = assemble(parts, build_matcher(parts, cache))
        self.problems: tuple[Problem, ...] = ()
        """Of the last edit; while there are any, ``current`` is what was good before."""

    async def watch(self, stop: asyncio.Event | None = None, force_polling: bool | None = None) -> None:
        """Reloads after every change of the files until ``stop`` is set or the task is cancelled.

        ``force_polling`` is for network folders that tell nobody of changes.
        """
        changes = awatch(
            self.folder,
            watch_filter=_Content(),
            step=SETTLE,
            debounce=4 * SETTLE,
            stop_event=stop,
            force_polling=force_polling,
        )
        if version_of(self.folder) != self.current.version:  # edited between loading and watching
            await self.reload()
        async for _ in changes:
            await self.reload()

    async def reload(self) -> bool:
        """Reads the files again in a thread; whether they are live now."""
        try:
            fresh, lessons = await asyncio.to_thread(self._gently)
        except KnowledgeError as error:
            self.problems = tuple(error.problems)
        except OSError as error:  # a file that vanished between listing and reading; its change comes again
            self.problems = (Problem(str(error.filename or self.folder), "", f"kan niet worden gelezen ({error})"),)
        else:
            self.current, self._lessons, self.problems = fresh, lessons, ()
        if self._report is not None:
            self._report(self)
        return not self.problems

    def _gently(self) -> tuple[Knowledge, tuple[object, ...]]:
        """In a thread; who chats meanwhile waits a tenth of the usual time for each turn of the interpreter."""
        usual = sys.getswitchinterval()
        sys.setswitchinterval(usual / 10)
        try:
            return self._read()
        finally:
            sys.setswitchinterval(usual)

    def _read_parts(self) -> Parts:
        """A sentence that is missing would be noticed first by a resident, who gets no answer."""
        parts = read_whole(self.folder)
        problems = Problems()
        look_for_keys(parts, self._text_keys, problems)
        if problems:
            raise KnowledgeError(problems)
        return parts

    def _read(self) -> tuple[Knowledge, tuple[object, ...]]:
        """The matcher stays while no example or word changed."""
        parts = self._read_parts()
        same = parts.lessons == self._lessons
        now = self.current.matcher
        matcher = now if same else build_matcher(parts, self._cache)
        return assemble(parts, matcher), parts.lessons


class _Content(DefaultFilter):
    """Only files that the knowledge consists of, not what an editor program leaves beside them."""

    def __call__(self, change: Change, path: str) -> bool:
        name = Path(path).name
        return Path(path).suffix in SUFFIXES and not name.startswith((".", "~")) and super().__call__(change, path)
