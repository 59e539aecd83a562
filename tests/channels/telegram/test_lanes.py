"""Order within a lane, room beside it."""

from __future__ import annotations

import asyncio
from functools import partial

from bot.channels.telegram.lanes import Lanes


async def test_work_of_a_lane_goes_in_order_and_after_a_failure() -> None:
    lanes, seen = Lanes(8), list[int]()

    async def work(number: int) -> None:
        await asyncio.sleep(0)
        seen.append(number)
        if number == 2:
            raise ValueError

    tasks = [lanes.submit("a", partial(work, number)) for number in range(6)]
    await asyncio.gather(*tasks, return_exceptions=True)
    assert seen == list(range(6))


async def test_so_many_lanes_are_served_at_once() -> None:
    lanes, gate, busy, most = Lanes(3), asyncio.Event(), 0, 0

    async def work() -> None:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        await gate.wait()
        busy -= 1

    tasks = [lanes.submit(lane, work) for lane in range(9)]
    await asyncio.sleep(0.01)
    assert busy == 3
    gate.set()
    await asyncio.gather(*tasks)
    assert most == 3


async def test_draining_waits_for_work_and_ends_what_takes_too_long() -> None:
    lanes, done = Lanes(8), list[str]()

    async def work(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        done.append(name)

    quick = lanes.submit("a", lambda: work("quick", 0.01))
    slow = lanes.submit("b", lambda: work("slow", 60))
    behind = lanes.submit("b", lambda: work("behind", 0))
    await lanes.drain(0.2)
    assert (done, quick.cancelled(), slow.cancelled(), behind.cancelled()) == (["quick"], False, True, True)
