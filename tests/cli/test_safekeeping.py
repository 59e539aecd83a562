"""The commands that write the database to a file and put it back: what they say, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import cli

runner = CliRunner()


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("outbox", "list").exit_code == 0  # makes the database


def run(*arguments: str, given: str | None = None) -> Result:
    return runner.invoke(cli, list(arguments), input=given, catch_exceptions=False)


def test_there_and_back() -> None:
    made = run("backup", "copy")
    assert (made.exit_code, "read back and whole" in made.output) == (0, True)
    assert run("restore", "copy", "--check").output.strip() == "copy is whole."
    asked = run("restore", "copy", given="n\n")
    assert asked.exit_code == 1
    assert [path.name for path in Path("data").glob("*before*")] == []
    restored = run("restore", "copy", "--yes")
    assert restored.exit_code == 0
    (before,) = Path("data").glob("*before*")
    assert before.name in restored.output
    assert run("outbox", "list").exit_code == 0


def test_without_a_database_nothing_is_asked() -> None:
    run("backup", "copy")
    for path in Path("data").glob("wijkbot.sqlite3*"):
        path.unlink()
    assert run("restore", "copy").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("backup", "data"), "there already"),
        (("backup", "nowhere/copy"), "no folder"),
        (("restore", "nothing", "--yes"), "cannot be read"),
        (("restore", "pyproject", "--check"), "cannot be read"),
        (("restore", "data", "--yes"), "cannot be read"),
    ],
)
def test_a_refusal_is_one_sentence(arguments: tuple[str, ...], why: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert result.output.startswith("Nothing is done: ")
    assert why in result.output
    assert len(result.output.splitlines()) == 1


def test_a_damaged_file_is_refused() -> None:
    run("backup", "copy")
    whole = Path("copy").read_bytes()
    Path("copy").write_bytes(whole[: len(whole) // 2])
    for options in ("--check", "--yes"):
        result = run("restore", "copy", options)
        assert result.exit_code == 1
        assert "older backup" in result.output
