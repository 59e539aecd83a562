"""The command line: the contract for tools, and that every command explains itself."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from bot import __version__
from bot.cli import editors, operators, serving
from bot.cli.main import cli, main
from knowledge.base import Knowledge
from knowledge.editing.checks import check
from knowledge.files import calibration_file
from knowledge.language.normalise import words
from tests.conftest import SHIPPED
from tests.knowledge.town import build_town, edit

runner = CliRunner()
ENGLISH = {"the", "and", "every", "with", "file", "folder", "default", "which"}
DUTCH = {"de", "het", "een", "wat", "voor", "elke", "bij", "naar"}
KEYS = {"question", "kind", "topics", "score", "postcode", "wijk", "amount"}


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def learnt(shipped_knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped knowledge, learnt before."""
    monkeypatch.setattr(editors, "_load", lambda folder: shipped_knowledge)


def run(*arguments: str, given: str | None = None) -> Result:
    return runner.invoke(cli, list(arguments), input=given, catch_exceptions=False)


def asked(*lines: str) -> list[dict[str, object]]:
    result = run("ask", "--json", given="".join(f"{line}\n" for line in lines))
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.usefixtures("learnt")
def test_ask_json_gives_one_object_per_line_with_the_promised_keys() -> None:
    lines = ["wie is mijn wijkregisseur in 1216ab", "wat voor weer wordt het morgen", "", "  ", '"; drop table', "🙂"]
    answers = asked(*lines)
    assert [answer["question"] for answer in answers] == lines
    for answer in answers:
        assert set(answer) == KEYS
        assert answer["kind"] in ("answer", "choice", "fallback")
        topics = answer["topics"]
        assert isinstance(topics, list)
        assert len(topics) <= 3
        assert bool(topics) == (answer["kind"] != "fallback")


@pytest.mark.usefixtures("learnt")
def test_ask_json_finds_the_entities() -> None:
    exact, four, named, span, none = asked(
        "mijn postcode is 1216-AB",
        "ik woon in 1215",
        "wat is er te doen in kerkelanden",
        "mijn plan kost tussen 500 en 1000 euro wie beslist",
        "hallo",
    )
    assert exact["postcode"] == "1216 AB"
    assert four["postcode"] == "1215"
    assert named["wijk"] == "Zuidwest"
    assert span["amount"] == 1000
    assert (none["postcode"], none["wijk"], none["amount"]) == (None, None, None)


@pytest.mark.usefixtures("learnt")
def test_ask_puts_danger_first() -> None:
    (answer,) = asked("er is brand in mijn huis help")
    assert (answer["kind"], answer["topics"]) == ("answer", ["spoed"])


@pytest.mark.usefixtures("learnt")
def test_ask_verbose_explains() -> None:
    result = run("ask", "-v", "wie is mijn wijkregisseur")
    assert "antwoord" in result.stdout.splitlines()[0]
    assert "door: " in result.stdout
    assert "Token(" not in result.stdout
    assert "lijkt op: " in result.stdout


def test_topics_json_gives_id_title_and_examples_per_language() -> None:
    topics = [json.loads(line) for line in run("topics", "--json").stdout.splitlines()]
    assert len(topics) >= 65
    for topic in topics:
        assert set(topic) == {"id", "title", "examples"}
        assert len(topic["examples"]["nl"]) >= 12
        assert topic["examples"]["en"]


def test_check_finds_a_mistake_and_says_where(tmp_path: Path) -> None:
    folder = tmp_path / "gemeente"
    shutil.copytree(SHIPPED, folder)
    assert run("check", "--quick", "--knowledge", str(folder)).exit_code == 0
    topic = folder / "onderwerpen" / "initiatieven" / "draagvlak.toml"
    topic.write_text(topic.read_text(encoding="utf-8").replace("zie_ook", "zie_oke"), encoding="utf-8")
    result = run("check", "--quick", "--knowledge", str(folder))
    assert result.exit_code == 1
    assert "draagvlak.toml: zie_oke" in result.stdout
    assert "zie_ook" in result.stdout


def test_export_of_nothing_is_a_header_and_an_empty_list() -> None:
    rows = list(csv.reader(io.StringIO(run("export").stdout), delimiter=";"))
    assert rows[0][:2] == ["reference", "wijk"]
    assert len(rows) == 1
    assert json.loads(run("export", "--format", "json").stdout) == []


def test_outbox_list_of_nothing_says_so() -> None:
    assert "empty" in run("outbox", "list").stdout


def test_retry_says_what_it_does_not_try() -> None:
    result = run("outbox", "retry", "7", "8")
    assert result.exit_code == 1
    assert "0 to be tried now." in result.output
    assert "not in the outbox: 7, 8" in result.output
    assert run("outbox", "retry", "--all").exit_code == 0


