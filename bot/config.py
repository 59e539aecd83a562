"""``config.toml`` and the environment as typed settings; a mistake is named with its key.

Order of precedence: environment (``WIJKBOT_TELEGRAM__TOKEN=…``, two underscores between
section and key), then the file, then the defaults below. Every key stands in
``config.example.toml`` with its meaning. Secrets are ``SecretStr``, so that printing or
logging settings never shows them.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, EmailStr, Field, HttpUrl, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from rapidfuzz import process

from bot.ports.signed_addresses import LONGEST_LOCAL
from knowledge.language.normalise import fold

SHIPPED_KNOWLEDGE = Path(__file__).resolve().parent.parent / "knowledge" / "hilversum"
ENV_PREFIX = "WIJKBOT_"
DATABASE_FILE = "wijkbot.sqlite3"
"""In the data folder."""


class ConfigError(Exception):
    """The configuration cannot be used; ``problems`` says per key what was expected."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class ConfigSection(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BotSection(ConfigSection):
    knowledge: Path = SHIPPED_KNOWLEDGE
    data: Path = Path("data")


class DatabaseSection(ConfigSection):
    url: SecretStr = SecretStr("")
    """Empty: a SQLite file in the data folder."""


class WebSection(ConfigSection):
    enabled: bool = True
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: HttpUrl | None = None
    theme_css: str = ""
    frame_ancestors: tuple[str, ...] = ()
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    max_connections: int = Field(default=6_000, ge=10, le=100_000)


class TelegramSection(ConfigSection):
    token: SecretStr = SecretStr("")
    mode: Literal["polling", "webhook"] = "polling"
    webhook_secret: SecretStr = SecretStr("")
    api_base_url: HttpUrl = HttpUrl("https://api.telegram.org")
    concurrency: int = Field(default=64, ge=1, le=1024)


class MailSection(ConfigSection):
    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    encryption: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: str = "Wijkbot <wijkbot@example.invalid>"
    timeout_seconds: float = Field(default=30, gt=0, le=300)
    bounces: EmailStr | None = None
    bounce_host: str = "127.0.0.1"
    bounce_port: int = Field(default=8025, ge=0, le=65535)

    @field_validator("bounces")
    @classmethod
    def _can_be_lengthened(cls, value: str | None) -> str | None:
        local = (value or "").rpartition("@")[0]
        if not local.isascii() or len(local) > LONGEST_LOCAL:
            raise ValueError(f"at most {LONGEST_LOCAL} plain letters before the @, because the bot adds to them")
        return value


class TeamSection(ConfigSection):
    """Where a plan goes when its area has nobody."""

    emails: tuple[EmailStr, ...] = ()
    telegram: tuple[int, ...] = ()


class OfficerSection(ConfigSection):
    name: str = Field(min_length=1)
    email: EmailStr | None = None
    telegram: int | None = None
    role: Literal["wijkregisseur", "coordinator"] = "wijkregisseur"
    areas: tuple[str, ...] = ()


class SecuritySection(ConfigSection):
    secret: SecretStr = SecretStr("")
    """Empty: made once and kept in the data folder."""

    @field_validator("secret")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < 32:
            raise ValueError("at least 32 characters")
        return value


class LogSection(ConfigSection):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    bot: BotSection = BotSection()
    database: DatabaseSection = DatabaseSection()
    web: WebSection = WebSection()
    telegram: TelegramSection = TelegramSection()
    mail: MailSection = MailSection()
    team: TeamSection = TeamSection()
    officers: tuple[OfficerSection, ...] = ()
    security: SecuritySection = SecuritySection()
    log: LogSection = LogSection()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (env_settings, init_settings)  # the environment wins over the file

    @property
    def database_url(self) -> str:
        url = self.database.url.get_secret_value()
        return url or f"sqlite:///{(self.bot.data / DATABASE_FILE).resolve()}"

    @property
    def public_url(self) -> str:
        """Without a slash at the end."""
        if self.web.public_url is not None:
            return str(self.web.public_url).rstrip("/")
        return f"http://{self.web.host}:{self.web.port}"


