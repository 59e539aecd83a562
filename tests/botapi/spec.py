"""Checks values against the published Bot API: names, types, required fields, limits."""

from __future__ import annotations

import gzip
import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

_DATA = json.loads(gzip.decompress(Path(__file__).with_name("telegram-bot-api.json.gz").read_bytes()))
METHODS: Mapping[str, Any] = _DATA["methods"]
TYPES: Mapping[str, Any] = _DATA["types"]

ONE_OF_BUTTON = ("url", "callback_data", "web_app", "login_url", "switch_inline_query", "copy_text", "pay")


def characters(text: str) -> int:
    """As Telegram's apps count: an emoji is two. The strictest reading of the limits."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def decode_form(method: str, form: Mapping[str, str]) -> dict[str, Any]:
    """Parameters from a form: everything but a plain text is JSON in it."""
    fields = METHODS.get(method, {}).get("fields", {})
    return {name: _decoded(value, fields.get(name, {}).get("types", ["String"])) for name, value in form.items()}


def _decoded(value: str, types: Sequence[str]) -> Any:
    if types == ["String"]:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def check_call(method: str, parameters: Mapping[str, Any], files: Collection[str]) -> list[str]:
    """What is wrong with a call; ``files`` are the names of its uploaded parts."""
    if method not in METHODS:
        return [f"{method}: not a method that the bot uses (see reduce.py)"]
    given = {**{name: _Upload() for name in files if name in METHODS[method]["fields"]}, **parameters}
    problems = _check_fields(METHODS[method]["fields"], given, method, files)
    attached = {value for value in _strings(parameters) if value.startswith("attach://")}
    problems += [f"{method}: no part for {name}" for name in sorted(attached) if name[9:] not in files]
    return problems


def check_object(value: Any, type_name: str) -> list[str]:
    """What is wrong with an object, such as an ``Update``."""
    return _check(value, [type_name], type_name, ())


class _Upload:
    """Stands for an uploaded part in a call's parameters."""


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    items = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return [text for item in items for text in _strings(item)]


def _check_fields(fields: Mapping[str, Any], value: Mapping[str, Any], path: str, files: Collection[str]) -> list[str]:
    missing = [name for name, field in fields.items() if field.get("required") and name not in value]
    problems = [f"{path}: {name} is missing" for name in missing]
    for name, item in value.items():
        if name not in fields:
            problems.append(f"{path}: {name} does not exist")
            continue
        problems += _check(item, fields[name]["types"], f"{path}.{name}", files) or _check_limits(
            fields[name], item, f"{path}.{name}"
        )
    return problems


def _check_limits(field: Mapping[str, Any], value: Any, path: str) -> list[str]:
    if "fixed" in field and value != field["fixed"]:
        return [f"{path}: {value!r} is not {field['fixed']!r}"]
    if "limit" not in field or isinstance(value, _Upload):
        return []
    least, most, unit = field["limit"]
    size = _size(value, unit)
    return [] if least <= size <= most else [f"{path}: {size} {unit}, allowed are {least} to {most}"]


def _size(value: Any, unit: str) -> int:
    match unit:
        case "characters":
            return characters(value)
        case "bytes":
            return len(value.encode())
        case "items":
            return len(value)
    return int(value)


def _check(value: Any, types: Sequence[str], path: str, files: Collection[str]) -> list[str]:
    """No problem with one of the types is enough; else the fewest problems are told."""
    return min((_check_type(value, name, path, files) for name in _flat(types)), key=len)


def _flat(types: Sequence[str]) -> list[str]:
    """The types with each family replaced by its members."""
    families = {name: TYPES.get(name, {}).get("subtypes") for name in types}
    return [leaf for name, members in families.items() for leaf in (_flat(members) if members else [name])]


def _check_type(value: Any, name: str, path: str, files: Collection[str]) -> list[str]:
    if name.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{path}: {type(value).__name__} is not an {name}"]
        inner = name.removeprefix("Array of ")
        return [problem for i, item in enumerate(value) for problem in _check(item, [inner], f"{path}[{i}]", files)]
    if name in TYPES and name != "InputFile":
        if not isinstance(value, Mapping):
            return [f"{path}: {type(value).__name__} is not a {name}"]
        problems = _check_fields(TYPES[name]["fields"], value, path, files)
        return problems + (_check_button(value, path) if name == "InlineKeyboardButton" else [])
    return [] if _is_plain(value, name) else [f"{path}: {type(value).__name__} is not {name}"]


def _is_plain(value: Any, name: str) -> bool:
    match name:
        case "String":
            return isinstance(value, str)
        case "Integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "Float":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "Boolean":
            return isinstance(value, bool)
        case "True":
            return value is True
        case "InputFile":
            return isinstance(value, _Upload)
    raise AssertionError(f"the data file lacks the type {name}")


def _check_button(button: Mapping[str, Any], path: str) -> list[str]:
    actions = [name for name in ONE_OF_BUTTON if name in button]
    problems = [] if len(actions) == 1 else [f"{path}: exactly one action is needed, not {actions}"]
    return problems if str(button.get("text", "")).strip() else [*problems, f"{path}: the label is empty"]
