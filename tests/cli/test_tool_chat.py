"""``wijkbot chat --json``: the contract that tools rely on."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

from bot.cli.tool_chat import converse
from knowledge.base import Knowledge
from tests.conversation.script import picture
from tests.plans import ROUTING

KEYS = {"replies", "form", "wijk", "area", "plan", "reference"}
AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


async def told(knowledge: Knowledge, *lines: dict[str, Any] | str) -> list[dict[str, Any]]:
    given = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    out = StringIO()
    await converse(knowledge, ROUTING, given, out, AT)
    return [json.loads(line) for line in out.getvalue().splitlines()]


async def test_each_line_in_gives_one_line_out_with_the_promised_keys(shipped_knowledge: Knowledge) -> None:
    lines = await told(shipped_knowledge, {"text": "hallo"}, {"press": "Plan indienen"}, {"location": [52.22, 5.17]})
    assert [set(line) for line in lines] == [KEYS] * 3
    assert "Plan indienen" in lines[0]["replies"][0]["choices"]
    assert [line["form"] for line in lines] == [None, "toestemming", "toestemming"]
    assert lines[2]["wijk"] == "Centrum"


async def test_what_cannot_be_carried_out_is_said_and_changes_nothing(shipped_knowledge: Knowledge) -> None:
    wrong: list[dict[str, Any] | str] = ["rubbish", "[]", {}, {"press": "no such"}, {"photo": "/nowhere.jpg"}]
    lines = await told(shipped_knowledge, {"text": "hallo"}, *wrong, {"press": "Plan indienen"})
    assert all(line["error"] and line["replies"] == [] for line in lines[1:-1])
    assert lines[-1]["form"] == "toestemming"


async def test_another_resident_knows_nothing_of_the_one_before(shipped_knowledge: Knowledge) -> None:
    lines = await told(shipped_knowledge, {"text": "ik woon in 1221AB"}, {"new": True}, {"text": "hallo"})
    assert [line["wijk"] for line in lines] == ["Oost", None, None]
    assert lines[1]["replies"] == []


async def test_a_photo_is_taken_in(shipped_knowledge: Knowledge, tmp_path: Path) -> None:
    file = tmp_path / "plek.jpg"
    file.write_bytes(picture())
    start: list[dict[str, Any]] = [{"text": "/plan"}, {"press": "Ja, dat is goed"}]
    *_, line = await told(shipped_knowledge, *start, {"photo": str(file)})
    assert len(line["plan"]["photos"]) == 1
