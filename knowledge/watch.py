"""Keeps the knowledge up to date with its files: a good edit is live within seconds, a bad one is reported.

The knowledge that runs is only ever replaced by a whole new one, so a half-saved or
wrong file changes nothing for residents.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TypeVar

from watchfiles import Change, DefaultFilter, awatch

from knowledge.checks import look_for_keys
from knowledge.loader import SUFFIXES, Parts, assemble, build_matcher, is_kept, read_whole, unlearnt, version_of
from knowledge.models import Knowledge
from knowledge.problems import KnowledgeError, Problem, Problems

SETTLE = 300
"""Milliseconds without further changes before the files are read again."""

T = TypeVar("T")

Report = Callable[["LiveKnowledge"], None]


class LiveKnowledge:
    """The knowledge of a folder, now. Raises KnowledgeError when the files are wrong from the start.

    ``report`` is called after each reload, good or bad; ``problems`` is empty after a good one.
    """

    def __init__(
        self, folder: Path, report: Report | None = None, cache: Path | None = None, text_keys: Collection[str] = (),
        *, learn_later: bool = False,
    ) -> None:
        """``text_keys``: of the sentences that the bot cannot do without.

        ``learn_later``: questions raise StillLearning until ``ready``, and all else goes on meanwhile.
        """
        self.folder = folder
        self._cache = cache
        self._report = report
        self._text_keys = text_keys
        parts = self._read_parts()
        self._lessons = parts.lessons
        matcher = unlearnt(parts) if learn_later else build_matcher(parts, cache)
        self.current: Knowledge = assemble(parts, matcher)
        self._unlearnt = parts if learn_later else None
        self._learning: asyncio.Task[None] | None = None
        self.problems: tuple[Problem, ...] = ()
        """Of the last edit; while there are any, ``current`` is what was good before."""
        self.is_reading = False
        """Something is being read and learnt, in a thread that cannot be stopped."""

    @property
    def is_learnt(self) -> bool:
        """Whether questions can be matched."""
        return self._unlearnt is None

    async def ready(self) -> None:
        """Waits until questions can be matched; the first to wait has it learnt, again where that failed."""
        idle = self._learning is None or self._learning.done()
        if idle and self._unlearnt is not None:
            self._learning = asyncio.create_task(self._learn(self._unlearnt), name="learning")
        if self._learning is not None:
            await asyncio.shield(self._learning)

    async def _learn(self, parts: Parts) -> None:
        if self._cache is not None and not await asyncio.to_thread(is_kept, parts, self._cache):
            await self._learn_apart(self._cache)
        matcher = await asyncio.to_thread(self._busily, lambda: build_matcher(parts, self._cache))
        self.current, self._unlearnt = assemble(parts, matcher), None

    async def _learn_apart(self, cache: Path) -> None:
        """By another process, which leaves what it learnt in the cache; where that fails it is learnt here."""
        command = (sys.executable, "-m", "knowledge.beforehand", self.folder, cache)
        try:
            process = await asyncio.create_subprocess_exec(*command, stdout=DEVNULL, stderr=DEVNULL)
        except OSError:
            return
        try:
            await process.wait()
        finally:
            if process.returncode is None:  # the bot stops
                process.kill()

    async def watch(self, stop: asyncio.Event | None = None, force_polling: bool | None = None) -> None:
        """Reloads after every change of the files until ``stop`` is set or the task is cancelled.

        ``force_polling`` is for network folders that tell nobody of changes.
        """
        await self.ready()
        changes = awatch(
            self.folder, watch_filter=_Content(), step=SETTLE, debounce=4 * SETTLE, stop_event=stop,
            force_polling=force_polling,
        )
        if version_of(self.folder) != self.current.version:  # edited between loading and watching
            await self.reload()
        async for _ in changes:
            await self.reload()

    async def reload(self) -> bool:
        """Reads the files again in a thread; whether they are live now."""
        try:
            fresh, lessons = await asyncio.to_thread(self._busily, self._read)
        except KnowledgeError as error:
            self.problems = tuple(error.problems)
        except OSError as error:  # a file that vanished between listing and reading; its change comes again
            self.problems = (Problem(str(error.filename or self.folder), "", f"kan niet worden gelezen ({error})"),)
        else:
            self.current, self._lessons, self.problems = fresh, lessons, ()
        if self._report is not None:
            self._report(self)
        return not self.problems

    def _busily(self, work: Callable[[], T]) -> T:
        """In a thread; who chats meanwhile waits a tenth of the usual time for each turn of the interpreter."""
        usual = sys.getswitchinterval()
        sys.setswitchinterval(usual / 10)
        self.is_reading = True
        try:
            return work()
        finally:
            self.is_reading = False
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
        """Learning takes long, so the matcher stays while no example or word changed, or learns only what did."""
        parts = self._read_parts()
        same = parts.lessons == self._lessons
        now = self.current.matcher
        matcher = now if same else build_matcher(parts, self._cache, before=now)
        return assemble(parts, matcher), parts.lessons


class _Content(DefaultFilter):
    """Only files that the knowledge consists of, not what an editor program leaves beside them."""

    def __call__(self, change: Change, path: str) -> bool:
        name = Path(path).name
        return Path(path).suffix in SUFFIXES and not name.startswith((".", "~")) and super().__call__(change, path)
