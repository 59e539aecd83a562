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
from knowledge.language.detection import learn as notices
from knowledge.language.word_lists import Words
from knowledge.matching.learning import OUTSIDE, Example, learn_all
from knowledge.matching.matcher import Matcher
from tests.benchmarks.compare import compare
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
    """A choice counts as its first topic: the paper's systems cannot ask back."""
    noticer = notices((text, language) for text, language, _ in examples)
    matcher = Matcher(tuple(topics), tuple(examples), learn_all(examples, topics, Words()), noticer)
    found = [(question.topic, matcher.match(question.text, "en")) for question in questions]
    inside = [match.topics[:1] == (topic,) for topic, match in found if topic != OUTSIDE]
    outside = [match.kind == "fallback" for topic, match in found if topic == OUTSIDE]
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
