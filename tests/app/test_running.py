"""The whole bot as an operator starts it: a process of its own, spoken to from outside."""

from __future__ import annotations

import asyncio
import email
import email.policy
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiosmtpd.smtp import Envelope

from knowledge.base import Knowledge
from tests.botapi.people import Person
from tests.botapi.server import BotApiServer
from tests.channels.email.test_channel import Postbox, serving
from tests.delivery.test_returned import hand_over, report

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
pytestmark = pytest.mark.usefixtures("shipped_knowledge")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def running(folder: Path, **environment: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """``wijkbot run`` in an empty folder; gives the process and the address of its web chat."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "WIJKBOT_WEB__PORT": str(port), **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            while b"is running" not in (line := await process.stdout.readline()):
                assert line, "the bot ended before it ran"
        yield process, f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.fixture
def folder(tmp_path: Path, request: pytest.FixtureRequest, shipped_knowledge: Knowledge) -> Path:
    """An empty folder with what was learnt before, so that a start takes a second."""
    kept = getattr(request.config, "cache", None)
    if kept is not None:
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "cache").symlink_to(kept.mkdir("wijkbot-matcher"))
    return tmp_path


async def until(what: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not what():  # noqa: ASYNC110 - what is waited for is outside this process
            await asyncio.sleep(0.05)


class Visitor:
    """A browser without JavaScript: it reads the page and posts its forms."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session, self._address = session, address
        self.page = ""

    async def load(self) -> None:
        async with self._session.get(self._address) as response:
            assert response.status == 200
            self.page = await response.text()

    async def say(self, text: str) -> None:
        await self._post({"text": text})

    async def press(self, label: str) -> None:
        buttons = re.findall(r'name="data" value="([^"]+)"[^>]*>\s*([^<]+?)\s*<', self.page)
        data = next(data for data, name in reversed(buttons) if name.startswith(label))
        await self._post({"data": data})

    async def _post(self, fields: dict[str, str]) -> None:
        hidden = dict(re.findall(r'name="(token|id)" value="([^"]+)"', self.page))
        headers = {"Origin": self._address}
        form = {**hidden, **fields}
        async with self._session.post(f"{self._address}/bericht", data=form, headers=headers) as response:
            assert response.status == 200, await response.text()
            self.page = await response.text()


ANSWERS = (
    "Bankjes bij de vijver",
    "Twee bankjes voor ouderen uit de buurt",
    "1221 AB",
    "in het voorjaar",
    "€ 1.500,-",
    "wij maken ze schoon",
    "twintig buren",
    "overslaan",
    "Proef Bewoner",
    "proef.bewoner@example.org",
    "klaar",
)


async def send_in_a_plan(visitor: Visitor) -> str:
    """From greeting to receipt; gives the reference."""
    await visitor.load()
    await visitor.say("/plan")
    await visitor.press("Ja")
    for answer in ANSWERS:
        await visitor.say(answer)
    await visitor.press("Klopt")
    found = re.search(r"HV-[A-Z0-9]{3}-[A-Z0-9]{3}-[A-Z0-9]{3}", visitor.page)
    assert found is not None, visitor.page[-3000:]
    return found[0]


def mails(folder: Path) -> list[email.message.EmailMessage]:
    paths = sorted((folder / "data" / "mail").glob("*.eml"))
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]  # type: ignore[misc]


async def test_without_configuration_a_plan_reaches_the_mail_folder_and_the_resident_hears_of_it(folder: Path) -> None:
    jar = aiohttp.CookieJar(unsafe=True)
    async with running(folder) as (process, address), aiohttp.ClientSession(cookie_jar=jar) as session:
        visitor = Visitor(session, address)
        reference = await send_in_a_plan(visitor)
        await until(lambda: mails(folder))
        mail = mails(folder)[0]
        body = mail.get_body(("plain",))
        assert body is not None
        text = body.get_content()
        assert reference in mail["Subject"]
        assert mail["Reply-To"].addresses[0].addr_spec == "proef.bewoner@example.org"
        assert "€ 1.500" in text
        link = re.search(rf"{re.escape(address.split('://')[1].split(':')[0])}:\d+(/ambtenaar/stap/\S+)", text)
        assert link is not None
        async with aiohttp.ClientSession() as officer:
            async with officer.get(f"{address}{link[1]}") as page:
                assert page.status == 200
            await visitor.load()
            assert "in gesprek" not in visitor.page.lower().split("kenmerk")[-1]
            async with officer.post(f"{address}{link[1]}", headers={"Origin": address}) as page:
                assert page.status == 200, await page.text()
        await visitor.load()
        assert "in gesprek" in visitor.page.lower()
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


