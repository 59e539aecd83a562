"""The roads to understanding, compared in one run: key words, words, and meaning, alone and together.

    python -m tests.benchmarks.roads [--outside lines.txt]

Asked are the lines of our own hand, those of others, those of others that are kept apart, and
plain requests: every key word of the topics in twelve plain shapes. ``--outside``: a file with a
line out of scope each, such as those of mainlp/xsid or home-assistant/intents ``tests/nl``, which
are not shipped. The figures are shares: at once and right, right within one question, at once and
wrong, "I do not know"; of lines out of scope, answered and "I do not know".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from knowledge.editing.evaluation import EvaluationFigures, Question, evaluate, read_questions
from knowledge.loader import Parts, build_matcher, read_whole
from knowledge.matching.keywords import KeyWords
from knowledge.matching.matcher import Match, Matcher
from knowledge.models.problems import Problems
from tests.benchmarks.shipped import arguments

SHAPES = (
    "{}", "{}?", "info {}", "informatie over {}", "ik zoek informatie over {}", "hoe werkt {}", "wat is {}",
    "{} aanvragen", "waar vind ik iets over {}", "vraag over {}", "meer weten over {}", "ik wil iets weten over {}",
)  # fmt: skip
EVERY = 9
"""One of so many key words is asked: the figures are the same and the time is not."""


def roads(matcher: Matcher) -> Mapping[str, Matcher]:
    no_key_words = replace(matcher, key_words=KeyWords({}, {}))
    words_alone = replace(matcher.calibration, meaning=None)
    return {
        "words": replace(no_key_words, calibration=words_alone),
        "words, key words": replace(matcher, calibration=words_alone),
        "words, meaning": no_key_words,
        "all three": matcher,
    }


def plain_requests(parts: Parts) -> list[Question]:
    pairs = [
        (key_word, topic.id)
        for topic in parts.topics.values()
        for key_word in topic.key_words.get(parts.gemeente.original, ())
    ]
    owners: dict[str, set[str]] = {}
    for key_word, topic in pairs:
        owners.setdefault(key_word, set()).add(topic)
    return [
        Question(shape.format(key_word), topic, parts.gemeente.original)
        for key_word, topic in pairs[::EVERY]
        if len(owners[key_word]) == 1
        for shape in SHAPES
    ]


def questions_of(parts: Parts, outside: Path | None) -> dict[str, list[Question]]:
    asked = read_questions(parts.folder, Problems())
    sets = {
        "own hand": [one for one in asked if not one.other_hand],
        "others": [one for one in asked if one.other_hand and not one.apart],
        "others, apart": [one for one in asked if one.apart],
        "plain requests": plain_requests(parts),
    }
    if outside is not None:
        sets["public, outside"] = [Question(line, "", "nl") for line in outside.read_text("utf-8").splitlines() if line]
    return sets


def show(name: str, ask: Callable[[str], Match], questions: Sequence[Question]) -> None:
    done = evaluate(ask, questions)
    print(f"{name:18} {figures(done.in_scope)} | {outside_figures(done.out_of_scope)}", flush=True)


def figures(of: EvaluationFigures) -> str:
    shares: Iterable[float] = (of.answered_right, of.within_reach, of.answered_wrong, of.fell_back)
    return f"{of.questions:5} " + " ".join(f"{share:7.1%}" for share in shares)


def outside_figures(of: EvaluationFigures) -> str:
    return f"{of.questions:5} {of.answered_wrong:7.1%} {of.fell_back:7.1%}"


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--outside", type=Path, help="a file with a line out of scope on each line")
    chosen = parser.parse_args()
    parts = read_whole(chosen.folder)
    ways = roads(build_matcher(parts))
    for name, questions in questions_of(parts, chosen.outside).items():
        print(f"\n{name}\n{'':18} {'asked':>5} {'once':>7} {'within':>7} {'wrong':>7} {'lost':>7} | answered  lost")
        for road, matcher in ways.items():
            show(road, matcher.match, questions)


if __name__ == "__main__":
    main()
