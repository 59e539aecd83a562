"""Which language a message is in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.language.detection import Noticer, learn
from tests.knowledge.small_topics import DUTCH, ENGLISH, OUTSIDE

TEXTS = [
    *((text, "nl") for texts in DUTCH.values() for text in texts),
    *((text, "en") for texts in ENGLISH.values() for text in texts),
    *OUTSIDE,
]
NOTICER = learn(TEXTS)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("is de bibliotheek vandaag open", "nl"),
        ("is the library open today", "en"),
        ("boeken", "nl"),
        ("books", "en"),
        ("Hoe huur ik een kraam?", "nl"),
        ("HOW DO I RENT A STALL", "en"),
    ],
)
def test_words_and_pieces_of_words_tell(text: str, language: str) -> None:
    assert NOTICER.notice(text) == language
    assert NOTICER.notice(text, "nl") == NOTICER.notice(text, "en") == language


@pytest.mark.parametrize("text", ["", "12345", "🙂", "жщъ"])
def test_the_hint_decides_where_nothing_tells(text: str) -> None:
    assert NOTICER.notice(text, "en") == "en"
    assert NOTICER.notice(text) == "nl"


def test_an_unknown_hint_is_no_hint() -> None:
    assert NOTICER.notice("", "fr") == "nl"


def test_without_texts_the_hint_is_all_there_is() -> None:
    assert learn([]).notice("hallo", "nl") == "nl"
    assert Noticer({}, {}).notice("hallo") == ""


@given(st.text(max_size=100))
def test_any_text_gets_a_language(text: str) -> None:
    assert NOTICER.notice(text) in ("nl", "en")
