"""Questions asked in vain, grouped."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.editing.unanswered import Asked, group


def asked(*texts: str, language: str = "nl") -> list[Asked]:
    return [Asked(text, language) for text in texts]


def test_alike_questions_are_one_group_most_frequent_first() -> None:
    groups = group(asked("waar is het zwembad", "hoeveel kost een hond", "Waar is het zwembad?", "waar is t zwembad"))
    assert [(one.text, one.count) for one in groups] == [("waar is het zwembad", 3), ("hoeveel kost een hond", 1)]
    assert groups[0].phrasings == ("waar is het zwembad", "Waar is het zwembad?", "waar is t zwembad")


def test_the_order_of_the_words_does_not_matter() -> None:
    assert len(group(asked("zwembad open zondag", "zondag zwembad open"))) == 1


def test_the_phrasing_asked_most_often_speaks_for_the_group() -> None:
    groups = group(asked("is het zwembad open", "is zwembad open", "is zwembad open"))
    assert [one.text for one in groups] == ["is zwembad open"]


def test_languages_stay_apart() -> None:
    groups = group([*asked("water in park"), *asked("water in park", language="en")])
    assert sorted((one.language, one.count) for one in groups) == [("en", 1), ("nl", 1)]


def test_topics_that_did_not_help_are_kept() -> None:
    groups = group([Asked("hond", "nl", "melding"), Asked("hond", "nl", "overlast"), Asked("hond", "nl", "melding")])
    assert groups[0].topics == ("melding", "overlast")


def test_nothing_in_nothing_out() -> None:
    assert group([]) == []
    assert group(asked("", "???", "  ")) == []


@given(st.lists(st.text(max_size=30), max_size=12))
def test_every_question_with_a_word_is_in_exactly_one_group(texts: list[str]) -> None:
    groups = group(asked(*texts))
    assert sum(one.count for one in groups) == sum(bool(group(asked(text))) for text in texts)
    assert [one.count for one in groups] == sorted((one.count for one in groups), reverse=True)
