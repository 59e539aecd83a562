"""What an edit teaches, on top of what was learnt before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge.language.word_lists import Words
from knowledge.matching import learnt_file
from knowledge.matching.learning import OUTSIDE, Example, collect
from knowledge.matching.learnt import Learnt, adapted, learn_whole
from tests.knowledge.small_topics import OUTSIDE as LINES
from tests.knowledge.small_topics import WORDS, topics

EXAMPLES = list(collect(topics(), LINES))
IDS = tuple(topics())
NEW: Example = ("ijshockey spelen op de ijsbaan", "nl", "zwembad")
ICE: list[Example] = [
    (text, "nl", "ijsbaan")
    for text in (
        "wanneer gaat de ijsbaan open",
        "ijsbaan",
        "kan ik ergens schaatsen",
        "schaatsles voor kinderen",
        "schaatsen huren",
        "wat kost de ijsbaan",
        "hoe laat is er ijshockey",
    )
]


@pytest.fixture(scope="module")
def learnt() -> Learnt:
    return learn_whole([], EXAMPLES, IDS, WORDS)


def best(learnt: Learnt, text: str, language: str = "nl") -> str:
    reading = learnt.model.read(text, language)
    return (*learnt.topics, OUTSIDE)[int(np.argmax([*reading.scores, reading.outside]))]


def all_best(learnt: Learnt, examples: Sequence[Example] = EXAMPLES) -> list[str]:
    return [best(learnt, *one[:2]) for one in examples]


def test_a_new_example_is_known_at_once_and_the_others_are_judged_as_before(learnt: Learnt) -> None:
    assert best(learnt, NEW[0]) != NEW[2]
    edited = adapted(learnt, [NEW, *EXAMPLES], IDS, WORDS)
    assert best(edited, NEW[0]) == NEW[2]
    assert best(edited, "ijsbaan") == NEW[2]  # its words too
    assert all_best(edited) == all_best(learnt)


def test_an_example_that_went_is_forgotten() -> None:
    with_it = learn_whole([], [*EXAMPLES, NEW], IDS, WORDS)
    assert best(with_it, "ijsbaan") == NEW[2]
    without = adapted(with_it, EXAMPLES, IDS, WORDS)
    assert without.model.read("ijsbaan", "nl").scores.max() < 0


def test_the_order_of_edits_makes_no_difference(learnt: Learnt) -> None:
    more = [*EXAMPLES, NEW]
    there_and_back = adapted(adapted(learnt, more, IDS, WORDS), EXAMPLES, IDS, WORDS)
    assert all_best(there_and_back) == all_best(learnt)
    assert adapted(learnt, EXAMPLES, IDS, WORDS).model.matrix is learnt.model.matrix


@pytest.mark.parametrize("ids", [(*IDS, "ijsbaan"), ("ijsbaan", *IDS)])
def test_a_new_topic_is_known_at_once_and_takes_nothing_from_others(learnt: Learnt, ids: tuple[str, ...]) -> None:
    edited = adapted(learnt, [*EXAMPLES, *ICE], ids, WORDS)
    assert best(edited, "schaatsen op de ijsbaan") == "ijsbaan"
    assert all_best(edited) == all_best(learnt)


def test_a_topic_that_went_is_no_answer_any_more(learnt: Learnt) -> None:
    own = [one for one in EXAMPLES if one[2] != IDS[0]]
    edited = adapted(learnt, own, IDS[1:], WORDS)
    assert all_best(edited, own) == all_best(learnt, own)


def test_a_new_synonym_is_known_at_once(learnt: Learnt) -> None:
    assert best(learnt, "plonsplek") != "zwembad"
    words = Words({"nl": {**WORDS.synonyms["nl"], "plonsplek": "zwembad"}}, WORDS.skip, WORDS.abbreviations)
    assert best(adapted(learnt, EXAMPLES, IDS, words), "plonsplek") == "zwembad"


def test_a_new_word_is_no_typo_any_more(learnt: Learnt) -> None:
    edited = adapted(learnt, [*EXAMPLES, ("zwemban huren", "nl", "zwembad")], IDS, WORDS)
    (token,) = edited.model.reader.tokens("zwemban", "nl")
    assert token.known


def test_what_is_kept_is_read_again(learnt: Learnt, tmp_path: Path) -> None:
    learnt_file.save(tmp_path / "kept.npz", learnt)
    again = learnt_file.load(tmp_path / "kept.npz", WORDS)
    assert again is not None
    assert (again.own, again.topics) == (learnt.own, learnt.topics)
    assert all_best(again) == all_best(learnt)
    assert [again.noticer.notice(text) for text, *_ in EXAMPLES] == [
        learnt.noticer.notice(text) for text, *_ in EXAMPLES
    ]


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 broken"])
def test_a_broken_file_counts_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "kept.npz").write_bytes(content)
    assert learnt_file.load(tmp_path / "kept.npz", WORDS) is None
    assert learnt_file.load(tmp_path / "nothing.npz", WORDS) is None
