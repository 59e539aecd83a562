"""Settings: every mistake is named with its key, secrets stay hidden, the environment wins."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bot.config import ConfigError, Officer, Settings, check_areas, load_settings

EXAMPLE = Path(__file__).resolve().parents[1] / "config.example.toml"
SECRET = "123456:abcdefghijklmnopqrstuvwxyz"


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load_settings(written(folder, text))
    return "\n".join(caught.value.problems)


def test_without_any_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings(None)
    assert settings.web.host == "127.0.0.1"
    assert settings.database_url == f"sqlite:///{tmp_path / 'data' / 'wijkbot.sqlite3'}"


def test_the_example_file_is_valid_and_says_what_the_defaults_are(monkeypatch: pytest.MonkeyPatch) -> None:
    values = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    defaults = Settings()
    for section, keys in values.items():
        for key, value in keys.items():
            default = getattr(getattr(defaults, section), key)
            shown = default.get_secret_value() if hasattr(default, "get_secret_value") else default
            assert str(value or "").rstrip("/") == str(shown or "").rstrip("/") or list(shown) == value, (section, key)


def test_the_example_of_an_officer_can_be_used_as_it_stands(tmp_path: Path) -> None:
    _, _, block = EXAMPLE.read_text(encoding="utf-8").partition("# [[officers]]\n")
    lines = [line.removeprefix("# ") for line in block.splitlines() if line.startswith("# ")]
    given = "\n".join(["[[officers]]", *lines[: lines.index('areas = ["Oost 1221", "Oost 1223"]') + 1]])
    (officer,) = load_settings(written(tmp_path, given)).officers
    assert officer.email


def test_every_key_stands_in_the_example() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    for section, field in Settings.model_fields.items():
        assert f"[{section}]" in text or f"[[{section}]]" in text
        model = field.annotation
        for key in getattr(model, "model_fields", {}):
            assert f"{key} = " in text, f"{section}.{key}"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[web]\nprot = 80\n", "web.prot: unknown key; did you mean port?"),
        ("[telegrm]\ntoken = ''\n", "telegrm: unknown key; did you mean telegram?"),
        ("[web]\nport = 'x'\n", "web.port: Input should be a valid integer"),
        ("[web]\nport = 70000\n", "web.port: Input should be less than or equal to 65535"),
        ("[mail]\nencryption = 'ssl'\n", "mail.encryption: Input should be 'starttls', 'tls' or 'none'"),
        ("[security]\nsecret = 'short'\n", "security.secret: Value error, at least 32 characters"),
        ("[[officers]]\nnaam = 'x'\n", "officers.0.naam: unknown key; did you mean name?"),
        ("[mail]\nhost = 'smtp.example.nl'\n", "mail.sender: needed with mail.host"),
        ("[mail]\nbounces = 'bounces@example.org'\n", "mail.host: needed with mail.bounces"),
        ("[mail]\nbounces = 'wie dan ook'\n", "mail.bounces: value is not a valid email address"),
        (f"[mail]\nbounces = '{'b' * 40}@example.org'\n", "mail.bounces: Value error, at most 20 plain letters"),
        (f"[telegram]\nmode = 'webhook'\ntoken = '{SECRET}'\n", "web.public_url: needed for telegram.mode"),
        ("[web\n", "is not valid TOML"),
    ],
)
def test_a_mistake_is_named_with_its_key(tmp_path: Path, text: str, named: str) -> None:
    assert named in problems(tmp_path, text)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    told = problems(tmp_path, "[web]\nport = 'x'\nhots = ''\n[log]\nlevel = 'loud'\n")
    assert all(key in told for key in ("web.port", "web.hots", "log.level"))


def test_a_wrong_value_is_not_repeated_for_it_may_be_a_secret(tmp_path: Path) -> None:
    assert "geheim" not in problems(tmp_path, "[telegram]\nconcurrency = 'geheim-123'\n[security]\nsecret = 'geheim'\n")


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIJKBOT_TELEGRAM__TOKEN", SECRET)
    monkeypatch.setenv("WIJKBOT_WEB__PORT", "9090")
    settings = load_settings(written(tmp_path, "[web]\nport = 8081\nhost = '127.0.0.2'\n[telegram]\ntoken = 'other'\n"))
    assert settings.telegram.token.get_secret_value() == SECRET
    assert (settings.web.port, settings.web.host) == (9090, "127.0.0.2")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("WIJKBOT_TELEGRM__TOKEN", "unknown section; did you mean WIJKBOT_TELEGRAM__…?"),
        ("wijkbot_telegrm__token", "unknown section; did you mean WIJKBOT_TELEGRAM__…?"),
        ("WIJKBOT_TOKEN", "unknown section"),
        ("WIJKBOT_XYZ__PORT", "unknown section; sections: BOT, DATABASE, WEB"),
        ("WIJKBOT_TELEGRAM__TOKN", "telegram.tokn: unknown key; did you mean token?"),
    ],
)
def test_an_unknown_name_in_the_environment_is_named(monkeypatch: pytest.MonkeyPatch, name: str, told: str) -> None:
    monkeypatch.setenv(name, "geheim-123")
    with pytest.raises(ConfigError) as caught:
        load_settings(None)
    assert told in str(caught.value)
    assert "geheim" not in str(caught.value)


def test_printing_settings_shows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIJKBOT_TELEGRAM__TOKEN", SECRET)
    monkeypatch.setenv("WIJKBOT_DATABASE__URL", "postgresql://wijkbot:hunter2@localhost/wijkbot")
    shown = repr(load_settings(None))
    assert SECRET not in shown
    assert "hunter2" not in shown


AREAS = ["Zuid", "Oost 1221", "Oost 1223"]


def test_an_area_that_does_not_exist_is_named_with_what_may_be_meant() -> None:
    officers = [Officer(name="Jo", areas=("zuid", "Oost 1221")), Officer(name="Ed", areas=("Oost1223", "Mars"))]
    with pytest.raises(ConfigError) as caught:
        check_areas(officers, AREAS)
    assert caught.value.problems == [
        "officers.1.areas: Oost1223 is no area; did you mean Oost 1223?",
        "officers.1.areas: Mars is no area",
        "The areas are: Zuid, Oost 1221, Oost 1223",
    ]
    check_areas(officers[:1], AREAS)
