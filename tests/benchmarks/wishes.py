"""How messages are taken for what they are, and what a first message fills in of a plan.

    python -m tests.benchmarks.wishes WISHES.jsonl OTHERS.jsonl

WISHES: per line text, shape and what it tells (thing, place, wijk, postcode, amount, when, with,
own_share, name, phone, email; null where it tells none). OTHERS: text, kind, topic, also_ok.
Prints figures only. "taken": the first reply takes the message for what it is; "asked": it asks
which it is. "filled": taken, and thing, amount, wijk, name, telephone and e-mail are right.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.conversation.machine import respond
from bot.conversation.turn.events import Said
from bot.conversation.turn.replies import Turn
from bot.conversation.turn.state import State
from bot.initiative.draft import PlanDraft
from knowledge.base import Knowledge
from knowledge.language.normalise import fold, words
from knowledge.language.stemming import stem
from knowledge.loader import load
from tests.conftest import SHIPPED

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
HALF = 0.5


def first_turn(text: str, knowledge: Knowledge) -> Turn:
    state = State(greeted=True, language="nl")
    return respond(state, Said(id="1", at=AT, nonce="0" * 32, text=text), knowledge)


def likeness(wanted: str, got: str) -> float:
    """Which part of the telling words of what is wanted stands in what was got."""
    told = [stem(word, "nl") for word in words(wanted) if len(word) > 2] or words(wanted)
    there = {stem(word, "nl") for word in words(got)}
    return sum(word in there or word in got.lower() for word in told) / (len(told) or 1)


def right(line: dict[str, Any], draft: PlanDraft, knowledge: Knowledge) -> dict[str, bool]:
    """Per thing that the message tells, whether the draft has it; also nothing made up."""
    found = {
        "thing": likeness(line["thing"] or "", draft.title) >= HALF,
        "amount": draft.amount == line["amount"],
        "name": fold(draft.name) == fold(line["name"] or ""),
        "phone": _digits(draft.telephone)[-8:] == _digits(line["phone"] or "")[-8:],
        "email": draft.email == (line["email"] or ""),
    }
    if line["wijk"]:
        place = knowledge.places.find_name(f"in {line['wijk']}")
        found["wijk"] = place is not None and (draft.wijk == place.wijk or (place.kind == "split" and not draft.wijk))
    soft = {"place": (line["place"], f"{draft.spot} {draft.area} {draft.buurt} {draft.title}")}
    soft |= {"when": (line["when"], draft.when), "with": (line["with"], draft.support)}
    soft["own"] = (line["own_share"], draft.own_share)
    return found | {f"({name})": likeness(want, got) >= HALF for name, (want, got) in soft.items() if want}


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def wishes(path: Path, knowledge: Knowledge) -> Counter[str]:
    counts: Counter[str] = Counter()
    for line in map(json.loads, path.read_text("utf-8").splitlines()):
        turn = first_turn(line["text"], knowledge)
        wish = turn.state.wish
        way = "taken" if turn.state.if_yes == "c:wens" else "asked" if wish is not None else "missed"
        found = right(line, wish or PlanDraft(), knowledge)
        filled = way == "taken" and all(found[name] for name in found if not name.startswith("("))
        for group in ("wish", f"wish {line['shape']}"):
            counts.update({f"{group} n": 1, f"{group} {way}": 1, f"{group} filled": filled})
        if wish is not None:
            counts.update({f"field {name} n": 1 for name in found})
            counts.update({f"field {name} right": 1 for name, fits in found.items() if fits})
    return counts


def others(path: Path, knowledge: Knowledge, show: bool) -> Counter[str]:
    counts: Counter[str] = Counter()
    for line in map(json.loads, path.read_text("utf-8").splitlines()):
        turn = first_turn(line["text"], knowledge)
        answered = {reply.topic for reply in turn.replies if reply.topic}
        offered = set(turn.state.offered)
        good = {line["topic"], *line["also_ok"]}
        if turn.state.if_yes == "c:wens":
            way = "taken for a wish"
        elif turn.state.wish is not None:
            way = "asked"
        elif answered & good or (not answered | offered and "fallback" in good):
            way = "right"
        else:
            way = "among choices" if offered & good else "wrong topic" if answered else "not known"
        counts.update({f"{line['kind']} n": 1, f"{line['kind']} {way}": 1})
        if show and way not in ("right", "among choices"):
            print(way, line["kind"], line["topic"], answered or offered, line["text"][:90])
    return counts


def shown(counts: Counter[str]) -> None:
    for key in sorted(counts):
        group, _, _ = key.rpartition(" ") if key.endswith(" n") else ("", "", "")
        if not group:
            total = next(counts[f"{key[:end]} n"] for end in _spaces(key) if counts.get(f"{key[:end]} n"))
            print(f"{key}: {counts[key]}/{total} = {counts[key] / total:.1%}")


def _spaces(key: str) -> list[int]:
    return [place for place in range(len(key) - 1, 0, -1) if key[place] == " "]


if __name__ == "__main__":
    wish_file, other_file, *options = sys.argv[1:]
    known = load(SHIPPED, cache=Path(next((o for o in options if o != "--show"), ".benchmark-cache")))
    shown(wishes(Path(wish_file), known))
    shown(others(Path(other_file), known, "--show" in options))
