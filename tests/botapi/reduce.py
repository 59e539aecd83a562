"""Make ``telegram-bot-api.json.gz`` from the full description of the Bot API; see SOURCE.md.

    python -m tests.botapi.reduce <api.json> [<commit>]

Kept are the methods that the bot calls and every type that they or an update refer to;
descriptions are dropped, after the limits and fixed values in them are read out.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from pathlib import Path
from typing import Any

METHODS = (
    "answerCallbackQuery",
    "deleteWebhook",
    "editMessageReplyMarkup",
    "getFile",
    "getMe",
    "getUpdates",
    "getWebhookInfo",
    "sendChatAction",
    "sendMediaGroup",
    "sendMessage",
    "sendPhoto",
    "setMyCommands",
    "setWebhook",
)
TYPES = ("Update", "Message", "File", "User", "WebhookInfo", "ResponseParameters")
TARGET = Path(__file__).with_name("telegram-bot-api.json.gz")

LIMIT = re.compile(r"(\d+)-(\d+) (characters|bytes|items)|Values between (\d+)-(\d+) are accepted")
MOST = re.compile(r"At most (\d+) (commands)")
FIXED = re.compile(r"must be ([a-z_]+)$|always “([a-z_]+)”")


def main(source: Path, commit: str = "") -> None:
    full = json.loads(source.read_text(encoding="utf-8"))
    methods = {name: _reduced(full["methods"][name]) for name in METHODS}
    types: dict[str, Any] = {}
    wanted = [*TYPES, *(name for method in methods.values() for name in _named(method))]
    while wanted:
        name = wanted.pop()
        if name in full["types"] and name not in types:
            types[name] = _reduced(full["types"][name])
            wanted += _named(types[name])
    reduced = {
        "version": full["version"],
        "release_date": full["release_date"],
        "changelog": full["changelog"],
        "source": "PaulSonOfLars/telegram-bot-api-spec",
        "commit": commit,
        "licence": "MIT, see SOURCE.md",
        "methods": methods,
        "types": dict(sorted(types.items())),
    }
    text = json.dumps(reduced, separators=(",", ":"), ensure_ascii=False)
    TARGET.write_bytes(gzip.compress(text.encode(), mtime=0))


def _reduced(entry: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {"fields": {field["name"]: _field(field) for field in entry.get("fields", [])}}
    if "subtypes" in entry:
        kept["subtypes"] = entry["subtypes"]
    if "returns" in entry:
        kept["returns"] = entry["returns"]
    return kept


def _field(field: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {"types": field["types"]}
    if field["required"]:
        kept["required"] = True
    text = field["description"]
    if found := LIMIT.search(text):
        least, most, unit = found.group(1) or found.group(4), found.group(2) or found.group(5), found.group(3)
        kept["limit"] = [int(least), int(most), unit or "value"]
    elif found := MOST.search(text):
        kept["limit"] = [0, int(found.group(1)), "items"]
    if found := FIXED.search(text.rstrip(".")):
        kept["fixed"] = found.group(1) or found.group(2)
    return kept


def _named(entry: dict[str, Any]) -> list[str]:
    types = [name for field in entry["fields"].values() for name in field["types"]]
    types += entry.get("subtypes", []) + entry.get("returns", [])
    return [name.replace("Array of ", "") for name in types]


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