def test_a_question_asked_in_vain_becomes_an_example(tmp_path: Path) -> None:
    folder = tmp_path / "gemeente"
    shutil.copytree(SHIPPED, folder)
    editors._add_example(folder, "draagvlak", "nl", 'hoeveel "ja-stemmen" heb ik nodig')
    editors._add_example(folder, "draagvlak", "en", "how many yes votes")
    editors._add_example(folder, "stemmen", "nl", "mag ik ook stemmen op een plan")
    kept = tomllib.loads((folder / "onderwerpen/initiatieven/draagvlak.toml").read_text(encoding="utf-8"))
    new = tomllib.loads((folder / "onderwerpen/nieuw/stemmen.toml").read_text(encoding="utf-8"))
    assert kept["vragen"][-1] == 'hoeveel "ja-stemmen" heb ik nodig'
    assert kept["en"]["vragen"][-1] == "how many yes votes"
    assert new["vragen"] == ["mag ik ook stemmen op een plan"]


def test_figures_go_to_the_kind_of_file_that_is_named(tmp_path: Path) -> None:
    sheet, data = tmp_path / "cijfers.CSV", tmp_path / "cijfers.json"
    for file in (sheet, data):
        assert run("stats", "-o", str(file)).exit_code == 0
    assert sheet.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(sheet.read_bytes().decode("utf-8-sig")), delimiter=";"))
    assert len({len(row) for row in rows}) == 1
    assert rows[0][0] == "Wijk"
    assert len(json.loads(data.read_text())["rows"]) == len(rows) - 2
    assert run("stats", "-o", str(sheet), "--format", "json").exit_code == 0
    assert json.loads(sheet.read_text())
    for name in ("cijfers.txt", "cijfers"):
        assert run("stats", "-o", str(tmp_path / name)).exit_code == 2
        assert not (tmp_path / name).exists()


def problems(town: Path) -> str:
    return "\n".join(map(str, check(town, date(2026, 11, 21))))


def test_calibration_is_kept_and_called_old_after_an_edit(tmp_path: Path) -> None:
    town = build_town(tmp_path / "town")
    assert run("calibrate", "--knowledge", str(town)).exit_code == 0
    assert calibration_file.read(town) is not None
    assert calibration_file.FILE not in problems(town)
    edit(town, "onderwerpen/mensen/mensen.toml", '"wie kan mij helpen"', '"wie helpt mij verder"')
    assert "ijking.json: hoort_bij: hoort bij een eerdere stand" in problems(town)


def told(command: Any) -> set[str]:
    """Every word of a command's help, those of its parameters and of the commands under it included."""
    parts = [command.help or "", *(getattr(parameter, "help", "") or "" for parameter in command.params)]
    return set(words(" ".join(parts))).union(*map(told, getattr(command, "commands", {}).values()))


def test_editors_read_dutch_and_operators_english() -> None:
    commands: dict[str, Any] = get_command(cli).commands  # type: ignore[attr-defined]
    panels = {name: command.rich_help_panel for name, command in commands.items()}
    assert set(panels.values()) == {serving.RUN, operators.LOOK_AFTER, editors.PANEL}
    for name, command in commands.items():
        foreign = ENGLISH if panels[name] == editors.PANEL else DUTCH
        assert not told(command) & foreign, name


def test_a_wrong_file_of_postcodes_is_not_blamed_on_the_knowledge(tmp_path: Path) -> None:
    (tmp_path / "leeg.csv").touch()
    result = run("postcodes", str(tmp_path / "leeg.csv"), "--knowledge", str(build_town(tmp_path / "town")))
    assert result.exit_code == 1
    assert "leeg.csv: regel 1: is leeg" in result.output
    assert "De kennis heeft fouten" not in result.output


def test_every_command_explains_itself() -> None:
    for command in (
        [],
        ["run"],
        ["chat"],
        ["ask"],
        ["topics"],
        ["check"],
        ["evaluate"],
        ["calibrate"],
        ["unanswered"],
        ["postcodes"],
        ["outbox"],
        ["outbox", "list"],
        ["outbox", "retry"],
        ["export"],
        ["purge"],
        ["stats"],
        ["absent"],
    ):
        result = run(*command, "--help")
        assert result.exit_code == 0
        assert len(result.stdout) > 150, command


def test_nobody_who_is_unknown_can_come_back() -> None:
    refused = runner.invoke(cli, ["absent", "nobody@example.org", "--back"])
    assert refused.exit_code == 2
    assert "not in [[officers]]" in " ".join(refused.output.split())
    assert "Traceback" not in refused.output


def test_a_fault_of_the_program_is_one_sentence_and_quotes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise RuntimeError("what a resident wrote")

    monkeypatch.setattr("bot.cli.main.cli", broken)
    monkeypatch.delenv("WIJKBOT_DEBUG", raising=False)
    with pytest.raises(SystemExit) as left:
        main()
    said = capsys.readouterr().err
    assert left.value.code == 70
    assert "RuntimeError" in said
    assert "resident" not in said


def test_the_version_is_that_of_the_program() -> None:
    assert run("--version").output.strip() == f"wijkbot {__version__}"


@pytest.mark.usefixtures("shipped_knowledge")
def test_purging_with_a_clock_in_doubt_takes_an_explicit_option(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("purge").exit_code == 0
    monkeypatch.setattr("bot.app.core.utc_now", lambda: datetime.now(UTC) + timedelta(days=4_000))
    result = run("purge")
    assert result.exit_code == 1
    assert "--trust-clock" in result.output
    assert "Nothing is erased" in result.output
    assert run("purge", "--trust-clock").exit_code == 0
    assert run("purge").exit_code == 0
