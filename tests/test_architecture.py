"""Imports point one way: an allow-list over all rooms, held. What is not named is refused.

A room is a package; a module that stands beside packages (``bot.config``, ``knowledge.loader``) is
a room of its own. Who adds a room writes it here, with what it may know.
"""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("bot", "knowledge", "storage")
ANYTHING = ("bot", "knowledge", "storage")

WORDS = ("knowledge.models", "knowledge.language")
FINDING = (*WORDS, "knowledge.places", "knowledge.entities", "knowledge.danger", "knowledge.matching")
SETTLED = ("knowledge.base", *WORDS)
"""A municipality's knowledge as a value, without how it is read or matched."""
HANDLING = (
    "bot.office.handling",
    "bot.office.letters",
    "bot.office.officers",
    "bot.office.notices",
    "bot.initiative",
    "bot.ports",
    "storage",
)

ALLOWED: Mapping[str, tuple[str, ...]] = {
    "knowledge.models": (),
    "knowledge.language": ("knowledge.models",),
    "knowledge.places": WORDS,
    "knowledge.entities": (*WORDS, "knowledge.places"),
    "knowledge.danger": WORDS,
    "knowledge.matching": WORDS,
    "knowledge.base": FINDING,
    "knowledge.files": FINDING,
    "knowledge.loader": (*FINDING, "knowledge.base", "knowledge.files"),
    "knowledge.editing": (*FINDING, "knowledge.base", "knowledge.files", "knowledge.loader"),
    "knowledge.live": (*FINDING, "knowledge.base", "knowledge.files", "knowledge.loader", "knowledge.editing"),
    "storage.models": (),
    "storage.errors": (),
    "storage.listening": (),
    "storage.tables": ("storage.models",),
    "storage.unit_of_work": ("storage.tables", "storage.errors"),
    "storage.retention": ("storage.models", "storage.tables", "storage.unit_of_work"),
    "storage.database": (
        "storage.errors",
        "storage.listening",
        "storage.unit_of_work",
        "storage.private",
        "storage.schema",
    ),
    "storage.alone": ("storage.errors", "storage.private"),
    "storage.installation": ("storage.errors", "storage.models"),
    "storage.private": ("storage.errors",),
    "storage.schema": ("storage.models",),
    "bot": (),
    "bot.office": ("bot.initiative", "bot.conversation.turn"),
    "knowledge": (),
    "storage": (),
    "bot.text_keys": (),
    "bot.log": (),
    "bot.config": ("bot.ports", "knowledge.language"),
    "bot.initiative": SETTLED,
    "bot.conversation.turn": ("bot.initiative", "knowledge.places", *SETTLED),
    "bot.conversation.plans": ("bot.conversation.turn", "bot.initiative", "knowledge.entities", *SETTLED),
    "bot.conversation.answers": (
        "bot.conversation.turn", "bot.conversation.plans", "bot.initiative", "knowledge.base", *FINDING,
    ),
    "bot.conversation.intake": (
        "bot.conversation.turn", "bot.conversation.plans", "bot.conversation.answers", "bot.initiative",
        "knowledge.base", *FINDING,
    ),
    "bot.conversation": ("bot.conversation", "bot.initiative", "knowledge.base", *FINDING),
    "bot.ports": ("bot.conversation.turn", "bot.initiative"),
    "bot.office.officers": ("bot.initiative", "bot.ports", "storage", *SETTLED),
    # What is told to residents in their chat is a reply, in the words of a letter's voice.
    "bot.office.handling": (
        "bot.office.officers", "bot.office.letters", "bot.office.notices", "bot.initiative", "bot.ports",
        "bot.conversation.turn", "storage", "knowledge.entities", *SETTLED,
    ),
    "bot.office.letters": (
        "bot.office.notices", "bot.office.officers", "bot.initiative", "bot.ports", "bot.conversation.turn", *SETTLED,
    ),
    "bot.office.promises": (*HANDLING, *SETTLED),
    "bot.office.reports": ("bot.office.letters", "bot.initiative", "storage", *SETTLED),
    "bot.service": (*HANDLING, "bot.conversation", "knowledge.entities", *SETTLED),
    # The place of a fault, without its words, comes from ``bot.log``.
    "bot.delivery": (*HANDLING, "bot.log"),
    "bot.desk": (*HANDLING, "bot.office.reports", "bot.conversation.turn", "knowledge.entities", *SETTLED),
    "bot.channels.http": ("bot.ports", "bot.log"),
    "bot.channels": ("bot.ports", "bot.conversation.turn", "bot.channels.http", "bot.log"),
    "bot.app": ANYTHING,
    "bot.cli": ANYTHING,
    "bot.__main__": ("bot.cli",),
}  # fmt: skip
"""Room to what it may import; a room that is not named has what the room around it has."""

PURE = ("asyncio", "logging", "structlog", "random", "secrets", "time", "os", "pathlib", "io", "socket", "sqlalchemy",
        "sqlmodel", "aiohttp", "telegram")  # fmt: skip
"""What the conversation and the initiative may not import: time and chance come in with the event."""

COMPOSITION = ("bot.app", "bot.cli", "bot.__main__")
MOST_IN_A_ROOM = 14
MOST_IN_TOP_VIEW = 20

TWINS = {
    "channel": "twin adapters have equal file names: web, telegram and email each have one",
    "parse": "twin adapters: web and telegram",
    "render": "twin adapters: web and telegram",
}
"""Base names that may stand more than once, each with its reason."""


