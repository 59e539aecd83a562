"""The matcher against the obvious alternatives, in one run, on the test questions of ``vragen.csv``.

    python -m tests.benchmarks.compare [--fewer] [--per-topic 5]

Prints per method: the share of questions whose own topic comes first, and comes among the
first three; how often a question in scope looks surer than one out of scope (area under
the curve); the share answered right where the threshold lets one in a hundred out-of-scope
questions through; seconds to learn and milliseconds per question. Ratios are to the matcher.

``--per-topic N``: only the first N Dutch examples of each topic. ``--fewer``: the curve over
ever more examples per topic, for the matcher only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.editing.evaluation import Question
from knowledge.language.word_lists import Words
from knowledge.matching.learning import OUTSIDE, Example
from knowledge.matching.learnt import learn_whole
from tests.benchmarks.rankers import RANKERS, Ranker, Scores, Task
from tests.benchmarks.shipped import arguments, shipped

OURS = "this matcher"
LET_THROUGH = 0.01
"""Share of out-of-scope questions that the common threshold lets through."""


@dataclass(frozen=True)
class Result:
    first: float
    three: float
    area: float
    at_once: float
    learning: float
    """Seconds."""
    asking: float
    """Milliseconds per question."""


def matcher_ranker(task: Task, words: Words) -> Ranker:
    """The words alone: key words and meaning are no matter of the method (``roads`` compares those)."""
    learnt = learn_whole([], task.examples, task.topics[:-1], words)

    def rank(texts: Sequence[str]) -> Scores:
        readings = [learnt.model.read(text, learnt.noticer.notice(text)) for text in texts]
        return np.array([np.append(reading.scores, reading.outside) for reading in readings])

    return rank


def measure(make: Callable[[Task], Ranker], task: Task, questions: Sequence[Question]) -> Result:
    start = time.perf_counter()
    rank = make(task)
    learning = time.perf_counter() - start
    start = time.perf_counter()
    scores = rank([question.text for question in questions])
    asking = (time.perf_counter() - start) / len(questions) * 1000
    places = {topic: place for place, topic in enumerate(task.topics)}
    truth = np.array([places[question.topic] for question in questions])
    ours = truth != places[OUTSIDE]
    order = np.argsort(-scores[:, :-1], axis=1)
    first, three = order[:, 0] == truth, (order[:, :3] == truth[:, None]).any(1)
    sure = scores[:, :-1].max(1) - scores[:, -1]
    outside = np.sort(sure[~ours])[::-1]
    threshold = outside[int(len(outside) * LET_THROUGH)] if len(outside) else -np.inf
    area = float((sure[ours][:, None] > sure[~ours][None]).mean()) if (~ours).any() else 0.0
    return Result(
        float(first[ours].mean()),
        float(three[ours].mean()),
        area,
        float((first & (sure > threshold))[ours].mean()),
        learning,
        asking,
    )


def line(name: str, result: Result, ours: Result) -> str:
    return (
        f"{name:32} {result.first:7.1%} {result.three:7.1%} {result.area:7.3f} {result.at_once:8.1%}"
        f" {result.learning:8.1f} {result.asking:9.2f} {(1 - result.first) / max(1 - ours.first, 1e-9):9.1f}x"
        f" {result.asking / ours.asking:8.1f}x"
    )


def compare(task: Task, questions: Sequence[Question], words: Words) -> None:
    print(
        f"{len(task.examples)} examples, {len(task.topics) - 1} topics, {len(questions)} questions, "
        f"{sum(question.topic == OUTSIDE for question in questions)} of them out of scope\n"
    )
    print(
        f"{'method':32} {'first':>7} {'three':>7} {'area':>7} {'at once':>8} {'learn s':>8} {'ask ms':>9}"
        f" {'errors':>10} {'time':>9}"
    )
    ours = measure(lambda one: matcher_ranker(one, words), task, questions)
    print(line(OURS, ours, ours), flush=True)
    for name, make in RANKERS.items():
        try:
            print(line(name, measure(make, task, questions), ours), flush=True)
        except ImportError as error:
            print(f"{name:32} left out: {error}", flush=True)


def first_of_each(examples: Sequence[Example], count: int, languages: Sequence[str] = ("nl", "en")) -> list[Example]:
    """The first ``count`` examples of each topic and language; all lines out of scope."""
    seen: dict[tuple[str, str], int] = {}
    kept = []
    for text, language, topic in examples:
        seen[topic, language] = seen.get((topic, language), 0) + 1
        if topic == OUTSIDE or (language in languages and seen[topic, language] <= count):
            kept.append((text, language, topic))
    return kept


def curve(task: Task, questions: Sequence[Question], words: Words) -> None:
    """Whether more examples still help."""
    random = np.random.default_rng(0)
    mixed = [task.examples[place] for place in random.permutation(len(task.examples))]
    print(f"{'per topic':>9} {'examples':>9} {'first':>7} {'three':>7} {'at once':>8}")
    for count in (5, 10, 20, 40, 60, 80, 100, 1000):
        part = Task(first_of_each(mixed, count), task.topics)
        result = measure(lambda one: matcher_ranker(one, words), part, questions)
        print(
            f"{count if count < 1000 else 'all':>9} {len(part.examples):9} {result.first:7.1%} {result.three:7.1%}"
            f" {result.at_once:8.1%}",
            flush=True,
        )


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--per-topic", type=int, default=0, help="only so many Dutch examples per topic")
    parser.add_argument("--fewer", action="store_true", help="the curve over ever more examples")
    chosen = parser.parse_args()
    data = shipped(chosen.folder)
    examples = first_of_each(data.examples, chosen.per_topic, ("nl",)) if chosen.per_topic else data.examples
    task = Task(examples, (*data.parts.topics, OUTSIDE))
    (curve if chosen.fewer else compare)(task, data.questions, data.parts.words)


if __name__ == "__main__":
    main()
