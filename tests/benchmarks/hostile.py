"""What the longest hostile message costs: ``respond`` on the shipped knowledge, milliseconds of CPU per kind of text.

    python -m tests.benchmarks.hostile [--words brand] [--rounds 3] [--step plan:titel]

Per kind of text (``tests/hostile.py``) the least of a few rounds for 1,024, 2,048 and 4,096
characters, and how much the last costs beside the first: 4 where time grows with the length,
16 where it grows with its square. A new text each round, or what is remembered of the last
would answer. ``--step`` puts the message in the middle of a form.
"""

from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path

from bot.conversation.machine import respond
from bot.conversation.turn.events import Said
from bot.conversation.turn.state import State, Walk
from bot.initiative.draft import PlanDraft
from knowledge.base import Knowledge
from knowledge.loader import load
from tests.benchmarks.shipped import FOLDER
from tests.hostile import hostile_texts

SIZES = (1_024, 2_048, 4_096)
GOAL = 20.0
"""Milliseconds for the longest message."""


def state_at(step: str) -> State:
    """In no form, or at ``kind:step`` of one."""
    kind, _, name = step.partition(":")
    draft = PlanDraft(consent_at=datetime(2026, 11, 20, tzinfo=UTC)) if kind == "plan" else None
    return State(greeted=True, walk=Walk(kind=kind, step=name) if kind else None, draft=draft)


def milliseconds(knowledge: Knowledge, state: State, text: str) -> float:
    event = Said(id="1", at=datetime(2026, 11, 20, 9, tzinfo=UTC), nonce="0" * 32, text=text)
    start = time.process_time_ns()
    respond(state, event, knowledge)
    return (time.process_time_ns() - start) / 1e6


def main() -> None:
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--folder", type=Path, default=FOLDER, help="folder of a municipality")
    parser.add_argument("--cache", type=Path, help="folder that keeps what was learnt")
    parser.add_argument("--words", default="", help="only kinds with this in their name")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--step", default="", help="in the middle of a form: plan:titel")
    chosen = parser.parse_args()
    knowledge, state = load(chosen.folder, cache=chosen.cache), state_at(chosen.step)
    milliseconds(knowledge, state, "warm")
    texts = {size: hostile_texts(size - 1) for size in SIZES}
    rows = []
    for name in (name for name in texts[SIZES[0]] if chosen.words in name):
        costs = [
            min(milliseconds(knowledge, state, f"{texts[size][name]}{chr(97 + turn)}") for turn in range(chosen.rounds))
            for size in SIZES
        ]
        rows.append((name, costs))
    print(f"{'kind':26}" + "".join(f"{size:>9}" for size in SIZES) + f"{'ratio':>8}")
    for name, costs in sorted(rows, key=lambda row: -row[1][-1]):
        print(f"{name:26}" + "".join(f"{cost:9.2f}" for cost in costs) + f"{costs[-1] / max(costs[0], 0.01):8.1f}")
    over = [name for name, costs in rows if costs[-1] > GOAL]
    print(f"{len(rows)} kinds; slowest {max(costs[-1] for _, costs in rows):.1f} ms; over {GOAL:.0f} ms: {len(over)}")


if __name__ == "__main__":
    main()
