"""Live reload: a good edit goes live, a bad one is reported and the running knowledge stays."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from knowledge.live import LiveKnowledge
from knowledge.models.problems import KnowledgeError
from tests.knowledge.town import edit

TITLE = "Hoeveel geld is er?"
GELD = "onderwerpen/geld/geld.toml"
PATIENCE = 20.0
"""Seconds after which a reload that never comes fails the test."""


class Watched:
    """Live knowledge whose reloads can be waited for."""

    def __init__(self, folder: Path) -> None:
        self.reloads: asyncio.Queue[bool] = asyncio.Queue()
        self.live = LiveKnowledge(folder, report=lambda live: self.reloads.put_nowait(not live.problems))

    async def next_reload(self) -> bool:
        return await asyncio.wait_for(self.reloads.get(), PATIENCE)


@pytest.fixture
async def watched(town: Path) -> AsyncIterator[Watched]:
    made = Watched(town)
    stop = asyncio.Event()
    task = asyncio.create_task(made.live.watch(stop))
    await asyncio.sleep(1)  # the system must be watching before the edit comes
    yield made
    stop.set()
    await asyncio.wait_for(task, PATIENCE)


async def test_a_good_edit_goes_live(town: Path, watched: Watched) -> None:
    before = watched.live.current
    edit(town, GELD, TITLE, "Wat is er aan geld?")
    assert await watched.next_reload()
    assert watched.live.current.topics["geld"].title["nl"] == "Wat is er aan geld?"
    assert watched.live.current is not before
    assert before.topics["geld"].title["nl"] == TITLE


async def test_a_bad_edit_is_reported_and_the_knowledge_stays(town: Path, watched: Watched) -> None:
    before = watched.live.current
    edit(town, GELD, "zie_ook", "zie_ok")
    assert not await watched.next_reload()
    assert watched.live.current is before
    assert [str(problem) for problem in watched.live.problems] == [f"{GELD}: zie_ok: is onbekend; bedoelt u “zie_ook”?"]
    edit(town, GELD, "zie_ok", "zie_ook")
    assert await watched.next_reload()
    assert watched.live.problems == ()


async def test_a_reload_without_watching(town: Path) -> None:
    live = LiveKnowledge(town)
    edit(town, GELD, TITLE, "Anders")
    assert await live.reload()
    assert live.current.topics["geld"].title["nl"] == "Anders"


async def test_the_matcher_learns_again_only_when_examples_change(town: Path) -> None:
    live = LiveKnowledge(town)
    learned = live.current.matcher
    edit(town, GELD, "Er is {getal.totaal}.", "U krijgt {getal.totaal}.")
    assert await live.reload()
    assert live.current.matcher is learned
    edit(town, GELD, "hoe groot is de pot", "hoeveel zit er in kas")
    assert await live.reload()
    assert live.current.matcher is not learned


async def test_an_edit_is_learnt_and_kept_for_the_next_start(town: Path) -> None:
    live = LiveKnowledge(town, cache=town / "cache")
    edit(town, GELD, "hoe groot is de pot", "hoeveel zit er in kas")
    assert await live.reload()
    assert live.current.matcher.explain("zit er wat in kas").candidates[0].topic == "geld"
    kept = {path: path.stat().st_mtime_ns for path in (town / "cache").iterdir()}
    again = LiveKnowledge(town, cache=town / "cache").current.matcher
    assert again.explain("zit er wat in kas").candidates[0].topic == "geld"
    assert {path: path.stat().st_mtime_ns for path in (town / "cache").iterdir()} == kept


def test_wrong_files_from_the_start_are_an_error(town: Path) -> None:
    edit(town, GELD, "zie_ook", "zie_ok")
    with pytest.raises(KnowledgeError):
        LiveKnowledge(town)


async def test_a_sentence_that_the_bot_needs_may_not_go(town: Path) -> None:
    with pytest.raises(KnowledgeError, match="onbestaand"):
        LiveKnowledge(town, text_keys=["web.onbestaand"])
    key = next(iter(LiveKnowledge(town).current.texts.texts["nl"]))
    live = LiveKnowledge(town, text_keys=[key])
    name = key.rpartition(".")[2]
    edit(town, "teksten.toml", f"{name} =", f"{name}_anders =")
    assert not await live.reload()
    assert [problem.key for problem in live.problems] == [key]
    assert live.current.texts.has(key)
