"""Live reload: a good edit goes live, a bad one is reported and the running knowledge stays."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from knowledge import learning, matcher, updating
from knowledge.learning import Example, Learnt
from knowledge.problems import KnowledgeError, StillLearning
from knowledge.watch import LiveKnowledge
from knowledge.words import Words
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
    assert [str(problem) for problem in watched.live.problems] == [
        f"{GELD}: zie_ok: is onbekend; bedoelt u “zie_ook”?"
    ]
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


async def test_a_small_edit_of_the_examples_is_learnt_alone(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updating, "MOST", 0.5)
    live = LiveKnowledge(town, cache=town / "cache")
    kept = list((town / "cache").iterdir())
    edit(town, GELD, "hoe groot is de pot", "hoeveel zit er in kas")
    assert await live.reload()
    now = live.current.matcher
    assert now.learnt.edited == 2
    assert now.explain("zit er wat in kas").candidates[0].topic == "geld"
    assert list((town / "cache").iterdir()) == kept  # a start learns all of it, and the same every time
    assert LiveKnowledge(town, cache=town / "cache").current.matcher.learnt.edited == 0


async def test_all_but_questions_is_there_while_the_examples_are_learnt(town: Path) -> None:
    live = LiveKnowledge(town, learn_later=True)
    assert not live.is_learnt
    assert live.current.topics["geld"].title["nl"] == TITLE
    with pytest.raises(StillLearning):
        live.current.matcher.match("hoe groot is de pot")
    impatient = asyncio.create_task(live.ready())
    await asyncio.sleep(0)
    impatient.cancel()  # a resident who closes the page stops the learning for nobody
    await asyncio.gather(live.ready(), live.ready())
    assert live.is_learnt
    assert live.current.matcher.explain("hoe groot is de pot").candidates[0].topic == "geld"
    await live.ready()


async def test_learning_that_fails_is_tried_again_by_who_waits_next(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Learnt:
        raise MemoryError

    live = LiveKnowledge(town, learn_later=True)
    with monkeypatch.context() as patched:
        patched.setattr(matcher, "learn_all", fail)
        with pytest.raises(MemoryError):
            await live.ready()
    await live.ready()
    assert live.current.matcher.explain("hoe groot is de pot").candidates[0].topic == "geld"


async def test_another_process_learns_and_leaves_it_in_the_cache(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    learnt_here: list[Learnt] = []

    def learn_all(examples: Sequence[Example], topics: Sequence[str], words: Words) -> Learnt:
        found = learning.learn_all(examples, topics, words)
        learnt_here.extend([found] if examples else [])
        return found

    monkeypatch.setattr(matcher, "learn_all", learn_all)
    for _ in range(2):  # the second time it is there
        live = LiveKnowledge(town, cache=town / "cache", learn_later=True)
        await live.ready()
        assert live.current.matcher.explain("hoe groot is de pot").candidates[0].topic == "geld"
    assert not learnt_here


async def test_where_no_other_process_can_be_had_it_is_learnt_here(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for program in (str(town / "nergens"), shutil.which("false")):
        monkeypatch.setattr(sys, "executable", program)
        live = LiveKnowledge(town, cache=town / "cache", learn_later=True)
        await live.ready()
        assert live.current.matcher.explain("hoe groot is de pot").candidates[0].topic == "geld"
        shutil.rmtree(town / "cache")


async def test_a_stop_ends_the_other_process(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[asyncio.subprocess.Process] = []

    async def sleeper(*command: object, **options: object) -> asyncio.subprocess.Process:
        started.append(await start("sleep", "60"))
        return started[0]

    start = asyncio.create_subprocess_exec
    monkeypatch.setattr(asyncio, "create_subprocess_exec", sleeper)
    live = LiveKnowledge(town, cache=town / "cache", learn_later=True)
    waiting = asyncio.create_task(live.ready())
    async with asyncio.timeout(PATIENCE):
        while not started:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)
    (task,) = (task for task in asyncio.all_tasks() if task.get_name() == "learning")
    task.cancel()  # as asyncio.run does with all that is left
    await asyncio.wait({waiting})
    assert await asyncio.wait_for(started[0].wait(), PATIENCE) < 0


async def test_an_edit_while_the_examples_are_learnt_goes_live_after_it(town: Path) -> None:
    live = LiveKnowledge(town, learn_later=True)
    stop = asyncio.Event()
    watching = asyncio.create_task(live.watch(stop))
    edit(town, GELD, TITLE, "Anders")
    async with asyncio.timeout(PATIENCE):
        while live.current.topics["geld"].title["nl"] != "Anders":  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.05)
    assert live.current.matcher.explain("hoe groot is de pot").candidates[0].topic == "geld"
    stop.set()
    await watching


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
