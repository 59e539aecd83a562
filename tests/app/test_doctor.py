"""The doctor at a set-up that is well, and at each that is broken in one way: it names that, and what to do."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult
from typer.testing import CliRunner

from bot.app.doctor import examination
from bot.app.doctor.configured import read_knowledge
from bot.app.doctor.remarks import Finding
from bot.cli.main import cli
from bot.config import SHIPPED_KNOWLEDGE
from storage.database import Database
from tests.app.test_running import free_port
from tests.botapi.server import BotApiServer
from tests.channels.email.test_channel import Postbox, serving

NOW = datetime.now(UTC)
OFFICERS = """
[[officers]]
name = "Proef Coordinator"
email = "coordinator@example.org"
role = "coordinator"
areas = ["Zuid"]
"""
WELL = """
[web]
public_url = "https://wijkbot.example.org"
trusted_proxies = 1
port = {port}

[team]
emails = ["team@example.org"]
"""

shipped = cache(read_knowledge)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("WIJKBOT_")]:
        monkeypatch.delenv(name)
    # Reading the shipped knowledge takes seconds, and it is the same each time.
    monkeypatch.setattr(
        examination, "read_knowledge",
        lambda folder: shipped(folder) if folder == SHIPPED_KNOWLEDGE else read_knowledge(folder),
    )  # fmt: skip


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(WELL.format(port=free_port()) + OFFICERS, encoding="utf-8")
    path.chmod(0o600)
    return path


def add(config: Path, text: str) -> None:
    config.write_text(f"{text}\n{config.read_text(encoding='utf-8')}", encoding="utf-8")


def change(config: Path, *pairs: tuple[str, str]) -> None:
    text = config.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    config.write_text(text, encoding="utf-8")


async def wrong(config: Path, **options: Any) -> list[Finding]:
    remarks = await examination.examine(config, **options)
    for remark in remarks:
        assert remark.severity == "good" or remark.do, remark
    return [remark for remark in remarks if remark.severity == "wrong"]


async def the_fault(config: Path, **options: Any) -> Finding:
    (fault,) = await wrong(config, **options)
    return fault


async def database(config: Path) -> Path:
    file = config.parent / "data" / "wijkbot.sqlite3"
    await (await Database.open(f"sqlite:///{file}")).close()
    file.parent.chmod(0o700)
    return file


async def test_nothing_is_wrong_before_the_first_start_and_nothing_is_made(config: Path) -> None:
    assert await wrong(config) == []
    assert not (config.parent / "data").exists()


async def test_nothing_is_wrong_after_it(config: Path) -> None:
    file = await database(config)
    before = file.read_bytes()
    assert await wrong(config) == []
    assert file.read_bytes() == before


async def test_a_key_that_is_none(config: Path) -> None:
    add(config, "[wbe]\nport = 1")
    fault = await the_fault(config)
    assert "wbe: unknown key; did you mean web?" in fault.told


async def test_knowledge_with_a_mistake(config: Path, tmp_path: Path) -> None:
    folder = tmp_path / "gemeente"
    shutil.copytree(SHIPPED_KNOWLEDGE, folder)
    (folder / "woorden.toml").write_text("[dit is geen TOML", encoding="utf-8")
    add(config, f'[bot]\nknowledge = "{folder}"')
    fault = await the_fault(config)
    assert (fault.part, "wijkbot check" in fault.do) == ("knowledge", True)
    assert "woorden.toml" in fault.told


async def test_an_officer_of_an_area_that_is_none(config: Path) -> None:
    change(config, ('"Zuid"', '"Zuidd"'))
    fault = await the_fault(config)
    assert "officers.0.areas: Zuidd is no area; did you mean Zuid?" in fault.told


async def test_plans_that_reach_nobody(config: Path) -> None:
    change(config, ('emails = ["team@example.org"]', ""), ('role = "coordinator"', ""))
    fault = await the_fault(config)
    assert "Centrum" in fault.told
    assert "reach nobody" in fault.told


async def test_two_officers_with_one_address(config: Path) -> None:
    change(config, (OFFICERS, OFFICERS + OFFICERS))
    assert "two officers" in (await the_fault(config)).told


async def test_a_damaged_database(config: Path) -> None:
    file = await database(config)
    data = bytearray(file.read_bytes())
    data[4096 * 2 : 4096 * 6] = b"\xff" * 4096 * 4
    file.write_bytes(data)
    fault = await the_fault(config)
    assert fault.part == "database"
    assert "is damaged" in fault.told
    assert "wijkbot restore" in fault.do


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "newer version (9999)"),
        ("ALTER TABLE plan RENAME COLUMN title TO titel", "column plan.title is missing"),
        ("DROP TABLE alembic_version", "tables of another program"),
    ],
)
async def test_a_database_of_another_making(config: Path, statement: str, told: str) -> None:
    file = await database(config)
    with sqlite3.connect(file) as changed:
        changed.execute(statement)
    changed.close()
    fault = await the_fault(config)
    assert fault.part == "database"
    assert told in fault.told


async def test_a_database_of_before_is_no_fault(config: Path) -> None:
    file = await database(config)
    with sqlite3.connect(file) as changed:
        changed.execute("UPDATE alembic_version SET version_num = '0001'")
    changed.close()
    assert await wrong(config) == []
    assert any("backup" in remark.do for remark in await examination.examine(config))


async def test_a_server_that_is_away(config: Path) -> None:
    add(config, '[database]\nurl = "postgresql://bot:geheim-woord@127.0.0.1:9/wijkbot"')
    fault = await the_fault(config)
    assert "cannot be reached" in fault.told
    assert "geheim-woord" not in repr(await examination.examine(config))


async def test_a_server_with_another_clock(config: Path, postgres_url: str) -> None:
    add(config, f'[database]\nurl = "{postgres_url}"')
    assert await wrong(config) == []
    fault = await the_fault(config, now=lambda: datetime.now(UTC) + timedelta(minutes=2))
    assert "database server" in fault.told


async def test_another_secret_than_before(config: Path) -> None:
    file = await database(config)
    with sqlite3.connect(file) as changed:
        changed.execute("INSERT INTO installation VALUES ('secret', 'of another secret')")
    changed.close()
    add(config, f'[security]\nsecret = "{"x" * 40}"')
    fault = await the_fault(config)
    assert (fault.part, "--new-secret" in fault.do) == ("secret", True)


async def test_a_disk_that_is_full(config: Path) -> None:
    fault = await the_fault(config, free=lambda path: 1_000_000)
    assert fault.told.startswith("0 MB free")
    assert await wrong(config, free=lambda path: 500 * 1024**2) == []


async def test_a_clock_that_is_behind(config: Path) -> None:
    file = await database(config)
    opened = await Database.open(f"sqlite:///{file}")
    async with opened.unit_of_work() as work:
        await work.outbox.add("email", "a@example.org", {}, "1", NOW)
        await work.commit()
    await opened.close()
    assert await wrong(config) == []
    fault = await the_fault(config, now=lambda: NOW - timedelta(days=400))
    assert fault.part == "clock"
    assert await wrong(config, now=lambda: NOW + timedelta(days=400)) == []


async def test_files_that_others_can_read(config: Path) -> None:
    file = await database(config)
    add(config, f'[security]\nsecret = "{"x" * 40}"')
    for path in (file, config):
        path.chmod(0o644)
    faults = await wrong(config)
    assert [fault.do for fault in faults] == ["chmod 600 data/wijkbot.sqlite3", f"chmod 600 {config}"]


async def test_a_data_folder_that_is_a_file(config: Path) -> None:
    (config.parent / "data").write_text("")
    assert any("is no folder" in fault.told for fault in await wrong(config))


async def test_an_address_without_https(config: Path) -> None:
    change(config, ("https:", "http:"))
    assert "not https" in (await the_fault(config)).told


async def test_an_address_behind_a_proxy_that_is_not_believed(config: Path) -> None:
    change(config, ("trusted_proxies = 1", ""))
    assert "web.trusted_proxies" in (await the_fault(config)).do


async def test_a_token_that_is_refused_and_telegram_away(config: Path) -> None:
    async with BotApiServer() as server:
        add(config, f'[telegram]\ntoken = "{server.token}"\napi_base_url = "{server.url}"')
        assert await wrong(config) == []
        change(config, (server.token, f"{server.token}x"))
        assert "@BotFather" in (await the_fault(config)).do
        change(config, (f"{server.token}x", server.token))
    fault = await the_fault(config)
    assert "cannot be reached" in fault.told
    assert server.token not in repr(fault)


def mail(port: int, *lines: str) -> str:
    head = ["[mail]", 'host = "127.0.0.1"', f"port = {port}", 'sender = "bot@example.org"', "timeout_seconds = 5"]
    return "\n".join([*head, *lines])


async def test_a_mail_server_that_lets_the_bot_in_and_gets_no_mail(config: Path) -> None:
    postbox = Postbox()
    async with serving(postbox) as port:
        add(config, mail(port, 'encryption = "none"'))
        assert await wrong(config) == []
    assert postbox.taken == []


async def test_a_mail_server_that_is_away(config: Path) -> None:
    add(config, mail(free_port()))
    assert "mail server refuses connections" in (await the_fault(config)).told


async def test_a_mail_server_that_refuses_the_password(config: Path) -> None:
    def no(*_: object) -> AuthResult:
        return AuthResult(success=False, handled=False)

    async with serving(Postbox(), authenticator=no, auth_require_tls=False) as port:
        add(config, mail(port, 'encryption = "none"', 'user = "bot"', 'password = "geheim-woord"'))
        fault = await the_fault(config)
    assert "SMTP 535" in fault.told
    assert "geheim-woord" not in repr(fault)


async def test_a_mail_server_without_encryption(config: Path) -> None:
    async with serving(Postbox()) as port:
        add(config, mail(port))
        assert (await the_fault(config)).part == "mail"


@pytest.fixture
def taken() -> Iterator[int]:
    """The port of another program, which says nothing."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


async def test_ports_that_another_program_has(config: Path, taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.app.doctor.reachable.PATIENCE", 0.2)
    postbox = Postbox()
    async with serving(postbox) as port:
        add(config, mail(port, 'encryption = "none"', 'bounces = "b@example.org"', f"bounce_port = {taken}"))
        fault = await the_fault(config)
        assert (fault.part, "mail.bounce_port" in fault.do) == ("mail in", True)
        change(config, (f"bounce_port = {taken}", f"bounce_port = {port}"))
        assert await wrong(config) == []  # as a bot that runs answers


def test_the_command_says_what_to_do_and_its_status_tells(config: Path) -> None:
    runner = CliRunner()
    result = runner.invoke(cli, ["doctor", "--faults"])
    assert (result.exit_code, result.output) == (0, "")
    add(config, "[wbe]\nport = 1")
    result = runner.invoke(cli, ["doctor"])
    assert result.exit_code == 1
    assert "did you mean web?" in result.output
    assert "→ correct this key" in result.output
    assert "1 wrong" in result.output
