"""The matcher on a handful of invented topics."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.language.word_lists import Words
from knowledge.matching.building import build
from knowledge.matching.learnt_file import KEPT
from knowledge.matching.matcher import MOST_CHOICES, Matcher, stolen
from tests.knowledge.small_topics import DUTCH, ENGLISH, OUTSIDE, WORDS, topics


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return build(topics(), OUTSIDE, WORDS)


def first(matcher: Matcher, text: str) -> str:
    """The topic that comes out best, whether answered or not."""
    return matcher.explain(text).candidates[0].topic


def test_examples_are_answered_with_their_own_topic(matcher: Matcher) -> None:
    """So few lines out of scope make it careful: one or the other is offered instead."""
    matches = [(topic, matcher.match(text)) for topic, texts in DUTCH.items() for text in texts]
    assert all(match.topics[:1] == (topic,) for topic, match in matches)
    assert sum(match.kind == "answer" for _, match in matches) >= 0.9 * len(matches)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        # typed wrongly
        ("waar is de biblioteek", "bibliotheek"),
        ("openingstijden zwenbad", "zwembad"),
        ("musuem entree", "museum"),
        # capitals, accents, punctuation
        ("WAAR IS DE BIBLIOTHEEK???", "bibliotheek"),
        ("Wáár ïs het zwembad!", "zwembad"),
        # inflected, made small, compounded, pulled apart
        ("boekje verlengen", "bibliotheek"),
        ("musea", "museum"),
        ("zwembadabonnement", "zwembad"),
        ("marktkramen", "markt"),
        ("zwem diploma", "zwembad"),
        # what editors wrote in woorden.toml
        ("is de bieb open", "bibliotheek"),
        ("zb open?", "zwembad"),
        ("kaartje voor de pelikaan", "zwembad"),
        ("plons plas open", "zwembad"),
        # English
        ("could I borrow some books", "bibliotheek"),
        ("stall on the market", "markt"),
    ],
)
def test_other_ways_of_writing_find_the_topic(matcher: Matcher, text: str, topic: str) -> None:
    assert first(matcher, text) == topic


def test_a_question_in_a_story_is_found(matcher: Matcher) -> None:
    story = (
        "Mijn dochter is zes en durft nog niet met haar hoofd onder water. Vorig jaar was ze ziek. "
        "Nu wil ik haar opgeven voor zwemles. Hoe gaat dat bij het zwembad?"
    )
    assert first(matcher, story) == "zwembad"


@pytest.mark.parametrize("text", ["", "   ", "\n", "...", "?", "🙂🙂", "qwrtp zxcvb"])
def test_nothing_of_ours_falls_back(matcher: Matcher, text: str) -> None:
    match = matcher.match(text)
    assert (match.kind, match.topics) == ("fallback", ())


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_gets_an_honest_match(text: str) -> None:
    matcher = _shared()
    match = matcher.match(text)
    assert 0 <= match.score <= 1
    assert (match.topics == ()) == (match.kind == "fallback")
    assert len(match.topics) <= MOST_CHOICES
    assert set(match.topics) <= set(matcher.topics)
    assert match.language in ("nl", "en")


_built: list[Matcher] = []


def _shared() -> Matcher:
    if not _built:
        _built.append(build(topics(), OUTSIDE, WORDS))
    return _built[0]


def test_a_very_long_message_is_matched(matcher: Matcher) -> None:
    assert first(matcher, "zwembad " * 20_000) == "zwembad"


def test_surer_of_a_plain_question_than_of_a_vague_one(matcher: Matcher) -> None:
    assert matcher.match("wanneer is het zwembad open").score > matcher.match("is het daar open").score


def test_the_language_is_noticed(matcher: Matcher) -> None:
    assert matcher.match("waar is de bibliotheek").language == "nl"
    assert matcher.match("where is the library", "nl").language == "en"
    assert matcher.match("museum", "en").language == "en"
    assert matcher.match("museum", "nl").language == "nl"


def test_the_same_data_give_the_same_matches(matcher: Matcher) -> None:
    again = build(topics(), OUTSIDE, WORDS)
    for text in ("iets met water", "is het open", "boek", "kraam huren"):
        assert again.match(text) == matcher.match(text)


def test_threads_may_share_a_matcher(matcher: Matcher) -> None:
    texts = [text for texts in DUTCH.values() for text in texts] * 5
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(matcher.match, texts)) == [matcher.match(text) for text in texts]


def test_an_explanation_shows_words_clues_and_examples(matcher: Matcher) -> None:
    explanation = matcher.explain("waar is de biblioteek")
    assert explanation.match == matcher.match("waar is de biblioteek")
    assert ("biblioteek", "bibliotheek") in [(token.typed, token.word) for token in explanation.tokens]
    best = explanation.candidates[0]
    assert best.nearest[0][0] == "waar is de bibliotheek"
    assert any("bibliotheek" in clue for clue, _ in best.clues)
    assert best.score > explanation.candidates[1].score


def test_an_example_in_the_wrong_topic_is_reported_as_stolen() -> None:
    misplaced = "hoe laat gaat het zwembad open op zondag"
    built = build(topics(museum=(misplaced,)), OUTSIDE, WORDS)
    example = (misplaced, "nl", "museum")
    assert (example, "zwembad") in stolen(built, [example])


def test_a_given_calibration_is_used_as_it_is(matcher: Matcher) -> None:
    quick = build(topics(), OUTSIDE, WORDS, given=matcher.calibration)
    for texts in (*DUTCH.values(), *ENGLISH.values()):
        assert [quick.match(text) for text in texts] == [matcher.match(text) for text in texts]


def test_a_topic_that_is_no_choice_is_never_offered_beside_another() -> None:
    shy = {name: replace(topic, no_choice=name == "markt") for name, topic in topics().items()}
    matcher = build(shy, OUTSIDE, WORDS)
    offered = [matcher.match(text) for texts in DUTCH.values() for text in (*texts, *(one[:12] for one in texts))]
    choices = [match.topics for match in offered if match.kind == "choice"]
    assert choices
    assert all("markt" not in topics_[1:] for topics_ in choices)


def test_a_further_language_is_a_matter_of_data_only() -> None:
    german = {
        "bibliotheek": ("wo ist die bücherei", "ich möchte ein buch ausleihen", "bücher zurückgeben"),
        "zwembad": ("wann öffnet das schwimmbad", "schwimmkurs für kinder", "eintritt ins schwimmbad"),
    }
    known = topics()
    for name, texts in german.items():
        examples = {**known[name].examples, "de": texts}
        known[name] = known[name].__class__(
            **{field: getattr(known[name], field) for field in known[name].__slots__ if field != "examples"},
            examples=examples,
        )
    matcher = build(known, OUTSIDE, WORDS)
    assert matcher.match("ich möchte bücher ausleihen").language == "de"
    assert first(matcher, "schwimmkurse für mein kind") == "zwembad"


@pytest.mark.parametrize("outside", [(), OUTSIDE])
@pytest.mark.parametrize("count", [0, 1])
def test_hardly_any_knowledge_is_no_error(count: int, outside: tuple[tuple[str, str], ...]) -> None:
    few = dict(list(topics().items())[:count])
    matcher = build(few, outside, Words())
    assert matcher.match("waar is de bibliotheek").kind in ("answer", "choice", "fallback")
    assert matcher.explain("boek").match == matcher.match("boek")


class TestCache:
    def test_a_second_start_takes_what_was_kept(self, matcher: Matcher, tmp_path: Path) -> None:
        build(topics(), OUTSIDE, WORDS, given=matcher.calibration, cache=tmp_path)
        (kept,) = tmp_path.iterdir()
        written = kept.stat().st_mtime_ns
        second = build(topics(), OUTSIDE, WORDS, given=matcher.calibration, cache=tmp_path)
        assert kept.stat().st_mtime_ns == written
        for texts in (*DUTCH.values(), *ENGLISH.values()):
            assert [second.match(text).topics for text in texts] == [matcher.match(text).topics for text in texts]

    def test_other_data_are_learnt_anew_and_old_files_go(self, matcher: Matcher, tmp_path: Path) -> None:
        def learn(extra: str) -> Matcher:
            return build(topics(markt=(extra,)), OUTSIDE, WORDS, given=matcher.calibration, cache=tmp_path)

        learn("oliebollenkraam")
        (first_file,) = tmp_path.iterdir()
        assert first(learn("pannenkoekenkraam"), "pannenkoekenkraam") == "markt"
        learn("wafelkraam")
        kept = set(tmp_path.iterdir())
        assert len(kept) == KEPT
        assert first_file not in kept

    def test_a_broken_file_is_learnt_over(self, matcher: Matcher, tmp_path: Path) -> None:
        build(topics(), OUTSIDE, WORDS, given=matcher.calibration, cache=tmp_path)
        (kept,) = tmp_path.iterdir()
        kept.write_bytes(b"no archive")
        again = build(topics(), OUTSIDE, WORDS, given=matcher.calibration, cache=tmp_path)
        assert again.match("boek lenen") == matcher.match("boek lenen")
        assert kept.stat().st_size > 100

    def test_a_folder_that_cannot_be_written_is_no_error(self, matcher: Matcher, tmp_path: Path) -> None:
        file = tmp_path / "file"
        file.touch()
        built = build(topics(), OUTSIDE, WORDS, given=matcher.calibration, cache=file / "below")
        assert built.match("boek lenen") == matcher.match("boek lenen")
