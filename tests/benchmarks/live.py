"""How long residents and editors wait: the first start, a second one, and an edit until it is live.

    python -m tests.benchmarks.live

Works on a copy of the shipped folder. The ratio is to the first start of the same run.
An edit waits another second and a half for the editor to finish (``knowledge.watch.SETTLE``).
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from knowledge.live import LiveKnowledge
from tests.benchmarks.shipped import arguments

QUESTIONS = "vragen = ["
ANSWER = "antwoord = '''"
SYNONYMS = "[synoniemen]\n"
NEW_TOPIC = """
titel = "Een proef"
bron = "wijkbot, gemeente.toml"
gecontroleerd = 2026-11-20
vragen = ["waar is het museum", "museum", "wat kost het museum", "hoe laat gaat het museum open", "schilderijen kijken",
  "is er een tentoonstelling", "met de klas naar een museum", "museumkaart", "mag mijn hond mee het museum in",
  "rondleiding", "kunst zien in hilversum", "wat is er te zien in het museum"]
antwoord = "Dit is een proef."
[en]
titel = "A test"
vragen = ["where is the museum", "museum", "museum opening hours", "I want to see paintings", "guided tour"]
antwoord = "This is a test."
"""


def timed(what: str, first: float | None, done: Callable[[], object]) -> float:
    start = time.perf_counter()
    done()
    taken = time.perf_counter() - start
    print(f"{what:44} {taken:7.2f} s {f'{taken / first:6.2f}x' if first else ''}", flush=True)
    return taken


def main() -> None:
    chosen = arguments(__doc__).parse_args()
    with tempfile.TemporaryDirectory() as work:
        folder, cache = Path(work) / "kennis", Path(work) / "cache"
        shutil.copytree(chosen.folder, folder)
        first = timed("first start: all examples are learnt", None, lambda: LiveKnowledge(folder, cache=cache))
        live: list[LiveKnowledge] = []
        timed("second start: what was learnt is read", first, lambda: live.append(LiveKnowledge(folder, cache=cache)))
        topic = next(path for path in sorted(folder.glob("onderwerpen/*/*.toml")) if ANSWER in path.read_text("utf-8"))

        def edit(old: str, new: str) -> Callable[[], object]:
            topic.write_text(topic.read_text("utf-8").replace(old, new, 1), "utf-8")
            return lambda: asyncio.run(live[0].reload())

        timed("an answer edited", first, edit(ANSWER, f"{ANSWER}Een proef. "))
        timed("an example added", first, edit(QUESTIONS, f'{QUESTIONS}\n  "deze zin staat er voor een meting bij",'))
        words = folder / "woorden.toml"
        known = words.read_text("utf-8")
        words.write_text(known.replace(SYNONYMS, f'{SYNONYMS}schuurtje = ["fietsenhok"]\n', 1), "utf-8")
        timed("a synonym added", first, lambda: asyncio.run(live[0].reload()))
        (topic.parent / "proef.toml").write_text(NEW_TOPIC, "utf-8")
        timed("a topic added", first, lambda: asyncio.run(live[0].reload()))
        if live[0].problems:
            raise SystemExit("\n".join(map(str, live[0].problems)))


if __name__ == "__main__":
    main()