@cache
def modules() -> Mapping[str, Path]:
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def is_package(module: str) -> bool:
    return modules()[module].name == "__init__.py"


def room_of(module: str) -> str:
    """The package that a module stands in; itself where that is one of the three at the top."""
    if is_package(module):
        return module
    room = module.rpartition(".")[0]
    return module if room in PACKAGES else room


def imports(path: Path) -> Iterator[str]:
    """Every module named in an import, also those inside functions; names from a package as package.name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in modules() else node.module


def within(module: str, prefix: str) -> bool:
    return module == prefix or module.startswith(prefix + ".")


def may_import(room: str) -> tuple[str, ...]:
    while room not in ALLOWED:
        assert "." in room, f"{room} is named in ALLOWED, or a room around it is"
        room = room.rpartition(".")[0]
    return (room, *ALLOWED[room])


def ours(path: Path) -> set[str]:
    return {name for name in imports(path) if name.partition(".")[0] in PACKAGES}


def arrows() -> Mapping[str, set[str]]:
    """From each room to those that it imports."""
    drawn: defaultdict[str, set[str]] = defaultdict(set)
    for module, path in modules().items():
        drawn[room_of(module)] |= {room_of(name) for name in ours(path) if name in modules()}
    return {room: others - {room} for room, others in drawn.items()}


@pytest.mark.parametrize("module", modules())
def test_a_room_imports_what_it_may(module: str) -> None:
    room = room_of(module)
    allowed = (room, *may_import(room))
    wrong = sorted(name for name in ours(modules()[module]) if not any(within(name, one) for one in allowed))
    assert not wrong, f"{module} may not import {', '.join(wrong)}"


@pytest.mark.parametrize("module", [name for name in modules() if within(name, "bot.conversation")])
def test_the_conversation_knows_no_time_chance_file_or_network(module: str) -> None:
    wrong = sorted({name for name in imports(modules()[module]) for one in PURE if within(name, one)})
    assert not wrong, f"{module} imports {', '.join(wrong)}"


def test_the_initiative_is_pure() -> None:
    for module, path in modules().items():
        if within(module, "bot.initiative"):
            assert not {name for name in imports(path) for one in PURE if within(name, one)}, module


def test_there_is_no_circle() -> None:
    drawn = arrows()

    def reached(room: str) -> set[str]:
        seen: set[str] = set()
        open_rooms = [room]
        while open_rooms:
            for other in drawn.get(open_rooms.pop(), set()) - seen:
                seen.add(other)
                open_rooms.append(other)
        return seen

    assert [room for room in drawn if room not in COMPOSITION and room in reached(room)] == []


def test_only_the_composition_root_imports_channels() -> None:
    for module, path in modules().items():
        if not any(within(module, one) for one in (*COMPOSITION, "bot.channels")):
            assert not [name for name in ours(path) if within(name, "bot.channels")], module


def test_channels_do_not_know_each_other() -> None:
    for module, path in modules().items():
        if within(module, "bot.channels") and module != "bot.channels":
            own = ".".join(module.split(".")[:3])
            others = [name for name in ours(path) if within(name, "bot.channels") and not within(name, own)]
            assert [name for name in others if not within(name, "bot.channels.http")] == [], module


def test_rooms_are_not_too_full() -> None:
    rooms = Counter(module.rpartition(".")[0] for module in modules() if not is_package(module))
    assert {room: count for room, count in rooms.items() if count > MOST_IN_A_ROOM} == {}


def test_the_top_view_has_few_rooms() -> None:
    top = {".".join(module.split(".")[:2]) for module in modules() if is_package(module) and module not in PACKAGES}
    assert len(top) <= MOST_IN_TOP_VIEW, sorted(top)


@pytest.mark.parametrize("room", [name for name in modules() if is_package(name)])
def test_each_room_says_what_it_is_for(room: str) -> None:
    assert ast.get_docstring(ast.parse(modules()[room].read_text(encoding="utf-8"))), f"{room}/__init__.py"


def test_each_base_name_stands_once() -> None:
    names = Counter(module.rpartition(".")[2] for module in modules() if not is_package(module))
    assert {name for name, count in names.items() if count > 1} <= set(TWINS)


def test_each_class_name_stands_once() -> None:
    classes = Counter(
        node.name
        for path in modules().values()
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    )
    assert [name for name, count in classes.items() if count > 1] == []


def texts_in(tree: ast.Module) -> Iterator[str]:
    """Strings in code; what stands alone documents a name."""
    documented = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documented:
            yield node.value


OF_ONE_MUNICIPALITY = (
    "hilversum.nl",
    "14 035",
    "14035",
    "0363",
    "0402",
    "Oost 1221",
    "Kerkelanden",
    "Meent",
    "Versa",
    "1221",
)
"""Beside its name: what another municipality would not have."""


def test_no_sentence_about_one_municipality_in_code() -> None:
    """Content is data: another municipality is another folder, with no line of code changed."""
    for module, path in modules().items():
        texts = texts_in(ast.parse(path.read_text(encoding="utf-8")))
        wrong = [
            text
            for text in texts
            if any(word in text for word in OF_ONE_MUNICIPALITY) or ("Hilversum" in text and text != "Hilversum")
        ]
        assert not wrong, f"{module} holds {wrong}"
