"""How fast the matcher is: per question, at the start, in memory, and with ever more examples.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python -m tests.benchmarks.speed [--most 50000]

Every test question of ``vragen.csv`` is asked several times on one core; median, 99th
percentile and the slowest count. The curve repeats that with made examples (words of two
real ones of the same topic mixed), for the matcher and, as a comparison, for the nearest
example by rapidfuzz, whose time grows with the number of examples.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from knowledge.language.detection import learn as notices
from knowledge.language.word_lists import Words
from knowledge.matching.calibration import EVIDENCE, Thresholds, fit
from knowledge.matching.learning import OUTSIDE, Example, Learnt, learn
from knowledge.matching.matcher import Matcher
from tests.benchmarks.rankers import Ranker, Task, nearest_by_rapidfuzz
from tests.benchmarks.shipped import arguments, shipped

ROUNDS = 5


Times = tuple[float, float, float]
"""Median, 99th percentile and maximum in milliseconds."""


def per_question(ask: Callable[[str], object], texts: Sequence[str], rounds: int = ROUNDS) -> Times:
    for text in texts[:50]:
        ask(text)
    taken = []
    for text in [*texts] * rounds:
        start = time.perf_counter_ns()
        ask(text)
        taken.append((time.perf_counter_ns() - start) / 1e6)
    return float(np.median(taken)), float(np.percentile(taken, 99)), max(taken)


def memory() -> float:
    """Largest resident size so far, in MiB."""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (1024 * 1024 if sys.platform == "darwin" else 1024)


def made_up(examples: Sequence[Example], count: int) -> list[Example]:
    """Examples until there are ``count``: half the words of one and half of another of the same topic and language."""
    random = np.random.default_rng(0)
    groups: dict[tuple[str, str], list[str]] = {}
    for text, language, topic in examples:
        groups.setdefault((topic, language), []).append(text)
    found = list(examples[:count])
    while len(found) < count:
        _, language, topic = examples[int(random.integers(len(examples)))]
        own = groups[topic, language]
        one, other = (own[int(random.integers(len(own)))].split() for _ in range(2))
        found.append((" ".join([*one[: len(one) // 2 + 1], *other[len(other) // 2 :]]), language, topic))
    return found


def curve(examples: Sequence[Example], topics: Sequence[str], texts: Sequence[str], words: Words, most: int) -> None:
    print(f"\n{'examples':>9} {'median ms':>10} {'p99 ms':>8} {'learn s':>8} {'rapidfuzz median ms':>20} {'ratio':>7}")
    mixed = [examples[place] for place in np.random.default_rng(1).permutation(len(examples))]
    for count in (size for size in (1_000, 2_500, 5_000, 10_000, 25_000, 50_000) if size <= most):
        part = made_up(mixed, count)
        start = time.perf_counter()
        model = learn(part, topics, words)
        learning = time.perf_counter() - start
        noticer = notices((text, name) for text, name, _ in part)
        matcher = Matcher(tuple(topics), (), Learnt(model, _undecided(), ()), noticer)
        median, high, _ = per_question(matcher.match, texts, 1)
        other = nearest_by_rapidfuzz(Task(part, (*topics, OUTSIDE)))
        slow, _, _ = per_question(partial(_one, other), texts[:60], 1)
        print(f"{count:9} {median:10.3f} {high:8.3f} {learning:8.1f} {slow:20.2f} {slow / median:6.0f}x", flush=True)


def _one(rank: Ranker, text: str) -> object:
    return rank([text])


def _undecided() -> Thresholds:
    """Thresholds do not matter for time: learning them would take the longest."""
    judge = fit(np.zeros((0, EVIDENCE)), np.zeros(0, dtype=np.bool_))
    return Thresholds(judge, judge, 0.7, 0.7, 0.5)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--most", type=int, default=50_000, help="examples at the end of the curve")
    chosen = parser.parse_args()
    data = shipped(chosen.folder)
    texts = [question.text for question in data.questions]
    before = memory()
    with tempfile.TemporaryDirectory() as folder:
        times = []
        for _ in range(2):
            start = time.perf_counter()
            matcher = Matcher.build(data.parts.topics, data.parts.outside, data.parts.words, Path(folder))
            times.append(time.perf_counter() - start)
        kept = sum(file.stat().st_size for file in Path(folder).iterdir()) / 2**20
    print(f"{len(data.examples)} examples, {len(data.parts.topics)} topics, {len(texts)} questions")
    print(
        f"start: learning {times[0]:.1f} s, from the cache {times[1]:.2f} s ({times[0] / times[1]:.0f}x), "
        f"cache {kept:.0f} MiB"
    )
    print(f"memory: {before:.0f} MiB before, {memory():.0f} MiB at most")
    median, high, slowest = per_question(matcher.match, texts)
    print(
        f"per question: median {median:.3f} ms, p99 {high:.3f} ms, slowest {slowest:.3f} ms; "
        f"goals 5 and 20 ms: {5 / median:.0f}x and {20 / high:.0f}x faster"
    )
    curve(data.examples, tuple(data.parts.topics), texts, data.parts.words, chosen.most)


if __name__ == "__main__":
    main()