async def test_a_mail_that_comes_back_is_told_to_the_officer(folder: Path) -> None:
    """A whole round by SMTP: plan out, news out, the report on it in."""
    postbox, port, resident = Postbox(), free_port(), ANSWERS[-2]

    def taken(to: str) -> list[Envelope]:
        return [envelope for envelope in postbox.taken if to in envelope.rcpt_tos]

    async with serving(postbox) as out, aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        settings = {
            "HOST": "127.0.0.1",
            "PORT": str(out),
            "ENCRYPTION": "none",
            "SENDER": "wijkbot@example.org",
            "BOUNCES": "bounces@example.org",
            "BOUNCE_PORT": str(port),
        }
        environment = {f"WIJKBOT_MAIL__{key}": value for key, value in settings.items()}
        async with running(folder, WIJKBOT_TEAM__EMAILS='["team@example.org"]', **environment) as (process, address):
            await send_in_a_plan(Visitor(session, address))
            await until(lambda: taken("team@example.org"))
            link = re.search(r"/ambtenaar/stap/[\w.-]+", readable(taken("team@example.org")[0]))
            assert link is not None
            async with session.post(f"{address}{link[0]}", headers={"Origin": address}) as page:
                assert page.status == 200, await page.text()
            await until(lambda: taken(resident))
            to = taken(resident)[-1].mail_from or ""
            assert to.startswith("bounces+b")
            while await hand_over(port, report(to=to), to) == 451:  # noqa: ASYNC110 - until it is noted as sent
                await asyncio.sleep(0.1)
            await until(lambda: any("niet bereikt" in readable(one) for one in taken("team@example.org")))
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


def readable(envelope: Envelope) -> str:
    message = email.message_from_bytes(envelope.original_content or b"", policy=email.policy.default)
    body = message.get_body(("plain",))  # type: ignore[attr-defined]
    return str(body.get_content())


async def test_a_port_for_bounces_that_is_taken_is_named(folder: Path) -> None:
    settings = {"HOST": "127.0.0.1", "SENDER": "wijkbot@example.org", "BOUNCES": "bounces@example.org"}
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        settings["BOUNCE_PORT"] = str(other.getsockname()[1])
        environment = {f"WIJKBOT_MAIL__{key}": value for key, value in settings.items()}
        said = await refused(folder, WIJKBOT_WEB__PORT=str(free_port()), **environment)
    assert "mail.bounce_port: cannot take in mail at 127.0.0.1 port" in said


async def test_killed_and_started_again_the_conversation_goes_on(folder: Path) -> None:
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        async with running(folder) as (process, address):
            visitor = Visitor(session, address)
            await visitor.load()
            await visitor.say("/plan")
            await visitor.press("Ja")
            await visitor.say("Een moestuin voor de straat")
            process.kill()
            await process.wait()
        async with running(folder) as (_, address):
            visitor = Visitor(session, address)
            await visitor.load()
            assert "Een moestuin voor de straat" in visitor.page
            await visitor.say("Groente telen met kinderen en ouderen")
            assert "Vraag 3" in visitor.page


