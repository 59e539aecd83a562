"""A key word in a plain shape, and nothing else, is answered at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge.language.word_lists import Words
from knowledge.matching.building import build
from knowledge.matching.matcher import Matcher
from tests.knowledge.small_topics import OUTSIDE, WORDS, topics

KEY_WORDS = {
    "bibliotheek": ("bibliotheek", "leenpas", "kaartje"),
    "zwembad": ("zwembad", "zwemles", "kaartje"),
    "museum": ("wat is een museum", "stadsmuseum"),
}
SMALL = Words(
    WORDS.synonyms,
    WORDS.skip,
    WORDS.abbreviations,
    {
        "nl": frozenset(
            [
                "info",
                "over",
                "ik",
                "zoek",
                "informatie",
                "wat",
                "is",
                "hoe",
                "werkt",
                "aanvragen",
                "waar",
                "vind",
                "iets",
                "vraag",
                "in",
                "de",
                "buurt",
            ]
        )
    },
)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    known = {name: replace(topic, key_words={"nl": KEY_WORDS.get(name, ())}) for name, topic in topics().items()}
    return build(known, OUTSIDE, SMALL)


@pytest.mark.parametrize(
    "text",
    [
        "leenpas",
        "LEENPAS?",
        "info leenpas",
        "ik zoek informatie over de leenpas",
        "hoe werkt een leenpas",
        "leenpas aanvragen",
        "wat is leenpas",
        "waar vind ik de leenpas",
        "vraag over leenpas",
        "leen pas",
        "leenpasje",
        "leenpass",
    ],
)
def test_a_key_word_in_a_plain_shape_is_answered(matcher: Matcher, text: str) -> None:
    match = matcher.match(text)
    assert (match.kind, match.topics, match.score) == ("answer", ("bibliotheek",), 1.0)


@pytest.mark.parametrize("text", ["leenpas amsterdam", "geen leenpas", "leenpas van mijn zus gestolen", "info over"])
def test_anything_else_besides_is_no_plain_shape(matcher: Matcher, text: str) -> None:
    assert not matcher.explain(text).plain


def test_a_key_word_of_two_topics_is_a_choice(matcher: Matcher) -> None:
    match = matcher.match("info kaartje")
    assert (match.kind, set(match.topics)) == ("choice", {"bibliotheek", "zwembad"})


def test_small_words_count_where_a_key_word_has_them(matcher: Matcher) -> None:
    assert matcher.match("wat is een museum").topics == ("museum",)
    assert matcher.explain("wat is een museum").plain


def test_what_is_left_of_a_key_word_takes_nothing_from_a_topic_that_has_just_that() -> None:
    extra = {"museum": ("stadsmuseum",), "markt": ("wat is stadsmuseum",)}
    known = {name: replace(topic, key_words={"nl": extra.get(name, ())}) for name, topic in topics().items()}
    matcher = build(known, OUTSIDE, SMALL)
    assert matcher.match("info stadsmuseum").topics == ("museum",)
    assert matcher.match("wat is stadsmuseum").topics == ("markt",)


def test_a_key_word_in_a_longer_message_speaks_for_its_topic(matcher: Matcher) -> None:
    reader = matcher.model.reader
    shares = matcher.key_words.shares(reader.tokens("mijn leenpas is kwijt geraakt", "nl"), matcher.topics)
    assert shares[matcher.topics.index("bibliotheek")] > 0
    assert shares[matcher.topics.index("markt")] == 0
