"""What a text becomes before it is weighed."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.language.word_lists import Words
from knowledge.matching.features import Feature, Reader, features, number
from knowledge.matching.vectors import weigh

WORDS = Words(
    synonyms={"nl": {"poen": "geld", "centen op tafel": "geld"}, "en": {"cash": "geld"}},
    skip={"nl": frozenset({"de", "ik vroeg me af"})},
    abbreviations={"nl": {"wr": "wijkregisseur", "vve": "vereniging van eigenaren"}},
)
READER = Reader.of(
    WORDS,
    [
        ("geld voor de wijk", "nl"),
        ("wie is de wijkregisseur", "nl"),
        ("budget van de buurt", "nl"),
        ("money for the district", "en"),
    ],
)


def counted(*texts: str) -> list[Feature]:
    return [features(READER.tokens(text, "nl")) for text in texts]


def stems(text: str, language: str = "nl") -> list[tuple[str, ...]]:
    return [token.stems for token in READER.tokens(text, language)]


def test_a_synonym_stands_for_its_word_and_what_was_typed_stays() -> None:
    (token,) = READER.tokens("poen", "nl")
    assert (token.typed, token.word, token.stems) == ("poen", "poen", ("geld",))


def test_an_expression_counts_once_for_what_it_stands_for() -> None:
    assert stems("centen op tafel") == [("geld",), (), ()]


def test_words_of_another_language_are_understood_too() -> None:
    assert stems("cash") == stems("geld") == stems("poen", "en")


def test_an_abbreviation_is_written_out() -> None:
    assert [token.word for token in READER.tokens("vve", "nl")] == ["vereniging", "van", "eigenaren"]


def test_a_typo_is_put_right_and_an_editors_word_is_no_typo() -> None:
    assert [token.word for token in READER.tokens("wijkregiseur poen", "nl")] == ["wijkregisseur", "poen"]


def test_a_compound_gives_its_parts() -> None:
    (token,) = READER.tokens("buurtbudget", "nl")
    assert set(token.stems) >= {"buurt", "budget"}


def test_words_that_say_nothing_are_marked() -> None:
    assert [token.skipped for token in READER.tokens("ik vroeg me af wie de wr is", "nl")] == [
        True,
        True,
        True,
        True,
        False,
        True,
        False,
        False,
    ]


def test_numbers_are_seen_by_their_size() -> None:
    assert stems("1216 2026 50 15000") == [("#thousands",), ("#year",), ("#small",), ("#large",)]


def test_the_number_of_a_feature_is_the_same_everywhere() -> None:
    """What ships was learnt on another machine."""
    assert (number("=", "wijk"), number("", " wi")) == (3587738728, 2484404708)
    assert number("=", "wijk") != number("~", "wijk")


def test_a_word_that_stands_there_twice_counts_more_than_once_and_less_than_twice() -> None:
    weights = weigh(counted("geld voor de wijk", "geld", "wijk"))
    (column,) = weights.columns(np.array([number("=", "geld")], dtype=np.uint32))
    once, twice = (dict(zip(*(part.tolist() for part in weights.row(found)), strict=True))[column] for found in
                   counted("geld wijk", "geld geld wijk"))  # fmt: skip
    assert once < twice < 2 * once


def test_rare_features_weigh_more() -> None:
    weights = weigh(counted("de wijk", "de buurt", "de straat"))
    wijk, de = weights.columns(np.array([number("=", "wijk"), number("=", "de")], dtype=np.uint32))
    assert weights.rarity[wijk] > weights.rarity[de]


def test_unknown_words_take_weight_from_the_known_ones() -> None:
    weights = weigh(counted("geld voor de wijk"))
    known, strange = map(weights.row, counted("geld", "geld zebra xylofoon"))
    (place,) = weights.columns(np.array([number("=", "geld")], dtype=np.uint32))
    assert dict(zip(*known, strict=True))[place] > dict(zip(*strange, strict=True))[place]


@given(st.text(max_size=80))
@settings(deadline=None)
def test_any_text_has_features_with_a_finite_row(text: str) -> None:
    weights = weigh(counted("geld voor de wijk"))
    columns, values = weights.row(counted(text)[0])
    assert len(columns) == len(values) == len(set(columns.tolist()))
    assert float((values[:-1] ** 2).sum()) <= 1.001