async def test_stopped_while_it_learns_it_ends_at_once(tmp_path: Path) -> None:
    """A service manager gives a program some seconds, then it kills it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "WIJKBOT_WEB__PORT": str(free_port())},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    while b"is starting" not in await process.stdout.readline():
        pass
    process.send_signal(signal.SIGTERM)
    output, _ = await asyncio.wait_for(process.communicate(), 15)  # until its learning processes have ended too
    assert process.returncode == 0
    assert b"Traceback" not in output


async def test_telegram_by_polling_answers_and_keeps_to_the_bot_api(folder: Path) -> None:
    async with BotApiServer() as server:
        settings = {"WIJKBOT_TELEGRAM__TOKEN": server.token, "WIJKBOT_TELEGRAM__API_BASE_URL": server.url}
        async with running(folder, **settings) as (process, _):
            resident = Person(server, 4711)
            resident.say("hallo")
            resident.say("wie is de wijkregisseur in 1221 AB")
            await until(lambda: any("Oost 1221" in call.text for call in server.calls))
            assert any(call.method == "setMyCommands" for call in server.calls)
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
        assert server.problems == []


async def test_the_health_page_shows_that_telegram_is_off_though_it_should_be_on(folder: Path) -> None:
    async with BotApiServer() as server, aiohttp.ClientSession() as session:
        settings = {"WIJKBOT_TELEGRAM__TOKEN": f"{server.token}x", "WIJKBOT_TELEGRAM__API_BASE_URL": server.url}
        async with running(folder, **settings) as (_, address):

            async def health() -> tuple[int, dict[str, str]]:
                async with session.get(f"{address}/gezond") as page:
                    return page.status, (await page.json())["tasks"]

            async with asyncio.timeout(PATIENCE):
                while (await health())[1].get("telegram") != "ended":  # noqa: ASYNC110 - nobody tells of it
                    await asyncio.sleep(0.05)
            status, tasks = await health()
            del tasks["telegram"]
            assert status == 503
            assert tasks == dict.fromkeys(("relay", "knowledge", "retention", "promises"), "running")
            async with session.get(f"{address}/gezond/klaar") as page:
                signs = (await page.json())["signs"]
                assert page.status == 503
            bad = {name for name, sign in signs.items() if sign["state"] == "bad"}
            assert bad - {"knowledge"} == {"task telegram"}  # what is learnt may not be yet
            async with session.get(f"{address}/metrics") as page:
                assert 'wijkbot_task_running{task="telegram"} 0.0' in await page.text()
            async with session.get(f"{address}/gezond/leeft") as page:
                assert page.status == 200
            async with session.get(address) as page:
                assert page.status == 200


OFFICER = """
[[officers]]
name = "Proef Wijkregisseur"
telegram = 1001
role = "coordinator"
"""


def last_buttons(server: BotApiServer, chat: int) -> dict[str, str]:
    calls = server.of("sendMessage", chat)
    return calls[-1].buttons if calls else {}


async def test_a_button_in_telegram_opens_the_page_that_asks(folder: Path) -> None:
    """With a public address; what the page records is told in the chat as well."""
    (folder / "config.toml").write_text(OFFICER, encoding="utf-8")
    jar, public = aiohttp.CookieJar(unsafe=True), "https://wijk.example.org"
    async with BotApiServer() as server, aiohttp.ClientSession(cookie_jar=jar) as session:
        settings = {
            "WIJKBOT_TELEGRAM__TOKEN": server.token,
            "WIJKBOT_TELEGRAM__API_BASE_URL": server.url,
            "WIJKBOT_WEB__PUBLIC_URL": public,
        }
        async with running(folder, **settings) as (_, address):
            resident = Person(server, 4711)
            for said in ("/plan", "Ja", *ANSWERS):
                resident.say(said)
            await until(lambda: "Klopt, versturen" in last_buttons(server, 4711))
            resident.press(last_buttons(server, 4711)["Klopt, versturen"])
            await until(lambda: server.of("sendMessage", 1001))
            path = last_buttons(server, 1001)["Ik ga in gesprek"].removeprefix(public)
            headers = {"Origin": public}
            async with session.get(address + path) as page:
                assert "Ja, vastleggen" in await page.text()
            async with session.post(address + path, headers=headers) as page:
                assert page.status == 200, await page.text()
            async with session.post(address + path, headers=headers) as page:
                assert page.status == 410
            await until(lambda: "Buurtdeal gesloten" in last_buttons(server, 1001) and len(server.texts(1001)) > 1)
            assert "in gesprek" in server.texts(1001)[-1]
        assert server.problems == []


async def test_a_wrong_key_is_named_and_nothing_starts(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[web]\nprot = 1\n", encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 1
    assert b"web.prot: unknown key; did you mean port?" in output
    assert b"Traceback" not in output


async def refused(folder: Path, **environment: str) -> str:
    """What a bot says that cannot start."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 1
    assert b"Traceback" not in output
    return output.decode()


async def test_a_data_folder_that_cannot_be_written_is_named_before_anything_is_learnt(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be", encoding="utf-8")
    said = await refused(tmp_path)
    assert f"bot.data: nothing can be written to {tmp_path / 'data'}" in said


async def test_a_port_that_is_taken_is_named(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = await refused(folder, WIJKBOT_WEB__PORT=str(port))
    assert f"web.port: cannot serve at 127.0.0.1 port {port}: another program is there" in said


async def test_a_second_bot_on_the_same_file_is_refused(folder: Path) -> None:
    async with running(folder) as (process, address):
        said = await refused(folder, WIJKBOT_WEB__PORT=str(free_port()))
        assert f"another wijkbot (process {process.pid}) is running" in said
        async with aiohttp.ClientSession() as session, session.get(address) as page:
            assert page.status == 200
    async with running(folder):  # it was killed, and leaves nothing behind that refuses the next one
        pass
