"""How long residents and editors wait, and how much memory it takes: a table of one run.

    python -m tests.benchmarks.start [--calibrate]

Works on a copy of the shipped folder; each line is a process of its own, so that nothing is warm.
Memory is what the process holds by itself and what it holds of mapped files, in MB.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.shipped import arguments

START = """
import time; begun = time.perf_counter()
from pathlib import Path
from bot.cli.first_message import first_message
from knowledge.live import LiveKnowledge
live = LiveKnowledge(Path({folder!r}), cache=Path({cache!r}))
first_message("ik zoek informatie over het wijkbudget", live.current)
print("first answer", round(time.perf_counter() - begun, 2), "s")
questions = ["wie is mijn wijkregisseur", "er ligt een dode egel op de stoep", "wat wordt het weer morgen"] * 40
taken = []
for place, text in enumerate(questions):
    begun = time.perf_counter()
    live.current.matcher.match(f"{{text}} {{place}}")
    taken.append(time.perf_counter() - begun)
print("a question, median", round(sorted(taken)[len(taken) // 2] * 1000, 2), "ms")
rollup = Path("/proc/self/smaps_rollup").read_text()
sizes = {{line.split(":")[0]: int(line.split()[1]) for line in rollup.splitlines()[1:] if "kB" in line}}
own, all_of_it = sizes["Anonymous"] // 1024, sizes["Rss"] // 1024
print("memory of its own", own, "MB, of files", all_of_it - own, "MB")
"""
EDIT = """
import asyncio, time
from pathlib import Path
from knowledge.live import LiveKnowledge
live = LiveKnowledge(Path({folder!r}), cache=Path({cache!r}))
topic = next(Path({folder!r}).glob("onderwerpen/geld/wijkbudget.toml"))
edits = {{"antwoord = '''": "antwoord = '''Een proef. ", "vragen = [": 'vragen = ["een zin voor een meting",'}}
for old, new in edits.items():
    topic.write_text(topic.read_text("utf-8").replace(old, new, 1), "utf-8")
    begun = time.perf_counter()
    assert asyncio.run(live.reload())
    print("an edit", old, round(time.perf_counter() - begun, 2), "s")
"""


def timed(what: str, *command: str, **environment: str) -> None:
    begun = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})
    print(f"{what:28} {time.perf_counter() - begun:7.2f} s  {done.stderr.strip()[-200:]}", flush=True)
    for line in done.stdout.splitlines() if command[1] == "-c" else ():
        print(f"    {line}")


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--calibrate", action="store_true", help="also `wijkbot calibrate`")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        folder, cache = Path(work) / "kennis", Path(work) / "data" / "cache"
        shutil.copytree(chosen.folder, folder)
        names = {"folder": str(folder), "cache": str(cache)}
        data = {"WIJKBOT_BOT__DATA": str(cache.parent)}
        for what in ("first start", "later start"):
            timed(what, sys.executable, "-c", START.format(**names))
        command = (sys.executable, "-m", "bot")
        timed("ask", *command, "ask", "--knowledge", str(folder), "info wijkbudget", **data)
        timed("check, cold", *command, "check", "--knowledge", str(folder), **data)
        timed("edits live", sys.executable, "-c", EDIT.format(**names))
        timed("check, after an edit", *command, "check", "--knowledge", str(folder), **data)
        if chosen.calibrate:
            timed("calibrate", *command, "calibrate", "--knowledge", str(folder), **data)
        kept = sum(path.stat().st_size for path in cache.rglob("*") if path.is_file()) if cache.exists() else 0
        print(f"{'cache on disk':28} {kept / 1e6:7.1f} MB")


if __name__ == "__main__":
    main()