def load_settings(path: Path | None) -> Settings:
    """Read the file (None: ``config.toml`` where it exists) and the environment.

    Raises ConfigError that names every wrong key with what was expected.
    """
    if path is None:
        path = Path("config.toml") if Path("config.toml").exists() else None
    values: dict[str, Any] = {}
    if path is not None:
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise ConfigError([f"{path}: cannot be read: {error.strerror}"]) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError([f"{path}: is not valid TOML: {error}"]) from error
    if strangers := _unknown_sections(os.environ):
        raise ConfigError(strangers)
    try:
        return _checked(Settings(**values))
    except ValidationError as error:
        raise ConfigError([_problem(path, detail) for detail in error.errors(include_input=False)]) from None
    except ValueError as error:  # an environment value for a section that is no JSON
        raise ConfigError([f"environment: {error}"]) from None


def _checked(settings: Settings) -> Settings:
    """Keys that make sense only together."""
    problems = []
    if settings.telegram.mode == "webhook" and settings.telegram.token.get_secret_value():
        if settings.web.public_url is None:
            problems.append('web.public_url: needed for telegram.mode = "webhook": the https address of this bot')
        if not settings.telegram.webhook_secret.get_secret_value():
            problems.append(
                'telegram.webhook_secret: needed for telegram.mode = "webhook": 16 to 256 letters, digits, _ or -'
            )
    if settings.mail.host and settings.mail.sender.endswith("example.invalid>"):
        problems.append("mail.sender: needed with mail.host: the address that mails come from")
    if settings.mail.bounces and not settings.mail.host:
        problems.append("mail.host: needed with mail.bounces: without a server no mail comes back")
    if problems:
        raise ConfigError(problems)
    return settings


def _problem(path: Path | None, detail: Any) -> str:
    """One line: where, what was expected, what may have been meant. Never the value: it may be a secret."""
    location = [str(part) for part in detail["loc"]]
    key = ".".join(location)
    where = str(path) if path is not None else "environment"
    if detail["type"] == "extra_forbidden":
        near = process.extractOne(location[-1], _known_keys(location[:-1]), score_cutoff=60)
        hint = f"; did you mean {near[0]}?" if near else f"; known here: {', '.join(_known_keys(location[:-1]))}"
        return f"{where}: {key}: unknown key{hint}"
    return f"{where}: {key}: {detail['msg']}"


def _unknown_sections(environment: Mapping[str, str]) -> list[str]:
    """Settings in the environment of a section that there is not: pydantic passes them over without a word."""
    sections = [section.upper() for section in Settings.model_fields]
    problems = []
    for name in sorted(environment):
        section = name.upper().removeprefix(ENV_PREFIX).partition("__")[0]
        if not name.upper().startswith(ENV_PREFIX) or section in sections:
            continue
        near = process.extractOne(section, sections, score_cutoff=60)
        hint = f"did you mean {ENV_PREFIX}{near[0]}__…?" if near else f"sections: {', '.join(sections)}"
        problems.append(f"environment: {name}: unknown section; {hint}")
    return problems


def _known_keys(sections: list[str]) -> list[str]:
    model: Any = Settings
    for section in sections:
        if section.isdigit():
            continue
        field = model.model_fields[section].annotation
        model = field if isinstance(field, type) and issubclass(field, BaseModel) else OfficerSection
    return list(model.model_fields)


def check_areas(officers: Sequence[OfficerSection], areas: Sequence[str]) -> None:
    """Raises ConfigError for an area that the municipality does not have: its officer would get no plan."""
    known = {fold(area) for area in areas}
    wrong = [
        f"officers.{number}.areas: {area} is no area{_meant(area, areas)}"
        for number, officer in enumerate(officers)
        for area in officer.areas
        if fold(area) not in known
    ]
    if wrong:
        raise ConfigError([*wrong, f"The areas are: {', '.join(areas)}"])


def _meant(area: str, areas: Sequence[str]) -> str:
    near = process.extractOne(area, areas, score_cutoff=60)
    return f"; did you mean {near[0]}?" if near else ""


def matcher_cache(settings: Settings) -> Path:
    """Where is kept what an edit of the knowledge taught."""
    return settings.bot.data / "cache"
