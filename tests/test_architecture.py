"""Imports point one way; the table of the design, held."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("bot", "knowledge", "storage")

FORBIDDEN: dict[str, tuple[str, ...]] = {
    "knowledge": ("bot", "storage"),
    "storage": ("bot", "knowledge"),
    "bot.conversation": (
        "storage",
        "knowledge.loader",
        "knowledge.checks",
        "knowledge.watch",
        "bot.channels",
        "bot.desk",
        "bot.service",
        "bot.relay",
        "bot.app",
        "bot.cli",
        "bot.config",
        "asyncio",
        "logging",
        "structlog",
        "random",
        "secrets",
        "time",
        "os",
        "pathlib",
        "io",
        "socket",
        "sqlalchemy",
        "sqlmodel",
        "aiohttp",
        "telegram",
    ),
    "bot.channels": ("storage", "knowledge", "bot.desk", "bot.service", "bot.relay", "bot.app", "bot.cli"),
    "bot.desk": ("bot.channels.telegram", "bot.channels.web", "bot.relay", "bot.app", "bot.cli"),
    "bot.service": ("bot.channels.telegram", "bot.channels.web", "bot.desk", "bot.app", "bot.cli", "bot.relay"),
    "bot.relay": (
        "knowledge",
        "bot.desk",
        "bot.service",
        "bot.app",
        "bot.cli",
        "bot.channels.telegram",
        "bot.channels.web",
    ),
}
"""Module prefix to what it may not import."""

COMPOSITION = ("bot.app", "bot.cli")
"""May import anything; nothing imports them (but each other and ``__main__``)."""


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports(path: Path) -> Iterator[str]:
    """Every module named in an import, also those inside functions; names from a package as package.name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(module: str, prefix: str) -> bool:
    return module == prefix or module.startswith(prefix + ".")


MODULES = list(modules())
IDS = [module for module, _ in MODULES]


@pytest.mark.parametrize(("module", "path"), MODULES, ids=IDS)
def test_imports_point_one_way(module: str, path: Path) -> None:
    banned = [name for prefix, names in FORBIDDEN.items() if within(module, prefix) for name in names]
    wrong = sorted({name for name in imports(path) for ban in banned if within(name, ban)})
    assert not wrong, f"{module} may not import {', '.join(wrong)}"


@pytest.mark.parametrize(("module", "path"), MODULES, ids=IDS)
def test_nothing_imports_the_composition_root(module: str, path: Path) -> None:
    if module in (*COMPOSITION, "bot.__main__") or module.startswith("bot.cli"):
        return
    assert not [name for name in imports(path) for root in COMPOSITION if within(name, root)]


def test_channels_do_not_know_each_other() -> None:
    channels = {path.name for path in (ROOT / "bot" / "channels").iterdir() if path.is_dir() and path.name[0] != "_"}
    for module, path in modules():
        if not module.startswith("bot.channels."):
            continue
        own = module.split(".")[2]
        others = {f"bot.channels.{name}" for name in channels - {own, "http"}}  # "http": the ground of web and desk
        wrong = sorted({name for name in imports(path) for other in others if within(name, other)})
        assert not wrong, f"{module} imports another channel: {wrong}"


def test_no_sentence_about_hilversum_in_code() -> None:
    """Content is data: another municipality is another folder, with no line of code changed."""
    for module, path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documented = {
            node.body[0].value  # type: ignore[attr-defined]
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and ast.get_docstring(node) is not None
        }
        texts = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documented
        ]
        wrong = [text for text in texts if "Hilversum" in text or "14 035" in text]
        assert not wrong, f"{module} holds {wrong}"
