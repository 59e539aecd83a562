"""Updates per second through the whole Telegram channel: our transport against the library's own.

    python -m tests.benchmarks.telegram_throughput [--updates 4000] [--delay 0.05]

An echo bot: every update is fetched by long polling, parsed, handed to a backend and answered
with a message. The Bot API server is a bare one in a process of its own, so that it does not
set the pace; ``--delay`` is the seconds that each of its answers takes, as a network would.
Both transports run in one go, in turns, and the best of three rounds counts.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import multiprocessing
import time
from multiprocessing.connection import Connection
from typing import Any

from aiohttp import web
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.transport import open_bot
from bot.conversation.turn.events import AnyEvent, Said
from bot.ports.backend import Handled
from tests.channels.telegram.doubles import MemoryBackend

TOKEN = "123456789:benchmark"
CHATS = 500
ROUNDS = 3


def serve(pipe: Connection, updates: int, delay: float) -> None:
    """A Bot API server that knows just enough, until it is killed."""
    asyncio.run(_serve(pipe, updates, delay))


async def _serve(pipe: Connection, updates: int, delay: float) -> None:
    user = {"id": 1, "is_bot": True, "first_name": "Bot", "username": "EchoBot"}
    message = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}}
    sent = json.dumps({"ok": True, "result": message}).encode()

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        if delay:
            await asyncio.sleep(delay)
        match request.match_info["method"]:
            case "sendMessage":
                return web.Response(body=sent, content_type="application/json")
            case "getUpdates":
                first = max(1, int(request.query["offset"]))
                batch = [_update(number) for number in range(first, min(first + 100, updates + 1))]
                if not batch:
                    await asyncio.sleep(0.05)
                return web.json_response({"ok": True, "result": batch})
            case "getMe":
                return web.json_response({"ok": True, "result": user})
        return web.json_response({"ok": True, "result": True})

    app = web.Application()
    app.router.add_route("*", "/bot{token}/{method}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    pipe.send(runner.addresses[0][1])
    await asyncio.Event().wait()


def _update(number: int) -> dict[str, Any]:
    chat = number % CHATS + 1
    user = {"id": chat, "is_bot": False, "first_name": "Sam", "language_code": "nl"}
    message = {
        "message_id": number,
        "date": 1_795_000_000,
        "from": user,
        "text": f"bericht {number}",
        "chat": {"id": chat, "type": "private", "first_name": "Sam"},
    }
    return {"update_id": number, "message": message}


class Echo(MemoryBackend):
    def __init__(self, bot: Bot, expected: int) -> None:
        super().__init__()
        self.done = asyncio.Event()
        self._bot, self._left = bot, expected

    async def handle(self, channel: str, address: str, event: AnyEvent) -> Handled:
        assert isinstance(event, Said)
        await self._bot.send_message(int(address), event.text)
        self._left -= 1
        if not self._left:
            self.done.set()
        return Handled(())


async def measure(bot: Bot, updates: int) -> float:
    """Updates per second, from the first request to the last answer."""
    echo = Echo(bot, updates)
    channel = TelegramChannel(bot, echo, echo, at_once=256)
    start = time.perf_counter()
    task = asyncio.create_task(channel.run(seconds=1))
    await echo.done.wait()
    seconds = time.perf_counter() - start
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    return updates / seconds


def library_bot(server: str) -> Bot:
    return Bot(TOKEN, base_url=f"{server}/bot", request=HTTPXRequest(connection_pool_size=256))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--updates", type=int, default=4000)
    arguments.add_argument("--delay", type=float, default=0.0)
    options = arguments.parse_args()
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=serve, args=(theirs, options.updates, options.delay), daemon=True)
    process.start()
    try:
        server = f"http://127.0.0.1:{ours.recv()}"
        best = {"aiohttp (ours)": 0.0, "httpx (the library's)": 0.0}
        for _ in range(ROUNDS):
            for name, bot in zip(best, (open_bot(TOKEN, server), library_bot(server)), strict=True):
                best[name] = max(best[name], asyncio.run(measure(bot, options.updates)))
    finally:
        process.terminate()
    for name, rate in best.items():
        print(f"{name:24}{rate:8.0f} updates/s")
    first, second = best.values()
    print(f"{'ratio':24}{first / second:8.1f}")


if __name__ == "__main__":
    main()
