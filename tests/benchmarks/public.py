"""The matcher on a public benchmark: CLINC150, 150 topics in English with messages out of scope.

    python -m tests.benchmarks.public data_full.json

Larson et al., "An Evaluation Dataset for Intent Classification and Out-of-Scope
Prediction" (EMNLP 2019); the file is in the repository clinc/oos-eval on GitHub (CC BY
3.0) and is not shipped here. Learnt from: the 100 training examples of each topic and the
200 messages out of scope for training and validation. Asked: the 4,500 and the 1,000 of
the test. After the comparison with other methods come the figures of the paper: in-scope
accuracy, where a "do not know" counts as wrong, and out-of-scope recall.

English has no compounds, and nobody wrote word lists for these topics: this measures the
method, not the bot.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from knowledge.editing.evaluation import Question
from knowledge.language.word_lists import Words
from knowledge.matching.learning import OUTSIDE, Example
from tests.benchmarks.compare import compare, matcher_ranker
from tests.benchmarks.rankers import Task

NO_TOPIC = "oos"
"""How the file calls messages out of scope."""


def read(path: Path) -> tuple[list[Example], list[Question]]:
    parts = json.loads(path.read_text("utf-8"))
    learnt = [*parts["train"], *parts["oos_train"], *parts["oos_val"]]
    asked = [*parts["test"], *parts["oos_test"]]
    return (
        [(text, "en", _topic(name)) for text, name in learnt],
        [Question(text, _topic(name), "en") for text, name in asked],
    )


def _topic(name: str) -> str:
    return OUTSIDE if name == NO_TOPIC else name


def paper_figures(examples: Sequence[Example], topics: Sequence[str], questions: Sequence[Question]) -> None:
    """The class with the highest score counts, "out of scope" among them: the paper's systems cannot ask back."""
    rank = matcher_ranker(Task(examples, (*topics, OUTSIDE)), Words())
    best = rank([question.text for question in questions]).argmax(1)
    found = [(question.topic, (*topics, OUTSIDE)[place]) for question, place in zip(questions, best, strict=True)]
    inside = [topic == other for topic, other in found if topic != OUTSIDE]
    outside = [other == OUTSIDE for topic, other in found if topic == OUTSIDE]
    print(f"\nin-scope accuracy {sum(inside) / len(inside):.1%}, out-of-scope recall {sum(outside) / len(outside):.1%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path, help="data_full.json of CLINC150")
    examples, questions = read(parser.parse_args().file)
    topics = sorted({topic for *_, topic in examples} - {OUTSIDE})
    paper_figures(examples, topics, questions)
    compare(Task(examples, (*topics, OUTSIDE)), questions, Words())


if __name__ == "__main__":
    main()
