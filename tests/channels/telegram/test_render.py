"""Texts, buttons and keyboards as Telegram takes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup, ReplyKeyboardRemove

from bot.channels.telegram.render import MAX_LABEL, MAX_TEXT, buttons, location_keyboard, parts, render, split, width
from bot.conversation.turn.replies import Choice, Reply

SIDE = location_keyboard("Deel locatie")


def rows(*choices: Choice) -> list[list[str]]:
    keyboard, _ = buttons(choices)
    assert keyboard is not None
    return [[key.text for key in row] for row in keyboard.inline_keyboard]


def short(*labels: str) -> tuple[Choice, ...]:
    return tuple(Choice(label, f"c:{number}") for number, label in enumerate(labels))


def bare(text: str) -> str:
    return "".join(text.split())


# -- text ---------------------------------------------------------------------------


def test_a_short_text_is_one_message() -> None:
    assert split("Hallo\n\n- een\n- twee") == ["Hallo\n\n- een\n- twee"]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("aaaa bbb.\n\ncccc ddd", ["aaaa bbb.", "cccc ddd"]),
        ("aaaa bbb\ncccc ddd", ["aaaa bbb", "cccc ddd"]),
        ("aaaaa. bbb cccc ddd", ["aaaaa.", "bbb cccc ddd"]),
        ("aaaa bbbb cccc ddd", ["aaaa bbbb cccc", "ddd"]),
        ("a" * 30, ["a" * 14, "a" * 14, "aa"]),
    ],
    ids=["paragraph", "line", "sentence", "word", "nowhere"],
)
def test_a_long_text_is_cut_where_it_hurts_least(text: str, pieces: list[str]) -> None:
    assert split(text, 14) == pieces


@pytest.mark.parametrize("seen_as_one", ["👨‍👩‍👧‍👦", "👍🏽", "🇳🇱", "e\u0301"])
@pytest.mark.parametrize("before", range(9, 14))
def test_a_cut_never_breaks_what_is_seen_as_one_sign(seen_as_one: str, before: int) -> None:
    text = "a" * before + seen_as_one + "b" * 20
    assert any(seen_as_one in piece for piece in split(text, 14))


@given(st.text(max_size=400), st.integers(min_value=12, max_value=90))
def test_pieces_fit_and_lose_no_sign(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert all(0 < width(piece) <= limit for piece in pieces)
    assert bare("".join(pieces)) == bare(text)


def test_lone_surrogates_do_not_reach_telegram() -> None:
    (part,) = parts("a\ud800b")
    part.text.encode()


def test_the_footer_is_the_last_line_and_buttons_stand_under_the_last_message() -> None:
    messages = render(Reply("woord " * 1500, short("Ja"), footer="Bron: nota."))
    assert len(messages) == 3
    assert all(width(part.text) <= MAX_TEXT for part in messages)
    assert messages[-1].text.endswith("\n\nBron: nota.")
    assert [part.markup is not None for part in messages] == [False, False, True]


def test_a_reply_of_nothing_is_no_message() -> None:
    assert render(Reply("  ")) == ()


# -- buttons ------------------------------------------------------------------------


def test_two_short_labels_share_a_row_and_a_long_one_has_its_own() -> None:
    assert rows(*short("Ja", "Nee", "Hoe staat mijn plan ervoor?", "Terug", "Stoppen", "Help")) == [
        ["Ja", "Nee"],
        ["Hoe staat mijn plan ervoor?"],
        ["Terug", "Stoppen"],
        ["Help"],
    ]


def test_a_label_too_long_for_a_button_is_said_in_full_in_the_text() -> None:
    long = "Mag ik een feest geven voor de hele straat, ook als het regent?"
    (part,) = parts("Wat bedoelt u?", short(long, "Nee"))
    assert f"1. {long}\n2. Nee" in part.text
    assert isinstance(part.markup, InlineKeyboardMarkup)
    labels = [key.text for row in part.markup.inline_keyboard for key in row]
    assert labels[0].startswith("1. Mag ik een feest")
    assert labels[0].endswith("…")
    assert labels[1] == "2. Nee"
    assert all(width(label) <= MAX_LABEL for label in labels)


@pytest.mark.parametrize(
    ("url", "on_a_button"),
    [
        ("https://wijk.example.org/plan", True),
        ("tg://user?id=1", True),
        ("http://127.0.0.1:8080/plan", False),
        ("http://localhost:8080/plan", False),
        ("http://10.0.0.3/plan", False),
        ("ftp://example.org/plan", False),
    ],
)
def test_an_address_that_telegram_refuses_under_a_button_is_written_out(url: str, on_a_button: bool) -> None:
    (part,) = parts("Plan", (Choice("Open", url=url),))
    assert (part.markup is not None) == on_a_button
    assert (f"Open: {url}" in part.text) != on_a_button


def test_a_choice_that_fits_no_button_is_said() -> None:
    (part,) = parts("Kies", (Choice("Lang", "x" * 65), Choice("Leeg"), Choice("Goed", "é" * 32)))
    assert part.text == "Kies\n\n- Lang\n- Leeg"
    assert rows(Choice("Goed", "é" * 32)) == [["Goed"]]


# -- keyboards ----------------------------------------------------------------------


def test_a_keyboard_goes_with_a_reply_without_buttons() -> None:
    (part,) = render(Reply("Wat is uw postcode?"), SIDE, "hint")
    assert part.markup is SIDE


def test_beside_buttons_a_keyboard_goes_with_the_first_paragraph() -> None:
    first, second = render(Reply("Eerst.\n\nDan.", short("Ja")), SIDE, "hint")
    assert (first.text, first.markup, second.text) == ("Eerst.", SIDE, "Dan.")
    assert isinstance(second.markup, InlineKeyboardMarkup)


def test_one_paragraph_with_buttons_is_followed_by_the_hint() -> None:
    first, second = render(Reply("Eerst.", short("Ja")), SIDE, "hint")
    assert isinstance(first.markup, InlineKeyboardMarkup)
    assert (second.text, second.markup) == ("hint", SIDE)


def test_without_a_hint_removing_a_keyboard_waits_for_a_better_moment() -> None:
    (part,) = render(Reply("Eerst.", short("Ja")), ReplyKeyboardRemove())
    assert isinstance(part.markup, InlineKeyboardMarkup)
